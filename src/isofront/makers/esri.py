"""Esri JSON: rings that tell shell from hole by the way they turn, coordinates in a stated system, pages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from isofront.errors import BadInputError
from isofront.ground.rings import Budget, Ring
from isofront.makers.shapes import clockwise, known_crs, positions

_OTHERS = {"x": "a point", "points": "points", "paths": "lines", "curveRings": "curves", "curvePaths": "curves"}


def polygons_of(geometry: object) -> list[list[Ring]]:
    """The polygons of an Esri geometry: rings that run with the clock are shells, the others holes in them.

    Raises:
        BadInputError: it has no rings, or what it has are not numbers.
    """
    if not isinstance(geometry, dict):
        raise BadInputError("has no geometry, wanted rings")
    if "rings" not in geometry:
        kind = next((words for key, words in _OTHERS.items() if key in geometry), "no rings")
        raise BadInputError(f"its geometry is {kind}, wanted rings")
    given = geometry["rings"]
    if not isinstance(given, list):
        raise BadInputError(f"rings hold {given!s:.40}, wanted lists of [x, y]")
    budget = Budget("this geometry")
    rings = [positions(ring, where=f"ring {n}", budget=budget) for n, ring in enumerate(given, start=1)]
    with np.errstate(all="ignore"):  # what is not finite is refused later, with its place
        return _nested(rings)


def crs_of(document: object, geometry: object) -> str | None:
    """The stated coordinate system as PROJ names it; None for lon/lat.

    Raises:
        BadInputError: PROJ does not know it.
    """
    for holder in (geometry, document):
        stated = holder.get("spatialReference") if isinstance(holder, dict) else None
        if isinstance(stated, dict):
            code = stated.get("latestWkid", stated.get("wkid"))
            if isinstance(code, int) and not isinstance(code, bool):
                return known_crs(f"EPSG:{3857 if code == 102100 else code}")
            return known_crs(stated.get("wkt"))
    return None


def _nested(rings: Sequence[Ring]) -> list[list[Ring]]:
    """Each hole with the smallest shell round it; if all rings turn the same way, all are shells."""
    turns = [clockwise(ring) for ring in rings]
    if not any(turns):
        return [[ring] for ring in rings]
    shells = sorted(
        ([ring] for ring, turn in zip(rings, turns, strict=True) if turn), key=lambda one: _box_area(one[0])
    )
    loose = [ring for ring, turn in zip(rings, turns, strict=True) if not turn and not _into_shell(ring, shells)]
    return [*shells, *([ring] for ring in loose)]


def _into_shell(hole: Ring, shells: list[list[Ring]]) -> bool:
    for polygon in shells:
        if _box_holds(polygon[0], hole) and _around(polygon[0], hole):
            polygon.append(hole)
            return True
    return False


def _box_area(ring: Ring) -> float:
    wide, high = np.ptp(ring, axis=0)
    return float(wide * high)


def _box_holds(shell: Ring, hole: Ring) -> bool:
    return bool((shell.min(axis=0) <= hole.min(axis=0)).all() and (shell.max(axis=0) >= hole.max(axis=0)).all())


def _around(shell: Ring, hole: Ring) -> bool:
    """Whether most of a few of the hole's vertices lie inside the shell (one of them may touch it)."""
    some = hole[:: max(1, len(hole) // 5)][:5]
    return sum(_holds(shell, x, y) for x, y in some) * 2 > len(some)


def _holds(ring: Ring, x: float, y: float) -> bool:
    """Even-odd rule: a ray to the east crosses the ring an odd number of times."""
    ends = np.roll(ring, -1, axis=0)
    across = (ring[:, 1] > y) != (ends[:, 1] > y)
    a, b = ring[across], ends[across]
    if not len(a):
        return False
    at = a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    return bool(np.count_nonzero(at > x) % 2)
