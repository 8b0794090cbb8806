"""Messy to exact: what people send becomes a telephone number in E.164, or a refusal that says why.

    >>> read("0031 (0)20-123 45 67").e164
    '+31201234567'

One number: `read`; a column: `read_many`; the refusal codes and their sentences: `REFUSALS`.
"""

__all__ = [
    "REFUSALS",
    "Reading",
    "Refusal",
    "country",
    "e164",
    "masked",
    "metadata_version",
    "parse_e164",
    "read",
    "read_many",
]

from functools import lru_cache
from typing import TYPE_CHECKING

from belbaar.numbers.notation import country, e164, masked, parse_e164
from belbaar.numbers.reading import Reading, read
from belbaar.numbers.refusals import REFUSALS, Refusal

if TYPE_CHECKING:
    import pyarrow as pa


@lru_cache(maxsize=1)
def metadata_version() -> str:
    """Name the version of the phonenumbers package that readings rest on."""
    from importlib.metadata import version  # noqa: PLC0415  loads slowly

    return version("phonenumbers")


def read_many(raw: "pa.ChunkedArray | pa.Array", region: str = "NL", *, more: bool = False) -> "pa.Table":
    """Read a column as `read` reads one number: same length, same order.

    The columns are number (int64, null when refused), code ("" when readable) and extension. ``more``: many such columns
    follow, so that loading the compiled way pays.
    """
    from belbaar.numbers import column  # noqa: PLC0415  pyarrow loads slowly

    return column.read_many(raw, region, more=more)
