"""One thread: on arrays this small, threads that wait for each other cost twenty times what they bring."""

from __future__ import annotations

import numba
import pytest


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(before)
