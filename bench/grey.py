"""Grey against worlds whose grey is known: area bias, calibration, and whether P(grey) ranks grey ground first.

    python bench/grey.py [--rate 12,2] [--seeds 1,2] [--days 21,42,84] [--cell 500] [PRESET…]

Each world is mapped twice, from an anchor that draws held and grey and from one that draws the attacker's held ground
alone. Of every map, within 10 km of the attacker's true edge and inside the bounds:

    bias   area of P(grey) summed / true grey area - 1
    ece    calibration error of P(grey), 15 bins
    auc    P(a grey cell ranks above one that is not), by P(grey); `past` and `away` are what the anchor's line alone
           gives: the distance past it (ground on the drawn side last), and the distance from it either way

Posteriors are kept under build/bench/grey, so that a second run only draws grey anew; `--fresh` fits them again.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import msgspec
import numpy as np

from isofront.compare.calibrate import Reliability, pooled, reliability
from isofront.compare.grey import auc
from isofront.control import Config
from isofront.engine import Draft, drafts, shown
from isofront.ground.distance_field import redistance
from isofront.ground.grid import to_lonlat
from isofront.intake import add_files
from isofront.worlds import Course, invented

KEPT = Path(__file__).resolve().parent.parent / "build" / "bench" / "grey"
PRESETS = ("assault", "infiltration", "likereal", "pincers", "counterattack", "quiet")
BAND_KM = 10.0


@dataclass(frozen=True)
class Case:
    """One world, one way of drawing its anchor, one day, and how the map of that day did."""

    preset: str
    seed: int
    rate: float
    grey_drawn: bool
    day: int
    bias: float
    drawn_bias: float
    auc: float
    past: float
    away: float
    true_km2: float
    said_km2: float
    table: Reliability


def mapped(
    preset: str, seed: int, rate: float, days: list[int], *, grey_drawn: bool, cell_m: float, fresh: bool
) -> tuple[Course, list[Draft]]:
    """A world's course and the drafts of some days; fitted once and kept."""
    kept = KEPT / f"{preset}-{seed}-{rate:g}-{'grey' if grey_drawn else 'held'}-{cell_m:g}-{max(days)}.pickle"
    if kept.exists() and not fresh:
        return pickle.loads(kept.read_bytes())  # type: ignore[no-any-return]
    scenario = invented(preset, seed=seed, n_days=max(days) + 2, per_day_100km=rate)
    scenario = replace(scenario, theatre=msgspec.structs.replace(scenario.theatre, cell_m=cell_m))
    began = scenario.theatre.anchor.date
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scenario.write(folder)
        if not grey_drawn:
            _only_attacker(folder / "anchor.geojson", scenario.theatre.side_ids[0])
        add_files(folder, [folder / "evidence.csv"], backfill=True, now=began + timedelta(days=9999))

        found = list(drafts(folder, [began + timedelta(days=day) for day in days]))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps((scenario.course, found)))
    return scenario.course, found


def _only_attacker(anchor: Path, side: str) -> None:
    """Leave the attacker's held ground alone in an anchor: what a maker without a grey class gives."""
    document = json.loads(anchor.read_text(encoding="utf-8"))
    document["features"] = [one for one in document["features"] if one["properties"]["side"] == side]
    anchor.write_text(json.dumps(document), encoding="utf-8")


def scored(draft: Draft, p_grey: np.ndarray, grey: np.ndarray, depth_km: np.ndarray, inside: np.ndarray) -> dict:  # type: ignore[type-arg]
    """The scores of one map; `depth_km` is the true distance inside the attacker's edge."""
    band = inside & (np.abs(depth_km) <= BAND_KM)
    p, true = p_grey[band].astype(float), grey[band]
    line = draft.ground.anchored.depth_km[band]
    km2 = draft.ground.grid.cell_km**2
    holds = draft.field.p_held[:, band] >= 0.5
    return {
        "bias": p.sum() / max(true.sum(), 1) - 1,
        "drawn_bias": (~holds.any(axis=0)).sum() / max(true.sum(), 1) - 1,
        "auc": auc(p, true) or 0.0,
        "past": auc(-np.where(line > 0, 100 + line, -line), true) or 0.0,
        "away": auc(-np.abs(line), true) or 0.0,
        "true_km2": true.sum() * km2,
        "said_km2": p.sum() * km2,
        "table": reliability(p, true),
    }


