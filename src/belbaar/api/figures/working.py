"""A process that computes one figure and ends: ``python -m belbaar.api.figures.working ORGANISATION NAME``."""

__all__ = ["main"]

import os
import secrets
import sys

import msgspec

from belbaar.api.figures.computing import impact_of, today_of
from belbaar.api.figures.keeping import TODAY, keep
from belbaar.api.lists.files import forget, make_folder
from belbaar.api.looking import STORE
from belbaar.clock import now_us
from belbaar.opening import opened

_SPILL = "figures-"


def main(target: str, organisation: int, name: str) -> None:
    """Compute a figure, and keep it. What spills lies where lists do: should this be killed it is cleared with those."""
    os.umask(0o077)
    spill = make_folder(target, f"{_SPILL}{secrets.token_hex(8)}")
    try:
        with opened(target) as store:
            now = now_us()
            if name == TODAY:
                body = msgspec.json.encode(today_of(store, organisation, now, spill=spill))
            else:
                _, day, months = name.split("/")
                body = msgspec.json.encode(
                    impact_of(store, organisation, now, day=day, months=int(months), spill=spill)
                )
            keep(store, organisation, name, at=max(now, now_us()), body=body.decode())
    finally:
        forget(spill)


if __name__ == "__main__":
    main(os.environ[STORE], int(sys.argv[1]), sys.argv[2])
