"""Atlos: incidents of a team, with the precision of each place; what is marked deceptive or cancelled is left out."""

from __future__ import annotations

from isofront.feeds import cells
from isofront.feeds.admiralty import grades
from isofront.feeds.asked import Asked
from isofront.feeds.description import CIVIL_NOTE, note_for, told_by
from isofront.feeds.entry import BadCellError, Event, LeaveOutError
from isofront.feeds.tables import Cells

COLUMNS = frozenset({"slug", "latitude", "longitude", "description", "geolocation_resolution"})
PRECISION_M = {"exact": 50.0, "vicinity": 100.0, "locality": 1_000.0, "": 1_000.0}
"""Atlos means ±10 m, ±100 m and ±1 km; an exact place still is where a camera looked, so never under 50 m."""
_FORMULA = ("=", "+", "-", "@")


def claims(columns: frozenset[str]) -> str | None:
    """Why a table is Atlos's, or None."""
    return "columns slug and geolocation_resolution" if columns >= COLUMNS else None


def event_of(row: Cells, asked: Asked) -> Event:
    """A row of the CSV export."""
    row = {column: _unescaped(cell) for column, cell in row.items()}
    _refuse_withdrawn(row)
    spot = cells.spot(row["longitude"], row["latitude"], bounds=asked.bounds)
    resolution = row["geolocation_resolution"].casefold()
    if resolution not in PRECISION_M:
        raise BadCellError("geolocation_resolution", f"{cells.shown(resolution)}, wanted Exact, Vicinity or Locality")
    plain = cells.plain_text(row["description"])
    told = told_by(plain, "", asked.sides)
    if told.leave_out:
        raise LeaveOutError(told.leave_out)
    civil = told.civil or "civilian" in f"{row.get('type', '')} {row.get('impact', '')}".casefold()
    links = cells.links(*(cell for column, cell in row.items() if column.startswith("source_")))
    reliability, credibility = grades(f"{row.get('tags', '')} {row.get('more_info', '')}")
    return Event(
        row["slug"], _happened(row, asked), spot.lon, spot.lat, max(PRECISION_M[resolution], spot.rounding_m),
        "activity" if civil else told.kind, "" if civil else told.seen, told.by, reliability=reliability,
        credibility=credibility, url=links,
        note=CIVIL_NOTE if civil else note_for(told, plain), means=told.means, target=told.target, posture=told.posture,
        location_of=told.location_of,
    )  # fmt: skip


def _unescaped(cell: str) -> str:
    """Atlos puts an apostrophe before what a spreadsheet would take for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def _refuse_withdrawn(row: Cells) -> None:
    if "deceptive" in row.get("sensitive", "").casefold():
        raise LeaveOutError("marked as deceptive or misleading")
    if row.get("status", "").casefold() == "cancelled":
        raise LeaveOutError("cancelled by its makers")
    if not row["latitude"] and not row["longitude"]:
        raise LeaveOutError("not geolocated yet")


def _happened(row: Cells, asked: Asked) -> str:
    return cells.day_or_moment("date", row.get("date", ""), now=asked.now)
