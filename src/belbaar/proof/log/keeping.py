"""The log of a store: whatever is written becomes a leaf in the same transaction, and the head is signed with it.

A store allows one writer at a time, so places in the log are given at once, without gaps, and a leaf is there exactly
when its event is: there is no moment at which one is durable and the other is not. Nobody waits for a witness or a
timestamp authority: these come later, on heads that are signed already (``belbaar.proof.outsiders.anchoring``).

Invariant: when a transaction that wrote is durable, its last head is signed by the log's key over all its leaves.
"""

__all__ = ["Log", "log_of"]

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import cast

from belbaar.errors import InputError, ProofError, StoreUnavailable
from belbaar.ledger import Store
from belbaar.ledger.events import Placed
from belbaar.ledger.record import placed_after
from belbaar.proof.entries.bodies import text_hash, verdict_body
from belbaar.proof.entries.commit import ID_BYTES, Body, Leaf, clear_entry, seal
from belbaar.proof.entries.jcs import Value
from belbaar.proof.keys.keyring import Keyring
from belbaar.proof.keys.keystore import Wanted
from belbaar.proof.keys.suppress import suppression_tag
from belbaar.proof.log.checkpoint import Checkpoint, signed_checkpoint
from belbaar.proof.log.note import parse
from belbaar.proof.log.note_keys import SignerKey
from belbaar.proof.log.sealer import Sealer
from belbaar.proof.log.sealing import Batch, batch_of
from belbaar.proof.log.tiles import Database, Edge, Grown, append, root, size_of
from belbaar.verdict import Verdict

_NOBODY = 1
"""Stands for no number, in the table of suppression."""
_FIRST, _AT_ONCE = 8_192, 65_536
"""Events that are sealed together: of the first batch, which is sealed here, and of those after it."""
_ASKED_AT_ONCE = 500
_MANY = 20_000
"""Numbers of which each is not looked for, but all that is kept is read."""


_SIZE = -1
"""Stands for no event, where the size of the log comes along."""
_PLACES = (
    f"SELECT {_SIZE}, coalesce(max(ix) + 1, 0) FROM leaf "
    "UNION ALL SELECT about, ix FROM leaf WHERE about <> 0 AND about {one_of}"
)
_INSERT_HEAD = (
    "INSERT INTO head (size, note, at, anchored, query, reply, stamped_at) VALUES (?, ?, "
    "(SELECT CASE WHEN coalesce(max(at), 0) > ? THEN max(at) ELSE ? END "
    "FROM (SELECT at FROM head ORDER BY size DESC LIMIT 1) AS latest), 0, ?, ?, 0) ON CONFLICT DO NOTHING"
)


