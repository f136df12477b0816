"""What libraries load and nobody uses is loaded by whoever uses it."""

from __future__ import annotations

import subprocess
import sys

ASKED_LATE = """
import sys
from isofront.late_modules import load_late
load_late()
load_late()
assert sum(type(one).__name__ == "_Finder" for one in sys.meta_path) == 1
import scipy.special, numpy
assert "numpy.f2py.crackfortran" not in sys.modules, "it was loaded all the same"
assert callable(numpy.f2py.run_main)
assert "numpy.f2py.crackfortran" in sys.modules
"""


def test_the_fortran_wrappers_of_numpy_are_loaded_by_whoever_asks_for_a_name_in_them() -> None:
    done = subprocess.run([sys.executable, "-c", ASKED_LATE], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
