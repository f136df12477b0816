"""How each class of ground and each line looks in the picture; map and legend both draw with these."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.publish import palette
from isofront.publish.palette import SideColours

EXPOSED = {3.0: ("#a3125b", 1.7), 5.0: ("#d1477f", 1.3), 15.0: ("#e79ab8", 1.0)}
"""How roads are drawn that come so near (km) to the other side's held ground: colour and width."""

Points = Float[np.ndarray, "_ 2"]
"""A line's vertices."""

_SETTINGS: Any = {
    "font.family": ["DejaVu Sans"],
    "hatch.linewidth": 0.45,
    "svg.fonttype": "none",
    "svg.hashsalt": "isofront",
    "path.simplify": False,
    "text.usetex": False,
    "text.parse_math": False,
    "axes.unicode_minus": False,
}


@contextmanager
def settings() -> Iterator[None]:
    """Matplotlib as the picture needs it, whatever a user's own matplotlibrc says; put back afterwards.

    A letter that the font lacks is drawn as a box, without a warning for each.
    """
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*[Gg]lyph.*missing.*")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


class Group(Artist):
    """Artists drawn together under one name, which SVG keeps as the id of a group."""

    def __init__(self, gid: str, artists: Iterable[Artist], *, zorder: int) -> None:
        super().__init__()
        self.artists = tuple(artists)
        self.set_gid(gid)
        self.set_zorder(zorder)

    def draw(self, renderer: Any) -> None:
        """Draw every member inside the group."""
        gid = self.get_gid()
        renderer.open_group(gid, gid=gid)
        for artist in self.artists:
            artist.draw(renderer)
        renderer.close_group(gid)


def path_of(geometry: BaseGeometry) -> Path | None:
    """All polygons of a geometry as one path, holes wound the other way; None if there are none."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and not part.is_empty]
    if parts and geometry.geom_type == "GeometryCollection":
        parts = [shapely.MultiPolygon(parts)]
    rings = [ring for part in parts for ring in _rings(shapely.orient_polygons(part))]
    return (
        Path.make_compound_path(*(Path(np.asarray(ring.coords)[:, :2], closed=True) for ring in rings))
        if rings
        else None
    )


def _rings(part: BaseGeometry) -> list[BaseGeometry]:
    return [ring for one in shapely.get_parts(part) for ring in (one.exterior, *one.interiors)]


def lines_of(geometry: BaseGeometry) -> list[Points]:
    """Every line of a geometry as points."""
    lines = [part for part in shapely.get_parts(geometry) if part.geom_type in ("LineString", "LinearRing")]
    return [np.asarray(line.coords)[:, :2] for line in lines if not line.is_empty]


def held(path: Path, colours: SideColours) -> list[Artist]:
    """A side's held ground: a light tint."""
    return [_patch(path, facecolor=colours.fill)]


def grey(path: Path) -> list[Artist]:
    """Grey zone: warm grey, hatched so that it reads without colour."""
    return [_patch(path, facecolor=palette.GREY_FILL), _hatched(path, palette.GREY_LINE, "/////")]


def infiltration(path: Path, colours: SideColours) -> list[Artist]:
    """Presence without holding: the side's colour hatched the other way, with a dashed outline."""
    outline = _patch(path, facecolor="none", edgecolor=colours.line, linewidth=0.8, linestyle=(0, (3.2, 1.8)))
    return [_hatched(path, colours.base, "\\\\\\\\"), outline]


def unobserved(path: Path) -> list[Artist]:
    """Ground nobody has seen of late: dots, so that the class beneath stays legible."""
    outline = _patch(path, facecolor="none", edgecolor=palette.UNOBSERVED_LINE, linewidth=0.5, linestyle=(0, (1, 1.6)))
    return [_hatched(path, palette.UNOBSERVED_LINE, "...."), outline]


def out_of_range(path: Path) -> list[Artist]:
    """Ground where the model is out of its range: upright hatching and a heavy dashed outline, over all classes."""
    outline = _patch(path, facecolor="none", edgecolor=palette.INK, linewidth=1.1, linestyle=(0, (5, 2)))
    return [_hatched(path, palette.INK, "||||"), outline]


def band(path: Path, colours: SideColours) -> list[Artist]:
    """An edge's 90 % band: a translucent ribbon."""
    return [_patch(path, facecolor=colours.base, alpha=0.2)]


def edge(lines: list[Points], colours: SideColours) -> list[Artist]:
    """The edge of held ground: a solid line with a white case."""
    return [_lines(lines, palette.PAPER, 2.8, alpha=0.85), _lines(lines, colours.line, 1.5)]


def even_odds(lines: list[Points]) -> list[Artist]:
    """The p = 0.5 line: thin and dotted, for it is no front."""
    return [_lines(lines, palette.INK, 0.55, linestyle=(0, (0.8, 2.0)))]


def pocket(path: Path) -> list[Artist]:
    """Ground nearly cut off: its outline, so that the class beneath stays legible."""
    return [
        _patch(path, facecolor="none", edgecolor=palette.PAPER, linewidth=2.4, alpha=0.7),
        _patch(path, facecolor=palette.INK, alpha=0.07),
        _patch(path, facecolor="none", edgecolor=palette.INK, linewidth=0.8, linestyle=(0, (4, 1.6))),
    ]


def neck(lines: list[Points]) -> list[Artist]:
    """The chord of a neck: heavy, cased in white."""
    return [_lines(lines, palette.PAPER, 4.2, alpha=0.95), _lines(lines, palette.INK, 2.0)]


def tips(spots: list[Float[np.ndarray, " 2"]]) -> list[Artist]:
    """The two ends that face each other."""
    style: dict[str, Any] = {"markerfacecolor": palette.PAPER, "markeredgecolor": palette.INK, "linestyle": "none"}
    if not spots:
        return []
    east, north = np.array(spots).T
    return [Line2D(east, north, marker="D", markersize=4.4, markeredgewidth=1.3, **style)]


def road(lines: list[Points], *, main: bool) -> list[Artist]:
    """A road: thin, cased in white, so that it lies over the tints without shouting."""
    width = 0.9 if main else 0.55
    return [_lines(lines, palette.ROAD_CASE, width + 0.9, alpha=0.75), _lines(lines, palette.ROAD, width)]


def exposed_road(lines: list[Points], within_km: float) -> list[Artist]:
    """A road near the other side's held ground: the nearer, the redder and the heavier."""
    colour, width = next(style for limit, style in EXPOSED.items() if within_km <= limit)
    return [_lines(lines, palette.PAPER, width + 0.9, alpha=0.75), _lines(lines, colour, width)]


def barrier(lines: list[Points]) -> list[Artist]:
    """A river or another barrier: blue."""
    return [_lines(lines, palette.WATER, 1.3)]


def outside(path: Path) -> list[Artist]:
    """What lies outside the land mapped."""
    return [_patch(path, facecolor=palette.OUTSIDE, edgecolor=palette.QUIET, linewidth=0.5)]


def _patch(path: Path, **style: Any) -> PathPatch:
    return PathPatch(path, **({"edgecolor": "none", "linewidth": 0} | style))


def _hatched(path: Path, colour: str, hatch: str) -> PathPatch:
    return PathPatch(path, facecolor="none", edgecolor=colour, linewidth=0, hatch=hatch)


def _lines(
    lines: list[Points], colour: str, width: float, *, alpha: float = 1.0, linestyle: Any = "solid"
) -> LineCollection:
    style: dict[str, Any] = {"capstyle": "round", "joinstyle": "round"}
    return LineCollection(lines, colors=colour, linewidths=width, alpha=alpha, linestyles=[linestyle], **style)
