"""`isofront bundle out` and `bundle in`: reports, drafts and decisions between two ledgers of one theatre. Private."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.map import moment, steps
from isofront.cli.plain_steps import waiting
from isofront.counts import counted
from isofront.errors import BadInputError
from isofront.theatre import home_of, load

if TYPE_CHECKING:
    from isofront.desk.keeping import RowDraft
    from isofront.evidence.bundle import Bundle
    from isofront.evidence.bundle_records import ToldDraft
    from isofront.evidence.bundle_tally import Conflict, Merged
    from isofront.theatre.model import Theatre

_Folder = Annotated[Path, typer.Option("--theatre", help="the theatre's folder")]
_AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document")]
UNSAVED = "unsaved.ndjson"
"""Rows that somebody else began and did not save, in the desk's private folder."""
_COUNTS = (
    ("reports", "report"), ("corrections", "correction"), ("retractions", "retraction"),
    ("claims", "claim"), ("assessments", "assessment"),
    ("decisions", "decision"), ("approvals", "approved map"), ("locks", "lock or unlock"),
    ("tombstones", "report kept out that was redacted there"),
)  # fmt: skip
_ONE = {"reports": "report", "entries": "entry", "tombstones": "tombstone", "drafts": "unsaved row"}
_PLURALS = {
    "lock or unlock": "locks and unlocks",
    "report kept out that was redacted there": "reports kept out that were redacted there",
    "entry": "entries",
}
_ASIDE = (
    ("same", "here already"), ("kept_out", "kept out: redacted here"),
    ("agreed", "alike to a verdict of ours"), ("settled", "overruled there by what is ours"),
    ("known_apart", "known there at another time than here"),
    ("missing", "in neither (the bundle was made with --since): ask for one without it"),
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add `bundle out` and `bundle in`."""
    group = typer.Typer(help="carry reports and decisions between ledgers", no_args_is_help=True, rich_markup_mode=None)
    group.callback()(lambda: None)
    group.command("out")(bundle_out)
    group.command("in")(bundle_in)
    app.add_typer(group, name="bundle")


def bundle_out(
    file: Annotated[Path, typer.Argument(help="the bundle to write", metavar="FILE")],
    *,
    theatre: _Folder = Path(),
    since: Annotated[str | None, typer.Option(help="only what was recorded from this day or time on")] = None,
    as_json: _AsJson = False,
) -> None:
    """Write a bundle: reports as they were read, decisions, locks, what was redacted, unsaved rows. PRIVATE."""
    from isofront.evidence import Ledger, ledger_path
    from isofront.evidence.bundle import write_bundle
    from isofront.evidence.bundle_out import told_by

    war, folder = load(theatre), home_of(theatre)
    after = None if since is None else moment(since, option="--since")
    with steps(1) as say, Ledger.open(ledger_path(folder)) as ledger:
        say("writing the bundle")
        lines = told_by(ledger, theatre=war.name, sides=war.side_ids, since=after, drafts=_drafts(folder))
        told = {"reports": 0, "entries": 0, "tombstones": 0, "drafts": 0}
        total = write_bundle(file, _counted(lines, told))
        head = ledger.head
    document = {"stamp": "PRIVATE", "theatre": war.name, "file": str(file), "sum": total, **told, "head": head}
    counts = ", ".join(counted(n, _ONE[what], _PLURALS.get(_ONE[what])) for what, n in told.items())
    _print(document, f"PRIVATE  {file}: {counts}\nsum {total}", as_json=as_json)


def bundle_in(
    file: Annotated[Path, typer.Argument(help="a bundle of the same theatre", metavar="FILE")],
    *,
    theatre: _Folder = Path(),
    take: Annotated[
        list[str] | None, typer.Option(help="an id listed as a conflict: theirs is recorded", metavar="ID")
    ] = None,
    redact: Annotated[bool, typer.Option("--redact", help="destroy here what was redacted there")] = False,
    wanted: Annotated[
        str | None, typer.Option("--sum", help="the sum that `bundle out` printed, told by another way")
    ] = None,
    as_json: _AsJson = False,
) -> None:
    """Add what is new in a bundle; what differs is listed and left as it is. The same bundle again adds nothing."""
    from isofront.evidence import Ledger, ledger_path
    from isofront.evidence.bundle import open_bundle
    from isofront.evidence.bundle_in import Terms, merge
    from isofront.evidence.store import only_writer

    war, folder = load(theatre), home_of(theatre)
    terms = Terms(datetime.now(UTC), frozenset(take or ()), redact)
    with steps(1) as say:
        say("reading the bundle")
        bundle = open_bundle(file, theatre=war.name, sides=war.side_ids, wanted_sum=wanted)
        _refuse_names(bundle, folder)
        say("adding what is new")
        with (
            only_writer(folder, waiting=waiting),
            Ledger.open(ledger_path(folder), create=True, waiting=waiting) as ledger,
        ):
            merged = merge(ledger, bundle, terms)
    drafts = _keep(folder, merged)
    document = _document(merged, war, file) | {"drafts": drafts}
    _print(document, "\n".join(_lines(merged, drafts)), as_json=as_json)


def _refuse_names(bundle: Bundle, folder: Path) -> None:
    """A name that must stay unknown here is not taken in from elsewhere: its line was hashed with it there."""
    from isofront.sources.pseudonyms import FILE_NAME, Pseudonyms

    names = Pseudonyms.of(folder)
    number = bundle.first_changed_by(names.content) if names else None
    if number is not None:
        raise BadInputError(
            f"{bundle.path.name} line {number}: holds a name that {FILE_NAME} replaces here, wanted a bundle without: "
            f"made after a `redact` there, where {FILE_NAME} has the same line"
        )


def _counted(lines: Any, told: dict[str, int]) -> Any:
    names = {"ToldReport": "reports", "ToldEntry": "entries", "Tombstone": "tombstones", "ToldDraft": "drafts"}
    for line in lines:
        name = names.get(type(line).__name__)
        if name is not None:
            told[name] += 1
        yield line


def _document(merged: Merged, war: Theatre, file: Path) -> dict[str, Any]:
    told = asdict(merged)
    return {"stamp": "PRIVATE", "theatre": war.name, "file": str(file)} | told


def _lines(merged: Merged, drafts: int) -> list[str]:
    added = [counted(n, one, _PLURALS.get(one)) for name, one in _COUNTS if (n := getattr(merged, name))]
    added += [counted(drafts, "unsaved row")] if drafts else []
    lines = ["added " + (", ".join(added) or "nothing")]
    lines += [f"{getattr(merged, name):,} {what}" for name, what in _ASIDE if getattr(merged, name)]
    lines += [f"unsaved rows lie in desk/{UNSAVED}"] if drafts else []
    lines += [f"{name}: redacted here too" for name in merged.redacted]
    lines += [f"--take {name}: nothing in the bundle has this id" for name in merged.not_there]
    lines += [f"{name} waits: it follows a verdict that is in conflict" for name in merged.waiting]
    if merged.conflicts:
        lines.append(f"{counted(len(merged.conflicts), 'conflict')}, not merged:")
    for one in merged.conflicts:
        lines += _conflict_lines(one)
    return [*lines, f"{counted(merged.count, 'line')}, head {merged.head}"]


def _conflict_lines(one: Conflict) -> list[str]:
    return [f"  {one.kind} {one.id}", f"    ours:   {one.ours}", f"    theirs: {one.theirs}", f"    {one.settle}"]


def _drafts(folder: Path) -> list[ToldDraft]:
    """The rows that somebody is writing at a desk, if any."""
    from isofront.desk.desk import PRIVATE_FOLDER
    from isofront.desk.keeping import RowDraft, kept
    from isofront.desk.row_file import row_files

    private = folder / PRIVATE_FOLDER
    return [told for path in row_files(private) for told in _told(kept(private, path.name, RowDraft, RowDraft()))]


def _told(draft: RowDraft) -> list[ToldDraft]:
    from isofront.evidence.bundle_records import ToldDraft
    from isofront.evidence.decision import named

    row = {name: text for name, text in draft.cells.items() if text.strip()}
    row |= {"happened_at": draft.day} if draft.day and "happened_at" not in row else {}
    row |= {"pasted": draft.text.strip()} if draft.text.strip() else {}
    return [ToldDraft(named("u", sorted(row.items())), row)] if len(row) > 1 else []


def _keep(folder: Path, merged: Merged) -> int:
    """Put unsaved rows aside, each once: they are nobody's evidence until somebody saves them."""
    from isofront.desk.desk import PRIVATE_FOLDER
    from isofront.ground.files import write_atomically

    path = folder / PRIVATE_FOLDER / UNSAVED
    known = [line for line in path.read_text(encoding="utf-8").split("\n") if line] if path.exists() else []
    there = {_named(line) for line in known}
    rows = [{"draft": one.id, **one.row} for one in merged.drafts if one.id not in there]
    if rows:
        lines = known + [json.dumps(row, ensure_ascii=False) for row in rows]
        write_atomically(path, "".join(f"{line}\n" for line in lines).encode(), private=True)
    return len(rows)


def _named(line: str) -> object:
    """The name of a row that lies there already; a line that somebody broke has none, and stays as it is."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row.get("draft") if isinstance(row, dict) else None


def _print(document: dict[str, Any], text: str, *, as_json: bool) -> None:
    print(json.dumps(document, ensure_ascii=False, allow_nan=False) if as_json else text)
