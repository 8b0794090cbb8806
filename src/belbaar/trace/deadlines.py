"""By when the desk acts, in working days (``belbaar.law.nl.hours``). The law names none for a trace; these are the house's."""

__all__ = ["ANSWER", "ASK", "DECIDE", "KEPT", "TELL"]

from belbaar.law.terms import months

ASK, DECIDE, ANSWER, TELL = 5, 10, 5, 5
"""Working days: for the person to say what is missing, for the desk to decide once nothing is, for another provider to
answer, for who is disclosed to be told. Article 11.11 Tw says that what is asked must be investigated, and not how soon;
CTM 2024 gives five working days where proof is asked for (``nl.show-consent``), so asking takes no longer here."""
KEPT = months(3)
"""Traffic data of an investigation go at the latest so long after it ends: article 11.11 Tw, nl.md section 8."""
