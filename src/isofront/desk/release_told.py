"""A release as the page shows it: what would be public, read from the very bytes of the edition, and what is held back.

release, made edition   document       counts by layer, both maps, what changes, whether it may be published
release                 rows           each report with what becomes of it and why, by group
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from isofront.engine.edition import Made
from isofront.engine.inputs import areas_of
from isofront.engine.publish import LAYERS_APART, Release
from isofront.engine.site import is_last
from isofront.evidence.report import Report
from isofront.front import Area
from isofront.publish.layers import happened_text
from isofront.publish.lonlat import coverage_in_lonlat, in_lonlat
from isofront.publish.policy import Cause
from isofront.publish.stamp import utc_text

DIGITS = 5
FRAME_KM = 1e-3
"""An edge this near to the theatre's frame is the frame's own."""
INFORMS, WITH_LINK = "informs", "with_link"
"""Groups of cleared reports: those that inform the map from their cell, and those whose link shows besides."""
GROUPS = (*(one.name.lower() for one in Cause if not one.name.startswith("LINK_")), INFORMS, WITH_LINK)
PREVIEWED = ("areas.geojson", "front.geojson", "infiltration.geojson", "reports.geojson", "settlements.geojson")
GeoJson = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of one report: its group, and all that can be searched, in one text."""

    group: str
    record: dict[str, Any]
    words: str


def document(release: Release, made: Made) -> dict[str, Any]:
    """All that the panel shows but the reports one by one."""
    approval, last, terms = release.inputs.approval, release.inputs.last, release.terms
    return {
        "stamp": "PRIVATE",
        "as_of": utc_text(approval.as_of),
        "approval": approval.id,
        "approved_by": approval.by,
        "counted_to": utc_text(terms.now),
        "ready": release.ready,
        "ready_at": utc_text(release.ready_at),
        "edition": made.edition.id,
        "last": None if last is None else {"id": last.edition.id, "as_of": utc_text(last.edition.as_of)},
        "already": is_last(release, made.edition.inputs),
        "second_name": release.wants_second_name,
        "second_name_over_km2": terms.policy.second_name_over_km2,
        "protected": sorted(terms.protected),
        "delay_h": terms.policy.delay_h,
        "cell_km": terms.policy.coarsen_km,
        "release_class": terms.policy.release_class,
        "contents": contents(made, release),
        "area_km2": json.loads(made.files["summary.json"])["area_km2"],
        "closed_km2": round(float(release.closed.area), 1),
        "changes": _changes(made),
        "public": {name.partition(".")[0]: json.loads(made.files[name]) for name in PREVIEWED},
        "closed": shape_of(release, release.closed),
        "private": private_map(release),
        "private_edge": shape_of(release, private_edge(release)),
    }


def contents(made: Made, release: Release) -> list[dict[str, Any]]:
    """Each file of the edition: how many things it shows, its size, and from when on its layer may show at all."""
    found = []
    for name, content in sorted(made.files.items()):
        layer = name.partition(".")[0]
        waits = release.not_yet.get(layer)
        found.append(
            {
                "file": name,
                "n": _count(name, content),
                "bytes": len(content),
                "not_before": None if waits is None else utc_text(waits),
            }
        )
    return found


def _count(name: str, content: bytes) -> int | None:
    if name.endswith(".geojson"):
        return len(json.loads(content)["features"])
    if name in ("routes.json", "why.json"):
        told = json.loads(content)
        return len(told.get("routes", told.get("places", ())))
    return None


def _changes(made: Made) -> dict[str, Any]:
    """What the edition says it changes; settlements with their names by language, for the desk alone."""
    told = json.loads(made.files["changes.json"])
    wanted = ("since", "since_edition", "changed_km2", "transitions_km2", "settlements", "lines")
    names = {one.settlement.name: one.settlement.names for one in made.shown.sheet.settlements}
    places = [one | {"names": names.get(one["name"], {})} for one in told["settlements"]]
    return {name: told[name] for name in wanted} | {"settlements": places}


# Maps


def private_map(release: Release) -> GeoJson:
    """The approved map of the day, which the public one is held against; never published."""
    areas = areas_of(release.inputs.approved, release.inputs.ground.theatre.crs)
    return _collection(areas, crs=release.inputs.ground.theatre.crs)


def private_edge(release: Release) -> BaseGeometry:
    """Where held ground ends on the approved map, without the theatre's own frame (km)."""
    ground = release.inputs.ground
    held = [one.geometry for one in areas_of(release.inputs.approved, ground.theatre.crs) if one.side is not None]
    rims = shapely.union_all([one.boundary for one in held])
    return shapely.difference(rims, shapely.buffer(ground.frame.boundary, FRAME_KM))


def _collection(areas: Iterable[Area], *, crs: str) -> GeoJson:
    every = list(areas)
    shapes = coverage_in_lonlat([one.geometry for one in every], crs=crs, digits=DIGITS)
    features = [
        {
            "type": "Feature",
            "properties": {"class": one.cls.value, "side": one.side},
            "geometry": shapely.geometry.mapping(shape),
        }
        for one, shape in zip(every, shapes, strict=True)
        if not shape.is_empty
    ]
    return {"type": "FeatureCollection", "features": features}


def shape_of(release: Release, shape: BaseGeometry) -> GeoJson | None:
    """A shape (km) as GeoJSON in degrees; None if it is empty."""
    if shape.is_empty:
        return None
    crs = release.inputs.ground.theatre.crs
    return dict(shapely.geometry.mapping(in_lonlat(shape, crs=crs, digits=DIGITS)))


# Reports


def rows(release: Release) -> tuple[Row, ...]:
    """Every report that the approved map knew, in the ledger's order, with what becomes of it."""
    held = {one.report.id: one for one in release.held}
    late = {name: _late(release, name) for name in LAYERS_APART}
    found = []
    for report in release.inputs.reports:
        why = held.get(report.id)
        group = why.cause.name.lower() if why is not None else _cleared_group(release, report)
        until = None if why is None or why.until is None else utc_text(why.until)
        later = {} if why is not None else {name: late[name][report.id] for name in late if report.id in late[name]}
        link = None if why is not None or not report.links else release.terms.link_held(report)
        record = _record(report) | {
            "group": group,
            "until": until,
            "class": release.terms.release_of(report).value,
            "class_own": report.release,
            "link_held": None if link is None else link.name.lower(),
            "later": later,
        }
        found.append(Row(group, record, _words(report)))
    return tuple(found)


def _cleared_group(release: Release, report: Report) -> str:
    return WITH_LINK if report.links and release.terms.link_held(report) is None else INFORMS


def _late(release: Release, layer: str) -> Mapping[str, str]:
    """Cleared reports that a layer's own, longer delay keeps out of it, with until when."""
    found = {}
    for one in release.terms.cleared(release.cleared.reports, layer).held:
        if one.until is not None:
            found[one.report.id] = utc_text(one.until)
    return found


def _record(report: Report) -> dict[str, Any]:
    return {
        "id": report.id,
        "kind": report.kind.value,
        "seen": report.seen,
        "happened": happened_text(report.happened),
        "source": report.source,
        "note": report.note,
        "links": [link.url for link in report.links if link.url],
        "at": [round(report.lon, 6), round(report.lat, 6)],
    }


def _words(report: Report) -> str:
    links = " ".join(link.url for link in report.links)
    told = (report.id, report.source, report.kind.value, report.seen or "", report.note, links)
    return " ".join(told).casefold()
