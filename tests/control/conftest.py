"""Arrays here are small."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="session")
def quick(one_thread: None) -> None:
    """All tests here run on one thread."""
