"""An invented theatre, reports in it, and a ledger to put them in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from isofront.evidence import Interval, Kind, Ledger, Offer, Report, ledger_path
from isofront.theatre.model import Anchor, Side, Source, Theatre

NOW = datetime(2031, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def theatre() -> Theatre:
    return Theatre(
        name="vale",
        sides=(Side("red", {"en": "Redland"}), Side("blue", {"en": "Bluemark"})),
        protected_sides=(),
        bounds=(20.0, 45.0, 21.0, 45.6),
        crs="EPSG:32634",
        anchor=Anchor("anchor.geojson", datetime(2031, 1, 1, tzinfo=UTC), "red"),
        sources=(Source("alpha", "B", lag_h=6.0), Source("beta", "D")),
    )


@pytest.fixture
def report() -> Callable[..., Report]:
    """Makes a report; every part can be given."""

    def make(report_id: str = "r-1", **parts: object) -> Report:
        at = datetime(2031, 5, 1, 10, 20, 30, tzinfo=UTC)
        usual: dict[str, object] = {
            "source": "alpha",
            "kind": Kind.POSITION,
            "seen": "red",
            "by": "red",
            "lon": 20.512345,
            "lat": 45.312345,
            "error_m": 60.0,
            "happened": Interval(at, at),
            "published_at": at + timedelta(hours=3),
            "known_at": at + timedelta(hours=3),
            "reliability": "B",
            "note": "seen by the old mill",
            "group": report_id,
        }
        return Report(id=report_id, **(usual | parts))  # type: ignore[arg-type]

    return make


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(ledger_path(tmp_path), create=True)


def offer(report: Report, content: str = "") -> Offer:
    """A report offered with content that follows from its place and note, unless told otherwise."""
    said = content or f"{report.lon} {report.lat} {report.note} {report.published_at}"
    return Offer(
        report, said.encode().ljust(32)[:64], f"raw {report.id} {report.lon} {report.lat} {report.note}".encode()
    )


@pytest.fixture
def offered() -> Callable[..., Offer]:
    return offer
