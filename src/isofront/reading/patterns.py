"""Word lists as regular expressions."""

from __future__ import annotations

import re


def either(patterns: list[str]) -> str:
    """Patterns as one group, the longest first, so that "more than" wins over "more"."""
    return "(?:" + "|".join(sorted(patterns, key=len, reverse=True)) + ")"


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern that finds capitals and small letters alike."""
    return re.compile(pattern, re.IGNORECASE)
