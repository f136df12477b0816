"""From what may be released to an edition: the public map, its files, and its entry for the ledger.

release                public_map               everything one edition shows
public map, names      signed                   the same with who agreed to it, and why
public map             publish.edition_files    names and bytes
both                   made_edition             the entry for the ledger, with the hash of each file
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely

from isofront import __version__
from isofront.engine import public_layers as layers
from isofront.engine.drafting import Draft
from isofront.engine.ground import Progress
from isofront.engine.inputs import areas_of
from isofront.engine.mappers import told as told_mappers
from isofront.engine.places import Given, places
from isofront.engine.public import MOST_REASONS, STRENGTHS, coarse_bands, public_reports, public_whys
from isofront.engine.publish import Release
from isofront.engine.routes import exposed_of, roads_of
from isofront.evidence.decision import polygons_of
from isofront.evidence.edition import (
    Edition,
    EditionMap,
    edition_id,
    sha256,
)
from isofront.evidence.report import Report
from isofront.front import Area
from isofront.front.advances import Advance
from isofront.front.exposed import Exposed
from isofront.front.rules import Pockets
from isofront.ground.grid import to_lonlat
from isofront.publish import Sheet, State
from isofront.publish.coarse import snapped_km
from isofront.publish.edition_files import edition_files
from isofront.publish.policy import stated_delay
from isofront.publish.policy_claims import told_claims
from isofront.publish.public_map import PublicClaim, PublicMap, PublicPlace, PublicReport
from isofront.publish.stamp import utc_text
from isofront.review import redraw
from isofront.theatre.model import Theatre

ABOUT_A_MONTH = timedelta(days=21)
_UNSEEN = frozenset(map(chr, (0x034F, *range(0xFE00, 0xFE10))))
"""Marks on letters that nobody sees."""
MOST_DAYS = 40
"""So many of our newest days are asked how far lines move."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever publishes says: the second editor's name, why there is none, why at all.

    `again` is their word that what was withdrawn may go out once more.
    """

    second: str | None = None
    bypass: str | None = None
    reason: str = ""
    again: bool = False


def names_another(second: str, first: str) -> bool:
    """Whether a second name is one, and not the first written otherwise: by its letters and digits, in any case.

    Blanks, points, accents set apart and marks that cannot be seen make no other name.
    """
    return _letters(second) not in ("", _letters(first))


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name.casefold())
    return "".join(one for one in plain if unicodedata.category(one)[0] in "LNM" and one not in _UNSEEN)


@dataclass(frozen=True, slots=True)
class Made:
    """An edition with what it shows and its files; `new` is false where the ledger had it already."""

    edition: Edition
    map: EditionMap
    shown: PublicMap
    files: dict[str, bytes]
    new: bool
    home: Path
    site: Path | None = None


def inputs_hash(release: Release) -> str:
    """What an edition is made from, by its bytes: coarse reports, claims, statements, closed ground, theatre, code."""
    ground, reports = release.inputs.ground, release.draft.reports
    said = [
        (one.id, shapely.to_wkb(one.ground).hex(), one.side, one.first_day, one.weight) for one in release.inputs.said
    ]
    told = (
        [msgspec.json.encode(one).decode() for one in reports], said, shapely.to_wkb(release.closed).hex(),
        sorted(release.not_yet), _theatre_text(ground.theatre), __version__,
        *(msgspec.json.encode(one).decode() for one in _claims(release)),
        *(one.sha256 for one in release.others.found),
    )  # fmt: skip
    return sha256(msgspec.json.encode(told))


def _theatre_text(theatre: Theatre) -> str:
    """What the theatre says; one that names no other mapper, title or credit says what it said before such a key was.

    Where the site lies is left out: an edition is the same wherever it is read.
    """
    text = msgspec.json.encode(msgspec.structs.replace(theatre, map=msgspec.structs.replace(theatre.map, site="")))
    told = text.decode()
    for unsaid in (',"mappers":[]', ',"site":""', ',"titles":{}', ',"credits":{}'):
        told = told.replace(unsaid, "")
    return told


def _claims(release: Release) -> tuple[PublicClaim, ...]:
    return told_claims(release.claims, release.terms, as_of=release.draft.as_of)


def made_edition(
    release: Release, asked: Asked, *, number: int, inputs: str, drawn: PublicMap | None = None,
    progress: Progress | None = None,
) -> Made:  # fmt: skip
    """The edition of a release under a number, with its files; nothing is written.

    `drawn` is what it shows if that is known, whoever agreed to it then: it takes long to find out.
    """
    approval, terms, correction = release.inputs.approval, release.terms, release.correction
    say = progress or (lambda _: None)
    shown = signed(drawn or public_map(release, number=number, say=say), release, asked)
    say("the files of the edition")
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
    return Made(edition, kept, shown, files, new=True, home=release.inputs.ground.folder)


def signed(shown: PublicMap, release: Release, asked: Asked) -> PublicMap:
    """What an edition shows, with how many editors agreed to it, and why there is no second or why it is made."""
    names = 1 if asked.second is None else 2
    return replace(shown, names=names, bypass=bypassed(release, asked), reason=asked.reason)


def public_map(release: Release, *, number: int, say: Progress) -> PublicMap:
    """Everything that the edition shows, coarse already, but who agreed to it."""
    inputs, terms, draft = release.inputs, release.terms, release.draft
    km, crs = terms.policy.coarsen_km, inputs.ground.theatre.crs
    shown = {name: release.layers[name] for name in release.layers if name not in release.not_yet}
    listed = _listed(release, shown)
    told = public_reports(listed or (), terms, crs=crs, km=km)
    say("why each place is what it is")
    whys = public_whys(draft, told, inputs.earlier, inputs.anchor, km=km, towns=release.towns, seen_in=listed or ())
    span = stated_delay(terms.policy, draft.field.sides)
    say("how far lines move")
    moved = _moved(release, span)
    reports = None if listed is None else tuple(sorted(told.values(), key=lambda one: one.number))
    say("pockets, roads, and what changes")
    beside = _beside(release, shown)
    return PublicMap(
        id=edition_id(number, inputs.approval.as_of),
        number=number,
        sheet=replace(_sheet(release), exposed=beside.exposed),
        made_at=terms.now,
        delay=span,
        cell_km=km,
        coarse=coarse_bands(draft, km=km),
        reports=reports,
        whys=whys,
        pockets=None if beside.necks is None else layers.pockets(beside.necks, km=km, hidden=_hidden(release)),
        interdicted=layers.interdicted(shown["interdicted"], today=terms.now, protected=terms.protected)
        if "interdicted" in shown
        else None,
        unlooked=layers.unlooked(shown["interdicted"]) if "interdicted" in shown else None,
        routes=None if beside.routes is None else tuple(told for _, told in beside.routes),
        not_yet=release.not_yet,
        changes=changes(release, told),
        moved_km=moved.km,
        moved_n=moved.spans,
        moved_from=moved.told_by,
        places=_places(release, beside),
        claims=_claims(release),
        mappers=told_mappers(release.others.found, inputs.ground, ours=release.drawing.areas, towns=release.towns),
        corrects=None if release.correction is None else release.correction.of,
        previous=None if inputs.last is None else inputs.last.edition.id,
    )


def bypassed(release: Release, asked: Asked) -> str | None:
    """Why a large change goes out under one name; a correction must not wait, so its reason stands for that too."""
    if not release.wants_second_name or asked.second is not None:
        return None
    return asked.bypass or (f"correction: {asked.reason}" if release.correction is not None else None)


def _listed(release: Release, shown: Mapping[str, Draft]) -> list[Report] | None:
    """The cleared reports that are listed as cells; None while that layer may not show."""
    if "reports" not in shown:
        return None
    allowed = {one.id for one in shown["reports"].reports}
    return [one for one in release.cleared.reports if one.id in allowed]


def _hidden(release: Release) -> frozenset[str]:
    """Sides whose presence without holding is not told: protected ones; both while that layer may not show."""
    both = release.draft.field.sides if "infiltration" in release.not_yet else ()
    return release.terms.protected | frozenset(both)


@dataclass(frozen=True)
class _Beside:
    """Necks, roads and routes of an edition; None where they may not show yet, or there are none."""

    necks: Pockets | None
    exposed: Exposed | None
    routes: tuple[layers.Ways, ...] | None


def _beside(release: Release, shown: Mapping[str, Draft]) -> _Beside:
    necks = layers.necks(shown["pockets"]) if "pockets" in shown else None
    if "routes" not in shown:
        return _Beside(necks, None, None)
    draft = shown["routes"]
    graph = roads_of(release.inputs.ground)
    if graph is None:
        return _Beside(necks, None, ())
    earlier = release.earlier(draft)
    ways = layers.routes(draft, graph, earlier, today=release.terms.now)
    return _Beside(necks, exposed_of(draft, graph), ways)


def _places(release: Release, beside: _Beside) -> tuple[PublicPlace, ...]:
    """Each settlement's row, against the map of about a month before, or against the start if that is about so old."""
    draft, earlier = release.draft, release.earlier(release.draft)
    since = release.inputs.ground.anchor.date
    before, day = (None, None) if earlier is None else (earlier.drawing.areas, earlier.as_of)
    if earlier is None and draft.as_of - since >= ABOUT_A_MONTH:
        before, day = release.inputs.ground.areas, since
    given = Given(release.drawing.areas, before, day, beside.necks, beside.routes)
    return places(draft, release.towns, given)


