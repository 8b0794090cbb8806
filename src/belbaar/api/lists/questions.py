"""What is asked of a list: the fields of the form it is uploaded with, as ``belbaar screen`` has them."""

__all__ = ["FORMATS", "ListQuestion", "call_of", "check_question", "compare_at", "options_of", "read_question"]

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec

from belbaar.errors import InputError
from belbaar.law.calendar import at_same_time
from belbaar.ledger import Caller
from belbaar.numbers import read
from belbaar.reading import ZONE, read_instant, read_presents
from belbaar.tables.values import is_day
from belbaar.verdict import Call
from belbaar.verdict.laws import installed_laws
from belbaar.verdict.levels import check_level
from belbaar.verdict.question import call_facts
from belbaar.verdict.screening import ListOptions

_Short = Annotated[str, msgspec.Meta(max_length=200)]
FORMATS = ("csv", "xlsx", "parquet", "jsonl")


class ListQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which numbers of a list may this caller call, for this product, at this moment?

    Args:
        caller: the id of the caller on whose behalf.
        product: what the calls are about, a dotted path such as ``energy.electricity``.
        at: the moment at which you mean to call; ISO 8601. Left out: when it was uploaded.
        channel: ``voice``, ``robocall`` or ``sms``.
        kind: ``marketing``, ``service`` or ``research``.
        purpose: ``commercial``, ``ideal`` or ``charitable``; left out: by the caller's sector.
        presents: the number the calls show, or ``anonymous``; left out: the caller's first.
        evidence: the least level of evidence that a consent must have, 0 to 4.
        compare: another day or moment, to tell what changes.
        column: the column with the numbers; may be given again. Left out: found out, as are the next three.
        delimiter: what parts two fields of CSV; one character, or ``tab``.
        encoding: of CSV, such as ``cp1252``.
        sheet: of a workbook.
        region: the country of numbers without a country code.
        law: an announced law to judge by: a preview, which is not logged.
        format: ``csv``, ``xlsx``, ``parquet`` or ``jsonl``; left out: as it was uploaded.
        id: your own id of this list, given back with every answer.
    """

    caller: _Short
    product: _Short
    at: _Short = ""
    channel: _Short = "voice"
    kind: _Short = "marketing"
    purpose: _Short = ""
    presents: _Short = ""
    evidence: int = 0
    compare: _Short = ""
    column: Annotated[list[_Short], msgspec.Meta(max_length=100)] = msgspec.field(default_factory=list)
    delimiter: _Short = ""
    encoding: _Short = ""
    sheet: _Short = ""
    region: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] = "NL"
    law: _Short = ""
    format: Literal["", "csv", "xlsx", "parquet", "jsonl"] = ""
    id: _Short = ""


def read_question(fields: Mapping[str, Sequence[str]]) -> ListQuestion:
    """Read the fields of a form.

    Raises:
        InputError: names the field that is missing, unknown, malformed, or given twice.
    """
    values: dict[str, Any] = {}
    for name, given in fields.items():
        if name != "column" and len(given) > 1:
            raise InputError("this field is given twice.", where=f"/{name}", todo="Give it once.", code="malformed")
        values[name] = list(given) if name == "column" else given[0]
    try:
        question = msgspec.convert(values, ListQuestion, strict=False)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        field = where.rstrip("`").split("[")[0]
        raise InputError(f"{what}.", where=f"/{field}" if field else "", code="malformed") from error
    call_of(question, 0)
    options_of(question)
    return question


def call_of(question: ListQuestion, at: int) -> Call:
    """Give the call that a list is asked about; its number plays no part. ``at``: when the question leaves that out."""
    return Call(
        number=0,
        caller=question.caller,
        at=read_instant(question.at, "/at") if question.at else at,
        product=question.product,
        channel=question.channel,
        kind=question.kind,
        purpose=question.purpose or None,
        presents=read_presents(question.presents, "/presents"),
    )


def compare_at(question: ListQuestion, at: int) -> int | None:
    """Give the other instant that is asked about: of a day, at the time of day of ``at``."""
    if not question.compare:
        return None
    other = read_instant(question.compare, "/compare")
    return at_same_time(other, at, ZONE) if is_day(question.compare) else other


def options_of(question: ListQuestion, in_memory: int | None = None) -> ListOptions:
    """Give what the sender says about the list."""
    return ListOptions(
        columns=tuple(question.column),
        delimiter=question.delimiter or None,
        encoding=question.encoding or None,
        sheet=question.sheet or None,
        region=question.region,
        law=question.law or None,
        evidence=check_level(question.evidence, "/evidence"),
        in_memory=in_memory,
    )


def check_question(question: ListQuestion, caller: Caller, off: frozenset[str]) -> None:
    """Look whether a question can be answered, before its list is.

    Raises:
        InputError: names the field.
    """
    try:
        call_facts(call_of(question, 0), caller)
        compare_at(question, 0)
        installed_laws(off=off, preview=question.law or None)
        read("", question.region)
    except InputError as error:
        if not error.where.startswith("/"):
            error.where = f"/{error.where}" if error.where in ListQuestion.__struct_fields__ else ""
        raise
