"""Layers of one day in few bytes: each stretch of border once, as steps of whole numbers (spec/page-data.md).

What two features share, they share here too: borders are cut where they part, each piece is written once, and a
feature names its pieces by number, backwards as `~number` (so TopoJSON does it; its numbers are not flat). Places are
rounded once for all layers, so that neighbours still fit after unpacking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

DIGITS = 4
"""Decimal places of a degree on the page, about ten metres: a tenth of the smallest thing that is drawn."""

Spot = tuple[int, int]
Path = tuple[Spot, ...]
_LINES = {"LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How deep the lists of positions lie, by type."""
_CLOSED = ("Polygon", "MultiPolygon")


def packed(layers: Mapping[str, Mapping[str, Any]], *, digits: int = DIGITS) -> dict[str, Any]:
    """Feature collections by name as one set of arcs; what vanishes at this rounding is left out."""
    scale = 10**digits
    paths = [path for one in layers.values() for path in _paths(one["features"], scale)]
    arcs = _Arcs(_joints(paths))
    found = {
        name: [made for one in told["features"] if (made := _feature(one, arcs, scale)) is not None]
        for name, told in layers.items()
    }
    return {"digits": digits, "arcs": [_steps(arc) for arc in arcs.all], "layers": found}


def unpacked(shapes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The feature collections again, by name: what a reader of the page's document does."""
    scale, arcs = 10 ** shapes["digits"], [_walked(steps) for steps in shapes["arcs"]]
    return {
        name: {"type": "FeatureCollection", "features": [_unpacked(one, arcs, scale) for one in some]}
        for name, some in shapes["layers"].items()
    }


# Cutting


class _Arcs:
    """Pieces of border by number; the same piece walked the other way is the same piece."""

    def __init__(self, joints: frozenset[Spot]) -> None:
        self.all: list[Path] = []
        self._joints = joints
        self._numbers: dict[Path, int] = {}

    def numbers(self, path: Path) -> list[int]:
        """The pieces of a path in the order walked."""
        return [self._number(piece) for piece in _cut(path, self._joints)]

    def _number(self, piece: Path) -> int:
        back = piece[::-1]
        if piece in self._numbers:
            return self._numbers[piece]
        if back in self._numbers:
            return ~self._numbers[back]
        self._numbers[piece] = len(self.all)
        self.all.append(piece)
        return len(self.all) - 1


def _joints(paths: Iterable[Path]) -> frozenset[Spot]:
    """Spots where borders part or end: not everywhere the same two neighbours."""
    beside: dict[Spot, set[Spot]] = {}
    found = set()
    for path in paths:
        closed = path[0] == path[-1]
        if not closed:
            found |= {path[0], path[-1]}
        here = [path[-2], *path] if closed else list(path)
        for before, spot, after in zip(here, here[1:], here[2:], strict=False):
            known = beside.setdefault(spot, {before, after})
            if known != {before, after}:
                found.add(spot)
    return frozenset(found)


def _cut(path: Path, joints: frozenset[Spot]) -> Iterator[Path]:
    """A path's pieces between joints; a ring without any begins at its least spot, whoever draws it."""
    if path[0] == path[-1]:
        path = _from_joint(path, joints)
    start = 0
    for k in range(1, len(path)):
        if k == len(path) - 1 or path[k] in joints:
            yield path[start : k + 1]
            start = k


def _from_joint(ring: Path, joints: frozenset[Spot]) -> Path:
    open_ring = ring[:-1]
    marked = [k for k, spot in enumerate(open_ring) if spot in joints]
    first = marked[0] if marked else open_ring.index(min(open_ring))
    turned = open_ring[first:] + open_ring[:first]
    return (*turned, turned[0])


# Features


def _paths(features: Iterable[Mapping[str, Any]], scale: int) -> Iterator[Path]:
    for one in features:
        geometry = one["geometry"]
        if geometry["type"] in _LINES:
            for line in _flat(geometry["coordinates"], _LINES[geometry["type"]]):
                if (path := _path(line, scale, closed=geometry["type"] in _CLOSED)) is not None:
                    yield path


def _flat(lines: Any, depth: int) -> Iterator[Sequence[Sequence[float]]]:
    if depth == 1:
        yield lines
        return
    for one in lines:
        yield from _flat(one, depth - 1)


def _path(line: Sequence[Sequence[float]], scale: int, *, closed: bool) -> Path | None:
    """Rounded, without spots told twice and spikes there and back; None if too little is left."""
    spots: list[Spot] = []
    for lon, lat, *_ in line:
        spot = (round(lon * scale), round(lat * scale))
        if spots and spots[-1] == spot:
            continue
        if len(spots) > 1 and spots[-2] == spot:
            spots.pop()
            continue
        spots.append(spot)
    return tuple(spots) if len(spots) >= (4 if closed else 2) else None


def _feature(one: Mapping[str, Any], arcs: _Arcs, scale: int) -> dict[str, Any] | None:
    geometry, words = one["geometry"], one["properties"]
    kind = geometry["type"]
    if kind not in _LINES:
        return {"t": kind, "c": geometry["coordinates"], "p": words}
    found = _nested(geometry["coordinates"], _LINES[kind], arcs, scale, closed=kind in _CLOSED)
    return None if not found else {"t": kind, "a": found, "p": words}


def _nested(lines: Any, depth: int, arcs: _Arcs, scale: int, *, closed: bool) -> list[Any]:
    if depth == 1:
        path = _path(lines, scale, closed=closed)
        return [] if path is None else arcs.numbers(path)
    parts = [_nested(one, depth - 1, arcs, scale, closed=closed) for one in lines]
    if closed and depth == 2 and not parts[0]:
        return []  # a polygon whose outer ring is gone takes its holes along
    return [one for one in parts if one]


def _steps(arc: Path) -> list[int]:
    flat = list(arc[0])
    for (x, y), (x1, y1) in pairwise(arc):
        flat += (x1 - x, y1 - y)
    return flat


# The other way


def _walked(steps: Sequence[int]) -> Path:
    x = y = 0
    spots = []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        spots.append((x, y))
    return tuple(spots)


def _unpacked(one: Mapping[str, Any], arcs: Sequence[Path], scale: int) -> dict[str, Any]:
    kind = one["t"]
    if "c" in one:
        geometry = {"type": kind, "coordinates": one["c"]}
    else:
        geometry = {"type": kind, "coordinates": _joined(one["a"], _LINES[kind], arcs, scale)}
    return {"type": "Feature", "geometry": geometry, "properties": one["p"]}


def _joined(numbers: Any, depth: int, arcs: Sequence[Path], scale: int) -> list[Any]:
    if depth > 1:
        return [_joined(one, depth - 1, arcs, scale) for one in numbers]
    spots: list[Spot] = []
    for n in numbers:
        arc = arcs[n] if n >= 0 else arcs[~n][::-1]
        spots += arc[1:] if spots else arc
    return [[x / scale, y / scale] for x, y in spots]
