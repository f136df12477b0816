"""What every panel stands on: the theatre, the map that was approved last, a day's draft, all reports as points."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import shapely
from shapely.geometry import mapping

from isofront.desk.desk import Desk
from isofront.desk.opening import opening_day
from isofront.desk.reports import all_columns
from isofront.desk.routing import Request, Route
from isofront.engine import Ground, read_standing, sheet
from isofront.evidence import Kind, LocationOf, Means, Posture
from isofront.front import Area, Class
from isofront.publish.lonlat import coverage_in_lonlat, in_lonlat
from isofront.publish.page_data import map_data
from isofront.publish.palette import side_colours
from isofront.publish.stamp import PRIVATE, SIMULATED, utc_text
from isofront.publish.words import LANGUAGES, clean
from isofront.review import redraw
from isofront.theatre.model import Theatre

DIGITS = 5


def about(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/desk`: the theatre's words, who sits here, and how far the ledger is."""
    theatre, (last, count) = desk.theatre, desk.head
    return _theatre_words(theatre) | {
        "editor": desk.editor,
        "now": utc_text(desk.now()),
        "today": desk.today.isoformat(),
        "opens_on": opening_day(desk).isoformat(),
        "head": last,
        "count": count,
        "sources": [
            {"id": one.id, "reliability": one.reliability, "speaks_for": one.speaks_for, "lag_h": one.lag_h}
            for one in theatre.sources
        ],
        "kinds": [one.value for one in Kind],
        "means": [one.value for one in Means],
        "postures": [one.value for one in Posture],
        "locations": [one.value for one in LocationOf],
        "anchor_date": utc_text(theatre.anchor.date),
    }


def head(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/head`: how far the ledger is; also other programs write to it."""
    last, count = desk.head
    return {"head": last, "count": count}


class _Name(msgspec.Struct, forbid_unknown_fields=True):
    name: str


def editor(desk: Desk, request: Request) -> dict[str, Any]:
    """`PUT /api/editor` `{name}`: who decides from now on."""
    desk.editor = clean(request.read(_Name).name).strip()
    return {"editor": desk.editor}


def ground(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/ground?as_of=&known_by=`: the last approved map (else the anchor's) as the page's document; quick."""
    as_of = request.moment("as_of") or desk.now()
    known_by = request.moment("known_by")
    now = read_standing(desk.folder, as_of=as_of, known_by=known_by or desk.now())
    theatre, base = desk.theatre, desk.ground
    areas = redraw.previous(now, base.areas, crs=theatre.crs, frame=base.frame, sides=theatre.side_ids)
    day = theatre.anchor.date if now.approved is None else now.approved.approval.as_of
    simulated = theatre.simulated or (now.approved is not None and now.approved.approval.simulated)
    return _document(base, areas, day=day, known_by=known_by, simulated=simulated) | {
        "approved": None if now.approved is None else {"by": now.approved.approval.by, "as_of": utc_text(day)}
    }


def draft(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/draft?as_of=&known_by=`: the engine's draft of a day as the page's document; takes seconds."""
    made = desk.draft(request.day(), request.moment("known_by"))
    return desk.later(
        ("sheet", made.as_of, made.known_by), lambda say: map_data([sheet(made)]), name="drawing the draft"
    )


def reports(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/reports?known_by=`: every report of the ledger as columns, for the map."""
    return all_columns(desk, request.moment("known_by"))


def _theatre_words(theatre: Theatre) -> dict[str, Any]:
    return {
        "title": theatre.title or theatre.name,
        "titles": theatre.titles,
        "name": theatre.name,
        "languages": list(LANGUAGES),
        "language": theatre.map.language,
        "simulated": theatre.simulated,
        "timezone": theatre.timezone,
        "starts": None if theatre.starts is None else theatre.starts.isoformat()[:10],
        "ends": None if theatre.ends is None else theatre.ends.isoformat()[:10],
        "sides": [
            {"id": side.id, "names": side.names, "colour": colours.base}
            for side, colours in zip(theatre.sides, side_colours(theatre), strict=True)
        ],
        "bounds": list(theatre.bounds),
    }


def _document(
    base: Ground, areas: tuple[Area, ...], *, day: datetime, known_by: datetime | None, simulated: bool
) -> dict[str, Any]:
    theatre, crs = base.theatre, base.theatre.crs
    date = {
        "as_of": utc_text(day),
        "known_by": None if known_by is None else utc_text(known_by),
        "state": "approved",
        "areas": _features(
            [
                (shape, {"class": area.cls.value, "side": area.side, "grey_reason": area.grey_reason})
                for shape, area in zip(
                    coverage_in_lonlat([one.geometry for one in areas], crs=crs, digits=DIGITS), areas, strict=True
                )
            ]
        ),
        "front": _features(_edges(base, areas)),
        "reports": _features([]),
    }
    land = None if base.land is None else mapping(in_lonlat(base.land, crs=crs, digits=DIGITS))
    return _theatre_words(theatre) | {
        "simulated": simulated,
        "stamp": [PRIVATE, SIMULATED] if simulated else [PRIVATE],
        "credit": theatre.map.credit,
        "land": land,
        "roads": _lines([({"name": one.name, "kind": one.kind}, one.line) for one in theatre.roads]),
        "barriers": _lines([({"name": one.name, "kind": one.kind}, one.line) for one in theatre.barriers]),
        "settlements": [
            {"name": one.name, "names": one.names, "lon": one.at[0], "lat": one.at[1], "population": one.population}
            for one in base.settlements
        ],
        "dates": [date],
        "report_index": [],
    }


def _edges(base: Ground, areas: tuple[Area, ...]) -> list[tuple[Any, dict[str, Any]]]:
    """The rim of each side's held ground, without the theatre's own frame."""
    rim = base.frame.boundary.buffer(1e-3)
    edges = []
    for side in base.theatre.side_ids:
        held = [area.geometry for area in areas if area.cls is Class.HELD and area.side == side]
        line = shapely.difference(shapely.union_all(held).boundary, rim)
        if not line.is_empty:
            edges.append((in_lonlat(line, crs=base.theatre.crs, digits=DIGITS), {"role": "edge", "side": side}))
    return edges


def _features(found: list[tuple[Any, dict[str, Any]]]) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": words, "geometry": mapping(shape)}
        for shape, words in found
        if not shape.is_empty
    ]
    return {"type": "FeatureCollection", "features": features}


def _lines(found: list[tuple[dict[str, Any], Any]]) -> dict[str, Any]:
    return _features([(shapely.LineString(line), words) for words, line in found])


ROUTES = (
    Route("GET", "/api/desk", about),
    Route("PUT", "/api/editor", editor),
    Route("GET", "/api/head", head),
    Route("GET", "/api/ground", ground),
    Route("GET", "/api/draft", draft),
    Route("GET", "/api/reports", reports),
)
