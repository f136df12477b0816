"""Necks and pockets as records: what `pockets.json`, `pockets.geojson`, the summary, the page and `front` all say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely

from isofront.front.enclosure import RADII_KM
from isofront.front.neck_samples import Interval, Sampled
from isofront.front.place_corridor import Corridor, Spot
from isofront.front.rules import ByRule, PlaceNecks, Pocket, Pockets, Rule, each_rule, headline
from isofront.ground.grid import to_lonlat
from isofront.publish.feature import Feature
from isofront.publish.lonlat import in_lonlat, only
from isofront.publish.sheet import Sheet


def corridor_record(one: Corridor, crs: str) -> dict[str, Any]:
    """A corridor under one rule; widths in km (null open, 0 cut off), spots as [lon, lat]."""
    rings = {f"{ring.radius_km:g}": ring for ring in one.enclosure}
    return {
        "neck_km": rounded(one.neck_km, 3),
        "neck_min_km": rounded(one.neck_min_km, 3),
        "neck_max_km": rounded(one.neck_max_km, 3),
        "robust_neck_km": rounded(one.robust_neck_km, 3),
        "second_exit_km": rounded(one.neck.second_exit_km, 3),
        "tips": lonlats(one.neck.tips, crs),
        "chord": lonlats(one.neck.chord, crs),
        "pocket_km2": rounded(one.neck.pocket_km2, 2),
        "enclosure": {radius: round(ring.blocked, 4) for radius, ring in rings.items()} or None,
        "largest_free_arc_deg": {radius: ring.largest_free_arc_deg for radius, ring in rings.items()} or None,
        "footprint_free": round(one.footprint_free, 4),
        "rung": one.rung.value,
    }


def sampled_record(one: Sampled | None) -> dict[str, Any] | None:
    """What sampled maps say: [low, median, high] of the 90 % interval, and shares of all maps; a null width is open."""
    if one is None:
        return None
    enclosure = {f"{radius:g}": _interval(ring, 4) for radius, ring in zip(RADII_KM, one.enclosure, strict=False)}
    return {
        "maps": one.n,
        "neck_km": _interval(one.neck_km, 3),
        "pocket_km2": _interval(one.pocket_km2, 2),
        "enclosure": enclosure or None,
        "p_neck_under_5_km": round(one.p_under_5, 4),
        "p_cut_off": round(one.p_cut_off, 4),
        "p_taken": round(one.p_taken, 4),
    }


def rules_record(by_rule: Mapping[Rule, ByRule], crs: str) -> dict[str, Any]:
    """All three rules side by side, null where a rule's ground is not known."""
    return {
        rule.value: None
        if (one := by_rule.get(rule)) is None
        else corridor_record(one.corridor, crs) | {"sampled": sampled_record(one.sampled)}
        for rule in Rule
    }


def place_record(one: PlaceNecks, about: Pockets, crs: str) -> dict[str, Any]:
    """One place: the headline first, then each rule. `rungs` are all that rules and intervals allow."""
    lon, lat = lonlats([(one.disc.east_km, one.disc.north_km)], crs)[0]
    rungs = [rung.value for rung in one.rungs(about.ladder)]
    return {
        "name": one.name or None,
        "side": one.side,
        "lon": lon,
        "lat": lat,
        "radius_m": round(one.disc.radius_km * 1000, 1),
        "headline": headline(one.corridors),
        "rungs": rungs,
        "by_rule": rules_record(one.by_rule, crs),
    }


def pockets_record(sheet: Sheet) -> dict[str, Any] | None:
    """The whole of `pockets.json` but for the stamp; None where necks were not measured."""
    found, crs = sheet.pockets, sheet.field.grid.crs
    if found is None:
        return None
    ladder = found.ladder
    return {
        "rules": {
            "held": "the other side's held ground",
            "held_or_grey": "its held ground and the grey zone",
            "any_presence": f"its held ground and wherever it is present with a probability of {found.presence_p:g}",
        },
        "ladder_km": {
            "open": ladder.open_km,
            "pocket": ladder.pocket_km,
            "gap": ladder.gap_km,
            "close": ladder.close_km,
        },
        "maps_sampled": found.n_samples,
        "pockets": [_pocket_record(one, found, crs) for one in found.pockets],
        "places": [place_record(one, found, crs) for one in found.places],
    }


