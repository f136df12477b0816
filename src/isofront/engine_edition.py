"""From what may be released to an edition: the public map, its files, its entry in the ledger, and its site.

release               public_map               everything one edition shows
public map            publish.edition_files    names and bytes
bytes, ledger         published                the entry first, then the site: what is shown is always recorded
edition, ground       corrected                a new edition with that ground as the anchor's or another class
edition               pulled                   a tombstone in its place, at once
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront import __version__, engine_public
from isofront.engine import statuses
from isofront.engine_public import public_reports
from isofront.engine_publish import (
    Correction,
    Inputs,
    Progress,
    Release,
    areas_of,
    public_draft,
    read_inputs,
    release_of,
)
from isofront.errors import IntegrityError, UsageError
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import polygons_of, shape_of
from isofront.evidence.edition import (
    Edition,
    EditionMap,
    Pull,
    edition_entry,
    edition_id,
    pull_entry,
    read_edition_map,
    read_published,
    sha256,
)
from isofront.evidence.store import only_writer
from isofront.front import Area, Class
from isofront.front.advances import Advance
from isofront.ground.grid import to_lonlat
from isofront.ground.polygons import project_km
from isofront.ground.repair import polygonal
from isofront.publish import Sheet, State
from isofront.publish import site as sites
from isofront.publish.coarse import coarsened, on_cells, snapped_km
from isofront.publish.edition_files import edition_files
from isofront.publish.policy import delay
from isofront.publish.public_map import PublicMap, PublicReport
from isofront.publish.stamp import utc_text
from isofront.review import redraw
from isofront.theatre import load

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


def publish_release(release: Release, site: Path, asked: Asked, *, progress: Progress | None = None) -> Made:
    """Publish a release: the entry in the ledger, then the files. With nothing new it is the last edition again.

    Raises:
        UsageError: the delay is not over, a second name is wanted, or somebody wrote to the ledger meanwhile.
    """
    sites.refuse_strange(site)
    home = release.inputs.ground.folder
    with only_writer(home):
        with Ledger.open(ledger_path(home)) as ledger:
            if ledger.head != release.inputs.head:
                raise UsageError("the ledger grew meanwhile, so nothing was published: publish again")
        return put(edition_of(release, asked, progress=progress), site)


def edition_of(release: Release, asked: Asked, *, progress: Progress | None = None) -> Made:
    """The edition that a release makes; the one in the ledger if the last was made from the same.

    Raises:
        UsageError: the delay is not over, or a second name is wanted.
    """
    approval, last = release.inputs.approval, release.inputs.last
    if not release.ready:
        raise UsageError(
            f"--on {approval.as_of:%Y-%m-%d}: its delay ends {release.ready_at:%Y-%m-%dT%H:%MZ}, "
            "wanted an approved day that is older"
        )
    inputs = inputs_hash(release)
    if last is not None and (last.edition.approval, last.edition.inputs) == (approval.id, inputs):
        return rebuilt(release.inputs.ground.folder, last.edition.id, progress=progress)
    _check_names(release, asked)
    return _made(release, asked, number=len(release.inputs.published.editions) + 1, inputs=inputs)


def rebuilt(folder: Path, name: str, *, progress: Progress | None = None) -> Made:
    """An edition of the ledger made again from what the ledger held then, byte for byte.

    Raises:
        IntegrityError: it does not come out as it was; what was redacted since cannot be used again.
    """
    with Ledger.open(ledger_path(home_of(folder))) as ledger:
        n, edition = read_published(ledger).named(name)
        kept = read_edition_map(ledger, n)
    theatre = load(folder)
    correction = None
    if edition.corrects is not None and kept.corrected:
        ground = redraw.in_crs(shape_of(kept.corrected), kept.crs, theatre.crs)
        correction = Correction(edition.corrects, ground, _cut(areas_of(kept, theatre.crs), ground))
    release = release_of(
        folder, edition.as_of, now=edition.made_at, before_line=n, correction=correction, progress=progress
    )
    asked = Asked(edition.second, edition.bypass, edition.reason)
    made = _made(release, asked, number=edition.number, inputs=inputs_hash(release))
    other = sorted(file for file, hashed in edition.files.items() if made.edition.files.get(file) != hashed)
    if other:
        raise IntegrityError(
            f"edition {name}: {other[0]} does not come out as it was published (version {edition.engine} then, "
            f"{__version__} now; what was redacted since, or a changed theatre.toml, makes a difference)"
        )
    return Made(edition, kept, made.files, new=False, home=made.home)


def correct_edition(
    folder: Path, name: str, shape: BaseGeometry, site: Path, asked: Asked, *, holder: str | None = None, now: datetime,
    progress: Progress | None = None,
) -> Made:  # fmt: skip
    """A new edition of the same day in which some ground (lon/lat) is shown as it was before, or as `holder` says.

    Raises:
        UsageError: there is no such edition, or no such side.
    """
    sites.refuse_strange(site)
    with only_writer(home_of(folder)):
        with Ledger.open(ledger_path(home_of(folder))) as ledger:
            _, edition = read_published(ledger).named(name)
        inputs = read_inputs(folder, edition.as_of, now=now)
        correction = _correction(inputs, name, shape, holder)
        release = release_of(folder, edition.as_of, now=now, correction=correction, progress=progress)
        number = len(release.inputs.published.editions) + 1
        return put(_made(release, asked, number=number, inputs=inputs_hash(release)), site)


def _correction(inputs: Inputs, name: str, shape: BaseGeometry, holder: str | None) -> Correction:
    ground, km = inputs.ground, inputs.ground.theatre.policy.coarsen_km
    sides = ground.theatre.side_ids
    if holder is not None and holder not in (*sides, "grey"):
        raise UsageError(f"--class {holder!r}, wanted {sides[0]}, {sides[1]} or grey")
    inside = shapely.intersection(project_km(shape, crs=ground.theatre.crs), ground.frame)
    if inside.is_empty:
        raise UsageError("--area: lies outside the theatre's bounds, wanted ground inside them")
    cells = polygonal(shapely.intersection(on_cells(inside, km=km), ground.frame))
    if holder == "grey":
        return Correction(name, cells, (Area(Class.GREY, None, "disputed_evidence", cells),))
    if holder is not None:
        return Correction(name, cells, (Area(Class.HELD, holder, None, cells),))
    before = [
        one for one in inputs.shown if one.edition.number < int(name[:4]) and one.edition.as_of < inputs.approval.as_of
    ]
    areas = areas_of(before[-1].map, ground.theatre.crs) if before else list(ground.areas)
    return Correction(name, cells, _cut(areas, cells))


def _cut(areas: Iterable[Area], ground: BaseGeometry) -> tuple[Area, ...]:
    """What areas show of some ground."""
    cut = [replace(one, geometry=polygonal(shapely.intersection(one.geometry, ground))) for one in areas]
    return tuple(one for one in cut if not one.geometry.is_empty)


def pull_edition(folder: Path, name: str, site: Path, *, reason: str, now: datetime) -> Pull:
    """Take an edition out of the public's sight: a tombstone in its place; again is the same.

    Raises:
        UsageError: there is no such edition.
    """
    home = home_of(folder)
    with only_writer(home):
        with Ledger.open(ledger_path(home), write=True) as ledger:
            _, edition = read_published(ledger).named(name)
            made = read_published(ledger).pull_of(name)
            if made is None:
                at = now.replace(microsecond=0)
                made = Pull(f"w-{sha256(f'{name} {at}'.encode())[:10]}", name, at, reason)
                ledger.append([pull_entry(made)], now=now)
            published = read_published(ledger)
        theatre = load(folder)
        _bury(site, edition, made)
        sites.put_top(site, title=theatre.title or theatre.name, published=published)
    return made


def _bury(site: Path, edition: Edition, told: Pull) -> None:
    about = {
        "id": edition.id, "as_of": utc_text(edition.as_of), "pulled_at": utc_text(told.at),
        "simulated": edition.simulated,
    }  # fmt: skip
    sites.tidy(site)
    sites.put_folder(site, edition.id, sites.tombstone_files(edition.files, about=about, reason=told.reason))


def _check_names(release: Release, asked: Asked) -> None:
    first = release.inputs.approval.by
    if asked.second is not None and asked.second.strip().casefold() in ("", first.strip().casefold()):
        raise UsageError(f"--second {asked.second!r}: wanted another name than {first!r}, who approved the map")
    if release.wants_second_name and asked.second is None and asked.bypass is None:
        limit = release.terms.policy.second_name_over_km2
        raise UsageError(
            f"{release.moved_km2:.1f} km² change since the last edition, over {limit:g}: wanted --second NAME of "
            "another editor who agrees, or --without-second with --reason, which is recorded and public"
        )


def inputs_hash(release: Release) -> str:
    """What an edition is made from, by its bytes: coarse reports, statements, closed ground, theatre, version."""
    ground, km = release.inputs.ground, release.terms.policy.coarsen_km
    reports = coarsened(release.cleared.reports, crs=ground.theatre.crs, km=km)
    said = [
        (one.id, shapely.to_wkb(one.ground).hex(), one.side, one.first_day, one.weight) for one in release.inputs.said
    ]
    told = (
        [msgspec.json.encode(one).decode() for one in reports], said, shapely.to_wkb(release.closed).hex(),
        sorted(release.not_yet), msgspec.json.encode(ground.theatre).decode(), __version__,
    )  # fmt: skip
    return sha256(msgspec.json.encode(told))


def _made(release: Release, asked: Asked, *, number: int, inputs: str) -> Made:
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
        km = release.terms.policy.coarsen_km
        return public_draft(release.inputs, model, release.cleared.reports, km=km, on=day).drawing.areas

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
        model, km = draft.posterior.model, release.terms.policy.coarsen_km
        cleared = release.terms.cleared(release.inputs.reports, "routes").reports
        own = release.cleared.ids
        kept = [one for one in cleared if one.id in own]
        earlier = public_draft(release.inputs, model, kept, km=km, on=day)
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


# Ledger and site


def home_of(folder: Path) -> Path:
    """The theatre's folder, if its file was named."""
    return folder.parent if folder.is_file() else folder


