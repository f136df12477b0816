"""Entry at speed: a pasted post becomes a row, which reads itself back and is saved as `add` would; undo retracts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from isofront.desk.desk import Desk
from isofront.desk.habits import Habits, source_of
from isofront.desk.keeping import MOST_RECENT, RECENT_FILE, Recent, RowDraft, Saved, keep, kept
from isofront.desk.pasted import Pasted, finder, read_pasted
from isofront.desk.reports import record_of
from isofront.desk.routing import NotFoundError, Request, Route
from isofront.desk.row_file import keep_row, row_kept
from isofront.desk.rows import read_cells, sentences, usual_habits
from isofront.desk.ukrainian import both
from isofront.errors import BadInputError, UsageError
from isofront.evidence import Ledger, Offer, Report, Taken, ledger_path
from isofront.ground.written_spots import WrittenSpot
from isofront.publish.stamp import utc_text
from isofront.sources import Found, Refused

UNDONE = "undone"
"""The reason of a retraction by undo."""
MOST_NAMES = 50
"""How many endings of an id are tried, where rows of the same content were undone before."""


class _Post(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    source: str = ""


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    cells: dict[str, str]
    day: str = ""
    part: str = ""
    backfill: bool = False


class _Id(msgspec.Struct, forbid_unknown_fields=True):
    id: str


def read(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/entry/read` `{text, source}`: what a pasted post tells, and what its source usually is."""
    asked, theatre = request.read(_Post), desk.theatre
    place_of = finder(desk.ground.settlements)
    found = read_pasted(asked.text, bounds=theatre.box, place_of=place_of, today=desk.today)
    habits = usual_habits(desk)
    source = asked.source.strip() or source_of(found.channel, habits, theatre.sources)
    return {
        "spots": [_spot(one) for one in found.spots],
        "unread": [{"text": one.text[:120], "reason": one.reason, "said": both(one.reason)} for one in found.unread],
        "links": list(found.links),
        "n_links": found.n_links,
        "source": source,
        "new_source": source is not None and not _is_known(source, desk, habits),
        "habit": _habit(source, desk, habits),
        "day": _usual_day(found, source, desk, habits),
        "day_told": found.day is not None,
        "part": found.clock if found.day is not None else "",
    }


