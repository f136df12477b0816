"""`isofront map`: the draft of one day, or of several, as files and as one page."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.elsewhere import elsewhere, other_processes
from isofront.cli.plain_steps import plain_steps
from isofront.counts import counted
from isofront.errors import Interrupted, UsageError
from isofront.theatre import start_of

if TYPE_CHECKING:
    from isofront.publish import Sheet
    from isofront.publish.write import Begin

FEW_DAYS = 2
WRITERS = 2
_DAYS_UNDER_WORK = ("--as-of", "--on")

_log = logging.getLogger("isofront.map")


def register(app: typer.Typer) -> None:
    """Add `map`."""
    app.command("map")(draw_map)


def draw_map(
    *,
    out: Annotated[Path, typer.Option(help="folder for the map's files")],
    theatre: Annotated[Path, typer.Option(help="the theatre's folder")] = Path(),
    as_of: Annotated[
        list[str] | None, typer.Option(help="00:00 UTC at the start of this day, or a time; give it several times")
    ] = None,
    known_by: Annotated[
        str | None, typer.Option(help="use only what was known before; default: the start of the day after --as-of")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print summary.json (or index.json) on stdout")] = False,
) -> None:
    """Compute the draft map of a day, with its doubt and its reasons. Everything written is PRIVATE."""
    if not as_of:
        raise UsageError("map needs a day: --as-of 2030-01-31 (several give a page with a time slider)")
    days = moments(as_of, option="--as-of")
    known = [moment(known_by, option="--known-by")] * len(days) if known_by is not None else None
    try:
        sheets = write_maps(theatre, days, known, out)
    except KeyboardInterrupt as stop:
        raise Interrupted(f"interrupted; no map was drawn, and what {out} held is as it was") from stop
    document = written_document(sheets, out)
    sys.stdout.write(document if as_json else "".join(f"{one_line(sheet)}\n" for sheet in sheets))
    if not as_json:
        sys.stdout.write(f"map: {out / 'map.html'}\n")


def moments(words: Sequence[str], *, option: str) -> list[datetime]:
    """Dates (also with commas between) and times as UTC moments, in order, each once.

    Raises:
        UsageError: a word is neither.
    """
    return sorted({moment(word, option=option) for word in ",".join(words).split(",")})


def moment(word: str, *, option: str) -> datetime:
    """One date or time as a UTC moment; of a day under work it is said if it lies in the future.

    Raises:
        UsageError: the word is neither, or the calendar ends before the day does.
    """
    try:
        found = start_of(word)
        _ = found + timedelta(days=1)
    except (ValueError, OverflowError) as fault:
        raise UsageError(f"{option}: read {word!r}, wanted a date like 2030-01-31 or a time") from fault
    if option in _DAYS_UNDER_WORK:
        say_if_ahead(found, option=option)
    return found


def say_if_ahead(found: datetime, *, option: str) -> None:
    """Say that a moment lies in the future: a slip of the pen, unless the war is invented."""
    now = datetime.now(UTC)
    if found > now + timedelta(days=1):
        _log.warning(f"{option} {found:%Y-%m-%d} lies in the future (now is {now:%Y-%m-%d})")


def write_maps(theatre: Path, days: Sequence[datetime], known_by: Sequence[datetime] | None, out: Path) -> list[Sheet]:
    """Draft every day and write its files: into `out` for one day, else into a folder each with an index; one page.

    While one day is written another is drafted, in a second process, as long as there are several; of one day the
    pictures are drawn there. All files take their places together at the end: until then `out` holds what it held.
    """
    from isofront.engine import drafts, sheet
    from isofront.engine.necks import with_necks
    from isofront.engine.routes import roads_of, with_routes
    from isofront.ground.files import write_atomically, written_together
    from isofront.publish import map_data, write_index
    from isofront.publish.page import map_html
    from isofront.publish.stamp import folder_of

    sheets: list[Sheet] = []
    roads = None
    with steps(len(days)) as say, written_together(out) as new:
        with _writers(len(days)) as write:
            for draft in drafts(theatre, days, known_by, progress=say):
                say(f"{draft.as_of:%Y-%m-%d}: drawing")
                roads = roads_of(draft.ground) if not sheets else roads
                made = with_routes(with_necks(sheet(draft), draft), draft, roads)
                write(made, new if len(days) == 1 else new / folder_of(made.as_of))
                sheets.append(made)
                say("")
        if len(days) > 1:
            say("one page of all days")
            write_index(new, sheets)
            write_atomically(new / "map.html", map_html(map_data(sheets)))
        _spare_own_files(theatre, sheets[0], out, new)
    return sheets


def _spare_own_files(theatre: Path, sheet: Sheet, out: Path, new: Path) -> None:
    """Stop before a file of the map takes the place of one that the theatre is made from, its first map above all."""
    own = {(theatre / name).resolve(): name for name in sheet.theatre.own_files}
    for one in sorted(new.rglob("*")):
        name = own.get((out / one.relative_to(new)).resolve())
        if name is not None and one.is_file():
            raise UsageError(
                f"--out {out}: the map would overwrite {name}, which theatre.toml names; wanted a folder elsewhere"
            )


def write_day(made: Sheet, folder: Path, begin: Begin = partial) -> None:
    """Every file of one day, its page among them."""
    from isofront.ground.files import write_atomically
    from isofront.publish import map_data, write_sheet
    from isofront.publish.page import map_html

    write_sheet(made, folder, begin)
    write_atomically(folder / "map.html", map_html(map_data([made])))


@contextmanager
def _writers(n_days: int) -> Iterator[Callable[[Sheet, Path], None]]:
    """Writes at once if there are few days, else in the background; leaving waits for all and raises their faults."""
    if n_days <= FEW_DAYS:
        with elsewhere() as pen:
            yield lambda made, folder: write_day(made, folder, pen.begin)
        return
    others = other_processes(WRITERS)
    if others is None:
        yield write_day
        return
    with others as pool:
        pending: list[Future[None]] = []
        try:
            yield lambda made, folder: pending.append(pool.submit(write_day, made, folder))
            for one in pending:
                one.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def written_document(sheets: Sequence[Sheet], out: Path) -> str:
    """The one JSON document that stands for the run."""
    path = out / ("summary.json" if len(sheets) == 1 else "index.json")
    document: Any = json.loads(path.read_text(encoding="utf-8"))
    return json.dumps(document, ensure_ascii=False) + "\n"


def one_line(sheet: Sheet) -> str:
    """A day's map in one line."""
    areas = sheet.summary["area_km2"]
    said = ", ".join(f"{name} {km2:,.0f} km²" for name, km2 in areas.items())
    return f"{sheet.as_of:%Y-%m-%d}  {said}; {counted(sheet.summary['reports_used'], 'report')}"


@contextmanager
def steps(total: int) -> Iterator[Callable[[str], None]]:
    """A bar on stderr, plain lines where that is no terminal; the empty word means that one of the days is done."""
    if not sys.stderr.isatty():
        with plain_steps(total) as say:
            yield say
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), BarColumn(), TextColumn("{task.completed}/{task.total}  {task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=total)
        yield lambda word: bar.update(task, description=word) if word else bar.advance(task)
