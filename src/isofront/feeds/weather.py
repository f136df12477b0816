"""Weather (Open-Meteo's archive), by day or by the hour, into the file that a theatre's `[observing]` table names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from isofront.feeds import cells
from isofront.feeds.entry import BadCellError, Fault
from isofront.feeds.tables import Cells, Table

MAX_DAYS = 40_000
OUT = ("date", "cloud_cover_mean", "precipitation_sum", "wind_speed_10m_max", "visibility_mean")
"""The columns written: per cent, mm, km/h, m."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """A column that is read: where it goes, how values of a day join, and the range in which they are believed."""

    out: str
    join: str
    low: float | int
    high: float | int


_MEANINGS = {
    name: meaning
    for meaning, names in (
        (
            _Meaning("cloud_cover_mean", "mean", 0, 100),
            ("cloud_cover_mean", "cloudcover_mean", "cloud_cover", "cloudcover"),
        ),
        (_Meaning("precipitation_sum", "sum", 0, 2000), ("precipitation_sum", "rain_sum", "precipitation", "rain")),
        (
            _Meaning("wind_speed_10m_max", "max", 0, 500),
            ("wind_speed_10m_max", "windspeed_10m_max", "wind_speed_10m", "windspeed_10m", "wind_speed_10m_mean"),
        ),
        (_Meaning("visibility_mean", "mean", 0, 500_000), ("visibility_mean", "visibility")),
    )
    for name in names
}
_SCALES = {
    "m/s": 3.6,
    "ms": 3.6,
    "mph": 1.609344,
    "mp/h": 1.609344,
    "kn": 1.852,
    "inch": 25.4,
    "ft": 0.3048,
    "km": 1000.0,
}
_DATES = ("time", "date", "day")


_Held = dict[str, dict[datetime, list[float]]]
"""What was measured on a day: by column written, then by moment."""


@dataclass(slots=True)
class Day:
    """One day of weather; `n` rows of the file went into it. Values are None where nothing was measured."""

    day: date
    values: dict[str, float] = field(default_factory=dict)
    n: int = 0


def claims(columns: frozenset[str]) -> str | None:
    """Why a table is weather, or None."""
    known = [name for name in map(_name, columns) if name in _MEANINGS]
    if known and columns & set(_DATES) and not columns & {"latitude", "lat", "event_id"}:
        return f"columns {' and '.join(sorted(known)[:2])} by day"
    return None


def _name(column: str) -> str:
    return column.partition("(")[0].strip()


def days(table: Table, *, now: datetime) -> Iterator[Fault | Day]:
    """Faults as they come, then the days in order.

    Rows of one moment (several places, or a day that stands twice) count as their mean; hours join to days.
    """
    columns = [
        (column, _MEANINGS[_name(column)], _scale(column)) for column in table.columns if _name(column) in _MEANINGS
    ]
    when = next(column for column in table.columns if column in _DATES)
    held: dict[date, _Held] = {}
    counts: dict[date, int] = {}
    for number, row in table.rows:
        fault = row if isinstance(row, Fault) else _take(row, when, columns, held, counts, now=now)
        if isinstance(fault, Fault):
            yield Fault(number, fault.column, fault.reason)
    for day in sorted(held):
        yield Day(day, _joined(held[day]), counts[day])


def _take(
    row: Cells,
    when: str,
    columns: Sequence[tuple[str, _Meaning, float]],
    held: dict[date, _Held],
    counts: dict[date, int],
    *,
    now: datetime,
) -> Fault | None:
    try:
        moment = cells.start_of(when, row[when], now=now)
        found = [(meaning.out, _value(row, column, meaning, scale)) for column, meaning, scale in columns]
    except BadCellError as bad:
        return Fault(0, bad.column, bad.reason)
    day = moment.date()
    if day not in held and len(held) >= MAX_DAYS:
        return Fault(0, when, f"more than {MAX_DAYS:,} days, wanted fewer")
    own = held.setdefault(day, {})
    counts[day] = counts.get(day, 0) + 1
    for out, value in found:
        if value is not None:
            own.setdefault(out, {}).setdefault(moment, []).append(value)
    return None


def _value(row: Cells, column: str, meaning: _Meaning, scale: float) -> float | None:
    text = row[column]
    if text.casefold() in ("", "nan", "null", "none"):
        return None
    value = cells.number(column, text) * scale
    if not meaning.low <= value <= meaning.high:
        raise BadCellError(column, f"{cells.shown(text)}, wanted {meaning.low:g} to {meaning.high:g}")
    return value


def _scale(column: str) -> float:
    """What brings a column's unit to per cent, mm, km/h or m."""
    unit = column.partition("(")[2].rstrip(") ")
    return _SCALES.get(unit, 1.0)


def _joined(values: _Held) -> dict[str, float]:
    joins = {meaning.out: meaning.join for meaning in _MEANINGS.values()}
    return {
        out: _join([sum(some) / len(some) for some in by_moment.values()], joins[out])
        for out, by_moment in values.items()
    }


def _join(values: list[float], how: str) -> float:
    total = max(values) if how == "max" else sum(values)
    return round(total / len(values) if how == "mean" else total, 3)
