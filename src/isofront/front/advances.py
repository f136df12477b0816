"""Where a line moved: changed ground clustered into advances, each with its way, its bearing and how far it went.

For a side s, ground that s gained makes advances; ground that s lost to nobody (grey, or ground that the map does not
draw) makes withdrawals. Parts nearer to each other than `NEAR_KM` are one. Along the part of a cluster's outline that
is s's new edge, each spot x has its distance d(x) to the old edge and the vector v(x) from the nearest spot of it:

    max_km = max d,   mean_km = ∫ d / ∫ 1,   bearing = direction of ∫ v.

The flanks of a finger pull to both sides and cancel, so the bearing is its axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float
from isofront.front.change import Change
from isofront.front.dated import GREY, REST

NEAR_KM = 1.0
"""Parts of changed ground no farther apart than this belong to one advance."""

LEAST_ADVANCE_KM2 = 0.05
LEAST_WIDTH_KM = 0.02
"""Smaller or thinner clusters (2·area / outline) are two drawings of one line; they are summed as crumbs."""

STEP_KM = 0.05
"""The new edge is followed in steps of this length."""

ON_LINE_KM = 1e-5
"""A spot this near to a line lies on it."""

POINTS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")

Spot = tuple[float, float]


class Kind(Enum):
    """Whether a side came or went."""

    ADVANCE = "advance"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Advance:
    """One place where a side's edge moved, km and km².

    `began` is the spot of the old edge nearest to `reached`, the spot of the new edge that is farthest from the old
    one. `way_km` is the mean of the vectors from the old edge to the new one (east, north). `began`, `way_km` and the
    distances are None where the side held nothing before, so that there was no edge, and where ground lies apart from
    all it held and at the rim of the frame: it came in over the rim, from an edge nobody saw. Where ground was closed
    in on from all round no edge is left: `reached` is its middle, `max_km` how far that was from the edge, and there
    is no way.
    """

    side: str
    kind: Kind
    km2: float
    n_parts: int
    ground: BaseGeometry
    reached: Spot
    began: Spot | None
    max_km: float | None
    mean_km: float | None
    way_km: Spot | None

    @property
    def bearing_deg(self) -> float | None:
        """Clockwise from the flat map's north."""
        if self.way_km is None or math.hypot(*self.way_km) < ON_LINE_KM:
            return None
        return math.degrees(math.atan2(*self.way_km)) % 360


@dataclass(frozen=True, slots=True)
class Advances:
    """The advances and withdrawals, the largest first; and per side the ground in clusters too small to name, km²."""

    found: tuple[Advance, ...]
    crumbs_km2: dict[str, float]


def advances(change: Change, *, near_km: float = NEAR_KM, least_km2: float = LEAST_ADVANCE_KM2) -> Advances:
    """Every place where a side's edge moved."""
    found: list[Advance] = []
    crumbs = dict.fromkeys(change.sides, 0.0)
    for side in change.sides:
        old = _Edge.of(_layer(change, side), change.frame)
        for kind, ground in _moved(change, side):
            for cluster in _clusters(ground, near_km):
                if _is_crumb(cluster, least_km2):
                    crumbs[side] += float(cluster.area)
                else:
                    found.append(_advance(side, kind, cluster, old, change.frame))
    return Advances(tuple(sorted(found, key=lambda one: -one.km2)), crumbs)


def compass_point(bearing_deg: float) -> str:
    """The nearest of sixteen points of the compass."""
    return POINTS[round(bearing_deg / (360 / len(POINTS))) % len(POINTS)]


def nearest_of(ground: BaseGeometry, spots: Sequence[Spot]) -> tuple[int, float] | None:
    """The number of the spot nearest to some ground, and its distance, km; None if there are no spots."""
    if not spots:
        return None
    away = shapely.distance(ground, shapely.points(np.array(spots)))
    return int(away.argmin()), float(away.min())


def _layer(change: Change, side: str) -> BaseGeometry:
    return next(layer.geometry for layer in change.before if layer.name == side)


def _moved(change: Change, side: str) -> Iterator[tuple[Kind, BaseGeometry]]:
    """Ground that a side gained, and ground it lost to nobody."""
    gained = [one.geometry for one in change.pieces if one.after == side]
    lost = [one.geometry for one in change.pieces if one.before == side and one.after in (GREY, REST)]
    for kind, pieces in ((Kind.ADVANCE, gained), (Kind.WITHDRAWAL, lost)):
        if pieces:
            yield kind, shapely.union_all(np.array(pieces, dtype=object))


def _clusters(ground: BaseGeometry, near_km: float) -> list[BaseGeometry]:
    """Parts joined where they lie near each other."""
    parts = shapely.get_parts(shapely.get_parts(ground))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    one, other = shapely.STRtree(parts).query(parts, predicate="dwithin", distance=near_km)
    graph = coo_matrix((np.ones(len(one)), (one, other)), shape=(len(parts), len(parts)))
    n, number = connected_components(graph, directed=False)
    return [shapely.multipolygons(parts[number == k]) for k in range(n)]


