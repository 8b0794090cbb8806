"""Canonical bytes: RFC 8785 within the profile ``belbaar-jcs/1``.

    >>> encode({"number": 31201000007, "at": 1796000000000000, "boxes": [{"initial": False, "label": "bellen"}]})
    b'{"at":1796000000000000,"boxes":[{"initial":false,"label":"bellen"}],"number":31201000007}'
    >>> decode(b'{"a":1,"b":"x"}')
    {'a': 1, 'b': 'x'}
    >>> decode(b'{"b":"x", "a":1}')
    Traceback (most recent call last):
    belbaar.errors.InputError: these bytes are JSON, but not canonical.

The profile: objects, arrays, strings, booleans, integers below 2^53 either way; keys of ``a-z 0-9 _``; no null, no
floats, no half characters. So the order of keys is the same in UTF-8 and UTF-16 and no number needs formatting, which
are the two places where canonical JSON goes wrong; and any JSON library with sorted keys writes the same bytes.
"""

__all__ = ["Value", "canonical", "check_integers", "decode", "encode", "template"]

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn

import msgspec

from belbaar.errors import InputError

Value = str | bool | int | list["Value"] | dict[str, "Value"]
"""What the profile can hold."""

_LARGEST = 2**53 - 1
_DEEPEST = 64
_KEY = re.compile(r"[a-z0-9_]+", re.ASCII)
_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder()
_SEEN_KEYS: set[str] = set()
_MOST_SEEN_KEYS = 4096


def encode(value: object) -> bytes:
    """Give the canonical bytes of a value.

    Raises:
        InputError: when it holds what the profile does not know; names the place.
    """
    _check(value, ())
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError as error:
        raise InputError("a text has half a character (a lone surrogate).", todo="Send whole characters.") from error


def template(value: Mapping[str, Value], *integers: str) -> bytes:
    """Write an object of which some integers are filled in later, with ``%``: in the order named here, that of the keys.

    For many objects that differ in these only. Whoever fills in looks first whether the integers are in the profile
    (``check_integers``).

    >>> template({"b": "100%", "a": 7}, "a")
    b'{"a":%d,"b":"100%%"}'

    Raises:
        InputError: as ``encode``; or when a part has a key of such a name too.
    """
    written = encode({**value, **dict.fromkeys(integers, 0)}).replace(b"%", b"%%")
    for name in integers:
        key = b'"%s":' % name.encode()  # within a text its quotes would be escaped
        before, _, after = written.partition(key + b"0")
        if key in before + after:
            _refuse("a part has a key of this name too", (name,))
        written = before + key + b"%d" + after
    return written


def check_integers(values: Sequence[int]) -> None:
    """Look whether integers lie in the profile.

    Raises:
        InputError: when one does not.
    """
    if values and not -_LARGEST <= min(values) <= max(values) <= _LARGEST:
        _refuse("an integer is 2^53 or more", ())


def decode(data: bytes) -> Value:
    """Read canonical bytes; whatever is not written as ``encode`` would write it is refused.

    So duplicate keys, other spellings of a number or a character, and blanks are all refused by one comparison.
    """
    try:
        value = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"these bytes are no JSON: {error}.") from error
    if encode(value) != data:
        raise InputError("these bytes are JSON, but not canonical.")
    return value  # type: ignore[no-any-return]  # _check saw every part of it


def canonical(text: bytes | str) -> bytes:
    r"""Give the canonical bytes of JSON as somebody wrote it: any order, blanks and escapes; nothing twice.

    >>> canonical('{"b": "\u0041", "a": 1}')
    b'{"a":1,"b":"A"}'
    """
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"this is no JSON: {error}.") from error
    except ValueError as error:  # integers of thousands of digits
        raise InputError("an integer is too large.", todo="Write it as a text.") from error
    return encode(value)


def _check(value: object, path: tuple[object, ...]) -> None:
    """Look whether a value lies in the profile; exact types, so that no subclass writes itself differently."""
    if type(value) is str or type(value) is bool:
        return
    if type(value) is int:
        if not -_LARGEST <= value <= _LARGEST:
            _refuse("an integer is 2^53 or more", path)
    elif type(value) is dict:
        if not _SEEN_KEYS.issuperset(value):
            for key in value:
                _check_key(key, path)
        _check_parts(value.items(), path)
    elif type(value) is list:
        _check_parts(enumerate(value), path)
    else:
        _refuse(f"{'null' if value is None else type(value).__name__} is not in the profile", path)


def _check_parts(parts: Iterable[tuple[object, object]], path: tuple[object, ...]) -> None:
    if len(path) == _DEEPEST:
        _refuse(f"it is deeper than {_DEEPEST} levels", path)
    for step, part in parts:
        kind = type(part)
        if kind is not str and kind is not bool and not (kind is int and -_LARGEST <= part <= _LARGEST):  # type: ignore[operator]  # an int by then
            _check(part, (*path, step))  # only what holds parts, or is wrong: most is neither


def _check_key(key: object, path: tuple[object, ...]) -> None:
    if type(key) is not str or not _KEY.fullmatch(key):
        _refuse(f"{key!r} is not a key: a-z, 0-9 and _ only", path)
    if len(_SEEN_KEYS) < _MOST_SEEN_KEYS:
        _SEEN_KEYS.add(key)


def _refuse(what: str, path: tuple[object, ...]) -> NoReturn:
    raise InputError(
        f"this cannot be written canonically: {what}.",
        where=".".join(str(step) for step in path),
        todo="Write instants as UTC microseconds, bytes as hex, and leave out what is not known.",
    )


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    read: dict[str, object] = {}
    for key, value in pairs:
        if key in read:
            raise InputError(f'the key "{key}" is there twice.')
        read[key] = value
    return read


def _no_float(text: str) -> NoReturn:
    raise InputError(f"{text} is not in the profile: integers only.", todo="Write it as a text or in smaller units.")
