"""The audit trail: who did what, written in the transaction that does it, each an entry of the log.

An entry is sealed under a key of the organisation's own, as a person's entries are under theirs: the log says to others
that something was done, and nothing of what. Where an act was about a number that stands in an entry of its own, under
the key of that number: it shows in the number's history and goes with an erasure, and the trail tells only its place.

    with store.writing():
        revoke_key(store, key_id, now=now)
        note(store, Actor.of(principal), "key.revoke", {"key": key_id})
"""

__all__ = ["ACTS", "OPERATOR", "Actor", "Noted", "about_number", "entries", "note"]

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from belbaar.api.access.principal import Principal
from belbaar.errors import InternalError, StoreUnavailable
from belbaar.ledger import Store
from belbaar.ledger.organisations import Organisation
from belbaar.proof.entries.commit import ID_BYTES, Body, Leaf, open_sealed, seal
from belbaar.proof.entries.jcs import Value
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.tiles import size_of

ACTS: Mapping[str, str] = {
    "organisation.add": "an organisation was added",
    "organisation.trust": "it was set whether what an organisation says of numbers alone counts for all",
    "caller.register": "a caller was registered, or numbers of one",
    "caller.describe": "details of a caller were changed",
    "caller.assign": "a caller became an organisation's",
    "campaign.register": "a campaign was registered",
    "number.hold": "a caller has shown to hold a number",
    "glass.break": "the glass was broken: calls pass whatever the law says",
    "glass.mend": "calls pass by the law again",
    "agent.register": "an agent was registered",
    "mandate.give": "an organisation may work for a caller",
    "mandate.end": "an organisation works for a caller no longer",
    "key.make": "a key was made",
    "key.revoke": "a key was taken back",
    "key.rotate": "a key was made in place of another, which expires",
    "history.read": "the history of a number was read",
    "dossier.make": "a dossier was made",
    "receipt.make": "a receipt was made",
    "account.change": "an account of a person was made, changed or closed",
    "form.change": "a form was made, changed or ended",
    "form.publish": "a version of a form was published",
    "rule.switch": "a rule was switched off or on",
    "request.open": "a called person asked for something, or complained",
    "request.take-up": "somebody began to work on a request",
    "request.answer": "a request was answered",
    "source.stop": "consents of a source count no more",
    "webhook.change": "where changes are sent was set",
    "feed.confirm": "a connected system confirmed changes, or follows no longer",
    "trace.open": "a request to trace a call came in",
    "trace.add": "something was added to such a request",
    "trace.look": "it was read who made a call",
    "trace.ask": "another provider was asked who made a call",
    "trace.asked": "another provider asked who made a call",
    "trace.replied": "another provider said who made a call, or that it does not say",
    "trace.answer": "another provider was answered",
    "trace.disclose": "it was decided to disclose who made calls",
    "trace.refuse": "it was decided not to disclose who made calls",
    "trace.letter": "a letter of a case was made",
    "trace.mark": "a call was marked for a trace",
    "trace.line": "what a subscriber refuses was set",
    "trace.provider": "another provider was registered, or its keys",
}
"""Each act, and what it means."""

