"""What the service answers, as a program reads it. What it may answer later and this does not know is left out."""

__all__ = [
    "Event",
    "NotRecorded",
    "Outcome",
    "Permit",
    "Problem",
    "Recorded",
    "Row",
    "Use",
    "Verdict",
    "Verdicts",
    "rows_of",
]

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """What was wrong: a stable ``code``, a sentence, the field (a JSON pointer), and what to do."""

    code: str
    detail: str = ""
    pointer: str = ""
    remedy: str = ""
    status: int = 0


class Permit(msgspec.Struct, frozen=True):
    """A permit: the token to show, its id, and until when it is good (ISO 8601)."""

    token: str
    id: str
    expires_at: str


class Event(msgspec.Struct, frozen=True):
    """An event that a verdict rests on."""

    event: str
    at: str
    recorded_at: str
    seq: int | None = None
    id: str | None = None
    source: str | None = None
    row: int | None = None
    by: str | None = None


class Verdict(msgspec.Struct, frozen=True):
    """May the call be made? ``bool(verdict)`` is ``allowed``, and nothing else makes it true.

    ``problem`` says why there is no answer, where there is none: the call is not allowed then. ``entry`` is the verdict's
    place in the log, ``permit`` what a dialer shows; the other fields are those of ``belbaar may-call --json``.
    """

    allowed: bool = False
    number: str = ""
    caller: str = ""
    product: str = ""
    at: str = ""
    known_at: str | None = None
    channel: str = ""
    kind: str = ""
    purpose: str = ""
    presents: str = ""
    ground: str | None = None
    grounds: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    evidence: int | None = None
    evidence_missing: tuple[str, ...] = ()
    evidence_demanded: int = 0
    until: str | None = None
    events: tuple[Event, ...] = ()
    ruleset: str = ""
    ruleset_hash: str = ""
    switched_off: tuple[str, ...] = ()
    metadata: str = ""
    hints: tuple[str, ...] = ()
    entry: int | None = None
    permit: Permit | None = None
    explanation: tuple[str, ...] | None = None
    id: str | None = None
    problem: Problem | None = None

    def __bool__(self) -> bool:
        """Tell whether the call is allowed."""
        return self.allowed is True and self.problem is None


class Row(msgspec.Struct, frozen=True):
    """What came of one question of many: ``verdict``, or ``problem``."""

    id: str | None = None
    allowed: bool = False
    verdict: Verdict | None = None
    problem: Problem | None = None

    def __bool__(self) -> bool:
        """Tell whether the call is allowed."""
        return self.allowed is True and self.problem is None and bool(self.verdict)


class Verdicts(msgspec.Struct, frozen=True):
    """What came of a batch, in its order."""

    verdicts: list[Row]


def rows_of(answer: Verdicts | Problem, count: int) -> list[Row]:
    """Give a row for each of ``count`` questions: a no for all where the answer is none, or not to all of them."""
    if isinstance(answer, Verdicts) and len(answer.verdicts) == count:
        return answer.verdicts
    return [Row(problem=answer if isinstance(answer, Problem) else None)] * count


class Use(msgspec.Struct, frozen=True):
    """What came of a permit that was shown. ``bool(use)``: the call may be made now."""

    allowed: bool = False
    id: str = ""
    entry: int | None = None
    problem: Problem | None = None

    def __bool__(self) -> bool:
        """Tell whether the call may be made."""
        return self.allowed is True and self.problem is None


class Recorded(msgspec.Struct, frozen=True):
    """What came of one event."""

    row_id: str | None = None
    event: str | None = None
    seq: int | None = None
    known: bool = False
    problem: Problem | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What came of events that were sent."""

    new: int
    known: int
    refused: int
    position: int
    results: tuple[Recorded, ...]


class NotRecorded(Exception):
    """It is not known to be recorded: send it again, it does no harm. ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail} {problem.remedy}".strip())
        self.problem = problem
