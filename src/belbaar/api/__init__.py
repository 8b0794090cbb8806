"""The service: the same verdicts over HTTP, with permits, for many organisations on one installation.

``create_app`` makes the application of one process, ``Settings`` say how; ``belbaar.serving`` runs it.

From the outside in: ``routes`` are the end points; ``access`` says who asks and for whom it may speak; ``questions`` and
``recording`` read what is sent; ``desk`` is the one place where anything is written; ``answering`` and ``permits`` are
what is answered.
"""

__all__ = ["Settings", "create_app", "read_settings"]

from belbaar.api.app import create_app
from belbaar.api.settings import Settings, read_settings