class Log:
    """What keeps the log of an open store; hangs on it as its ``keeper``.

    Args:
        store: whose log it is.
        keyring: its keys, opened when first needed.
        clock: tells the time, in UTC microseconds.
    """

    def __init__(self, store: Store, keyring: Keyring, clock: Callable[[], int]) -> None:
        self.store = store
        self.keyring = keyring
        self.clock = clock
        self._signed = ""
        self._continued = False
        self._suppressing: tuple[int, list[bytes]] | None = None
        self._edge = Edge()
        self._texts: dict[str, int] = {}

    @property
    def connection(self) -> Database:
        """The database, for the functions that read and write leaves and tiles."""
        return cast("Database", self.store.connection)

    def appended(self, events: Iterable[Placed], meanwhile: Callable[[], None] = lambda: None) -> None:
        """Make leaves of events, and of the texts they were the first to show.

        ``meanwhile`` is done when all events are taken, and a second process may still be sealing.

        Raises:
            ProofError: when the log does not continue what these keys have signed before.
        """
        self._continues()
        grown = None
        with Sealer(self.keyring) as sealer:
            for leaves in sealer.sealed(self._batches(events, meanwhile)):
                grown = append(self.connection, leaves, edge=self._edge)
        if grown:
            self._sign(grown)

    def committed(self) -> None:
        """Keep the head outside the database, once it is durable inside."""
        if self._signed:
            self.keyring.keep_head(self._signed)
            self._signed = ""

    def undone(self) -> None:
        """Forget a head that was signed and is not in the database."""
        self._signed = ""
        self._edge = Edge()
        self._texts.clear()

    def suppressed(self, number: int) -> Sequence[tuple[str, int]]:
        """Give the objections of an erased person: a caller's id, "" for all callers, and since when."""
        tag = suppression_tag(self.suppression_keys(), number)
        rows = self.store.connection.execute(
            "SELECT caller, since FROM suppression WHERE tag = ? ORDER BY since", (tag,)
        )
        names = {caller.key: caller.id for caller in self.store.callers().values()}
        return [(names.get(caller, ""), since) for caller, since in rows.fetchall()]

    def objecting(self, numbers: Iterable[int]) -> dict[int, Sequence[tuple[str, int]]]:
        """Give the objections of erased persons among many numbers."""
        keys = self.suppression_keys()
        tags = {suppression_tag(keys, number): number for number in numbers}
        names = {caller.key: caller.id for caller in self.store.callers().values()}
        found: dict[int, list[tuple[str, int]]] = {}
        for tag, caller, since in self._suppressions(list(tags)):
            found.setdefault(tags[tag], []).append((names.get(caller, ""), since))
        return {number: sorted(kept, key=itemgetter(1)) for number, kept in found.items()}

    def _suppressions(self, tags: Sequence[bytes]) -> Iterator[tuple[bytes, int, int]]:
        """Give what is kept under some tags; of a long list by reading all."""
        query = "SELECT tag, caller, since FROM suppression"
        if len(tags) > _MANY:
            wanted = set(tags)
            every = self.store.connection.execute(query)
            yield from ((bytes(tag), caller, since) for tag, caller, since in every if bytes(tag) in wanted)
            return
        for start in range(0, len(tags), _ASKED_AT_ONCE):
            some = tags[start : start + _ASKED_AT_ONCE]
            rows = self.store.connection.execute(f"{query} WHERE tag IN ({', '.join('?' * len(some))})", some)
            yield from ((bytes(tag), caller, since) for tag, caller, since in rows.fetchall())

    def suppress(self, number: int, objections: Iterable[tuple[str, int]]) -> None:
        """Have objections outlive the erasure of a number: pairs of a caller's id, "" for all, and since when.

        Inside ``Store.writing``. A tag of no number at all goes along, by which the key is known again.
        """
        callers = {"": 0, **{caller.id: caller.key for caller in self.store.callers().values()}}
        rows = [(number, callers[caller], since) for caller, since in objections]
        keys = self.suppression_keys()
        for of, caller, since in [(_NOBODY, 0, 0), *rows] if rows else ():
            self.store.connection.execute(
                "INSERT INTO suppression (tag, caller, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (suppression_tag(keys, of), caller, since),
            )

    def keep_text(self, text: str, *, kind: str = "text", **more: Value) -> int:
        """Log a text in clear, once; give its place. Inside ``Store.writing``, or in a transaction of its own.

        Args:
            text: a wording, or a ruleset in full; no personal data.
            kind: ``text`` or ``rule``.
            more: what else the entry says: language, version, name.
        """
        with self.store.writing():
            place = self.place_of_text(text)
            if place is None:
                place = self.append([self._text_leaf(text, kind, size_of(self.connection), more)])
        return place

    def place_of_text(self, text: str) -> int | None:
        """Give the place of a text in the log."""
        return self._place_of_hash(text_hash(text))

    def keep_verdict(self, verdict: Verdict, rules: str) -> int:
        """Log a verdict that will be acted on; give its place. In the transaction in which it was decided.

        Args:
            verdict: the answer.
            rules: the text of the ruleset, whose hash the verdict has (``ruleset_text``).
        """
        return self.keep_verdicts([(verdict, rules)])[0]

    def keep_verdicts(self, verdicts: Sequence[tuple[Verdict, str]]) -> list[int]:
        """Log many verdicts with one signature; give their places. In the transaction in which they were decided."""
        with self.store.writing():
            size, places = self._sized({seq for verdict, _ in verdicts for seq in verdict.events})
            leaves = self._leaves_of_rules(verdicts, size)
            known_at, now = size + len(leaves), self.clock()
            bodies, wanted, callers = list[Body](), list[Wanted](), self.store.callers()
            for verdict, _ in verdicts:
                caller = callers[verdict.call.caller]
                rests_on = [places[seq] for seq in verdict.events]
                bodies.append(verdict_body(verdict, caller, rests_on=rests_on, known_at=known_at, decided_at=now))
                wanted.append((verdict.call.number, caller.key, "proof"))
            keys = self.keyring.retention.keys(wanted)
            leaves += [seal(key, secrets.token_bytes(ID_BYTES), body) for key, body in zip(keys, bodies, strict=True)]
            if leaves:
                self.append(leaves, first=size)
        return [known_at + n for n in range(len(verdicts))]

    def keep(self, body: Body, number: int, caller: int, retention: str, kind: str = "p") -> int:
        """Log a statement about a number under the key of that number, caller and class of retention."""
        with self.store.writing():  # before the key is asked: an erasure may not retire it in between
            key = self.keyring.retention.key(number, caller, retention)
            return self.append([seal(key, secrets.token_bytes(ID_BYTES), body, kind)])

    def keep_clear(self, kind: str, body: dict[str, Value]) -> int:
        """Log a statement that everybody may read."""
        return self.append([_clear(kind, body)])

    def append(self, leaves: Sequence[Leaf], *also: SignerKey, first: int | None = None) -> int:
        """Append leaves and sign the head, with other keys too; give the place of the first, or be told.

        Raises:
            ProofError: when the log does not continue what these keys have signed before.
        """
        with self.store.writing():
            self._continues()
            with self.store.sent_together():
                grown = append(self.connection, leaves, first=first, edge=self._edge)
                self._sign(grown, *also)
        return grown.first

    def log_key(self) -> SignerKey:
        """Give the key that signs for the log now."""
        return self.keyring.log_keys(self.clock())[0]

    def _place_of_hash(self, digest: str) -> int | None:
        if digest not in self._texts:
            row = self.store.connection.execute("SELECT ix FROM logged_text WHERE sha256 = ?", (digest,)).fetchone()
            if row is None:
                return None
            self._texts[digest] = int(row[0])
        return self._texts[digest]

    def place_of_event(self, seq: int) -> int:
        """Give the place in the log of an event of the ledger.

        Raises:
            StoreUnavailable: when it has none, as in a store of before there were logs.
        """
        return self._sized({seq})[1][seq]

    def _sized(self, events: Collection[int]) -> tuple[int, dict[int, int]]:
        """Give the size of the log, and the places of events in it.

        Raises:
            StoreUnavailable: when one has none.
        """
        wanted = sorted(events)
        one_of, value = self.store.among(wanted)
        found = dict(self.store.connection.execute(_PLACES.format(one_of=one_of), (value,)).fetchall())
        size = found.pop(_SIZE)
        for seq in wanted:
            if seq not in found:
                raise StoreUnavailable(
                    f"event {seq} of the ledger is not in the log.",
                    where=self.store.target,
                    todo="Log what is there with: belbaar init",
                    code="not-logged",
                )
        return size, found

    def _sign(self, grown: Grown, *also: SignerKey) -> None:
        """Sign the head of all leaves there are; heads that nobody else vouches for make room for it.

        When that was never goes back, whatever the clocks of those who write: it tells up to when anything was dated.
        """
        now = self.clock()
        signers = [*self.keyring.log_keys(now), *also]
        self._signed = signed_checkpoint(Checkpoint(signers[0].name, grown.size, grown.root), *signers)
        self.store.connection.execute(_INSERT_HEAD, (grown.size, self._signed, now, now, b"", b""))
        self.store.connection.execute("DELETE FROM head WHERE anchored = 0 AND size < ?", (grown.size,))

    def catch_up(self) -> int:
        """Log the events of a store of before there were logs; give how many."""
        with self.store.writing() as connection:
            before = size_of(self.connection)
            last = int(connection.execute("SELECT coalesce(max(about), 0) FROM leaf WHERE about <> 0").fetchone()[0])
            if self.store.position() > last:
                self.appended(placed_after(self.store, last))
            return size_of(self.connection) - before

    def _continues(self) -> None:
        """Look, once for an open store, whether its log continues the latest head that these keys have signed."""
        if self._continued or not (signed := self.keyring.head()):
            return
        known = Checkpoint.parse(parse(signed).text)
        size = size_of(self.connection)
        if size < known.size:
            raise ProofError(
                f"these keys have signed {known.size:,} entries, and the log has {size:,}.",
                where=self.store.target,
                todo="An older copy of the store was put back: restore the latest one, and record again what is lost.",
                code="log-behind",
            )
        if root(self.connection, known.size) != known.root:
            raise ProofError(
                "the log is not the one that these keys have signed.",
                where=self.store.target,
                todo="Stop writing, and look who changed it with: belbaar log check",
                code="log-forked",
            )
        self._continued = True

    def suppression_keys(self) -> list[bytes]:
        """Give the keys under which objections of erased persons are kept now, oldest first.

        While a new key is being put over them they are under those before it, and read again when that is done.

        Raises:
            StoreUnavailable: when they are under other keys than these, which would find none.
        """
        revision = self.store.known().revision
        if self._suppressing is None or self._suppressing[0] != revision:
            self._suppressing = revision, self._keys_of_tags()
        return self._suppressing[1]

    def _keys_of_tags(self) -> list[bytes]:
        keys = self.keyring.suppression_keys()
        query = self.store.connection.execute
        if query("SELECT 1 FROM suppression LIMIT 1").fetchone() is None:
            return keys
        for count in range(len(keys), 0, -1):
            tag = suppression_tag(keys[:count], _NOBODY)
            if query("SELECT 1 FROM suppression WHERE tag = ?", (tag,)).fetchone():
                return keys[:count]
        raise StoreUnavailable(
            "the suppression key is not the one under which objections of erased persons are kept.",
            where=str(self.keyring.folder),
            todo="Put its file back; until then every call is refused.",
            code="key-mismatch",
        )

    def _batches(self, events: Iterable[Placed], meanwhile: Callable[[], None]) -> Iterator[Batch]:
        """Make batches to seal, each text before the first who saw it; at their end do something else."""
        callers = {"": 0, **{caller.id: caller.key for caller in self.store.callers().values()}}
        place, shown, at_once, left = size_of(self.connection), set[str](), _FIRST, iter(events)
        while some := list(islice(left, at_once)):
            batch = batch_of(some, callers)
            texts = list(self._texts_of(batch, place, shown))
            place += len(some) + len(texts)
            yield batch._replace(texts=texts)
            at_once = _AT_ONCE
        meanwhile()

    def _texts_of(self, batch: Batch, place: int, shown: set[str]) -> Iterator[tuple[int, Leaf]]:
        """Make leaves of the texts that a batch at a place in the log is the first to show; ``shown`` are logged."""
        for (shared, _), first in zip(batch.shared, batch.firsts, strict=True):
            text = str(shared.fields.get("wording", ""))
            if text and text not in shown:
                shown.add(text)
                if self.place_of_text(text) is None:
                    more = {"language": "language", "version": "wording_version"}
                    said = {name: str(shared.fields[field]) for name, field in more.items() if field in shared.fields}
                    yield first, self._text_leaf(text, "text", place + first, said)
                    place += 1

    def _leaves_of_rules(self, verdicts: Sequence[tuple[Verdict, str]], place: int) -> list[Leaf]:
        """Make leaves of the rulesets that no verdict before was reached by, from a place on."""
        leaves = list[Leaf]()
        for digest, (verdict, rules) in {each[0].ruleset_hash: each for each in verdicts}.items():
            if self._place_of_hash(digest) is None:
                if text_hash(rules) != digest:
                    raise InputError("this is not the text of the ruleset that the verdict names.", where=digest)
                leaves.append(self._text_leaf(rules, "rule", place + len(leaves), {"name": verdict.ruleset}))
        return leaves

    def _text_leaf(self, text: str, kind: str, place: int, more: Mapping[str, Value]) -> Leaf:
        digest = text_hash(text)
        self.store.connection.execute(
            "INSERT INTO logged_text (sha256, kind, content, ix) VALUES (?, ?, ?, ?)", (digest, kind, text, place)
        )
        return _clear(kind, {"sha256": digest, **more})


def _clear(kind: str, body: dict[str, Value]) -> Leaf:
    return Leaf(bytes(ID_BYTES), clear_entry(kind, body), b"")


def log_of(store: Store) -> Log:
    """Give the log of a store that has one.

    Raises:
        StoreUnavailable: when it was opened without.
    """
    if not isinstance(store.keeper, Log):
        raise StoreUnavailable("this store was opened without its log.", where=store.target)
    return store.keeper
