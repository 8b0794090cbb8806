"""Product paths: dotted, lower case, from broad to narrow; ``*`` is everything.

>>> ancestors("energy.gas.grid")
('energy.gas.grid', 'energy.gas', 'energy')
>>> related("energy", "energy.gas"), related("energy.electricity", "energy.gas")
(True, False)
"""

__all__ = ["ALL", "ProductSets", "ancestors", "check_product", "product_sets", "related", "segment"]

import re
from collections.abc import Mapping
from dataclasses import dataclass

from belbaar.errors import InputError

ALL = "*"
_PATH = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


def check_product(text: str, *, all_allowed: bool = True) -> str:
    """Return the path if it is well formed.

    Raises:
        InputError: when it is not, or when it is ``*`` where one product must be named.
    """
    if text == ALL:
        if all_allowed:
            return text
        raise InputError('A call is about one product, never "*".', todo='Name it, such as "energy.electricity".')
    if not _PATH.fullmatch(text):
        raise InputError(
            f'"{text}" is not a product path.',
            todo='Write lower-case words of letters, digits and hyphens, joined by dots: "energy.electricity".',
        )
    return text


def ancestors(path: str) -> tuple[str, ...]:
    """Give the path itself and all above it, narrowest first."""
    parts = path.split(".")
    return tuple(".".join(parts[:length]) for length in range(len(parts), 0, -1))


def segment(path: str) -> str:
    """Give the first segment: products that share it are similar."""
    return path.split(".", 1)[0]


def related(one: str, other: str) -> bool:
    """Tell whether one path equals, lies above or lies below the other; ``*`` is above all."""
    return ALL in (one, other) or f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


@dataclass(frozen=True, slots=True)
class ProductSets:
    """For one product asked, the ids of those known that matter to it; field names are the cards' sets."""

    covering: tuple[int, ...]
    similar: tuple[int, ...]
    related: tuple[int, ...]


def product_sets(asked: str, known: Mapping[str, int]) -> ProductSets:
    """Work out the sets of a product among the known ones, where ``*`` has its id too.

    >>> product_sets("energy.gas", {"*": 0, "energy": 1, "energy.gas.grid": 2, "telecom": 3})
    ProductSets(covering=(0, 1), similar=(0, 1), related=(0, 1, 2))
    """

    def ids(*paths: str) -> tuple[int, ...]:
        return tuple(sorted(known[path] for path in (ALL, *paths) if path in known))

    return ProductSets(
        covering=ids(*ancestors(asked)),
        similar=ids(segment(asked)),
        related=ids(*(path for path in known if path != ALL and related(path, asked))),
    )
