"""What called persons ask, and what comes of it: proof, erasure, correction, and what they complain about.

    new ──► in progress ──► answered          each step an entry of the log; each kind with its last day (``terms``)

``cases`` keeps them, ``hand`` is who acts. Who asks and what they wrote is sealed, and goes when its time is over. Nothing
here knows the time or a front door: both are passed in.
"""

__all__ = ["Asking", "Hand", "Papers", "Reader", "Request", "answer", "open_request", "open_requests", "request_of"]

from belbaar.requests.cases import Asking, Papers, Request, answer, open_request, open_requests, request_of
from belbaar.requests.hand import Hand, Reader
