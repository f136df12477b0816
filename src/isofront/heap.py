"""Where a command's memory comes from."""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
"""The name of the option in glibc's malloc.h."""


def share_one_heap() -> bool:
    """Let all threads take memory from one heap, where the C library would give each its own; whether it could be told.

    What one thread gives back another can then take: days drafted side by side need a tenth less memory, and are
    drafted as fast. Only glibc has the option; threads that have begun keep the heap they have.
    """
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and bool(mallopt(_M_ARENA_MAX, 1))