def _moved(release: Release, span: timedelta) -> layers.Moved:
    """How far lines moved in such a time: from our own editions, else from drafts of earlier days."""
    draft = release.draft
    if span <= timedelta(0):
        return layers.Moved(0.0, 0, "editions")
    days = {one.edition.as_of: one.map for one in release.inputs.shown if one.edition.as_of < draft.as_of}
    newest = [(day, tuple(areas_of(days[day], draft.ground.theatre.crs))) for day in sorted(days)[-MOST_DAYS:]]
    found = layers.moved_between([*newest, (draft.as_of, release.drawing.areas)], draft, span=span)
    return found or layers.moved(release.drawn_on, draft, span=span)


def _sheet(release: Release) -> Sheet:
    """The public draft as a sheet without reports and reasons."""
    draft, drawing = release.draft, release.drawing
    protected = release.terms.protected
    stretches = tuple(
        replace(one, reports=()) for one in draft.field.stretches if draft.field.sides[one.side] not in protected
    )
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
        simulated=draft.simulated or any(one.simulated for one in release.claims.claims),
        field=replace(draft.field, stretches=stretches),
        drawing=drawing,
        settlements=release.towns,
        reports=(),
        why=(),
        summary={
            "area_km2": areas | {"unobserved": round(float(drawing.unobserved.area), 1)},
            "changed_km2": round(release.moved_km2, 1),
            "changed_since": "start" if release.before is None else "edition",
            "reports_used": len(draft.used),
        },
        land=draft.ground.land,
    )


def _name(area: Area) -> str:
    return area.side if area.side is not None else "grey"


# What changed


def changes(release: Release, told: dict[str, PublicReport]) -> dict[str, Any]:
    """What moved since the edition before, else since the start: km², how far, which settlements, by which reports."""
    found, last = release.change, release.inputs.last
    since = release.inputs.ground.anchor.date if last is None else last.edition.as_of
    return {
        "since": utc_text(since),
        "since_edition": None if last is None else last.edition.id,
        "changed_km2": round(found.changed_km2, 1),
        "transitions_km2": release.transitions_km2,
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
        order = [int(k) for k in np.argsort(-shares, kind="stable") if shares[k] >= STRENGTHS[-1][0]]
        named = [told[reasons.ids[k]].number for k in order[:MOST_REASONS] if reasons.ids[k] in told]
    return {
        "side": one.side,
        "kind": one.kind.value,
        "km2": round(one.km2, 1),
        "up_to_km": None if one.max_km is None else round(one.max_km, 1),
        "at": [round(float(lon[0]), 4), round(float(lat[0]), 4)],
        "reports": named,
    }
