"""Where a command's memory comes from."""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
"""The names of options in glibc's malloc.h."""

_LARGEST_KEPT = 32 * 1024 * 1024
"""Glibc's own upper limit for pieces of memory that do not come from the system one by one."""


def share_one_heap() -> bool:
    """Let all threads take memory from one heap, where the C library would give each its own; whether it could be told.

    What one thread gives back another can then take: days drafted side by side need a tenth less memory, and are
    drafted as fast. Only glibc has the option; threads that have begun keep the heap they have.
    """
    return _told(_M_ARENA_MAX, 1)


def keep_what_is_freed() -> bool:
    """Give no memory back to the system before the command ends; whether it could be told.

    For a command that is over soon: large arrays come and go all the time, and fresh memory has to be cleared page by
    page, a third of all pages that a brief asks for.
    """
    return _told(_M_MMAP_THRESHOLD, _LARGEST_KEPT) and _told(_M_TRIM_THRESHOLD, 2**31 - 1)


def _told(option: int, value: int) -> bool:
    """Only glibc has such options."""
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and bool(mallopt(option, value))
