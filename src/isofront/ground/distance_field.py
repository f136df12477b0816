"""Signed distance to a border, for every cell: exact to the polygon's own edges, not to the grid.

An edge that lies on the frame of the data is no border: pass the inner border alone (`inner_border_km`) and the frame,
and the class continues outward past it, straight across the frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float, Int
from isofront.ground.grid import Grid

ON_FRAME_KM = 2e-3
"""An edge this close to the frame lies on it: above the 1e-6° rounding of files, far below any cell."""

STRIP = 64
"""Rows of cells in which a contour is sought at once: only strips that it passes are looked at, in little memory."""

BAND = 160
"""Rows of cells that one thread measures at one go."""

OUTWARD_KM = 1000.0
"""How far a border that meets the frame is carried on beyond it: past any grid's margin."""


def signed_distance_km(
    grid: Grid,
    inside: BaseGeometry,
    border: BaseGeometry,
    *,
    frame: BaseGeometry | None = None,
    limit_km: float = np.inf,
) -> Float[np.ndarray, "ny nx"]:
    """Distance of every cell centre to the border, km: positive inside, negative outside, ±inf without a border.

    With a frame, ground past it is like the frame's nearest ground, and a border that ends on the frame runs on
    outward at right angles to it. Past `limit_km` the answer is ±`limit_km`, at a fraction of the work.
    """
    segments = segments_km(border)
    within = inside_cells(grid, inside)
    if frame is not None:
        segments = np.concatenate([segments, _outward_segments(border, frame)])
        within = _continue_outward(within, grid, frame)
    return np.asarray(np.where(within, 1.0, -1.0) * distance_km(grid, segments, limit_km=limit_km))


def redistance(grid: Grid, phi: Float[np.ndarray, "ny nx"], *, limit_km: float = np.inf) -> Float[np.ndarray, "ny nx"]:
    """The exact signed distance (km) to the zero contour of `phi`, with the signs of `phi`; `phi` if it has no zero.

    Past `limit_km` the answer is ±`limit_km`.
    """
    segments = contour_segments(grid, phi)
    if len(segments) == 0:
        return np.array(phi, float)
    away = distance_km(grid, segments, limit_km=limit_km)
    np.negative(away, out=away, where=phi < 0)
    return away


def contour_segments(grid: Grid, phi: Float[np.ndarray, "ny nx"], level: float = 0.0) -> Float[np.ndarray, "n 4"]:
    """The contour of a gridded field at a level as segments (ax, ay, bx, by), km."""
    pieces = [
        np.hstack([line[:-1], line[1:]])
        for rows, columns in _crossed(np.asarray(phi) > level)
        for line in _lines(grid.east_km[columns], grid.north_km[rows], phi[rows, columns], level)
    ]
    return np.concatenate(pieces) if pieces else np.empty((0, 4))


def _crossed(above: Bool[np.ndarray, "ny nx"]) -> Iterator[tuple[slice, slice]]:
    """Strips of rows, each sharing its last with the next, cut to the columns between which a contour passes."""
    for first in range(0, max(len(above) - 1, 0), STRIP):
        strip = above[first : first + STRIP + 1]
        passes = (strip[1:] != strip[:-1]).any(axis=0)
        beside = (strip[:, 1:] != strip[:, :-1]).any(axis=0)
        passes[:-1] |= beside
        passes[1:] |= beside
        columns = np.flatnonzero(passes)
        if len(columns):
            yield slice(first, first + STRIP + 1), slice(max(int(columns[0]) - 1, 0), int(columns[-1]) + 2)


def _lines(
    east_km: Float[np.ndarray, " nx"], north_km: Float[np.ndarray, " ny"], phi: Float[np.ndarray, "ny nx"], level: float
) -> list[Float[np.ndarray, "n 2"]]:
    if min(phi.shape) < 2:  # one column of cells: a contour passes, but no segment of it lies within
        return []
    from contourpy import LineType, contour_generator

    maker = contour_generator(east_km, north_km, phi, line_type=LineType.Separate)
    return [np.asarray(line, float) for line in maker.lines(level)]


def distance_km(
    grid: Grid, segments: Float[np.ndarray, "n 4"], *, limit_km: float = np.inf
) -> Float[np.ndarray, "ny nx"]:
    """Exact distance (km) of every cell centre to the nearest segment, at most `limit_km`."""
    if len(segments) == 0:
        return np.full(grid.shape, limit_km)
    from isofront.ground.distance_kernels import nearest_km
    from isofront.threads import each

    east, north, out = grid.east_km, grid.north_km, np.empty(grid.shape)

    def fill(first: int) -> None:
        rows = slice(first, first + BAND)
        out[rows] = nearest_km(east, north[rows], segments, grid.cell_km / 4, limit_km)

    for _ in each(fill, range(0, grid.ny, BAND)):
        pass
    return out


def inside_cells(grid: Grid, polygons: BaseGeometry) -> Bool[np.ndarray, "ny nx"]:
    """Which cell centres lie inside valid polygons."""
    edges = segments_km(polygons)
    if len(edges) == 0:
        return np.zeros(grid.shape, bool)
    from isofront.ground.distance_kernels import inside_rings

    return np.asarray(inside_rings(grid.east_km, grid.north_km, edges))


