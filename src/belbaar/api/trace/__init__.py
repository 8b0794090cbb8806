"""The trace desk over HTTP: what officers of a provider ask of ``belbaar.trace``, and how its steps get into the log."""

__all__ = ["Tracing"]

from belbaar.api.trace.tracing import Tracing
