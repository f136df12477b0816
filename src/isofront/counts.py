"""How many of what, in words: one row, two rows."""

from __future__ import annotations

__all__ = ["counted"]


def counted(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun; `many` where the plural is not the noun with an s: `counted(1, "entry", "entries")`."""
    return f"{n:,} {one if n == 1 else many or f'{one}s'}"
