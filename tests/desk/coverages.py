"""Small invented coverages for the line: two sides, grey between them, and an island."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import strategies as st

from isofront.front.anchor import anchor_areas
from isofront.front.shapes import Area

SIDES = ("red", "blue")
FRAME = shapely.box(0, 0, 10, 10)


def coverage(low: list[float], high: list[float], island: tuple[float, float] | None) -> tuple[Area, ...]:
    """Red below the first line, blue above the second, grey between; perhaps a grey island in the blue ground."""
    east = np.linspace(0, 10, len(low))
    red = shapely.Polygon([(0, 0), *zip(east, low, strict=True), (10, 0)])
    grey = shapely.Polygon([*zip(east, low, strict=True), *reversed(list(zip(east, high, strict=True)))])
    if island is not None:
        grey = shapely.MultiPolygon([grey, shapely.box(island[0], island[1], island[0] + 1.2, island[1] + 0.8)])
    return anchor_areas({"red": red}, grey, sides=SIDES, frame=FRAME, holder="red")


heights = st.integers(0, 1500).map(lambda n: round(2.5 + n / 1000, 3))
islands = st.one_of(st.none(), st.tuples(st.sampled_from([1.0, 4.5, 8.0]), st.sampled_from([7.0, 8.5])))
gaps = st.lists(st.integers(400, 1500).map(lambda n: n / 1000), min_size=7, max_size=7)
worlds = st.tuples(st.lists(heights, min_size=7, max_size=7), gaps, islands)
"""What a test makes an invented coverage from (type checks draw at random, so that it is not made while drawing)."""


def made(world: tuple[list[float], list[float], tuple[float, float] | None]) -> tuple[Area, ...]:
    low, gap, island = world
    return coverage(low, [round(a + b, 3) for a, b in zip(low, gap, strict=True)], island)


def of(areas: tuple[Area, ...], name: str) -> shapely.Geometry:
    """All ground that a side holds, or that is grey."""
    return shapely.union_all([one.geometry for one in areas if (one.side or "grey") == name])


def is_whole(areas: tuple[Area, ...]) -> bool:
    """Whether areas are one coverage of the frame: no gap, no overlap, every vertex shared."""
    shapes = [area.geometry for area in areas]
    fills = abs(sum(shape.area for shape in shapes) - FRAME.area) < 1e-6
    return bool(fills and shapely.coverage_is_valid(shapes) and all(shapely.is_valid(shapes)))


def inner_vertices(areas: tuple[Area, ...]) -> list[tuple[float, float]]:
    """Vertices of the line that do not lie on the frame."""
    points = {tuple(p) for p in shapely.get_coordinates([area.geometry for area in areas]).tolist()}
    return sorted(p for p in points if 0.01 < p[0] < 9.99 and 0.01 < p[1] < 9.99)
