"""Dossiers for tests: one true story in a real log, and every way in which somebody could spoil it.

``python -m tests.proof.made`` writes them to tests/proof/assets, named by what is wrong with them.
"""

import sys
import tempfile
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from belbaar.ledger import memory_store
from belbaar.proof.dossier.zip_file import Anchor, Evidence, ShownLeaf, ShownRow, dossier_zip, sections
from belbaar.proof.entries.commit import Body, clear_entry, derive, row_entry, row_key, seal
from belbaar.proof.keys.trust import DatedKey, LogTrust, Trust, write_trust
from belbaar.proof.log.checkpoint import Checkpoint, format_proof, signed_checkpoint
from belbaar.proof.log.note import add_lines, cosign, parse, sign
from belbaar.proof.log.note_keys import COSIGNER, SignerKey
from belbaar.proof.log.tiles import Leaf, append, consistency, inclusion, root
from belbaar.proof.log.tree import inclusion_proof, leaf_hash, perfect_nodes, root_hash
from belbaar.proof.verifier.reading import unzipped, zipped

ASSETS = Path(__file__).parent / "assets"
ORIGIN = "belbaar.example/demo/2026"
LOG, FORGER = (SignerKey.generate(ORIGIN, seed=bytes([n]) * 32) for n in (1, 2))
WITNESS, STRANGER = (SignerKey.generate("witness.example/w1", COSIGNER, seed=bytes([n]) * 32) for n in (3, 4))
NUMBER = 31201000007
SEEN_EARLY, SEEN_LATE = 1_577_836_800, 1_577_923_200  # long before any stamp that a test makes
WORDING = b"Mag Voltix u bellen over energie? U kunt dit altijd intrekken."
RULES = b"nl.consent: vooraf gegeven, vrij, specifiek en op informatie berustend."
OTHER_WORDING = b"U gaat akkoord met alles."
RECEIPT = b'{"dct:conformsTo":"receipt","notice":"%s"}' % sha256(WORDING).hexdigest().encode()
KEY, LIST_KEY = b"\x05" * 32, b"\x06" * 32
ROWS = [{"allowed": n % 2 == 0, "number": NUMBER + n} for n in range(5)]
ROW_NODES = perfect_nodes([leaf_hash(row_entry(LIST_KEY, n, row)) for n, row in enumerate(ROWS)])

BODIES = {
    "consent": Body(
        how={"channel": "web"},
        what={
            "boxes": [{"final": True, "initial": False, "label": "bellen"}],
            "caller": "voltix",
            "kind": "consent.given",
            "text": sha256(WORDING).hexdigest(),
        },
        who={"number": NUMBER, "subscriber": "natural"},
    ),
    "screening": Body(
        what={
            "caller": "voltix",
            "kind": "list",
            "known_at": 3,
            "rows": len(ROWS),
            "rows_root": root_hash(len(ROWS), ROW_NODES).hex(),
            "ruleset": sha256(RULES).hexdigest(),
        }
    ),
    "verdict": Body(
        what={
            "allowed": True,
            "caller": "voltix",
            "known_at": 4,
            "rests_on": [2],
            "rules": sha256(RULES).hexdigest(),
        },
        who={"number": NUMBER},
    ),
    "call": Body(what={"at": 1_796_000_000_000_000, "caller": "voltix", "kind": "call.made"}, who={"number": NUMBER}),
    "forgotten": Body(what={"kind": "consent.given"}, who={"number": NUMBER + 1}),
    "other_call": Body(what={"caller": "voltix", "kind": "call.made"}, who={"number": NUMBER + 2}),
    "receipt": Body(what={"caller": "voltix", "receipt": sha256(RECEIPT).hexdigest()}, who={"number": NUMBER}),
    "other_receipt": Body(
        what={"caller": "voltix", "receipt": sha256(RECEIPT).hexdigest()}, who={"number": NUMBER + 2}
    ),
}
PLACES = {"rules": 0, "wording": 1, "consent": 2, "other_wording": 3, "screening": 4, "verdict": 5, "call": 6}
PLACES |= {"forgotten": 7, "erasure": 8, "other_call": 9, "receipt": 10, "other_receipt": 11}
CLEAR = {
    "rules": clear_entry("rule", {"name": "nl", "sha256": sha256(RULES).hexdigest()}),
    "wording": clear_entry("text", {"language": "nl", "sha256": sha256(WORDING).hexdigest()}),
    "other_wording": clear_entry("text", {"language": "nl", "sha256": sha256(OTHER_WORDING).hexdigest()}),
    "erasure": clear_entry("erase", {"leaves": [7]}),
}
EARLY, LATE = 4, 12
SHOWN = ("rules", "wording", "consent", "screening", "verdict", "call", "receipt")
CLAIMS = (
    {"claim": "text", "field": "text", "leaf": "consent", "text": "wording"},
    {"claim": "text", "field": "rules", "leaf": "verdict", "text": "rules"},
    {"claim": "order", "first": "consent", "then": "verdict"},
    {"claim": "facts", "leaf": "verdict", "rests_on": ["consent"]},
    {"call": "call", "claim": "screened", "leaf": "verdict"},
    {"claim": "text", "field": "ruleset", "leaf": "screening", "text": "rules"},
    {"claim": "position", "leaf": "screening"},
    {"call": "call", "claim": "screened", "row": "row_0"},
    {"claim": "same", "field": "number", "leaves": ["consent", "verdict", "call"], "section": "who"},
    {"claim": "receipt", "field": "text", "leaf": "consent", "receipt": "receipt"},
)


