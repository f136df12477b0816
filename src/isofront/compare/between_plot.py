"""Two mappers over time as a picture: ground on one map alone, the way between lines, agreement in the band."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from isofront.plots import plot_settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK_A, INK_B, INK_LINE, INK_BAND = "#1b5e7a", "#b5521b", "#3d3d3d", "#8a8a8a"
DPI = 130
GAP_DAYS = 21.0
"""The line is broken by this many days without a map, or by more where maps are usually farther apart."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One day's figures; None where there is no line."""

    date: datetime
    only_a_km2: float
    only_b_km2: float
    median_km: float | None
    p95_km: float | None
    kappa: float | None
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Words:
    """What stands round the plot: names of the mappers, box and class set, stamp."""

    a: str
    b: str
    where: str
    band_km: float
    stamp: str


def between_png(moments: Sequence[Moment], words: Words) -> bytes:
    """The picture as PNG; the same bytes every time."""
    return _saved(moments, words, kind="png", metadata={"Software": None})


def between_svg(moments: Sequence[Moment], words: Words) -> bytes:
    """The picture as SVG, whose text stays text; the same bytes every time."""
    return _saved(moments, words, kind="svg", metadata={"Date": None, "Creator": "Isofront"})


def _saved(moments: Sequence[Moment], words: Words, *, kind: str, metadata: dict[str, str | None]) -> bytes:
    with plot_settings():
        figure = _drawn(moments, words)
        content = io.BytesIO()
        figure.savefig(content, format=kind, dpi=DPI, metadata=metadata)
    return content.getvalue()


def _drawn(moments: Sequence[Moment], words: Words) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 7.5), layout="constrained")
    ground, line, band = figure.subplots(3, 1, sharex=True, height_ratios=[3, 2, 2])
    figure.suptitle(f"{words.a}  and  {words.b}\n{words.where}", fontsize=10)
    days = [moment.date.timestamp() / 86400 for moment in moments]
    runs = _runs(days)
    _curve(ground, days, runs, [m.only_b_km2 for m in moments], f"held on {words.b} alone", color=INK_B)
    _curve(ground, days, runs, [m.only_a_km2 for m in moments], f"held on {words.a} alone", color=INK_A, linestyle="--")
    _curve(line, days, runs, [m.p95_km for m in moments], "95 % of the line nearer", color=INK_BAND, linestyle="--")
    _curve(line, days, runs, [m.median_km for m in moments], "half of the line nearer", color=INK_LINE)
    _curve(band, days, runs, [m.accuracy for m in moments], "same class", color=INK_BAND, linestyle="--")
    _curve(band, days, runs, [m.kappa for m in moments], "kappa of held", color=INK_LINE)
    labels = ("km²", "between the lines, km", f"in a band of {words.band_km:g} km")
    for axes, label in zip((ground, line, band), labels, strict=True):
        _dressed(axes, label)
    band.set_ylim(min(0.0, *(m.kappa for m in moments if m.kappa is not None), 0.0), 1.0)
    _dates(band, days)
    figure.supxlabel(f"{words.stamp} · not for navigation, evacuation or targeting", fontsize=7, color="#8a0000")
    return figure


def _dressed(axes: Axes, label: str) -> None:
    axes.set_ylabel(label)
    axes.set_ylim(bottom=0)
    axes.grid(visible=True, color="#d8d8d8", linewidth=0.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8, loc="best")


def _runs(days: Sequence[float]) -> list[slice]:
    """Stretches of days without a gap."""
    steps = [later - day for day, later in pairwise(days)]
    most = max(GAP_DAYS, 2 * median(steps)) if steps else GAP_DAYS
    edges = [0, *(k for k, step in enumerate(steps, start=1) if step > most), len(days)]
    return [slice(first, last) for first, last in pairwise(edges)]


def _curve(
    axes: Axes, days: Sequence[float], runs: Sequence[slice], values: Sequence[float | None], label: str, **look: Any
) -> None:
    """One line, broken at gaps and where there is no value."""
    first: str | None = label
    for run in runs:
        shown = [float("nan") if value is None else value for value in values[run]]
        marker = "o" if len(shown) == 1 else None
        axes.plot(days[run], shown, label=first, linewidth=1.4, marker=marker, markersize=3, **look)
        first = None


def _dates(axes: Axes, days: Sequence[float]) -> None:
    import matplotlib.dates as mdates

    if len(days) > 1:
        axes.set_xlim(days[0], days[-1])
    axes.xaxis_date()
    locator: Any = mdates.AutoDateLocator()  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
