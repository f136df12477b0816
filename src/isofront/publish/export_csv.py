"""Cells of a CSV that a spreadsheet opens as text: what begins like a formula gets an apostrophe in front (OWASP)."""

from __future__ import annotations

from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Some spreadsheet runs text that begins so as a formula; the full-width forms too, and all of them behind blanks."""


def safe_cell(value: Any) -> Any:
    """A value as a cell: nothing for None, true and false in small letters, numbers as they are, text made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "")
    runs = any(one.startswith(FORMULA_STARTS) for one in (text, text.lstrip(" \u00a0\ufeff")))
    return f"'{text}" if runs else text
