"""Take the dress off a number: labels, remarks, extension and punctuation, down to bare digits.

    >>> undress("Tel. 0031 (0)20-123 45 67 toestel 12 (na 18u)")
    Bare(digits='00310201234567', extension='12')
    >>> undress("020-1234567 / 010-1234567")
    'two-numbers'

The answer is `Bare` or a refusal code. What the digits mean is for the numbering plan; here only writing is judged.
Letters are never read as digits: what is no known label, remark or extension makes the cell "not-a-number".
"""

__all__ = ["Bare", "undress"]

import re
from typing import NamedTuple

from belbaar.numbers.characters import plain


class Bare(NamedTuple):
    """A number without its dress: digits, with a plus in front when it was international; the extension apart."""

    digits: str
    extension: str = ""


# A word that says what the number is. One letter only with a mark behind it, so that "T020" stays a puzzle.
_WORD = (
    r"tel(?:efoon)?[ .-]{0,2}(?:nr|nummer|no)?|(?:tele)?phone|mob(?:iele?|ile)?|gsm|cell|fax|vast|thuis|werk|priv[eé]|zakelijk"
    r"|kantoor|nummer|nr|no|home|work|office|callto|whatsapp|sms|t[eé]l|tfn|handy|[tmwp](?=[.:\s])"
)
_LABELS = re.compile(rf"^(?:(?:{_WORD})(?![^\W\d_])[\s.:=/-]*)+", re.IGNORECASE)
# A word that begins a remark behind the number; to the end of the cell.
_REMARK = re.compile(
    r"(?:\s|[,;])[\s,;-]*(?:na|voor|vanaf|tot|tussen|alleen|niet|graag|bellen|bel|overdag|'?s[ -]?(?:avonds|morgens|middags)"
    rf"|vragen|t\.?a\.?v\.?|after|before|only|{_WORD})(?![^\W\d_]).*$",
    re.IGNORECASE | re.DOTALL,
)
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*[^\W\d_][^()\[\]{}]*)[)\]}]")
_LOOKALIKE = re.compile(r"[\dOoIilSBZQD\s.\-]*")  # "(O)" may be meant for "(0)": no remark, and no zero either
_EXTENSION = re.compile(
    r"[\s,;(-]*(?:;ext=|(?:ext(?:ension|n)?|toest(?:el(?:nummer|nr)?)?|tst|intern|doorkies(?:nummer|nr)?)(?![^\W\d_])"
    r"|(?<=[\d\s)])x|#|,,+)[\s.:]*(\d{1,7})\s*\)?$",
    re.IGNORECASE,
)
_CONTEXT = re.compile(r";phone-context=(\+\d{1,3})(?=;|$)", re.IGNORECASE)
_PARAMETER = re.compile(r";(?:isub|phone-context)=[^;]*(?=;|$)", re.IGNORECASE)

_BARE = re.compile(r"\+?[0-9]+")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?\s?[eE]\s?[+-]?\d{1,3}")
_FLOAT = re.compile(r"(\+?\d+)[.,]0{1,2}")
_NEGATIVE = re.compile(r"-\d+(?:[.,]\d*)?")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|[12]\d|3[01])\2(?:19|20)\d\d)(?:[ ,]+\d{1,2}:\d\d.*)?"
)
_FORCED = re.compile(r'=\s*(?:"([^"]*)"?|(?=\+))')  # how people, and spreadsheets, force text in a CSV

