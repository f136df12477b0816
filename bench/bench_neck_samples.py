"""Necks as intervals: 200 maps drawn from the posterior for each of three rules, for one theatre's pocket, one core.

    python bench/bench_neck_samples.py

The embedded scenario on 4 November. Prints wall and CPU seconds of one place with 3 x 200 maps (target: under 10 s for
200), and of everything that `map` measures: both sides' places and pockets, 200 + 40 + 40 maps.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from isofront.engine import drafts
from isofront.engine.necks import necks_of, place_necks
from isofront.front import Disc
from isofront.intake import add_files
from isofront.worlds import pokrovsk

TARGET_S = 10.0


def timed(work: Callable[[], object]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall_s": round(time.perf_counter() - wall, 2), "cpu_s": round(time.process_time() - cpu, 2)}


def main() -> None:
    """Measure both and print one JSON document."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pokrovsk().write(folder)
        add_files(folder, [folder / "evidence.csv"], backfill=True, now=datetime.now(UTC))
        began = time.process_time()
        draft = next(iter(drafts(folder, [datetime(2025, 11, 4, tzinfo=UTC)])))
        assert draft.drawing
        drafted = time.process_time() - began
    town = next(one for one in draft.ground.settlements if one.name == "Myrnohrad")
    disc = Disc(*draft.field.grid.to_km(*town.at), (town.radius_m or 800) / 1000)
    place_necks(draft, town.name, disc, n_samples=2)
    print(json.dumps({
        "one_place": timed(lambda: place_necks(draft, town.name, disc)), "whole_map": timed(lambda: necks_of(draft)),
        "draft_cpu_s": round(drafted, 2), "target_s": TARGET_S,
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
