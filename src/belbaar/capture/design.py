"""A form as an officer designs it: for whom, about what, over which channels, in which words.

    >>> design = read_design({"caller": "voltix", "choices": [{"product": "energy", "names": {"nl": "stroom en gas"}}]})
    >>> design.languages, design.choices[0].channels, design.confirm
    (('nl',), ('voice',), 'sms')

``consent`` forms ask for permission to call; ``number`` forms ask for a number at a sale or a gift, and offer the
opt-out there and then (Tw 11.7(4) and (5)).
"""

__all__ = ["Choice", "Design", "Lang", "Texts", "read_design"]

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

from belbaar.errors import InputError
from belbaar.law.products import check_product
from belbaar.law.terms import Term

Lang = Literal["nl", "en"]
Channel = Literal["voice", "robocall", "sms"]
Relation = Literal["purchase", "gift", "attendance", "service", "donorship", "volunteering"]
_Line = Annotated[str, msgspec.Meta(max_length=300)]
_Words = Annotated[str, msgspec.Meta(max_length=2000)]
_MOST = 10


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One box: a product over some channels.

    Args:
        product: a dotted path, such as ``energy.electricity``.
        names: what people call it, by language.
        channels: by what it is called about: a human voice, a computer's voice, text messages.
        labels: the text beside the box, by language; left out: the one that belbaar writes.
    """

    product: _Line
    names: dict[Lang, _Line] = msgspec.field(default_factory=dict)
    channels: Annotated[tuple[Channel, ...], msgspec.Meta(min_length=1, max_length=3)] = ("voice",)
    labels: dict[Lang, _Line] = msgspec.field(default_factory=dict)


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The other words of a form in one language; what is left out is written by belbaar.

    Args:
        title: the question.
        intro: what stands under it.
        stop: how consent is taken back.
        who: who asks, and where they are found.
    """

    title: _Line = ""
    intro: _Words = ""
    stop: _Words = ""
    who: _Words = ""


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form.

    Args:
        caller: the id of the caller on whose behalf will be called.
        choices: the boxes; of a form for a number, the one product that later calls are about.
        kind: ``consent``, or ``number`` for a number asked at a sale or a gift.
        languages: in which it is shown, the first where nothing else is asked.
        texts: its other words, by language.
        confirm: by which way a person confirms: a code by ``sms`` or by ``email``.
        fields: what else is asked and may be left empty: ``email``, to which the receipt goes too.
        term: how long the consent lasts, an ISO 8601 duration; "": without end.
        first_contact_within: within which time will be called first, an ISO 8601 duration; "": the code's six months.
        privacy_url: where the caller says what it does with personal data.
        origins: of the pages on which the widget may stand, such as ``https://shop.example``.
        relation: of a form for a number: what a person does with it.
        opt_out: of a form for a number: whether "do not call me" is offered beside it.
        ticked: whether boxes begin ticked; refused when published.
        required: whether one cannot go on without a yes; refused when published.
    """

    caller: _Line
    choices: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=1, max_length=_MOST)]
    kind: Literal["consent", "number"] = "consent"
    languages: Annotated[tuple[Lang, ...], msgspec.Meta(min_length=1, max_length=2)] = ("nl",)
    texts: dict[Lang, Texts] = msgspec.field(default_factory=dict)
    confirm: Literal["sms", "email"] = "sms"
    fields: Annotated[tuple[Literal["email"], ...], msgspec.Meta(max_length=1)] = ()
    term: _Line = ""
    first_contact_within: _Line = ""
    privacy_url: _Line = ""
    origins: Annotated[tuple[_Line, ...], msgspec.Meta(max_length=100)] = ()
    relation: Relation = "purchase"
    opt_out: bool = True
    ticked: bool = False
    required: bool = False


def read_design(data: Mapping[str, Any]) -> Design:
    """Read a design.

    Raises:
        InputError: names the field, by a JSON pointer.
    """
    try:
        design = msgspec.convert(data, Design)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$")
        pointer = path.rstrip("`").replace(".", "/").replace("[", "/").replace("]", "")
        raise InputError(f"{what}.", where=pointer.removesuffix("/...")) from error
    return check_design(design)


def check_design(design: Design) -> Design:
    """Return a design in which every field can be used; whether the law takes it is for ``lint`` to say.

    Raises:
        InputError: names the field, by a JSON pointer.
    """
    for place, choice in enumerate(design.choices):
        _at(f"/choices/{place}/product", check_product, choice.product)
    if design.kind == "number" and len(design.choices) > 1:
        raise InputError("a number is asked for one product.", where="/choices", todo="Leave one choice.")
    for name in ("term", "first_contact_within"):
        if text := getattr(design, name):
            _at(f"/{name}", Term.parse, text)
    if design.privacy_url and not design.privacy_url.startswith("https://"):
        raise InputError("this is not an address of a page.", where="/privacy_url", todo="Write it with https://.")
    for place, origin in enumerate(design.origins):
        if not _is_origin(origin):
            raise InputError(
                "this is not the origin of a page.",
                where=f"/origins/{place}",
                todo='Write it as "https://shop.example".',
            )
    return design


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    local = host == "localhost" or (host or "").startswith("127.")
    return bool(host) and f"{parts.scheme}://{parts.netloc}" == text and (parts.scheme == "https" or local)


def _at(pointer: str, reads: Any, text: str) -> None:  # noqa: ANN401  any reading of a text
    try:
        reads(text)
    except InputError as error:
        error.where = pointer
        raise
