"""The release panel: what the public edition of an approved day would hold, what is held back, and publishing it.

Three steps, each asked for: `release` shows what would be (nothing is written); `prepare` makes the edition in memory
with all that whoever publishes says, and names a step; `publish` takes that step by the function of `isofront publish`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from isofront.desk.deciding import judge_of
from isofront.desk.desk import Desk
from isofront.desk.keeping import keep, kept
from isofront.desk.release_class import put_class
from isofront.desk.release_told import GROUPS, Row, document, rows
from isofront.desk.routing import NotFoundError, Request, Route
from isofront.engine.edition import Asked, Made, inputs_hash, made_edition, names_another
from isofront.engine.publish import Release, release_of
from isofront.engine.site import edition_of, publish_release
from isofront.errors import IsofrontError, UsageError
from isofront.evidence.decision import read_history
from isofront.evidence.edition import Published, read_published
from isofront.publish import site as sites
from isofront.publish.in_place import EDITIONS
from isofront.publish.policy import free_at
from isofront.publish.stamp import utc_text
from isofront.theatre.loading import start_of

Say = Callable[[str], None]
SETTINGS_FILE = "release.json"
STEPS, MOST_STEPS = "release steps", 4
PAGE_ROWS = 40
SITE_ENDING = "-site"


class Settings(msgspec.Struct):
    """What the panel remembers: the folder of the site."""

    site: str = ""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A release as it was drawn up, with the edition it would make, its reports and the page's document."""

    release: Release
    made: Made
    rows: tuple[Row, ...]
    document: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Step:
    """A publication that was prepared: nothing but `publish` with its name takes it."""

    drawn: Drawn
    site: Path
    asked: Asked


# What there is


