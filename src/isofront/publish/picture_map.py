"""The map itself: the layers of a sheet drawn in kilometres, north up, with an inset where the front is busiest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform

from isofront.ground.grid import counted_on, to_lonlat
from isofront.publish import palette
from isofront.publish.degrees import degree_text, lettered
from isofront.publish.picture_inset import Inset, inset_of
from isofront.publish.picture_layers import map_layers, not_to_hide
from isofront.publish.picture_names import dot_of, label_text, necks_in, places_in, plain_text, side_names
from isofront.publish.picture_scale import bar, round_below
from isofront.publish.picture_style import Group
from isofront.publish.picture_text import Label, Place, placed, text_size
from isofront.publish.picture_view import View
from isofront.publish.sheet import Sheet
from isofront.publish.stamp import SIMULATED, stamps
from isofront.publish.words import word

KEPT_IN_FOCUS = 10_000
"""People from which a place is named on the map although the inset names it too."""
SCALE_BOX = (75.0, 13.0)
"""Room for the inset's scale bar in its lower left corner, in points."""


def draw_map(axes: Axes, sheet: Sheet, view: View, *, halo_as_text: bool) -> None:
    """Draw every layer into axes whose limits are the view's box; `halo_as_text` for SVG, which keeps text as text."""
    _draw_layers(axes, sheet, view)
    _ticks(axes, sheet, view)
    inset = inset_of(sheet, view)
    labels = placed(
        _named_here(sheet, view, inset),
        view.size,
        view.in_points(not_to_hide(sheet, view)),
        blocked=[inset.box] if inset else [],
    )
    if sheet.simulated:
        _add(axes, "watermark", [_watermark(view)], zorder=40)
    _add(axes, "side-names", side_names(sheet, view, labels, blocked=[inset.box] if inset else []), zorder=41)
    _add_labels(axes, labels, halo_as_text=halo_as_text)
    _add(axes, "stamp", [_corner_stamp(sheet, view)], zorder=45, transform=_points(axes))
    if inset:
        _draw_inset(axes, sheet, inset, halo_as_text=halo_as_text)


def _draw_layers(axes: Axes, sheet: Sheet, view: View, *, prefix: str = "") -> None:
    west, south, east, north = view.box_km
    axes.set(xlim=(west, east), ylim=(south, north), facecolor=palette.OUTSIDE)
    for zorder, (gid, artists) in enumerate(map_layers(sheet, view), start=1):
        _add(axes, prefix + gid, artists, zorder=zorder)
    for spine in axes.spines.values():
        spine.set(linewidth=0.7, color=palette.INK, zorder=50)


def _named_here(sheet: Sheet, view: View, inset: Inset | None) -> list[Place]:
    """The places of the map; where the inset looks closer, only the larger ones."""
    places = [*necks_in(sheet, view), *places_in(sheet, view)]
    if inset is None:
        return places
    left, low, right, high = inset.focus_in(view)
    return [
        place
        for place in places
        if place.people >= KEPT_IN_FOCUS or not (left <= place.x <= right and low <= place.y <= high)
    ]


def _draw_inset(axes: Axes, sheet: Sheet, inset: Inset, *, halo_as_text: bool) -> None:
    """The closer look in its corner, and on the map the outline of what it shows."""
    west, south, east, north = inset.view.box_km
    outline = Rectangle((west, south), east - west, north - south, fill=False, edgecolor=palette.INK, linewidth=0.7)
    _add(axes, "inset-outline", [outline], zorder=39)
    closer = _axes_in(axes, inset)
    _draw_layers(closer, sheet, inset.view, prefix="inset-")
    closer.set(xticks=[], yticks=[], zorder=60)
    labels = placed(
        [*necks_in(sheet, inset.view), *places_in(sheet, inset.view)],
        inset.view.size,
        inset.view.in_points(not_to_hide(sheet, inset.view)),
        blocked=[(0.0, 0.0, *SCALE_BOX)],
    )
    if sheet.simulated:
        _add(closer, "inset-watermark", [_watermark(inset.view)], zorder=40)
    _add_labels(closer, labels, halo_as_text=halo_as_text, prefix="inset-")
    _add(closer, "inset-scale-bar", _inset_scale(sheet, inset), zorder=46, transform=_points(closer))


def _inset_scale(sheet: Sheet, inset: Inset) -> list[Artist]:
    km = round_below((SCALE_BOX[0] - 30) / inset.view.points_per_km)
    length = km * inset.view.points_per_km
    text = f"{km:g} {word('km', language=sheet.theatre.map.language)}"
    ground = Rectangle((0, 0), length + 30, SCALE_BOX[1], facecolor=palette.PAPER, alpha=0.85, linewidth=0)
    return [ground, *bar(length, 4.0, up=True, left=5.0), plain_text(length + 9, 3.5, text, size=5.6)]


