"""Numbers as people write them, and as they are shown to people who may not all know them.

>>> hidden(31612345678), local(31201990001)
('06 •••••678', '020 199 0001')
"""

__all__ = ["hidden", "local"]

import re

import phonenumbers

from belbaar.numbers.notation import e164

_HOME = 31


def local(number: int) -> str:
    """Give a number as it is dialled at home; another country's with its code."""
    read, form = phonenumbers.parse(e164(number)), phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(read, form.NATIONAL if read.country_code == _HOME else form.INTERNATIONAL)


def hidden(number: int) -> str:
    """Give a number of which only its owner knows the whole: the first two and the last three digits show."""
    shown = local(number)
    places = [place for place, sign in enumerate(shown) if sign.isdigit()]
    covered = set(places[2:-3])
    text = "".join("•" if place in covered else sign for place, sign in enumerate(shown))
    return re.sub(r"[-\s]+", " ", text)
