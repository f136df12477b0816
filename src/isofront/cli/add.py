"""`isofront add` and `isofront check`: users' files into the ledger, and a look at them beforehand."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from isofront.cli.add_approved import Own, add_maps
from isofront.cli.plain_steps import Rows, waiting
from isofront.counts import counted
from isofront.errors import BadInputError, Interrupted, UsageError
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.rejects import REJECTS_FILE
from isofront.intake import Progress, Reason, Tally, add_files, check_files
from isofront.sources import Doubt
from isofront.sources.pseudonyms import Pseudonyms
from isofront.theatre import home_of, load

TOP = 5

_Files = Annotated[list[Path], typer.Argument(help="CSV, GeoJSON or NDJSON", metavar="FILE...")]
_Folder = Annotated[Path, typer.Option("--theatre", help="the theatre's folder")]
_Backfill = Annotated[
    bool, typer.Option("--backfill", help="old evidence: it was known when it was published, not now")
]
_Source = Annotated[str | None, typer.Option("--source", help="who reports, where rows or the file do not say")]
_AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document")]


def register(app: typer.Typer) -> None:
    """Add `add` and `check`."""
    app.command("add")(add)
    app.command("check")(check)


def add(
    files: _Files,
    *,
    theatre: _Folder = Path(),
    backfill: _Backfill = False,
    correct: Annotated[
        bool, typer.Option("--correct", help="a known id with other content is a correction, not a reject")
    ] = False,
    source: _Source = None,
    approved: Annotated[
        bool, typer.Option("--approved", help="the files are your own dated maps: record each as an approved map")
    ] = False,
    by: Annotated[str | None, typer.Option(help="with --approved: who approved them; kept in the ledger")] = None,
    reason: Annotated[str | None, typer.Option(help="with --approved: why; kept in the ledger")] = None,
    crosswalk: Annotated[
        Path | None, typer.Option(help="with --approved: TOML file, what the maps' classes mean")
    ] = None,
    sides: Annotated[
        str | None,
        typer.Option(help="with --approved: your ids for the maps' sides: x=south,y=north", metavar="ID=ID,..."),
    ] = None,
    as_json: _AsJson = False,
) -> int:
    """Add evidence to the theatre's ledger; rows that cannot be used are kept aside with their reason."""
    folder = home_of(theatre)
    own = Own(by, reason, crosswalk, sides)
    if approved:
        if backfill or correct or source:
            raise UsageError("--backfill, --correct and --source are about evidence, not about maps (--approved)")
        return add_maps(folder, files, own, waiting=waiting, as_json=as_json)
    if own.given:
        raise UsageError("--by, --reason, --crosswalk and --sides go with --approved")
    safe: dict[str, int] = {}
    try:
        with _bar(as_json=as_json) as show:

            def noted(at: Progress) -> None:
                safe[at.file] = at.rows_acknowledged
                show(at)

            tally = add_files(
                folder,
                files,
                backfill=backfill,
                correct=correct,
                now=datetime.now(UTC),
                progress=noted,
                waiting=waiting,
                theatre=load(theatre),
                source=source,
            )
    except KeyboardInterrupt as stop:
        n_safe = sum(safe.values())
        rows = f"{counted(n_safe, 'row')} {'is' if n_safe == 1 else 'are'} safe in the ledger"
        raise Interrupted(f"interrupted; {rows}, and adding the files again goes on from there") from stop
    return _say(tally, store=folder / REJECTS_FILE, as_json=as_json)


def check(
    files: _Files,
    *,
    theatre: _Folder = Path(),
    backfill: _Backfill = False,
    source: _Source = None,
    as_json: _AsJson = False,
) -> int:
    """Read evidence as `add` would and say what would become of it; nothing is written."""
    folder = home_of(theatre)
    with _bar(as_json=as_json, word="read") as show, _ledger_of(folder) as ledger:
        tally, rejects = check_files(
            load(theatre),
            files,
            backfill=backfill,
            now=datetime.now(UTC),
            source=source,
            pseudonyms=Pseudonyms.of(folder),
            ledger=ledger,
            progress=show,
        )
    for reject in [one for one in rejects if one.row][:20]:
        column = f", {reject.column}" if reject.column else ""
        print(f"{reject.file} row {reject.row}{column}: {reject.reason}", file=sys.stderr)
    return _say(tally, store=None, as_json=as_json)


def _ledger_of(folder: Path) -> contextlib.AbstractContextManager[Ledger | None]:
    """The theatre's ledger to look into, if it has one yet."""
    path = ledger_path(folder)
    return Ledger.open(path) if path.exists() else contextlib.nullcontext()