def segments_km(lines: BaseGeometry) -> Float[np.ndarray, "n 4"]:
    """Every segment (ax, ay, bx, by) of lines or collections of lines; a polygon counts by its boundary."""
    parts = shapely.get_parts(_lines_of(lines))
    points, owner = shapely.get_coordinates(parts, return_index=True)
    same = owner[1:] == owner[:-1]
    return np.hstack([points[:-1][same], points[1:][same]])


def inner_border_km(inside: BaseGeometry, frame: BaseGeometry) -> BaseGeometry:
    """The boundary of polygons without the edges that lie on the frame."""
    segments = segments_km(inside)
    middles = (segments[:, :2] + segments[:, 2:]) / 2
    rim = shapely.boundary(frame)
    shapely.prepare(rim)
    spots = np.stack([segments[:, :2], middles, segments[:, 2:]])
    on_frame = shapely.dwithin(shapely.points(spots), rim, ON_FRAME_KM).all(axis=0)
    kept = shapely.linestrings(segments[~on_frame].reshape(-1, 2, 2))
    return shapely.line_merge(shapely.multilinestrings(kept))


def _lines_of(geometry: BaseGeometry) -> BaseGeometry:
    """Lines from anything: polygons give their boundaries, points nothing."""
    parts = shapely.get_parts(geometry)
    kind = shapely.get_type_id(parts)
    areal = np.isin(kind, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    nested = np.isin(kind, (shapely.GeometryType.GEOMETRYCOLLECTION, shapely.GeometryType.MULTILINESTRING))
    flat = [_lines_of(part) for part in parts[nested]]
    lines = parts[np.isin(kind, (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING))]
    whole = np.concatenate([lines, shapely.boundary(parts[areal]), np.array(flat, dtype=object)])
    return (
        shapely.geometrycollections(shapely.get_parts(shapely.get_parts(whole)))
        if len(whole)
        else shapely.MultiLineString()
    )


def _outward_segments(border: BaseGeometry, frame: BaseGeometry) -> Float[np.ndarray, "n 4"]:
    """From each end of the border that lies on the frame, a segment straight outward."""
    ends = _loose_ends(segments_km(border))
    rim = segments_km(shapely.boundary(shapely.orient_polygons(frame, exterior_cw=False)))
    out = [
        _up_to(frame, _outward(end, rim))
        for end in ends
        if shapely.dwithin(shapely.boundary(frame), shapely.Point(end), ON_FRAME_KM)
    ]
    return np.array(out).reshape(-1, 4)


def _up_to(frame: BaseGeometry, segment: Float[np.ndarray, 4]) -> Float[np.ndarray, 4]:
    """The segment, or half of it as far as it does not come back to the frame: in a bay it ends in the middle."""
    start, end = segment[:2], segment[2:]
    length = np.hypot(*(end - start))
    first = start + (end - start) * (2 * ON_FRAME_KM / length)
    back = shapely.intersection(shapely.linestrings([first, end]), frame)
    if shapely.is_empty(back):
        return segment
    away = shapely.distance(shapely.Point(start), back)
    return np.array([*start, *(start + (end - start) * (away / 2 / length))])


def _loose_ends(segments: Float[np.ndarray, "n 4"]) -> Float[np.ndarray, "m 2"]:
    """Spots where exactly one segment ends."""
    if len(segments) == 0:
        return np.empty((0, 2))
    spots, count = np.unique(segments.reshape(-1, 2), axis=0, return_counts=True)
    return np.asarray(spots[count == 1])


def _outward(end: Float[np.ndarray, 2], rim: Float[np.ndarray, "n 4"]) -> Float[np.ndarray, 4]:
    """A long segment from a spot on a counter-clockwise rim, along the nearest edge's outward normal."""
    edges = shapely.linestrings(rim.reshape(-1, 2, 2))
    nearest = rim[np.argmin(shapely.distance(edges, shapely.Point(end)))]
    east, north = nearest[2:] - nearest[:2]
    length = np.hypot(east, north)
    return np.array([*end, end[0] + OUTWARD_KM * north / length, end[1] - OUTWARD_KM * east / length])


def _continue_outward(within: Bool[np.ndarray, "ny nx"], grid: Grid, frame: BaseGeometry) -> Bool[np.ndarray, "ny nx"]:
    """Outside the frame, each cell is like the frame's nearest cell."""
    outside, nearest = _past(grid, frame)
    continued = within.copy()
    continued.ravel()[outside] = within.ravel()[nearest]
    return continued


@lru_cache(maxsize=1)
def _past(grid: Grid, frame: BaseGeometry) -> tuple[Int[np.ndarray, " n"], Int[np.ndarray, " n"]]:
    """The cells outside the frame and, for each, the nearest inside it, by number; kept, for several sides ask."""
    from scipy.ndimage import distance_transform_edt

    framed = inside_cells(grid, frame)
    if framed.all() or not framed.any():
        return np.empty(0, np.int32), np.empty(0, np.int32)
    outside = np.flatnonzero(~framed).astype(np.int32)
    rows, columns = distance_transform_edt(~framed, return_distances=False, return_indices=True)
    return outside, (rows.ravel()[outside] * np.int32(framed.shape[1]) + columns.ravel()[outside]).astype(np.int32)
