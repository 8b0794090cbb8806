"""Forms as officers fill them in on a page: from fields to a design and back, one place for both ways.

>>> filled = {"caller": "voltix", "kind": "consent", "product-1": "energy", "nl-1": "gas", "lang": "nl", "channel-1": "voice"}
>>> design_of({name: [value] for name, value in filled.items()}).choices[0].names
{'nl': 'gas'}
"""

__all__ = ["NO_DESIGN", "ROWS", "design_of", "first_design"]

from typing import Any

from belbaar.capture.design import Design, read_design
from belbaar.law.plain import LANGUAGES
from belbaar.web.sent import Fields, text_of

ROWS = 6
"""Boxes that a form can have on the page."""
_TEXTS = ("title", "intro", "stop", "who")
_LINES = ("confirm", "term", "first_contact_within", "privacy_url", "relation")
NO_DESIGN = "unnamed"


def first_design(caller: str, kind: str, relation: str) -> Design:
    """Give the design that a new form begins with."""
    return read_design({"caller": caller, "kind": kind, "relation": relation, "choices": [{"product": NO_DESIGN}]})


def design_of(fields: Fields) -> Design:
    """Read a design out of the fields of its page.

    Raises:
        InputError: names what cannot be used.
    """
    choices = [_choice(fields, row) for row in range(1, ROWS + 1) if text_of(fields, f"product-{row}")]
    texts = {lang: {name: text for name in _TEXTS if (text := text_of(fields, f"{name}-{lang}"))} for lang in LANGUAGES}
    told: dict[str, Any] = {
        "caller": text_of(fields, "caller"),
        "kind": text_of(fields, "kind") or "consent",
        "choices": choices,
        "languages": [lang for lang in LANGUAGES if lang in fields.get("lang", ())] or ["nl"],
        "texts": {lang: each for lang, each in texts.items() if each},
        "origins": text_of(fields, "origins").split(),
        "fields": ["email"] if fields.get("email") else [],
        "opt_out": bool(fields.get("opt_out")) or text_of(fields, "kind") != "number",
        "ticked": bool(fields.get("ticked")),
        "required": bool(fields.get("required")),
        **{name: text for name in _LINES if (text := text_of(fields, name))},
    }
    return read_design(told)


def _choice(fields: Fields, row: int) -> dict[str, Any]:
    return {
        "product": text_of(fields, f"product-{row}"),
        "names": {lang: text for lang in LANGUAGES if (text := text_of(fields, f"{lang}-{row}"))},
        "labels": {lang: text for lang in LANGUAGES if (text := text_of(fields, f"label-{lang}-{row}"))},
        "channels": list(fields.get(f"channel-{row}", ())) or ["voice"],
    }
