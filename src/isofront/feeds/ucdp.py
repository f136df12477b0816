"""UCDP's georeferenced events: days and places with stated precision, deaths by side. The dead were there."""

from __future__ import annotations

from isofront.feeds import cells
from isofront.feeds.asked import Asked
from isofront.feeds.entry import BadCellError, Event, LeaveOutError
from isofront.feeds.tables import Cells

COLUMNS = frozenset({"where_prec", "date_prec", "best", "high", "low", "latitude", "longitude", "side_a", "side_b"})
WHERE_M = {"1": 2_000.0, "2": 12_500.0, "3": 20_000.0, "4": 60_000.0, "5": 60_000.0}
"""1 a named place; 2 within 25 km of one (evenly spread over a disc: half its radius); 3 a district; 4 a province;
5 a line or an area of no certain shape. 6 and 7, a country and the sea, are no places."""
_NOWHERE = {"6": "known no nearer than a country", "7": "at sea or in the air"}
_DATE_PREC = ("1", "2", "3", "4", "5")
_KINDS = {"1": "state-based", "2": "non-state", "3": "one-sided"}


def claims(columns: frozenset[str]) -> str | None:
    """Why a table is UCDP's, or None."""
    return "columns where_prec, date_prec, best, high and low" if columns >= COLUMNS else None


def event_of(row: Cells, asked: Asked) -> Event:
    """A row of the CSV; of a fight in which both sides lost people, both are seen."""
    if (where := row["where_prec"]) in _NOWHERE:
        raise LeaveOutError(_NOWHERE[where])
    if where not in WHERE_M:
        raise BadCellError("where_prec", f"{cells.shown(where)}, wanted 1 to 7")
    if row["date_prec"] not in _DATE_PREC:
        raise BadCellError("date_prec", f"{cells.shown(row['date_prec'])}, wanted 1 to 5")
    spot = cells.spot(row["longitude"], row["latitude"], bounds=asked.bounds)
    kind = _KINDS.get(row.get("type_of_violence", ""), "of unknown type")
    found = Event(
        row.get("id", ""), _happened(row, asked), spot.lon, spot.lat, max(WHERE_M[where], spot.rounding_m),
        note=f"{kind}; {_deaths(row)}", url=cells.links(row.get("source_article", "")),
    )  # fmt: skip
    one, two = asked.side_of(row["side_a"]), asked.side_of(row["side_b"])
    if kind == "one-sided" or _lost(row, "deaths_civilians"):
        found.by, found.note = (one if kind == "one-sided" else ""), "civilian harm"
        if kind == "one-sided":
            return found
    lost = [
        (side, other)
        for side, other, column in ((one, two, "deaths_a"), (two, one, "deaths_b"))
        if side and _lost(row, column)
    ]
    return _with_losses(found, lost)


def _with_losses(found: Event, lost: list[tuple[str, str]]) -> Event:
    for place, (side, other) in enumerate(lost):
        if place == 0:
            found.kind, found.seen, found.by = "strike", side, other
        else:
            found.also = Event(
                found.id, found.happened_at, found.lon, found.lat, found.error_m, "strike", side, other,
                note=found.note,
            )  # fmt: skip
    return found


def _happened(row: Cells, asked: Asked) -> str:
    first = cells.start_of("date_start", row.get("date_start", ""), now=asked.now)
    last = cells.start_of("date_end", row.get("date_end", "") or row.get("date_start", ""), now=asked.now)
    if last < first:
        raise BadCellError("date_end", f"{cells.shown(row['date_end'])} lies before date_start")
    return cells.span(first, last, now=asked.now)


def _deaths(row: Cells) -> str:
    low, best, high = (cells.number(column, row[column]) for column in ("low", "best", "high"))
    if not 0 <= low <= best <= high:
        raise BadCellError("best", f"{best:g}, wanted low {low:g} ≤ best ≤ high {high:g}")
    return f"deaths {best:g} ({low:g} to {high:g})"


def _lost(row: Cells, column: str) -> bool:
    return bool(row.get(column)) and cells.number(column, row[column]) > 0
