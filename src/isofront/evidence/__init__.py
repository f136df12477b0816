"""What was reported, kept so that nothing can be slipped in or lost.

In: reports and other entries. Out: the reports as they were known at any moment, near-duplicates grouped; a verdict
on the chain. `ledger` appends, reads, retracts and redacts; `verify` checks; `rejects` keeps rows of no use.
"""

from isofront.evidence.entry import Entry
from isofront.evidence.ledger import Ledger, Offer, Redacted, Taken, ledger_path
from isofront.evidence.rejects import RejectStore, rejects_count
from isofront.evidence.report import Interval, Kind, Link, LocationOf, Means, Posture, Reject, Report
from isofront.evidence.verify import Verdict, verify

__all__ = [
    "Entry",
    "Interval",
    "Kind",
    "Ledger",
    "Link",
    "LocationOf",
    "Means",
    "Offer",
    "Posture",
    "Redacted",
    "Reject",
    "RejectStore",
    "Report",
    "Taken",
    "Verdict",
    "ledger_path",
    "rejects_count",
    "verify",
]
