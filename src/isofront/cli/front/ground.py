"""What `isofront front` reads: polygon files as ground in km, and a place as a disc."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from isofront.cli.front.dated import is_simulated
from isofront.cli.front.together import polygons_at, tell_mixture
from isofront.errors import BadInputError, UsageError
from isofront.ground.degrees import eighth, way_m
from isofront.ground.grid import Bounds

if TYPE_CHECKING:
    from isofront.front import Disc
    from isofront.ground.places import Place, Places

DEFAULT_RADIUS_M = 1500.0
MAX_RADIUS_M = 50_000.0
PEOPLE_PER_KM2 = 3000.0
"""How densely a town of the gazetteer is taken to be lived in, for the disc that stands for its footprint."""

LEAST_RADIUS_M = 500.0
NEAR_DEG = 1.0
"""Places so near to what the enemy holds are meant before others of the same name."""

AROUND_DEG = 0.5
"""How far outside of the polygons a place is still looked for by name."""

MAX_STRETCH = 0.03
"""How far a km on the flat map may be off in the middle of the polygons; a neighbouring UTM zone is off by 1 %."""

TOWN_PEOPLE = 10_000
"""Of places that share a name each is told by the nearest town of so many people: the gazetteer knows no districts."""

FAR_KM = 200.0
"""Grey or presence farther from the held polygons is of another front, or in another order of lat and lon."""

QUARTERS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground of one map in km: what the enemy holds, and under the two wider rules; and the land.

    `simulated` says that a file of it is of an invented war.
    """

    crs: str
    held: BaseGeometry
    land: BaseGeometry | None
    grey: BaseGeometry | None
    presence: BaseGeometry | None
    box: Bounds
    simulated: bool = False

    @property
    def stamp(self) -> str:
        """What stands on all that is made from it."""
        return "PRIVATE SIMULATED" if self.simulated else "PRIVATE"

    def by_rule(self) -> Iterator[tuple[str, BaseGeometry | None]]:
        """What counts as the enemy's under each rule; None where its polygons were not given."""
        yield "held", self.held
        for rule, more in (("held_or_grey", self.grey), ("any_presence", self.presence)):
            yield rule, None if more is None else shapely.union(self.held, more)


def read_ground(
    held: Path, land: Path | None, *, crs: str | None, grey: Path | None = None, presence: Path | None = None
) -> Ground:
    """The polygons of each file as one area on the flat map.

    Raises:
        UsageError: the coordinate system is none, or not flat in metres.
        BadInputError: a file holds nothing that can be used, or lies somewhere else.
    """
    from isofront.ground.repair import merged

    shapes, simulated = {}, False
    for path in (held, land, grey, presence):
        if path is not None:
            features = polygons_at(path)
            simulated = simulated or is_simulated(features)
            if path == held:
                tell_mixture(path, features)
            shapes[path] = merged([feature.geometry for feature in features], where=path.name)
    flat = flat_map(crs, _box(shapes[held]))
    ground = Ground(
        flat,
        _km(held, shapes, flat),
        None if land is None else _km(land, shapes, flat),
        None if grey is None else _km(grey, shapes, flat),
        None if presence is None else _km(presence, shapes, flat),
        _box(shapes[land or held]),
        simulated,
    )
    if ground.land is not None and land is not None and not shapely.intersects(ground.held, ground.land):
        raise BadInputError(
            f"{held.name}: nowhere on the land of {land.name}, wanted ground of the same country; lat before lon?"
        )
    for path, more in ((grey, ground.grey), (presence, ground.presence)):
        if path is not None and more is not None and not shapely.dwithin(more, _near(ground), FAR_KM):
            raise BadInputError(f"{path.name}: over {FAR_KM:g} km from {held.name}, wanted ground of the same front")
    return ground


def _near(ground: Ground) -> BaseGeometry:
    return shapely.box(*ground.held.bounds)


def _box(shape: BaseGeometry) -> Bounds:
    return Bounds(*(float(edge) for edge in shape.bounds))


def flat_map(crs: str | None, box: Bounds) -> str:
    """The flat map: the one asked for, else the UTM zone."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    from isofront.theatre.checks import utm_of

    zone = utm_of((box.west, box.south, box.east, box.north))
    if crs is None:
        return zone
    try:
        known = CRS.from_user_input(crs)
    except CRSError as fault:
        raise UsageError(f"--crs {crs}: not a coordinate system that PROJ knows, wanted one like {zone}") from fault
    if not known.is_projected or any(axis.unit_name != "metre" for axis in known.axis_info):
        raise UsageError(f"--crs {crs} ({known.name}): not flat in metres, wanted one like {zone}")
    return crs


def _km(path: Path, shapes: dict[Path, BaseGeometry], crs: str) -> BaseGeometry:
    """A file's polygons on the flat map; refused where that map does not reach."""
    from isofront.ground.polygons import project_km
    from isofront.ground.repair import made_valid

    shape = shapes[path]
    if not reaches(shape, crs):
        raise BadInputError(f"{path.name}: lies far outside of {crs}, wanted the flat map of that area")
    flat, _ = made_valid(project_km(shape, crs=crs), where=path.name)
    return flat


def reaches(shape: BaseGeometry, crs: str) -> bool:
    """Whether the flat map has a place for every corner of a shape's box, and a km in its middle is about a km."""
    import numpy as np
    from pyproj import Proj

    from isofront.ground.grid import to_km

    west, south, east, north = shape.bounds
    lon, lat = np.array([west, east, west, east]), np.array([south, south, north, north])
    if not np.isfinite(to_km(lon, lat, crs=crs)).all():
        return False
    factors = Proj(crs).get_factors((west + east) / 2, (south + north) / 2)
    return max(abs(factors.meridional_scale - 1), abs(factors.parallel_scale - 1)) <= MAX_STRETCH


