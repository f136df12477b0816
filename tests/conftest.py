"""Array shapes and dtypes are checked while tests run; real data and a browser are found, or tests skip loudly."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps
from inspect import isfunction
from itertools import count
from pathlib import Path
from random import Random
from types import CodeType
from typing import TYPE_CHECKING, Any

import beartype._check.code.codemain as check_code
import jaxtyping
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
CHECKED_CALLS = 5
"""So many calls of each function are checked in each test: the check costs more than most calls themselves."""
tests_begun, the_test = count(1), [0]
inner: Counter[CodeType] = Counter()
"""How often each function within a function was made in this test."""
jaxtyped = jaxtyping.jaxtyped


def checked(made: Any = None, *, typechecker: Any) -> Any:
    """`jaxtyping.jaxtyped`, but in one test only a function's first calls are checked; all of them when thorough."""
    if made is None:
        return lambda made: checked(made, typechecker=typechecker)
    if THOROUGH or not isfunction(made):
        return jaxtyped(made, typechecker=typechecker)
    if "<locals>" not in made.__qualname__:
        return _at_first(made, lambda: jaxtyped(made, typechecker=typechecker))
    inner[made.__code__] += 1
    if inner[made.__code__] > CHECKED_CALLS:
        return made
    strict = jaxtyped(made, typechecker=typechecker)  # now, while the names around it can be seen
    return _at_first(made, lambda: strict)


def _at_first(made: Any, strictly: Callable[[], Any]) -> Any:
    """The check is built when it is first needed: most functions of a room are called in no test of another."""
    test, left, strict = -1, 0, None

    @wraps(made)
    def call(*args: Any, **named: Any) -> Any:
        nonlocal test, left, strict
        if test != the_test[0]:
            test, left = the_test[0], CHECKED_CALLS
        if left:
            left -= 1
            strict = strict or strictly()
            return strict(*args, **named)
        return made(*args, **named)

    return call


# A check looks at one item of a list, by chance: by a chance of its own, for Hypothesis fails a test while whose values
# are drawn the common one moves, and servers' threads check types while another test draws.
check_code.getrandbits = Random(1).getrandbits
jaxtyping.jaxtyped = checked
jaxtyping.install_import_hook("isofront", "beartype.beartype")

# HYPOTHESIS_PROFILE=thorough looks further; the usual run is quick and the same every time.
settings.register_profile("usual", max_examples=25, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=400, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = [REPOSITORY / "src" / "isofront" / page for page in ("publish/page/map.html", "desk/page/desk.html")]
LONGEST = {"control", "desk", "engine", "page", "publishing", "real", "shop"}
"""Rooms of long files: no process is to be left alone with one of them at the end."""


@pytest.fixture(scope="session")
def one_thread() -> Iterator[None]:
    """On arrays as small as those of tests, threads that wait for each other cost twenty times what they bring."""
    import numba

    before = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(before)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data, or a loud skip."""
    folder = Path(os.environ.get("ISOFRONT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"REAL DATA ABSENT: {folder.name} not found beside the checkout; set ISOFRONT_REAL_DATA")
    return folder


running: list[Browser] = []
"""The browser of this run, once one has started."""


@pytest.fixture(scope="session")
def start_browser() -> Iterator[Callable[[], Browser]]:
    """Gives the one browser of the run: started when first asked for, and again if it died."""
    from browser import READY_MS, chromium_path, launch
    from browser_watch import watched
    from playwright.sync_api import expect, sync_playwright

    path = chromium_path()
    if path is None:
        pytest.skip("CHROMIUM ABSENT: no page was opened; install chromium or google-chrome")
    expect.set_options(timeout=READY_MS)
    with sync_playwright() as playwright:

        def get() -> Browser:
            if not (running and running[-1].is_connected()):
                running.append(watched(launch(playwright, path)))
            return running[-1]

        yield get
        for one in running:
            one.close()


@pytest.fixture(scope="module")
def browser(start_browser: Callable[[], Browser]) -> Iterator[Browser]:
    """A browser without a page; what a file's tests leave open in it is closed after them."""
    unbuilt = [page for page in PAGES if not page.is_file()]
    if unbuilt:
        pytest.skip(f"PAGE NOT BUILT: no page was opened; {unbuilt[0].name} is absent, run `make page`")
    one = start_browser()
    yield one
    for context in one.contexts:
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed test with a browser says what its pages showed and asked for."""
    report = yield
    if report.failed and running and item.get_closest_marker("browser"):
        from browser_watch import sections

        report.sections.extend(sections(running[-1], item, REPOSITORY / "build" / "failed-tests"))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Each test, its fixtures included, checks arrays anew."""
    the_test[0] = next(tests_begun)
    inner.clear()
    return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In one process quick tests go first, so that a mistake shows soon; in several, the files that take longest."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.path.parent.name not in LONGEST)
    else:
        items.sort(key=lambda item: any(item.get_closest_marker(name) for name in ("slow", "real", "browser")))
