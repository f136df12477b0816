"""How often the 90 % interval of `front change --theatre` holds the truth, on invented wars whose truth is known.

    python bench/bench_change.py [seed …]

For each preset: simulate, add, then `front change` between two drafts against `front change` between the two truths,
per side, over two spans of 14 days and one of 28. Prints one JSON document. A few minutes a seed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from isofront.cli import main

PRESETS = ("skirmish", "assault", "infiltration")
SPANS = ((28, 42), (42, 56), (28, 56))
SAMPLES = "100"


def asked(*words: object) -> Any:
    """What a command prints as JSON."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        assert main([str(word) for word in words]) == 0, words
    return json.loads(out.getvalue()) if "--json" in words else None


def measured(what: str, band: dict[str, Any], real: dict[str, float]) -> dict[str, Any]:
    """An interval, the truth, whether it holds it, and by how many of its half-widths it is off the median."""
    low, middle, high = (band[f"{what}_km2"][key] for key in ("p05", "median", "p95"))
    truth = real[f"{what}_km2"]
    off = abs(truth - middle) / max((high - low) / 2, 1e-9)
    return {
        "interval": [low, middle, high],
        "truth": round(truth, 1),
        "inside": low <= truth <= high,
        "off": round(off, 2),
    }


def world(preset: str, seed: int, folder: Path) -> list[dict[str, Any]]:
    """One row for each span and side."""
    asked("simulate", preset, "--out", folder, "--seed", seed, "--days", 60, "--truth-every", 14)
    asked("add", "--theatre", folder, "--backfill", folder / "evidence.csv")
    (folder / "none.csv").write_text("name,lon,lat\nAfar,0,0\n", encoding="utf-8")
    first = date.fromisoformat(min((folder / "truth").glob("*.geojson")).stem)
    more = ["--places", folder / "none.csv", "--json"]
    rows = []
    for begin, end in SPANS:
        days = [(first + timedelta(days=k)).isoformat() for k in (begin, end)]
        span = ["--from", days[0], "--to", days[1], "--samples", SAMPLES]
        drawn = asked("front", "change", "--theatre", folder, *span, *more)
        truth = asked(
            "front", "change", *(folder / "truth" / f"{day}.geojson" for day in days), "--crs", drawn["crs"], *more
        )
        for side, real in truth["sides"].items():
            band = drawn["sides"][side]["interval"]
            told = {what: measured(what, band, real) for what in ("net", "gained")}
            rows.append({"preset": preset, "seed": seed, "days": end - begin, "side": side} | told)
    return rows


def held(rows: list[dict[str, Any]], what: str, wider: float = 1.0) -> str:
    return f"{sum(row[what]['off'] <= wider if wider > 1 else row[what]['inside'] for row in rows)} of {len(rows)}"


def run() -> None:
    """All presets and seeds."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("seed", nargs="*", type=int, default=[0])
    seeds = words.parse_args().seed
    rows: list[dict[str, Any]] = []
    for preset in PRESETS:
        for seed in seeds:
            with tempfile.TemporaryDirectory() as folder:
                rows += world(preset, seed, Path(folder) / "war")
            sys.stderr.write(f"{preset} {seed}\n")
    parts = {preset: [row for row in rows if row["preset"] == preset] for preset in PRESETS} | {"all": rows}
    told = {
        name: {"net": held(some, "net"), "net, twice as wide": held(some, "net", 2.0), "gained": held(some, "gained")}
        for name, some in parts.items()
    }
    sys.stdout.write(json.dumps({"inside": told, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    run()
