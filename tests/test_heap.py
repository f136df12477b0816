"""Threads take memory from one heap where the C library lets them be told so."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from isofront.heap import share_one_heap

COUNT = """
import ctypes, sys, threading
from isofront.heap import share_one_heap
if sys.argv[1] == "one":
    assert share_one_heap()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
ready, done = threading.Barrier(5), threading.Event()
def hold():
    libc.malloc(1000)
    ready.wait()
    done.wait()
for _ in range(4):
    threading.Thread(target=hold).start()
ready.wait()
file = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
done.set()
"""

glibc = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_info"), reason="the C library is not glibc"
)


def heaps(way: str, folder: Path) -> int:
    told = folder / "heaps.xml"
    subprocess.run([sys.executable, "-c", COUNT, way, str(told)], check=True)
    return told.read_text(encoding="utf-8").count("<heap ")


@glibc
def test_threads_that_were_told_so_share_one_heap_and_others_have_several(tmp_path: Path) -> None:
    assert heaps("one", tmp_path) == 1
    assert heaps("each", tmp_path) > 1


def test_where_the_c_library_has_no_such_option_nothing_is_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert share_one_heap() is False
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert share_one_heap() is False
