"""The number of threads changes no bit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import hashlib
from isofront.control import show
from small_war import SIDES, posterior, reports
found = posterior(reports(3, 70))
field = show(found, SIDES)
parts = [found.mean(), found.variance(), field.p_held, field.control, field.p_present, field.unobserved, field.touched]
print(hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest())
"""


def digest(threads: int) -> str:
    names = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = os.environ | {name: str(threads) for name in names} | {"OMP_WAIT_POLICY": "PASSIVE"}
    command = [sys.executable, "-c", CODE]
    here = Path(__file__).parent
    done = subprocess.run(command, env=environment, cwd=here, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.slow
def test_one_and_four_threads_and_a_fresh_process_give_the_same_bits():
    assert digest(1) == digest(4)
