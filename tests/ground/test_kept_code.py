"""Compiled functions that were kept are opened with their machine code alone, and can still be compiled against."""

from __future__ import annotations

import subprocess
import sys

import numba
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


opened = pytest.mark.skipif(sys.platform not in kept_code.SYSTEMS, reason="here Numba opens its functions itself")


def in_a_process(*code: str) -> None:
    done = subprocess.run([sys.executable, "-c", "".join(code)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@opened
def test_a_kept_function_is_opened_without_the_rules_of_compiling_and_without_its_bitcode() -> None:
    in_a_process(CALL)
    in_a_process(CALL, OPENED)


def test_a_function_can_be_compiled_against_one_that_was_opened() -> None:
    in_a_process(CALL)
    in_a_process(CALL, COMPILED)


@opened
def test_the_numba_that_is_here_was_tried() -> None:
    assert kept_code.open_at_once(), f"try {numba.__version__}, then name it in TRIED"


@pytest.mark.parametrize(
    ("version", "tried"), [("0.68.1", True), ("0.68", True), ("0.6", False), ("0.680.1", False), ("1.68.1", False)]
)
def test_a_numba_that_was_not_tried_opens_its_functions_itself(version: str, tried: bool) -> None:
    assert kept_code._is_tried(version) is tried