@contextlib.contextmanager
def _bar(*, as_json: bool, word: str = "safe") -> Iterator[Callable[[Progress], None]]:
    """A progress bar on stderr where a person is looking, else a plain line now and then."""
    if as_json or not sys.stderr.isatty():
        tell = Rows(word)
        yield lambda at: tell(at.file, at.rows_acknowledged)
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rows]:,} rows " + word))
    with Bars(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def show(progress: Progress) -> None:
            if progress.file not in tasks:
                tasks[progress.file] = bars.add_task(progress.file, total=progress.bytes_all, rows=0)
            bars.update(
                tasks[progress.file],  # type: ignore[arg-type]
                completed=progress.bytes_read,
                rows=progress.rows_acknowledged,
            )

        yield show


def _say(tally: Tally, *, store: Path | None, as_json: bool) -> int:
    """Print what became of the rows; 3 where none of any file could be used."""
    faults = [file.fault for file in tally.files if file.fault is not None]
    if faults and not tally.total("read"):
        raise BadInputError("; ".join(faults))
    for fault in faults:
        print(f"isofront: {fault}", file=sys.stderr)
    print(json.dumps(_document(tally), ensure_ascii=False) if as_json else "\n".join(_lines(tally, store)))
    return 0 if tally.usable else BadInputError.exit_code


def _document(tally: Tally) -> dict[str, object]:
    counts = ("read", "added", "duplicates", "corrections", "rejects", "linked")
    return {
        "files": [
            {"file": file.file, "format": file.format, "encoding": file.encoding}
            | {count: getattr(file, count) for count in counts}
            | {"fault": file.fault, "unused_columns": list(file.unused_columns)}
            for file in tally.files
        ],
        **{count: tally.total(count) for count in counts},
        "unknown_sources": dict(tally.unknown_sources.most_common()),
        "outside": tally.doubts[Doubt.OUTSIDE],
        "swapped_suspects": tally.doubts[Doubt.SWAPPED],
        "before_start": tally.doubts[Doubt.BEFORE_START],
        "published_early": tally.doubts[Doubt.PUBLISHED_EARLY],
        "known_late": tally.doubts[Doubt.KNOWN_LATE],
        "words_not_understood": dict(tally.words.most_common()),
        "known_inferred": tally.known_inferred,
        "simulated": tally.simulated,
        "reasons": [{"reason": key, "count": why.count, "first": _first(why)} for key, why in _top(tally)],
        "head": tally.head or None,
        "count": tally.count,
    }


def _top(tally: Tally) -> list[tuple[str, Reason]]:
    return sorted(tally.reasons.items(), key=lambda item: -item[1].count)


def _first(why: Reason) -> str:
    return f"{why.file} row {why.row}: {why.example}"


def _lines(tally: Tally, store: Path | None) -> Iterator[str]:
    for file in tally.files:
        if file.fault is None:
            yield (
                f"{file.file}: {counted(file.read, 'row')} read ({file.format}, {file.encoding}): {file.added:,} "
                f"{'added' if store else 'usable'}, {file.duplicates:,} already known, "
                f"{counted(file.corrections, 'correction')}, {file.rejects:,} rejected"
            )
        if file.unused_columns:
            yield f"  columns not used: {', '.join(file.unused_columns[:10])}"
    yield from _notes(tally)
    yield from _reject_lines(tally, store)
    if store:
        yield f"ledger: {counted(tally.count, 'line')}, head {tally.head}"


def _notes(tally: Tally) -> Iterator[str]:
    if tally.total("linked"):
        yield f"  {counted(tally.total('linked'), 'near-duplicate')} of others: linked, they count once"
    for doubt in Doubt:
        if tally.doubts[doubt] and doubt is not Doubt.SWAPPED:
            yield f"  {tally.doubts[doubt]:,} {doubt.value}{_named(tally, doubt)}"
    if tally.doubts[Doubt.SWAPPED]:
        yield f"  {tally.doubts[Doubt.SWAPPED]:,} rejected {Doubt.SWAPPED.value}: check their order in the file"
    if tally.known_inferred:
        yield f"  {tally.known_inferred:,} without a publication time: when they were known is inferred"
    if tally.simulated:
        yield f"  {tally.simulated:,} SIMULATED"


def _named(tally: Tally, doubt: Doubt) -> str:
    names = {Doubt.UNKNOWN_SOURCE: tally.unknown_sources, Doubt.WORD: tally.words}.get(doubt)
    if names is None:
        return ""
    shown = ", ".join(f"{name} ({count:,})" for name, count in names.most_common(TOP))
    what = " (kept, reliability F unless the row has one)" if doubt is Doubt.UNKNOWN_SOURCE else ""
    return f"{what}: {shown}{', …' if len(names) > TOP else ''}"


def _reject_lines(tally: Tally, store: Path | None) -> Iterator[str]:
    told, rest = _top(tally)[:TOP], _top(tally)[TOP:]
    for _, why in told:
        yield f"  rejected {why.count:,}: e.g. {_first(why)}"
    if rest:
        yield f"  rejected {sum(why.count for _, why in rest):,} for {counted(len(rest), 'more reason')}"
    if tally.reasons and store:
        yield f"  every rejected row with its reason: {store} (private)"
