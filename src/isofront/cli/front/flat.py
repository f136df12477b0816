"""Dated maps on the flat map: each side's held ground and grey as areas in km."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from isofront.cli.front.dated import PLAIN_SIDE, Raw
from isofront.errors import BadInputError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from isofront.front.dated import Dated
    from isofront.ground.polygons import Feature

_DRAWN = ("", "held", "grey")
_OTHERS = ("infiltration", "claimed", "liberated")
_log = logging.getLogger("isofront.cli")
EDGE_STEP_DEG = 0.05
"""Edges in degrees are cut to this before they are put on the flat map, where they bend."""


def flat_of(crs: str | None, raws: Sequence[Raw]) -> str:
    """The flat map for some maps: the one asked for, else the UTM zone of them all."""
    import shapely

    from isofront.cli.front.ground import flat_map
    from isofront.ground.grid import Bounds

    box = shapely.total_bounds([feature.geometry for raw in raws for feature in raw.features])
    return flat_map(crs, Bounds(*(float(edge) for edge in box)))


def dated(raw: Raw, crs: str, *, side: str = PLAIN_SIDE, known: BaseGeometry | None = None) -> Dated:
    """A map as held ground per side and grey, km.

    Features carry `class` (held, grey) and `side`, or neither: then they are all held by `side`. What `read-map` calls
    infiltration, claimed or liberated says who is there, says so or was there: it is left out, and that is said.

    Raises:
        BadInputError: a class that is none, nothing held or grey, or a flat map that does not reach there.
    """
    from shapely.geometry import MultiPolygon

    from isofront.front.dated import Dated
    from isofront.ground.repair import merged

    parts: dict[str | None, list[BaseGeometry]] = {}
    for feature in _drawn(raw):
        parts.setdefault(_owner(feature, raw.label, side), []).append(feature.geometry)
    flat = {owner: in_km(merged(some, where=raw.label), crs, where=raw.label) for owner, some in parts.items()}
    unseen = [feature.geometry for feature in raw.unobserved]
    unobserved = in_km(merged(unseen, where=raw.label), crs, where=raw.label) if unseen else MultiPolygon()
    grey = flat.pop(None, MultiPolygon())
    held = {str(owner): shape for owner, shape in flat.items()}
    if raw.own and known is None:
        known = _covered([*held.values(), grey])
    return Dated(raw.date, held, grey, unobserved, known)


def side_of(raws: Sequence[Raw], asked: str) -> str:
    """Who holds polygons that do not say it: whoever was asked for, else the only side that the maps name, if one is.

    Maps of one mapper may name the side on some days and not on others.
    """
    kept = (one for raw in raws for one in raw.features if _class(one) in _DRAWN)
    named = {str(one.properties["side"]) for one in kept if one.properties.get("side")}
    return named.pop() if asked == PLAIN_SIDE and len(named) == 1 else asked


def _covered(areas: list[BaseGeometry]) -> BaseGeometry:
    import numpy as np
    import shapely

    from isofront.ground.repair import polygonal

    return polygonal(shapely.union_all(np.array(areas, dtype=object)))


def _drawn(raw: Raw) -> list[Feature]:
    """The features that are held or grey; of other classes it is said that they are left out."""
    other = sorted({cls for one in raw.features if (cls := _class(one)) in _OTHERS})
    for cls in other:
        _tell_left_out(raw.label.partition("@")[0], cls)
    found = [one for one in raw.features if _class(one) not in _OTHERS]
    if other and not found:
        raise BadInputError(f"{raw.label}: nothing in it is held or grey, wanted polygons of these classes")
    return found


@lru_cache(maxsize=256)
def _tell_left_out(file: str, cls: str) -> None:
    """Say it once for a file and a class: a history of many dates would say it for every day."""
    _log.warning("%s: polygons of class %s are neither held nor grey, left out", file, cls)


def _class(feature: Feature) -> str:
    return str(feature.properties.get("class") or "").casefold()


def _owner(feature: Feature, label: str, side: str) -> str | None:
    """Who holds a feature's ground; None for grey."""
    cls, own = _class(feature), feature.properties.get("side")
    if cls not in _DRAWN:
        stated = feature.properties["class"]
        raise BadInputError(f"{label} feature {feature.number}: class {stated!r}, wanted 'held' or 'grey'")
    return None if cls == "grey" else str(own or side)


def in_km(shape: BaseGeometry, crs: str, *, where: str) -> BaseGeometry:
    """Areas in degrees on the flat map; straight edges in degrees are let bend as they do there."""
    import shapely

    from isofront.cli.front.ground import reaches
    from isofront.ground.polygons import project_km
    from isofront.ground.repair import made_valid

    if not reaches(shape, crs):
        raise BadInputError(f"{where}: lies far outside of {crs}, wanted the flat map of that area")
    flat, _ = made_valid(project_km(shapely.segmentize(shape, EDGE_STEP_DEG), crs=crs), where=where)
    return flat
