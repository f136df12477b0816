"""Kinds of arrays are checked here and nowhere else: no part of the product needs what checks them."""

from __future__ import annotations

import subprocess
import sys

import jaxtyping

from isofront import arrays

EVERY_PART = """
import importlib, pkgutil, sys
sys.modules["jaxtyping"] = sys.modules["beartype"] = None  # asked for, they are not there
import isofront
for part in pkgutil.walk_packages(isofront.__path__, "isofront."):
    if part.name != "isofront.__main__":
        importlib.import_module(part.name)
from isofront import arrays
import numpy
assert arrays.Float[numpy.ndarray, "ny nx"] is numpy.ndarray
"""


def test_tests_check_the_kinds_of_arrays() -> None:
    assert {getattr(arrays, name) is getattr(jaxtyping, name) for name in arrays.__all__} == {True}


def test_every_part_loads_where_nothing_checks_them() -> None:
    done = subprocess.run([sys.executable, "-c", EVERY_PART], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
