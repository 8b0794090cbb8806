"""Judge bare digits: the number they reach, or the code that says why it is never called.

>>> judge("0201234567", "NL")
(31201234567, '')
>>> judge("09008844", "NL")
(None, 'not-callable')
"""

__all__ = ["judge"]

from belbaar.numbers import library
from belbaar.numbers.library import Kind


def judge(digits: str, region: str) -> tuple[int | None, str]:
    """Give the number, or None and the refusal code."""
    number = library.dial(digits, region)
    if isinstance(number, str):
        return None, number
    kind = library.kind(number)
    if kind is Kind.LINE:
        return number, ""
    if kind is Kind.PAID or (kind is Kind.SHORT and str(number).endswith(digits.lstrip("+"))):
        return None, "not-callable"
    return None, _missed(number)


def _missed(number: int) -> str:
    kinds = {library.kind(number // 10**cut) for cut in range(1, 10)}
    if Kind.LINE in kinds:
        return "too-long"
    if Kind.PAID in kinds:
        return "not-callable"
    national = len(str(number)) - len(library.calling_code(str(number)))
    return "too-short" if national < 8 else "too-long" if national > 11 else "not-valid"  # noqa: PLR2004 for now
