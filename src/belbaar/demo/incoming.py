"""Calls that came in without a number, as the proxy of a telephone provider writes them down: for the trace desk."""

__all__ = ["call_anonymously"]

import sqlite3
from contextlib import closing
from pathlib import Path

from belbaar.demo.world import CAST
from belbaar.trace.spool import make_spool

_CALLER = "+31301990077"
_HOURS_AGO = (3, 26, 50)
_HOUR = 3_600_000_000


def call_anonymously(folder: Path, now: int) -> None:
    """Write down that somebody was called, again and again, by who hid its number.

    Args:
        folder: of the spool; it is made.
        now: UTC microseconds.
    """
    make_spool(folder)
    with closing(sqlite3.connect(folder / "calls.db")) as spool, spool:
        for place, hours in enumerate(_HOURS_AGO, start=1):
            line = {
                "what": "call",
                "at": now - hours * _HOUR,
                "call_id": f"demo-{place}@peer.example",
                "called": str(CAST["anonymous"].number),
                "asserted": f"<sip:{_CALLER}@peer.example;user=phone>",
                "sender": '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=t1',
                "privacy": "id",
                "via": "SIP/2.0/UDP 192.0.2.7",
                "peer": "transit",
                "trust": "national",
                "hidden": 1,
            }
            names, places = ", ".join(line), ", ".join("?" * len(line))
            spool.execute(f"INSERT INTO line ({names}) VALUES ({places})", list(line.values()))
