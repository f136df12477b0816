"""Reports of the ledger that a new one would be linked to, found before it is added; by the ledger's own rule."""

from __future__ import annotations

import apsw
import msgspec

from isofront.evidence.filing import MAX_SEARCHED
from isofront.evidence.likeness import keys_of, likeness
from isofront.evidence.replay import read_report
from isofront.evidence.report import Report
from isofront.evidence.taking import MAX_LINKS

_ASKED = """
SELECT DISTINCT t.n, p.body FROM json_each(?1) asked JOIN traces t ON t.key = asked.value JOIN payload p ON p.n = t.n
WHERE t.n >= coalesce((SELECT n FROM traces WHERE key = asked.value ORDER BY n DESC LIMIT 1 OFFSET ?2), 0)
ORDER BY t.n DESC
"""


def alike(db: apsw.Connection, report: Report) -> list[tuple[Report, str]]:
    """The near-duplicates, newest first, each with the rule that says so; of one report its newest version only."""
    keys = msgspec.json.encode(sorted(keys_of(report).searched)).decode()
    found: dict[str, tuple[Report, str]] = {}
    for _, body in db.execute(_ASKED, (keys, MAX_SEARCHED - 1)):
        other = read_report(bytes(body))
        why = None if other.id == report.id else likeness(report, other)
        if why is not None and len(found) < MAX_LINKS:
            found.setdefault(other.id, (other, why))
    return list(found.values())