def days(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/release/days`: approved days, newest first, what was published, the site's folder; quick."""
    policy = desk.theatre.policy
    told: dict[str, Any] = {"days": [], "editions": [], "site": _site_kept(desk), "proposed_site": _proposed(desk)}
    if not desk.has_ledger:
        return told
    with desk.ledger() as ledger:
        approvals = [one for _, one in read_history(ledger).approvals]
        published = read_published(ledger)
    newest = {one.as_of: one for one in approvals}
    told["days"] = [
        {
            "as_of": utc_text(day),
            "by": newest[day].by,
            "reports_used": newest[day].reports_used,
            "not_before": utc_text(free_at(policy, day, "areas")),
            "editions": [one.id for _, one in published.editions if one.as_of == day],
        }
        for day in sorted(newest, reverse=True)
    ]
    told["editions"] = [_edition(published, one.id) for _, one in reversed(published.editions)]
    return told


def _edition(published: Published, name: str) -> dict[str, Any]:
    _, one = published.named(name)
    pulled = published.pull_of(name) is not None
    corrected = any(other.corrects == name for _, other in published.editions)
    state = "pulled" if pulled else "corrected" if corrected else "published"
    return {"id": name, "as_of": utc_text(one.as_of), "made_at": utc_text(one.made_at), "state": state}


def release(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/release?on=`: what the public edition of an approved day would hold now; nothing is written."""
    on = request.moment("on")
    if on is None:
        raise UsageError("on: not given, wanted an approved day, YYYY-MM-DD")
    return drawn_up(desk, on).document


def drawn_up(desk: Desk, on: datetime) -> Drawn:
    """The release of a day at the ledger's head, delays counted to the start of this hour.

    Raises:
        NotYet: it is being drawn up.
        UsageError: nothing is approved for that day.
    """
    now = desk.now()

    def draw(say: Say) -> Drawn:
        found = release_of(desk.folder, on, now=now, progress=say)
        number = len(found.inputs.published.editions) + 1
        made = made_edition(found, Asked(), number=number, inputs=inputs_hash(found), progress=say)
        told = rows(found)
        groups = {name: sum(one.group == name for one in told) for name in GROUPS}
        more = {"head": found.inputs.head, "groups": {name: n for name, n in groups.items() if n}}
        return Drawn(found, made, told, document(found, made) | more)

    hour = now.replace(minute=0, second=0, microsecond=0)
    return desk.later(("release", on, hour), draw, name=f"release of {on:%Y-%m-%d}")


# Reports


class _Asking(msgspec.Struct, forbid_unknown_fields=True):
    on: str
    group: str = ""
    words: str = ""
    start: int = 0


def reports(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/release/reports` `{on, group, words, start}`: reports with what becomes of them, a page at a time."""
    asked = request.read(_Asking)
    wanted = asked.words.casefold().split()
    every = drawn_up(desk, _day(asked.on)).rows
    found = [one for one in every if all(word in one.words for word in wanted)]
    counts = {name: sum(one.group == name for one in found) for name in GROUPS}
    shown = [one.record for one in found if not asked.group or one.group == asked.group]
    start = max(asked.start, 0)
    return {"counts": counts, "n": len(shown), "start": start, "reports": shown[start : start + PAGE_ROWS]}


class _Class(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    release: str
    reason: str


def set_class(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/release/class` `{id, release, reason}`: a correction of one report; "" is the theatre's class."""
    asked = request.read(_Class)
    judge = judge_of(desk, asked.reason)
    return put_class(desk, asked.id, asked.release, judge) | {"id": asked.id, "release": asked.release}


# Publishing


class _Prepare(msgspec.Struct, forbid_unknown_fields=True):
    """What whoever publishes says; `bypass` is without a second name, and then `reason` is why."""

    on: str
    head: str
    site: str
    second: str = ""
    bypass: bool = False
    reason: str = ""


def prepare(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/release/prepare`: the dry run: what `publish` would write, and where; it names the step to take."""
    asked = request.read(_Prepare)
    drawn, site = drawn_up(desk, _day(asked.on)), site_of(desk, asked.site)
    if asked.head != drawn.release.inputs.head:
        raise IsofrontError("the ledger grew meanwhile: look at what would be public again")
    told = Asked(
        asked.second.strip() or None,
        asked.reason.strip() if asked.bypass and not asked.second.strip() else None,
        asked.reason.strip(),
    )
    _check(drawn.release, told)
    sites.refuse_strange(site)

    def make(say: Say) -> tuple[str, Made]:
        say("the edition, in memory")
        return secrets.token_urlsafe(12), edition_of(drawn.release, told, drawn=drawn.made.shown, progress=say)

    step, made = desk.later(("prepare", asked.on, drawn.document["counted_to"], str(site), told), make, name="dry run")
    steps: dict[str, Step] = desk.memory.setdefault(STEPS, {})
    steps[step] = Step(drawn, site, told)
    for old in list(steps)[:-MOST_STEPS]:
        del steps[old]
    return {"step": step, "made": _made(made), "site": str(site), "site_is_there": (site / sites.LIST).is_file()}


def _check(found: Release, asked: Asked) -> None:
    """The rules of `publish` on names, said in the panel's words.

    Raises:
        UsageError: another name is wanted, or a reason why there is none.
    """
    first = found.inputs.approval.by
    if asked.second is not None and not names_another(asked.second, first):
        raise UsageError(f"second: {asked.second[:60]!r} approved the map, wanted another editor's name")
    if asked.bypass == "":
        raise UsageError("reason: nothing said, wanted why there is no second name; it is recorded and public")
    if found.wants_second_name and asked.second is None and asked.bypass is None:
        limit = found.terms.policy.second_name_over_km2
        raise UsageError(
            f"second: {found.moved_in_sight_km2:.1f} km² change since the last edition, over {limit:g}: "
            "wanted the name of another editor who agrees, or a public reason why there is none"
        )


class _Step(msgspec.Struct, forbid_unknown_fields=True):
    step: str


def publish(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/release/publish` `{step}`: the prepared edition into the ledger and the site; twice is once."""
    name = request.read(_Step).step
    step: Step | None = desk.memory.get(STEPS, {}).get(name)
    if step is None:
        raise NotFoundError("step: nothing was prepared under this name; prepare it again")

    def make(say: Say) -> Made:
        say("the edition into the ledger, then its files")
        drawn = step.drawn
        made = publish_release(drawn.release, step.site, step.asked, drawn=drawn.made.shown, progress=say)
        keep(desk.private, SETTINGS_FILE, Settings(str(step.site)))
        return made

    made = desk.work.result(("publish", name), make, name="publishing")
    head, count = desk.head
    where = step.site / EDITIONS / made.edition.id
    return {"made": _made(made), "site": str(step.site), "page": str(step.site / sites.INDEX), "lies": str(where)} | {
        "head": head,
        "count": count,
    }


def _made(made: Made) -> dict[str, Any]:
    return {
        "edition": made.edition.id,
        "new": made.new,
        "files": len(made.files),
        "bytes": sum(map(len, made.files.values())),
        "simulated": made.edition.simulated,
        "names": [made.edition.by, *([] if made.edition.second is None else [made.edition.second])],
        "bypass": made.edition.bypass,
    }


# The folder


def _site_kept(desk: Desk) -> str:
    return kept(desk.private, SETTINGS_FILE, Settings, Settings()).site


def _proposed(desk: Desk) -> str:
    home = desk.folder.resolve()
    return str(home.with_name(home.name + SITE_ENDING))


def site_of(desk: Desk, text: str) -> Path:
    """The folder of the site, as the user named it.

    Raises:
        UsageError: it is no absolute path, or lies where private files lie.
    """
    told = Path(text.strip()).expanduser()
    if not text.strip() or not told.is_absolute():
        raise UsageError(f"site: {text.strip()[:80]!r}, wanted a folder's whole path, such as {_proposed(desk)}")
    site, home = told.resolve(), desk.folder.resolve()
    if site == home or site in home.parents or site.is_relative_to(desk.private.resolve()):
        raise UsageError(f"site: {site} holds private files, wanted a folder of its own")
    return site


def _day(text: str) -> datetime:
    try:
        return start_of(text)
    except ValueError as fault:
        raise UsageError(f"on: {text[:40]!r} is no date or time, wanted YYYY-MM-DD") from fault


ROUTES = (
    Route("GET", "/api/release/days", days),
    Route("GET", "/api/release", release),
    Route("POST", "/api/release/reports", reports),
    Route("POST", "/api/release/class", set_class),
    Route("POST", "/api/release/prepare", prepare),
    Route("POST", "/api/release/publish", publish),
)