def put(made: Made, site: Path) -> Made:
    """The entry into the ledger if it is new, then the edition into the site; the caller holds the ledger's lock."""
    home = made.home
    theatre = load(home)
    with Ledger.open(ledger_path(home), write=True) as ledger:
        if made.new:
            ledger.append([edition_entry(made.edition, made.map)], now=made.edition.made_at)
        published = read_published(ledger)
    site.mkdir(parents=True, exist_ok=True)
    sites.tidy(site)
    sites.put_folder(site, made.edition.id, made.files | {sites.INDEX: sites.edition_page(made.files)})
    if made.edition.corrects is not None:
        _put_banner(site, made.edition)
    sites.put_top(site, title=theatre.title or theatre.name, published=published)
    return replace(made, site=site)


def _put_banner(site: Path, edition: Edition) -> None:
    """On the page of what was corrected: that it was, why, and where the new one is."""
    assert edition.corrects is not None
    day = f"{edition.made_at:%Y-%m-%d}"
    banner = f"Corrected on {day}: {edition.reason} See edition {edition.id}."
    status = {
        "state": "corrected",
        "corrected_by": edition.id,
        "at": utc_text(edition.made_at),
        "reason": edition.reason,
    }
    sites.put_banner(site, edition.corrects, banner=banner, status=status)
