"""`isofront read-events`: other people's event feeds as evidence files; no theatre, no network."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.read_map import refuse_own_input, rejects_beside
from isofront.counts import counted
from isofront.errors import BadInputError

if TYPE_CHECKING:
    from isofront.feeds import Feeding, Wish
    from isofront.feeds.writing import Tally
    from isofront.sources.pseudonyms import Pseudonyms

SAY_EVERY_S = 2.0


def register(app: typer.Typer) -> None:
    """Add `read-events`."""
    app.command("read-events")(read_events)


def read_events(
    file: Annotated[Path, typer.Argument(help="a feed's file", metavar="FILE")],
    *,
    out: Annotated[Path, typer.Option(help="evidence CSV to write; rejects go beside it, to OUT.rejects.json")],
    feed: Annotated[str | None, typer.Option(help="whose feed it is, where that cannot be told")] = None,
    side: Annotated[
        list[str] | None,
        typer.Option(
            "--side", help="an actor, a word, a colour or a known side: NAME=ID of your side", metavar="NAME=ID"
        ),
    ] = None,
    theatre: Annotated[
        Path | None, typer.Option("--theatre", help="a theatre's folder: its sides, their names and its bounds")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option("--labels", help="VIINA's second file, with the kinds of events")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", help="what the evidence is attributed to")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Read an events feed: who was seen where and when, and how exactly; what cannot be told stays empty."""
    from isofront.feeds import open_feed
    from isofront.feeds.reading import read_rows
    from isofront.feeds.renamed import renamed
    from isofront.feeds.writing import EventWriter
    from isofront.feeds_apart import rows_apart
    from isofront.ground.files import atomic_file
    from isofront.sources.pseudonyms import NO_PSEUDONYMS, Pseudonyms

    refuse_own_input(out, [file, *([labels] if labels else [])])
    names = NO_PSEUDONYMS if theatre is None else Pseudonyms.of(theatre)
    kinds = _labels(labels, names) if labels else {}
    wish = _wish(feed, side or [], theatre, None if source is None else names.text(source), kinds)
    name = names.text(file.name)
    with _opened(file) as stream:
        rows = read_rows if names else rows_apart(file)  # other processes would read the file as it is
        feeding = open_feed(renamed(stream, names, file=name), file=name, wish=wish, rows=rows)
        print(f"isofront: {name}: taken for {feeding.feed} ({feeding.why})", file=sys.stderr)
        with (
            atomic_file(out) as held,
            EventWriter(held, source=feeding.source, weather=feeding.feed == "weather") as writer,
        ):
            tick = _progress(name)
            for entry in feeding.entries:
                writer.take(entry)
                tick(writer.tally.entries)
            writer.flush()
            _check_usable(name, writer.tally)
            _write_leftovers(out, writer, feeding, file=name, version=wish.sides.version)
    _tell(feeding, writer.tally, file=name)
    _say(feeding, writer.tally, out, as_json=as_json)


def _wish(
    feed: str | None, side: list[str], theatre: Path | None, source: str | None, kinds: dict[str, frozenset[str]]
) -> Wish:
    from isofront.feeds import Sides, Wish
    from isofront.feeds.sides import pairs

    given, now = pairs(side), datetime.now(UTC).replace(microsecond=0)
    if theatre is None:
        return Wish(Sides(given), now, feed, source, None, kinds)
    from isofront.theatre import load

    found = load(theatre)
    return Wish(Sides(given, found.sides), now, feed, source, found.box, kinds)


def _labels(path: Path, names: Pseudonyms) -> dict[str, frozenset[str]]:
    from isofront.feeds.reading import labels_of
    from isofront.feeds.renamed import renamed

    with _opened(path) as stream:
        name = names.text(path.name)
        return labels_of(renamed(stream, names, file=name), file=name)


def _opened(path: Path) -> BufferedIOBase:
    try:
        return path.open("rb")
    except OSError as fault:
        raise BadInputError(f"{path}: cannot be read ({fault.strerror or fault}), wanted a feed's file") from fault


