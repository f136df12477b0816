"""The anchor map: polygons of who held what on one day -> held ground of both sides and grey, on the flat map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.errors import BadInputError
from isofront.ground.axes import axes_swapped
from isofront.ground.polygons import Feature, clip_to_box, project_km, read_polygons
from isofront.ground.repair import merged, polygonal
from isofront.theatre.coast import frame_lonlat, ground_within, land_lonlat, up_to_coast
from isofront.theatre.model import Theatre

CLIPPED_DEG = 0.01
"""Data that end inside the bounds, but this near to them, were cut there."""
RIM_DEG, RIM_STEP_DEG = 1e-7, 0.05
"""How near a vertex lies that is on the rim of the known ground, and the spacing of vertices put in along the rim."""
LEAST_SAID_KM2 = 1e-6
"""An overlap of less than a square metre is rounding, and not worth a sentence."""
HELD, GREY = "held", "grey"
OVERLAYS = ("infiltration", "claimed", "liberated")
"""Classes of other makers' maps that do not say who holds the ground; an anchor has no use for them."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class AnchorArea:
    """One feature of the anchor's file in lon/lat, every vertex as there: held by `side`, or grey (None)."""

    number: int
    side: str | None
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class AnchorMap:
    """Who held what at `date`. Geometries in km on the theatre's crs; `held` and `grey` together cover `known`.

    They never overlap; between edges tens of km long a hair of a gap can be left, since what is straight in lon/lat is
    not on the map. Ground in none of them belongs to the nearest.

    A vertex of the file is a vertex here, exactly projected; ground past the grid by more than `FRAME_KM` is cut off.
    `known` is the ground the anchor speaks of: the bounds, and on each side where its data reach farther (or end within
    `CLIPPED_DEG` of the bounds) the ground up to there; of it the land, where the theatre names its land. Its rim is no
    front: past it the class continues outward.
    `unspoken` is the part of `grey` that the file says nothing about.
    `repairs` says, a sentence each, what was changed in what the file says.
    """

    date: datetime
    held: Mapping[str, BaseGeometry]
    grey: BaseGeometry
    unspoken: BaseGeometry
    known: BaseGeometry
    lonlat: tuple[AnchorArea, ...]
    repairs: tuple[str, ...]


def read_anchor(theatre: Theatre, folder: Path) -> AnchorMap:
    """The theatre's anchor from its polygon file in the folder.

    Features carry `class` (held | grey) and, if held, `side`: ground that none covers is grey if both sides hold some,
    else the other side's (classes that say nothing of that, `OVERLAYS`, are left out). Or they carry neither: all held
    by the theatre's `anchor.holder`, all else by the other side. Of a file with several dates, the anchor's counts.

    Raises:
        BadInputError: the file cannot be used, or lies wholly outside the bounds.
    """
    file = folder / theatre.anchor.file
    return anchor_map(read_polygons(file), theatre, name=file.name, land=land_lonlat(theatre, folder))


def anchor_map(
    features: tuple[Feature, ...], theatre: Theatre, *, name: str, land: BaseGeometry | None = None
) -> AnchorMap:
    """The theatre's anchor from features that were read before, as `read_anchor` gives it; `land` in lon/lat."""
    features, left_out = anchor_features(features, theatre.anchor.date, name=name)
    areas = tuple(_area(feature, theatre, name=name) for feature in features)
    mended = tuple(f"{name} feature {f.number}: {f.repair}, made valid" for f in features if f.repair)
    near = _near(areas, theatre, name=name)
    given, overlaps = _without_overlaps(near, theatre, name=name)
    known = _known(_box_round(near), theatre.bounds)
    ground = ground_within(shapely.box(*known), land)
    given = given if land is None else up_to_coast(given, ground, land=land)
    whole, unspoken = _completed(given, theatre, known=ground)
    flat = _flat_without_hairs({side: _along_rim(area, known) for side, area in whole.items()}, theatre)
    return AnchorMap(
        date=theatre.anchor.date,
        held={side: flat[side] for side in theatre.side_ids},
        grey=flat[None],
        unspoken=_flat(unspoken, theatre),
        known=_flat(_along_rim(ground, known) if land else shapely.segmentize(ground, RIM_STEP_DEG), theatre),
        lonlat=areas,
        repairs=(*mended, *overlaps, *left_out),
    )


