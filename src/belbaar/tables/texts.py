"""Any Arrow column as text, nothing lost: what is not there is the empty text.

>>> as_text(pa.array([31101462206, None])).to_pylist()
['31101462206', '']
>>> as_text(pa.array([97014742997.0, float("nan"), 1e22])).to_pylist()
['97014742997.0', '', '1e+22']
>>> as_text(pa.array([[1, 2], None])).to_pylist()
['[1, 2]', '']
"""

import json

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["as_text"]


def as_text(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Render a column as text: digits as they are, dates as ISO 8601, truths as true and false, nests as JSON."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return pc.fill_null(_rendered(column), "")


def _rendered(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_float64(kind):  # Arrow would write 9.7014742997e+10
        texts = (None if x is None or x != x else repr(x) for x in column.to_pylist())  # noqa: PLR0124  nan is not itself
        return pa.array(texts, pa.string())
    if pa.types.is_nested(kind):
        nests = column.to_pylist()
        texts = (None if nest is None else json.dumps(nest, ensure_ascii=False, default=str) for nest in nests)
        return pa.array(texts, pa.string())
    if pa.types.is_timestamp(kind):
        return _instants(column)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return _bytes(column)
    return column.cast(pa.string())


def _instants(column: pa.Array) -> pa.Array:
    """Write 2021-07-01T14:05:00 and not 2021-07-01 14:05:00.000000."""
    texts = pc.replace_substring(column.cast(pa.string()), " ", "T")
    texts = pc.replace_substring_regex(texts, r"\.0+(Z|[+\-]\d{4})?$", r"\1")
    return pc.replace_substring_regex(texts, r"([+\-]\d\d)(\d\d)$", r"\1:\2") if column.type.tz else texts


def _bytes(column: pa.Array) -> pa.Array:
    try:
        return column.cast(pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:  # no text: its bytes in hexadecimal
        return pa.array((None if raw is None else raw.hex() for raw in column.to_pylist()), pa.string())