def _progress(name: str) -> Callable[[int], None]:
    """Says on stderr how far a long reading is."""
    last = [time.monotonic()]

    def tick(entries: int) -> None:
        if entries % 1000 == 0 and time.monotonic() - last[0] > SAY_EVERY_S:
            last[0] = time.monotonic()
            print(f"isofront: {name}: {counted(entries, 'entry', 'entries')}", file=sys.stderr, flush=True)

    return tick


def _check_usable(name: str, tally: Tally) -> None:
    if tally.events:
        return
    said = []
    if tally.first_rejects:
        first = tally.first_rejects[0]
        said.append(f"{tally.rejected:,} rejected, first row {first.number}: {first.reason}")
    said += [f"{n:,} left out: {reason}" for reason, n in tally.left_out.most_common(3)]
    raise BadInputError(f"{name}: no event that can be used; {'; '.join(said) or 'no rows below the column names'}")


def _write_leftovers(out: Path, writer: Any, feeding: Feeding, *, file: str, version: str) -> None:
    from isofront.ground.files import atomic_file

    beside, tally = rejects_beside(out), writer.tally
    if not (tally.rejected or tally.left_out or feeding.unmapped or feeding.notes):
        beside.unlink(missing_ok=True)
        return
    with atomic_file(beside) as held:
        for part in writer.leftovers(feeding, file=file, crosswalks=[version]):
            held.write(part)


def _tell(feeding: Feeding, tally: Tally, *, file: str) -> None:
    for line in _lines(feeding, tally, file):
        print(f"isofront: {line}", file=sys.stderr)


def _lines(feeding: Feeding, tally: Tally, file: str) -> Iterator[str]:
    yield from (f"{file} {note}" for note in feeding.notes)
    for fault in tally.first_rejects:
        yield f"{file} row {fault.number}{f', {fault.column}' if fault.column else ''}: {fault.reason}"
    if tally.rejected:
        yield f"{tally.rejected:,} rejected in all"
    yield from (f"left out: {n:,} × {reason}" for reason, n in tally.left_out.most_common(20))
    for name, n in sorted(feeding.unmapped.items(), key=lambda item: -item[1])[:10]:
        yield f'no side: {n:,} × {name[:60]} (--side "{name[:60]}=ID" maps it)'


def _say(feeding: Feeding, tally: Tally, out: Path, *, as_json: bool) -> None:
    beside = rejects_beside(out)
    if as_json:
        print(json.dumps(_document(feeding, tally, out), ensure_ascii=False))
        return
    kinds = ", ".join(f"{n:,} {kind}" for kind, n in tally.kinds.most_common())
    if feeding.feed == "weather":
        days = f"{counted(tally.rows, 'day')} of weather of {counted(tally.entries, 'row')}"
        print(f"{out}: {days}; `[observing] weather` may name it")
        return
    print(f"{out}: {counted(tally.rows, 'row')} of {counted(tally.entries, 'entry', 'entries')}: {kinds}")
    seen = ", ".join(f"{n:,} {side or 'not told'}" for side, n in tally.seen.most_common())
    print(f"  seen: {seen}")
    if beside.exists():
        print(f"  what was rejected, left out or not mapped: {beside}")


def _document(feeding: Feeding, tally: Tally, out: Path) -> dict[str, Any]:
    beside = rejects_beside(out)
    return {
        "out": str(out),
        "feed": feeding.feed,
        "why": feeding.why,
        "source": feeding.source,
        "entries": tally.entries,
        "events": tally.events,
        "rows": tally.rows,
        "rejects": tally.rejected,
        "left_out": dict(tally.left_out.most_common()),
        "kinds": dict(tally.kinds.most_common()),
        "seen": dict(tally.seen.most_common()),
        "unmapped": dict(sorted(feeding.unmapped.items(), key=lambda item: -item[1])),
        "notes": feeding.notes,
        "rejects_file": str(beside) if beside.exists() else None,
    }
