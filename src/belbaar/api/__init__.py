"""The service: the same verdicts over HTTP, with permits, for many organisations on one installation.

``app.create_app`` makes the application of one process, ``settings.Settings`` say how; ``belbaar.serving`` runs it. Nothing
is imported here: a command that makes a key needs ``access``, and not the web server.

From the outside in: ``routes`` are the end points; ``access`` says who asks and for whom it may speak; ``questions`` and
``recording`` read what is sent; ``desk`` is the one place where anything is written; ``answering`` and ``permits`` are
what is answered.
"""

__all__: tuple[str, ...] = ()
