"""The one JSON document that the page embeds: every date's layers, statuses and reasons, in as few bytes as serve.

Coordinates are rounded to 1e-5 degrees (a metre); the GeoJSON files keep 1e-6. What all features of a date share
(date, state, stamp) is said once for the date and left out of the features.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from shapely import LineString
from shapely.geometry.base import BaseGeometry

from isofront.evidence.report import Report
from isofront.ground.spelling import sound
from isofront.publish.feature import Feature
from isofront.publish.geojson import collection, feature_record, finite, trimmed
from isofront.publish.layers import layers_of, report_feature
from isofront.publish.lonlat import in_lonlat
from isofront.publish.page_pockets import page_pockets
from isofront.publish.page_roads import page_interdicted, page_routes
from isofront.publish.palette import page_palette, side_colours
from isofront.publish.sheet import Sheet, Why
from isofront.publish.stamp import stamps, utc_text
from isofront.publish.words import LANGUAGES, credit_line
from isofront.theatre.model import Lonlat, Settlement

MOST_OTHER_NAMES = 6
"""Of a settlement, so that a gazetteer's lists do not swell the page."""
PAGE_DIGITS = 5
RECENT_DAYS = 30
"""Reports older than this are shown only if a reason on the page names them."""

_KEEP = {
    "areas": ("class", "side", "grey_reason"),
    "front": ("role", "side"),
    "infiltration": ("side",),
    "unobserved": (),
    "out_of_range": ("class", "side", "since"),
}


def map_data(sheets: Sequence[Sheet]) -> dict[str, Any]:
    """What the page shows for these dates of one theatre, in order of time.

    Every id that a reason names is given once in `report_index`; reasons hold its number.
    """
    ordered = sorted(sheets, key=lambda sheet: sheet.as_of)
    last = ordered[-1]
    places = tuple(one.settlement for one in last.settlements)
    numbers = _report_numbers(ordered)
    document = _about(last) | {
        "simulated": any(sheet.simulated for sheet in ordered),
        "stamp": max((list(stamps(sheet)) for sheet in ordered), key=len),
        "land": _land(last),
        "settlements": [_place(one) for one in places],
        "dates": [_date(sheet, places=places, numbers=numbers) for sheet in ordered],
        "report_index": list(numbers),
    }
    plain: dict[str, Any] = finite(document)
    return plain


def _about(sheet: Sheet) -> dict[str, Any]:
    theatre = sheet.theatre
    return {
        "title": theatre.title or theatre.name,
        "titles": theatre.titles,
        "name": theatre.name,
        "languages": list(LANGUAGES),
        "language": theatre.map.language,
        "sides": [
            {"id": side.id, "names": side.names, "colour": colours.base}
            for side, colours in zip(theatre.sides, side_colours(theatre), strict=True)
        ],
        "palette": page_palette(theatre),
        "bounds": list(theatre.bounds),
        "credit": credit_line(sheet),
        "credits": {language: credit_line(sheet, language=language) for language in theatre.map.credits},
        "roads": _lines([({"name": road.name, "kind": road.kind}, road.line) for road in theatre.roads]),
        "barriers": _lines([({"name": one.name, "kind": one.kind}, one.line) for one in theatre.barriers]),
    }


def _date(sheet: Sheet, *, places: tuple[Settlement, ...], numbers: dict[str, int]) -> dict[str, Any]:
    layers = layers_of(sheet, digits=PAGE_DIGITS)
    return {
        "as_of": utc_text(sheet.as_of),
        "known_by": utc_text(sheet.known_by),
        "state": sheet.state.value,
        **{name: collection(trimmed(layers[name].features, keep=keep)) for name, keep in _KEEP.items()},
        "pockets": page_pockets(sheet, places, digits=PAGE_DIGITS),
        "interdicted": page_interdicted(sheet, digits=PAGE_DIGITS),
        "routes": page_routes(sheet, digits=PAGE_DIGITS),
        "reports": _reports(sheet),
        "status": _statuses(sheet, places),
        "area_km2": _rounded_areas(sheet.summary.get("area_km2")),
        "changed_km2": sheet.summary.get("changed_km2"),
        "changed_since": sheet.summary.get("changed_since"),
        "reports_used": sheet.summary.get("reports_used"),
        "why": {"side": sheet.field.sides[0], "points": [_why(one, numbers) for one in sheet.why]},
    }


