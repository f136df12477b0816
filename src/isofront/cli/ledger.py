"""`isofront ledger verify`, `retract` and `redact`: what can be done to a ledger, none of which edits it."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from isofront.cli.plain_steps import waiting
from isofront.counts import counted
from isofront.errors import IntegrityError, UsageError
from isofront.evidence import Verdict, ledger_path
from isofront.evidence import verify as verified
from isofront.evidence.claim import one_object
from isofront.evidence.claim_index import forget_index, index_differs
from isofront.evidence.ledger import only_writing
from isofront.evidence.rejects import forget_rows
from isofront.theatre import home_of

_Folder = Annotated[Path, typer.Option("--theatre", help="the theatre's folder")]
_Id = Annotated[str, typer.Argument(help="the report's id", metavar="ID")]
_Reason = Annotated[str, typer.Option("--reason", help="why; kept in the ledger")]
_AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document")]


def register(app: typer.Typer) -> None:
    """Add `ledger verify`, `retract` and `redact`."""
    group = typer.Typer(help="look after the ledger", no_args_is_help=True, rich_markup_mode=None)
    group.callback()(lambda: None)
    group.command("verify")(verify)
    app.add_typer(group, name="ledger")
    app.command("retract")(retract)
    app.command("redact")(redact)


def verify(
    *,
    theatre: _Folder = Path(),
    head: Annotated[
        str | None, typer.Option(help="a head hash kept from before: it must occur in the chain", metavar="HASH")
    ] = None,
    as_json: _AsJson = False,
) -> int:
    """Check every line of the ledger; print how many there are and the head's hash, or the first bad line."""
    path = ledger_path(home_of(theatre))
    verdict = verified(path, head=head)
    if verdict.holds and index_differs(path):
        forget_index(path)
        verdict = replace(verdict, fault="the index of claims was changed from outside; it is thrown away")
    if as_json:
        print(json.dumps(_document(verdict)))
    else:
        print(_line(path, verdict))
    if verdict.fault is None:
        return 0
    where = f"line {verdict.first_bad}: " if verdict.first_bad is not None else ""
    print(f"isofront: {path}: {where}{verdict.fault}", file=sys.stderr)
    return IntegrityError.exit_code


def retract(report_id: _Id, *, reason: _Reason, theatre: _Folder = Path(), as_json: _AsJson = False) -> None:
    """Take a report back: it no longer counts, except for what was known before now."""
    folder = home_of(theatre)
    _refuse_empty(reason)
    with only_writing(folder, waiting=waiting) as ledger:
        todo = [name for name in one_object(ledger, report_id) if not ledger.is_taken_back(name)]
        for name in todo:
            ledger.retract(name, reason, now=datetime.now(UTC))
        head = ledger.head
    said = "retracted" if todo else "was retracted before; nothing was recorded"
    document = {"retracted": report_id, "before": not todo, "head": head}
    _print(document, f"{report_id}: {said}\nhead {head}", as_json=as_json)


def redact(report_id: _Id, *, reason: _Reason, theatre: _Folder = Path(), as_json: _AsJson = False) -> None:
    """Destroy a report's bytes, coordinates and text; a tombstone stays, and the chain still verifies."""
    folder = home_of(theatre)
    _refuse_empty(reason)
    with only_writing(folder, waiting=waiting) as ledger:
        names = one_object(ledger, report_id)
        several = [ledger.redact(name, reason, now=datetime.now(UTC)) for name in names]
        done = replace(several[0], payloads=sum(one.payloads for one in several))
        rows = sum(forget_rows(folder, name) for name in names)
        head = ledger.head
    destroyed = f"{counted(done.payloads, 'payload')} destroyed"
    said = "was redacted before; the file was scrubbed again" if done.before else destroyed
    document = {"redacted": report_id, "line": done.n, "payloads": done.payloads, "rejected_rows": rows, "head": head}
    _print(document, f"{report_id} (line {done.n}): {said}\nhead {head}", as_json=as_json)


def _refuse_empty(reason: str) -> None:
    if not reason.strip():
        raise UsageError("--reason is empty, wanted a few words on why")


def _document(verdict: Verdict) -> dict[str, object]:
    return {
        "holds": verdict.holds,
        "count": verdict.count,
        "head": verdict.head,
        "redacted": verdict.redacted,
        "first_bad": verdict.first_bad,
        "fault": verdict.fault,
        "head_at": verdict.head_at,
    }


def _line(path: Path, verdict: Verdict) -> str:
    since = ""
    if verdict.head_at is not None and verdict.head_at < verdict.count:
        later = counted(verdict.count - verdict.head_at, "line")
        since = f"; the head given is line {verdict.head_at:,}, {later} added since"
    redacted = f", {verdict.redacted:,} redacted" if verdict.redacted else ""
    state = "verified" if verdict.holds else "DOES NOT VERIFY"
    return f"{path}: {state}, {counted(verdict.count, 'line')}{redacted}, head {verdict.head}{since}"


def _print(document: dict[str, object], lines: str, *, as_json: bool) -> None:
    print(json.dumps(document, ensure_ascii=False) if as_json else lines)
