"""Every invented war scored against its own truth: how much worse is the map where the engine's assumptions break?

    python bench/presets.py [--seeds 3] [--days 150] [--rate 12] [--jobs 1] [PRESET…]

Makes each world with `isofront simulate` and `add --backfill` under build/bench/worlds/, unless it is there, and drafts
a map a week and one a day about the break. Prints per preset: log loss, Brier, ECE and accuracy in the 5 km band, log
loss minus the matched preset's; the share of the band given to the wrong holder with more than 90 % (mean and worst
day); on days without a break, the share of maps that mark anything and how much; and how many days after the first
unannounced move began a map marked ground within 10 km of it `out_of_range`.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import shapely

from isofront.compare import held_cells_lonlat, midnight, scored_ground
from isofront.compare.calibrate import Reliability
from isofront.compare.edge_lines import edge_line, near_line
from isofront.compare.score import BAND_KM, score_control
from isofront.compare.truth import read_truth
from isofront.control import Field
from isofront.engine import draft_fields
from isofront.ground.polygons import project_km
from isofront.theatre import load

HERE = Path(__file__).resolve().parent.parent / "build" / "bench" / "worlds"
MATCHED, BREAKING = "likereal", ("rapid_advance", "air_landing", "bridgehead")
NEAR_KM, AFTER_DAYS = 10.0, 14
"""How near a mark must lie to count as found, and for how many days after the break a map is drafted each day."""


@dataclass(frozen=True, slots=True)
class Day:
    """One map: its scores, what it gives confidently to the wrong holder, and what it marks."""

    horizon: int
    log_loss: float
    brier: float
    accuracy: float
    reliability: Reliability
    wrong: float
    marked_km2: float
    marked_near_km2: float
    since_break: float | None

    @property
    def found(self) -> bool:
        """Whether a break that has come is marked."""
        return self.since_break is not None and self.since_break >= 0 and self.marked_near_km2 > 0


def made(preset: str, seed: int, days: int, rate: float) -> Path:
    """The world's folder, with its reports added."""
    folder = HERE / f"{preset}-{seed}-{days}-{rate:g}"
    if not (folder / "done").exists():
        run = [sys.executable, "-m", "isofront"]
        call = ["simulate", preset, "--seed", seed, "--days", days, "--rate", rate, "--truth-every", 1, "--out", folder]
        subprocess.run([*run, *map(str, call)], check=True, stdout=subprocess.DEVNULL)
        add = ["add", "--theatre", folder, "--backfill", folder / "evidence.csv"]
        subprocess.run([*run, *map(str, add)], check=True, stdout=subprocess.DEVNULL)
        (folder / "done").touch()
    return folder


def broken(folder: Path, preset: str, crs: str) -> tuple[datetime | None, Any]:
    """When and where (km) the engine's assumptions break: the first move of a breaking preset."""
    if preset not in BREAKING:
        return None, None
    with (folder / "moves.csv").open(encoding="utf-8") as file:
        first = next(iter(csv.DictReader(file)))
    return datetime.fromisoformat(first["from"]), project_km(shapely.from_wkt(first["path_wkt"]), crs=crs)


