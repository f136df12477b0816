"""Layers packed into shared arcs, and cells as a formula: what comes out is what went in, to the stated rounding."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import mapping, shape

from isofront.ground.grid import to_lonlat
from isofront.publish.cell_grid import cell_grid
from isofront.publish.packed import packed, unpacked

spots = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=6, max_size=14, unique=True
)  # on a lattice, so that borders meet often


def collection(*shapes: shapely.Geometry, **words: object) -> dict[str, object]:
    made = [{"type": "Feature", "geometry": mapping(one), "properties": words} for one in shapes]
    return {"type": "FeatureCollection", "features": made}


def coverage(points: list[tuple[int, int]]) -> list[shapely.Geometry]:
    """Polygons that share all their borders: the Voronoi cells of some points."""
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=shapely.box(-5, -5, 35, 35))
    clipped = [shapely.intersection(one, shapely.box(-5, -5, 35, 35)) for one in shapely.get_parts(cells)]
    return [shapely.set_precision(one, 1e-4) for one in clipped]


@settings(max_examples=40)
@given(spots, st.integers(1, 3))
def test_what_is_packed_unpacks_to_the_same_shapes(points, k):
    areas = coverage(points)
    held, grey = shapely.union_all(areas[:k], grid_size=1e-4), shapely.union_all(areas[k:], grid_size=1e-4)
    line = shapely.line_merge(shapely.intersection(held.boundary, grey.boundary))
    layers = {"areas": collection(held, grey, side="x"), "front": collection(line)}
    again = unpacked(packed(layers, digits=4))
    for name, told in layers.items():
        for one, other in zip(told["features"], again[name]["features"], strict=True):
            assert shapely.equals(shape(one["geometry"]), shape(other["geometry"]))
            assert one["properties"] == other["properties"]
            assert one["geometry"]["type"] == other["geometry"]["type"]


@settings(max_examples=20)
@given(spots)
def test_a_border_that_neighbours_share_is_written_once(points):
    areas = coverage(points)
    told = packed({"areas": collection(*areas)}, digits=4)
    walked = [tuple(arc) for arc in told["arcs"]]
    assert len(walked) == len(set(walked))
    steps = sum(len(arc) // 2 - 1 for arc in walked)
    every = shapely.node(shapely.union_all([one.boundary for one in areas]))
    assert steps <= shapely.get_num_coordinates(every)
    used = [n if n >= 0 else ~n for one in told["layers"]["areas"] for ring in _rings(one) for n in ring]
    assert set(used) == set(range(len(walked)))
    assert max(used.count(n) for n in set(used)) <= 2


def _rings(one: dict[str, object]) -> list[list[int]]:
    return one["a"] if one["t"] == "Polygon" else [ring for part in one["a"] for ring in part]


def test_rings_of_one_place_are_one_arc_wherever_each_begins():
    ring = [(0, 0), (1, 0), (1, 1), (0, 1)]
    island = shapely.Polygon(ring)
    lake = shapely.Polygon(shapely.box(-2, -2, 3, 3).exterior, [[*ring[2:], *ring[:2]][::-1]])
    told = packed({"areas": collection(island, lake)})
    assert len(told["arcs"]) == 2
    assert told["layers"]["areas"][0]["a"] in ([[0]], [[~0]], [[1]], [[~1]])


def test_what_is_smaller_than_the_rounding_vanishes_and_points_stay():
    speck = shapely.box(0, 0, 1e-6, 1e-6)
    told = packed(
        {
            "areas": collection(speck, shapely.MultiPolygon([speck, shapely.box(1, 1, 2, 2)])),
            "x": collection(shapely.Point(1.5, 2)),
        }
    )
    (kept,) = told["layers"]["areas"]
    assert kept["t"] == "MultiPolygon"
    assert len(kept["a"]) == 1
    assert told["layers"]["x"] == [{"t": "Point", "c": (1.5, 2.0), "p": {}}]


@settings(max_examples=25)
@given(st.integers(-300, 700), st.integers(5200, 5900), st.integers(1, 250), st.integers(1, 250))
def test_the_corners_of_cells_are_told_to_a_decimetre(column, row, wide, high):
    grid = cell_grid([(column, row), (column + wide, row + high)], crs="EPSG:32637", km=1.0)
    at = [(column + wide * x, row + high * y) for x in (0, 0.3, 1) for y in (0, 0.6, 1)]
    lon, lat = to_lonlat(*np.array(at, float).T, crs="EPSG:32637")
    told = np.array([grid.corner(*one) for one in at])
    assert np.abs(told[:, 0] - lon).max() * 80_000 < 0.1
    assert np.abs(told[:, 1] - lat).max() * 111_000 < 0.1
