"""A stretch of an edition's ground as a picture: classes, overlays, roads, names, scale; in the map's own style.

ground, view, names      draw_ground     into axes that measure kilometres
what was drawn           Entry           a swatch and its words, for the legend
text                     Pen             words, boxes and swatches in points on a figure

Only shapes of a published edition come in here (`brief_ground`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Affine2D, Transform
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.publish import palette, picture_style
from isofront.publish.brief_ground import HIGHWAYS, Ground, Shape
from isofront.publish.palette import SideColours, mix
from isofront.publish.picture_names import DOT_CLASSES, dot_of, label_text, plain_text
from isofront.publish.picture_scale import bar, round_below
from isofront.publish.picture_style import lines_of, path_of
from isofront.publish.picture_text import Place, placed, text_size, wrapped
from isofront.publish.picture_view import View
from isofront.publish.stamp import SIMULATED
from isofront.publish.words import clean

Style = Callable[[Path], list[Artist]]
MOST_NAMES = 16
BIG_PEOPLE = 10_000
WATERMARK = 0.09
LEAD = 1.32
"""From line to line, beside the size of the letters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a legend: what it is, and how it is drawn."""

    key: str
    style: Style


def colours_of(ground: Ground) -> dict[str, SideColours]:
    """Each side's colours, as the page of the edition has them."""
    told = ground.told.page.palette.get("sides", {})
    usual = palette.usual_colours([one.id for one in ground.told.page.sides])
    return {one.side: _as_told(one, told.get(one.side, {})) for one in usual}


def _as_told(usual: SideColours, told: Mapping[str, str]) -> SideColours:
    base, fill, line = (_hex(told.get(key), getattr(usual, key)) for key in ("base", "fill", "line"))
    return SideColours(usual.side, base, fill, line, mix(base, palette.PAPER, 0.25))


def _hex(colour: object, spare: str) -> str:
    text = colour.lower() if isinstance(colour, str) else ""
    return text if len(text) == 7 and text[0] == "#" and set(text[1:]) <= set("0123456789abcdef") else spare


def changed_style(path: Path) -> list[Artist]:
    """Ground that changed: a heavy outline, cased in white, and a light shade."""
    look: dict[str, Any] = {"facecolor": "none", "joinstyle": "round"}
    return [
        PathPatch(path, facecolor=palette.INK, alpha=0.10, linewidth=0),
        PathPatch(path, edgecolor=palette.PAPER, linewidth=3.2, alpha=0.9, **look),
        PathPatch(path, edgecolor=palette.INK, linewidth=1.7, **look),
    ]


def neck_style(path: Path) -> list[Artist]:
    """A neck in a swatch: the chord and its tips, across the middle."""
    west, south, east, north = path.get_extents().extents
    room, middle = 0.2 * (east - west), (south + north) / 2
    ends = np.array([[west + room, middle], [east - room, middle]])
    return [*picture_style.neck([ends]), *picture_style.tips(list(ends))]