_HARD = re.compile(r"[/;,|&\n\r]+|(?<![a-z])(?:of|en|or|and|und|oder|et|ou|ook|resp\.?)(?![a-z])", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_SEPARATORS = re.compile(r"[\s\-./\\()\[\]{}'\"~_:,;|&]+")
_DIGIT = re.compile(r"[0-9]")
_NO_DIGITS = bytes(set(range(128)) - set(b"0123456789"))

_HALF = 6  # digits on both sides of a separator: two numbers
_ENOUGH = 7  # digits in front of a remark without brackets
_WHOLE = 9  # so many digits are a number by themselves
_LETTER_SPLIT = 8  # letters between so many digits part two numbers
_LONGEST = 250  # characters, as in the library; more is a letter
_GAP = re.compile(r"(?:(?<=\s)|(?=\+))[^\d+]*([0+])")
_WORDY = re.compile(r"[^\s\d\-./\\()+'\"]")  # more than punctuation
_PLUSES = re.compile(r"\+{1,3}(\d+)")


def undress(text: str) -> Bare | str:
    """Take off all that is not the number itself, or say by a refusal code why that cannot be done."""
    if _BARE.fullmatch(text):
        return Bare(text)
    text = plain(text).strip().strip("\"'").strip()
    if forced := _FORCED.match(text):
        text = (forced[1] or text[forced.end() :]).strip()
    if not text:
        return "empty"
    if not _DIGIT.search(text) or _NEGATIVE.fullmatch(text) or _DATE.fullmatch(text):
        return "not-a-number"
    if _SCIENTIFIC.fullmatch(text):
        return "precision-lost"
    if whole := _FLOAT.fullmatch(text):
        return _digits(whole[1], "")
    if len(text) > _LONGEST:
        return "not-a-number"
    return _without_words(text) if _WORDY.search(text) else _core(text, "")


def _without_words(text: str) -> Bare | str:
    text, context = _without_uri(_LABELS.sub("", text, count=1))
    core, extension = text, ""
    if found := _EXTENSION.search(core):
        core, extension = core[: found.start()], found[1]
    for remark in (*_BRACKETS.finditer(core), *_REMARK.finditer(core)):
        if _count(remark[0]) >= _HALF <= _count(core) - _count(remark[0]):
            return "two-numbers"
    core = _REMARK.sub(_cut, _BRACKETS.sub(_blank, core))
    if not extension and (found := _EXTENSION.search(core)):
        core, extension = core[: found.start()], found[1]
    return _core(context + core if core.lstrip()[:1] != "+" else core, extension)


def _core(text: str, extension: str) -> Bare | str:
    return "two-numbers" if _holds_two(text) else _digits(text, extension)


def _without_uri(text: str) -> tuple[str, str]:
    """Take the parameters of a tel: link apart; a number local to a country gets its code in front."""
    context = _CONTEXT.search(text)
    return _PARAMETER.sub("", text), context[1] if context else ""


def _blank(bracket: re.Match[str]) -> str:
    """Drop a remark in brackets, unless it may hold a part of the number."""
    held = _count(bracket[0]) and _count(bracket.string[bracket.end() :])
    return bracket[0] if held or _LOOKALIKE.fullmatch(bracket[1]) else " "


def _cut(remark: re.Match[str]) -> str:
    """Drop a remark behind a number, but not words that may be the rest of it (0800 BEL ...)."""
    return "" if _count(remark.string[: remark.start()]) >= _ENOUGH else remark[0]


def _count(text: str) -> int:
    return len(text.encode("ascii", "ignore").translate(None, _NO_DIGITS))


def _holds_two(text: str) -> bool:
    """Say whether digits on both sides of a separator, of letters, or of a gap are enough for two numbers."""
    if _count(text) <= _WHOLE:
        return False
    pieces = [count for piece in _HARD.split(text) if (count := _count(piece))]
    if sum(count >= _HALF for count in pieces) > 1 or any(count >= _WHOLE for count in pieces[:-1]):
        return True
    if sum(_count(piece) >= _LETTER_SPLIT for piece in _LETTERS.split(text)) > 1:
        return True
    return any(
        _count(text[: gap.start()]) >= (_HALF if gap[1] == "+" else _WHOLE) <= _count(text[gap.start() :])
        for gap in _GAP.finditer(text, 1)
    )


def _digits(text: str, extension: str) -> Bare | str:
    bare = _SEPARATORS.sub("", text)
    if bare.isascii() and bare.isdigit():
        return Bare(bare, extension)
    if found := _PLUSES.fullmatch(bare):
        return Bare("+" + found[1], extension)
    return "not-a-number"
