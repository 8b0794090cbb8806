"""Watching the service: a line of the log, figures and a trace for each request, and nothing personal in any of them.

``watched`` puts this around the application; ``log_config`` says how lines are written; ``metrics`` are the figures.
"""

__all__ = ["log_config", "traced", "watched"]

from belbaar.api.watch.logs import log_config
from belbaar.api.watch.outermost import watched
from belbaar.api.watch.traces import traced