def leaf_of(name):
    if name in CLEAR:
        return Leaf(bytes(16), CLEAR[name], b"")
    return seal(KEY, sha256(name.encode()).digest()[:16], BODIES[name], "l" if name == "screening" else "p")


def logged(order=tuple(PLACES)):
    connection = memory_store().connection
    append(connection, [leaf_of(name) for name in order])
    return connection


@dataclass(frozen=True)
class Story:
    """What goes into a dossier; ``replace`` spoils one thing at a time."""

    authority: object
    order: tuple = tuple(PLACES)
    log_key: SignerKey = LOG
    witness: SignerKey | None = WITNESS
    signer: SignerKey | None = LOG
    shown: tuple = SHOWN
    claims: tuple = CLAIMS
    texts: tuple = (WORDING, RULES)
    stamped_by: str = "good"
    late: int = LATE
    proven_consistent: bool = True
    rows: tuple = (0, 2)
    erasure: str = "erasure"
    quorum: int = 1
    seen: tuple = (SEEN_EARLY, SEEN_LATE)
    page: bool = False  # it is large, and the same in each

    @property
    def trust(self):
        log = LogTrust(ORIGIN, (DatedKey(self.log_key.verifier()),))
        witnesses = (DatedKey((self.witness or WITNESS).verifier()),)
        return Trust((log,), witnesses, self.quorum, (self.authority.root,))

    def head(self, size, seen):
        note = signed_checkpoint(Checkpoint(ORIGIN, size, root(self.connection, size)), self.log_key)
        return add_lines(parse(note), [cosign(parse(note).text, self.witness, seen)]) if self.witness else note

    @property
    def connection(self):
        return logged(self.order)

    def leaf(self, name):
        index = self.order.index(name)
        note = self.head(self.late, self.seen[1])
        proof = format_proof(index, inclusion(self.connection, index, self.late), note)
        made, erased = leaf_of(name), self.erasure if name == "forgotten" else ""
        opened = {} if name in CLEAR or erased else sections(derive(KEY, made.id), BODIES[name])
        return ShownLeaf(name, index, made.entry, proof, opened, erased)

    def anchors(self):
        early, late = self.head(EARLY, self.seen[0]), self.head(self.late, self.seen[1])
        if not self.stamped_by:
            return [Anchor(early), Anchor(late)]
        text = parse(late).text.encode()
        query = self.authority.query(text)
        return [Anchor(early), Anchor(late, query, self.authority.reply(query, self.stamped_by))]

    def dossier(self):
        rows = [
            ShownRow(f"row_{n}", "screening", n, row_key(LIST_KEY, n), ROWS[n], inclusion_proof(n, 5, ROW_NODES))
            for n in self.rows
        ]
        proofs = {(EARLY, self.late): consistency(self.connection, EARLY, self.late)}
        proofs = proofs if self.proven_consistent else {}
        evidence = Evidence(self.texts, rows, self.anchors(), proofs, receipts=(RECEIPT,))
        leaves = [self.leaf(name) for name in self.shown]
        about = {"caller": "voltix", "number": NUMBER}
        return dossier_zip(
            ORIGIN,
            leaves,
            self.claims,
            trust=self.trust,
            evidence=evidence,
            about=about,
            signer=self.signer,
            page=self.page,
        )


def remade(dossier, signer=LOG, **changes):
    """Change parts, and list and sign them anew: what an operator can do who has the log's key, and nobody else."""
    parts = unzipped(dossier)
    for name, change in changes.items():
        (found,) = [part for part in parts if name.replace("__", "/") in part.replace(".", "_").replace("-", "_")]
        parts[found] = change(parts[found]) if callable(change) else change
    return listed(parts, signer)


