"""In the place of the proxy of incoming calls: writes down calls as it does, in a service's spool."""

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

PERSON, ANNOYING, MOTHER = "+31201000031", "+31301990077", "+31201990055"
"""Who is called; who calls without showing it; whose number is shown."""


def came_in(folder: Path, at: float, **how: Any) -> dict[str, Any]:
    """Write a call down that came in at an instant (seconds), withheld where nothing else is said."""
    number = how.pop("number", ANNOYING)
    line = {
        "what": "call",
        "at": int(at * 1_000_000),
        "call_id": f"{secrets.token_hex(4)}@peer.example",
        "called": PERSON.lstrip("+"),
        "asserted": f'"Onbekend" <sip:{number}@peer.example;user=phone>',
        "sender": '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=t1',
        "privacy": "id",
        "via": "SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKx",
        "peer": "transit",
        "trust": "national",
        "hidden": 1,
        **how,
    }
    return write(folder, line)


def write(folder: Path, line: dict[str, Any]) -> dict[str, Any]:
    """Write a line."""
    with closing(sqlite3.connect(folder / "calls.db")) as spool, spool:
        query = f"INSERT INTO line ({', '.join(line)}) VALUES ({', '.join('?' * len(line))}) RETURNING id"
        (place,) = spool.execute(query, list(line.values())).fetchone()
    return {**line, "id": place}


def then(folder: Path, call: dict[str, Any], what: str, after: float, **more: Any) -> None:
    """Write down what followed on a call, seconds after it came in."""
    at = call["at"] + int(after * 1_000_000)
    write(folder, {"what": what, "at": at, "call_id": call["call_id"], "of": call["id"], **more})
