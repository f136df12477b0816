"""Ledgers to carry things between, and the ways to do it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from isofront.evidence import Interval, Kind, Ledger, Offer, Report
from isofront.evidence import decision as records
from isofront.evidence.bundle import open_bundle, write_bundle
from isofront.evidence.bundle_in import Terms, merge
from isofront.evidence.bundle_out import held_in, told_by
from isofront.evidence.bundle_records import ToldDraft
from isofront.evidence.bundle_tally import Merged
from isofront.evidence.decision import Approval, ApprovedMap, Decision, Ground, Lock, Verdict

SIDES = ("red", "blue")
DAY = datetime(2031, 5, 1, tzinfo=UTC)
NOW = datetime(2031, 6, 1, 12, tzinfo=UTC)
SQUARE = ((((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 0.0)),),)


def told(name: str, place: int = 0, **parts: Any) -> Report:
    """A report at one of a few places."""
    known = parts.pop("known_at", DAY + timedelta(hours=3))
    return Report(
        id=name, source="alpha", kind=Kind.POSITION, seen="red", by=None, lon=20.5 + place / 10, lat=45.3, error_m=60.0,
        happened=Interval(DAY, DAY), published_at=DAY, known_at=known, reliability="B", note=f"at {place}", group=name,
        **parts,
    )  # fmt: skip


def add(ledger: Ledger, *reports: Report, now: datetime = NOW) -> None:
    """Take reports as `add --correct` does: content follows from what a row states."""
    offers = [Offer(one, f"{one.id} {one.lon} {one.note}".encode().ljust(32), b"the row") for one in reports]
    ledger.take(offers, correct=True, now=now)


def decided(name: str, verdict: Verdict = Verdict.REJECT, **parts: Any) -> Decision:
    """A verdict on a proposal."""
    usual: dict[str, Any] = {
        "as_of": DAY, "known_at": NOW, "by": "ana", "reason": "seen", "crs": "EPSG:32634",
        "ground": Ground(SQUARE, "red"), "proposal": "p-1", "until": DAY + timedelta(days=14),
    }  # fmt: skip
    if verdict is Verdict.ACCEPT:
        usual |= {"becomes": (Ground(SQUARE, "blue"),), "until": None}
    return Decision(name, verdict, **(usual | parts))


def decide(ledger: Ledger, *decisions: Decision | Lock) -> None:
    """Record verdicts and locks."""
    entries = [
        records.decision_entry(one) if isinstance(one, Decision) else records.lock_entry(one) for one in decisions
    ]
    ledger.append(entries, now=NOW)


def approve(ledger: Ledger, name: str, day: datetime = DAY, used: tuple[str, ...] = ()) -> None:
    """Record an approval of a map that is one square."""
    approval = Approval(name, day, day + timedelta(days=1), NOW, "ana", "fine", "0", len(used))
    approved = ApprovedMap("EPSG:32634", (Ground(SQUARE, "red"),), (), used)
    ledger.append([records.approval_entry(approval, approved)], now=NOW)


def out(ledger: Ledger, to: Path, since: datetime | None = None, drafts: Iterable[ToldDraft] = ()) -> Path:
    """A bundle of a ledger."""
    write_bundle(to, told_by(ledger, theatre="vale", sides=SIDES, since=since, drafts=drafts))
    return to


def into(ledger: Ledger, file: Path, *take: str, redact: bool = False) -> Merged:
    """A bundle into a ledger."""
    return merge(ledger, open_bundle(file, theatre="vale", sides=SIDES), Terms(NOW, frozenset(take), redact))


def content(ledger: Ledger) -> dict[str, Any]:
    """What a ledger comes to, whatever its chain looks like: reports, why some are gone, decisions."""
    held = held_in(ledger)
    return {
        "reports": sorted(map(repr, ledger.reports())),
        "gone": {one.id: sorted(set(one.taken_back)) for one in held.reports.values() if one.taken_back},
        "tombstones": sorted(ledger.tombstones()),
        "entries": sorted((kind, name, body) for _, _, kind, name, body in held.entries),
    }


def rewritten(file: Path, change: Any) -> Path:
    """The same bundle with its lines (as JSON) changed and its sum made right again."""
    import gzip
    import hashlib

    lines = [msgspec.json.decode(line) for line in gzip.decompress(file.read_bytes()).splitlines()[:-1]]
    body = b"".join(msgspec.json.encode(line) + b"\n" for line in change(lines))
    end = {"type": "end", "lines": body.count(b"\n"), "sha256": hashlib.sha256(body).hexdigest()}
    file.write_bytes(gzip.compress(body + msgspec.json.encode(end) + b"\n"))
    return file


def exchange(one: Ledger, other: Ledger, tmp_path: Path, *take: str) -> tuple[Merged, Merged]:
    """Both write a bundle, both take the other's."""
    first, second = out(one, tmp_path / "one"), out(other, tmp_path / "other")
    return into(one, second, *take), into(other, first, *take)
