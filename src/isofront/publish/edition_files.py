"""The files of one edition, each with what every public file has to say; a `PublicMap` in, names and bytes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront import __version__
from isofront.evidence.edition import sha256
from isofront.ground.grid import to_lonlat
from isofront.publish import mappers
from isofront.publish.coarse import Cell, cell_box
from isofront.publish.feature import Feature, Layer
from isofront.publish.geojson import compact, geojson_bytes, readable_bytes
from isofront.publish.layers import layers_of, sheet_properties
from isofront.publish.lonlat import in_lonlat, only
from isofront.publish.page_data import map_data
from isofront.publish.page_public import claim_words, place_words, public_date, stepped
from isofront.publish.public_map import NOT_FOR, PublicMap, PublicReport, PublicWhy
from isofront.publish.raster import cog
from isofront.publish.stamp import stamp_text, stamps, utc_text

DIGITS = 5
"""Decimal places of a degree in public files, about a metre; what is drawn was made from cells of a kilometre."""
ABOUT = "edition.json"
PAGE = "page.json"
FORMAT = 2
"""Of the page's document (spec/page-data.md)."""
_OUT_OF_RANGE = ("class", "side", "since", "strength", "as_of", "simulated", "state", "stamp")


def edition_files(one: PublicMap) -> dict[str, bytes]:
    """Every file of an edition but its page, by name; `edition.json` names the hash of each of the others."""
    files = {name: make(one) for name, make in _MAKERS.items()}
    if one.mappers:
        files[mappers.FILE] = _mappers(one)
    return {ABOUT: readable_bytes(_about(one) | {"files": {n: sha256(b) for n, b in sorted(files.items())}})} | files


def public_words(one: PublicMap) -> dict[str, Any]:
    """What every public file says of itself."""
    return {
        "edition": one.id,
        "as_of": utc_text(one.sheet.as_of),
        "state": "edition",
        "stamp": stamp_text(one.sheet),
        "simulated": one.simulated,
        "delay_hours": one.delay / timedelta(hours=1),
        "moved_km_95": one.moved_km,
        "moved_spans": one.moved_n,
        "moved_from": one.moved_from,
        "caution": one.caution(),
        "not_for": NOT_FOR,
    }


def _about(one: PublicMap) -> dict[str, Any]:
    theatre = one.sheet.theatre
    return public_words(one) | {
        "id": one.id,
        "number": one.number,
        "title": theatre.title or theatre.name,
        "made_at": utc_text(one.made_at),
        "version": __version__,
        "sides": [{"id": side.id, "names": side.names} for side in theatre.sides],
        "protected_sides": list(theatre.protected_sides),
        "cell_km": one.cell_km,
        "crs": theatre.crs,
        "layers_not_before": {name: utc_text(when) for name, when in sorted(one.not_yet.items())},
        "reports": None if one.reports is None else len(one.reports),
        "editors": one.names,
        "without_second_name": one.bypass,
        "corrects": one.corrects,
        "reason": one.reason,
        "previous": one.previous,
        "area_km2": one.sheet.summary["area_km2"],
        "changed_km2": one.changes["changed_km2"],
        **mappers.mapper_heads(one.mappers, as_of=one.sheet.as_of),
    }


def _vector(name: str) -> Callable[[PublicMap], bytes]:
    def make(one: PublicMap) -> bytes:
        layer = layers_of(one.sheet, digits=DIGITS)[name]
        keep = _OUT_OF_RANGE if name == "out_of_range" else None
        plain = tuple(
            Feature(f.geometry, f.properties if keep is None else {key: f.properties[key] for key in keep})
            for f in layer.features
        )
        return geojson_bytes(Layer(name, plain), about=public_words(one))

    return make


def _control(one: PublicMap) -> bytes:
    words = {key.upper(): str(value) for key, value in public_words(one).items()}
    bands = np.ascontiguousarray(one.coarse.bands[:, ::-1, :])
    return cog(bands, one.coarse.names, one.coarse.grid, words | {"TIFFTAG_IMAGEDESCRIPTION": one.caution()})


