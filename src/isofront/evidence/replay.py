"""The chain's entries become the reports as they were known at a moment; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from isofront.errors import IntegrityError
from isofront.evidence.entry import Line
from isofront.evidence.report import Report

REPORT, CORRECTION, RETRACTION, LINK, REDACTION = "report", "correction", "retraction", "link", "redaction"


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """The bytes of a retraction or redaction: why, and for a retraction when it was known."""

    reason: str
    known_at: datetime | None = None


_REPORTS = msgspec.json.Decoder(Report)
_REASONS = msgspec.json.Decoder(Reason)


def report_bytes(report: Report) -> bytes:
    """A report as the ledger keeps it."""
    return msgspec.json.encode(report)


def read_report(body: bytes) -> Report:
    """The report in these bytes."""
    return _REPORTS.decode(body)


def reason_bytes(reason: Reason) -> bytes:
    """A retraction's or redaction's bytes."""
    return msgspec.json.encode(reason)


@dataclass(slots=True)
class _State:
    """What the chain says so far, by the number of the entry that first told of each report."""

    known_by: datetime | None
    reports: dict[int, Report] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    links: list[tuple[int, int]] = field(default_factory=list)

    def knows(self, at: datetime) -> bool:
        return self.known_by is None or at < self.known_by


def reports_known(entries: Iterable[tuple[Line, bytes | None]], *, known_by: datetime | None) -> list[Report]:
    """Every report known before `known_by`, corrected and taken back by what was known before then too.

    Order is that of the chain. `group` is the first-published of the near-duplicates among *these* reports.
    Redacted reports are absent whatever `known_by` says: their bytes no longer exist.

    Raises:
        IntegrityError: a line cannot be read.
    """
    state = _State(known_by)
    for line, body in entries:
        try:
            _apply(state, line, body)
        except msgspec.DecodeError as fault:
            raise IntegrityError(f"ledger line {line.n}: no {line.type} that this version reads ({fault})") from fault
    standing = {n: report for n, report in state.reports.items() if n not in state.gone}
    return grouped(standing, state.links)


def _apply(state: _State, line: Line, body: bytes | None) -> None:
    if line.type == LINK and line.of is not None and line.to is not None:
        state.links.append((line.of, line.to))
    elif line.type == REDACTION and line.of is not None:
        state.gone.add(line.of)
    elif body is None:
        return
    elif line.type in (REPORT, CORRECTION):
        report = _REPORTS.decode(body)
        if state.knows(report.known_at):
            state.reports[line.n if line.of is None else line.of] = report
    elif line.type == RETRACTION and line.of is not None:
        known_at = _REASONS.decode(body).known_at or line.at
        if state.knows(known_at):
            state.gone.add(line.of)


def grouped(reports: dict[int, Report], links: Iterable[tuple[int, int]]) -> list[Report]:
    """The reports, each naming the first of its group; links to reports that are not here do nothing."""
    parent = {n: n for link in links if link[0] in reports and link[1] in reports for n in link}

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for one, other in links:
        if one in parent and other in parent and one in reports and other in reports:
            parent[root(one)] = root(other)
    first: dict[int, Report] = {}
    for n in parent:
        leader = first.setdefault(root(n), reports[n])
        if _told(reports[n]) < _told(leader):
            first[root(n)] = reports[n]
    return [_in_group(report, first[root(n)].id if n in parent else report.id) for n, report in reports.items()]


def _told(report: Report) -> tuple[datetime, str]:
    """When it was told: reposts come after what they repost."""
    return report.published_at or report.known_at, report.id


def _in_group(report: Report, group: str) -> Report:
    return report if report.group == group else replace(report, group=group)