def _is_crumb(cluster: BaseGeometry, least_km2: float) -> bool:
    return bool(cluster.area < least_km2 or 2 * cluster.area / cluster.length < LEAST_WIDTH_KM)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line in short pieces that can be asked for its nearest spot; empty if there is none."""

    segments: np.ndarray
    ends_km: Float[np.ndarray, "n 2 2"]
    tree: shapely.STRtree

    @classmethod
    def of(cls, held: BaseGeometry, frame: BaseGeometry) -> _Edge:
        """The edge of held ground, without what runs along the rim of the frame."""
        segments, middles = _segments(shapely.boundary(held))
        kept = segments[~_on(shapely.boundary(frame), middles)] if len(segments) else segments
        return cls(kept, shapely.get_coordinates(kept).reshape(-1, 2, 2), shapely.STRtree(kept))

    def nearest(self, spots: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, "n 2"]:
        """The nearest spot of the line to each spot."""
        which = self.tree.query_nearest(shapely.points(spots), all_matches=False)[1]
        start = self.ends_km[which, 0]
        along = self.ends_km[which, 1] - start
        share = ((spots - start) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-30)
        return np.asarray(start + along * np.clip(share, 0.0, 1.0)[:, None])


def _advance(side: str, kind: Kind, cluster: BaseGeometry, old: _Edge, frame: BaseGeometry) -> Advance:
    n_parts = int(shapely.get_num_geometries(cluster))
    if not len(old.segments) or _came_over_the_rim(cluster, old, frame):
        middle = shapely.get_coordinates(shapely.point_on_surface(cluster))[0]
        return Advance(side, kind, float(cluster.area), n_parts, cluster, _spot(middle), None, None, None, None)
    spots, length = _outline(cluster, frame)
    start = old.nearest(spots)
    way = spots - start
    away = np.hypot(way[:, 0], way[:, 1])
    length = np.where(away > ON_LINE_KM, length, 0.0)
    total, farthest = float(length.sum()), int(away.argmax())
    if total == 0:
        return _closed_in(side, kind, cluster)
    return Advance(
        side=side,
        kind=kind,
        km2=float(cluster.area),
        n_parts=n_parts,
        ground=cluster,
        reached=_spot(spots[farthest]),
        began=_spot(start[farthest]),
        max_km=float(away[farthest]),
        mean_km=float((away * length).sum() / total),
        way_km=_spot((way * length[:, None]).sum(axis=0) / total),
    )


def _came_over_the_rim(cluster: BaseGeometry, old: _Edge, frame: BaseGeometry) -> bool:
    """Whether ground touches the rim of the frame but not the old edge: the edge it came from lies out of sight."""
    apart = not len(old.tree.query(cluster, predicate="dwithin", distance=ON_LINE_KM))
    return apart and bool(shapely.dwithin(shapely.boundary(frame), cluster, ON_LINE_KM))


def _closed_in(side: str, kind: Kind, cluster: BaseGeometry) -> Advance:
    """Ground that the old edge ran all round: no new edge is left, and the line came as far as its middle."""
    radius = shapely.maximum_inscribed_circle(cluster)
    rim, middle = (_spot(xy) for xy in shapely.get_coordinates(radius)[::-1])
    n_parts = int(shapely.get_num_geometries(cluster))
    return Advance(side, kind, float(cluster.area), n_parts, cluster, middle, rim, float(radius.length), None, None)


def _outline(cluster: BaseGeometry, frame: BaseGeometry) -> tuple[Float[np.ndarray, "n 2"], Float[np.ndarray, " n"]]:
    """Spots along a cluster's outline inside the frame, and the length that each stands for (0 for corners)."""
    segments, middles = _segments(shapely.segmentize(shapely.boundary(cluster), STEP_KM))
    inside = ~_on(shapely.boundary(frame), middles)
    if not inside.any():
        inside[:] = True
    corners = _corners(shapely.get_coordinates(segments[inside]))
    length = np.concatenate([shapely.length(segments[inside]), np.zeros(len(corners))])
    return np.vstack([middles[inside], corners]), np.asarray(length)


def _corners(ends: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, "m 2"]:
    """The ends of segments, two by two, without those at which the next segment begins."""
    keep = np.ones(len(ends), bool)
    keep[1:-1:2] = (ends[1:-1:2] != ends[2::2]).any(axis=1)
    return ends[keep]


def _segments(line: BaseGeometry) -> tuple[np.ndarray, Float[np.ndarray, "n 2"]]:
    """A line's segments, and the middle of each."""
    xy, part = shapely.get_coordinates(shapely.get_parts(line), return_index=True)
    same = part[1:] == part[:-1]
    first, last = xy[:-1][same], xy[1:][same]
    if not len(first):
        return np.empty(0, dtype=object), np.empty((0, 2))
    return shapely.linestrings(np.stack([first, last], axis=1)), (first + last) / 2


def _on(line: BaseGeometry, spots: Float[np.ndarray, "n 2"]) -> Bool[np.ndarray, " n"]:
    shapely.prepare(line)
    return np.asarray(shapely.dwithin(line, shapely.points(spots), ON_LINE_KM))


def _spot(xy: Float[np.ndarray, " 2"]) -> Spot:
    return float(xy[0]), float(xy[1])