def _axes_in(axes: Axes, inset: Inset) -> Axes:
    """Axes for the inset, over the map's."""
    figure = axes.figure
    width, height = figure.get_size_inches() * 72  # type: ignore[union-attr]
    place = axes.get_position()
    left, low, right, high = inset.box
    box = (place.x0 + left / width, place.y0 + low / height, (right - left) / width, (high - low) / height)
    return figure.add_axes(box)


def _add(axes: Axes, gid: str, artists: Sequence[Artist], *, zorder: int, transform: Transform | None = None) -> None:
    for artist in artists:
        artist.set_figure(axes.figure)
        if transform is not None or not artist.is_transform_set():
            artist.set_transform(transform or axes.transData)
        artist.axes = axes
        artist.set_clip_path(axes.patch)
    axes.add_artist(Group(gid, artists, zorder=zorder))


def _add_labels(axes: Axes, labels: list[Label], *, halo_as_text: bool, prefix: str = "") -> None:
    points = _points(axes)
    _add(
        axes,
        f"{prefix}settlements",
        [dot_of(label.place) for label in labels if label.place.size > 0],
        zorder=42,
        transform=points,
    )
    texts = [label_text(label) for label in labels]
    if halo_as_text:
        halos = [label_text(label, colour=palette.PAPER) for label in labels]
        _add(axes, f"{prefix}labels-halo", halos, zorder=43, transform=points)
    else:
        for text in texts:
            text.set_path_effects([withStroke(linewidth=1.9, foreground=palette.PAPER, alpha=0.92)])
    _add(axes, f"{prefix}labels", texts, zorder=44, transform=points)


def _points(axes: Axes) -> Transform:
    """Points from the axes' lower left corner to the screen."""
    box = axes.get_position()
    width, height = axes.figure.get_size_inches() * 72  # type: ignore[union-attr]
    return Affine2D().translate(box.x0 * width, box.y0 * height).scale(1 / 72) + axes.figure.dpi_scale_trans


def _watermark(view: View) -> Text:
    """SIMULATED across the map, as wide as it can be."""
    west, south, east, north = view.box_km
    width, height = view.size
    words = SIMULATED
    angle = float(np.degrees(np.arctan2(height, width)))
    at_ten, _, _ = text_size(words, 10.0, bold=True)
    size = 10 * 0.78 * float(np.hypot(width, height)) / at_ten
    style = {"rotation": angle, "ha": "center", "va": "center", "weight": "bold", "alpha": 0.05}
    return plain_text((west + east) / 2, (south + north) / 2, words, size=size, **style)


def _corner_stamp(sheet: Sheet, view: View) -> Text:
    """The stamps in the map's upper left, so that a cut-out map still says what it is."""
    words = " · ".join(stamps(sheet))
    colour = palette.stamp_colour(words)
    box = {"boxstyle": "square,pad=0.35", "facecolor": palette.PAPER, "edgecolor": colour, "linewidth": 0.8}
    return plain_text(7.0, view.size[1] - 7, words, size=6.5, color=colour, weight="bold", va="top", bbox=box)


def _ticks(axes: Axes, sheet: Sheet, view: View) -> None:
    """Degrees along the lower and the left edge."""
    west, south, east, north = view.box_km
    bounds = sheet.theatre.bounds
    along, up = np.linspace(west, east, 200), np.linspace(south, north, 200)
    lons, _ = to_lonlat(along, np.full(200, south), crs=sheet.field.grid.crs)
    lons = counted_on(lons, about=(bounds[0] + bounds[2]) / 2)
    _, lats = to_lonlat(np.full(200, west), up, crs=sheet.field.grid.crs)
    signed = lettered(sheet.theatre.box)
    for axis, values, spots, span, letters in (
        (axes.xaxis, lons, along, bounds[2] - bounds[0], "EW"),
        (axes.yaxis, lats, up, bounds[3] - bounds[1], "NS"),
    ):
        marks = _round_degrees(values[0], values[-1], span)
        labels = [degree_text(mark, letters, lettered=signed) for mark in marks]
        axis.set_ticks(np.interp(marks, values, spots).tolist(), labels=labels)
    axes.tick_params(length=2.2, width=0.5, labelsize=4.8, colors=palette.QUIET, pad=1.5)


def _round_degrees(first: float, last: float, span: float) -> list[float]:
    """Three to six round values between first and last."""
    step = next((one for one in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0) if span / one <= 6), 20.0)
    low, high = int(np.ceil(first / step)), int(np.floor(last / step))
    return [round(number * step, 4) for number in range(low, high + 1) if abs(number * step) <= 180]
