"""How many proposals a day brings an editor who accepts them all and approves: the development sets, day after day.

    python bench/proposals.py DATA likereal12 [AREA…] [--days N] [--every N] [--km2 X] [--p X]

Each area starts from its anchor; from 4 March 2025 on every day (or every N-th) is reviewed, all proposals are accepted
and the map is approved, in a copy of the theatre under build/bench/. Prints per area the proposals a day (median, p90,
most), the share of accepted ground that is taken back within a week (it flips), how far the approved map lies from the
draft, how much ground each of approved map, draft and anchor gets wrong, and seconds a day.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

sys.path.insert(0, str(Path(__file__).resolve().parent))

from development import AREAS, HERE, made

from isofront.compare import read_truth
from isofront.engine import drafts, read_standing
from isofront.engine.ground import Ground
from isofront.engine.review import approved, judged, review_of
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import Judge, Verdict, approval_entry, decision_entry, read_history
from isofront.front import Area, area_km2, changed_km2
from isofront.front.levels import held_by
from isofront.ground.polygons import project_km
from isofront.review import Piece, Proposal

FIRST = datetime(2025, 3, 4, tzinfo=UTC)
BACK_DAYS = 7
MAPS = ("approved", "draft", "anchor")
Row = dict[str, Any]
"""A day's figures by name."""


def copied(folder: Path, km2: float | None, p: float | None) -> Path:
    """A copy of a theatre to decide in, perhaps with another threshold."""
    copy = folder.with_name(f"{folder.name}-reviewed-{km2}-{p}")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    if km2 is not None or p is not None:
        file = copy / "theatre.toml"
        keys = [f"least_km2 = {km2}"] * (km2 is not None) + [f"least_p = {p}"] * (p is not None)
        file.write_text(file.read_text(encoding="utf-8") + "\n[review]\n" + "\n".join(keys) + "\n", encoding="utf-8")
    return copy


def wrong_km2(areas: tuple[Area, ...], truth: BaseGeometry, ground: Ground) -> float:
    """Ground (km2) on which a coverage and the reference differ about what the drawn side holds."""
    side = ground.theatre.side_ids[ground.drawn]
    real = shapely.intersection(project_km(truth, crs=ground.theatre.crs), ground.frame)
    return float(shapely.symmetric_difference(held_by(side, areas), real).area)


def routine(folder: Path, days: list[datetime], truth: Mapping[date, BaseGeometry]) -> list[Row]:
    """Review, accept all, approve, day after day; one row a day."""
    rows: list[Row] = []
    accepted: list[tuple[datetime, Piece]] = []
    ledger_file, began = ledger_path(folder), time.process_time()
    for ahead in drafts(folder, days):
        # Drafts are made some days ahead: what was approved on the day before has to be read once more.
        draft = replace(ahead, standing=read_standing(folder, as_of=ahead.as_of, known_by=ahead.known_by))
        found = review_of(draft)
        judge = Judge("bench", "all", datetime.now(UTC))
        entries = [
            decision_entry(judged(draft, Verdict.ACCEPT, judge, proposal=one, becomes=one.piece.parts))
            for one in found.proposals
        ]
        with Ledger.open(ledger_file, write=True) as ledger:
            ledger.append(entries, now=judge.now)
        after = replace(draft, standing=read_standing(folder, as_of=draft.as_of, known_by=draft.known_by))
        with Ledger.open(ledger_file, write=True) as ledger:
            entry = approval_entry(*approved(review_of(after), judge, history=read_history(ledger)))
            ledger.append([entry], now=judge.now)
        back = taken_back(found.proposals, accepted, draft.as_of)
        accepted += [(draft.as_of, one.piece) for one in found.proposals]
        off = sum(changed_km2(after.decided, draft.drawn(draft.field.touched).areas).values())
        real, ground = truth.get(draft.as_of.date()), draft.ground
        maps = {"approved": after.decided, "draft": draft.drawn(draft.field.touched).areas, "anchor": ground.areas}
        wrong = {} if real is None else {name: wrong_km2(areas, real, ground) for name, areas in maps.items()}
        now = time.process_time()
        rows.append(
            {"day": f"{draft.as_of:%Y-%m-%d}", "proposals": len(found.proposals), "back": back, "off_km2": off,
             "km2": sum(one.piece.km2 for one in found.proposals), "waiting": len(found.waiting),
             "waiting_km2": sum(one.km2 for one in found.waiting), "s": now - began, "wrong": wrong}
        )  # fmt: skip
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
        began = now
    return rows


def taken_back(proposals: Sequence[Proposal], accepted: Sequence[tuple[datetime, Piece]], today: datetime) -> float:
    """Ground (km2) that becomes again what it was before it was accepted, at most a week ago."""
    lost = 0.0
    for one in proposals:
        for day, piece in accepted:
            if today - day <= timedelta(days=BACK_DAYS) and piece.before == one.piece.after:
                lost += area_km2(shapely.intersection(piece.shape, one.piece.shape))
    return lost


def main() -> None:
    """Run the routine on each area and print a table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("data", type=Path)
    words.add_argument("kind")
    words.add_argument("areas", nargs="*")
    words.add_argument("--days", type=int, default=146)
    words.add_argument("--every", type=int, default=1)
    words.add_argument("--km2", type=float)
    words.add_argument("--p", type=float)
    asked = words.parse_args()
    days = [FIRST + timedelta(days=k) for k in range(0, asked.days, asked.every)]
    truth = read_truth(asked.data / "deepstate_public.parquet", side="ru")
    for area in asked.areas or AREAS:
        folder = copied(made(asked.data, asked.kind, area), asked.km2, asked.p)
        rows = routine(folder, days, truth)
        (HERE / f"proposals-{asked.kind}-{area}-{asked.km2}-{asked.p}.json").write_bytes(msgspec.json.encode(rows))
        print(line(area, rows), flush=True)


def line(area: str, rows: Sequence[Row]) -> str:
    """One area in one line."""
    n = np.array([row["proposals"] for row in rows])
    km2 = sum(row["km2"] for row in rows)
    back = sum(row["back"] for row in rows) / max(km2, 1e-9)
    off = np.median([row["off_km2"] for row in rows])
    seconds = np.median([row["s"] for row in rows])
    return (
        f"{area:>12}: {len(n)} days; proposals a day: median {np.median(n):.0f}, p90 {np.quantile(n, 0.9):.0f}, most "
        f"{n.max()}; {km2:.0f} km2 in all, {back:.0%} taken back within {BACK_DAYS} days; {off:.1f} km2 off the draft; "
        f"{seconds:.1f} s CPU a day; km2 wrong: "
        + ", ".join(f"{name} {np.mean([r['wrong'][name] for r in rows if r['wrong']]):.0f}" for name in MAPS)
    )


if __name__ == "__main__":
    main()
