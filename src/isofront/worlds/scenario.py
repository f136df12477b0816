"""A whole invented war, ready to be mapped: theatre, anchor map, evidence, and the truth to compare with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from isofront.evidence.report import Report
from isofront.ground.files import write_atomically
from isofront.theatre import dump
from isofront.theatre.model import Theatre
from isofront.worlds.course import Course
from isofront.worlds.rows import evidence_csv
from isofront.worlds.truth import truth_geojson

THEATRE_FILE, ANCHOR_FILE, EVIDENCE_FILE = "theatre.toml", "anchor.geojson", "evidence.csv"
WEATHER_FILE, MOVES_FILE, TRUTH_FOLDER = "weather.csv", "moves.csv", "truth"


@dataclass(frozen=True, slots=True)
class Scenario:
    """What `isofront init`, `add` and `map` need, and the course that only scoring may look at.

    `bad_weather` are the days on which drones saw little; `moves_csv` says what happened when (procedural courses).
    """

    theatre: Theatre
    anchor_geojson: bytes
    reports: tuple[Report, ...]
    course: Course
    bad_weather: tuple[date, ...] = ()
    moves_csv: bytes = b""

    @property
    def evidence_csv(self) -> bytes:
        """The reports in the columns of the evidence CSV."""
        return evidence_csv(self.reports)

    @property
    def weather_csv(self) -> bytes:
        """One line per day: date, whether drones could see (1) or hardly (0), and the stamp."""
        days = (self.course.starts + timedelta(days=n) for n in range(self.course.n_days))
        rows = (f"{day.isoformat()},{int(day not in self.bad_weather)},SIMULATED" for day in days)
        return "\n".join(["date,drones_see,note", *rows, ""]).encode("utf-8")

    def write(self, folder: Path, *, truth_every_days: int | None = None) -> tuple[Path, ...]:
        """Write theatre, anchor, evidence, weather, moves and (if asked) truth/YYYY-MM-DD.geojson; returns the paths.

        A truth file dated D is the state at 00:00 UTC of D.
        """
        files = {
            folder / THEATRE_FILE: dump(self.theatre).encode("utf-8"),
            folder / ANCHOR_FILE: self.anchor_geojson,
            folder / EVIDENCE_FILE: self.evidence_csv,
            folder / WEATHER_FILE: self.weather_csv,
        }
        if self.moves_csv:
            files[folder / MOVES_FILE] = self.moves_csv
        for day in _truth_days(self.course, truth_every_days):
            files[folder / TRUTH_FOLDER / f"{day.isoformat()}.geojson"] = truth_geojson(self.course, midnight(day))
        for path, content in files.items():
            write_atomically(path, content)
        return tuple(files)


def midnight(day: date) -> datetime:
    """00:00 UTC at the start of a day."""
    return datetime.combine(day, time(), UTC)


def _truth_days(course: Course, every: int | None) -> Iterable[date]:
    if every is None:
        return []
    last = course.n_days - 1
    return [course.starts + timedelta(days=n) for n in sorted({*range(0, last, every), last})]
