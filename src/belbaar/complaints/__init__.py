"""Complaints: about which call, by whose agent, on whose consent; how many there are, and the source that is stopped.

    complaint ──► linked to call, agent, supplier ──► figures beside the market's ──► a source is stopped: its consents
    are frozen, in the log, and the next verdict is no

A complaint is a request (``belbaar.requests``) with what it is about beside it.
"""

__all__ = ["Complaint", "Filed", "complaints", "figures", "file", "stop_source"]

from belbaar.complaints.figures import figures
from belbaar.complaints.filing import Complaint, Filed, complaints, file
from belbaar.complaints.sources import stop_source
