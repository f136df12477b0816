"""`isofront demo`: the embedded scenario from nothing to a map, as anybody would do it by hand."""

from __future__ import annotations

import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from isofront.counts import counted

if TYPE_CHECKING:
    from isofront.evidence.decision import Approval, ApprovedMap
    from isofront.publish import Sheet

STORY_DAY = datetime(2025, 11, 4, tzinfo=UTC)


def register(app: typer.Typer) -> None:
    """Add `demo`."""
    app.command("demo")(demo)


def demo(
    *,
    out: Annotated[Path, typer.Option(help="folder for the theatre and its maps")] = Path("build/demo"),
    seed: Annotated[int | None, typer.Option(help="another draw of the simulated reports", min=0)] = None,
) -> None:
    """Map the embedded scenario: theatre, anchor and SIMULATED reports in, maps of five months out."""
    began = time.monotonic()
    from isofront import worlds
    from isofront.cli.map import write_maps
    from isofront.intake import add_files

    scenario = worlds.pokrovsk() if seed is None else worlds.pokrovsk(seed=seed)
    folder = out / "theatre"
    for old in folder.glob("ledger.db*"):
        old.unlink()
    scenario.write(folder)
    tally = add_files(folder, [folder / "evidence.csv"], backfill=True, now=datetime.now(UTC))
    sys.stderr.write(f"{counted(tally.total('added'), 'simulated report')} in the ledger\n")
    sheets = write_maps(folder, days(), None, out)
    publish_story(folder, sheets, out)
    sys.stdout.write(screen(sheets, out, seconds=time.monotonic() - began))


def publish_story(folder: Path, sheets: list[Sheet], out: Path) -> None:
    """The story's day as an editor would publish it: approved in a copy of the theatre, then as a site."""
    from isofront.cli.map import steps
    from isofront.engine.edition import Asked
    from isofront.engine.publish import release_of
    from isofront.engine.site import publish_release
    from isofront.evidence import Ledger, ledger_path
    from isofront.evidence.decision import approval_entry

    for old in (out / "approved", out / "site"):
        shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(folder, out / "approved")
    story, now = next(sheet for sheet in sheets if sheet.as_of == STORY_DAY), datetime.now(UTC)
    with Ledger.open(ledger_path(out / "approved"), write=True) as ledger:
        ledger.append([approval_entry(*approved_as_drawn(story))], now=now)
    with steps(1) as say:
        release = release_of(out / "approved", STORY_DAY, now=now, progress=say)
        publish_release(release, out / "site", Asked(), progress=say)


def approved_as_drawn(story: Sheet) -> tuple[Approval, ApprovedMap]:
    """An approval of a map just as it was drawn, by nobody real."""
    from isofront import __version__
    from isofront.evidence.decision import Approval, ApprovedMap, evidence_key
    from isofront.review.redraw import ground_of

    used = tuple(sorted(evidence_key(one) for one in story.reports))
    made = ApprovedMap(story.theatre.crs, tuple(ground_of(area) for area in story.drawing.areas), (), used, asked=())
    known_at = story.known_by - timedelta(seconds=1)
    approval = Approval(
        "a-demo", story.as_of, story.known_by, known_at, "the demo", "as drawn", __version__, len(used),
        simulated=True, known_inferred=True,
    )  # fmt: skip
    return approval, made


def days() -> list[datetime]:
    """The days of the demo's slider, the story's own day among them."""
    return [datetime(2025, month, day, tzinfo=UTC) for month, day in
            ((8, 15), (9, 5), (10, 1), (10, 20), (11, 4), (11, 20), (12, 10), (12, 31))]  # fmt: skip


def screen(sheets: list[Sheet], out: Path, *, seconds: float) -> str:
    """What the demo says at its end, on one screen."""
    story = next(sheet for sheet in sheets if sheet.as_of == STORY_DAY)
    lines = ["", f"{story.theatre.title or story.theatre.name} · SIMULATED · PRIVATE", ""]
    names = [*story.field.sides, "grey", "unobserved"]
    lines.append("            " + "".join(f"{name:>12}" for name in names) + "   km²")
    for sheet in sheets:
        areas = sheet.summary["area_km2"]
        lines.append(f"{sheet.as_of:%Y-%m-%d}  " + "".join(f"{areas[name]:>12,.0f}" for name in names))
    lines += ["", f"on {story.as_of:%d %B %Y}, from {story.summary['reports_used']} simulated reports:"]
    towns = sorted(story.settlements, key=lambda one: -(one.settlement.population or 0))[:8]
    lines += [f"  {one.settlement.name:<18} {one.status:<10} {one.p:4.0%}" for one in towns]
    lines += ["", f"made in {seconds:.0f} s", f"open {out / 'map.html'}"]
    lines += [f"what the public would see: {out / 'site' / 'index.html'}", ""]
    return "\n".join(lines)
