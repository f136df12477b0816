"""`isofront simulate`: an invented war whose truth is known, as a theatre's folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from isofront import worlds
from isofront.counts import counted
from isofront.errors import UsageError

STORY = "pokrovsk"
_PRESETS = ", ".join((*worlds.PRESETS, STORY))


def register(app: typer.Typer) -> None:
    """Add `simulate`."""
    app.command("simulate")(simulate)


def simulate(
    preset: Annotated[str, typer.Argument(help=f"one of: {_PRESETS}", metavar="PRESET")],
    *,
    out: Annotated[Path, typer.Option(help="folder to write theatre, anchor, evidence and truth into")],
    seed: Annotated[int, typer.Option(help="same seed, same bytes", min=0)] = 0,
    days: Annotated[int | None, typer.Option(help="length; default 150 (pokrovsk: always its own five months)")] = None,
    rate: Annotated[float, typer.Option(help="reports per day and 100 km of front")] = 12.0,
    habits: Annotated[
        str | None, typer.Option(help=f"how it is filmed: {', '.join(worlds.HABITS)}; default: the preset's")
    ] = None,
    truth_every: Annotated[int, typer.Option(help="days between truth files; 0 writes none")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Write an invented war: theatre.toml, anchor.geojson, evidence.csv and truth/DATE.geojson. All SIMULATED.

    A truth file dated D shows the state at 00:00 UTC of D, with class and side, as `isofront score` reads it.
    """
    if truth_every < 0:
        raise UsageError(f"--truth-every {truth_every}: wanted a number of days, 0 or more")
    if out.is_file():
        raise UsageError(f"--out {out}: is a file, wanted a new folder")
    _refuse_mixing(out)
    scenario = _scenario(preset, seed=seed, days=days, rate=rate, habits=_habits(habits))
    written = scenario.write(out, truth_every_days=truth_every or None)
    summary = _summary(preset, scenario, out, len(written))
    sys.stdout.write(f"{json.dumps(summary, ensure_ascii=False) if as_json else _sentence(summary)}\n")
    if not as_json:
        sys.stdout.write(f"next: isofront add --theatre {out} --backfill {out / 'evidence.csv'}\n")


def _refuse_mixing(out: Path) -> None:
    """A ledger of another war, or its days of truth, would be taken for this one's."""
    from isofront.evidence import ledger_path
    from isofront.worlds.scenario import THEATRE_FILE

    if any(path.exists() for path in (out / THEATRE_FILE, ledger_path(out))):
        raise UsageError(f"--out {out}: holds a theatre already, wanted a new folder: two wars would be mixed")


def _habits(name: str | None) -> worlds.Habits | None:
    if name is None:
        return None
    if name not in worlds.HABITS:
        raise UsageError(f"--habits {name!r}: wanted one of {', '.join(worlds.HABITS)}")
    return worlds.HABITS[name]


def _scenario(
    preset: str, *, seed: int, days: int | None, rate: float, habits: worlds.Habits | None
) -> worlds.Scenario:
    if preset not in (*worlds.PRESETS, STORY):
        raise UsageError(f"preset {preset!r}: wanted one of {_PRESETS}")
    if preset != STORY:
        return worlds.invented(
            preset, seed=seed, n_days=150 if days is None else days, per_day_100km=rate, habits=habits
        )
    if days is not None:
        raise UsageError(f"--days {days}: {STORY} has its own dates; leave it out")
    return worlds.pokrovsk(seed=seed, per_day_100km=rate, habits=habits or worlds.LIKEREAL)


def _summary(preset: str, scenario: worlds.Scenario, out: Path, n_files: int) -> dict[str, Any]:
    return {
        "preset": preset,
        "folder": str(out),
        "files": n_files,
        "reports": len(scenario.reports),
        "starts": scenario.course.starts.isoformat(),
        "days": scenario.course.n_days,
        "simulated": True,
    }


def _sentence(summary: dict[str, Any]) -> str:
    return (
        f"SIMULATED: {counted(summary['reports'], 'report')} over {counted(summary['days'], 'day')} "
        f"from {summary['starts']} ({summary['preset']}), {summary['files']} files in {summary['folder']}"
    )