def listed(parts, signer=LOG):
    inside = sorted(set(parts) - {"MANIFEST.sha256", "MANIFEST.note"})
    manifest = "".join(f"{sha256(parts[name]).hexdigest()}  {name}\n" for name in inside).encode()
    made = {name: parts[name] for name in inside} | {"MANIFEST.sha256": manifest}
    if signer:
        text = f"belbaar/dossier/1\n{ORIGIN}\n{sha256(manifest).hexdigest()}\n"
        made["MANIFEST.note"] = sign(text, signer).encode()
    return zipped(made)


def swapped(old, new):
    """Change one thing in a part, and only if it is there once or more."""

    def change(content):
        assert old in content, old
        return content.replace(old, new)

    return change


def without(dossier, *names, signer=LOG):
    parts = unzipped(dossier)
    return listed({name: content for name, content in parts.items() if name not in names}, signer)


def good_and_broken(authority):
    """Make every dossier by name: ``good…`` gives 0, ``refuted…`` 1, ``unreadable…`` 2, ``incomplete…`` 3."""
    true = Story(authority)
    good = true.dossier()
    text, receipt = sha256(WORDING).hexdigest(), sha256(RECEIPT).hexdigest()
    last = tuple(PLACES)
    late_order = ("rules", "wording", "consent", "other_wording", "screening", "call", "verdict", *last[7:])
    return {
        "good": replace(true, page=True).dossier(),
        "good-without-page": good,
        "good-and-claims-nothing": replace(true, claims=(), rows=()).dossier(),
        # parts
        "refuted-part-changed": swapped_bytes(good, WORDING, b"mag" + WORDING[3:]),
        "refuted-part-missing": zipped({n: c for n, c in unzipped(good).items() if n != "proofs/call.tlog-proof"}),
        "refuted-part-added": zipped(unzipped(good) | {"extra.txt": b"x"}),
        "refuted-resigned-by-another": listed(unzipped(good), FORGER),
        "refuted-verifier-replaced": zipped(unzipped(good) | {"verify.py": b"print('All is proven.')\n"}),
        "refuted-verifier-replaced-and-listed": with_old_signature(good, {"verify.py": b"print('All is proven.')\n"}),
        # what was said
        "refuted-text-swapped": remade(good, **{f"texts__{text}": OTHER_WORDING}),
        "refuted-other-wording-claimed": replace(
            true, shown=(*SHOWN, "other_wording"), claims=({**CLAIMS[0], "text": "other_wording"},)
        ).dossier(),
        "refuted-wording-logged-after-consent": replace(
            true, order=("rules", "other_wording", "consent", "wording", *last[4:])
        ).dossier(),
        "refuted-body-forged": remade(good, dossier_json=swapped(b'"initial":false', b'"initial":true')),
        "refuted-section-key-forged": remade(good, dossier_json=swapped(key_of("consent"), b"0" * 64)),
        "refuted-sections-exchanged": remade(
            good, dossier_json=swapped(b'"how":{"body":{"channel"', b'"how":{"body":{"chanel"')
        ),
        # where it stands
        "refuted-index-moved": remade(good, dossier_json=swapped(b'"index":5', b'"index":4')),
        "refuted-proof-shortened": remade(good, proofs__call=shortened),
        "refuted-verdict-after-call": replace(true, order=late_order, claims=(CLAIMS[4],)).dossier(),
        "refuted-call-to-another-number": replace(
            true, shown=(*SHOWN, "other_call"), claims=({**CLAIMS[4], "call": "other_call"},)
        ).dossier(),
        "refuted-facts-left-out": replace(true, claims=({**CLAIMS[3], "rests_on": []},)).dossier(),
        "refuted-row-of-another": remade(good, dossier_json=swapped(b'"row":2', b'"row":3')),
        "refuted-row-forged": remade(
            good,
            dossier_json=swapped(b'{"allowed":true,"number":31201000009}', b'{"allowed":false,"number":31201000009}'),
        ),
        "refuted-list-under-another-law": replace(true, claims=({**CLAIMS[5], "text": "wording"},)).dossier(),
        "refuted-call-not-of-the-row": replace(true, claims=({**CLAIMS[7], "row": "row_2"},)).dossier(),
        "refuted-call-of-another-person": replace(
            true, shown=(*SHOWN, "other_call"), claims=({**CLAIMS[8], "leaves": ["consent", "other_call"]},)
        ).dossier(),
        "refuted-receipt-of-another-person": replace(
            true, shown=(*SHOWN, "other_receipt"), claims=({**CLAIMS[9], "receipt": "other_receipt"},)
        ).dossier(),
        "refuted-receipt-swapped": remade(good, **{f"receipts__{receipt}": RECEIPT.replace(b"receipt", b"record")}),
        "refuted-claim-unknown": replace(true, claims=({"claim": "innocent"},)).dossier(),
        "refuted-claim-on-what-is-not-there": replace(true, claims=({**CLAIMS[2], "first": "nothing"},)).dossier(),
        "refuted-erasure-of-another": replace(
            true,
            shown=(*SHOWN, "erasure", "forgotten"),
            order=(*last[:6], "other_call", "erasure", "forgotten", "call", *last[10:]),
        ).dossier(),
        # heads
        "refuted-log-rewritten": rewritten(true, good),
        "refuted-checkpoint-forged": remade(good, anchors__12_note=swapped(b"\n12\n", b"\n13\n")),
        "refuted-cosignature-forged": remade(good, anchors__4_note=other_time),
        "refuted-consistency-forged": remade(good, consistency__4_12=lambda lines: b"A" * 43 + b"=" + lines[44:]),
        # clocks
        "refuted-stamp-of-another-head": replace(true, stamped_by="other").dossier(),
        "refuted-stamp-by-an-expired-signer": replace(true, stamped_by="expired").dossier(),
        "refuted-stamp-by-no-authority": replace(true, stamped_by="no_eku").dossier(),
        # not shown
        "incomplete-no-stamp": replace(true, stamped_by="").dossier(),
        "incomplete-no-witness": replace(true, witness=None).dossier(),
        "incomplete-too-few-witnesses": replace(true, quorum=2).dossier(),
        "incomplete-unsigned": replace(true, signer=None).dossier(),
        "incomplete-erased": replace(true, shown=(*SHOWN, "forgotten", "erasure")).dossier(),
        "incomplete-no-consistency": replace(true, proven_consistent=False).dossier(),
        "incomplete-number-closed": closed(true),
        # no dossiers
        "unreadable-empty": b"",
        "unreadable-another-zip": zipped({"a.txt": b"x"}),
    }


