"""Loops that numba compiles, for those who installed belbaar[fast].

    @compiled
    def _counted(data: Bytes, first: int, end: int) -> int: ...

Whatever is written so has a slow twin that is the definition; nothing of it is needed for a right answer.
"""

__all__ = ["can_compile", "compiled"]

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import ParamSpec, TypeVar, cast

_P = ParamSpec("_P")
_R = TypeVar("_R")


@cache
def can_compile() -> bool:
    """Tell whether belbaar[fast] is installed; loads nothing."""
    return find_spec("numba") is not None


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile at the first call, once a machine; where numba is not installed the loops run as they are, for tests."""
    if not can_compile():
        return function
    return cast("Callable[_P, _R]", import_module("numba").njit(cache=True, nogil=True)(function))