def scored(preset: str, seed: int, days: int, rate: float) -> list[Day]:
    """A map a week, and one a day about the break."""
    folder = made(preset, seed, days, rate)
    theatre = load(folder)
    ground = scored_ground(theatre.box, theatre.grid)
    truth = read_truth(folder / "truth", side="a")
    began, where = broken(folder, preset, theatre.crs)
    starts = theatre.anchor.date.date()
    anchor = held_cells_lonlat(truth[starts], ground)
    weekly = [day for day in truth if (day - starts).days % 7 == 0 and day > starts]
    daily = [] if began is None else [began.date() + timedelta(days=k) for k in range(AFTER_DAYS)]
    wanted = sorted({*weekly, *(day for day in daily if day in truth)})
    at = [midnight(day) for day in wanted]
    found = []
    for day, field in zip(wanted, draft_fields(folder, at, [one + timedelta(days=1) for one in at]), strict=True):
        held = held_cells_lonlat(truth[day], ground)
        p = np.asarray(field.control[0], float)
        scores = score_control(p, held, anchor, ground)
        band = near_line(edge_line(held, ground), ground, BAND_KM)
        wrong = np.where(held, p < 0.1, p > 0.9)[band].mean()
        marked = marks(field) & ground.inside
        cell = field.grid.cell_km**2
        near = marked & near_cells(field, where)
        since = None if began is None else (midnight(day) - began) / timedelta(days=1)
        assert scores.log_loss is not None
        assert scores.brier is not None
        assert scores.accuracy is not None
        found.append(
            Day((day - starts).days, scores.log_loss, scores.brier, scores.accuracy, scores.reliability, float(wrong),
                float(marked.sum() * cell), float(near.sum() * cell), since)
        )  # fmt: skip
    return found


def marks(field: Field) -> Any:
    """Ground marked out of range."""
    found = getattr(field, "out_of_range", None)
    return np.zeros(field.grid.shape, bool) if found is None else found


def near_cells(field: Field, where: Any) -> Any:
    """Cells near what broke."""
    if where is None:
        return np.ones(field.grid.shape, bool)
    east, north = field.grid.centres_km()
    return shapely.dwithin(shapely.points(east, north), where, NEAR_KM)


def row(name: str, worlds: list[list[Day]], matched: float | None) -> str:
    """One preset in one line; weekly maps for scores."""
    weekly = [[day for day in days if day.horizon % 7 == 0] for days in worlds]
    loss = fmean(fmean(day.log_loss for day in days) for days in weekly)
    brier = fmean(fmean(day.brier for day in days) for days in weekly)
    hit = fmean(fmean(day.accuracy for day in days) for days in weekly)
    ece = fmean(fmean(day.reliability.ece or 0.0 for day in days) for days in weekly)
    wrong = fmean(fmean(day.wrong for day in days) for days in weekly)
    worst = max(day.wrong for days in worlds for day in days)
    least = f"{loss - matched:+.3f}" if matched is not None else "-"
    first = [next((d.since_break for d in days if d.found), None) for days in worlds]
    quiet = [day.marked_km2 for days in weekly for day in days if day.since_break is None or day.since_break < 0]
    alarms = f"{np.mean([km2 > 0 for km2 in quiet]):.2f} {fmean(quiet):.1f}" if quiet else "-"
    flagged = ",".join("-" if one is None else f"{one:.1f}" for one in first) if name in BREAKING else ""
    scores = f"{loss:.3f} {least:>7s} {brier:.3f} {ece:.3f} {hit:.3f}"
    return f"{name:15s} {scores}  {wrong:.3f} {worst:.3f}  {alarms:>10s}  {flagged}"


def main() -> None:
    """Score what is asked for, the matched preset first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("presets", nargs="*")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--days", type=int, default=150)
    parser.add_argument("--rate", type=float, default=12)
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    names = [
        MATCHED,
        *(name for name in asked.presets or ("quiet", *BREAKING, "skirmish", "infiltration") if name != MATCHED),
    ]
    calls = [(name, seed, asked.days, asked.rate) for name in names for seed in range(asked.seeds)]
    with ProcessPoolExecutor(asked.jobs) as pool:
        worlds = dict(zip(calls, pool.map(scored, *zip(*calls, strict=True)), strict=True))
    print(f"{'':15s} loss  vs match brier   ece   acc   wrong worst   false/km²  marked after (days)")
    matched = None
    for name in names:
        days = [worlds[name, seed, asked.days, asked.rate] for seed in range(asked.seeds)]
        print(row(name, days, matched), flush=True)
        if matched is None:
            matched = fmean(fmean(day.log_loss for day in one if day.horizon % 7 == 0) for one in days)


if __name__ == "__main__":
    main()
