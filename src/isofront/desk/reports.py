"""Reports as the page draws them: columns for all of them at once, a record for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from isofront.desk.desk import Desk
from isofront.evidence import Report
from isofront.publish.layers import happened_text

DIGITS = 6


def all_columns(desk: Desk, known_by: datetime | None = None) -> dict[str, Any]:
    """Every report of the ledger as columns.

    Raises:
        NotYet: the ledger is being read.
    """
    if not desk.has_ledger:
        return columns_of(())

    def read(_: object) -> dict[str, Any]:
        with desk.ledger() as ledger:
            return columns_of(ledger.reports(known_by))

    return desk.later(("reports", known_by), read, name="reading the ledger")


def columns_of(reports: Sequence[Report]) -> dict[str, Any]:
    """Columns of equal length: a hundred thousand reports stay a few megabytes. `last` is the latest day."""
    latest = max((one.happened.start for one in reports), default=None)
    return {
        "id": [one.id for one in reports],
        "lon": [round(one.lon, DIGITS) for one in reports],
        "lat": [round(one.lat, DIGITS) for one in reports],
        "kind": [one.kind.value for one in reports],
        "seen": [one.seen for one in reports],
        "day": [f"{one.happened.start:%Y-%m-%d}" for one in reports],
        "last": None if latest is None else f"{latest:%Y-%m-%d}",
        "simulated": any(one.simulated for one in reports),
    }


def record_of(report: Report) -> dict[str, Any]:
    """One report with all that a person asks of it; its links and its note are text."""
    return {
        "id": report.id,
        "source": report.source,
        "kind": report.kind.value,
        "seen": report.seen,
        "by": report.by,
        "lon": round(report.lon, DIGITS),
        "lat": round(report.lat, DIGITS),
        "error_m": round(report.error_m, 1),
        "happened": happened_text(report.happened),
        "reliability": report.reliability,
        "credibility": report.credibility,
        "means": None if report.means is None else report.means.value,
        "posture": None if report.posture is None else report.posture.value,
        "location_of": None if report.location_of is None else report.location_of.value,
        "precision": report.precision,
        "target": report.target,
        "links": [link.url for link in report.links if link.url],
        "note": report.note,
        "group": report.group or report.id,
        "simulated": report.simulated,
    }