def draw_ground(
    axes: Axes, ground: Ground, view: View, names: Mapping[str, str], *, marked: BaseGeometry | None = None,
    first: Sequence[str] = (), size: float = 1.0,
) -> list[Entry]:  # fmt: skip
    """Draw an edition's ground; `marked` is outlined, `first` are settlements named in bold before all others.

    Returns what was drawn, for the legend, in the order of a legend. `size` is that of letters beside the usual map's.
    """
    west, south, east, north = view.box_km
    axes.set(xlim=(west, east), ylim=(south, north), facecolor=palette.OUTSIDE, xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(linewidth=0.8, color=palette.INK, zorder=50)
    drawn = [entry for entry, km in _classes(ground) if _fill(axes, km, view, entry.style)]
    _lines(axes, ground, view)
    for side, colours in colours_of(ground).items():
        _add(
            axes, _stroked(ground.of_side("front", side, role="edge"), view, partial(_edge, colours=colours)), zorder=5
        )
    drawn += _pockets(axes, ground, view)
    beyond = shapely.union_all([one.km for one in ground.out_of_range])
    if _fill(axes, beyond, view, picture_style.out_of_range, zorder=7):
        drawn.append(Entry("out_of_range", picture_style.out_of_range))
    if marked is not None and _fill(axes, marked, view, changed_style, zorder=8):
        drawn.append(Entry("changed_ground", changed_style))
    _names(axes, ground, view, names, first=first, size=size)
    if ground.told.about.simulated:
        _add(axes, [_watermark(view)], zorder=40)
    return drawn


def _edge(lines: list[Any], colours: SideColours) -> list[Artist]:
    return picture_style.edge(lines, colours)


def _classes(ground: Ground) -> list[tuple[Entry, BaseGeometry]]:
    """Ground by class, lowest first."""
    colours = colours_of(ground)
    grey = shapely.union_all([one.km for one in ground.grey])
    found = [
        (Entry(f"held:{side}", partial(picture_style.held, colours=colours[side])), km)
        for side, km in ground.held.items()
    ]
    found.append((Entry("grey", picture_style.grey), grey))
    found.append((Entry("unobserved", picture_style.unobserved), ground.unobserved))
    for side, own in colours.items():
        raid = ground.of_side("infiltration", side)
        found.append((Entry(f"infiltration:{side}", partial(picture_style.infiltration, colours=own)), raid))
    return found


def _fill(axes: Axes, km: BaseGeometry, view: View, style: Style, *, zorder: int = 2) -> bool:
    """Whether anything of some ground lies in view; it is drawn then."""
    if km.is_empty or not km.intersects(view.ground):
        return False
    path = path_of(shapely.intersection(km, view.ground.buffer(2)))
    _add(axes, [] if path is None else style(path), zorder=zorder)
    return path is not None


def _stroked(km: BaseGeometry, view: View, style: Callable[[list[Any]], list[Artist]]) -> list[Artist]:
    lines = lines_of(shapely.intersection(shapely.line_merge(km), view.ground.buffer(2)))
    return style(lines) if lines else []


def _lines(axes: Axes, ground: Ground, view: View) -> None:
    page = ground.told.page
    rivers = shapely.union_all([one.km for one in ground.lines(page.barriers)])
    roads = ground.lines(page.roads)
    main = [one.km for one in roads if str(one.words.get("kind", "")).lower() in HIGHWAYS]
    small = [one.km for one in roads if str(one.words.get("kind", "")).lower() not in HIGHWAYS]
    _add(axes, _stroked(rivers, view, picture_style.barrier), zorder=3)
    for some, is_main in ((small, False), (main, True)):
        _add(axes, _stroked(shapely.union_all(some), view, partial(picture_style.road, main=is_main)), zorder=4)


def _pockets(axes: Axes, ground: Ground, view: View) -> list[Entry]:
    """Ground behind a neck, the chord of the neck between the middles of its tips' cells."""
    entries = []
    for one in ground.pockets:
        if _fill(axes, one.km, view, picture_style.pocket, zorder=6):
            entries = [Entry("pocket", picture_style.pocket), Entry("neck", neck_style)]
            tips = _tips_km(ground, one)
            if len(tips) == 2:
                _add(axes, [*picture_style.neck([tips]), *picture_style.tips(list(tips))], zorder=7)
    return entries


def _tips_km(ground: Ground, pocket: Shape) -> Float[np.ndarray, "n 2"]:
    """The tips of a pocket's neck on the flat map: two, or none."""
    return ground.spots_km([(lon, lat) for lon, lat in pocket.words.get("tips", ())])


def _names(
    axes: Axes, ground: Ground, view: View, names: Mapping[str, str], *, first: Sequence[str], size: float
) -> None:
    """Settlements in view, those asked for first, then by people; a name covers no other, no edge and no neck."""
    inside = shapely.contains_xy(view.ground, *ground.towns_km.T)
    people = [float(one.population or 0) for one in ground.told.page.settlements]
    order = sorted(
        (k for k in range(len(people)) if inside[k]),
        key=lambda k: (ground.told.page.settlements[k].name not in first, -people[k], k),
    )
    places = [_place(ground, k, view, names, first=first, size=size) for k in order]
    lines = [ground.of_side("front", side, role="edge") for side in ground.held]
    necks = [shapely.LineString(tips) for one in ground.pockets if len(tips := _tips_km(ground, one)) == 2]
    edges = shapely.union_all([*lines, *necks])
    labels = placed(places, view.size, view.in_points(shapely.intersection(edges, view.ground)), most=MOST_NAMES)
    points = points_in(axes)
    _add(axes, [dot_of(label.place) for label in labels], zorder=42, transform=points)
    texts = [label_text(label) for label in labels]
    for text in texts:
        text.set_path_effects([withStroke(linewidth=2.2 * size, foreground=palette.PAPER, alpha=0.92)])
    _add(axes, texts, zorder=44, transform=points)


def _place(ground: Ground, k: int, view: View, names: Mapping[str, str], *, first: Sequence[str], size: float) -> Place:
    one = ground.told.page.settlements[k]
    people = float(one.population or 0)
    x, y = (ground.towns_km[k] - np.array(view.box_km[:2])) * view.points_per_km
    _, dot, letters = next(row for row in DOT_CLASSES if people >= row[0])
    named = one.name in first
    letters = max(letters, 8.0) if named else letters
    name = clean(names.get(one.name, one.name))
    return Place(name, float(x), float(y), dot * size, letters * size, bold=named or people >= BIG_PEOPLE)


def _watermark(view: View) -> Artist:
    """SIMULATED across the ground, as wide as it can be."""
    west, south, east, north = view.box_km
    wide, high = view.size
    angle = float(np.degrees(np.arctan2(high, wide)))
    size = 10 * 0.74 * float(np.hypot(wide, high)) / text_size(SIMULATED, 10.0, bold=True)[0]
    look = {"rotation": angle, "ha": "center", "va": "center", "weight": "bold", "alpha": WATERMARK}
    return plain_text((west + east) / 2, (south + north) / 2, SIMULATED, size=size, **look)


def scale_bar(axes: Axes, view: View, *, unit: str, north: str, size: float) -> None:
    """A bar of a round length in the lower left corner, and beside it where north is: up."""
    km = round_below(0.24 * view.size[0] / view.points_per_km)
    long = km * view.points_per_km
    words = f"{km:g} {unit}   ↑ {north}"
    room = long + text_size(words, 6.5 * size)[0] + 16
    ground = Rectangle((4, 4), room, 12 * size, facecolor=palette.PAPER, alpha=0.88, linewidth=0)
    text = plain_text(long + 14, 4 + 3.4 * size, words, size=6.5 * size)
    _add(axes, [ground, *bar(long, 4 + 4 * size, up=True, left=9.0), text], zorder=46, transform=points_in(axes))


def points_in(axes: Axes) -> Transform:
    """Points from the axes' lower left corner."""
    box = axes.get_position()
    figure = axes.figure
    wide, high = figure.get_size_inches() * 72  # type: ignore[union-attr]
    return Affine2D().translate(box.x0 * wide, box.y0 * high).scale(1 / 72) + figure.dpi_scale_trans


def _add(axes: Axes, artists: Sequence[Artist], *, zorder: int, transform: Transform | None = None) -> None:
    for artist in artists:
        if transform is not None:
            artist.set_transform(transform)
        artist.set_zorder(zorder)
        axes.add_artist(artist)
        artist.set_clip_path(axes.patch)


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes on a figure in points from its lower left corner."""

    figure: Figure

    @property
    def transform(self) -> Transform:
        """Points to the screen."""
        return Affine2D().scale(1 / 72) + self.figure.dpi_scale_trans

    def put(self, artists: Sequence[Artist]) -> None:
        """Put artists whose places are points."""
        for artist in artists:
            artist.set_transform(self.transform)
            self.figure.add_artist(artist)

    def text(self, x: float, y: float, words: str, size: float, **look: Any) -> None:
        """A line of words, its baseline at y."""
        self.put([plain_text(x, y, words, size=size, **look)])

    def paragraph(self, x: float, top: float, wide: float, words: str, size: float, **look: Any) -> float:
        """Words in lines; the y below them."""
        lead = LEAD * size
        for n, line in enumerate(lines := wrapped(words, size, wide, bold=look.get("weight") == "bold")):
            self.text(x, top - lead * n - size, line, size, **look)
        return top - lead * len(lines)

    def stamp(self, x: float, top: float, words: str, size: float) -> float:
        """A stamp in its box; how wide it is."""
        wide = text_size(words, size, bold=True)[0] + 1.3 * size
        colour = palette.stamp_colour(words)
        box: dict[str, Any] = {"facecolor": "none", "edgecolor": colour, "linewidth": 1.4}
        self.put([Rectangle((x, top - 1.75 * size), wide, 1.75 * size, **box)])
        self.text(x + 0.65 * size, top - 1.24 * size, words, size, color=colour, weight="bold")
        return wide

    def legend(
        self, x: float, top: float, wide: float, entries: Sequence[tuple[str, Style]], size: float, *, dry: bool = False
    ) -> float:
        """Swatches with their words in rows; the y below them. `dry`: only how low it would come."""
        across, lead, at, y = 2.1 * size, 1.75 * size, x, top
        for words, style in entries:
            long = across + 0.5 * size + text_size(words, size)[0] + 1.4 * size
            if at > x and at + long > x + wide:
                at, y = x, y - lead
            if not dry:
                self._swatch(at, y, across, size, style)
                self.text(at + across + 0.5 * size, y - 1.08 * size, words, size)
            at += long
        return y - lead

    def _swatch(self, x: float, top: float, across: float, size: float, style: Style) -> None:
        low, high = top - 1.3 * size, top - 0.15 * size
        corners = [(x, low), (x + across, low), (x + across, high), (x, high), (x, low)]
        frame = Rectangle((x, low), across, high - low, fill=False, edgecolor=palette.QUIET, linewidth=0.5)
        self.put([*style(Path(corners, closed=True)), frame])
