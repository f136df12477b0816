"""A map of nothing that could have been one of something: evidence from before its day that was known only later."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from isofront.counts import counted
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.report import Report

__all__ = ["known_later"]


def known_later(used: Collection[Report], folder: Path, as_of: datetime, known_by: datetime) -> tuple[str, ...]:
    """What to say of a map that knows no report, though the ledger has some from before its day; else nothing.

    The ledger is read a second time for it, so only where the map is empty.
    """
    path = ledger_path(folder)
    if used or not path.exists():
        return ()
    with Ledger.open(path) as ledger:
        later = sorted(one.known_at for one in ledger.reports() if one.happened.start < as_of)
    if not later:
        return ()
    return (
        f"no report was known before {known_by:%Y-%m-%d}; {counted(len(later), 'report')} from before this day "
        f"became known from {later[0]:%Y-%m-%d} on: --known-by takes them in "
        "(old evidence is added with --backfill: known when published)",
    )
