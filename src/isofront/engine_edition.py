"""From what may be released to an edition: the public map, its files, and its entry for the ledger.

release                public_map               everything one edition shows
public map             publish.edition_files    names and bytes
both                   made_edition             the entry for the ledger, with the hash of each file
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely

from isofront import __version__, engine_public
from isofront.engine import statuses
from isofront.engine_public import public_reports
from isofront.engine_publish import (
    Release,
    public_draft,
)
from isofront.evidence.decision import polygons_of
from isofront.evidence.edition import (
    Edition,
    EditionMap,
    edition_id,
    sha256,
)
from isofront.front import Area
from isofront.front.advances import Advance
from isofront.ground.grid import to_lonlat
from isofront.publish import Sheet, State
from isofront.publish.coarse import snapped_km
from isofront.publish.edition_files import edition_files
from isofront.publish.policy import delay
from isofront.publish.public_map import PublicMap, PublicReport
from isofront.publish.stamp import utc_text
from isofront.review import redraw

MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever publishes says: the second editor's name, why there is none, why at all."""

    second: str | None = None
    bypass: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """An edition with its files; `new` is false where the ledger had it already and only the site was written."""

    edition: Edition
    map: EditionMap
    files: dict[str, bytes]
    new: bool
    home: Path
    site: Path | None = None


def inputs_hash(release: Release) -> str:
    """What an edition is made from, by its bytes: coarse reports, statements, closed ground, theatre, version."""
    ground, reports = release.inputs.ground, release.draft.reports
    said = [
        (one.id, shapely.to_wkb(one.ground).hex(), one.side, one.first_day, one.weight) for one in release.inputs.said
    ]
    told = (
        [msgspec.json.encode(one).decode() for one in reports], said, shapely.to_wkb(release.closed).hex(),
        sorted(release.not_yet), msgspec.json.encode(ground.theatre).decode(), __version__,
    )  # fmt: skip
    return sha256(msgspec.json.encode(told))


def made_edition(release: Release, asked: Asked, *, number: int, inputs: str) -> Made:
    """The edition of a release under a number, with its files; nothing is written."""
    approval, terms, correction = release.inputs.approval, release.terms, release.correction
    shown = public_map(release, asked, name=edition_id(number, approval.as_of), number=number)
    files = edition_files(shown)
    edition = Edition(
        id=shown.id,
        number=number,
        as_of=approval.as_of,
        known_by=approval.known_by,
        approval=approval.id,
        made_at=terms.now,
        by=approval.by,
        engine=__version__,
        policy=msgspec.json.encode(terms.policy).decode(),
        protected=tuple(sorted(terms.protected)),
        head=release.inputs.head,
        inputs=inputs,
        files={file: sha256(content) for file, content in sorted(files.items())},
        second=asked.second,
        bypass=shown.bypass,
        reason=asked.reason,
        corrects=shown.corrects,
        simulated=shown.simulated,
    )
    areas = tuple(redraw.ground_of(area) for area in release.drawing.areas)
    wrong = () if correction is None else polygons_of(correction.ground)
    kept = EditionMap(release.inputs.ground.theatre.crs, areas, wrong, release.settlements)
    return Made(edition, kept, files, new=True, home=release.inputs.ground.folder)


def public_map(release: Release, asked: Asked, *, name: str, number: int) -> PublicMap:
    """Everything that the edition shows, coarse already."""
    inputs, terms, draft = release.inputs, release.terms, release.draft
    km, crs = terms.policy.coarsen_km, inputs.ground.theatre.crs
    told = public_reports(release.cleared.reports, terms, crs=crs, km=km)
    whys = engine_public.whys(draft, told, inputs.earlier, inputs.anchor, km=km)
    span = delay(terms.policy, None, "areas")
    moved_km, moved_n = engine_public.moved(_drawn_on(release), draft, span=span)
    shown = {name: release.layers[name] for name in release.layers if name not in release.not_yet}
    reports = None
    if "reports" in shown:
        allowed = {one.id for one in shown["reports"].reports}
        reports = tuple(sorted((one for name, one in told.items() if name in allowed), key=lambda one: one.number))
    return PublicMap(
        id=name,
        number=number,
        sheet=_sheet(release),
        made_at=terms.now,
        delay=span,
        cell_km=km,
        coarse=engine_public.coarse(draft, km=km),
        reports=reports,
        whys=whys,
        pockets=engine_public.pockets(shown["pockets"], km=km) if "pockets" in shown else None,
        interdicted=engine_public.interdicted(shown["interdicted"], today=terms.now, protected=terms.protected)
        if "interdicted" in shown
        else None,
        routes=_routes(release, shown),
        not_yet=release.not_yet,
        changes=changes(release, told),
        moved_km=moved_km,
        moved_n=moved_n,
        names=1 if asked.second is None else 2,
        bypass=asked.bypass if release.wants_second_name and asked.second is None else None,
        corrects=None if release.correction is None else release.correction.of,
        reason=asked.reason,
        previous=None if inputs.last is None else inputs.last.edition.id,
    )


