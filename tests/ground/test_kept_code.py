"""Compiled functions that were kept are opened with their machine code alone, and can still be compiled against."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

import numba
import numba.core.caching
import pytest

from isofront import kept_code

CALL = """
import sys
import numpy as np
from isofront.ground.distance_kernels import nearest_km
spot, line = np.array([0.5]), np.array([[0.0, 2.0, 1.0, 2.0]])
assert nearest_km(spot, spot, line, 0.0, 9.0).tolist() == [[1.5]]
"""
OPENED = """
assert "numba.cpython.listobj" not in sys.modules, "the rules of compiling were loaded"
(kept,) = nearest_km.overloads.values()
assert type(kept.library).__module__ == "isofront.kept_code"
assert "_shared_module" not in vars(kept.library), "its bitcode was read"
"""
COMPILED = """
from numba import njit

@njit
def twice(spot, line):
    return 2.0 * nearest_km(spot, spot, line, 0.0, 9.0)[0, 0]

assert twice(spot, line) == 3.0
assert sum(nearest_km.stats.cache_misses.values()) == 0
"""
OUTER = """
from isofront.kept_code import njit
from inner_of_test import SHIFT, scaled

@njit(cache=True)
def outer(x):
    return scaled(x) + SHIFT
"""
INNER = """
from isofront.kept_code import njit

SHIFT = 1

@njit(cache=True)
def scaled(x):
    return x * 2
"""

opened = pytest.mark.skipif(sys.platform not in kept_code.SYSTEMS, reason="here Numba opens its functions itself")


def in_a_process(*code: str) -> None:
    done = subprocess.run([sys.executable, "-c", "".join(code)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Writes two modules of which one calls the other's function, and gives that of the first, fresh each time."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(str(tmp_path))
    names = ("inner_of_test", "outer_of_test")

    def fresh(inner: str = INNER) -> Any:
        for name, text in zip(names, (inner, OUTER), strict=True):
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
            sys.modules.pop(name, None)
        invalidate_caches()
        return import_module("outer_of_test").outer

    yield fresh
    for name in names:
        sys.modules.pop(name, None)


def opened_and_compiled(function: Any) -> tuple[int, int]:
    return sum(function.stats.cache_hits.values()), sum(function.stats.cache_misses.values())


@opened
def test_a_kept_function_is_opened_without_the_rules_of_compiling_and_without_its_bitcode() -> None:
    in_a_process(CALL)
    in_a_process(CALL, OPENED)


def test_a_function_can_be_compiled_against_one_that_was_opened() -> None:
    in_a_process(CALL)
    in_a_process(CALL, COMPILED)


@opened
def test_the_numba_that_is_here_was_tried() -> None:
    tried = kept_code.is_tried(numba.__version__, sys.platform)
    assert tried, f"try {numba.__version__}, then name it in TRIED"


@pytest.mark.parametrize(
    ("version", "system", "tried"),
    [
        ("0.68.1", "linux", True),
        ("0.68", "linux", True),
        ("0.6", "linux", False),
        ("0.680.1", "linux", False),
        ("1.68.1", "linux", False),
        ("0.68.1", "win32", False),
    ],
)
def test_a_numba_that_was_not_tried_opens_its_functions_itself(
    begun: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, version: str, system: str, tried: bool
) -> None:
    assert kept_code.is_tried(version, system) is tried
    monkeypatch.setattr(kept_code, "is_tried", lambda *_: tried)
    assert (type(begun()._cache) is numba.core.caching.FunctionCache) is not tried


def test_functions_of_other_packages_are_kept_and_opened_by_numba_itself() -> None:
    cache = numba.core.caching.FunctionCache
    methods = (cache.load_overload, cache.save_overload, numba.core.caching.CompileResultCacheImpl.rebuild)
    assert {method.__module__ for method in methods} == {"numba.core.caching"}


@opened
def test_what_was_kept_is_opened_and_what_was_made_of_other_code_or_numbers_is_not(begun: Callable[..., Any]) -> None:
    assert begun()(3) == 7
    again = begun()
    assert (again(3), opened_and_compiled(again)) == (7, (1, 0))
    other_code = begun(INNER.replace("x * 2", "x * 5"))
    assert (other_code(3), opened_and_compiled(other_code)) == (16, (0, 1))
    other_number = begun(INNER.replace("SHIFT = 1", "SHIFT = 9"))
    assert (other_number(3), opened_and_compiled(other_number)) == (15, (0, 1))


@opened
@pytest.mark.parametrize("torn", [b"", b"\0" * 4096, b"what is this", None], ids=["empty", "zeros", "words", "short"])
@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_what_is_damaged_is_compiled_anew_and_kept_again(
    begun: Callable[..., Any], tmp_path: Path, ending: str, torn: bytes | None
) -> None:
    assert begun()(3) == 7
    for file in tmp_path.rglob(f"*.{ending}"):
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) // 2] if torn is None else torn)
    torn_one = begun()
    assert (torn_one(3), opened_and_compiled(torn_one)) == (7, (0, 1))
    again = begun()
    assert (again(3), opened_and_compiled(again)) == (7, (1, 0))


@opened
def test_machine_code_under_the_name_of_another_is_not_taken_for_it(begun: Callable[..., Any], tmp_path: Path) -> None:
    function = begun()
    assert (function(3), function(0.25)) == (7, 1.5)
    one, other = sorted(tmp_path.rglob("*outer-*.nbc"))
    other.write_bytes(one.read_bytes())
    again = begun()
    assert (again(3), again(0.25)) == (7, 1.5)
    assert opened_and_compiled(again) == (1, 1)


@opened
def test_a_full_disk_keeps_nothing_and_stops_nobody(
    begun: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(numba.core.caching.IndexDataCacheFile, "_open_for_write", full)
    assert begun()(3) == 7
    assert not [*tmp_path.rglob("*.nb?")]


def test_where_no_folder_can_be_written_functions_are_compiled_and_it_is_said_once(
    begun: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(numba.core.caching.CacheImpl, "_locator_classes", [])
    kept_code._say_that_nothing_is_kept.cache_clear()
    assert begun()(3) == 7
    assert caplog.text.count("NUMBA_CACHE_DIR") == 1


@pytest.mark.parametrize(("watched", "said"), [(True, 1), (False, 0)])
def test_who_waits_at_a_terminal_is_told_once_why(monkeypatch, caplog, watched, said):
    monkeypatch.setattr("sys.stderr.isatty", lambda: watched, raising=False)
    kept_code._say_that_it_compiles.cache_clear()
    kept_code._say_that_it_compiles()
    kept_code._say_that_it_compiles()
    assert [one.message.split(":")[0] for one in caplog.records] == ["compiling for this machine"] * said
