"""Forms as officers fill them in on a page: from fields to a design and back, one place for both ways.

>>> filled = {"caller": "voltix", "kind": "consent", "product-1": "energy", "nl-1": "gas", "lang": "nl", "channel-1": "voice"}
>>> design_of({name: [value] for name, value in filled.items()}).choices[0].names
{'nl': 'gas'}
"""

__all__ = ["LANGUAGES", "NO_DESIGN", "ROWS", "Fields", "design_of", "first_design"]

from collections.abc import Mapping, Sequence
from typing import Any

from belbaar.capture.design import Design, read_design

LANGUAGES = ("nl", "en")
ROWS = 6
"""Boxes that a form can have on the page."""
Fields = Mapping[str, Sequence[str]]
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
    choices = [_choice(fields, row) for row in range(1, ROWS + 1) if _one(fields, f"product-{row}")]
    texts = {lang: {name: text for name in _TEXTS if (text := _one(fields, f"{name}-{lang}"))} for lang in LANGUAGES}
    told: dict[str, Any] = {
        "caller": _one(fields, "caller"),
        "kind": _one(fields, "kind") or "consent",
        "choices": choices,
        "languages": [lang for lang in LANGUAGES if lang in fields.get("lang", ())] or ["nl"],
        "texts": {lang: each for lang, each in texts.items() if each},
        "origins": _one(fields, "origins").split(),
        "fields": ["email"] if fields.get("email") else [],
        "opt_out": bool(fields.get("opt_out")) or _one(fields, "kind") != "number",
        "ticked": bool(fields.get("ticked")),
        "required": bool(fields.get("required")),
        **{name: text for name in _LINES if (text := _one(fields, name))},
    }
    return read_design(told)


def _choice(fields: Fields, row: int) -> dict[str, Any]:
    return {
        "product": _one(fields, f"product-{row}"),
        "names": {lang: text for lang in LANGUAGES if (text := _one(fields, f"{lang}-{row}"))},
        "labels": {lang: text for lang in LANGUAGES if (text := _one(fields, f"label-{lang}-{row}"))},
        "channels": list(fields.get(f"channel-{row}", ())) or ["voice"],
    }


def _one(fields: Fields, name: str) -> str:
    return (fields.get(name) or [""])[0].strip()
