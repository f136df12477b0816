"""NASA FIRMS: fires seen from space. A pixel of 375 m or more is an area of activity; it tells no side."""

from __future__ import annotations

from datetime import timedelta

from isofront.feeds import cells
from isofront.feeds.asked import Asked
from isofront.feeds.entry import BadCellError, Event, LeaveOutError
from isofront.feeds.tables import Cells

COLUMNS = frozenset({"latitude", "longitude", "acq_date", "frp"})
LEAST_M = 375.0
"""The finest pixel (VIIRS); that of MODIS is 1,000 m, and both grow towards the edge of the swath."""
MODIS_M = 1_000.0
_NOT_FIGHTING = {"1": "volcanoes", "2": "static sources of heat on land (flares, works)", "3": "sources of heat at sea"}


def claims(columns: frozenset[str]) -> str | None:
    """Why a table is of FIRMS, or None."""
    return "columns acq_date and frp" if columns >= COLUMNS else None


def event_of(row: Cells, asked: Asked) -> Event:
    """A row of the CSV: one pixel of one pass."""
    if (kind := row.get("type", "")) in _NOT_FIGHTING:
        raise LeaveOutError(_NOT_FIGHTING[kind])
    spot = cells.spot(row["longitude"], row["latitude"], bounds=asked.bounds)
    return Event(
        "",
        _happened(row["acq_date"], row.get("acq_time", ""), asked),
        spot.lon,
        spot.lat,
        max(_pixel_m(row), spot.rounding_m),
        note="fire seen from space",
    )


def _pixel_m(row: Cells) -> float:
    """The longer side of the pixel; `scan` and `track` are in kilometres."""
    least = MODIS_M if row.get("instrument", "").casefold() == "modis" or "bright_t31" in row else LEAST_M
    sides = {column: cells.number(column, row[column]) * 1000 for column in ("scan", "track") if row.get(column)}
    for column, side in sides.items():
        if not 0 <= side <= 20_000:
            raise BadCellError(column, f"{side / 1000:g}, wanted a pixel of 0 to 20 km")
    return max(least, *sides.values()) if sides else least


def _happened(text: str, time: str, asked: Asked) -> str:
    start = cells.start_of("acq_date", text, now=asked.now)
    if not time:
        return cells.day(start)
    digits = time.replace(":", "").zfill(4)
    if not (
        digits.isascii() and digits.isdigit() and len(digits) == 4 and int(digits[:2]) < 24 and int(digits[2:]) < 60
    ):
        raise BadCellError("acq_time", f"{cells.shown(time)}, wanted a time of day such as 0047")
    return cells.instant(start + timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
