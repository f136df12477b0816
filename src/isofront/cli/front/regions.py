"""`isofront front regions`: districts and their settlements, on one map or by several mappers side by side."""

from __future__ import annotations

import json
import logging
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.front.dated import PLAIN_SIDE, Raw, day_text, source_at
from isofront.cli.front.flat import dated, flat_of, side_of
from isofront.cli.front.places import LEAST_PEOPLE, Town, read_regions, rounded, table, towns_in, true_bearing
from isofront.cli.front.reach import known_of
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from isofront.front.dated import Dated
    from isofront.front.regions import Region

MOST_TOLD = 30
_log = logging.getLogger("isofront.cli")


def regions(
    *,
    held: Annotated[
        list[str], typer.Option(help="NAME=FILE, FILE or FILE@DATE; once for each mapper", metavar="[NAME=]FILE")
    ],
    regions: Annotated[Path, typer.Option(help="districts: polygons with a name")],
    region_key: Annotated[str | None, typer.Option(help="the property that names a district")] = None,
    before: Annotated[
        str | None, typer.Option(help="the first mapper's map of a month ago, FILE or FILE@DATE", metavar="FILE")
    ] = None,
    places: Annotated[Path | None, typer.Option(help="settlements, CSV or GeoJSON; else the gazetteer")] = None,
    least_people: Annotated[int, typer.Option(help="settlements with at least so many people")] = LEAST_PEOPLE,
    side: Annotated[str, typer.Option(help="who holds polygons that do not say it")] = PLAIN_SIDE,
    other: Annotated[str | None, typer.Option(help="who holds the ground that no polygon covers")] = None,
    crs: Annotated[str | None, typer.Option(help="flat map in metres, like EPSG:32637; default: the UTM zone")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Say who holds each district, what of it remains, and how far its settlements lie from the front."""
    mappers = _mappers(held)
    earlier = None if before is None else _read(before)
    raws = [*mappers.values(), *([earlier] if earlier else [])]
    flat = flat_of(crs, raws)
    side = side_of(raws, side)
    cuts = [known_of(raw, [other for other in raws if other is not raw], flat) for raw in raws]
    both = [dated(raw, flat, side=side, known=known) for raw, known in zip(raws, cuts, strict=True)]
    maps = dict(zip(mappers, both, strict=False))
    districts = read_regions(regions, flat, key=region_key)
    _check_reach(districts, maps, regions.name)
    old = None if earlier is None else both[-1]
    asked = _Asked(flat, maps, old, other, districts)
    towns = towns_in(_union(districts), flat, places=places, least_people=least_people)
    told = _document(asked, mappers, earlier, towns)
    sys.stdout.write(
        (json.dumps(told, ensure_ascii=False, allow_nan=False) if as_json else "\n".join(_lines(told))) + "\n"
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    crs: str
    maps: dict[str, Dated]
    before: Dated | None
    other: str | None
    districts: tuple[tuple[str, BaseGeometry], ...]


def _mappers(held: Sequence[str]) -> dict[str, Raw]:
    """Each mapper's map by name."""
    found: dict[str, Raw] = {}
    for word in held:
        name, equals, path = word.partition("=")
        raw = _read(path if equals and not Path(word).exists() else word)
        name = name if equals and not Path(word).exists() else raw.label
        if name in found:
            raise UsageError(f"--held: two maps are called {name}, wanted NAME=FILE with different names")
        found[name] = raw
    return found


def _read(word: str) -> Raw:
    source, moment = source_at(word)
    return source.at(moment).read()


def _union(districts: Sequence[tuple[str, BaseGeometry]]) -> BaseGeometry:
    import shapely

    return shapely.union_all([shape for _, shape in districts])


def _check_reach(districts: Sequence[tuple[str, BaseGeometry]], maps: dict[str, Dated], name: str) -> None:
    """Districts far from all that is drawn are another country's, or in another coordinate system."""
    import shapely

    whole = _union(districts)
    if not any(shapely.dwithin(whole, shapely.box(*one.drawn.bounds), FAR_KM) for one in maps.values()):
        raise BadInputError(f"{name}: over {FAR_KM:g} km from all that --held draws, wanted districts of the same area")


FAR_KM = 200.0


# As JSON


def _document(asked: _Asked, mappers: dict[str, Raw], earlier: Raw | None, towns: Sequence[Town]) -> dict[str, Any]:
    simulated = any(raw.simulated for raw in (*mappers.values(), *([earlier] if earlier else [])))
    return {
        "stamp": "PRIVATE SIMULATED" if simulated else "PRIVATE",
        "crs": asked.crs,
        "maps": {name: _about(raw) for name, raw in mappers.items()},
        "before": None if earlier is None else _about(earlier),
        "regions": _regions(asked),
        "settlements": _settlements(asked, towns),
    }


def _about(raw: Raw) -> dict[str, str | None]:
    return {"map": raw.label, "date": None if raw.date is None else day_text(raw.date)}


def _regions(asked: _Asked) -> list[dict[str, Any]]:
    """Each district by every mapper; the first mapper's answer as the plain keys."""
    from isofront.front.regions import regions_of

    by_mapper = {name: regions_of(one, asked.districts, other=asked.other) for name, one in asked.maps.items()}
    before = None if asked.before is None else regions_of(asked.before, asked.districts, other=asked.other)
    rows = []
    for k, (name, shape) in enumerate(asked.districts):
        each = {mapper: _region(found[k], shape, asked.crs) for mapper, found in by_mapper.items()}
        row = {"name": name, "km2": rounded(float(shape.area), 2)} | next(iter(each.values()))
        row["before"] = None if before is None else {"shares": _shares(before[k])}
        rows.append(row | {"by_mapper": each})
    return rows


def _region(one: Region, shape: BaseGeometry, crs: str) -> dict[str, Any]:
    return {
        "reviewed": rounded(one.reviewed, 4),
        "shares": _shares(one),
        "remaining": {
            left.side: {
                "km2": rounded(left.km2, 2),
                "along_axis_km": rounded(left.along_axis_km, 2),
                "farthest_km": rounded(left.farthest_km, 2),
                "axis_deg": _axis(left.axis_km, shape, crs),
                "front_in_region": left.front_in_region,
            }
            for left in one.remaining
        },
    }


def _shares(one: Region) -> dict[str, float | None]:
    return {name: rounded(share, 4) for name, share in one.shares.items()}


def _axis(axis: tuple[float, float] | None, shape: BaseGeometry, crs: str) -> float | None:
    if axis is None:
        return None
    middle = shape.centroid
    return rounded(true_bearing((middle.x, middle.y), axis, crs), 1)


def _settlements(asked: _Asked, towns: Sequence[Town]) -> list[dict[str, Any]]:
    from isofront.front.regions import front_km, holder_at

    first = next(iter(asked.maps.values()))
    spots = [(town.east_km, town.north_km) for town in towns]
    today = {side: front_km(first, side, spots) for side in first.held}
    old = asked.before
    past = {side: [None] * len(spots) if old is None else front_km(old, side, spots) for side in first.held}
    rows = []
    for k, town in enumerate(towns):
        says = {name: holder_at(one, spots[k], other=asked.other) for name, one in asked.maps.items()}
        rows.append(
            {
                "name": town.name,
                "lon": rounded(town.lon, 5),
                "lat": rounded(town.lat, 5),
                "population": town.population,
                "region": _region_at(asked, spots[k]),
                "front_km": {side: rounded(km[k], 2) for side, km in today.items()},
                "front_before_km": None if old is None else {side: rounded(km[k], 2) for side, km in past.items()},
                "says": says,
                "disputed": len(set(says.values()) - {None}) > 1,
            }
        )
    return sorted(rows, key=_nearness)


def _nearness(row: dict[str, Any]) -> float:
    known = [abs(km) for km in row["front_km"].values() if km is not None]
    return min(known, default=math.inf)


def _region_at(asked: _Asked, spot: tuple[float, float]) -> str | None:
    import shapely

    return next((name for name, shape in asked.districts if shapely.intersects_xy(shape, *spot)), None)


# In words


def _lines(told: dict[str, Any]) -> list[str]:
    maps = ", ".join(f"{name} ({about['date'] or about['map']})" for name, about in told["maps"].items())
    return [f"{told['stamp']}  {maps}", "", *_region_lines(told), "", *_town_lines(told)]


def _region_lines(told: dict[str, Any]) -> list[str]:
    rows: list[tuple[str, ...]] = [("district", "km²", "by", "held, grey", "remains km²", "along axis km", "axis")]
    for row in told["regions"]:
        for mapper, one in row["by_mapper"].items():
            shares = ", ".join(f"{name} {share:.0%}" for name, share in one["shares"].items() if share >= 0.0005)
            if one["reviewed"] < 0.9995:
                shares += f"{', ' if shares else ''}not reviewed {1 - one['reviewed']:.0%}"
            lefts = list(one["remaining"].items())
            label = (row["name"], f"{row['km2']:,.0f}", mapper, shares)
            rows.append((*label, *(_joined(lefts, key) for key in ("km2", "along_axis_km", "axis_deg"))))
    return table(rows)


def _joined(lefts: list[tuple[str, dict[str, Any]]], key: str) -> str:
    """One figure for each side; with its name where there are several."""
    digits, unit = {"km2": (0, ""), "along_axis_km": (1, ""), "axis_deg": (0, "°")}[key]
    words = [("-" if one[key] is None else f"{one[key]:,.{digits}f}{unit}", side) for side, one in lefts]
    return words[0][0] if len(words) == 1 else ", ".join(f"{side} {word}" for word, side in words) or "-"


def _town_lines(told: dict[str, Any]) -> list[str]:
    rows: list[tuple[str, ...]] = [("settlement", "people", "km to the edge of", "before", "says")]
    for row in told["settlements"][:MOST_TOLD]:
        people = "-" if row["population"] is None else f"{row['population']:,}"
        says = ", ".join(f"{name}: {who or 'not reviewed'}" for name, who in row["says"].items())
        where = f" ({row['region']})" if row["region"] else ""
        rows.append((row["name"] + where, people, _edges(row["front_km"]), _edges(row["front_before_km"] or {}), says))
    more = len(told["settlements"]) - MOST_TOLD
    return [*table(rows), *([f"and {more} farther off (--json has all)"] if more > 0 else [])]


def _edges(km: dict[str, float | None]) -> str:
    return ", ".join(f"{side} {'-' if one is None else f'{one:+.1f}'}" for side, one in km.items()) or "-"
