"""A row that a person writes at the desk, read by the same reader as every evidence file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from isofront.desk.desk import Desk
from isofront.desk.habits import Habits, habits_of
from isofront.desk.sentence import sentences_of
from isofront.desk.written_times import happened_text
from isofront.errors import UsageError
from isofront.evidence import Report
from isofront.sources import Found, Refused, Terms
from isofront.sources.columns import COLUMNS
from isofront.sources.row import read_row


def read_cells(
    desk: Desk, cells: Mapping[str, str], *, day: str, part: str, backfill: bool, row: int = 1
) -> Found | Refused:
    """The report that the cells make in this theatre, or why they make none."""
    unknown = sorted(set(cells) - set(COLUMNS))
    if unknown:
        raise UsageError(f"cells: {', '.join(unknown)[:80]} are no columns of evidence")
    told = {name: " ".join(value.split()) for name, value in cells.items() if value.strip()}
    if day:
        told["happened_at"] = happened_text(day, part, zone=desk.theatre.timezone)
    if desk.theatre.simulated and "SIMULATED" not in told.get("note", ""):
        told["note"] = f"{told.get('note', '')} SIMULATED".strip()
    terms = Terms.of(desk.theatre, now=desk.now(), backfill=backfill)
    return read_row(told, number=row, raw=as_csv([told]), terms=terms)


def as_csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    """The rows as an evidence file, with the columns that any of them fills."""
    columns = [name for name in COLUMNS if any(row.get(name) for row in rows)]
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def sentences(desk: Desk, report: Report) -> dict[str, str]:
    """The report read back, in each language."""
    terms = Terms.of(desk.theatre, now=desk.now())
    return sentences_of(
        report,
        settlements=desk.ground.settlements,
        zone=desk.theatre.timezone,
        today=desk.today,
        inside=not terms.lies_outside(report.lon, report.lat),
    )


def usual_habits(desk: Desk) -> Habits:
    """What sources usually are; learned once for a run of the desk, for a few rows more do not change it.

    Raises:
        NotYet: the ledger is being read.
    """

    def learn(_: object) -> Habits:
        if not desk.has_ledger:
            return Habits()
        with desk.ledger() as ledger:
            return habits_of(ledger.reports())

    return desk.work.result(("habits", desk.folder), learn, name="what sources usually are")
