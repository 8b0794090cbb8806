"""What stands in a letter, before it is set."""

__all__ = ["Page"]

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A letter.

    Args:
        lang: its language.
        sender: whose letter it is, with ``sender_address``, in lines.
        to: the lines of the address.
        date: in words.
        reference: of the case.
        subject: what it is about.
        paragraphs: what it says.
        signed: below it.
        at: the moment that it tells of, as the file's own date.
    """

    lang: str
    sender: str
    to: tuple[str, ...]
    date: str
    reference: str
    subject: str
    paragraphs: tuple[str, ...]
    signed: str
    at: dt.datetime
    sender_address: tuple[str, ...] = ()