OPERATOR = "operator"
"""The role of whoever uses the command line of an installation."""
_CLASS = "proof"
_NUMBERS_CLASS = "standing"
"""What tells of a reading goes at once when the person is erased."""
_NO_NUMBER = 0
_NOBODY = "-"
"""The id of no caller: what an organisation without callers read is shown in nobody's dossier."""
_PAGE = (
    "SELECT audit.entry, id, leaf.entry, sealed FROM audit JOIN leaf ON leaf.ix = audit.entry "
    "WHERE organisation = ? AND audit.entry > ? ORDER BY audit.entry LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the id of a key or account, or ``cli:`` and a user's name; for whom; in which role."""

    by: str
    organisation: Organisation
    role: str

    @classmethod
    def operator(cls, organisation: Organisation, user: str) -> "Actor":
        """Tell who acts on the command line, for an organisation."""
        return cls(f"cli:{user}", organisation, OPERATOR)

    @classmethod
    def of(cls, principal: Principal) -> "Actor":
        """Tell who acts of who asks."""
        return cls(principal.id, principal.organisation, principal.role)


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry of the trail.

    Args:
        entry: its place in the log.
        act: one of ``ACTS``.
        at: when, UTC microseconds.
        by: who, and ``role`` in which role.
        details: what it was about: ids of keys, callers, organisations.
        about: the place of the entry that tells of which number; None: of none.
    """

    entry: int
    act: str
    at: int
    by: str
    role: str
    details: Mapping[str, str] = field(default_factory=dict)
    about: int | None = None


def note(
    store: Store, actor: Actor, act: str, details: Mapping[str, str] | None = None, *, number: int = 0, caller: str = ""
) -> int:
    """Write down an act, in the write transaction that does it; give the entry's place in the log.

    Args:
        store: with its log.
        actor: who acts.
        act: one of ``ACTS``.
        details: what it is about: ids only. No number, no name and no text of people's own: it cannot be erased.
        number: the number it is about, E.164; 0: none.
        caller: on behalf of which caller, with ``number``; "": of none.

    Raises:
        StoreUnavailable: when store or log cannot be written. Nothing is done then.
    """
    if act not in ACTS:
        raise InternalError(f'"{act}" is no act of the audit trail.')
    log = log_of(store)
    with store.writing() as connection:
        what: dict[str, Value] = {"act": act, "at": log.clock(), "kind": "act"}
        how: dict[str, Value] = {"by": actor.by, "organisation": actor.organisation.id, "role": actor.role}
        leaves: list[Leaf] = []
        if number:
            key = log.keyring.retention.key(number, store.caller(caller).key if caller else 0, _NUMBERS_CLASS)
            told: dict[str, Value] = {**what, "caller": caller or _NOBODY}
            leaves.append(seal(key, secrets.token_bytes(ID_BYTES), Body(how, told, {"number": number})))
            what["about"] = size_of(log.connection)
        own = log.keyring.retention.key(_NO_NUMBER, actor.organisation.key, _CLASS)
        body = Body(how, {**what, "details": dict(details or {})}, {})
        leaves.append(seal(own, secrets.token_bytes(ID_BYTES), body))
        entry = log.append(leaves) + len(leaves) - 1
        connection.execute("INSERT INTO audit (entry, organisation) VALUES (?, ?)", (entry, actor.organisation.key))
    return entry


def about_number(store: Store, actor: Actor, act: str, number: int, callers: Sequence[str]) -> int:
    """Write down that what is known of a number was read, on behalf of some callers: the first of them is named."""
    return note(store, actor, act, number=number, caller=callers[0] if callers else "")


def entries(store: Store, organisation: Organisation, *, after: int, limit: int) -> list[Noted]:
    """Give an organisation's own entries after a place in the log, in their order.

    Raises:
        ProofError: when an entry is not what the log committed to.
        StoreUnavailable: when the keys that open them are gone.
    """
    rows = store.connection.execute(_PAGE, (organisation.key, after, limit)).fetchall()
    if not rows:
        return []
    key = log_of(store).keyring.retention.find(_NO_NUMBER, organisation.key, _CLASS)
    if key is None:
        raise StoreUnavailable(
            "the key that opens the audit trail is gone.",
            where=store.target,
            todo="Put the folder of keys back from its backup.",
            code="key-missing",
        )
    return [
        _noted(entry, open_sealed(key, bytes(id_), bytes(sealed), bytes(told))) for entry, id_, told, sealed in rows
    ]


def _noted(entry: int, body: Body) -> Noted:
    what: Mapping[str, Any] = body.what
    how: Mapping[str, Any] = body.how
    return Noted(entry, what["act"], what["at"], how["by"], how["role"], what["details"], what.get("about"))
