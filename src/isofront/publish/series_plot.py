"""A place's necks over time as a picture: width with its band, pocket and enclosure, one line for each mapper."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from isofront.front.ladder import Rung
from isofront.front.series import Measured, Point, Series
from isofront.plots import plot_settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INKS = ("#1b5e7a", "#b5521b", "#5a3d8a", "#2f6b3a", "#8a1f4c", "#4a4a4a")
DASHES = ("-", "--", "-.", ":")
"""Lines differ in dash as well as in colour."""

ENCLOSURE_AT = 1
"""Which of the radii 5, 10 and 20 km the picture shows."""

ENCLOSURE_KM = 10
OPEN_KM = 30.0
DPI = 130
ASIDE = 0.015
"""Room before the first map and after the last, beside the time between them."""

Value = Callable[[Measured], float | None]
Look = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlotWords:
    """What stands on the picture beside names; `line` takes name and band, `days` is strftime's, empty for English."""

    line: str = "{name} (band: {band})"
    neck: str = "neck, km, with its band"
    pocket: str = "pocket, km²"
    no_pocket: str = "no pocket on these maps"
    enclosure: str = "enclosure within {km} km, %"
    open: str = "open (over 30 km)"
    taken: str = "taken"
    no_gap: str = "no gap"
    foot: str = "not for navigation, evacuation or targeting"
    days: str = ""


ENGLISH = PlotWords()


def series_png(series: Sequence[Series], *, title: str, stamp: str, words: PlotWords = ENGLISH) -> bytes:
    """The picture as PNG; the same bytes every time."""
    return _saved(series, _Told(title, stamp, words), kind="png", metadata={"Software": None})


def series_svg(series: Sequence[Series], *, title: str, stamp: str) -> bytes:
    """The same as SVG; text stays text."""
    return _saved(series, _Told(title, stamp, ENGLISH), kind="svg", metadata={"Date": None, "Creator": "Isofront"})


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said round the lines."""

    title: str
    stamp: str
    words: PlotWords


def _saved(series: Sequence[Series], told: _Told, *, kind: str, metadata: dict[str, str | None]) -> bytes:
    with plot_settings():
        figure = _drawn(series, told.title, told.stamp, told.words)
        content = io.BytesIO()
        figure.savefig(content, format=kind, dpi=DPI, metadata=metadata)
    return content.getvalue()


def _drawn(series: Sequence[Series], title: str, stamp: str, words: PlotWords = ENGLISH) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 8), layout="constrained")
    width, pocket, rings = figure.subplots(3, 1, sharex=True, height_ratios=[3, 2, 2])
    figure.suptitle(title, fontsize=11)
    for number, one in enumerate(series):
        look: Look = {"color": INKS[number % len(INKS)], "linestyle": DASHES[number % len(DASHES)]}
        _line(width, one, lambda m: m.neck_km, look, label=words.line.format(name=one.name, band=one.band))
        _band(width, one, lambda m: m.low_km, lambda m: m.high_km, look["color"])
        _line(pocket, one, lambda m: m.pocket_km2, look)
        _band(pocket, one, lambda m: m.pocket_low_km2, lambda m: m.pocket_high_km2, look["color"])
        _line(rings, one, lambda m: 100 * m.enclosure[ENCLOSURE_AT] if m.enclosure else None, look)
    _widths_words(width, series, words)
    pocket.set_ylabel(words.pocket)
    pocket.set_ylim(bottom=0)
    if not any(one.pocket_km2 is not None for line in series for one in _measured(line)):
        pocket.set_yticks([])
        pocket.text(0.5, 0.5, words.no_pocket, transform=pocket.transAxes, ha="center", color="#6a6a6a")
    rings.set_ylabel(words.enclosure.format(km=ENCLOSURE_KM))
    rings.set_ylim(0, 102)
    _dates(rings, series, words)
    for axes in (width, pocket, rings):
        axes.grid(visible=True, color="#d8d8d8", linewidth=0.5)
        axes.spines[["top", "right"]].set_visible(False)
    figure.supxlabel(f"{stamp} · {words.foot}", fontsize=7, color="#8a0000")
    return figure


def _line(axes: Axes, series: Series, value: Value, look: Look, *, label: str | None = None) -> None:
    """One line, broken at every gap and where there is no value; a lone map is a dot."""
    first = label
    for run in series.runs:
        for stretch in _stretches([(series.points[k], _value(series.points[k], value)) for k in run]):
            days = _numbers([point for point, _ in stretch])
            marker = "o" if len(stretch) == 1 else None
            axes.plot(
                days, [known for _, known in stretch], linewidth=1.4, marker=marker, markersize=3, label=first, **look
            )
            first = None
    if first is not None:
        axes.plot([], [], linewidth=1.4, label=first, **look)


def _value(point: Point, value: Value) -> float | None:
    return None if point.measured is None else value(point.measured)


def _stretches(found: Sequence[tuple[Point, float | None]]) -> list[list[tuple[Point, float]]]:
    """Neighbours that all have a value."""
    stretches: list[list[tuple[Point, float]]] = [[]]
    for point, known in found:
        if known is None:
            stretches.append([])
        else:
            stretches[-1].append((point, known))
    return [stretch for stretch in stretches if stretch]


def _band(axes: Axes, series: Series, low: Value, high: Value, colour: str) -> None:
    """The band as a light area; where its upper end is open it reaches the top."""
    for run in series.runs:
        rows = [(series.points[k], _value(series.points[k], low)) for k in run]
        for stretch in _stretches(rows):
            tops = [_value(point, high) for point, _ in stretch]
            upper = [OPEN_KM if top is None else top for top in tops]
            days = _numbers([point for point, _ in stretch])
            lower = [known for _, known in stretch]
            if len(days) == 1:
                axes.vlines(days, lower, upper, color=colour, alpha=0.3, linewidth=3)
            else:
                axes.fill_between(days, lower, upper, color=colour, alpha=0.16, linewidth=0)


def _widths_words(axes: Axes, series: Sequence[Series], words: PlotWords) -> None:
    """The scale of widths, the days on which there is none, and the key, above the panel so that it covers no line."""
    known = [one.neck_km for line in series for one in _measured(line) if one.neck_km is not None]
    highs = [one.high_km for line in series for one in _measured(line) if one.high_km is not None]
    top = min(OPEN_KM, 1.12 * max([*known, *highs], default=OPEN_KM))
    axes.set_ylim(0, top)
    for number, line in enumerate(series):
        colour = INKS[number % len(INKS)]
        ring: Look = {"color": colour, "markerfacecolor": "none", "markersize": 4 + 3 * number}
        look: Look = ring if number else ring | {"markerfacecolor": colour}
        _marks(axes, line, Rung.OPEN, look, at=top, marker="^", word=words.open)
        _marks(axes, line, Rung.TAKEN, look, at=0.0, marker="x", word=words.taken)
        _marks(axes, line, Rung.NO_GAP, look, at=0.0, marker="v", word=words.no_gap)
    axes.set_ylabel(words.neck)
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, fontsize=8, borderaxespad=0.3)


def _measured(series: Series) -> list[Measured]:
    return [point.measured for point in series.points if point.measured is not None]


def _marks(axes: Axes, series: Series, rung: Rung, look: Look, *, at: float, marker: str, word: str) -> None:
    """Marks at the rim for maps on which there is no width to draw; each mapper's larger, round the one before."""
    shown = [series.points[k] for run in series.runs for k in run]
    days = _numbers([point for point in shown if point.measured is not None and point.measured.rung is rung])
    if days:
        free: Look = {"linestyle": "none", "clip_on": False, "zorder": 5}
        axes.plot(days, [at] * len(days), marker=marker, label=f"{series.name}: {word}", **free, **look)