def _sheet(release: Release) -> Sheet:
    """The public draft as a sheet without reports and reasons."""
    draft, drawing = release.draft, release.drawing
    protected = release.terms.protected
    stretches = tuple(
        replace(one, reports=()) for one in draft.field.stretches if draft.field.sides[one.side] not in protected
    )
    clean = replace(release, drawing=drawing)
    areas = {
        name: round(float(sum(one.geometry.area for one in drawing.areas if _name(one) == name)), 1)
        for name in (*draft.field.sides, "grey")
    }
    if "infiltration" in release.not_yet:
        drawing = replace(drawing, infiltration=())
    elif release.layers["infiltration"] is not draft:
        other = release.layers["infiltration"].drawing.infiltration
        drawing = replace(drawing, infiltration=tuple(one for one in other if one.side not in protected))
    return Sheet(
        theatre=draft.ground.theatre,
        as_of=draft.as_of,
        known_by=release.inputs.approval.known_by,
        state=State.EDITION,
        simulated=draft.simulated,
        field=replace(draft.field, stretches=stretches),
        drawing=drawing,
        settlements=statuses(draft),
        reports=(),
        why=(),
        summary={
            "area_km2": areas | {"unobserved": round(float(drawing.unobserved.area), 1)},
            "changed_km2": round(clean.moved_km2, 1),
            "changed_since": "start" if release.before is None else "edition",
            "reports_used": len(draft.used),
        },
        land=draft.ground.land,
    )


def _name(area: Area) -> str:
    return area.side if area.side is not None else "grey"


def _drawn_on(release: Release) -> Callable[[datetime], tuple[Area, ...]]:
    model = release.draft.posterior.model

    def drawn(day: datetime) -> tuple[Area, ...]:
        if day == release.draft.as_of:
            return release.drawing.areas
        return public_draft(release.inputs, model, release.draft.reports, on=day).drawing.areas

    return drawn


def _routes(release: Release, shown: dict[str, Any]) -> tuple[dict[str, Any], ...] | None:
    theatre = release.inputs.ground.theatre
    if "routes" not in shown:
        return None
    if theatre.roads_file is None and not theatre.roads:
        return ()
    draft = shown["routes"]
    day = draft.as_of - MONTH
    earlier = None
    if day >= draft.ground.anchor.date:
        earlier = public_draft(release.inputs, draft.posterior.model, draft.reports, on=day)
    return engine_public.routes(draft, earlier, today=release.terms.now)


# What changed


def changes(release: Release, told: dict[str, PublicReport]) -> dict[str, Any]:
    """What moved since the edition before, else since the start: km², how far, which settlements, by which reports."""
    found, last = release.change, release.inputs.last
    since = release.inputs.ground.anchor.date if last is None else last.edition.as_of
    return {
        "since": utc_text(since),
        "since_edition": None if last is None else last.edition.id,
        "changed_km2": round(found.changed_km2, 1),
        "transitions_km2": {
            f"{old}->{new}": round(km2, 1)
            for (old, new), km2 in sorted(found.transitions.items())
            if old != new and round(km2, 1) > 0
        },
        "settlements": release.settlements_changed,
        "lines": [_line(release, one, told) for one in release.advances.found],
    }


def _line(release: Release, one: Advance, told: dict[str, PublicReport]) -> dict[str, Any]:
    """One place where a side came or went, flown to by its cell, with the reports that say most there."""
    km, crs = release.terms.policy.coarsen_km, release.inputs.ground.theatre.crs
    (spot,) = snapped_km([one.reached], km=km)
    lon, lat = to_lonlat(np.array([spot[0]]), np.array([spot[1]]), crs=crs)
    field = release.draft.field
    cell = field.grid.cell_of(*one.reached)
    named: list[int] = []
    if cell is not None:
        reasons = release.draft.posterior.explain(np.array([cell]))
        sign = 1.0 if field.sides[0] == one.side else -1.0
        shares = sign * (1.0 if one.kind.value == "advance" else -1.0) * reasons.shares_km[0]
        order = [int(k) for k in np.argsort(-shares, kind="stable") if shares[k] >= engine_public.STRENGTHS[-1][0]]
        named = [told[reasons.ids[k]].number for k in order[: engine_public.MOST_REASONS] if reasons.ids[k] in told]
    return {
        "side": one.side,
        "kind": one.kind.value,
        "km2": round(one.km2, 1),
        "up_to_km": None if one.max_km is None else round(one.max_km, 1),
        "at": [round(float(lon[0]), 4), round(float(lat[0]), 4)],
        "reports": named,
    }
