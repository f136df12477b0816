"""An edition into the ledger and onto its site; put right there, withdrawn, made again.

release                publish_release      the entry first, then the site: what is shown is always recorded
ledger                 rebuilt              an edition byte for byte, from what the ledger held before it
edition, ground        correct_edition      a new edition of the day, a banner on the old one
edition                pull_edition         a tombstone in its place, at once
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from isofront import __version__
from isofront.engine.edition import Asked, Made, inputs_hash, made_edition, names_another
from isofront.engine.ground import Progress
from isofront.engine.inputs import Inputs, areas_of, read_inputs
from isofront.engine.publish import Correction, Release, release_of
from isofront.engine.review import inside_bounds
from isofront.errors import IntegrityError, IsofrontError, UsageError
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import polygons_of, shape_of
from isofront.evidence.edition import (
    Edition,
    Published,
    Pull,
    edition_entry,
    pull_entry,
    read_edition_map,
    read_published,
    sha256,
)
from isofront.evidence.store import only_writer
from isofront.front import Area, Class, changed_km2
from isofront.ground.repair import polygonal
from isofront.publish import in_place
from isofront.publish import site as sites
from isofront.publish.coarse import on_cells
from isofront.publish.public_map import PublicMap
from isofront.publish.stamp import day_text, utc_text
from isofront.review import redraw
from isofront.theatre import home_of, load

LEAST_KM2 = 0.01
"""Maps that differ by less ground (km²) show the same."""


def publish_release(
    release: Release, site: Path, asked: Asked, *, drawn: PublicMap | None = None, progress: Progress | None = None
) -> Made:
    """Publish a release: the entry in the ledger, then the files. With nothing new it is the last edition again.

    `drawn` is what it shows, if that is known.

    Raises:
        UsageError: the delay is not over, a second name is wanted, or somebody wrote to the ledger meanwhile.
    """
    sites.refuse_strange(site)
    home = release.inputs.ground.folder
    with only_writer(home):
        with Ledger.open(ledger_path(home)) as ledger:
            if ledger.head != release.inputs.head:
                raise UsageError("the ledger grew meanwhile, so nothing was published: publish again")
        return put(edition_of(release, asked, drawn=drawn, progress=progress), site)


def edition_of(
    release: Release, asked: Asked, *, drawn: PublicMap | None = None, progress: Progress | None = None
) -> Made:
    """The edition that a release makes; the one in the ledger if the last was made from the same.

    Raises:
        UsageError: the delay is not over, a second name is wanted, or the map is one that was withdrawn.
    """
    approval, last = release.inputs.approval, release.inputs.last
    if not release.ready:
        raise UsageError(
            f"--on {day_text(approval.as_of)}: its delay ends {release.ready_at:%Y-%m-%dT%H:%MZ}, "
            "wanted an approved day that is older"
        )
    inputs = inputs_hash(release)
    if last is not None and is_last(release, inputs):
        return rebuilt(release.inputs.ground.folder, last.edition.id, progress=progress)
    if not asked.again:
        _refuse_withdrawn(release)
    _check_names(release, asked)
    number = len(release.inputs.published.editions) + 1
    return made_edition(release, asked, number=number, inputs=inputs, drawn=drawn, progress=progress)


def is_last(release: Release, inputs: str) -> bool:
    """Whether the last edition tells of that day from the same; that somebody approved it again is not told."""
    last, approval = release.inputs.last, release.inputs.approval
    if last is None or last.edition.inputs != inputs:
        return False
    return (last.edition.as_of, last.edition.known_by) == (approval.as_of, approval.known_by)


def _refuse_withdrawn(release: Release) -> None:
    """Stop before a job that publishes each night puts out again what somebody withdrew: the map of that day."""
    inputs = release.inputs
    areas = tuple(redraw.ground_of(area) for area in release.drawing.areas)
    with Ledger.open(ledger_path(inputs.ground.folder)) as ledger:
        for n, one in inputs.published.editions:
            pull = inputs.published.pull_of(one.id)
            if pull is None or one.as_of != inputs.approval.as_of or read_edition_map(ledger, n).areas != areas:
                continue
            raise UsageError(
                f"this map is that of edition {one.id}, which was withdrawn: {pull.reason.rstrip('.')}; wanted another "
                "(take back or withhold what must not show, or put it right), or --again if it may show"
            )


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
        folder, edition.as_of, now=edition.made_at, before_line=n, approval_id=edition.approval, correction=correction,
        progress=progress,
    )  # fmt: skip
    asked = Asked(edition.second, edition.bypass, edition.reason)
    inputs = inputs_hash(release)
    made = made_edition(release, asked, number=edition.number, inputs=inputs, progress=progress)
    other = sorted(file for file, hashed in edition.files.items() if made.edition.files.get(file) != hashed)
    if other:
        raise IntegrityError(
            f"edition {name}: {other[0]} does not come out as it was published (version {edition.engine} then, "
            f"{__version__} now; what was redacted since, or a changed theatre.toml or map of another mapper, makes a "
            "difference)"
        )
    return replace(made, edition=edition, map=kept, new=False)


def correct_edition(
    folder: Path, name: str, shape: BaseGeometry, site: Path, asked: Asked, *, holder: str | None = None, now: datetime,
    progress: Progress | None = None,
) -> Made:  # fmt: skip
    """A new edition of the same day in which some ground (lon/lat) is shown as it was before, or as `holder` says.

    A correction that stands already, word for word, is only written to its place again, unless it is asked for `again`.

    Raises:
        UsageError: there is no such edition, or no such side.
        BadInputError: the ground lies outside the theatre.
    """
    sites.refuse_strange(site)
    with only_writer(home_of(folder)):
        with Ledger.open(ledger_path(home_of(folder))) as ledger:
            published = read_published(ledger)
        (_, wrong), shown = published.named(name), _shown_of_day(published, name)
        inputs = read_inputs(folder, shown.as_of, now=now, approval_id=shown.approval)
        correction = _correction(inputs, wrong, shape, holder)
        same = None if asked.again else _standing_correction(inputs, correction, asked.reason)
        if same is not None:
            return _again(folder, same, site, progress=progress)
        release = release_of(
            folder, shown.as_of, now=now, approval_id=shown.approval, correction=correction, progress=progress
        )
        number = len(release.inputs.published.editions) + 1
        made = made_edition(release, asked, number=number, inputs=inputs_hash(release), progress=progress)
        return put(made, site)


def _shown_of_day(published: Published, name: str) -> Edition:
    """The newest edition of an edition's day that stands, else itself: whose approved map a correction is made from.

    What was approved since may know what is under its delay, and a correction does not wait: what such a map keeps open
    and closed would tell of it.
    """
    _, wrong = published.named(name)
    same_day = [one for _, one in published.editions if one.as_of == wrong.as_of and not published.pull_of(one.id)]
    return same_day[-1] if same_day else wrong


def _again(folder: Path, same: Edition, site: Path, *, progress: Progress | None) -> Made:
    """A correction that stands, written to its place again."""
    try:
        return put(rebuilt(folder, same.id, progress=progress), site)
    except IntegrityError as fault:
        raise IntegrityError(f"{same.corrects} is corrected so already, but not written again: {fault}") from fault


def _correction(inputs: Inputs, edition: Edition, shape: BaseGeometry, holder: str | None) -> Correction:
    ground, km = inputs.ground, inputs.ground.theatre.policy.coarsen_km
    sides = ground.theatre.side_ids
    if holder is not None and holder not in (*sides, "grey"):
        raise UsageError(f"--class {holder!r}, wanted {sides[0]}, {sides[1]} or grey")
    inside = inside_bounds(ground, shape, where="--area")
    cells = polygonal(shapely.intersection(on_cells(inside, km=km), ground.frame))
    if holder == "grey":
        return Correction(edition.id, cells, (Area(Class.GREY, None, "disputed_evidence", cells),))
    if holder is not None:
        return Correction(edition.id, cells, (Area(Class.HELD, holder, None, cells),))
    days = [one for one in inputs.shown if one.edition.number < edition.number and one.edition.as_of < edition.as_of]
    before = max(days, key=lambda one: (one.edition.as_of, one.edition.number), default=None)
    areas = list(ground.areas) if before is None else areas_of(before.map, ground.theatre.crs)
    return Correction(edition.id, cells, _cut(areas, cells))


def _standing_correction(inputs: Inputs, correction: Correction, reason: str) -> Edition | None:
    """The day's newest edition if it says this very thing: the same ground, the same classes, the same words."""
    last = inputs.last
    wanted = (correction.of, reason, polygons_of(correction.ground))
    if last is None or (last.edition.corrects, last.edition.reason, last.map.corrected) != wanted:
        return None
    shown = _cut(areas_of(last.map, inputs.ground.theatre.crs), correction.ground)
    return last.edition if sum(changed_km2(shown, correction.areas).values()) < LEAST_KM2 else None