def anchor_features(
    features: tuple[Feature, ...], moment: datetime, *, name: str
) -> tuple[tuple[Feature, ...], tuple[str, ...]]:
    """The features that say who held ground at a moment, and a sentence for what was left out.

    Of a file whose features carry `date` and are of several, those of that very moment are taken.

    Raises:
        BadInputError: none is left.
    """
    dates = {_date_of(feature) for feature in features}
    of_then = features if len(dates) < 2 else tuple(f for f in features if _date_of(f) == moment)
    if not of_then:
        first, last = (f"{when:%Y-%m-%d}" for when in (min(filter(None, dates)), max(filter(None, dates))))
        raise BadInputError(
            f"{name}: maps of {len(dates)} dates from {first} to {last}, none of {moment:%Y-%m-%d %H:%M}; "
            f"wanted the anchor's date to be one of them"
        )
    kept = tuple(f for f in of_then if f.properties.get("class") not in OVERLAYS)
    if not kept:
        raise BadInputError(f"{name}: nothing held or grey in it, only {', '.join(OVERLAYS)} or less")
    others = len(features) - len(of_then), len(of_then) - len(kept)
    words = ("areas of other dates left out", "areas left out that do not say who holds the ground")
    return kept, tuple(f"{name}: {n:,} {what}" for n, what in zip(others, words, strict=True) if n)


def _date_of(feature: Feature) -> datetime | None:
    """The moment a feature states; a bare day is its start."""
    stated = feature.properties.get("date")
    if stated is None or stated == "":
        return None
    try:
        when = datetime.fromisoformat(str(stated))
    except ValueError:
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _area(feature: Feature, theatre: Theatre, *, name: str) -> AnchorArea:
    """A feature with what it says of itself, or what `anchor.holder` says of it."""
    where = f"{name} feature {feature.number}"
    cls, side = (feature.properties.get(key) for key in ("class", "side"))
    if cls not in (None, "", HELD, GREY):
        raise BadInputError(f"{where}: class {cls!r}, wanted 'held' or 'grey'")
    if cls == GREY:
        return AnchorArea(feature.number, None, feature.geometry)
    if side in (None, ""):
        side = theatre.anchor.holder
    if side is None:
        who = "anchor.holder, which is --anchor-holder of init"
        raise BadInputError(f"{where}: has no 'side', wanted one (or {who}: that side then holds all plain polygons)")
    meant = theatre.side_words.get(str(side).casefold())
    if meant is None:
        raise BadInputError(f"{where}: side {side!r}, wanted {theatre.side_ids[0]!r} or {theatre.side_ids[1]!r}")
    return AnchorArea(feature.number, meant, feature.geometry)


def _near(areas: tuple[AnchorArea, ...], theatre: Theatre, *, name: str) -> dict[str | None, BaseGeometry]:
    """What each class covers near the theatre, lon/lat; classes in the order of the file."""
    frame = frame_lonlat(theatre)
    parts: dict[str | None, list[BaseGeometry]] = {}
    for area in areas:
        cut = clip_to_box(area.geometry, frame)
        if not cut.is_empty:
            parts.setdefault(area.side, []).append(cut)
    near = {side: merged(some, where=f"{name}, {_word(side)}") for side, some in parts.items()}
    if not any(area.intersects(shapely.box(*theatre.bounds)) for area in near.values()):
        boxes = [area.geometry.bounds for area in areas if not area.geometry.is_empty]
        hint = "; lat before lon, it seems" if axes_swapped(boxes, theatre.bounds) else ""
        raise BadInputError(
            f"{name}: nothing of it lies inside the bounds {list(theatre.bounds)}, wanted that area{hint}"
        )
    return near


def _box_round(near: Mapping[str | None, BaseGeometry]) -> Box:
    west, south, east, north = shapely.total_bounds(list(near.values()))
    return float(west), float(south), float(east), float(north)


def _known(outline: Box, bounds: Box) -> Box:
    """Side by side the bounds' edge, or the data's own where that lies farther out or was cut near the bounds."""

    def edge(data: float, bound: float, outward: int) -> float:
        return data if (data - bound) * outward > -CLIPPED_DEG else bound

    west, south, east, north = (
        edge(data, bound, outward) for data, bound, outward in zip(outline, bounds, (-1, -1, 1, 1), strict=True)
    )
    return west, south, east, north


