"""What must be true of a theatre beyond the types of its keys: where it is not, and what was wanted."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import PureWindowsPath
from zoneinfo import ZoneInfo

from pyproj import CRS, Proj
from pyproj.exceptions import CRSError

from isofront.ground.grid import MARGIN_KM, projected_box_km
from isofront.theatre.lines import Path
from isofront.theatre.model import PUBLIC_LAYERS, RELEASE_CLASSES, Barrier, Lonlat, Mapper, Theatre

MAX_CELLS = 60_000_000
"""Cells of the largest grid that is begun at all."""
BYTES_PER_CELL = 200
"""What the engine keeps per cell while it works, roughly."""
MIN_CELL_M, MAX_CELL_M = 25.0, 5000.0
MAX_STRETCH = 0.05
"""How far the crs may be off in its distances at the middle of the bounds: a UTM zone stays under 0.005."""
MAX_LOOK_DAYS = 3650
"""A look longer ago than this counts for nothing, whatever the theatre says."""
MAX_HOURS = 1_000_000.0
"""The longest delay or lag, a century: as good as never, and still within the calendar."""
MAX_TURN_DEG = 20.0
"""How far the map's north may turn from true north at the middle of the bounds."""

NO_ANSWER = frozenset({"", "-", "?", "n/a", "none", "no", "tbd", "todo", "unknown"})
"""What is typed where no terms are known: without terms nothing of another mapper's is republished."""
GRADES = "ABCDEF"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Controls, and those that turn the direction of what follows: a licence after them would read backwards."""
Fault = tuple[Path, str]


def faults(theatre: Theatre) -> Iterator[Fault]:
    """Every fault, as the path of its key and what is wrong there; none for a theatre that can be used."""
    checks: tuple[Callable[[Theatre], Iterable[Fault]], ...] = (
        _name, _sides, _protected, _bounds, _cell, _crs_and_grid, _calendar,
        _anchor, _sources, _barriers, _settlements, _roads, _policy, _observing, _review, _map, _ladder,
        _engine, _covariates, _mappers,
    )  # fmt: skip
    return itertools.chain.from_iterable(check(theatre) for check in checks)


def _name(theatre: Theatre) -> Iterator[Fault]:
    if not theatre.name.strip():
        yield ("name",), "name is empty, wanted a word or two"


def _sides(theatre: Theatre) -> Iterator[Fault]:
    for number, side in enumerate(theatre.sides):
        if not _ID.fullmatch(side.id):
            yield ("sides", number, "id"), f"side id {side.id!r}, wanted letters, digits, '_', '-', '.'"
        if not any(side.names.values()):
            yield ("sides", number, "names"), f'side {side.id!r} has no name, wanted one like {{ en = "Name" }}'
        if side.colour and not re.fullmatch(r"#[0-9A-Fa-f]{6}", side.colour):
            yield ("sides", number, "colour"), f"colour {side.colour!r}, wanted one like '#c0392b'"
    if theatre.sides[0].id == theatre.sides[1].id:
        yield ("sides", 1, "id"), f"both sides have the id {theatre.sides[0].id!r}, wanted two that differ"
    words = [{side.id.casefold(), *(name.strip().casefold() for name in side.names.values())} for side in theatre.sides]
    if both := sorted(words[0] & words[1] - {""}):
        yield ("sides", 1, "names"), f"both sides are called {both[0]!r}: a row that says it could mean either"
    if "grey" in theatre.side_ids:
        yield ("sides", theatre.side_ids.index("grey"), "id"), "side id 'grey' means neither side, wanted another"


def _protected(theatre: Theatre) -> Iterator[Fault]:
    for number, side in enumerate(theatre.protected_sides):
        if side not in theatre.side_ids:
            yield ("protected_sides", number), _no_side(side, theatre)


def _no_side(side: str, theatre: Theatre) -> str:
    return f"side {side!r} is not in this theatre, wanted {theatre.side_ids[0]!r} or {theatre.side_ids[1]!r}"


def _bounds(theatre: Theatre) -> Iterator[Fault]:
    west, south, east, north = theatre.bounds
    for lonlat in ((west, south), (east, north)):
        yield from _spot(lonlat, ("bounds",))
    if not west < east:
        yield ("bounds",), f"west {west} is not west of east {east}; bounds over the antimeridian cannot be mapped"
    if not south < north:
        yield ("bounds",), f"south {south} is not south of north {north}, wanted [west, south, east, north]"


def _spot(lonlat: Lonlat, path: Path) -> Iterator[Fault]:
    lon, lat = lonlat
    if not (math.isfinite(lon) and math.isfinite(lat)):
        yield path, f"({lon}, {lat}) is not finite, wanted lon and lat in degrees"
    elif not (-180 <= lon <= 180 and -90 <= lat <= 90):
        yield path, f"({lon}, {lat}) is not a spot, wanted lon -180..180 first, then lat -90..90, in degrees"


def _cell(theatre: Theatre) -> Iterator[Fault]:
    if not MIN_CELL_M <= theatre.cell_m <= MAX_CELL_M:
        yield ("cell_m",), f"cells of {theatre.cell_m:g} m, wanted {MIN_CELL_M:g} to {MAX_CELL_M:g} m"


def _crs_and_grid(theatre: Theatre) -> Iterator[Fault]:
    """Only asked of bounds and a cell that are sane, so after those checks."""
    if any(_bounds(theatre)) or any(_cell(theatre)):
        return
    crs = _known_crs(theatre.crs)
    if crs is None:
        yield ("crs",), f"crs {theatre.crs!r} is not one that PROJ knows, wanted one like {utm_of(theatre.bounds)!r}"
    elif not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info):
        yield (
            ("crs",),
            f"crs {theatre.crs!r} ({crs.name}) is not flat in metres, wanted one like {utm_of(theatre.bounds)!r}",
        )
    else:
        yield from _stretch(theatre, crs)


def _known_crs(name: str) -> CRS | None:
    try:
        return CRS.from_user_input(name)
    except CRSError:
        return None


def utm_of(bounds: tuple[float, float, float, float]) -> str:
    """The UTM zone of the middle of the bounds, as an EPSG code."""
    west, south, east, north = bounds
    zone = min(max(int(((west + east) / 2 + 180) // 6) + 1, 1), 60) if math.isfinite(west + east) else 31
    return f"EPSG:{326 if south + north >= 0 else 327}{zone:02}"


def _stretch(theatre: Theatre, crs: CRS) -> Iterator[Fault]:
    """Whether a km on the map is a km on the ground, then whether the grid can be held."""
    west, south, east, north = theatre.bounds
    factors = Proj(crs).get_factors((west + east) / 2, (south + north) / 2)
    off = max(abs(factors.meridional_scale - 1), abs(factors.parallel_scale - 1))
    if not off <= MAX_STRETCH:
        yield (
            ("crs",),
            f"crs {theatre.crs!r} is {off:.0%} off in distances here, wanted one like {utm_of(theatre.bounds)!r}",
        )
        return
    if not abs(factors.meridian_convergence) <= MAX_TURN_DEG:
        yield (
            ("crs",),
            f"crs {theatre.crs!r} does not have north up in these bounds, wanted one like {utm_of(theatre.bounds)!r}",
        )
        return
    yield from _size(theatre)


def _size(theatre: Theatre) -> Iterator[Fault]:
    west, south, east, north = projected_box_km(theatre.box, crs=theatre.crs)
    if not all(map(math.isfinite, (west, south, east, north))):
        yield ("bounds",), f"bounds lie outside crs {theatre.crs!r}, wanted one like {utm_of(theatre.bounds)!r}"
        return
    wide_km, high_km = east - west + 2 * MARGIN_KM, north - south + 2 * MARGIN_KM
    cells = wide_km * high_km / (theatre.cell_m / 1000) ** 2
    if cells > MAX_CELLS:
        yield ("cell_m",), _too_large(theatre, wide_km=wide_km, high_km=high_km, cells=cells)


def _too_large(theatre: Theatre, *, wide_km: float, high_km: float, cells: float) -> str:
    enough_m = math.ceil(theatre.cell_m * math.sqrt(cells / MAX_CELLS) / 10) * 10
    cure = f"set cell_m to {enough_m} or more, or shrink bounds" if enough_m <= MAX_CELL_M else "shrink bounds"
    return (
        f"a grid of {wide_km:,.0f} x {high_km:,.0f} km in cells of {theatre.cell_m:g} m has {cells:,.0f} cells and "
        f"needs about {cells * BYTES_PER_CELL / 1e9:,.0f} GB, wanted at most {MAX_CELLS:,} cells: {cure}"
    )


def _calendar(theatre: Theatre) -> Iterator[Fault]:
    yield from _order(theatre.starts, theatre.ends, ("ends",), names=("starts", "ends"))
    yield from _hours(theatre.backfill_lag_h, ("backfill_lag_h",))
    try:
        ZoneInfo(theatre.timezone)
    except (OSError, ValueError, KeyError):
        yield ("timezone",), f"timezone {theatre.timezone!r} is not known, wanted one like 'Europe/Kyiv' or 'UTC'"


def _hours(hours: float, path: Path) -> Iterator[Fault]:
    if not 0 <= hours <= MAX_HOURS:
        yield path, f"{path[-1]} {hours:g}, wanted 0 hours or more, and at most {MAX_HOURS:,.0f}"


def _order(first: date | None, last: date | None, path: Path, *, names: tuple[str, str]) -> Iterator[Fault]:
    if first is not None and last is not None and last < first:
        yield path, f"{names[1]} {last} lies before {names[0]} {first}"


def _anchor(theatre: Theatre) -> Iterator[Fault]:
    anchor = theatre.anchor
    yield from _own_file(anchor.file, ("anchor", "file"))
    if theatre.land is not None:
        yield from _own_file(theatre.land, ("land",))
    if theatre.roads_file is not None:
        yield from _own_file(theatre.roads_file, ("roads_file",))
    if anchor.holder is not None and anchor.holder not in theatre.side_ids:
        yield ("anchor", "holder"), _no_side(anchor.holder, theatre)


def _engine(theatre: Theatre) -> Iterator[Fault]:
    if theatre.engine.learned is not None:
        yield from _own_file(theatre.engine.learned, ("engine", "learned"))


def _covariates(theatre: Theatre) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, covariate in enumerate(theatre.covariates):
        yield from _own_file(covariate.path, ("covariates", number, "path"))
        if not _ID.fullmatch(covariate.name) or covariate.name in seen:
            wanted = "wanted letters, digits, '_', '-', '.', each name once"
            yield ("covariates", number, "name"), f"covariate name {covariate.name!r}, {wanted}"
        seen.add(covariate.name)


def _mappers(theatre: Theatre) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, mapper in enumerate(theatre.mappers):
        at: Path = ("mappers", number)
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", mapper.id) or mapper.id in seen:
            yield (*at, "id"), f"mapper id {mapper.id!r}, wanted small letters, digits and '-', each id once"
        seen.add(mapper.id)
        yield from _mapper(mapper, at, theatre)


def _mapper(mapper: Mapper, at: Path, theatre: Theatre) -> Iterator[Fault]:
    if not any(name.strip() for name in mapper.names.values()):
        yield (*at, "names"), f'mapper {mapper.id!r} has no name, wanted one like {{ en = "Name" }}'
    for key, wanted in (("licence", "the terms on which the map may be shown"), ("credit", "whom readers shall see")):
        if getattr(mapper, key).strip().casefold() in NO_ANSWER:
            yield (*at, key), f"{key} {getattr(mapper, key)!r} of mapper {mapper.id!r}, wanted {wanted}"
    for key, words in (
        ("names", "".join(mapper.names.values())),
        ("licence", mapper.licence),
        ("credit", mapper.credit),
    ):
        if _UNSEEN.search(words):
            yield (
                (*at, key),
                f"{key} of mapper {mapper.id!r} holds signs that cannot be seen, or turn the words after them",
            )
    yield from _own_file(mapper.path, (*at, "path"))
    if mapper.crosswalk is not None:
        yield from _own_file(mapper.crosswalk, (*at, "crosswalk"))
    if mapper.url and not re.match(r"https?://[^\s/]", mapper.url):
        yield (*at, "url"), f"url {mapper.url!r}, wanted one that begins with https://"
    for key, side in (("holder", mapper.holder), *(("sides", side) for side in mapper.sides.values())):
        if side is not None and side not in theatre.side_ids:
            yield (*at, key), _no_side(side, theatre)
    if mapper.day_shows not in ("start", "end"):
        yield (*at, "day_shows"), f"day_shows {mapper.day_shows!r}, wanted start or end"
    yield from _hours(mapper.delay_h, (*at, "delay_h"))
    if not 0 < mapper.oldest_days <= MAX_LOOK_DAYS:
        yield (*at, "oldest_days"), f"oldest_days {mapper.oldest_days:g}, wanted more than 0"


def _own_file(name: str, path: Path) -> Iterator[Fault]:
    """A theatre that came from someone else must not read files outside its folder."""
    file = PureWindowsPath(name)
    if not name.strip() or file.drive or file.root or ".." in file.parts:
        yield path, f"{'.'.join(map(str, path))} {name!r}, wanted the name of a file in the theatre's folder"


def _sources(theatre: Theatre) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, source in enumerate(theatre.sources):
        at: Path = ("sources", number)
        if not source.id.strip():
            yield (*at, "id"), "a source's id is empty, wanted a name"
        if source.id in seen:
            yield (*at, "id"), f"source {source.id!r} stands twice, wanted each once"
        seen.add(source.id)
        if source.reliability not in tuple(GRADES):
            yield (*at, "reliability"), f"reliability {source.reliability!r}, wanted A-F (F = cannot be judged)"
        if source.speaks_for is not None and source.speaks_for not in theatre.side_ids:
            yield (*at, "speaks_for"), _no_side(source.speaks_for, theatre)
        if source.lag_h is not None:
            yield from _hours(source.lag_h, (*at, "lag_h"))


def _barriers(theatre: Theatre) -> Iterator[Fault]:
    for number, barrier in enumerate(theatre.barriers):
        yield from _barrier(barrier, ("barriers", number))


def _barrier(barrier: Barrier, at: Path) -> Iterator[Fault]:
    yield from _line(barrier.line, (*at, "line"), name=barrier.name)
    yield from _order(barrier.valid_from, barrier.valid_to, (*at, "valid_to"), names=("valid_from", "valid_to"))
    if not 0 <= barrier.permeability <= 1:
        yield (*at, "permeability"), f"permeability {barrier.permeability:g}, wanted 0 (a wall) to 1 (no barrier)"
    for number, crossing in enumerate(barrier.crossings):
        here: Path = (*at, "crossings", number)
        yield from _spot(crossing.at, (*here, "at"))
        yield from _order(crossing.valid_from, crossing.valid_to, (*here, "valid_to"), names=("valid_from", "valid_to"))


def _line(line: tuple[Lonlat, ...], path: Path, *, name: str) -> Iterator[Fault]:
    if len(line) < 2:
        yield path, f"the line of {name!r} has {len(line)} points, wanted 2 or more"
    for number, lonlat in enumerate(line):
        yield from _spot(lonlat, (*path, number))


def _settlements(theatre: Theatre) -> Iterator[Fault]:
    for number, settlement in enumerate(theatre.settlements):
        at: Path = ("settlements", number)
        yield from _spot(settlement.at, (*at, "at"))
        if not any(settlement.names.values()):
            yield (*at, "names"), 'a settlement has no name, wanted one like { en = "Name" }'
        if settlement.population is not None and settlement.population < 0:
            yield (*at, "population"), f"population {settlement.population}, wanted 0 or more"
        if settlement.radius_m is not None and settlement.radius_m <= 0:
            yield (*at, "radius_m"), f"radius_m {settlement.radius_m:g}, wanted more than 0 m"


def _roads(theatre: Theatre) -> Iterator[Fault]:
    for number, road in enumerate(theatre.roads):
        yield from _line(road.line, ("roads", number, "line"), name=road.name)


def _policy(theatre: Theatre) -> Iterator[Fault]:
    policy = theatre.policy
    for side in policy.delay_h_by_side:
        if side not in theatre.side_ids:
            yield ("policy", "delay_h_by_side", side), _no_side(side, theatre)
    yield from _hours(policy.delay_h, ("policy", "delay_h"))
    for table in ("delay_h_by_side", "delay_h_by_layer"):
        for key, hours in getattr(policy, table).items():
            yield from _hours(hours, ("policy", table, key))
    for layer in policy.delay_h_by_layer:
        if layer not in PUBLIC_LAYERS:
            yield ("policy", "delay_h_by_layer", layer), f"{layer!r} is no layer, wanted {', '.join(PUBLIC_LAYERS)}"
    if policy.release_class not in RELEASE_CLASSES:
        yield (
            ("policy", "release_class"),
            f"release_class {policy.release_class!r}, wanted {', '.join(RELEASE_CLASSES)}",
        )
    if policy.coarsen_km < 1:
        yield ("policy", "coarsen_km"), f"coarsen_km {policy.coarsen_km:g}, wanted 1 km or more"
    if policy.second_name_over_km2 < 0:
        yield (
            ("policy", "second_name_over_km2"),
            f"second_name_over_km2 {policy.second_name_over_km2:g}, wanted 0 or more",
        )


def _observing(theatre: Theatre) -> Iterator[Fault]:
    for key in ("look_days", "review_days"):
        days = getattr(theatre.observing, key)
        if not 0 < days <= MAX_LOOK_DAYS:
            yield ("observing", key), f"{key} {days:g}, wanted more than 0 and at most {MAX_LOOK_DAYS} days"
    for key in ("weather", "cover"):
        name = getattr(theatre.observing, key)
        if name is not None:
            yield from _own_file(name, ("observing", key))


def _review(theatre: Theatre) -> Iterator[Fault]:
    review = theatre.review
    if review.least_km2 < 0:
        yield ("review", "least_km2"), f"least_km2 {review.least_km2:g}, wanted 0 km2 or more"
    if not 0.5 <= review.least_p < 1:
        yield ("review", "least_p"), f"least_p {review.least_p:g}, wanted 0.5 or more and less than 1"
    if not 0 < review.stands_days <= MAX_LOOK_DAYS:
        yield ("review", "stands_days"), f"stands_days {review.stands_days:g}, wanted more than 0"


def _map(theatre: Theatre) -> Iterator[Fault]:
    if theatre.map.minimum_part_km2 < 0:
        yield ("map", "minimum_part_km2"), f"minimum_part_km2 {theatre.map.minimum_part_km2:g}, wanted 0 km2 or more"
    if theatre.map.site and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", theatre.map.site):
        yield ("map", "site"), f"site {theatre.map.site!r}, wanted the site's address, such as https://example.org/map"


def _ladder(theatre: Theatre) -> Iterator[Fault]:
    rungs = ("close_km", "gap_km", "pocket_km", "open_km")
    for lower, upper in itertools.pairwise(rungs):
        low, high = getattr(theatre.ladder, lower), getattr(theatre.ladder, upper)
        if not 0 < low < high:
            yield ("ladder", upper), f"{upper} {high:g}, {lower} {low:g}: wanted close < gap < pocket < open, km"
            return
    if not 0 <= theatre.ladder.hold_days <= MAX_LOOK_DAYS:
        yield ("ladder", "hold_days"), f"hold_days {theatre.ladder.hold_days:g}, wanted 0 to {MAX_LOOK_DAYS} days"
    if not 0 < theatre.ladder.presence_p < 1:
        yield (
            ("ladder", "presence_p"),
            f"presence_p {theatre.ladder.presence_p:g}, wanted a number between 0 and 1",
        )
