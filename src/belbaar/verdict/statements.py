"""A program as SQL text, rendered once for each dialect and kept while the process lives.

Texts are constant for a ruleset and a product: all of the call and the moment goes in as parameters, for engines
prepare a text once. Ids of products are few, and stand in the text.
"""

__all__ = ["PARAMETERS", "Texts", "texts", "with_sets"]

from dataclasses import dataclass
from functools import lru_cache

from belbaar.law.facts import CALL, FACTS, MOMENT
from belbaar.law.products import ProductSets
from belbaar.law.program import Program, render

PARAMETERS = tuple(name for name, fact in FACTS.items() if fact.scope in (CALL, MOMENT))
"""Names that every statement takes as parameters: the call and the moment."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The parts of a program in one dialect; sets of product ids are still ``{tokens}``."""

    ahead: tuple[tuple[str, str], ...]
    mask: str
    lasts: str
    outcome: str


@lru_cache(maxsize=256)
def texts(program: Program, dialect: str, *, fold_is_given: bool) -> Texts:
    """Render a program. ``fold_is_given``: the fold's columns are parameters too, for an outcome without a table."""
    fold = ("mask", *(extreme.name for extreme in program.extremes)) if fold_is_given else ()
    outcome = ", ".join(
        f"{render(expression, dialect, parameters=(*PARAMETERS, *fold))} AS {name}"
        for name, expression in (
            ("grounds", program.grounds),
            ("vetoes", program.vetoes),
            ("duties", program.duties),
            ("unending", program.unending),
        )
    )
    return Texts(
        ahead=tuple((name, render(when, dialect, parameters=PARAMETERS)) for name, when in program.ahead),
        mask=render(program.mask, dialect, parameters=PARAMETERS),
        lasts=render(program.lasts, dialect, parameters=PARAMETERS),
        outcome=outcome,
    )


def with_sets(text: str, sets: ProductSets) -> str:
    """Put the ids of products into a text."""
    for name in ("covering", "similar", "related"):
        text = text.replace(f"{{{name}}}", ", ".join(map(str, getattr(sets, name))))
    return text
