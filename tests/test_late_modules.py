"""What libraries load and nobody uses is loaded by whoever uses it; help that nobody reads stays as it is."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

from isofront.late_modules import TRIED

BEGUN = """
import sys
from isofront.late_modules import load_late
load_late()
load_late()
assert sum(type(one).__name__ == "_Finder" for one in sys.meta_path) == 1
"""
FORTRAN = """
import scipy.special, numpy
assert "numpy.f2py.crackfortran" not in sys.modules, "it was loaded all the same"
assert callable(numpy.f2py.run_main)
assert "numpy.f2py.crackfortran" in sys.modules
"""
HELP = """
import numpy, scipy.linalg, scipy.ndimage, scipy.special
assert scipy.linalg.solve([[2.0]], [1.0]).tolist() == [0.5]
assert scipy.ndimage.gaussian_filter(numpy.ones(5), 1.0).round(9).tolist() == [1.0] * 5
assert abs(scipy.special.logsumexp([0.0, 0.0]) - 0.6931471805599453) < 1e-12
assert "Solve" in scipy.linalg.solve.__doc__
assert "Gaussian" in scipy.ndimage.gaussian_filter.__doc__
import scipy._lib._docscrape as reader
assert reader.FunctionDoc.__module__ == "isofront.late_modules"
"""
OTHER_SCIPY = """
from isofront import late_modules
late_modules.TRIED = ("0.1",)
import scipy.linalg
assert scipy.linalg.solve([[2.0]], [1.0]).tolist() == [0.5]
import scipy._lib._docscrape as reader
assert reader.FunctionDoc.__module__ == reader.__name__
"""


def in_a_process(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", BEGUN + code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_fortran_wrappers_of_numpy_are_loaded_by_whoever_asks_for_a_name_in_them() -> None:
    in_a_process(FORTRAN)


def test_scipys_functions_work_and_keep_their_help_though_nobody_reads_it() -> None:
    in_a_process(HELP)


def test_a_scipy_that_was_not_tried_reads_its_help_itself() -> None:
    in_a_process(OTHER_SCIPY)


def test_the_scipy_that_is_here_was_tried() -> None:
    release = ".".join(version("scipy").split(".")[:2])
    assert release in TRIED, f"try {release}, then name it in TRIED"
