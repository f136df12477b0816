"""Threads take memory from one heap where the C library lets them be told so."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from isofront.heap import keep_what_is_freed, share_one_heap

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
    assert keep_what_is_freed() is False
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert share_one_heap() is False


KEPT = """
import ctypes
from isofront.heap import keep_what_is_freed
assert keep_what_is_freed()
def faults():
    import resource
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
def once():
    piece = libc.malloc(20_000_000)
    ctypes.memset(piece, 1, 20_000_000)
    libc.free(ctypes.c_void_p(piece))
once()
before = faults()
once()
assert faults() - before < 2000, "the same memory was asked for again"
"""


@glibc
def test_memory_that_a_short_command_freed_is_there_for_its_next_array() -> None:
    done = subprocess.run([sys.executable, "-c", KEPT], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