def _cut(areas: Iterable[Area], ground: BaseGeometry) -> tuple[Area, ...]:
    """What areas show of some ground."""
    cut = [replace(one, geometry=polygonal(shapely.intersection(one.geometry, ground))) for one in areas]
    return tuple(one for one in cut if not one.geometry.is_empty)


def pull_edition(folder: Path, name: str, site: Path, *, reason: str, now: datetime, anyway: bool = False) -> Pull:
    """Take an edition out of the public's sight: a tombstone in its place; again is the same.

    `anyway` writes the tombstone to a folder that does not hold the edition.

    Raises:
        UsageError: there is no such edition, or it lies elsewhere: nothing was done.
        IsofrontError: something could not be written; the edition and the pages that showed it are gone all the same.
    """
    at = now.replace(microsecond=0)
    told = Pull(f"w-{sha256(f'{name} {at}'.encode())[:10]}", name, at, reason)
    _refuse_elsewhere(home_of(folder), name, site, anyway=anyway)
    try:
        return _withdrawn(home_of(folder), site, told)
    except UsageError:
        raise
    except IsofrontError:  # a full disk, perhaps the ledger's own: what must go goes, and makes room
        if not sites.take_edition(site, name):
            raise
        return _withdrawn(home_of(folder), site, told)


def _refuse_elsewhere(home: Path, name: str, site: Path, *, anyway: bool) -> None:
    """Stop before a slip in --out leaves the edition in sight and the ledger sure that it is gone."""
    is_there = sites.tells_of(site, name)
    try:
        with Ledger.open(ledger_path(home)) as ledger:
            published = read_published(ledger)
    except IsofrontError:
        if is_there:
            return  # what must go goes, whatever became of the ledger
        raise
    published.named(name)
    sites.refuse_strange(site)
    sites.refuse_others(site, published)
    buried = published.pull_of(name) is not None and (site / sites.LIST).is_file()
    if not (is_there or anyway or buried):
        raise UsageError(
            f"--out {site}: no edition {name} lies there, so nothing was withdrawn; wanted the folder that it was "
            "published to, or --anyway to record it and to write what takes its place there"
        )


