"""Asking another provider who its subscriber is, and answering one that asks: article 11.11 Tw has both work together.

A request names the number and the time of each call and nothing of who asks. What is asked is a case at the other side
too, with steps and deadlines of its own. A request counts once; a reply counts for the very request that it answers.
"""

__all__ = ["Provider", "answer", "ask", "asked_of", "providers", "register_provider", "replied", "take_request"]

import msgspec

from belbaar.errors import InputError, ProofError
from belbaar.ledger import Store
from belbaar.ledger.callers import check_id
from belbaar.numbers import e164
from belbaar.reading import read_number
from belbaar.trace.calls import call_of, identity_of
from belbaar.trace.cases import Case, Party, case_of, kept, open_case, running, step
from belbaar.trace.deciding import REFUSALS
from belbaar.trace.hand import Hand, Reader
from belbaar.trace.messages import Asked, AskedCall, Reply, Signer, check_keys, digest, read_message, signed
from belbaar.trace.names import name_of
from belbaar.trace.requests import Request

_SECOND, _DAY = 1_000_000, 86_400_000_000
_GOOD, _AHEAD = 30 * _DAY, 300 * _SECOND
"""Microseconds for which a message is taken after it was signed, and by which the other clock may be ahead."""


class Provider(msgspec.Struct, frozen=True):
    """Another provider: a word to name it by, its name, in whose name it signs, and its public keys (a JWK set)."""

    provider: str
    name: str
    issuer: str
    keys: dict[str, object]


def register_provider(store: Store, hand: Hand, provider: Provider) -> Provider:
    """Register another provider, or its keys anew; inside the write transaction.

    Raises:
        InputError: for an ill-formed id, no name, or keys that are none.
    """
    check_id(provider.provider)
    if not all(text.strip() and text.isprintable() for text in (provider.name, provider.issuer)):
        raise InputError("a provider has a name, and an issuer that it signs as.", where="/name")
    check_keys(provider.keys)
    store.connection.execute(
        "INSERT INTO trace_provider (organisation, handle, name, issuer, keys) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (organisation, handle) DO UPDATE SET name = excluded.name, issuer = excluded.issuer, "
        "keys = excluded.keys",
        (
            hand.organisation,
            provider.provider,
            provider.name,
            provider.issuer,
            msgspec.json.encode(provider.keys).decode(),
        ),
    )
    hand.notes("trace.provider", {"provider": provider.provider}, 0)
    return provider


def providers(store: Store, reader: Reader) -> dict[str, Provider]:
    """Give the other providers that an organisation registered, by their ids."""
    rows = store.connection.execute(
        "SELECT handle, name, issuer, keys FROM trace_provider WHERE organisation = ? ORDER BY handle",
        (reader.organisation,),
    ).fetchall()
    return {handle: Provider(handle, name, issuer, msgspec.json.decode(keys)) for handle, name, issuer, keys in rows}