def _numbers(points: Sequence[Point]) -> list[float]:
    """The days of the maps that points show, as matplotlib counts them."""
    return [_number(point.map_date) for point in points if point.map_date is not None]


def _number(moment: datetime) -> float:
    """Days since 1970, as matplotlib counts them."""
    return moment.timestamp() / 86400


def _dates(axes: Axes, series: Sequence[Series], words: PlotWords) -> None:
    import matplotlib.dates as mdates

    days = [_number(point.date) for line in series for point in line.points]
    if days and min(days) < max(days):
        beside = ASIDE * (max(days) - min(days))
        axes.set_xlim(min(days) - beside, max(days) + beside)
    axes.xaxis_date()
    locator: Any = mdates.AutoDateLocator()  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    shape = mdates.DateFormatter(words.days) if words.days else _english(series, locator)  # type: ignore[no-untyped-call]
    _fixed(axes, locator, shape)


def _english(series: Sequence[Series], locator: Any) -> Any:
    """Days as short as they can be, year or month once at the end."""
    import matplotlib.dates as mdates

    months = {(point.date.year, point.date.month) for line in series for point in line.points}
    offsets = ["", "%Y", "%Y-%b" if len(months) < 2 else "%Y", "%Y-%b-%d", "%Y-%b-%d", "%Y-%b-%d %H:%M"]
    return mdates.ConciseDateFormatter(locator, offset_formats=offsets)  # type: ignore[no-untyped-call]


def _fixed(axes: Axes, locator: Any, shape: Any) -> None:
    """Days are found and written once: the layout would else ask for them a dozen times."""
    from matplotlib.ticker import FixedFormatter, FixedLocator

    axes.xaxis.set_major_formatter(shape)
    days = locator()
    words = FixedFormatter(shape.format_ticks(days))
    words.set_offset_string(shape.get_offset())
    axes.xaxis.set_major_locator(FixedLocator(days))
    axes.xaxis.set_major_formatter(words)
