"""Where a closer look pays, and in which corner of the map it can lie without hiding the front."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.front.shapes import Class
from isofront.publish.picture_layers import edges_in
from isofront.publish.picture_style import Points
from isofront.publish.picture_text import Box
from isofront.publish.picture_view import View
from isofront.publish.sheet import Sheet

SHARE, ZOOM = 0.37, 2.2
"""The inset's side as a share of the map's shorter side, and how much larger it shows the ground."""
BUSY = 1.5
"""A closer look pays where a window counts this many times what a usual window on the front counts."""
PEOPLE, NEAR_KM = 2.0, 3.0
"""How much the contested place with most people adds to a window, and how near an edge is contested."""
STEP_KM = 0.25
GAP_PT, STAMP_PT = 6.0, 26.0


@dataclass(frozen=True, slots=True)
class Inset:
    """What the inset shows, and its box on the map in points."""

    view: View
    box: Box

    def focus_in(self, view: View) -> Box:
        """What the inset shows, as a box on the map in points."""
        west, south, east, north = self.view.box_km
        left, low = ((km - corner) * view.points_per_km for km, corner in zip((west, south), view.box_km, strict=False))
        return left, low, left + (east - west) * view.points_per_km, low + (north - south) * view.points_per_km


def inset_of(sheet: Sheet, view: View) -> Inset | None:
    """The inset of a map; None where the front is alike everywhere, or no corner is free."""
    edges = edges_in(sheet, view)
    side_pt = SHARE * min(view.size)
    window_km = side_pt / view.points_per_km / ZOOM
    focus = _busiest(_along(edges), _contested(sheet, edges), view, window_km)
    if focus is None:
        return None
    shown = View(focus, view.points_per_km * ZOOM)
    free = [box for box in _corners(view, side_pt) if not _hides(box, edges, focus, view)]
    return Inset(shown, free[0]) if free else None


def _along(edges: BaseGeometry) -> Points:
    """Spots along the edges, evenly apart."""
    return shapely.get_coordinates(shapely.segmentize(edges, STEP_KM)) if not edges.is_empty else np.empty((0, 2))


def _contested(sheet: Sheet, edges: BaseGeometry) -> Float[np.ndarray, "n 3"]:
    """Easting, northing (km) and people of the places near an edge or in the grey zone."""
    grey = shapely.union_all([area.geometry for area in sheet.drawing.areas if area.cls is Class.GREY])
    fought_over = shapely.union_all([shapely.buffer(edges, NEAR_KM), grey])
    rows = [
        (*sheet.field.grid.to_km(*one.settlement.at), float(one.settlement.population or 0))
        for one in sheet.settlements
    ]
    table = np.array(rows, float).reshape(-1, 3)
    return np.asarray(table[shapely.contains_xy(fought_over, table[:, 0], table[:, 1])])


def _busiest(spots: Points, places: Float[np.ndarray, "n 3"], view: View, window_km: float) -> Box | None:
    """The window that counts most, if it counts far more than the usual one.

    A window counts its length of edge, times 1 + PEOPLE · (people of its contested places / most in any window).
    """
    if len(spots) == 0 or window_km <= 0:
        return None
    half = window_km / 2
    west, south, east, north = view.box_km
    middles = np.unique(np.round(spots / (half / 2)), axis=0) * (half / 2)
    inner = np.clip(middles, [west + half, south + half], [east - half, north - half])
    length = np.array([_within(spots, middle, half).sum() for middle in inner])
    people = np.array([places[_within(places[:, :2], middle, half), 2].sum() for middle in inner])
    counts = length * (1 + PEOPLE * people / max(people.max(), 1.0))
    if counts.max() < BUSY * np.median(counts):
        return None
    return _window(spots, places, inner[int(np.argmax(counts))], view, half)


def _window(
    spots: Points, places: Float[np.ndarray, "n 3"], middle: Float[np.ndarray, " 2"], view: View, half: float
) -> Box:
    """The window about the people of its contested places, else about its edges, kept inside the view."""
    west, south, east, north = view.box_km
    near = places[_within(places[:, :2], middle, half)]
    edge = spots[_within(spots, middle, half)].mean(axis=0)
    centred = (near[:, :2] * near[:, 2:]).sum(axis=0) / near[:, 2].sum() if near[:, 2].sum() > 0 else edge
    x, y = np.clip(centred, [west + half, south + half], [east - half, north - half])
    return float(x - half), float(y - half), float(x + half), float(y + half)


def _within(spots: Points, middle: np.ndarray, half: float) -> np.ndarray:
    return np.asarray((np.abs(spots - middle) <= half).all(axis=1))


def _corners(view: View, side_pt: float) -> list[Box]:
    """The four corners' boxes: upper left (below the stamp), lower right, upper right, lower left."""
    width, height = view.size
    right, top = width - GAP_PT - side_pt, height - GAP_PT - side_pt
    lower_lefts = ((GAP_PT, height - STAMP_PT - side_pt), (right, GAP_PT), (right, top), (GAP_PT, GAP_PT))
    return [(x, y, x + side_pt, y + side_pt) for x, y in lower_lefts]


def _hides(box: Box, edges: BaseGeometry, focus: Box, view: View) -> bool:
    """Whether the box would lie over an edge or over what it shows."""
    shown = view.in_points(shapely.union_all([edges, shapely.box(*focus)]))
    return bool(shapely.intersects(shapely.box(*box), shown))
