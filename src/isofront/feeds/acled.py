"""ACLED's CSV: events at settlements. Who was there is read from the actors, not from the sub-type's name."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import cache
from importlib.resources import files

import msgspec

from isofront.feeds import cells
from isofront.feeds.admiralty import grades
from isofront.feeds.asked import Asked
from isofront.feeds.entry import BadCellError, Event, LeaveOutError
from isofront.feeds.tables import Cells
from isofront.feeds.units import note_of

COLUMNS = frozenset({"event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "latitude", "longitude"})

_NOT_TARGETED = frozenset({"", "no", "false", "0", "na", "nan", "null"})
"""The export leaves `civilian_targeting` empty; tables that were through other programs say it in words."""


class AcledRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a sub-event type (or all of an event type) says: how to read its actors, or why it is left out."""

    sub: str = ""
    event: str = ""
    reads: str = ""
    kind: str = "activity"
    means: str = ""
    drop: str = ""


class AcledList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`crosswalks/acled.toml`."""

    version: str
    geo_error_m: dict[str, float | int]
    time_days: dict[str, int]
    rules: tuple[AcledRule, ...]


@cache
def acled_list() -> AcledList:
    """The crosswalk that comes with Isofront."""
    content = (files("isofront.feeds") / "crosswalks" / "acled.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), type=AcledList)


@cache
def _rule(event: str, sub: str) -> AcledRule | None:
    rules = acled_list().rules
    found = next((one for one in rules if one.sub and one.sub.casefold() == sub.casefold()), None)
    return found or next((one for one in rules if one.event and one.event.casefold() == event.casefold()), None)


def claims(columns: frozenset[str]) -> str | None:
    """Why a table is ACLED's, or None."""
    return "columns event_id_cnty, sub_event_type and actor1" if columns >= COLUMNS else None


def event_of(row: Cells, asked: Asked) -> Event:
    """A row of the CSV."""
    event, sub = row["event_type"], row["sub_event_type"]
    rule = _rule(event, sub)
    if rule is None:
        raise BadCellError("sub_event_type", f"{cells.shown(sub)} of {cells.shown(event)} is not in the crosswalk")
    if rule.drop:
        raise LeaveOutError(rule.drop)
    spot = cells.spot(row["longitude"], row["latitude"], bounds=asked.bounds)
    error_m = _graded("geo_precision", row.get("geo_precision", ""), "3", acled_list().geo_error_m)
    days = int(_graded("time_precision", row.get("time_precision", ""), "1", acled_list().time_days))
    reliability, credibility = grades(row.get("tags", ""))
    found = Event(
        row["event_id_cnty"], _happened(row["event_date"], days, asked), spot.lon, spot.lat,
        max(error_m, spot.rounding_m), reliability=reliability, credibility=credibility,
        note=note_of(f"{event}: {sub}"),
    )  # fmt: skip
    if rule.reads == "civil" or row.get("civilian_targeting", "").casefold() not in _NOT_TARGETED:
        found.by = asked.side_of(row["actor1"])
        found.note = "civilian harm"
        return found
    return _with_actors(found, rule, row, asked)


def _with_actors(found: Event, rule: AcledRule, row: Cells, asked: Asked) -> Event:
    one, two = asked.side_of(row["actor1"]), asked.side_of(row.get("actor2", ""))
    if rule.reads == "both" and (one or two):
        found.kind, found.seen, found.by = rule.kind, one or two, one or two
        if one and two and two != one:
            found.also = Event(
                found.id, found.happened_at, found.lon, found.lat, found.error_m, rule.kind, two, two,
                reliability=found.reliability, credibility=found.credibility, note=found.note,
            )  # fmt: skip
    elif rule.reads == "target":
        found.by, found.means = one, rule.means
        if two and two != one:
            found.kind, found.seen = rule.kind, two
    elif rule.reads in ("actor1", "holds") and one:
        found.kind, found.seen, found.by = rule.kind, one, one
    else:
        found.by = one
    return found


def _graded(column: str, text: str, unstated: str, table: dict[str, float | int] | dict[str, int]) -> float:
    found = table.get(text or unstated)
    if found is None:
        raise BadCellError(column, f"{cells.shown(text)}, wanted {', '.join(table)} or nothing")
    return float(found)


def _happened(text: str, days: int, asked: Asked) -> str:
    if not days:
        return cells.day_or_moment("event_date", text, now=asked.now)
    middle, either = cells.start_of("event_date", text, now=asked.now), timedelta(days=days)
    return cells.span(middle - either, middle + either, now=asked.now)
