"""Measure the log: ``python -m benchmarks.proof`` (``--full`` for a million leaves, and proofs among ten million).

Bulk appending is the whole way of a leaf: three sections to canonical bytes, keys, commitment, encryption, hashes,
tiles, SQLite with ``synchronous=FULL``. Beside it a naive hash chain with the same table and the same JSON, which
proves nothing about one event without all the others. One core; the ratio is what carries over between machines.
"""

import json
import secrets
import sqlite3
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from belbaar.clock import now_us
from belbaar.ledger import open_store
from belbaar.ledger.schema import tables
from belbaar.proof.entries.commit import Body, Leaf, seal
from belbaar.proof.keys.keyring import Keyring
from belbaar.proof.log.keeping import Log
from belbaar.proof.log.soundness import soundness
from belbaar.proof.log.tiles import TILE_BYTES, append, check, consistency, folded, inclusion, root, size_of
from belbaar.proof.log.tree import check_inclusion, leaf_hash
from benchmarks import kept_verdicts
from benchmarks.made import OUT
from benchmarks.timing import interleaved, seconds

QUICK, FULL = 100_000, 1_000_000
BATCH = 8_192
PEOPLE = 4_096


def main(words: list[str]) -> None:
    count = FULL if "--full" in words else QUICK
    OUT.mkdir(exist_ok=True)
    keys = [secrets.token_bytes(32) for _ in range(PEOPLE)]
    log, chain = (
        opened(OUT / "log.db", tables()),
        opened(OUT / "chain.db", "CREATE TABLE link (body BLOB, hash BLOB)"),
    )
    taken = interleaved(
        1,
        sealing=lambda: [seal(keys[n % PEOPLE], n.to_bytes(16, "big"), body(n)) for n in range(QUICK)],
        log=lambda: fill(log, keys, count),
        chain=lambda: fill_chain(chain, count),
    )
    told("sealing only", QUICK / taken["sealing"], "leaves/s")
    told("bulk, the whole way", count / taken["log"], "leaves/s")
    told("a naive hash chain", count / taken["chain"], "links/s")
    told("chain against log", taken["log"] / taken["chain"], "times faster, and proves nothing alone")
    prove(log, count)
    spent = seconds(lambda: check(log))
    told(f"log check, {count:,} leaves", spent, f"s ({count / spent:,.0f} leaves/s)")
    told("the same for the chain", seconds(lambda: check_chain(chain)), "s")
    told("bytes a leaf", (OUT / "log.db").stat().st_size / count, "")
    prove_among(10 * count)
    whole_check(count)
    kept()


def prove(log: sqlite3.Connection, count: int) -> None:
    indices = [secrets.randbelow(count) for _ in range(1_000)]
    top = root(log, count)
    proofs = [inclusion(log, index, count) for index in indices]
    found = [leaf_hash(log.execute("SELECT entry FROM leaf WHERE ix = ?", (index,)).fetchone()[0]) for index in indices]
    making = seconds(lambda: [inclusion(log, index, count) for index in indices])
    told("inclusion proof made", making, f"ms ({len(proofs[0])} hashes)")
    checking = seconds(
        lambda: [
            check_inclusion(index, count, leaf, proof, top)
            for index, leaf, proof in zip(indices, found, proofs, strict=True)
        ]
    )
    told("inclusion proof checked", checking, "ms")
    told("consistency proof made", seconds(lambda: [consistency(log, max(1, n), count) for n in indices]), "ms")


def prove_among(count: int) -> None:
    """Make proofs in a larger log: they need its tiles only, so there is nothing else in it."""
    log = opened(OUT / "tiles.db", tables())
    log.execute("BEGIN IMMEDIATE")
    level, hashes = 0, secrets.token_bytes(32 * count)
    while hashes:
        pieces = [hashes[at : at + TILE_BYTES] for at in range(0, len(hashes), TILE_BYTES)]
        log.executemany("INSERT INTO tile VALUES (?, ?, ?)", ((level, n, piece) for n, piece in enumerate(pieces)))
        hashes = b"".join(folded(piece) for piece in pieces if len(piece) == TILE_BYTES)
        level += 1
    log.execute("COMMIT")
    indices = [secrets.randbelow(count) for _ in range(1_000)]
    told(f"inclusion proof among {count:,}", seconds(lambda: [inclusion(log, n, count) for n in indices]), "ms")
    log.close()


def whole_check(count: int) -> None:
    """Check a log beside its ledger: every leaf opened, every event sealed again."""
    path = kept_verdicts.made(OUT / "checked.db", count)
    with open_store(path) as store:
        log = Log(store, Keyring(path.with_suffix(".keys")), now_us)
        began = time.process_time()
        spent = seconds(lambda: soundness(log))
    told(f"belbaar log check, {count:,} events", spent, f"s ({time.process_time() - began:,.1f} s of a processor)")


def kept() -> None:
    each = kept_verdicts.measure()
    for name, what in (
        ("alone", "a verdict, alone"),
        ("plain_group", "in groups, a line in a table"),
        ("kept_group", "in groups, kept in the log"),
        ("plain_each", "one by one, a line in a table"),
        ("kept_each", "one by one, kept in the log"),
    ):
        told(what, each[name], "µs")


def body(n: int) -> Body:
    return Body(
        how={"channel": "web", "method": "sms_code", "page": "https://voltix.example/bel-mij"},
        what={
            "at": 1_796_000_000_000_000 + n,
            "boxes": [{"final": True, "initial": False, "label": "U mag mij bellen over energie"}],
            "caller": "voltix",
            "kind": "consent.given",
            "product": "energy.electricity",
            "text": "0f" * 32,
        },
        who={"number": 31201000000 + n % PEOPLE, "subscriber": "natural"},
    )


def sealed(keys: list[bytes], first: int, end: int) -> list[Leaf]:
    ids = secrets.token_bytes(16 * (end - first))
    return [seal(keys[n % PEOPLE], ids[16 * (n - first) : 16 * (n - first) + 16], body(n)) for n in range(first, end)]


def fill(log: sqlite3.Connection, keys: list[bytes], count: int) -> None:
    for first, end in batches(count):
        log.execute("BEGIN IMMEDIATE")
        append(log, sealed(keys, first, end))
        log.execute("COMMIT")
    if size_of(log) != count:
        raise SystemExit("the log has another size")


def fill_chain(chain: sqlite3.Connection, count: int) -> None:
    last = bytes(32)
    for first, end in batches(count):
        links = []
        for n in range(first, end):
            made = body(n)
            text = json.dumps({"how": made.how, "what": made.what, "who": made.who}, sort_keys=True).encode()
            last = sha256(last + text).digest()
            links.append((text, last))
        chain.execute("BEGIN IMMEDIATE")
        chain.executemany("INSERT INTO link VALUES (?, ?)", links)
        chain.execute("COMMIT")


def check_chain(chain: sqlite3.Connection) -> None:
    last = bytes(32)
    for text, expected in chain.execute("SELECT body, hash FROM link ORDER BY rowid"):
        last = sha256(last + text).digest()
        if last != expected:
            raise SystemExit("the chain is broken")


def opened(path: Path, *statements: str) -> sqlite3.Connection:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", *statements):
        connection.executescript(statement)
    return connection


def batches(count: int) -> Iterator[tuple[int, int]]:
    return ((first, min(first + BATCH, count)) for first in range(0, count, BATCH))


def told(what: str, figure: float, unit: str) -> None:
    print(f"{what:32} {figure:12,.2f} {unit}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
