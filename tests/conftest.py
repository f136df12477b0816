"""Every array's shape and dtype is checked while tests run; real data is found, or its tests skip loudly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings
from jaxtyping import install_import_hook

install_import_hook("isofront", "beartype.beartype")

# HYPOTHESIS_PROFILE=thorough looks further; the usual run is quick and the same every time.
settings.register_profile("usual", max_examples=25, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=400, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data, or a loud skip."""
    folder = Path(os.environ.get("ISOFRONT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"REAL DATA ABSENT: {folder.name} not found beside the checkout; set ISOFRONT_REAL_DATA")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first, so that a mistake shows within a minute; slow, real and browser tests after them."""
    late = ("slow", "real", "browser")
    items.sort(key=lambda item: any(item.get_closest_marker(name) for name in late))