def place_of(
    ground: Ground, *, at: tuple[float, float] | None, name: str | None, radius_m: float | None
) -> tuple[Disc, str | None]:
    """The place asked about, and its name if it was asked for by name.

    Raises:
        UsageError: both or neither given, no such place, several of that name, or off the land.
    """
    if (at is None) == (name is None):
        raise UsageError("place: wanted either --at LON LAT or --place NAME")
    if radius_m is not None and not 0 < radius_m <= MAX_RADIUS_M:
        raise UsageError(f"--radius {radius_m:g}: wanted metres, above 0 and at most {MAX_RADIUS_M:g}")
    if at is not None:
        disc = _disc(ground, *at, radius_m=DEFAULT_RADIUS_M if radius_m is None else radius_m, where="--at")
        return disc, None
    place = _named(ground, name or "")
    radius = footprint_radius_m(place.population) if radius_m is None else radius_m
    return _disc(ground, place.lon, place.lat, radius_m=radius, where=f"--place {place.name}:"), place.name


def footprint_radius_m(population: int | None) -> float:
    """The radius of the disc that stands for a town of the gazetteer, which knows only its people."""
    return max(LEAST_RADIUS_M, 1000 * math.sqrt((population or 0) / (math.pi * PEOPLE_PER_KM2)))


def _disc(ground: Ground, lon: float, lat: float, *, radius_m: float, where: str) -> Disc:
    import numpy as np

    from isofront.front import Disc
    from isofront.ground.grid import to_km

    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise UsageError(f"{where} {lon:g} {lat:g}: no spot in degrees, wanted lon first, then lat")
    east, north = (float(axis[0]) for axis in to_km(np.array([lon]), np.array([lat]), crs=ground.crs))
    known = shapely.box(*ground.held.bounds) if ground.land is None else ground.land
    if not (math.isfinite(east) and shapely.dwithin(known, shapely.Point(east, north), radius_m / 1000)):
        ground_name = "the extent of --held" if ground.land is None else "the land of --land"
        raise UsageError(
            f"{where} {lon:g} {lat:g}: outside of {ground_name}, wanted a place on it (lon first, then lat)"
        )
    return Disc(east, north, radius_m / 1000)


def _named(ground: Ground, name: str) -> Place:
    """The one place of that name near the polygons, else on the land; `NAME, TOWN` says by a town which of several."""
    from isofront.ground.places import Places

    places, wide = Places.load(), _wider(ground.box)
    found = _bearers(places, name, near=_about_front(ground), wide=wide) or _bearers(places, name, near=wide, wide=wide)
    if not found:
        raise UsageError(_unknown(name, places, wide))
    if len(found) > 1:
        listed = "; ".join(_told(place, places, wide) for place in found)
        raise UsageError(
            f"--place {name}: {len(found)} places bear that name: {listed}; "
            f'say which: --place "{found[0].name}, TOWN NEARBY", or --at LON LAT'
        )
    return found[0]


def _bearers(places: Places, name: str, *, near: Bounds, wide: Bounds) -> tuple[Place, ...]:
    """The places of a box that bear a name; of `NAME, TOWN` those near that town, or all if none is."""
    from isofront.ground.places import folded

    found = places.find(name, near=near)
    word, comma, town = name.partition(",")
    if found or not comma:
        return found
    bearers = places.find(word, near=near)
    return tuple(one for one in bearers if folded(town) == folded(_town_by(one, places, wide)[0])) or bearers


def _told(place: Place, places: Places, near: Bounds) -> str:
    """A place with where it lies and its people."""
    town, away_km, way = _town_by(place, places, near)
    where = f", {away_km:.0f} km {way} of {town}" if town else ""
    return f"{place.name} {place.lon:g} {place.lat:g} ({_people(place)}{where})"


def _town_by(place: Place, places: Places, near: Bounds) -> tuple[str, float, str]:
    """The nearest town of `TOWN_PEOPLE` or more that is larger than a place, how far, and in which quarter from it."""
    larger = [one for one in places.within(near, TOWN_PEOPLE) if (one.population or 0) > (place.population or 0)]
    if not larger:
        return "", 0.0, ""
    ways = [way_m(place.lon, place.lat, one.lon, one.lat) for one in larger]
    k = min(range(len(ways)), key=lambda number: math.hypot(*ways[number]))
    return larger[k].name, math.hypot(*ways[k]) / 1000, QUARTERS[eighth(*ways[k])]


def _about_front(ground: Ground) -> Bounds:
    """The degrees about what the enemy holds, on the land: a country has many places of one name."""
    import numpy as np

    from isofront.ground.grid import bounds_of

    west, south, east, north = ground.held.bounds
    corners = np.array([(west, south), (east, south), (west, north), (east, north)])
    near, box, by = bounds_of(corners, crs=ground.crs), _wider(ground.box), NEAR_DEG
    return Bounds(
        max(near.west - by, box.west), max(near.south - by, box.south),
        min(near.east + by, box.east), min(near.north + by, box.north),
    )  # fmt: skip


def _wider(box: Bounds) -> Bounds:
    by = AROUND_DEG
    return Bounds(box.west - by, box.south - by, box.east + by, box.north + by)


def _unknown(name: str, places: Places, near: Bounds) -> str:
    close = places.nearest_spellings(name, near=near)
    hint = f"nearest spellings: {', '.join(close)}" if close else "and nothing is spelled like it; use --at LON LAT"
    return f"--place {name}: not in the gazetteer near the polygons, {hint}"


def _people(place: Place) -> str:
    return "population unknown" if place.population is None else f"{place.population:,} people"
