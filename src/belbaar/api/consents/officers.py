"""What officers do with forms: make, change, publish and end them, and look what the law refuses."""

__all__ = [
    "FormTold",
    "NewForm",
    "NumberGiven",
    "Related",
    "Secret",
    "add",
    "change",
    "end",
    "forms",
    "lint",
    "make_secret",
    "one",
    "publish",
    "related",
    "secret_of",
]

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidTag

from belbaar.api.access import Principal
from belbaar.api.access.audit import Actor, note
from belbaar.capture import forms as kept
from belbaar.capture.asking import Sending
from belbaar.capture.design import Design, check_design
from belbaar.capture.forms import Form, Published
from belbaar.capture.giving import relate
from belbaar.capture.lint import Finding, lint_design
from belbaar.clock import now_us
from belbaar.errors import InputError, StoreUnavailable
from belbaar.law.words import FOREVER
from belbaar.ledger import Store
from belbaar.ledger.details import details_of
from belbaar.proof.keys.sealed import sealed, unsealed
from belbaar.reading import read_instant, read_number, written

_Short = Annotated[str, msgspec.Meta(max_length=200)]


class NewForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form: what you call it, and its design."""

    name: _Short
    design: Design


class FormTold(msgspec.Struct, frozen=True):
    """A form as it is known.

    Args:
        form: its id, by which pages name it.
        name: what you call it.
        caller: on whose behalf will be called.
        version: the last that was published; 0: none.
        ended_at: since when nothing is taken by it; null while it is in use.
        signed: whether shops have a secret to sign what they send.
        design: the draft.
        findings: what the law refuses in the draft.
    """

    form: str
    name: str
    caller: str
    version: int
    ended_at: str | None
    signed: bool
    design: Design
    findings: list[Finding]


class Secret(msgspec.Struct, frozen=True):
    """The secret by which a shop signs what it sends; shown this once."""

    secret: str


class NumberGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number that somebody gave at a sale or a gift.

    Args:
        number: as people write it, or E.164.
        opted_out: whether "do not call me" was ticked.
        at: when; ISO 8601. Left out: now.
        region: the country of a number without a country code.
    """

    number: _Short
    opted_out: bool
    at: _Short | None = None
    region: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] = "NL"


class Related(msgspec.Struct, frozen=True):
    """Whether the relation is new, or was recorded before."""

    new: bool


def forms(store: Store, who: Principal) -> list[FormTold]:
    """Give the forms of an organisation whose callers somebody may speak for."""
    return [_told(store, each) for each in kept.forms_of(store, who.organisation.key) if each.caller in who.callers]


def one(store: Store, who: Principal, form: str) -> FormTold:
    """Give one of them."""
    return _told(store, _form(store, who, form))


def add(store: Store, who: Principal, new: NewForm) -> FormTold:
    """Make a form."""
    with _under_design():
        check_design(new.design)
    who.speaks_for(new.design.caller, "/design/caller")
    made = kept.add_form(store, who.organisation.key, new.name, new.design, now=now_us())
    note(store, Actor.of(who), "form.change", {"form": made.id, "caller": made.caller, "what": "made"})
    return _told(store, made)


def change(store: Store, who: Principal, form: str, new: NewForm) -> FormTold:
    """Change a draft."""
    with _under_design():
        check_design(new.design)
    made = kept.save_form(store, _form(store, who, form), new.name, new.design, now=now_us())
    note(store, Actor.of(who), "form.change", {"form": made.id, "caller": made.caller, "what": "changed"})
    return _told(store, made)


def publish(store: Store, who: Principal, form: str, can_send: Callable[[str], bool]) -> Published:
    """Publish a draft as the next version.

    Raises:
        InputError: for what the law refuses, a receipt that could not be made, a code that could not be sent.
    """
    draft = _form(store, who, form)
    if draft.draft.kind == "consent" and not can_send(draft.draft.confirm):
        raise InputError(
            f"there is no way to send a code by {draft.draft.confirm}.",
            where="/design/confirm",
            todo="Have who runs the service set one up: BELBAAR_SMS_URL, or BELBAAR_SMTP and BELBAAR_MAIL_FROM.",
            code="no-way-to-send",
        )
    made = kept.publish(store, draft, now=now_us())
    hashes = " ".join(each.sha256 for each in made.shown.values())
    told = {"form": form, "caller": draft.caller, "version": str(made.version), "texts": hashes}
    note(store, Actor.of(who), "form.publish", told)
    return made


def end(store: Store, who: Principal, form: str) -> None:
    """Take nothing by a form any more."""
    ended = _form(store, who, form)
    kept.end_form(store, ended, now=now_us())
    note(store, Actor.of(who), "form.change", {"form": form, "caller": ended.caller, "what": "ended"})


def make_secret(store: Store, who: Principal, form: str, sending: Sending) -> Secret:
    """Make the secret by which a shop signs; the former is good no more."""
    of, made = _form(store, who, form), secrets.token_urlsafe(32)
    store.connection.execute(
        "UPDATE form SET secret = ? WHERE id = ?", (sealed(sending.key, made.encode(), f"form {of.id}"), of.id)
    )
    note(store, Actor.of(who), "form.change", {"form": form, "caller": of.caller, "what": "secret"})
    return Secret(made)


def secret_of(form: Form, sending: Sending) -> bytes:
    """Give the secret by which a shop signs; none where there is none.

    Raises:
        StoreUnavailable: when it was sealed with another key.
    """
    try:
        return unsealed(sending.key, form.secret, f"form {form.id}") if form.secret else b""
    except InvalidTag as error:
        raise StoreUnavailable(
            "the secret of a form was sealed with another key.",
            where=form.id,
            todo="Put capture.key back into the folder of keys, or make a new secret.",
            code="key-mismatch",
        ) from error


def related(store: Store, who: Principal, form: str, given: NumberGiven) -> Related:
    """Record that a number was given, with what was said to the opt-out."""
    number = read_number(given.number, "/number", region=given.region)
    of = _form(store, who, form)
    _, version = kept.published(store, of.id)
    now = now_us()
    at = read_instant(given.at, "/at") if given.at else now
    if at > now:
        raise InputError("this lies in the future.", where="/at")
    return Related(relate(store, of, version, number, opted_out=given.opted_out, at=at, now=now) > 0)


def lint(store: Store, who: Principal, design: Design) -> list[Finding]:
    """Say what the law refuses in a design."""
    with _under_design():
        check_design(design)
    who.speaks_for(design.caller, "/design/caller")
    return lint_design(design, store.caller(design.caller), details_of(store, design.caller))


def _form(store: Store, who: Principal, form: str) -> Form:
    """Give a form of an organisation; one of a caller that somebody may not speak for is not there."""
    found = kept.form_of(store, who.organisation.key, form)
    if found.caller not in who.callers:
        raise InputError("there is no such form.", todo="Your forms are listed by GET /v1/forms.", code="not-found")
    return found


def _told(store: Store, form: Form) -> FormTold:
    findings = lint_design(form.draft, store.caller(form.caller), details_of(store, form.caller))
    ended = None if form.ended_at == FOREVER else written(form.ended_at)
    return FormTold(form.id, form.name, form.caller, form.version, ended, bool(form.secret), form.draft, findings)


@contextmanager
def _under_design() -> Iterator[None]:
    """Have what is wrong with a design be told where it stands in what was sent."""
    try:
        yield
    except InputError as error:
        error.where = f"/design{error.where}"
        raise
