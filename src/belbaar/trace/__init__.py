"""The trace desk: who was behind an anonymous call, by article 11.11 Tw, and what subscribers refuse by article 11.9.

    proxy ── lines ──► spool ──► calls ──► cases ──► looking ──► deciding ──► letters
                                             └─► exchange with another provider

Who called is sealed. It is read inside a case only, with a reason, and each time that is an entry of the log.
"""

__all__ = ["Case", "Hand", "Reader", "Request", "case_of", "cases", "open_case"]

from belbaar.trace.cases import Case, case_of, cases, open_case
from belbaar.trace.hand import Hand, Reader
from belbaar.trace.requests import Request
