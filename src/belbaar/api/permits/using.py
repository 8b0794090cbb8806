"""Using a permit: checked against the call that is made, judged again, and used up, in one transaction."""

__all__ = ["Shown", "Used", "Using", "forget"]

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
from joserfc.jwk import OKPKey

from belbaar.api.access import Principal
from belbaar.api.access.remembered import Remembered
from belbaar.api.permits.token import Permit, no_permit, read_permit
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError, StoreUnavailable
from belbaar.ledger import Store
from belbaar.numbers import e164, parse_e164
from belbaar.reading import read_number
from belbaar.verdict import Call, Verdict, may_call

_SELECT = "SELECT used_at FROM permit WHERE id = ? AND organisation = ?"
_KEPT = 7 * 86_400_000_000
_SPEND = "UPDATE permit SET used_at = ? WHERE id = ?"


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A permit that is shown, and the call it is shown for."""

    permit: str
    number: str
    presents: str
    campaign: str = ""


class Used(msgspec.Struct, frozen=True):
    """The permit was good, and is used up now. ``entry`` is the verdict's place in the log."""

    id: str
    allowed: bool
    entry: int


@dataclass(frozen=True, slots=True, eq=False)
class Using:
    """Uses permits up. ``keys`` are those that sign them, ``remembered`` who may do what."""

    remembered: Remembered
    keys: Sequence[OKPKey]

    def uses(self, store: Store, shown: Sequence[tuple[Principal, Shown]]) -> list[Used | BelbaarError]:
        """Use permits up; inside the write transaction."""
        with store.still():
            heard = store.heard()
            return [self._used(store, principal, each, heard) for principal, each in shown]

    def _used(self, store: Store, principal: Principal, shown: Shown, heard: int) -> Used | BelbaarError:
        try:
            who = self.remembered.again(store, principal)
            who.needs("permit")
            permit = read_permit(shown.permit, self.keys)
            if permit.caller not in who.callers:
                raise no_permit()
            now = now_us()
            _check_call(permit, shown, now)
            self._check_unused(store, who, permit)
            verdict = may_call(store, replace(_call_of(permit, now), heard=heard))
        except StoreUnavailable:
            raise
        except BelbaarError as error:
            return error
        if not verdict.allowed:
            return _revoked(verdict)
        store.connection.execute(_SPEND, (now, bytes.fromhex(permit.jti)))
        return Used(permit.jti, verdict.allowed, permit.entry)

    def still_good(self, store: Store, token: str) -> bool:
        """Tell whether a call for which a permit was used a moment ago may still be made; inside a transaction."""
        permit, now = read_permit(token, self.keys), now_us()
        good = now < permit.exp * 1_000_000
        return good and may_call(store, replace(_call_of(permit, now), heard=store.heard())).allowed

    def _check_unused(self, store: Store, who: Principal, permit: Permit) -> None:
        found = store.connection.execute(_SELECT, (bytes.fromhex(permit.jti), who.organisation.key)).fetchone()
        if found is None:
            raise no_permit()
        if found[0]:
            raise _bad("this permit was used already.", "permit-spent")


def forget(store: Store, now: int) -> None:
    """Forget permits that expired a week ago, inside the write transaction: they name a number.

    Until then what became of their calls may still be told, by a gate whose record was held up.
    """
    store.connection.execute("DELETE FROM permit WHERE expires_at < ?", (now - _KEPT,))


def _check_call(permit: Permit, shown: Shown, now: int) -> None:
    if now >= permit.exp * 1_000_000:
        raise _bad("this permit has expired.", "permit-expired")
    called, presented = read_number(shown.number, "/number"), read_number(shown.presents, "/presents")
    for field, is_shown, is_permitted in (
        ("number", e164(called), permit.sub),
        ("presents", e164(presented), permit.presents),
        ("campaign", shown.campaign, permit.campaign),
    ):
        if is_shown != is_permitted:
            raise InputError(
                "this permit is for another call.", where=f"/{field}", todo=_REMEDY, code="permit-other-call"
            )


def _call_of(permit: Permit, now: int) -> Call:
    return Call(
        number=parse_e164(permit.sub),
        caller=permit.caller,
        at=now,
        product=permit.product,
        channel=permit.channel,
        presents=parse_e164(permit.presents),
    )


_REMEDY = "Do not call. Ask for a new verdict."


def _bad(what: str, code: str) -> InputError:
    return InputError(what, where="/permit", todo=_REMEDY, code=code)


def _revoked(verdict: Verdict) -> InputError:
    why = " ".join(verdict.vetoes or verdict.defects) or "no ground"
    return _bad(f"this permit is revoked: {why}.", "permit-revoked")
