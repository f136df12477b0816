"""Another process to draw pictures in while this one still measures and writes, where there are two cores."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec

from isofront.cli import seldom_look_for_rubbish
from isofront.late_modules import load_late

_OWN = ("isofront", "isofront.__main__")
P = ParamSpec("P")
Drawn = Callable[[], bytes]
"""Waits for a picture, and gives it."""


class Elsewhere:
    """Begins pictures in another process; without one, or if it dies, each is drawn here when it is asked for."""

    def __init__(self, pool: Executor | None) -> None:
        self._pool = pool

    def begin(self, draw: Callable[P, bytes], *args: P.args, **named: P.kwargs) -> Drawn:
        """Begin a picture; what comes back waits for it. A fault in drawing is raised there."""
        try:
            begun = None if self._pool is None else self._pool.submit(draw, *args, **named)
        except (BrokenProcessPool, OSError):
            begun = None

        def drawn() -> bytes:
            try:
                return draw(*args, **named) if begun is None else begun.result()
            except BrokenProcessPool:
                return draw(*args, **named)

        return drawn

    def done(self) -> None:
        """Nothing more is begun: the other process ends once what was begun is drawn."""
        if self._pool is not None:
            self._pool.shutdown(wait=False)


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Another process to draw in, awake by the time that the first picture is asked for."""
    alone = (os.cpu_count() or 1) < 2 or not sys.executable or not is_own_program()
    made = None if alone else other_processes(1)
    if made is None:
        yield Elsewhere(None)
        return
    with made as pool:
        try:
            with suppress(BrokenProcessPool, OSError):
                pool.submit(wake)
            yield Elsewhere(pool)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def other_processes(n: int) -> ProcessPoolExecutor | None:
    """Processes to work in; None where the system lets none share a lock: in some containers nobody may write to
    /dev/shm, and Python may have been built without.
    """
    try:
        return ProcessPoolExecutor(n, mp_context=get_context("spawn"))
    except (OSError, ImportError, NotImplementedError):
        return None


def is_own_program() -> bool:
    """Whether this process is `isofront` itself: another's script would be run from its start by a second process."""
    program = sys.modules["__main__"]
    spec = getattr(program, "__spec__", None)
    return (spec.name if spec else Path(getattr(program, "__file__", None) or "").stem) in _OWN


def wake() -> None:
    """In the other process: load what drawing takes, without threads that spin while they wait for a matrix.

    Ctrl-C reaches every process of a terminal; what becomes of the work is for the first one to say, and to say once.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    seldom_look_for_rubbish()
    load_late()
    _write_no_help_of_artists()
    import isofront.publish.picture
    import isofront.publish.series_plot  # noqa: F401

    _look_among_own_typefaces()


def _write_no_help_of_artists() -> None:
    """Matplotlib writes help on each kind of artist as it is loaded, a quarter of that time; nobody reads it here."""
    from matplotlib.artist import Artist

    name = "_update_set_signature_and_docstring"
    if hasattr(Artist, name):
        setattr(Artist, name, classmethod(lambda _: None))


TYPEFACES = ("DejaVu Sans", "Last Resort High-Efficiency")
"""What pictures are set in, and what Matplotlib shows where it has no letter."""


def _look_among_own_typefaces() -> None:
    """Matplotlib weighs every typeface of the machine against each size and weight that is asked for."""
    from matplotlib.font_manager import fontManager

    fontManager.ttflist = [one for one in fontManager.ttflist if one.name in TYPEFACES] or fontManager.ttflist
