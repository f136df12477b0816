"""Every array's shape and dtype is checked while tests run; real data is found, or its tests skip loudly."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import wraps
from inspect import isfunction
from itertools import count
from pathlib import Path
from typing import Any

import jaxtyping
import pytest
from hypothesis import settings

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
CHECKED_CALLS = 5
"""So many calls of each function are checked in each test: the check costs more than most calls themselves."""
tests_begun, the_test = count(1), [0]
jaxtyped = jaxtyping.jaxtyped


def checked(made: Any = None, *, typechecker: Any) -> Any:
    """`jaxtyping.jaxtyped`, but in one test only a function's first calls are checked; all of them when thorough."""
    if made is None:
        return lambda made: checked(made, typechecker=typechecker)
    strict = jaxtyped(made, typechecker=typechecker)
    return strict if THOROUGH or strict is made or not isfunction(made) else _at_first(strict, made)


def _at_first(strict: Any, made: Any) -> Any:
    test, left = -1, 0

    @wraps(strict)
    def call(*args: Any, **named: Any) -> Any:
        nonlocal test, left
        if test != the_test[0]:
            test, left = the_test[0], CHECKED_CALLS
        if left:
            left -= 1
            return strict(*args, **named)
        return made(*args, **named)

    return call


jaxtyping.jaxtyped = checked
jaxtyping.install_import_hook("isofront", "beartype.beartype")

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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Each test, its fixtures included, checks arrays anew."""
    the_test[0] = next(tests_begun)
    return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first, so that a mistake shows within a minute; slow, real and browser tests after them."""
    late = ("slow", "real", "browser")
    items.sort(key=lambda item: any(item.get_closest_marker(name) for name in late))
