"""The private brief's pictures, drawn by another process while this one still measures, where there are two cores."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

from isofront.cli import seldom_look_for_rubbish
from isofront.late_modules import load_late

if TYPE_CHECKING:
    from isofront.engine import Draft
    from isofront.front.series import Series
    from isofront.ground.grid import Bounds
    from isofront.publish.series_plot import PlotWords
    from isofront.publish.sheet import Sheet
    from isofront.theatre.model import Theatre

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
    if (os.cpu_count() or 1) < 2 or not sys.executable or not is_own_program():
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


def is_own_program() -> bool:
    """Whether this process is `isofront` itself: another's script would be run from its start by a second process."""
    program = sys.modules["__main__"]
    spec = getattr(program, "__spec__", None)
    return (spec.name if spec else Path(getattr(program, "__file__", None) or "").stem) in _OWN


def wake() -> None:
    """In the other process: load what drawing takes, without threads that spin while they wait for a matrix."""
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


# What is drawn there. This process loads nothing of it: matplotlib alone is half a second.


def locator(box: Bounds, *, language: str, stamp: str) -> bytes:
    """Where the theatre lies."""
    from isofront.publish.brief_pictures import cities_about, locator_png

    return locator_png(box, cities_about(box, language=language), stamp=stamp)


def mapped(sheet: Sheet) -> bytes:
    """The map."""
    from isofront.publish.picture import map_png

    return map_png(sheet)


def plotted(series: Sequence[Series], *, title: str, stamp: str, words: PlotWords) -> bytes:
    """A place's neck over time."""
    from isofront.publish.series_plot import series_png

    return series_png(series, title=title, stamp=stamp, words=words)


@dataclass(frozen=True)
class Located:
    """The locator, begun before anything else: it needs no more than the theatre."""

    pen: Elsewhere
    box: Bounds
    language: str
    stamp: str
    locator: Drawn

    @classmethod
    def of(cls, theatre: Theatre, language: str, pen: Elsewhere) -> Located:
        """Begin the locator of a theatre."""
        from isofront.publish.brief_pages import stamp_of

        box, stamp = theatre.box, stamp_of(simulated=theatre.simulated)
        return cls(pen, box, language, stamp, pen.begin(locator, box, language=language, stamp=stamp))

    def stamped(self, stamp: str) -> Located:
        """The same under another stamp: there may be more than the theatre to say that it is invented."""
        if stamp == self.stamp:
            return self
        again = self.pen.begin(locator, self.box, language=self.language, stamp=stamp)
        return replace(self, stamp=stamp, locator=again)


@dataclass(frozen=True)
class Gap:
    """The plot of a place's neck."""

    line: Series
    title: str
    words: PlotWords

    def begin(self, located: Located) -> Drawn:
        """Begin it, under the stamp of the locator."""
        return located.pen.begin(plotted, [self.line], title=self.title, stamp=located.stamp, words=self.words)


@dataclass(frozen=True)
class Begun:
    """The pictures that need nothing but what is measured, begun while the rest is found."""

    located: Located
    map: Drawn
    gap: Gap | None = None
    plot: Drawn | None = None

    @classmethod
    def of(cls, draft: Draft, located: Located) -> Begun:
        """Begin the map of a draft too."""
        from isofront.engine.brief import sheet_of
        from isofront.publish.brief_pages import stamp_of

        drawn = located.pen.begin(mapped, sheet_of(draft, language=located.language))
        return cls(located.stamped(stamp_of(simulated=draft.simulated)), drawn)

    def with_gap(self, gap: Gap | None) -> Begun:
        """Begin the plot too, if there is any."""
        return self if gap is None else replace(self, gap=gap, plot=gap.begin(self.located))

    def stamped(self, stamp: str) -> Begun:
        """The same under the brief's stamp, which says of more than the draft whether it is invented."""
        if stamp == self.located.stamp:
            return self
        return Begun(self.located.stamped(stamp), self.map).with_gap(self.gap)

    def drawn(self) -> dict[str, Drawn]:
        """Every picture in its order, each as what waits for it; nothing more is begun."""
        self.located.pen.done()
        some = {"locator": self.located.locator, "map": self.map}
        return some if self.plot is None else some | {"gap": self.plot}
