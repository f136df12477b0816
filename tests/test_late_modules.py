"""What libraries ask for and nobody uses is loaded by whoever uses it."""

from __future__ import annotations

import subprocess
import sys

ASKED = """
import sys
from isofront.late_modules import load_late
load_late()
load_late()
import scipy.special
assert "numpy.f2py.crackfortran" not in sys.modules, "it was loaded all the same"
import numpy
assert callable(numpy.f2py.run_main)
assert "numpy.f2py.crackfortran" in sys.modules
assert sum(type(one).__name__ == "_Late" for one in sys.meta_path) == 1
"""


def test_the_fortran_wrappers_of_numpy_are_loaded_by_whoever_asks_for_a_name_in_them() -> None:
    done = subprocess.run([sys.executable, "-c", ASKED], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
