"""Are shares what taking a report back takes away? On invented wars of real size, for the five that say most at a spot.

    python bench/shares.py [--spots 4] [--rates 12,3] [PRESET…]

Makes each world under build/bench/shares/, unless it is there, drafts four days of it, and asks `why` at spots within
2.5 km of the line that reports touched. Prints, over all spots, of the five largest: how many have the sign of what a
fit without the report loses, and how many its size within 30 % (or 4 m): for the pulls K alpha, for shares to first
order, and for shares as `why` gives them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np

from isofront.engine import Draft, drafts, ground_of
from isofront.engine.why import Cell, posterior_without, told

HERE = Path(__file__).resolve().parent.parent / "build" / "bench" / "shares"
DAYS = (20, 60, 100, 140)
NEAR_KM, TOP = 2.5, 5


def made(preset: str, rate: str) -> Path:
    """The world's folder, with its reports added."""
    folder = HERE / f"{preset}-{rate}"
    if not (folder / "done").exists():
        run = [sys.executable, "-m", "isofront"]
        subprocess.run([*run, "simulate", preset, "--seed", "3", "--rate", rate, "--out", str(folder)], check=True)
        subprocess.run([*run, "add", "--theatre", str(folder), "--backfill", str(folder / "evidence.csv")], check=True)
        (folder / "done").touch()
    return folder


def spots(draft: Draft, n: int) -> list[Cell]:
    """Some cells near the line that reports touched, the same in every run."""
    cells = np.argwhere((np.abs(draft.posterior.mean()) < NEAR_KM) & draft.field.touched)
    return [(int(row), int(column)) for row, column in np.random.default_rng(1).permutation(cells)[:n]]


def measured(draft: Draft, cell: Cell) -> Iterator[tuple[str, float, float]]:
    """For each way to say it and each of its five largest reports: what it says, and what a fit without it loses."""
    first, found = draft.posterior.explain(np.array([cell])), told(draft, cell)
    lost = {name: float(first.depth_km[0]) - one.latent_km for name, one in found.without.items()}
    ways = {"pulls": first.pull_km[0], "first order": first.shares_km[0], "why": found.reasons.shares_km[0]}
    for way, shares in ways.items():
        for k in np.argsort(-np.abs(shares), kind="stable")[:TOP]:
            name = first.ids[k]
            if name not in lost:
                lost[name] = float(first.depth_km[0] - posterior_without(draft, {name}).mean()[cell])
            yield way, float(shares[k]), lost[name]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("presets", nargs="*")
    parser.add_argument("--spots", type=int, default=4)
    parser.add_argument("--rates", default="12,3")
    asked = parser.parse_args()
    for preset in asked.presets or ("pokrovsk", "likereal"):
        for rate in asked.rates.split(","):
            folder = made(preset, rate)
            began = ground_of(folder).anchor.date
            rows = [
                row
                for draft in drafts(folder, [began + timedelta(days=day) for day in DAYS])
                for cell in spots(draft, asked.spots)
                for row in measured(draft, cell)
            ]
            for way in dict.fromkeys(row[0] for row in rows):
                some = [(said, lost) for name, said, lost in rows if name == way]
                sign = np.mean([said * lost > 0 for said, lost in some])
                close = np.mean([abs(said - lost) <= 0.3 * abs(said) + 0.004 for said, lost in some])
                print(f"{preset:10s} {rate:>3s}  {way:12s} n {len(some):3d}  sign {sign:.2f}  within 30 % {close:.2f}")


if __name__ == "__main__":
    main()
