"""Reports as the evidence CSV that `isofront add` reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from enum import Enum

from isofront.evidence.report import Interval, Report

COLUMNS = (
    "id",
    "happened_at",
    "published_at",
    "lon",
    "lat",
    "error_m",
    "kind",
    "seen",
    "by",
    "source",
    "reliability",
    "credibility",
    "url",
    "note",
    "means",
    "target",
    "posture",
    "location_of",
    "precision",
)


def evidence_csv(reports: Iterable[Report]) -> bytes:
    """UTF-8 CSV with a header, one line per report, times in UTC, coordinates to 1e-6 degrees."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(report) for report in reports)
    return text.getvalue().encode("utf-8")


def _row(report: Report) -> tuple[str, ...]:
    return (
        report.id,
        _interval(report.happened),
        _stamp(report.published_at),
        f"{report.lon:.6f}",
        f"{report.lat:.6f}",
        f"{report.error_m:g}",
        report.kind.value,
        report.seen or "",
        report.by or "",
        report.source,
        report.reliability,
        str(report.credibility) if report.credibility != 6 else "",
        report.links[0].url if report.links else "",
        report.note,
        _word(report.means),
        report.target or "",
        _word(report.posture),
        _word(report.location_of),
        report.precision or "",
    )


def _interval(happened: Interval) -> str:
    start, end = _stamp(happened.start), _stamp(happened.end)
    return start if start == end else f"{start}/{end}"


def _stamp(moment: datetime | None) -> str:
    return "" if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _word(value: Enum | None) -> str:
    return "" if value is None else str(value.value)
