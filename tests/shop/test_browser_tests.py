"""Tests with a page share one browser."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def test_only_one_place_starts_a_browser() -> None:
    """A second Playwright beside a running one fails: tests take the fixture `browser`."""
    here = [
        path
        for path in TESTS.rglob("*.py")
        if re.search(r"^\s*(from playwright.*sync_playwright|with sync_p)", path.read_text("utf-8"), re.M)
    ]
    assert [path.relative_to(TESTS).as_posix() for path in here] == ["conftest.py"]
