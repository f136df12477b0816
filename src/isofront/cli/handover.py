"""`isofront handover`: what the next person at the desk must know, on one screen. Private."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from isofront.cli.map import moment, steps

if TYPE_CHECKING:
    from isofront.engine import Draft


def register(app: typer.Typer) -> None:
    """Add `handover`."""
    app.command("handover")(handover)


def handover(
    *,
    theatre: Annotated[Path, typer.Option("--theatre", help="the theatre's folder")] = Path(),
    as_of: Annotated[str | None, typer.Option(help="the day; else the day after the last report, or today")] = None,
    known_by: Annotated[str | None, typer.Option(help="use only what was known before")] = None,
    out: Annotated[Path | None, typer.Option(help="write it there too, readable by its owner only")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Say on one screen what to decide, what ends, what to watch and where to be careful. PRIVATE."""
    from isofront.theatre import home_of

    home = home_of(theatre)
    known = None if known_by is None else moment(known_by, option="--known-by")
    day = _usual_day(home) if as_of is None else moment(as_of, option="--as-of")
    from isofront.desk import handover as screen
    from isofront.ground.files import write_atomically

    with steps(1) as say:
        told = screen.handover(_draft(theatre, day, known, say), say=say)
    text = json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n" if as_json else screen.page(told)
    if out is not None:
        write_atomically(out, text.encode(), private=True)
    sys.stdout.write(text)


def _draft(theatre: Path, day: datetime, known: datetime | None, say: object) -> Draft:
    from isofront.engine import drafts

    return next(iter(drafts(theatre, [day], None if known is None else [known], progress=say)))  # type: ignore[arg-type]


def _usual_day(folder: Path) -> datetime:
    """The start of the day after the last thing reported, but no later than today; never before the anchor."""
    from isofront.engine import read_reports
    from isofront.theatre import load

    now, began = datetime.now(UTC), load(folder).anchor.date
    last = max((one.happened.start for one in read_reports(folder, now)), default=began)
    midnight, today = (one.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) for one in (last, now))
    return max(began, min(midnight + timedelta(days=1), max(today, midnight)))
