"""The private brief's pictures, drawn by another process while this one still measures, where there are two cores."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

if TYPE_CHECKING:
    from isofront.ground.grid import Bounds

_OWN = ("isofront", "isofront.__main__")
P = ParamSpec("P")
Drawn = Callable[[], bytes]
"""Waits for a picture, and gives it."""


class Elsewhere:
    """Begins pictures in another process; without one, or if it dies, each is drawn here when it is asked for."""

    def __init__(self, pool: ProcessPoolExecutor | None) -> None:
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


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Another process to draw in, awake by the time that the first picture is asked for."""
    if (os.cpu_count() or 1) < 2 or not sys.executable or not _is_own_program():
        yield Elsewhere(None)
        return
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            with suppress(BrokenProcessPool, OSError):
                pool.submit(wake)
            yield Elsewhere(pool)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _is_own_program() -> bool:
    """Whether this process is `isofront` itself: another's script would be run from its start by a second process."""
    program = sys.modules["__main__"]
    spec = getattr(program, "__spec__", None)
    return (spec.name if spec else Path(getattr(program, "__file__", None) or "").stem) in _OWN


def wake() -> None:
    """In the other process: load what drawing takes."""
    import isofront.publish.picture
    import isofront.publish.series_plot  # noqa: F401


def locator(box: Bounds, *, language: str, stamp: str) -> bytes:
    """Where the theatre lies."""
    from isofront.publish.brief_pictures import cities_about, locator_png

    return locator_png(box, cities_about(box, language=language), stamp=stamp)