def _without_overlaps(
    near: Mapping[str | None, BaseGeometry], theatre: Theatre, *, name: str
) -> tuple[dict[str | None, BaseGeometry], tuple[str, ...]]:
    """Each class cut back by those that stand earlier in the file, and a sentence for each that lost ground."""
    cut, sentences = dict(near), []
    for earlier, later in combinations(near, 2):
        lost = polygonal(shapely.intersection(cut[later], cut[earlier]))
        if lost.is_empty:
            continue
        cut[later] = polygonal(shapely.difference(cut[later], cut[earlier]))
        lost_km2 = _flat(lost, theatre).area
        if lost_km2 > LEAST_SAID_KM2:
            sentences.append(
                f"{name}: {_word(later)} ground overlaps {_word(earlier)} ground by {lost_km2:.3g} km2, "
                f"left to {_word(earlier)}, which stands first"
            )
    return cut, tuple(sentences)


def _word(side: str | None) -> str:
    return f"{side!r}" if side else GREY


def _completed(
    given: Mapping[str | None, BaseGeometry], theatre: Theatre, *, known: BaseGeometry
) -> tuple[dict[str | None, BaseGeometry], BaseGeometry]:
    """Both sides' ground and grey (None), lon/lat; known ground that no feature covers goes where it belongs.

    Beside it what of that became grey.
    """
    covered = shapely.union_all(np.array(list(given.values()), dtype=object))
    rest = polygonal(shapely.difference(known, covered))
    absent = [side for side in theatre.side_ids if side not in given]
    heir = absent[0] if len(absent) == 1 else None
    whole = {side: given.get(side, Polygon()) for side in (*given, *theatre.side_ids, None)}
    joined = rest if whole[heir].is_empty else polygonal(shapely.union(whole[heir], rest))
    return whole | {heir: joined}, rest if heir is None else Polygon()


def _along_rim(area: BaseGeometry, known: Box) -> BaseGeometry:
    """The area with more vertices on the rim of the known ground.

    A long edge there, straight on the map, would cut the rim's bend off, and what is left would look like a front.
    """
    parts = [part for part in shapely.get_parts(area) if not part.is_empty]
    return shapely.multipolygons([_polygon_along(part, known) for part in parts]) if parts else area


def _polygon_along(part: Polygon, known: Box) -> Polygon:
    return Polygon(_ring_along(part.exterior, known), [_ring_along(hole, known) for hole in part.interiors])


def _ring_along(ring: BaseGeometry, known: Box) -> Float[np.ndarray, "n 2"]:
    xy = shapely.get_coordinates(ring)
    first, last = xy[:-1], xy[1:]
    on_rim = np.zeros(len(first), bool)
    for axis, rim in zip((0, 1, 0, 1), known, strict=True):
        on_rim |= (np.abs(first[:, axis] - rim) < RIM_DEG) & (np.abs(last[:, axis] - rim) < RIM_DEG)
    n_parts = np.where(on_rim, np.ceil(np.abs(last - first).max(axis=1) / RIM_STEP_DEG), 1).clip(1).astype(int)
    at = np.repeat(np.arange(len(first)), n_parts)
    part = (np.arange(len(at)) - np.repeat(np.cumsum(n_parts) - n_parts, n_parts)) / n_parts[at]
    return np.vstack([first[at] + part[:, None] * (last - first)[at], xy[:1]])


def _flat_without_hairs(areas: Mapping[str | None, BaseGeometry], theatre: Theatre) -> dict[str | None, BaseGeometry]:
    """Areas in km, without the hairs by which projected neighbours overlap: the earlier area keeps them.

    An edge that is straight in lon/lat bends on the map: one area's long edge that ended in the middle of another's
    now crosses it.
    """
    flat: dict[str | None, BaseGeometry] = {}
    for side, area in areas.items():
        own = _flat(area, theatre)
        for earlier in flat.values():
            if shapely.relate_pattern(own, earlier, "T********"):
                own = polygonal(shapely.difference(own, earlier))
        flat[side] = own
    return flat


def _flat(area: BaseGeometry, theatre: Theatre) -> BaseGeometry:
    """An area in km, vertex for vertex; edges that projecting made cross by a hair are put right."""
    flat = project_km(area, crs=theatre.crs)
    if shapely.is_valid(flat):
        return flat
    return polygonal(shapely.make_valid(flat, method="structure", keep_collapsed=False))
