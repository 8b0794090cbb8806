"""Forms in the ledger: a draft that an officer changes, and versions that were published and never change.

What a version shows is logged in clear before anybody sees it (``belbaar.ledger.wordings``), so whoever holds a consent
can prove which text stood there. Inside the transaction of whoever calls.
"""

__all__ = ["Form", "Published", "add_form", "end_form", "form_of", "forms_of", "publish", "published", "save_form"]

import secrets
from typing import Any

import msgspec

from belbaar.capture.codes import LETTERS
from belbaar.capture.design import Design, Lang, check_design
from belbaar.capture.lint import Finding, lint_design
from belbaar.capture.showing import ShownForm, shown
from belbaar.errors import InputError
from belbaar.law.words import FOREVER
from belbaar.ledger import Store
from belbaar.ledger.details import details_of, missing_details
from belbaar.proof.log.keeping import log_of

_ID_LETTERS = 12
_SELECT = (
    "SELECT form.id, form.organisation, caller.handle, form.name, form.draft, form.secret, form.ended_at, "
    "(SELECT coalesce(max(version), 0) FROM form_version WHERE form_version.form = form.id) "
    "FROM form JOIN caller ON caller.id = form.caller"
)


class Published(msgspec.Struct, frozen=True):
    """A version as it was published.

    Args:
        version: from 1.
        design: what it was made of.
        caller_name: as it was then.
        shown: what a person sees, by language.
        published_at: UTC microseconds.
    """

    version: int
    design: Design
    caller_name: str
    shown: dict[Lang, ShownForm]
    published_at: int


class Form(msgspec.Struct, frozen=True):
    """A form as it is kept.

    Args:
        id: by which pages know it.
        organisation: the key of whose it is.
        caller: the id of the caller on whose behalf.
        name: what its organisation calls it.
        draft: what the next version would be.
        secret: sealed, by which shops sign what they send; empty while there is none.
        ended_at: since when nothing is taken any more, UTC microseconds; FOREVER while it is.
        version: the last that was published; 0: none.
    """

    id: str
    organisation: int
    caller: str
    name: str
    draft: Design
    secret: bytes
    ended_at: int
    version: int


def add_form(store: Store, owner: int, name: str, design: Design, *, now: int) -> Form:
    """Make a form, published to nobody.

    Raises:
        InputError: for a field that cannot be used.
    """
    check_design(design)
    made = "".join(secrets.choice(LETTERS) for _ in range(_ID_LETTERS))
    store.connection.execute(
        "INSERT INTO form (id, organisation, caller, name, draft, secret, made_at, changed_at, ended_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (made, owner, store.caller(design.caller).key, _named(name), _written(design), b"", now, now, FOREVER),
    )
    return form_of(store, owner, made)


def save_form(store: Store, form: Form, name: str, design: Design, *, now: int) -> Form:
    """Change a form's draft. Its caller stays: consents are to one.

    Raises:
        InputError: for a field that cannot be used.
    """
    check_design(design)
    if design.caller != form.caller:
        raise InputError("a form's caller does not change.", where="/design/caller", todo="Make another form.")
    store.connection.execute(
        "UPDATE form SET name = ?, draft = ?, changed_at = ? WHERE id = ?",
        (_named(name), _written(design), now, form.id),
    )
    return form_of(store, form.organisation, form.id)


def end_form(store: Store, form: Form, *, now: int) -> None:
    """Take nothing by a form any more; what was given stays."""
    store.connection.execute("UPDATE form SET ended_at = ? WHERE id = ? AND ended_at = ?", (now, form.id, FOREVER))


def publish(store: Store, form: Form, *, now: int) -> Published:
    """Publish a form's draft as its next version, its texts logged first.

    Raises:
        InputError: ``form-refused`` with all that the law refuses; ``party-incomplete`` where no receipt could be made.
    """
    caller, details = store.caller(form.caller), details_of(store, form.caller)
    if missing := missing_details(details):
        raise InputError(
            f"a receipt could not be made: of {caller.name} is not known: {', '.join(missing)}.",
            todo="Say it with: belbaar caller describe, or PATCH /v1/callers/{caller}",
            code="party-incomplete",
        )
    if found := lint_design(form.draft, caller, details):
        raise _refused(found)
    put = {lang: shown(form.draft, lang, caller, details) for lang in form.draft.languages}
    version = form.version + 1
    log = log_of(store)
    places = [log.keep_text(each.wording, language=each.language, version=str(version)) for each in put.values()]
    made = Published(version, form.draft, caller.name, put, now)
    store.connection.execute(
        "INSERT INTO form_version (form, version, organisation, content, published_at, entry) VALUES (?, ?, ?, ?, ?, ?)",
        (form.id, version, form.organisation, msgspec.json.encode(made).decode(), now, places[0]),
    )
    return made


def forms_of(store: Store, owner: int) -> list[Form]:
    """Give the forms of an organisation, those in use first."""
    rows = store.connection.execute(f"{_SELECT} WHERE form.organisation = ? ORDER BY ended_at DESC, made_at", (owner,))
    return [_form(row) for row in rows.fetchall()]


def form_of(store: Store, owner: int, form_id: str) -> Form:
    """Give a form of an organisation.

    Raises:
        InputError: ``not-found`` when it has none of that id.
    """
    row = store.connection.execute(
        f"{_SELECT} WHERE form.id = ? AND form.organisation = ?", (form_id, owner)
    ).fetchone()
    if row is None:
        raise _unknown()
    return _form(row)


def published(store: Store, form_id: str, version: int = 0, *, ended: bool = False) -> tuple[Form, Published]:
    """Give a form that anybody may see, and a version of it; 0: its latest. ``ended``: one that ended too.

    Raises:
        InputError: ``not-found`` when it was never published, or ended.
    """
    with store.outside_wall() as connection:
        row = connection.execute(f"{_SELECT} WHERE form.id = ?", (form_id,)).fetchone()
        wanted = version or (row[7] if row else 0)
        content = connection.execute(
            "SELECT content FROM form_version WHERE form = ? AND version = ?", (form_id, wanted)
        ).fetchone()
    if row is None or content is None or (row[6] != FOREVER and not ended):
        raise _unknown()
    return _form(row), msgspec.json.decode(content[0], type=Published)


def _form(row: Any) -> Form:  # noqa: ANN401  a row
    form_id, owner, caller, name, draft, secret, ended, version = row
    return Form(form_id, owner, caller, name, msgspec.json.decode(draft, type=Design), bytes(secret), ended, version)


def _named(name: str) -> str:
    if not name.strip():
        raise InputError("a form needs a name.", where="/name", todo="Name it as you call it yourself.")
    return name.strip()


def _written(design: Design) -> str:
    return msgspec.json.encode(design).decode()


def _refused(found: list[Finding]) -> InputError:
    return InputError(
        "the law refuses this form.",
        where="/design",
        todo="Mend what is named, and publish again.",
        code="form-refused",
        details=[f"{each.code} {each.where}: {each.en} ({each.cite})" for each in found],
    )


def _unknown() -> InputError:
    return InputError("there is no such form.", todo="Your forms are listed by GET /v1/forms.", code="not-found")
