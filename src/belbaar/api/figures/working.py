"""A process that computes one figure and ends: ``python -m belbaar.api.figures.working ORGANISATION NAME``."""

__all__ = ["main"]

import os
import sys

import msgspec

from belbaar.api.figures.computing import impact_of, today_of
from belbaar.api.figures.keeping import TODAY, keep
from belbaar.api.figures.runner import STORE
from belbaar.clock import now_us
from belbaar.opening import opened


def main(target: str, organisation: int, name: str) -> None:
    """Compute a figure, and keep it."""
    with opened(target) as store:
        now = now_us()
        if name == TODAY:
            body = msgspec.json.encode(today_of(store, organisation, now))
        else:
            _, day, months = name.split("/")
            body = msgspec.json.encode(impact_of(store, organisation, now, day=day, months=int(months)))
        keep(store, organisation, name, at=max(now, now_us()), body=body.decode())


if __name__ == "__main__":
    main(os.environ[STORE], int(sys.argv[1]), sys.argv[2])