def ask(store: Store, hand: Hand, case_id: str, to: str, calls: tuple[str, ...], signer: Signer) -> str:
    """Make the request to another provider about calls of a case that somebody looked at; inside the write transaction.

    Raises:
        InputError: for no such case, provider or call, or one that nobody looked at.
    """
    case, _ = running(store, hand, case_id)
    provider = _provider(store, hand, to)
    if not calls:
        raise InputError("name the calls to ask about.", where="/calls")
    for place, ref in enumerate(calls):
        if ref not in case.looked:
            raise InputError(
                "nobody looked who made this call.", where=f"/calls/{place}", todo="Look first.", code="not-looked"
            )
    asked = tuple(_asked_call(store, hand, ref) for ref in calls)
    token = signed(Asked(signer.issuer, provider.issuer, case_id, hand.now // _SECOND, asked), signer)
    kept(store, hand, case_id, state="investigating", provider=to, sent=token, calls=calls)
    step(store, hand, case_id, "ask", provider=to)
    return token


def replied(store: Store, hand: Hand, case_id: str, token: str, signer: Signer) -> Reply:
    """Take in what another provider replied; inside the write transaction. Deciding on it is the officer's.

    Raises:
        InputError: for no such case, or one in which nobody was asked.
        ProofError: when it is not signed by whom was asked, or answers something else.
    """
    _, papers = running(store, hand, case_id)
    if not papers.sent or papers.asks:
        raise InputError("in this case no other provider was asked.", code="not-asked")
    provider = _provider(store, hand, papers.provider)
    reply = read_message(Reply, token, provider.keys)
    sent = read_message(Asked, papers.sent, {"keys": [signer.key.as_dict(private=False)]})
    numbers = {each.number for each in sent.calls}
    if (
        (reply.iss, reply.aud, reply.jti, reply.request)
        != (provider.issuer, signer.issuer, case_id, digest(papers.sent))
        or (reply.party is None) == (not reply.why)
        or (reply.party is not None and reply.party.number not in numbers)
    ):
        raise ProofError("this is no answer to what was asked.", todo="Ask them to answer anew.", code="other-answer")
    kept(store, hand, case_id, received=token)
    step(store, hand, case_id, "replied", provider=papers.provider)
    return reply


def take_request(store: Store, hand: Hand, token: str, sender: str, signer: Signer) -> Case:
    """Take in what another provider asks, as a case; the very same again is refused. Inside the write transaction.

    Raises:
        InputError: for no such provider, or a request that was taken already.
        ProofError: when it is not signed by that provider, is for somebody else, or too old.
    """
    provider = _provider(store, hand, sender)
    asked = read_message(Asked, token, provider.keys)
    age = hand.now - asked.iat * _SECOND
    if (asked.iss, asked.aud) != (provider.issuer, signer.issuer) or not asked.calls or not -_AHEAD <= age <= _GOOD:
        raise ProofError(
            "this request is for somebody else, or too old.", todo="Ask them to make it anew.", code="other-request"
        )
    name = name_of(digest(token))
    if store.connection.execute("SELECT 1 FROM trace_case WHERE id = ?", (name,)).fetchone():
        raise InputError("this request was taken in already.", where="/request", code="taken")
    called = read_number(asked.calls[0].called, "/request")
    times = tuple(each.at for each in asked.calls)
    request = Request(provider.name, "", "", "", called, tuple(at for at in times if at <= hand.now))
    return open_case(store, hand, request, name=name, asks=sender, received=token)


def asked_of(store: Store, hand: Hand, case_id: str, why: str) -> Asked:
    """Read what another provider asks, with the numbers in it; each time that is an entry of the log.

    Raises:
        InputError: for no such case, one that no provider asked, or without a reason.
    """
    asked = _asked_in(store, hand, case_id)
    if not why.strip():
        raise InputError("say why you read it.", where="/why")
    step(store, hand, case_id, "look")
    kept(store, hand, case_id, state="investigating")
    return asked


def answer(
    store: Store, hand: Hand, case_id: str, *, party: Party | None, why: str, reason: str, signer: Signer
) -> tuple[Case, str]:
    """Answer another provider: who its subscriber is, or why that is not said; the case has ended then.

    Raises:
        InputError: for no such case, one that no provider asked, a party of another number, or no reason.
    """
    asked = _asked_in(store, hand, case_id)
    if (party is None) == (not why):
        raise InputError("name the party, or say why not.", where="/party")
    if party is not None and party.number not in {each.number for each in asked.calls}:
        raise InputError("this number was not asked about.", where="/party/number")
    if why and why not in REFUSALS:
        raise InputError(f'"{why}" is no reason to refuse.', where="/why", todo=f"Known: {', '.join(REFUSALS)}.")
    if party is not None and not reason.strip():
        raise InputError("say why it is disclosed.", where="/reason")
    papers = running(store, hand, case_id)[1]
    reply = Reply(
        signer.issuer, asked.iss, asked.jti, hand.now // _SECOND, digest(papers.received), party=party, why=why
    )
    token = signed(reply, signer)
    said = reason.strip() if party is not None else f"{why}\n{reason.strip()}".strip()
    step(store, hand, case_id, "answer", provider=papers.asks)
    kept(store, hand, case_id, state="refused" if why else "found", sent=token, party=party, reason=said)
    return case_of(store, hand, case_id), token


def _asked_in(store: Store, hand: Hand, case_id: str) -> Asked:
    _, papers = running(store, hand, case_id)
    if not papers.asks:
        raise InputError("no other provider asked for this case.", code="not-asked")
    return read_message(Asked, papers.received, _provider(store, hand, papers.asks).keys)


def _asked_call(store: Store, hand: Hand, ref: str) -> AskedCall:
    call, identity = call_of(store, hand.organisation, ref), identity_of(store, hand.key, ref)
    if call is None or not identity.number:
        raise InputError("this call came without a number, so nobody can be asked about it.", where="/calls")
    return AskedCall(e164(identity.number), e164(call.called), call.received_at, identity.call_id)


def _provider(store: Store, reader: Reader, name: str) -> Provider:
    found = providers(store, reader).get(name)
    if found is None:
        raise InputError(
            f'"{name}" is no provider that you registered.',
            where="/provider",
            todo="Register it: POST /v1/trace/providers",
            code="unknown-provider",
        )
    return found
