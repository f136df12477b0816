"""GeoConfirmed: CSV, GeoJSON and KMZ. Places are exact where the text does not say otherwise; dates are days.

An entry's faction is who acts, or, where the icon is that of a loss, whose equipment lies there. A quarter of the
entries name no side for who was at the spot: those stay unknown. Some points mark the camera, not the impact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from isofront.feeds import cells, points
from isofront.feeds.admiralty import grades
from isofront.feeds.asked import Asked
from isofront.feeds.description import note_for, told_by
from isofront.feeds.entry import BadCellError, Event, LeaveOutError
from isofront.feeds.tables import Cells
from isofront.feeds.units import names_in
from isofront.makers.markup import text_of
from isofront.makers.opened import Opened

EXACT_M = 50.0
ROUGH_M = 1_000.0
"""An area grid or a rough location, as its makers use the words."""
COLUMNS = frozenset({"date", "faction", "latitude", "longitude", "description", "geolocation"})
_ICON = re.compile(r"(?:^|[/#_])([0-9A-Fa-f]{6})(?:/(true|false))?(?=/|$|-|_)", re.IGNORECASE)
"""The colour in an icon: `…/E00000/True/…`; in archives of 2023 `_CIRCLES_E00000_….png`."""
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
        note=note_for(told, plain, *named),
        means=told.means, target=told.target, posture=told.posture, location_of=told.location_of,
    )  # fmt: skip
    if told.seen2:
        event.also = _second(event, told.seen2, captured=told.captured2)
    return event


def _second(event: Event, side: str, *, captured: bool) -> Event:
    """The other side at the same spot; without the link, by which the two would count as one."""
    return Event(
        event.id, event.happened_at, event.lon, event.lat, event.error_m, "position", side, "",
        reliability=event.reliability, credibility=event.credibility, note=event.note,
        posture="captured" if captured else "", location_of=event.location_of,
    )  # fmt: skip


def _check_plus_code(code: str, lon: float, lat: float) -> None:
    """The plus code names the same degree as the coordinates do; if it names the turned one, they are swapped."""
    corner = _corner(code)
    if corner is None or _within(corner, lon, lat):
        return
    if _within(corner, lat, lon):
        raise BadCellError("longitude", f"lon {lon:g}, lat {lat:g} look swapped: so says the plus code")
    raise BadCellError("longitude", f"lon {lon:g}, lat {lat:g} lie elsewhere than their plus code")


def _corner(code: str) -> tuple[float, float] | None:
    """The south-west corner (lon, lat) of a full plus code's degree: two pairs of digits in base 20."""
    digits = [_PLUS.find(letter) for letter in code[:4].upper()]
    if len(digits) < 4 or min(digits) < 0 or "+" not in code[8:9]:
        return None
    return digits[1] * 20.0 + digits[3] - 180.0, digits[0] * 20.0 + digits[2] - 90.0


def _within(corner: tuple[float, float], lon: float, lat: float) -> bool:
    return -0.01 <= lon - corner[0] <= 1.01 and -0.01 <= lat - corner[1] <= 1.01


# GeoJSON and KMZ


def claims_document(opened: Opened) -> str | None:
    """Why GeoJSON is GeoConfirmed's, or None."""
    for feature in points.features(opened)[:20]:
        own = feature.get("properties") if isinstance(feature, dict) else None
        names = {str(name).casefold() for name in own} if isinstance(own, Mapping) else set()
        if {"faction", "description"} <= names and names & {"geolocation", "geolocations", "pluscode", "origin"}:
            return "features with Faction and Geolocation"
        if isinstance(own, Mapping) and any(isinstance(one, str) and "api/icons/" in one for one in own.values()):
            return "GeoConfirmed's icons"
    return None


def claims_kml(opened: Opened) -> str | None:
    """Why KML is GeoConfirmed's, or None."""
    for name, root in opened.document:
        title = next((text_of(one, "name") for one in (root, *root) if text_of(one, "name")), "")
        if "geoconfirmed" in f"{title} {name} {opened.name}".casefold():
            return "a document called GeoConfirmed"
    marks = (one for _, one in points.placemarks(opened))
    icons = any("api/icons/" in text_of(one, "styleUrl") for one, _ in zip(marks, range(50), strict=False))
    return "GeoConfirmed's icons" if icons else None


def entries(opened: Opened) -> Iterator[tuple[int, Any]]:
    """The features with their numbers."""
    return enumerate(points.features(opened), start=1)


def event_of_feature(feature: object, asked: Asked) -> Event:
    """A feature of the GeoJSON."""
    return _of_mark(points.mark_of_feature(feature), asked)


def event_of_placemark(element: Element, asked: Asked) -> Event:
    """A placemark of the KMZ: the date in its name, texts and links in its description, the faction in its icon."""
    return _of_mark(points.mark_of_placemark(element), asked)


def _of_mark(mark: points.Mark, asked: Asked) -> Event:
    text, parts = _divided(mark.text("description"))
    name = mark.text("date") or mark.text("name", "title")
    when, rest = _dated(name)
    if not when and not mark.text("date"):
        raise LeaveOutError("without a date in its name (sites for reference)")
    icon = mark.text("styleurl", "icon", "iconpath", "icon_path", "marker-icon")
    colour, destroyed = _icon(icon)
    colour = colour or mark.text("color", "colour", "marker-color").lstrip("#").casefold()
    stated = mark.text("faction")
    faction = asked.side_of(stated) if stated else _by_colour(colour, asked)
    named = names_in(
        f"{mark.text('units', 'unit')},{mark.text('orbatunits')},{parts.get('unit', '')},{parts.get('units', '')}"
    )
    return _event(
        id_=mark.text("id") or mark.id,
        when=when or name,
        lon=mark.lon,
        lat=mark.lat,
        plus_code=mark.text("pluscode"),
        text=text or rest,
        faction=faction,
        destroyed=destroyed,
        links=cells.links(
            mark.text("source", "sources", "originalsource"),
            mark.text("geolocation", "geolocations"),
            mark.text("description"),
        ),
        tags=mark.text("tags"),
        named=named,
        asked=asked,
    )


def _dated(name: str) -> tuple[str, str]:
    """The date at the start of a name, and what stands behind it. Slashes and dots: the day comes first."""
    found = _DATE.match(name.strip()[:200])
    if not found:
        return "", name
    return found[1].replace("/", "."), name.strip()[found.end() :]


_DATE = re.compile(
    r"[\[(]?(\d{1,2} [A-Za-z]{3,9} \d{4}|\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?|\d{1,2}[./]\d{1,2}[./]\d{4})[\])]?[\s:,-]*"
)


def _divided(description: str) -> tuple[str, dict[str, str]]:
    """What a description says before its lists of sources, geolocations and units, and these lists."""
    bare = cells.plain_text(description, most=20_000)
    found = list(_PARTS.finditer(bare))
    if not found:
        return bare, {}
    ends = [one.start() for one in found[1:]] + [len(bare)]
    return bare[: found[0].start()].strip(), {
        one[1].casefold(): bare[one.end() : end].strip() for one, end in zip(found, ends, strict=True)
    }


def _icon(path: str) -> tuple[str, bool]:
    """The colour in an icon's path, and whether it is the icon of a loss (`…/E00000/True/…`)."""
    found = _ICON.search(path[:500])
    return (found[1].casefold(), (found[2] or "").casefold() == "true") if found else ("", False)


def _by_colour(colour: str, asked: Asked) -> str:
    if not colour:
        return ""
    side = asked.sides.colours.get(colour)
    if side is None:
        asked.note_unmapped(f"#{colour.upper()}")
    return side or ""
