"""VIINA: news of events by settlement, labelled by a machine. Coarse in place and time; seldom tells who was there."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import cache
from importlib.resources import files

import msgspec

from isofront.feeds import cells
from isofront.feeds.asked import Asked
from isofront.feeds.entry import BadCellError, Event, LeaveOutError
from isofront.feeds.tables import Cells, Table

EVENTS = frozenset({"event_id", "date", "longitude", "latitude", "geo_precision"})
DAYS = frozenset({"event_id_1pd", "date", "longitude", "latitude", "geo_precision", "t_mil_b"})
LABELS = frozenset({"event_id", "date", "t_mil_b"})
LETTERS = frozenset({"date", "lon", "lat", "place", "type", "n_reports"})
MAX_LABELLED = 2_000_000
LATE = timedelta(days=1)
"""News of a day tell of that day or of the one before."""


class ViinaList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`crosswalks/viina.toml`."""

    version: str
    precision_m: dict[str, float | int]
    unstated_m: float | int
    actors: dict[str, str]
    assault: tuple[str, ...]
    claim: tuple[str, ...]
    civil: tuple[str, ...]
    strike: tuple[str, ...]
    no_fighting: tuple[str, ...]
    means: dict[str, str]
    letters: dict[str, str]
    letters_left_out: dict[str, str]


@cache
def viina_list() -> ViinaList:
    """The crosswalk that comes with Isofront."""
    content = (files("isofront.feeds") / "crosswalks" / "viina.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), type=ViinaList)


def claims(columns: frozenset[str]) -> str | None:
    """Why a table is VIINA's, or None."""
    if columns >= DAYS or columns >= EVENTS:
        return "columns of VIINA's events with GEO_PRECISION"
    return "a letter for each event, by place" if columns >= LETTERS else None


def labels_of(table: Table) -> dict[str, frozenset[str]]:
    """The labels that are set, by event, from VIINA's second file."""
    found: dict[str, frozenset[str]] = {}
    shared: dict[frozenset[str], frozenset[str]] = {}
    for _, row in table.rows:
        if isinstance(row, dict) and len(found) < MAX_LABELLED:
            own = _labels(row)
            found[row.get("event_id", "")] = shared.setdefault(own, own)
    return found


def _labels(row: Cells) -> frozenset[str]:
    return frozenset(
        name[:-2] for name, cell in row.items() if name.endswith("_b") and cell in ("1", "1.0", "TRUE", "True")
    )


def event_of(row: Cells, asked: Asked) -> Event:
    """A row of the events, of the events by day, or of the short table."""
    if "place" in row and "lon" in row:
        return _by_letter(row, asked)
    crosswalk = viina_list()
    spot = cells.spot(row["longitude"], row["latitude"], bounds=asked.bounds)
    precision = crosswalk.precision_m.get(row["geo_precision"].upper(), crosswalk.unstated_m)
    id_ = row.get("event_id") or row.get("event_id_1pd", "")
    happened, published = _times(row["date"], asked)
    found = Event(
        id_, happened, spot.lon, spot.lat, max(float(precision), spot.rounding_m), published_at=published,
        url=cells.links(row.get("url", "")), note="news of an event",
    )  # fmt: skip
    labels = _labels(row) if "t_mil_b" in row else asked.labels.get(id_)
    return found if labels is None else _labelled(found, labels, asked)


def _labelled(found: Event, labels: frozenset[str], asked: Asked) -> Event:
    """What was there, from the labels: only one initiator's people on the ground show that side."""
    crosswalk = viina_list()
    kinds = frozenset(label for label in labels if label.startswith("t_"))
    if not kinds - {"t_mil", *crosswalk.no_fighting}:
        raise LeaveOutError("news that tells of no fighting")
    started = [asked.side_of(name) for key, name in crosswalk.actors.items() if f"a_{key}_init" in labels]
    one = started[0] if len(started) == 1 else ""
    found.by = one
    found.means = next((word for label, word in crosswalk.means.items() if label in kinds), "")
    found.note = ", ".join(sorted(label[2:] for label in kinds - {"t_mil"}))
    if kinds & set(crosswalk.civil):
        found.note, found.means = "civilian harm", ""
    elif one and kinds & set(crosswalk.claim):
        found.kind, found.seen = "claim", one
    elif one and kinds & set(crosswalk.assault) and not kinds & set(crosswalk.strike):
        found.kind, found.seen = "assault", one
    return found


def _by_letter(row: Cells, asked: Asked) -> Event:
    crosswalk, letter = viina_list(), row["type"].upper()
    if letter in crosswalk.letters_left_out:
        raise LeaveOutError(crosswalk.letters_left_out[letter])
    if letter not in crosswalk.letters:
        raise BadCellError("type", f"{cells.shown(row['type'])}, wanted one of {', '.join(crosswalk.letters)}")
    spot = cells.spot(row["lon"], row["lat"], bounds=asked.bounds)
    happened, published = _times(row["date"], asked)
    return Event(
        "",
        happened,
        spot.lon,
        spot.lat,
        float(crosswalk.unstated_m),
        published_at=published,
        note=crosswalk.letters[letter],
    )


def _times(text: str, asked: Asked) -> tuple[str, str]:
    told = cells.start_of("date", text, now=asked.now)
    return f"{cells.day(told - LATE)}/{cells.day(told)}", cells.day(told)