def truth(course: Course, draft: Draft) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Grey or not, true depth inside the attacker's edge (km), and inside the bounds or not, in the draft's cells."""
    from scipy.ndimage import map_coordinates

    grid, kept = draft.ground.grid, course.grid
    east, north = grid.centres_km()
    at = np.stack([(north - kept.north_km[0]) / kept.cell_km, (east - kept.east_km[0]) / kept.cell_km])
    day = (draft.as_of - draft.ground.anchor.date) / timedelta(days=1)
    pair = np.stack([map_coordinates(one, at, order=1, mode="nearest") for one in course.distance_km(day)])
    lon, lat = (one.reshape(grid.shape) for one in to_lonlat(east.ravel(), north.ravel(), crs=grid.crs))
    box = draft.ground.theatre.box
    inside = (lon > box.west) & (lon < box.east) & (lat > box.south) & (lat < box.north)
    return np.asarray((pair <= 0).all(axis=0)), redistance(grid, pair[0], limit_km=40.0), inside


def cases(words: argparse.Namespace) -> Iterator[Case]:
    """Every world, anchor and day asked for."""
    for preset, seed, rate, grey_drawn in product(words.presets or PRESETS, words.seeds, words.rate, words.anchors):
        course, found = mapped(
            preset, seed, rate, words.days, grey_drawn=grey_drawn, cell_m=words.cell, fresh=words.fresh
        )
        for day, kept in zip(words.days, found, strict=True):
            kept.posterior.model.config = Config()  # a pickle keeps the numbers it was made with
            draft = replace(kept, field=shown(kept.ground, kept.posterior))
            grey, depth, inside = truth(course, draft)
            marks = scored(draft, draft.field.p_grey, grey, depth, inside)
            yield Case(preset, seed, rate, grey_drawn, day, **marks)


def line(name: str, some: list[Case]) -> str:
    """Means over some cases; bias and calibration pooled."""
    n = len(some)
    bias = sum(one.said_km2 for one in some) / sum(one.true_km2 for one in some) - 1
    drawn = sum((1 + one.drawn_bias) * one.true_km2 for one in some) / sum(one.true_km2 for one in some) - 1
    ece = pooled([one.table for one in some]).ece or 0.0
    auc_, past, away = (sum(getattr(one, key) for one in some) / n for key in ("auc", "past", "away"))
    worst = min(one.auc - max(one.past, one.away) for one in some)
    return f"{name:<34}{n:>4}{bias:>8.3f}{drawn:>8.3f}{ece:>8.3f}{auc_:>8.3f}{past:>8.3f}{away:>8.3f}{worst:>8.3f}"


HEAD = f"{'':<34}{'n':>4}{'bias':>8}{'drawn':>8}{'ece':>8}{'auc':>8}{'past':>8}{'away':>8}{'least+':>8}"


def main() -> None:
    """Print the table: each world, then all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("presets", nargs="*")
    parser.add_argument("--seeds", type=lambda text: [int(one) for one in text.split(",")], default=[1])
    parser.add_argument("--rate", type=lambda text: [float(one) for one in text.split(",")], default=[12.0, 2.0])
    parser.add_argument("--days", type=lambda text: [int(one) for one in text.split(",")], default=[21, 50, 110])
    parser.add_argument("--cell", type=float, default=500.0)
    parser.add_argument(
        "--anchors", type=lambda text: [one == "grey" for one in text.split(",")], default=[True, False]
    )
    parser.add_argument("--fresh", action="store_true")
    words = parser.parse_args()
    found = list(cases(words))
    out = [HEAD]
    for preset in dict.fromkeys(one.preset for one in found):
        for rate in words.rate:
            for drawn in words.anchors:
                some = [one for one in found if (one.preset, one.rate, one.grey_drawn) == (preset, rate, drawn)]
                out.append(line(f"{preset} {rate:g}/day {'grey' if drawn else 'held'} anchor", some))
    for drawn in words.anchors:
        some = [one for one in found if one.grey_drawn == drawn]
        out.append(line(f"all, {'grey' if drawn else 'held'} anchor", some))
        for day in words.days:
            out.append(line(f"  day {day}", [one for one in some if one.day == day]))
    sys.stdout.write("\n".join([*out, line("all", found)]) + "\n")


if __name__ == "__main__":
    main()
