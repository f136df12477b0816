"""The weather of a theatre, day by day: from the file that its `[observing]` table names."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from isofront.errors import BadInputError
from isofront.theatre.model import Theatre

MAX_BYTES = 50_000_000
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sees": ("drones_see",),
    "cloud_percent": ("cloud_cover_mean", "cloudcover_mean", "cloud_cover"),
    "wind_kmh": ("wind_speed_10m_max", "windspeed_10m_max", "wind_speed_10m_mean", "wind_kmh"),
    "rain_mm": ("precipitation_sum", "rain_sum", "precipitation_mm"),
}
"""What is read, and the names that columns have for it (Open-Meteo's daily archive, and what `simulate` writes)."""
DATES = ("date", "time", "day")
RANGES = {"sees": (0.0, 1.0), "cloud_percent": (0.0, 100.0), "wind_kmh": (0.0, 500.0), "rain_mm": (0.0, 2000.0)}
TO_KMH = {"m/s": 3.6, "ms": 3.6, "mph": 1.609344, "mp/h": 1.609344, "kn": 1.852}
TO_MM = {"inch": 25.4}


@dataclass(frozen=True, slots=True)
class SkyDay:
    """One day: how well drones saw if somebody said so (0-1), mean cloud (%), strongest wind (km/h), rain (mm)."""

    sees: float | None = None
    cloud_percent: float | None = None
    wind_kmh: float | None = None
    rain_mm: float | None = None


def read_weather(theatre: Theatre, folder: Path) -> dict[date, SkyDay]:
    """The days of the theatre's weather file; none if it names no file.

    Raises:
        BadInputError: the file cannot be used.
    """
    name = theatre.observing.weather
    if name is None:
        return {}
    path = folder / name
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInputError(f"{name}: {path.stat().st_size:,} bytes, wanted daily weather of at most {MAX_BYTES:,}")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInputError(f"{name}: byte {fault.start} is not UTF-8 text, wanted a CSV file") from fault
    except OSError as fault:
        raise BadInputError(
            f"{name}: cannot be read ({fault.strerror or fault}), wanted a CSV of daily weather"
        ) from fault
    return weather_of(text, name=name)


def weather_of(text: str, *, name: str) -> dict[date, SkyDay]:
    """Daily weather from CSV text. Lines before the header (as Open-Meteo writes them) are passed over.

    Raises:
        BadInputError: no header with a date and at least one known column, or a cell that cannot be read.
    """
    try:
        rows = list(csv.reader(text.splitlines()))
    except csv.Error as fault:
        raise BadInputError(f"{name}: cannot be split into cells ({fault}), wanted a CSV file") from fault
    for start, row in enumerate(rows):
        found = _columns(row)
        if found is not None:
            return dict(_days(rows, start + 1, *found, name=name))
    known = ", ".join(names[0] for names in COLUMNS.values())
    raise BadInputError(f"{name}: no header line, wanted a column `date` or `time` and one or more of {known}")


@dataclass(frozen=True, slots=True)
class _Column:
    number: int
    key: str
    scale: float


def _columns(row: Sequence[str]) -> tuple[int, tuple[_Column, ...]] | None:
    """Where the date and the known columns stand, if this row is a header."""
    titles = [_title(cell) for cell in row]
    days = [number for number, (word, _) in enumerate(titles) if word in DATES]
    columns = tuple(
        _Column(number, key, _scale(key, unit))
        for number, (word, unit) in enumerate(titles)
        for key, names in COLUMNS.items()
        if word in names
    )
    return (days[0], columns) if days and columns else None


def _title(cell: str) -> tuple[str, str]:
    """A column's name and its unit: `precipitation_sum (mm)`."""
    word, _, unit = cell.strip().casefold().partition("(")
    return word.strip(), unit.rstrip(") ")


def _scale(key: str, unit: str) -> float:
    return {"wind_kmh": TO_KMH, "rain_mm": TO_MM}.get(key, {}).get(unit, 1.0)


def _days(
    rows: Sequence[Sequence[str]], start: int, at: int, columns: tuple[_Column, ...], *, name: str
) -> Iterator[tuple[date, SkyDay]]:
    for number, row in enumerate(rows[start:], start=start + 1):
        if any(cell.strip() for cell in row):
            where = f"{name} row {number}"
            yield (
                _date(row[at] if at < len(row) else "", where),
                SkyDay(**{one.key: _value(row, one, where) for one in columns}),
            )


def _date(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError as fault:
        raise BadInputError(f"{where}: date {text!r:.40}, wanted one like 2030-01-31") from fault


def _value(row: Sequence[str], column: _Column, where: str) -> float | None:
    """A cell as a number; None where it is empty or says that nothing was measured."""
    text = row[column.number].strip() if column.number < len(row) else ""
    if text.casefold() in ("", "nan", "null", "none"):
        return None
    low, high = RANGES[column.key]
    try:
        value = float(text) * column.scale
    except ValueError as fault:
        raise BadInputError(f"{where}: {column.key} {text!r:.40}, wanted a number") from fault
    if not math.isfinite(value) or not low <= value <= high:
        raise BadInputError(f"{where}: {column.key} {text!r:.40}, wanted {low:g} to {high:g}")
    return value
