"""What a series says: rows for the CSV and `--json`, a table, and the plots."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isofront.cli.front.dated import day_text

if TYPE_CHECKING:
    from isofront.front.ladder import Ladder, Rung
    from isofront.front.series import Measured, Point, Series

RADII = (5, 10, 20)
UNCONFIRMED = " (unconfirmed)"
"""Where the data begins too late to tell which rung was stated before."""

COLUMNS = (
    "mapper", "date", "map_date", "age_days", "rung", "stated_rung", "neck_km", "neck_low_km", "neck_high_km",
    "robust_neck_km", "second_exit_km", "pocket_km2", "pocket_low_km2", "pocket_high_km2", "enclosure_5km",
    "enclosure_10km", "enclosure_20km", "largest_free_arc_5km_deg", "largest_free_arc_10km_deg",
    "largest_free_arc_20km_deg", "footprint_free", "stated_confirmed", "stamp",
)  # fmt: skip


def csv_row(mapper: str, point: Point, stamp: str) -> dict[str, Any]:
    """One mapper's day, as a row of the CSV."""
    one = point.measured
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {"mapper": mapper, "date": day_text(point.date), "stamp": stamp}
    if one is None or point.map_date is None:
        return row
    row |= {
        "map_date": day_text(point.map_date),
        "age_days": _rounded(point.age_days, 2),
        "rung": one.rung.value,
        "stated_rung": None if point.stated is None else point.stated.value,
        "stated_confirmed": point.confirmed,
        "neck_km": _rounded(one.neck_km, 3),
        "neck_low_km": _rounded(one.low_km, 3),
        "neck_high_km": _rounded(one.high_km, 3),
        "robust_neck_km": _rounded(one.robust_km, 3),
        "second_exit_km": _rounded(one.second_exit_km, 3),
        "pocket_km2": _rounded(one.pocket_km2, 2),
        "pocket_low_km2": _rounded(one.pocket_low_km2, 2),
        "pocket_high_km2": _rounded(one.pocket_high_km2, 2),
        "footprint_free": _rounded(one.footprint_free, 4),
    }
    for radius, blocked, arc in zip(RADII, one.enclosure, one.free_arc_deg, strict=False):
        row[f"enclosure_{radius}km"] = _rounded(blocked, 4)
        row[f"largest_free_arc_{radius}km_deg"] = _rounded(arc, 1)
    return row


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(float(value), digits)


@dataclass(frozen=True, slots=True)
class Told:
    """What the plot shows and says of itself."""

    place: str
    series: Sequence[Series]
    days: Sequence[datetime]
    stamp: str


def write_files(out: Path, told: Told, rows: Sequence[dict[str, Any]]) -> list[Path]:
    """The CSV and the plot in both formats."""
    from isofront.ground.files import write_atomically
    from isofront.publish.series_plot import series_png, series_svg

    title = f"{told.place}: the way out, {day_text(told.days[0])} to {day_text(told.days[-1])}"
    stem = "corridor-" + (re.sub(r"[^\w-]+", "-", told.place).strip("-") or "place")
    made = {
        f"{stem}.csv": _csv(rows),
        f"{stem}.png": series_png(told.series, title=title, stamp=told.stamp),
        f"{stem}.svg": series_svg(told.series, title=title, stamp=told.stamp),
    }
    for file, content in made.items():
        write_atomically(out / file, content)
    return [out / file for file in made]


def _csv(rows: Sequence[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def table_lines(stamp: str, name: str, told: Sequence[Series], days: Sequence[datetime]) -> list[str]:
    """One line a day, a block of columns for each mapper."""
    from isofront.cli.front.places import table

    head = ["date"]
    for series in told:
        head += [series.name, "neck km", "band", "pocket km²", "encl 10 km", "map of"]
    rows = [head]
    for k, day in enumerate(days):
        row = [day_text(day)]
        for series in told:
            row += _cells(series.points[k], series.ladder)
        rows.append(row)
    return [f"{stamp}  {name}", *table(rows)]


def _cells(point: Point, ladder: Ladder) -> list[str]:
    one = point.measured
    if one is None or point.map_date is None or point.stated is None:
        return ["not reviewed", "-", "-", "-", "-", "-"]
    neck = "n/a" if one.rung.value == "taken" and one.neck_km is None else _width(one.neck_km)
    band = "-" if one.low_km is None else f"{one.low_km:.1f}–{'open' if one.high_km is None else f'{one.high_km:.1f}'}"
    pocket = "-" if one.pocket_km2 is None else f"{one.pocket_km2:,.0f}"
    rings = f"{one.enclosure[1]:.0%}" if one.enclosure else "n/a"
    return [
        _rung_words(point.stated, one, ladder) + ("" if point.confirmed else UNCONFIRMED),
        neck,
        band,
        pocket,
        rings,
        "" if point.own else day_text(point.map_date),
    ]


def _rung_words(stated: Rung, one: Measured, ladder: Ladder) -> str:
    """The rung to state; never alone where the band reaches others or today's map says another."""
    reached = one.rungs(ladder)
    if len(reached) > 1:
        return f"{reached[0].value} to {reached[-1].value} (stated {stated.value})"
    return stated.value if stated is one.rung else f"{stated.value} (today {one.rung.value})"


def _width(km: float | None) -> str:
    return "open" if km is None else f"{km:.1f}"
