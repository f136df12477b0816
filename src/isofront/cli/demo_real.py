"""`isofront demo-real`: the main job on real polygons and real items that lie beside the checkout, with its scores.

(a) a box for three months: from the mapper's map of one day and simulated reports to that mapper's own map of the last;
(b) a whole front for twelve days, with real geolocated items only: are lines left where they are, and does grey grow
where both sides are? Nothing of the data is kept in the repository; what is made goes to `--out`.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from isofront.errors import BadInputError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from isofront.compare import Scores, Trial
    from isofront.publish import Sheet

VARIABLE = "ISOFRONT_REAL_DATA"


@dataclass(frozen=True, slots=True)
class Case:
    """One run: which files of the data folder, which ground, from which day to which.

    `abroad` counts ground outside the country as held by side 1, for a front that ends at the state's border.
    """

    name: str
    title: str
    polygons: str
    reports: str
    bounds: tuple[float, float, float, float]
    crs: str
    cell_m: float
    anchor: date
    as_of: date
    known_by: datetime
    abroad: bool = False


BOX = Case(
    "box", "A box, August to November 2025", "deepstate_public.parquet", "evidence-pokrovsk-2025-08_12.csv",
    (36.4, 47.9, 38.1, 48.9), "EPSG:32637", 250.0, date(2025, 8, 1), date(2025, 11, 4),
    datetime(2025, 11, 5, tzinfo=UTC),
)  # fmt: skip
FRONT = Case(
    "front", "A whole front, July to August 2026", "deepstate_2026-07-25_08-06.parquet",
    "geolocated-real-2026-07-25_08-05.csv", (32.2, 46.3, 39.0, 52.0), "+proj=laea +lat_0=49 +lon_0=36 +datum=WGS84",
    500.0, date(2026, 7, 25), date(2026, 8, 6), datetime(2026, 8, 8, tzinfo=UTC), abroad=True,
)  # fmt: skip
SIDES = ("ru", "ua")
BORDER_DEG = 0.05
"""Two sources' drawings of one state border lie within this of each other."""


def register(app: typer.Typer) -> None:
    """Add `demo-real`."""
    app.command("demo-real")(demo_real)


def demo_real(
    *,
    out: Annotated[Path, typer.Option(help="folder for the theatres and their maps")] = Path("build/demo-real"),
    data: Annotated[Path | None, typer.Option(help=f"real data; default: ${VARIABLE}, ../shared/data")] = None,
    only: Annotated[str | None, typer.Option(help="box or front; default: both")] = None,
) -> None:
    """Map real ground from real polygons, score it, and draw it. Needs the folder of real data."""
    folder = data_folder(data)
    for case in (BOX, FRONT):
        if only in (None, case.name):
            sys.stdout.write(run(case, folder, out / case.name))
            sys.stdout.flush()


def data_folder(given: Path | None = None) -> Path:
    """The folder of real data: as given, as the environment says, or beside the checkout.

    Raises:
        BadInputError: it is not there.
    """
    named = given or (Path(os.environ[VARIABLE]) if VARIABLE in os.environ else None)
    beside = [Path.cwd().parent / "shared" / "data", Path(__file__).resolve().parents[4] / "shared" / "data"]
    for folder in [named] if named is not None else beside:
        if (folder / BOX.polygons).is_file():
            return folder
    where = named or beside[0]
    raise BadInputError(f"{where}: no real data there, wanted the folder with {BOX.polygons}; set {VARIABLE}")


@dataclass(frozen=True, slots=True)
class Result:
    """What a case gave: the sheet, the trial it is scored in, and the scores by method."""

    sheet: Sheet
    trial: Trial
    scores: dict[str, Scores]


def run(case: Case, data: Path, out: Path) -> str:
    """Map a case, score it, and say so in a screen of text."""
    return said(case, result(case, data, out), out)


def result(case: Case, data: Path, out: Path) -> Result:
    """A case from files to scores: theatre, reports, map, reference, yardsticks."""
    from isofront.cli.map import write_maps
    from isofront.compare import (
        Trial,
        held_cells_lonlat,
        midnight,
        read_truth,
        recalibrations,
        scored_drafts,
        scored_ground,
        scored_persistence,
        scored_vote,
        vote_sample,
    )
    from isofront.engine import read_reports
    from isofront.intake import add_files
    from isofront.theatre import load

    theatre = out / "theatre"
    held = read_truth(data / case.polygons, side=SIDES[0])
    shapes = {day: _near(held[day], case, data) for day in (case.anchor, case.as_of)}
    _make(case, theatre, shapes[case.anchor], data)
    add_files(theatre, [data / case.reports], backfill=True, now=datetime.now(UTC))
    sheet = write_maps(theatre, [midnight(case.as_of)], [case.known_by], out)[0]
    ground = scored_ground(load(theatre).box, load(theatre).grid)
    anchor, truth = (held_cells_lonlat(shapes[day], ground) for day in (case.anchor, case.as_of))
    reports = read_reports(theatre, case.known_by)
    trial = Trial(case.name, SIDES[0], ground, anchor, midnight(case.anchor), {case.as_of: truth}, reports)
    days = [case.as_of]
    (change,) = recalibrations([vote_sample(trial, days)])
    control = sheet.field.control[0].astype(float)
    found = [
        *scored_drafts(trial, iter([(case.as_of, control)])),
        *scored_persistence(trial, days),
        *scored_vote(trial, days, change),
    ]
    return Result(sheet, trial, {one.method: one.scores for one in found})