def swapped_bytes(dossier, old, new):
    assert old in dossier
    return dossier.replace(old, new)


def with_old_signature(dossier, changes):
    """What somebody can do who does not have the log's key: list the parts anew, under the old signature."""
    parts = unzipped(dossier)
    again = unzipped(listed(parts | changes, None))
    return zipped(again | {"MANIFEST.note": parts["MANIFEST.note"]})


def key_of(name):
    return derive(KEY, sha256(name.encode()).digest()[:16]).what.hex().encode()


def shortened(proof):
    lines = proof.split(b"\n")
    return b"\n".join(lines[:2] + lines[3:])


def other_time(note):
    unsigned, text = parse(note), parse(note).text
    line = cosign(text, WITNESS, SEEN_EARLY)
    return add_lines(unsigned, [line._replace(raw=(SEEN_EARLY + 1).to_bytes(8, "big") + line.raw[8:])]).encode()


def rewritten(true, good):
    """Sign a whole new history; the heads that others hold still tell of the old one."""
    forged = replace(true, order=("wording", "rules", *tuple(PLACES)[2:]), witness=None)
    note = forged.head(LATE, 0)
    return remade(good, anchors__12_note=note.encode())


def closed(true):
    """Show the verdict without the number, as an agent's auditor would get it."""
    leaves = {name: true.leaf(name) for name in SHOWN}
    opened = sections(derive(KEY, leaf_of("verdict").id), BODIES["verdict"], {"what"})
    leaves["verdict"] = replace(leaves["verdict"], sections=opened)
    proofs = {(EARLY, LATE): consistency(true.connection, EARLY, LATE)}
    evidence = Evidence(true.texts, (), true.anchors(), proofs)
    return dossier_zip(
        ORIGIN, list(leaves.values()), CLAIMS[:5], trust=true.trust, evidence=evidence, signer=LOG, page=False
    )


def main():
    from tests.proof.tsa import Authority  # noqa: PLC0415  only here

    ASSETS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(Path(folder))
        for name, dossier in good_and_broken(authority).items():
            (ASSETS / f"{name}.zip").write_bytes(dossier)
        (ASSETS / "trust.json").write_bytes(write_trust(Story(authority).trust))
    sys.stdout.write(f"written to {ASSETS}\n")


if __name__ == "__main__":
    main()