def _layer(one: PublicMap, name: str, features: Sequence[Feature] | None) -> bytes:
    """A layer, or an empty one that says from when on it may show."""
    not_before = {} if name not in one.not_yet else {"not_before": utc_text(one.not_yet[name])}
    about = sheet_properties(one.sheet)
    told = tuple(Feature(f.geometry, f.properties | about) for f in features or ())
    return geojson_bytes(Layer(name, told), about=public_words(one) | not_before)


def _placed(one: PublicMap, shape: BaseGeometry) -> BaseGeometry:
    return only(in_lonlat(shape, crs=one.sheet.field.grid.crs, digits=DIGITS), dimension=2)


def cell_ring(one: PublicMap, cell: Cell) -> BaseGeometry:
    """A public cell in degrees."""
    return _cell_ring(cell, one.cell_km, one.sheet.field.grid.crs)


@lru_cache(maxsize=20_000)
def _cell_ring(cell: Cell, km: float, crs: str) -> BaseGeometry:
    """The same, once for all reports that lie in it."""
    return only(in_lonlat(cell_box(cell, km=km), crs=crs, digits=DIGITS), dimension=2)


def _reports(one: PublicMap) -> bytes:
    found = None if one.reports is None else [Feature(cell_ring(one, r.cell), _report_words(r)) for r in one.reports]
    return _layer(one, "reports", found)


def _report_words(report: PublicReport) -> dict[str, Any]:
    return {
        "number": report.number,
        "cell": list(report.cell),
        "day": report.day,
        "kind": report.kind,
        "seen": report.seen,
        "reliability": report.reliability,
        "credibility": report.credibility,
        "link": report.link,
    }


def _infiltration(one: PublicMap) -> bytes:
    if "infiltration" in one.not_yet:
        return _layer(one, "infiltration", None)
    return _vector("infiltration")(one)


def _pockets(one: PublicMap) -> bytes:
    found = (
        [] if one.pockets is None else [part for n, told in enumerate(one.pockets, 1) for part in _pocket(one, n, told)]
    )
    return _layer(one, "pockets", found)


def _pocket(one: PublicMap, number: int, told: Mapping[str, Any]) -> list[Feature]:
    words = {key: told[key] for key in ("side", "enemy", "inside", "neck_km", "km2", "rules")} | {"pocket": number}
    east, north = np.array(told["tips_km"], float).reshape(-1, 2).T
    lon, lat = to_lonlat(east, north, crs=one.sheet.field.grid.crs)
    tips = [shapely.Point(round(float(x), DIGITS), round(float(y), DIGITS)) for x, y in zip(lon, lat, strict=True)]
    chord = [Feature(shapely.LineString(tips), words | {"role": "neck"})] if len(set(tips)) == 2 else []
    return [
        Feature(_placed(one, told["ground"]), words | {"role": "pocket"}),
        *chord,
        *(Feature(tip, {"role": "tip", "pocket": number, "enemy": told["enemy"]}) for tip in tips),
    ]


def _interdicted(one: PublicMap) -> bytes:
    found = [
        Feature(_placed(one, told["box_km"]), {"side": told["side"], "level": told["level"]})
        for told in one.interdicted or ()
    ]
    return _layer(one, "interdicted", found)


def _routes(one: PublicMap) -> bytes:
    not_before = {} if "routes" not in one.not_yet else {"not_before": utc_text(one.not_yet["routes"])}
    return readable_bytes(public_words(one) | not_before | {"routes": list(one.routes or ())})


def _settlements(one: PublicMap) -> bytes:
    whys = [why for why in one.whys if why.name is not None]
    found = [
        Feature(
            shapely.Point(round(status.settlement.at[0], DIGITS), round(status.settlement.at[1], DIGITS)),
            {
                "name": status.settlement.name,
                "names": status.settlement.names,
                "population": place.population,
                "status": status.status,
                "p": stepped(status.p),
                "since": why.since,
                "last_seen": why.last_seen,
            },
        )
        for status, why, place in zip(one.sheet.settlements, whys, one.places, strict=True)
    ]
    return _layer(one, "settlements", found)


