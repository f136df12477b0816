"""GeoConfirmed: CSV, GeoJSON and KMZ. Places are exact where the text does not say otherwise; dates are days.

An entry's faction is who acts, or, where the icon is that of a loss, whose equipment lies there. A quarter of the entries
name no side for who was at the spot: those stay unknown. Some points mark the camera, not the impact.
"""

from __future__ import annotations

import re

from isofront.feeds import cells
from isofront.feeds.admiralty import grades
from isofront.feeds.asked import Asked
from isofront.feeds.description import told_by
from isofront.feeds.entry import BadCellError, Event, LeaveOutError
from isofront.feeds.tables import Cells
from isofront.feeds.units import names_in, note_of

EXACT_M = 50.0
ROUGH_M = 1_000.0
"""An area grid or a rough location, as its makers use the words."""
COLUMNS = frozenset({"date", "faction", "latitude", "longitude", "description", "geolocation"})
_ICON = re.compile(r"(?:^|[/#])([0-9A-Fa-f]{6})(?:/(true|false))?(?=/|$|-)", re.IGNORECASE)
_PARTS = re.compile(
    r"(?:^|\s)(Source|Geolocation|Unit|Units|Equipment|Gear|Plus ?code|Origin)(?:\(s\)|s)?\s*:", re.IGNORECASE
)
_PLUS = "23456789CFGHJMPQRVWX"


def claims(columns: frozenset[str]) -> str | None:
    """Why a table is GeoConfirmed's, or None."""
    return "columns Faction, Geolocation and PlusCode" if columns >= COLUMNS else None


def event_of(row: Cells, asked: Asked) -> Event:
    """A row of the CSV."""
    faction = row["faction"]
    named = names_in(f"{row.get('units', '')},{row.get('orbatunits', '')}")
    return _event(
        id_=row.get("id", ""),
        when=row["date"],
        lon=row["longitude"],
        lat=row["latitude"],
        plus_code=row.get("pluscode", ""),
        text=row["description"] or row.get("name", ""),
        faction=asked.side_of(faction),
        destroyed=False,
        links=cells.links(row.get("source", ""), row["geolocation"]),
        tags=row.get("tags", ""),
        named=named,
        asked=asked,
    )


def _event(
    *,
    id_: str,
    when: str,
    lon: str,
    lat: str,
    plus_code: str,
    text: str,
    faction: str,
    destroyed: bool,
    links: str,
    tags: str,
    named: tuple[str, ...],
    asked: Asked,
) -> Event:
    spot = cells.spot(lon, lat, bounds=asked.bounds)
    _check_plus_code(plus_code, spot.lon, spot.lat)
    happened = cells.day_or_moment("date", when, now=asked.now)
    plain = cells.plain_text(text)
    told = told_by(plain, faction, asked.sides, destroyed=destroyed)
    if told.leave_out:
        raise LeaveOutError(told.leave_out)
    reliability, credibility = grades(f"{tags} {text}" if "admiralty" in text else tags)
    error_m = max(ROUGH_M if told.rough or told.location_of == "camera" else EXACT_M, spot.rounding_m)
    event = Event(
        id_, happened, spot.lon, spot.lat, error_m, told.kind, told.seen, told.by,
        reliability=reliability, credibility=credibility, url=links,
        note="civilian harm" if told.civil else note_of(plain, *named),
        means=told.means, target=told.target, posture=told.posture, location_of=told.location_of,
    )  # fmt: skip
    if told.seen2:
        event.also = _second(
            event, told.seen2, captured=bool(told.seen2 and told.posture == "" and "prison" in plain.casefold())
        )
    return event


def _second(event: Event, side: str, *, captured: bool) -> Event:
    """The other side at the same spot, seen by the same entry."""
    return Event(
        event.id, event.happened_at, event.lon, event.lat, event.error_m, "position", side, "",
        reliability=event.reliability, credibility=event.credibility, url=event.url, note=event.note,
        posture="captured" if captured else "", location_of=event.location_of,
    )  # fmt: skip


def _check_plus_code(code: str, lon: float, lat: float) -> None:
    """The plus code names the same degree as the coordinates do; if it names the turned one, they are swapped."""
    corner = _corner(code)
    if corner is None or _within(corner, lon, lat):
        return
    if _within(corner, lat, lon):
        raise BadCellError("longitude", f"lon {lon:g}, lat {lat:g} look swapped: the plus code lies there turned round")
    raise BadCellError("longitude", f"lon {lon:g}, lat {lat:g} lie elsewhere than their plus code")


def _corner(code: str) -> tuple[float, float] | None:
    """The south-west corner (lon, lat) of a full plus code's degree: two pairs of digits in base 20."""
    digits = [_PLUS.find(letter) for letter in code[:4].upper()]
    if len(digits) < 4 or min(digits) < 0 or "+" not in code[8:9]:
        return None
    return digits[1] * 20.0 + digits[3] - 180.0, digits[0] * 20.0 + digits[2] - 90.0


def _within(corner: tuple[float, float], lon: float, lat: float) -> bool:
    return -0.01 <= lon - corner[0] <= 1.01 and -0.01 <= lat - corner[1] <= 1.01