def _land(sheet: Sheet) -> dict[str, Any] | None:
    if sheet.land is None or sheet.land.is_empty:
        return None
    shape = in_lonlat(sheet.land, crs=sheet.field.grid.crs, digits=PAGE_DIGITS)
    return _geometry(shape)


def _geometry(shape: BaseGeometry) -> dict[str, Any]:
    geometry: dict[str, Any] = feature_record(Feature(shape, {}))["geometry"]
    return geometry


def other_names(settlement: Settlement) -> list[str]:
    """Spellings that sound like none of its names, such as the name it had before; each sound once."""
    heard = {sound(one) for one in (settlement.name, *settlement.names.values())}
    found: dict[str, str] = {}
    for one in settlement.spellings:
        if sound(one) not in heard:
            found.setdefault(sound(one), one)
    return list(found.values())[:MOST_OTHER_NAMES]


def _place(settlement: Settlement) -> dict[str, Any]:
    others = other_names(settlement)
    return ({"spellings": others} if others else {}) | {
        "name": settlement.name,
        "names": settlement.names,
        "lon": round(settlement.at[0], PAGE_DIGITS),
        "lat": round(settlement.at[1], PAGE_DIGITS),
        "population": settlement.population,
    }


def _statuses(sheet: Sheet, places: tuple[Settlement, ...]) -> list[dict[str, Any]]:
    """One status per place, in the places' order; null where this date has none."""
    known = {(one.settlement.name, one.settlement.at): one for one in sheet.settlements}
    found = [known.get((place.name, place.at)) for place in places]
    return [
        {"name": place.name, "status": one.status if one else None, "p": round(one.p, 4) if one else None}
        for place, one in zip(places, found, strict=True)
    ]


def _reports(sheet: Sheet) -> dict[str, Any]:
    """The recent reports and those that a reason names."""
    since = sheet.as_of - timedelta(days=RECENT_DAYS)
    named = {push.report_id for why in sheet.why for push in why.pushes}
    shown = [report for report in sheet.reports if report.happened.end >= since or report.id in named]
    return collection([_report(report) for report in shown])


def _report(report: Report) -> Feature:
    feature = report_feature(report, digits=PAGE_DIGITS)
    url = {"url": report.links[0].url} if report.links else {}
    return Feature(feature.geometry, feature.properties | url)


def _why(why: Why, numbers: dict[str, int]) -> list[Any]:
    pushes = [[numbers[push.report_id], round(push.km, 3)] for push in why.pushes]
    spot = [round(why.lon, PAGE_DIGITS), round(why.lat, PAGE_DIGITS)]
    return [*spot, round(why.prior_km, 3), round(why.latent_km, 3), round(why.others_km, 3), why.n_others, pushes]


def _report_numbers(sheets: Sequence[Sheet]) -> dict[str, int]:
    named = sorted({push.report_id for sheet in sheets for why in sheet.why for push in why.pushes})
    return {name: number for number, name in enumerate(named)}


def _rounded_areas(areas: Any) -> dict[str, Any]:
    return {name: round(float(km2), 3) for name, km2 in dict(areas or {}).items()}


def _lines(lines: Sequence[tuple[dict[str, Any], tuple[Lonlat, ...]]]) -> dict[str, Any]:
    features = [
        Feature(LineString([(round(lon, PAGE_DIGITS), round(lat, PAGE_DIGITS)) for lon, lat in line]), words)
        for words, line in lines
        if len(line) > 1
    ]
    return collection(features)