def _near(held: BaseGeometry, case: Case, data: Path) -> BaseGeometry:
    """The polygons near the bounds; with `abroad`, and all that is not the country's land."""
    import shapely

    from isofront.ground.polygons import clip_to_box, read_polygons

    west, south, east, north = case.bounds
    frame = (west - 1.5, south - 1.5, east + 1.5, north + 1.5)
    near = clip_to_box(held, frame)
    if not case.abroad:
        return near
    land = shapely.union_all([clip_to_box(one.geometry, frame) for one in read_polygons(data / "land.geojson")])
    both = shapely.union(near, shapely.difference(shapely.box(*frame), land))
    closed = shapely.buffer(shapely.buffer(both, BORDER_DEG / 2), -BORDER_DEG / 2)
    seam = shapely.intersection(closed, shapely.buffer(land.boundary, BORDER_DEG))
    return shapely.union(both, seam)


def _make(case: Case, folder: Path, held: BaseGeometry, data: Path) -> None:
    """A fresh theatre, as `isofront init` makes it."""
    from shapely.geometry import mapping

    from isofront.cli.init import init
    from isofront.ground.files import write_atomically

    for old in ("theatre.toml", "ledger.db*", "rejects*"):
        for path in folder.glob(old):
            path.unlink()
    anchor = folder.parent / "start.geojson"
    document = {"type": "Feature", "properties": {}, "geometry": mapping(held)}
    write_atomically(anchor, json.dumps(document).encode())
    init(
        folder,
        bounds=case.bounds,
        side=["ru=Russia", "ua=Ukraine"],
        anchor=anchor,
        anchor_date=case.anchor.isoformat(),
        anchor_holder=SIDES[0],
        crs=case.crs,
        cell=case.cell_m,
        protect="none",
        title=case.title,
        land=None if case.abroad else data / "land.geojson",
    )


COLUMNS = ("log loss", "Brier", "ECE", "accuracy", "IoU", "line km", "changed F1")


def said(case: Case, found: Result, out: Path) -> str:
    """Scores beside the yardsticks, areas, and where it is grey, on one screen."""
    sheet, trial = found.sheet, found.trial
    cell_km2 = trial.ground.grid.cell_km**2
    drawn = (sheet.field.control[0] >= 0.5) & trial.ground.inside
    held = {"anchor": trial.anchor, "map": drawn, "reference": trial.truth[case.as_of]}
    lines = [f"\n{case.title}: {case.anchor} to {case.as_of}, {sheet.summary['reports_used']} reports used"]
    lines.append(" " * 18 + "".join(f"{name:>12}" for name in COLUMNS))
    lines += [f"{name:<18}" + "".join(_cell(value) for value in _row(one)) for name, one in found.scores.items()]
    lines.append("inside the line, km²: " + ", ".join(f"{k} {v.sum() * cell_km2:,.0f}" for k, v in held.items()))
    lines.append("drawn, km²: " + ", ".join(f"{name} {km2:,.0f}" for name, km2 in sheet.summary["area_km2"].items()))
    both, none = grey_near_reports(found, case)
    lines.append(
        f"mean P(grey) within 5 km of the line: {both:.3f} where both sides were seen, {none:.3f} where none was"
    )
    lines.append(f"open {out / 'map.html'}, {out / 'map.png'}")
    return "\n".join(lines) + "\n"


def _cell(value: float | None) -> str:
    return f"{'-' if value is None else format(value, '.3f'):>12}"


def _row(scores: Scores) -> list[float | None]:
    line = scores.line.mean_km if scores.line else None
    return [scores.log_loss, scores.brier, scores.ece, scores.accuracy, scores.iou, line, scores.changed.f1]


def grey_near_reports(found: Result, case: Case, *, near_km: float = 4.0) -> tuple[float, float]:
    """Mean P(grey) near the anchor's line where both sides were seen of late near by, and where neither was."""
    import numpy as np

    from isofront.compare import midnight
    from isofront.ground.distance_field import redistance

    grid, field = found.trial.ground.grid, found.sheet.field
    depth = redistance(grid, np.where(found.trial.anchor, 1.0, -1.0), limit_km=20.0)
    east, north = grid.centres_km()
    seen = []
    for side in SIDES:
        away = np.full(grid.shape, np.inf)
        for report in found.trial.reports:
            if report.seen == side and report.shows_presence and _fresh(report.happened.end, midnight(case.as_of)):
                x, y = grid.to_km(report.lon, report.lat)
                away = np.minimum(away, np.hypot(east - x, north - y))
        seen.append(away < near_km)
    at_line = (np.abs(depth) < 5.0) & found.trial.ground.inside
    both, none = at_line & seen[0] & seen[1], at_line & ~seen[0] & ~seen[1]
    return float(field.p_grey[both].mean()), float(field.p_grey[none].mean())


def _fresh(happened: datetime, as_of: datetime) -> bool:
    return timedelta(0) <= as_of - happened + timedelta(days=1) <= timedelta(days=21)
