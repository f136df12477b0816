"""What may become public of one report, set by hand: a correction in the ledger that changes nothing else."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from isofront.desk.desk import Desk
from isofront.desk.gis_out import report_row
from isofront.desk.routing import NotFoundError
from isofront.errors import BadInputError, UsageError
from isofront.evidence.decision import Judge
from isofront.evidence.report import Report
from isofront.intake import add_files
from isofront.sources import Refused, Terms
from isofront.sources.row import read_row
from isofront.theatre.model import RELEASE_CLASSES


def put_class(desk: Desk, name: str, release: str, judge: Judge) -> dict[str, Any]:
    """The ledger's head once a report has this release class ("" = the theatre's now); who and why stay with the row.

    Raises:
        UsageError: there is no such class.
        NotFoundError: there is no such report, or it was taken back.
        BadInputError: the report cannot be read back as a row.
    """
    if release and release not in RELEASE_CLASSES:
        raise UsageError(f"release: {release[:20]!r}, wanted {', '.join(RELEASE_CLASSES)} or nothing")
    with desk.ledger() as ledger:
        report = next((one for one in ledger.reports() if one.id == name), None)
    if report is None:
        raise NotFoundError(f"id: {name[:60]!r} is no report that stands")
    row = _row(report, release or desk.theatre.policy.release_class, judge)
    if not _says_the_same(row, report, Terms.of(desk.theatre, now=judge.now)):
        raise BadInputError(f"id: {name[:60]!r} cannot be read back as a row: correct it with `add --correct`")
    with tempfile.TemporaryDirectory(prefix="isofront-") as folder:
        file = Path(folder) / "release.ndjson"
        file.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
        tally = add_files(desk.folder, [file], correct=True, now=judge.now, theatre=desk.theatre)
    if tally.total("rejects") or any(one.fault for one in tally.files):
        raise BadInputError(f"id: {name[:60]!r} was not taken; its reject is kept")
    return {"head": tally.head, "count": tally.count, "corrected": tally.total("corrections")}


def _row(report: Report, release: str, judge: Judge) -> dict[str, Any]:
    told = report_row(report) | {"release": release, "lon": repr(report.lon), "lat": repr(report.lat)}
    told |= {"reason": judge.reason, "reviewer": judge.by}
    return {name: value for name, value in told.items() if value is not None and name not in ("known_at", "act")}


def _says_the_same(row: dict[str, Any], report: Report, terms: Terms) -> bool:
    """Whether the row reads as the report but for its class: a correction must not change evidence by the way."""
    cells = {name: str(value) for name, value in row.items()}
    found = read_row(cells, number=1, raw=b"", terms=terms)
    if isinstance(found, Refused):
        return False
    kept = {name: getattr(report, name) for name in ("known_at", "known_inferred", "group", "release")}
    return replace(found.report, **kept) == report
