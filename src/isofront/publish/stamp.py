"""What every file says about itself: PRIVATE, SIMULATED, and the two times; never the wall clock."""

from __future__ import annotations

from datetime import UTC, datetime

from isofront.publish.sheet import Sheet, State

PRIVATE = "PRIVATE"
PUBLIC = "PUBLIC"
SIMULATED = "SIMULATED"


def stamps(sheet: Sheet) -> tuple[str, ...]:
    """The words that must stand on every file of this sheet; only `publish` makes editions, which are PUBLIC."""
    first = PUBLIC if sheet.state is State.EDITION else PRIVATE
    return (first, SIMULATED) if sheet.simulated else (first,)


def stamp_text(sheet: Sheet) -> str:
    """The stamps as one string, as features and metadata carry them."""
    return " ".join(stamps(sheet))


def utc_text(moment: datetime) -> str:
    """A moment as `2025-11-04T00:00:00Z`; a moment without a zone is UTC."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def day_text(moment: datetime) -> str:
    """A moment as somebody types a day: `2025-11-04`, with the time only where it is not midnight UTC."""
    return utc_text(moment).removesuffix("T00:00:00Z")


def folder_of(moment: datetime) -> str:
    """The name of one date's folder: the day, with the time only where it is not midnight."""
    text = utc_text(moment)
    day, time = text[:10], text[11:19]
    return day if time == "00:00:00" else f"{day}T{time.replace(':', '')}Z"


def stamp_facts(sheet: Sheet) -> dict[str, str]:
    """The stamp, the times and the state as plain strings: the metadata of every format."""
    return {
        "stamp": stamp_text(sheet),
        "theatre": sheet.theatre.name,
        "as_of": utc_text(sheet.as_of),
        "known_by": utc_text(sheet.known_by),
        "state": sheet.state.value,
        "simulated": "true" if sheet.simulated else "false",
    }
