"""The corridor-width field as a picture: how wide the way to the rear is, by the ladder's steps, with the necks."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.front.enclosure import Disc
from isofront.front.ladder import Ladder
from isofront.front.place_corridor import Spot
from isofront.front.rules import Rule, Widths
from isofront.ground.grid import Grid
from isofront.plots import plot_settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEPS = ("#2d0a45", "#7b1e6a", "#bf4a6e", "#ea8f70", "#f8dcae")
"""Cut off, then the four steps of the ladder: darker is narrower, so that it reads without colour too."""

LAND, ENEMY, OFF = "#fbfbf8", "#c9c9c9", "#dde6ec"
AROUND_KM, LEAST_WIDE_KM = 8.0, 24.0
DPI, WIDE_IN = 130, 8.0
DOTS = 1000
"""The field is drawn in so many cells across."""

_ENDS: dict[str, Any] = {"marker": "o", "markersize": 4, "markerfacecolor": "white"}


@dataclass(frozen=True, slots=True)
class WidthScene:
    """What the picture shows: the field under one rule, the ground it comes from (km), necks and a place."""

    widths: Widths
    enemy: BaseGeometry
    land: BaseGeometry | None
    chords: Sequence[Sequence[Spot]]
    place: Disc | None
    title: str
    stamp: str
    ladder: Ladder = Ladder()  # noqa: RUF009  (frozen)
    names: Sequence[tuple[str, Spot]] = ()


def width_picture(scene: WidthScene, *, kind: str) -> bytes:
    """The picture as `png` or `svg`; the same bytes every time."""
    metadata: dict[str, Any] = {"Software": None} if kind == "png" else {"Date": None, "Creator": "Isofront"}
    with plot_settings(hatch_linewidth=0.5):
        content = io.BytesIO()
        _drawn(scene).savefig(content, format=kind, dpi=DPI, metadata=metadata)
    return content.getvalue()


def _drawn(scene: WidthScene) -> Figure:
    from matplotlib.figure import Figure

    west, south, east, north = scene.widths.grid.box_km
    high_in = min(max(WIDE_IN * (north - south) / (east - west), 4.0), 10.0) + 1.2
    figure = Figure(figsize=(WIDE_IN, high_in), layout="constrained")
    axes = figure.subplots()
    axes.set_facecolor(OFF if scene.land is not None else LAND)
    frame = shapely.box(west - 1, south - 1, east + 1, north + 1)
    if scene.land is not None:
        _filled(axes, shapely.intersection(scene.land, frame), facecolor=LAND, edgecolor="none")
    _field(axes, scene)
    _filled(axes, shapely.intersection(scene.enemy, frame), facecolor=ENEMY, edgecolor="#5a5a5a", linewidth=0.7)
    _marks(axes, scene)
    axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], aspect="equal")
    _scale(axes, west, south, east - west)
    figure.suptitle(scene.title, fontsize=11)
    figure.legend(handles=_key(scene), loc="outside lower center", ncols=4, frameon=False, fontsize=8)
    axes.set_title(f"{scene.stamp} · not for navigation, evacuation or targeting", fontsize=7, color="#8a0000")
    return figure


def view_on(grid: Grid, spots: Sequence[Spot]) -> Grid:
    """The fine grid to draw: round some spots (a place, the ends of necks), else all of the map; within the map."""
    west, south, east, north = grid.box_km
    if spots:
        low, high = np.min(spots, axis=0), np.max(spots, axis=0)
        middle, half = (low + high) / 2, np.maximum((high - low) / 2 + AROUND_KM, LEAST_WIDE_KM / 2)
        (x0, y0), (x1, y1) = middle - half, middle + half
        west, south, east, north = max(x0, west), max(y0, south), min(x1, east), min(y1, north)
    cell = max(east - west, north - south) / DOTS
    wide, high_cells = math.ceil((east - west) / cell), math.ceil((north - south) / cell)
    return Grid(grid.crs, float(west), float(south), float(cell), wide, high_cells)


def _steps(ladder: Ladder) -> list[float | int]:
    return [-1.0, 1e-6, ladder.close_km, ladder.gap_km, ladder.pocket_km, ladder.open_km]


def _field(axes: Axes, scene: WidthScene) -> None:
    from matplotlib.colors import BoundaryNorm, ListedColormap

    west, south, east, north = scene.widths.grid.box_km
    axes.imshow(
        np.ma.masked_invalid(scene.widths.km[Rule.HELD]),
        extent=(west, east, south, north),
        origin="lower",
        interpolation="nearest",
        cmap=ListedColormap(STEPS),
        norm=BoundaryNorm(_steps(scene.ladder), len(STEPS)),
        zorder=2,
    )


def _filled(axes: Axes, area: BaseGeometry, **look: Any) -> None:
    """Polygons with their holes."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    for part in shapely.get_parts(area):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        rings = [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]
        path = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
        axes.add_patch(PathPatch(path, zorder=3 if "linewidth" in look else 1, **look))


def _marks(axes: Axes, scene: WidthScene) -> None:
    """The chord of each neck with its tips, and the place."""
    from matplotlib.patches import Circle

    for chord in scene.chords:
        east, north = zip(*chord, strict=True)
        axes.plot(east, north, color="black", linewidth=1.6, zorder=5, **_ENDS)
    if scene.place is not None:
        one = scene.place
        look: dict[str, Any] = {"fill": False, "edgecolor": "black", "linestyle": ":", "zorder": 6}
        ring = Circle((one.east_km, one.north_km), one.radius_km, **look)
        axes.add_patch(ring)
    for name, spot in scene.names:
        label: dict[str, Any] = {"boxstyle": "round,pad=0.15", "facecolor": "white", "alpha": 0.75, "linewidth": 0}
        axes.annotate(
            name, spot, xytext=(-9, 0), textcoords="offset points", ha="right", va="center", fontsize=8, zorder=7,
            annotation_clip=True, bbox=label,
        )  # fmt: skip


def _scale(axes: Axes, west: float, south: float, wide: float) -> None:
    km = max(one for one in (1, 2, 5, 10, 20, 50, 100) if one <= max(wide / 4, 1))
    x, y = west + 0.03 * wide, south + 0.03 * wide
    axes.plot([x, x + km], [y, y], color="black", linewidth=3, solid_capstyle="butt", zorder=7)
    axes.text(x + km / 2, y + 0.012 * wide, f"{km} km", ha="center", va="bottom", fontsize=8, zorder=7)


def _key(scene: WidthScene) -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    _, _, close, gap, pocket, far = _steps(scene.ladder)
    spans = [f"{low:g}–{high:g} km" for low, high in ((close, gap), (gap, pocket), (pocket, far))]
    words = ("cut off", f"under {close:g} km", *spans)
    steps = [Patch(facecolor=colour, label=word) for colour, word in zip(STEPS, words, strict=True)]
    other = Patch(facecolor=ENEMY, edgecolor="#5a5a5a", label="held by the other")
    neck = Line2D([], [], color="black", label="neck and its ends", **_ENDS)
    return [*steps, Patch(facecolor=LAND, edgecolor="#999999", label=f"open (over {far:g} km)"), other, neck]