def _places(one: PublicMap) -> bytes:
    """Each settlement: how far the front is and was, routes, neck and enclosure, people."""
    rows = [{"name": told.name} | place_words(one, told) for told in one.places]
    plain = [{key: value for key, value in row.items() if key not in ("claims", "civilians")} for row in rows]
    return readable_bytes(public_words(one) | {"places": plain})


def _claims(one: PublicMap) -> bytes:
    """What somebody said of settlements, side by side and never averaged."""
    not_before = {} if "claims" not in one.not_yet else {"not_before": utc_text(one.not_yet["claims"])}
    told = [{"place": claim.place} | claim_words(claim) for claim in one.claims]
    return readable_bytes(public_words(one) | not_before | {"claims": told})


def _mappers(one: PublicMap) -> bytes:
    """Other mappers' maps with their terms and their geometry."""
    crs = one.sheet.field.grid.crs
    told = [mappers.mapper_record(other, as_of=one.sheet.as_of, crs=crs) for other in one.mappers]
    return (compact(public_words(one) | {"mappers": told}) + "\n").encode()


def _summary(one: PublicMap) -> bytes:
    """The numbers, as `map` names them, without those that are private; also what a server of edition files reads."""
    told = {"area_km2": one.sheet.summary["area_km2"], "changed_km2": one.changes["changed_km2"]}
    return readable_bytes(public_words(one) | told)


def _changes(one: PublicMap) -> bytes:
    return readable_bytes(public_words(one) | one.changes)


def _why(one: PublicMap) -> bytes:
    told = {"places": [_why_words(one, why) for why in one.whys], "strengths": ["strong", "moderate", "weak"]}
    return (compact(public_words(one) | told) + "\n").encode()


def _why_words(one: PublicMap, why: PublicWhy) -> dict[str, Any]:
    return {
        "name": why.name,
        "cell": list(why.cell),
        "status": why.status,
        "p": why.p,
        "since": why.since,
        "seen_within_days": why.seen_within_days,
        "last_seen": why.last_seen,
        "reasons": [{"report": r.report, "toward": r.toward, "strength": r.strength} for r in why.reasons]
        if one.reports is not None
        else [],
        "rests_on": _rests_on(why.rests_on),
    }


def _rests_on(n: int | None) -> str:
    """What would change it, in words."""
    if n is None:
        return "on no few reports: without any three of them it would stay as it is"
    return f"on {('one report', 'two reports', 'three reports')[n - 1]}: without it this would be different"


def _page(one: PublicMap) -> bytes:
    """What the page shows of this edition; its index joins those of all editions."""
    document = map_data([one.sheet])
    dates = [public_date(date, one, digits=DIGITS) for date in document["dates"]]
    listed = zip(document["settlements"], one.places, strict=True)
    settlements = [place | {"population": told.population} for place, told in listed]
    told = {
        "format": FORMAT,
        "stamp": list(stamps(one.sheet)),
        "caution": one.caution(),
        "not_for": NOT_FOR,
        "settlements": settlements,
        "dates": dates,
    }
    return (compact(document | told) + "\n").encode()


_MAKERS: dict[str, Callable[[PublicMap], bytes]] = {
    "areas.geojson": _vector("areas"),
    "front.geojson": _vector("front"),
    "infiltration.geojson": _infiltration,
    "unobserved.geojson": _vector("unobserved"),
    "out_of_range.geojson": _vector("out_of_range"),
    "control.tif": _control,
    "reports.geojson": _reports,
    "pockets.geojson": _pockets,
    "interdicted.geojson": _interdicted,
    "routes.json": _routes,
    "settlements.geojson": _settlements,
    "changes.json": _changes,
    "claims.json": _claims,
    "places.json": _places,
    "summary.json": _summary,
    "why.json": _why,
    PAGE: _page,
}
