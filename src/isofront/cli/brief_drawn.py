"""The private brief's pictures, begun in another process as soon as what they show is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from isofront.cli.elsewhere import Drawn, Elsewhere

if TYPE_CHECKING:
    from isofront.engine import Draft
    from isofront.front.series import Series
    from isofront.ground.grid import Bounds
    from isofront.publish.series_plot import PlotWords
    from isofront.publish.sheet import Sheet
    from isofront.theatre.model import Theatre

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