def short_record(sheet: Sheet) -> list[dict[str, Any]] | None:
    """The pockets for `summary.json`: a line each."""
    if sheet.pockets is None:
        return None
    return [
        {
            "side": one.side,
            "inside": list(one.inside),
            "neck_km": round(one.neck_km, 3),
            "pocket_km2": round(one.pocket_km2, 2),
            "headline": headline(one.place.corridors),
        }
        for one in sheet.pockets.pockets
    ]


def pocket_features(sheet: Sheet, digits: int) -> list[Feature]:
    """The ground of every pocket, as areas."""
    return [_feature(sheet, one, number, "pocket", digits) for number, one in _numbered(sheet)]


def neck_features(sheet: Sheet, digits: int) -> list[Feature]:
    """The chord of every neck, as lines."""
    return [_feature(sheet, one, number, "neck", digits) for number, one in _numbered(sheet)]


def tip_features(sheet: Sheet, digits: int) -> list[Feature]:
    """The enemy-held ends of every neck, as points."""
    crs = sheet.field.grid.crs
    return [
        Feature(
            shapely.Point(*(round(degree, digits) for degree in spot)), {"role": "tip", "pocket": number} | _sides(one)
        )
        for number, one in _numbered(sheet)
        for spot in lonlats(one.tips, crs)
    ]


def _numbered(sheet: Sheet) -> Iterable[tuple[int, Pocket]]:
    return enumerate(sheet.pockets.pockets if sheet.pockets else (), start=1)


def _feature(sheet: Sheet, one: Pocket, number: int, role: str, digits: int) -> Feature:
    crs = sheet.field.grid.crs
    shape = only(one.geometry, dimension=2) if role == "pocket" else shapely.LineString(one.chord)
    words = {
        "role": role,
        "pocket": number,
        **_sides(one),
        "neck_km": round(one.neck_km, 3),
        "pocket_km2": round(one.pocket_km2, 2),
        "headline": headline(one.place.corridors),
        "by_rule": each_rule(one.place.corridors),
        "inside": ", ".join(one.inside),
    }
    placed = in_lonlat(shape, crs=crs, digits=digits)
    return Feature(only(placed, dimension=2) if role == "pocket" else placed, words)


def _sides(one: Pocket) -> dict[str, str]:
    return {"side": one.side, "enemy": one.enemy}


def _pocket_record(one: Pocket, about: Pockets, crs: str) -> dict[str, Any]:
    return {
        **_sides(one),
        "inside": list(one.inside),
        "neck_km": round(one.neck_km, 3),
        "pocket_km2": round(one.pocket_km2, 2),
        "tips": lonlats(one.tips, crs),
        "chord": lonlats(one.chord, crs),
        "measured_at": place_record(one.place, about, crs),
    }


def _interval(one: Interval | None, digits: int) -> list[float | None] | None:
    if one is None:
        return None
    return [None if math.isinf(value) else round(value, digits) for value in (one.low, one.median, one.high)]


def rounded(value: float | None, digits: int) -> float | None:
    """The number rounded; None stays."""
    return None if value is None else round(value, digits)


def lonlats(spots: Iterable[Spot], crs: str) -> list[list[float]]:
    """Spots (km) as [lon, lat] to the decimetre."""
    east, north = np.array(list(spots), float).reshape(-1, 2).T
    lon, lat = to_lonlat(east, north, crs=crs)
    return [[round(float(x), 6), round(float(y), 6)] for x, y in zip(lon, lat, strict=True)]
