"""The books of an organisation over HTTP: callers, agents, products, mandates, keys; what changes them is audited."""

__all__ = ["Books"]

from belbaar.api.books.acting import Books
