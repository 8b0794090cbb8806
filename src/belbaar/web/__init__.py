"""The pages: for the officer, for the person who is called, and where consent begins.

``create_app`` makes the application of one process: the service's own, and the pages beside it. Pages are made on the
server, work without a script, and are there in Dutch (``/nl/…``) and English (``/en/…``).
"""

__all__ = ["create_app"]

from belbaar.web.app import create_app
