"""Eyes on Russia (Centre for Information Resilience): verified footage as GeoJSON points with categories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from isofront.feeds import cells, points
from isofront.feeds.admiralty import grades
from isofront.feeds.asked import Asked
from isofront.feeds.description import CIVIL_NOTE, note_for, told_by
from isofront.feeds.entry import Event, LeaveOutError
from isofront.makers.opened import Opened

PLACE_M = 100.0
_CIVIL = (
    "civilian",
    "grave",
    "burial",
    "detention",
    "residential",
    "medical",
    "education",
    "religious",
    "humanitarian",
    "casualt",
)
_KEYS = frozenset({"verifieddate", "description"})


def claims(opened: Opened) -> str | None:
    """Why a document is Eyes on Russia's, or None."""
    for feature in points.features(opened)[:20]:
        own = feature.get("properties") if isinstance(feature, dict) else None
        if isinstance(own, Mapping) and {str(name).casefold() for name in own} >= _KEYS:
            return "features with verifiedDate"
    return None


def entries(opened: Opened) -> Iterator[tuple[int, Any]]:
    """The features with their numbers."""
    return enumerate(points.features(opened), start=1)


def event_of(feature: object, asked: Asked) -> Event:
    """One feature. Where the description does not tell who was there, the categories may."""
    mark = points.mark_of_feature(feature)
    spot = cells.spot(mark.lon, mark.lat, bounds=asked.bounds)
    plain = cells.plain_text(mark.text("description"))
    categories = mark.text("categories", "category")
    told = told_by(plain, "", asked.sides)
    if told.leave_out:
        raise LeaveOutError(told.leave_out)
    if not told.seen and not told.posture and categories:
        told = told_by(categories, told.by, asked.sides)
    civil = told.civil or any(word in categories.casefold() for word in _CIVIL)
    reliability, credibility = grades(mark.text("tags"))
    return Event(
        mark.text("id") or mark.id, cells.day_or_moment("verifiedDate", mark.text("verifieddate"), now=asked.now),
        spot.lon, spot.lat, max(PLACE_M, spot.rounding_m), "activity" if civil else told.kind,
        "" if civil else told.seen, told.by, reliability=reliability, credibility=credibility,
        url=cells.links(mark.text("url"), mark.text("sources")),
        note=CIVIL_NOTE if civil else note_for(told, plain), means=told.means, target=told.target,
        posture="" if civil else told.posture, location_of=told.location_of,
    )  # fmt: skip
