"""An edition's own shapes on the flat map: what the public brief measures and draws, and nothing else.

page's data of a day      Ground      held, grey by its reason, overlays, lines, pockets, roads, settlements; km
two days, an edge         changed_at  the ground that came or went there
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.errors import BadInputError
from isofront.ground.grid import to_km
from isofront.ground.polygons import project_km
from isofront.ground.repair import made_valid, polygonal
from isofront.publish.brief_site import Moved, PublicDay
from isofront.publish.packed import unpacked

Spot = tuple[float, float]
NEAR_KM = 1.0
"""Parts of changed ground no farther apart than this are one change."""
HIGHWAYS = ("highway", "motorway", "main", "trunk", "primary")
LEAST_KM2 = 0.01


@dataclass(frozen=True)
class Shape:
    """One feature of a layer: its properties and its geometry in km."""

    words: Mapping[str, Any]
    km: BaseGeometry


@dataclass(frozen=True)
class Ground:
    """One edition's day on the flat map of its theatre."""

    told: PublicDay

    @property
    def crs(self) -> str:
        """The flat map."""
        return self.told.about.crs

    @cached_property
    def layers(self) -> dict[str, tuple[Shape, ...]]:
        """Every layer of the day by name.

        Raises:
            BadInputError: the layers cannot be read.
        """
        where = f"edition {self.told.about.id}"
        try:
            found = unpacked(self.told.day.shapes)
            return {name: tuple(self._shapes(some["features"], where)) for name, some in found.items()}
        except (KeyError, TypeError, ValueError, IndexError, ShapelyError) as fault:
            raise BadInputError(f"{where}: its layers cannot be read ({fault}), wanted packed layers") from fault

    def _shapes(self, features: Iterable[Mapping[str, Any]], where: str) -> Iterator[Shape]:
        for one in features:
            km = project_km(shape(one["geometry"]), crs=self.crs)
            if km.geom_type in ("Polygon", "MultiPolygon") and not km.is_empty:
                km, _ = made_valid(km, where=where)
            yield Shape(one["properties"], km)

    def _all(self, layer: str, **words: object) -> list[Shape]:
        some = self.layers.get(layer, ())
        return [one for one in some if all(one.words.get(key) == value for key, value in words.items())]

    def _union(self, layer: str, **words: object) -> BaseGeometry:
        return shapely.union_all([one.km for one in self._all(layer, **words)])

    @cached_property
    def held(self) -> dict[str, BaseGeometry]:
        """Each side's held ground."""
        return {side.id: self._union("areas", **{"class": "held", "side": side.id}) for side in self.told.page.sides}

    @cached_property
    def grey(self) -> tuple[Shape, ...]:
        """Grey ground, one shape a reason."""
        return tuple(self._all("areas", **{"class": "grey"}))

    def of_status(self, status: str) -> BaseGeometry:
        """Ground of a settlement's class: `held_<side>` or `grey`."""
        if status == "grey":
            return shapely.union_all([one.km for one in self.grey])
        return self.held.get(status.removeprefix("held_"), shapely.Polygon())

    def of_side(self, layer: str, side: str | None, **words: object) -> BaseGeometry:
        """A layer's ground or lines of one side, as one."""
        return self._union(layer, side=side, **words)

    @cached_property
    def unobserved(self) -> BaseGeometry:
        """Ground nobody has looked at."""
        return self._union("unobserved")

    @cached_property
    def out_of_range(self) -> tuple[Shape, ...]:
        """Ground where reports disagree with the map beyond the model's test: its line is not to be trusted."""
        return tuple(self._all("out_of_range"))

    @cached_property
    def pockets(self) -> tuple[Shape, ...]:
        """Ground behind a neck, the largest first."""
        return tuple(sorted(self._all("pockets"), key=lambda one: -float(one.words.get("km2", 0))))

    def spots_km(self, lonlat: Iterable[tuple[float, float]]) -> Float[np.ndarray, "n 2"]:
        """Degrees on the flat map."""
        table = np.array(list(lonlat), float).reshape(-1, 2)
        return np.column_stack(to_km(table[:, 0], table[:, 1], crs=self.crs))

    @cached_property
    def towns_km(self) -> Float[np.ndarray, "n 2"]:
        """The settlements of the page, in its order."""
        return self.spots_km((one.lon, one.lat) for one in self.told.page.settlements)

    @cached_property
    def bounds_km(self) -> BaseGeometry:
        """What the theatre covers: its bounds in degrees, on the flat map."""
        return project_km(shapely.segmentize(shapely.box(*self.told.page.bounds), 0.05), crs=self.crs)

    def lines(self, features: Mapping[str, Any]) -> list[Shape]:
        """Roads or barriers of the page."""
        return list(self._shapes(features.get("features", ()), f"edition {self.told.about.id}"))


def changed_at(before: Ground, after: Ground, one: Moved) -> BaseGeometry:
    """The ground of a change: what its side holds in one of two editions alone, in the cluster nearest to its spot."""
    old, new = before.held.get(one.side), after.held.get(one.side)
    if old is None or new is None:
        return shapely.Polygon()
    gone = shapely.difference(new, old) if one.kind == "advance" else shapely.difference(old, new)
    x, y = after.spots_km([one.at])[0]
    return cluster_at(gone, (float(x), float(y)))


def cluster_at(ground: BaseGeometry, spot: Spot) -> BaseGeometry:
    """The parts of some ground that lie together nearest to a spot; crumbs are left out."""
    parts = [part for part in shapely.get_parts(polygonal(ground)) if part.area >= LEAST_KM2]
    if not parts:
        return shapely.Polygon()
    near = shapely.union_all([part.buffer(NEAR_KM / 2, quad_segs=2) for part in parts])
    nearest = min(shapely.get_parts(polygonal(near)), key=lambda one: float(one.distance(shapely.Point(spot))))
    return shapely.union_all([part for part in parts if nearest.intersects(part)])
