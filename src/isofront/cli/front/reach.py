"""How far a file speaks: where it was cut off, as far as that can be told from it and from others beside it."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from isofront.cli.front.dated import Raw, box_of
from isofront.cli.front.flat import in_km

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

CUT_DEG, CUT_SHARE, CUT_LEAST_DEG, RUN_LEAST_DEG, BOX_SHARE, CUT_SIDES = 0.2, 0.5, 0.1, 0.002, 0.98, 2
"""When a straight side of a file's box counts as the place where the file was cut off (see `cut_sides`)."""

ALONE_SHARE, ROOM_DEG = 0.25, 0.5
"""How much of a side of its box a file's polygons run along where it was cut; how far a cut file speaks beyond its
polygons on sides where they end by themselves: there the box lies somewhere beyond the front."""

SIDES = ("west", "south", "east", "north")

_log = logging.getLogger("isofront.cli")


def cut_sides(raw: Raw, others: Iterable[Raw]) -> tuple[float | None, ...]:
    """West, south, east, north (degrees) where a file was cut off at a straight line; None where it was not.

    A side of the box is one where a file was cut if its polygons run along it and another file's go on beyond (over
    `CUT_SHARE` of a strip `CUT_DEG` wide). A single such side, or a file that is nothing but a box, may as well be a
    front that was drawn straight: cuts come in pairs, and where there are two, a short third counts too. So does a side
    that the polygons don't reach, if the other file goes on past it by more than `CUT_DEG`: a file cut to a box says
    nothing of ground beyond the box, even where its polygons end short of it.
    """
    import shapely

    own = _all(raw)
    box = own.bounds
    if own.area > BOX_SHARE * shapely.box(*box).area:
        return (None,) * 4
    beyond = [_all(other) for other in others]
    sure = sum(_is_cut(own, k, edge, beyond, least_deg=CUT_LEAST_DEG) for k, edge in enumerate(box))
    if sure < CUT_SIDES:
        return (None,) * 4
    cut = [edge if _is_cut(own, k, edge, beyond, least_deg=RUN_LEAST_DEG) else None for k, edge in enumerate(box)]
    far = _reach(beyond, cut)
    past = (box[0] - far[0], box[1] - far[1], far[2] - box[2], far[3] - box[3])
    return tuple(box[k] if edge is None and past[k] > CUT_DEG else edge for k, edge in enumerate(cut))


def known_of(raw: Raw, others: Sequence[Raw], crs: str) -> BaseGeometry | None:
    """The ground that a file speaks of (km), as far as it was not cut off; None where it was not, or says so itself.

    By `cut_sides` where another file goes on. Where none does, because there is none or it was cut to the same box,
    two or more sides of the box that polygons run along for `ALONE_SHARE` of their length.
    """
    if raw.own:
        return None
    beside = cut_sides(raw, others) if others else (None,) * 4
    cuts = [alone if edge is None else edge for edge, alone in zip(beside, _cut_alone(raw), strict=True)]
    if all(edge is None for edge in cuts):
        return None
    words = [f"{edge:g}° {word}" for edge, word in zip(cuts, SIDES, strict=True) if edge is not None]
    _log.warning("%s ends at %s: ground beyond is not reviewed by it", raw.label, ", ".join(words))
    return _as_far(cuts, _wide_box([raw, *others]), crs)


def _cut_alone(raw: Raw) -> tuple[float | None, ...]:
    """The sides of a file's box along which its polygons run; none if that is fewer than two, or a mere box."""
    import shapely

    own = _all(raw)
    west, south, east, north = box = own.bounds
    if own.area > BOX_SHARE * shapely.box(*box).area:
        return (None,) * 4
    rim = shapely.boundary(own)
    lines = (((west, south), (west, north)), ((west, south), (east, south)), ((east, south), (east, north)),
             ((west, north), (east, north)))  # fmt: skip
    runs = [shapely.intersection(rim, shapely.LineString(line)) for line in lines]
    shares = [shapely.length(run) / max(1e-9, math.dist(*line)) for run, line in zip(runs, lines, strict=True)]
    cut = [share >= ALONE_SHARE for share in shares]
    return tuple(edge if one else None for edge, one in zip(box, cut, strict=True)) if sum(cut) > 1 else (None,) * 4


def _as_far(cuts: Sequence[float | None], box: tuple[float, ...], crs: str) -> BaseGeometry:
    import shapely

    edges = [wide if edge is None else edge for wide, edge in zip(box, cuts, strict=True)]
    return in_km(shapely.box(*edges), crs, where="the box of a map")


def _wide_box(raws: Sequence[Raw]) -> tuple[float, ...]:
    """The box round some maps and `ROOM_DEG` more, degrees."""
    boxes = [box_of(raw) for raw in raws]
    west, south = (min(box[k] for box in boxes) - ROOM_DEG for k in (0, 1))
    east, north = (max(box[k] for box in boxes) + ROOM_DEG for k in (2, 3))
    return max(west, -180.0), max(south, -85.0), min(east, 180.0), min(north, 85.0)


def _reach(others: Iterable[BaseGeometry], cut: Sequence[float | None]) -> tuple[float, float, float, float]:
    """West, south, east, north of all that other files draw on the near side of the cuts; nothing: no reach."""
    import shapely

    whole = (-180.0, -90.0, 180.0, 90.0)
    near = shapely.box(*(bound if edge is None else edge for bound, edge in zip(whole, cut, strict=True)))
    west, south, east, north = shapely.total_bounds([shapely.intersection(one, near) for one in others])
    return (west, south, east, north) if west <= east else (180.0, 90.0, -180.0, -90.0)


def _all(raw: Raw) -> BaseGeometry:
    import numpy as np
    import shapely

    return shapely.union_all(np.array([feature.geometry for feature in raw.features], dtype=object))


def _is_cut(own: BaseGeometry, k: int, edge: float, beyond: Iterable[BaseGeometry], *, least_deg: float) -> bool:
    """Whether the k-th side of the box (west, south, east, north) is where a file was cut."""
    import shapely

    west, south, east, north = own.bounds
    line = shapely.LineString([(edge, south), (edge, north)] if k % 2 == 0 else [(west, edge), (east, edge)])
    run = shapely.intersection(shapely.boundary(own), line)
    if shapely.length(run) < least_deg:
        return False
    out = ((-CUT_DEG, 0.0), (0.0, -CUT_DEG), (CUT_DEG, 0.0), (0.0, CUT_DEG))[k]
    strips = [_swept(part, out) for part in shapely.get_parts(run) if shapely.length(part) > 0]
    strip = shapely.union_all(strips)
    return any(shapely.area(shapely.intersection(strip, one)) >= CUT_SHARE * strip.area for one in beyond)


def _swept(run: BaseGeometry, out: tuple[float, float]) -> BaseGeometry:
    import shapely

    (x0, y0), (x1, y1) = shapely.get_coordinates(run)[[0, -1]]
    return shapely.Polygon([(x0, y0), (x1, y1), (x1 + out[0], y1 + out[1]), (x0 + out[0], y0 + out[1])])
