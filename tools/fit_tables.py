"""Learn the observation tables that ship, from invented wars only: `python tools/fit_tables.py`.

Each component is a way of filming (tame, likereal) and whose held edge depth is measured from (the attacker's, the
defender's), as seen with that side as side 1. Real maps and real reports have no part in them.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np

from isofront.control.items import DAY
from isofront.control.weigh import Seen, categories, learn, plain_table
from isofront.ground.grid import to_km
from isofront.ground.lattice import at_cells
from isofront.worlds import HABITS, invented

PRESETS = ("likereal", "assault", "infiltration", "pincers", "counterattack", "quiet")
SEEDS = (11, 12)
N_DAYS, RATE, FREEDOM = 120, 12.0, 2.0
OUT = Path(__file__).resolve().parent.parent / "src" / "isofront" / "control" / "tables" / "default.json"


def seen(preset: str, habits: str, seed: int, *, drawn: int) -> Seen:
    """Every report of a world, at its true depth from the drawn side's edge (that side as side 1)."""
    scenario = invented(preset, seed=seed, n_days=N_DAYS, per_day_100km=RATE, habits=HABITS[habits])
    course = scenario.course
    sides = course.sides if drawn == 0 else course.sides[::-1]
    which = categories(scenario.reports, sides=sides)
    reports = [one for one, kind in zip(scenario.reports, which.tolist(), strict=True) if kind >= 0]
    east, north = to_km(
        np.array([one.lon for one in reports]), np.array([one.lat for one in reports]), crs=course.grid.crs
    )
    began = datetime(course.starts.year, course.starts.month, course.starts.day, tzinfo=UTC)
    days = np.array([(one.happened.start - began) / DAY for one in reports])
    depth = np.zeros(len(reports))
    for day in range(course.n_days):
        now = np.floor(days) == day
        if now.any():
            field = np.asarray(course.distance_km(day + 0.5)[drawn], float)
            depth[now] = at_cells(course.grid, field, np.column_stack([east[now], north[now]]))
    inside = (days >= 0) & (days < course.n_days)
    n = int(inside.sum())
    return Seen(which[which >= 0][inside], depth[inside], np.full(n, 0.1), np.ones(n))


def component(habits: str, *, drawn: int) -> list[list[float]]:
    """One table, as rows of log probabilities."""
    whole: Seen | None = None
    for preset in PRESETS:
        for seed in SEEDS:
            part = seen(preset, habits, seed, drawn=drawn)
            whole = part if whole is None else whole.and_(part)
            print(f"{habits} drawn {drawn}: {preset} {seed}, {len(part.weight)} reports", file=sys.stderr)
    assert whole is not None
    table = learn(plain_table(), whole, freedom=FREEDOM)
    rows: list[list[float]] = np.round(table.log, 3).tolist()
    return rows


def main() -> None:
    """Write the components and say where they come from."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    document = {
        "version": 1,
        "learned_from": f"worlds {', '.join(PRESETS)}; seeds {SEEDS}; {N_DAYS} days at {RATE:g} a day per 100 km",
        "components": {
            f"{habits}-{whose}": component(habits, drawn=drawn)
            for habits in HABITS
            for drawn, whose in enumerate(("attackers-edge", "defenders-edge"))
        },
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_bytes(msgspec.json.encode(document) + b"\n")


if __name__ == "__main__":
    main()