def row(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/entry/row` `{cells, day, part, backfill}`: the row read back, its near-duplicates, what is wrong."""
    found = _read(desk, request.read(_Row))
    if isinstance(found, Refused):
        said = both(found.reason, column=found.column)
        return {"refused": {"column": found.column, "reason": found.reason, "said": said}}
    doubts = [one.name.lower() for one in found.doubts]
    return _told(desk, found.report) | {"doubts": doubts, "like": _like(desk, found.report)}


def save(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/entry/save` `{cells, day, part, backfill}`: into the ledger, by the reader and the rules of `add`."""
    found = _read(desk, request.read(_Row))
    if isinstance(found, Refused):
        where = f"{found.column}: " if found.column else ""
        raise BadInputError(f"{where}{found.reason}")
    with desk.alone(), Ledger.open(ledger_path(desk.folder), create=True) as ledger:
        report, taken = _taken(desk, ledger, found)
        moved, told = {"head": ledger.head, "count": ledger.count}, _told(desk, report)
        if taken.added:
            saved = Saved(report.id, told["sentences"], utc_text(desk.now()), report.known_at)
            _remember(desk, [saved, *_recent(desk)])
    return told | moved | {"added": taken.added, "linked": taken.linked}


def undo(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/entry/undo` `{id}`: takes a row that was saved from this desk back; the ledger keeps both."""
    name = request.read(_Id).id
    saved = next((one for one in _recent(desk) if one.id == name and not one.undone), None)
    if saved is None:
        raise NotFoundError(f"id: {name[:60]!r} is no row saved from this desk that could be undone")
    with desk.alone(), desk.ledger(write=True) as ledger:
        # Known when it was entered: a slip that was undone counts at no time.
        head = ledger.retract(name, UNDONE, now=desk.now(), known_at=saved.known_at)
        count = ledger.count
        rows = [msgspec.structs.replace(one, undone=one.undone or one.id == name) for one in _recent(desk)]
        _remember(desk, rows)
    return {"id": name, "head": head, "count": count}


def recent(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/entry/recent`: the last rows saved from this desk, newest first."""
    return {"recent": _recent(desk)}


def draft(desk: Desk, request: Request) -> Any:
    """`GET /api/entry/draft?window=`: the row as far as it was written, also by a desk that crashed."""
    return row_kept(desk, request.query.get("window", ""))


def keep_draft(desk: Desk, request: Request) -> dict[str, Any]:
    """`PUT /api/entry/draft?window=`: keep it; on disk before it is acknowledged."""
    keep_row(desk, request.read(RowDraft), request.query.get("window", ""))
    return {"kept": True}


def _read(desk: Desk, asked: _Row) -> Found | Refused:
    return read_cells(desk, asked.cells, day=asked.day, part=asked.part, backfill=asked.backfill)


def _taken(desk: Desk, ledger: Ledger, found: Found) -> tuple[Report, Taken]:
    """Add it; a row that says what an undone one said gets an id of its own, or it could never be entered again."""
    undone = {one.id for one in _recent(desk) if one.undone}
    names = [found.report.id, *(f"{found.report.id}-{i}" for i in range(2, MOST_NAMES))]
    name = next((one for one in names if one not in undone), None)
    if name is None:
        raise UsageError("this row was entered and undone too often; change its note")
    report = replace(found.report, id=name, group=name)
    taken = ledger.take([Offer(report, found.content, found.raw)], correct=False, now=desk.now())
    if taken.refused:
        raise UsageError(f"id: {name[:60]!r} is in the ledger with other content")
    return report, taken


def _told(desk: Desk, report: Report) -> dict[str, Any]:
    return {"report": record_of(report), "sentences": sentences(desk, report)}


def _like(desk: Desk, report: Report) -> list[dict[str, Any]]:
    if not desk.has_ledger:
        return []
    undone = {one.id for one in _recent(desk) if one.undone}
    with desk.ledger() as ledger:
        found = ledger.alike(report)
    return [{"why": why} | _told(desk, one) for one, why in found if one.id not in undone]


def _recent(desk: Desk) -> list[Saved]:
    return kept(desk.private, RECENT_FILE, Recent, Recent()).rows


def _remember(desk: Desk, saved: list[Saved]) -> None:
    keep(desk.private, RECENT_FILE, Recent(saved[:MOST_RECENT]))


def _is_known(source: str, desk: Desk, habits: Habits) -> bool:
    return source in habits.sources or any(one.id == source for one in desk.theatre.sources)


def _habit(source: str | None, desk: Desk, habits: Habits) -> dict[str, Any]:
    """Grade, credibility, lag, and exactness by kind; the theatre's word goes before what was learned."""
    listed = next((one for one in desk.theatre.sources if one.id == source), None)
    habit = habits.sources.get(source or "")
    lag_h = listed.lag_h if listed is not None and listed.lag_h is not None else None if habit is None else habit.lag_h
    return {
        "reliability": listed.reliability if listed else habit.reliability if habit else "F",
        "credibility": habit.credibility if habit else None,
        "speaks_for": listed.speaks_for if listed else None,
        "lag_h": lag_h,
        "n": habit.n if habit else 0,
        "precision": {kind.value: word for kind, word in habit.precision.items()} if habit else {},
        "error_m": {kind.value: round(metres) for kind, metres in habit.error_m.items()} if habit else {},
    }


def _usual_day(found: Pasted, source: str | None, desk: Desk, habits: Habits) -> str:
    """The day that the post tells, else today less the source's usual lag."""
    if found.day is not None:
        return found.day.isoformat()
    lag_h = _habit(source, desk, habits)["lag_h"] or 0.0
    then = desk.now() - timedelta(hours=lag_h)
    return then.astimezone(ZoneInfo(desk.theatre.timezone)).date().isoformat()


def _spot(spot: WrittenSpot) -> dict[str, Any]:
    return {
        "lon": round(spot.lon, 6),
        "lat": round(spot.lat, 6),
        "form": spot.form,
        "text": spot.text[:160],
        "half_m": round(spot.half_m, 1),
        "note": spot.note,
        "said": {"form": both(spot.form), "note": both(spot.note)},
        "pin": spot.pin,
    }


ROUTES = (
    Route("POST", "/api/entry/read", read),
    Route("POST", "/api/entry/row", row),
    Route("POST", "/api/entry/save", save),
    Route("POST", "/api/entry/undo", undo),
    Route("GET", "/api/entry/recent", recent),
    Route("GET", "/api/entry/draft", draft),
    Route("PUT", "/api/entry/draft", keep_draft),
)