def _withdrawn(home: Path, site: Path, told: Pull) -> Pull:
    name = told.edition
    with only_writer(home):
        published = _recorded(home, told)
        theatre = load(home)
        made, (_, edition) = published.pull_of(name) or told, published.named(name)
        buried = _bury(site, edition, made)
        title, address = theatre.title or theatre.name, theatre.map.site
        sites.put_top_without(site, name, title=title, published=published, address=address)
    if not buried:
        raise IsofrontError(
            f"{site}: {name} is gone, but there is no room for a tombstone in its place; wanted room, then this again"
        )
    return made


def _recorded(home: Path, told: Pull) -> Published:
    """All that was published, with a withdrawal in the ledger; the first one of an edition stands."""
    with Ledger.open(ledger_path(home), write=True) as ledger:
        before = read_published(ledger)
        before.named(told.edition)
        if before.pull_of(told.edition) is None:
            ledger.append([pull_entry(told)], now=told.at)
        return read_published(ledger)


def told_since(site: Path, name: str) -> tuple[str, ...]:
    """The editions on a site that stand and tell what changed since one: its map can be guessed from them."""
    return tuple(
        one["id"] for one in sites.abouts(site) if one.get("previous") == name and one.get("state") != "pulled"
    )


def _bury(site: Path, edition: Edition, told: Pull) -> bool:
    """Whether there was room for a tombstone; the edition is gone in any case."""
    about = {
        "id": edition.id, "as_of": utc_text(edition.as_of), "pulled_at": utc_text(told.at),
        "simulated": edition.simulated,
    }  # fmt: skip
    in_place.tidy(site, names=sites.FILES)
    files = sites.tombstone_files(edition.files, about=about, reason=told.reason)
    return in_place.put_instead(site, edition.id, files)


def _check_names(release: Release, asked: Asked) -> None:
    first = release.inputs.approval.by
    if asked.second is not None and not names_another(asked.second, first):
        raise UsageError(f"--second {asked.second!r}: wanted another name than {first!r}, who approved the map")
    if release.wants_second_name and asked.second is None and asked.bypass is None:
        limit = release.terms.policy.second_name_over_km2
        raise UsageError(
            f"{release.moved_in_sight_km2:.1f} km² change since the last edition, over {limit:g}: wanted --second NAME "
            "of another editor who agrees, or --without-second with --reason, which is recorded and public"
        )


def put(made: Made, site: Path) -> Made:
    """Its files beside the site, its entry into the ledger if it is new, its files in place: shown is what is recorded.

    Recorded is what could be written. The caller holds the ledger's lock.
    """
    home = made.home
    theatre = load(home)
    with Ledger.open(ledger_path(home)) as ledger:
        sites.refuse_others(site, read_published(ledger))
    in_place.tidy(site, names=sites.FILES)
    files = made.files | {sites.INDEX: sites.edition_page(made.files)}
    is_there = in_place.holds(site, made.edition.id, files)
    if not is_there:
        in_place.write_folder(site, made.edition.id, files)
    try:
        published = _entered(made)
    except IsofrontError:
        in_place.forget(site, made.edition.id)
        raise
    if not is_there:
        in_place.put_in_place(site, made.edition.id)
    for old, one in published.corrections.items():
        if made.edition.id in (one.id, old) and published.pull_of(old) is None:
            _put_banner(site, one)
    sites.put_top(site, title=theatre.title or theatre.name, published=published, address=theatre.map.site)
    return replace(made, site=site)


def _entered(made: Made) -> Published:
    """All that was published, with a new edition in the ledger."""
    with Ledger.open(ledger_path(made.home), write=True) as ledger:
        if made.new:
            ledger.append([edition_entry(made.edition, made.map)], now=made.edition.made_at)
        return read_published(ledger)


def _put_banner(site: Path, edition: Edition) -> None:
    """On the page of what was corrected: that it was, why, and where the new one is."""
    assert edition.corrects is not None
    day = f"{edition.made_at:%Y-%m-%d}"
    banner = f"Corrected on {day}: {edition.reason.rstrip('.')}. See edition {edition.id}."
    status = {
        "state": "corrected",
        "corrected_by": edition.id,
        "at": utc_text(edition.made_at),
        "reason": edition.reason,
    }
    sites.put_banner(site, edition.corrects, banner=banner, status=status)
