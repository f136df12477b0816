"""Polygons made valid and merged, in bounded time: crossings are counted first, and a scribble is refused.

A ring of 5,000 random vertices crosses itself millions of times and its repair runs for minutes; a slip of a mapper's
hand makes a handful. So a repair is only begun when a bounded sweep has found few enough crossings. Of GEOS's two ways
the one by rings is taken ("structure"): it keeps overlapping parts whole where the one by lines would punch holes, and
200 random vertices cost it 0.06 s instead of 4 s.
"""

from __future__ import annotations

import zlib

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from isofront.errors import BadInputError

MAX_REPAIR_VERTICES = 200_000
MAX_MERGE_VERTICES = 1_000_000
MAX_CROSSINGS = 20_000
MAX_TOUCHES = 5_000_000
"""Pairs of edges with a vertex in common: some five for each vertex of a map."""
MAX_AT_ONE_SPOT = 100
"""Vertices on one spot. Lines of a map meet in threes and fours; 8,000 holes that meet in one take GEOS minutes."""
MAX_NEAR_PAIRS = 50_000_000
MAX_NEAR_PER_EDGE = 20
"""Pairs of edges whose boxes overlap: a handful for each edge of a map, all of all where stripes lie aslant."""
_SMALL = 20_000
_SAMPLE, _TREE = 2_000, 200_000
_PAIRS_AT_A_TIME = 2_000_000


def made_valid(area: BaseGeometry, *, where: str) -> tuple[BaseGeometry, str | None]:
    """The area itself if it is valid, else a repaired one and what was wrong with it.

    Raises:
        BadInputError: it cannot be looked at or repaired in reasonable time, or nothing is left of it.
    """
    refuse_traps(area, where=where)
    if shapely.is_valid(area):
        return area, None
    fault = str(shapely.is_valid_reason(area)).split("[")[0].strip().lower()
    refuse_scribbles(area, where=where, most=MAX_REPAIR_VERTICES)
    repaired = polygonal(shapely.make_valid(area, method="structure", keep_collapsed=False))
    if repaired.is_empty:
        raise BadInputError(f"{where}: its polygon encloses nothing ({fault}), wanted an area")
    return repaired, fault


def merged(areas: list[BaseGeometry], *, where: str) -> BaseGeometry:
    """Valid areas as one; a single one, or ones that lie apart, keep every vertex.

    Raises:
        BadInputError: they cross each other too often to be merged.
    """
    if len(areas) == 1:
        return areas[0]
    parts = shapely.get_parts(shapely.get_parts(np.array(areas, dtype=object)))
    if _lie_apart(parts):
        return MultiPolygon(list(parts))
    refuse_scribbles(MultiPolygon(list(parts)), where=where, most=MAX_MERGE_VERTICES)
    return polygonal(shapely.union_all(parts))


def polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """The areas in a geometry as a Polygon or MultiPolygon (perhaps empty); its points and lines are dropped."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    areas = [part for part in parts if isinstance(part, Polygon) and not part.is_empty]
    return areas[0] if len(areas) == 1 else MultiPolygon(areas)


def refuse_traps(area: BaseGeometry, *, where: str) -> None:
    """Return if GEOS can tell in reasonable time whether the area is valid.

    Raises:
        BadInputError: too many of its edges meet in one spot, or lie near each other.
    """
    starts, ends = _edges(area)
    _, meeting = np.unique(np.ascontiguousarray(starts).view(np.complex128), return_counts=True)
    if meeting.size and meeting.max() > MAX_AT_ONE_SPOT:
        raise BadInputError(f"{where}: {meeting.max():,} vertices on one spot, wanted at most {MAX_AT_ONE_SPOT}")
    if len(starts) > _SMALL and _near_pairs(starts, ends) > max(MAX_NEAR_PAIRS, MAX_NEAR_PER_EDGE * len(starts)):
        raise BadInputError(f"{where}: its {len(starts):,} edges lie across each other too densely for a map")


def refuse_scribbles(area: BaseGeometry, *, where: str, most: int) -> None:
    """Return if the area has at most `most` vertices and its edges seldom cross each other.

    Raises:
        BadInputError: more crossings than `MAX_CROSSINGS`, or too many vertices to count them.
    """
    starts, ends = _edges(area)
    if len(starts) > most:
        raise BadInputError(
            f"{where}: {len(starts):,} vertices that cross or overlap, wanted at most {most:,} "
            f"(repair it first, or simplify it)"
        )
    if _is_scribble(starts, ends):
        raise BadInputError(
            f"{where}: crosses or overlaps itself more than {MAX_CROSSINGS:,} times, wanted a drawn area"
        )


def _lie_apart(parts: np.ndarray) -> bool:
    """Whether no two parts' boxes meet."""
    boxes = shapely.envelope(parts)
    tree = shapely.STRtree(boxes)
    return all(len(tree.query(box, predicate="intersects")) == 1 for box in boxes)


def _edges(area: BaseGeometry) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of every edge of every ring, [edge, (lon, lat)]."""
    rings = shapely.get_rings(shapely.get_parts(area))
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    return vertices[:-1][same], vertices[1:][same]


def _near_pairs(starts: np.ndarray, ends: np.ndarray) -> float:
    """About how many pairs of edges have boxes that overlap, from a sample drawn by the data themselves."""
    n = len(starts)
    rng = np.random.default_rng(zlib.crc32(starts.tobytes()))
    some = rng.permutation(n)[:_TREE]
    edges = shapely.linestrings(np.stack([starts[some], ends[some]], axis=1))
    tree = shapely.STRtree(edges)
    seen = sum(len(tree.query(edge)) for edge in edges[:_SAMPLE])
    return seen / _SAMPLE * n / len(some) * n / 2


def _is_scribble(starts: np.ndarray, ends: np.ndarray) -> bool:
    """Whether too many pairs of edges meet; no more are looked at than it takes to tell."""
    edges = shapely.linestrings(np.stack([starts, ends], axis=1))
    tree = shapely.STRtree(edges)
    step = max(16, _PAIRS_AT_A_TIME // max(len(edges), 1))
    crossings = touches = 0
    for first in range(0, len(edges), step):
        a, b = tree.query(edges[first : first + step], predicate="intersects")
        a = a + first
        a, b = a[a < b], b[a < b]
        joined = (
            _same(starts, a, starts, b)
            | _same(starts, a, ends, b)
            | _same(ends, a, starts, b)
            | _same(ends, a, ends, b)
        )
        touches += int(joined.sum())
        crossings += int((~joined).sum())
        if crossings > MAX_CROSSINGS or touches > MAX_TOUCHES:
            return True
    return False


def _same(first: np.ndarray, a: np.ndarray, second: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether vertex a of one array lies where vertex b of the other does, pair by pair."""
    equal: np.ndarray = (first[a] == second[b]).all(axis=1)
    return equal
