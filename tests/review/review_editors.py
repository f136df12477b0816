"""What tests say as editors, and what they look at."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from isofront.engine import Draft, drafts
from isofront.front import changed_km2

SIGNED = ("--by", "nadia", "--reason", "looked at the clips")


def day_of(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def drafted(war: Path, day: str = "2024-05-25", known_by: str | None = None) -> Draft:
    known = None if known_by is None else [day_of(known_by)]
    return next(iter(drafts(war, [day_of(day)], known)))


def areas(draft: Draft) -> list[Any]:
    """Classes and exact vertices of what a draft draws."""
    return [(one.cls, one.side, one.geometry.wkb) for one in draft.drawing.areas]


def changed(draft: Draft) -> float:
    """What the draft would change, km2."""
    return sum(changed_km2(draft.previous, draft.drawing.areas).values())


def square(path: Path, west: float, south: float, east: float, north: float) -> Path:
    """A polygon file."""
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [corners]}), encoding="utf-8")
    return path


def taken_by(said: dict[str, Any], side: str) -> dict[str, Any]:
    """The first proposal that gives ground to a side."""
    return next(one for one in said["proposals"] if one["to"] == side)
