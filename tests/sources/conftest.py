"""An invented theatre's terms, and rows read against them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from isofront.sources import Found, Refused, Terms, read_file
from isofront.theatre.model import Anchor, Side, Source, Theatre


@pytest.fixture
def terms() -> Terms:
    theatre = Theatre(
        name="vale",
        sides=(Side("red", {"en": "Redland"}), Side("blue", {"en": "Bluemark", "uk": "Синя марка"})),
        protected_sides=(),
        bounds=(20.0, 45.0, 21.0, 45.6),
        crs="EPSG:32634",
        anchor=Anchor("anchor.geojson", datetime(2031, 1, 1, tzinfo=UTC), "red"),
        sources=(Source("alpha", "B", lag_h=6.0), Source("beta", "D")),
    )
    return Terms.of(theatre, now=datetime(2031, 6, 1, 12, tzinfo=UTC), backfill=True)


@pytest.fixture
def rows(terms) -> Callable[..., list[Found | Refused]]:
    """Reads bytes or text as a file of that name."""

    def read(content: bytes | str, file: str = "f.csv", *, live: bool = False) -> list[Found | Refused]:
        stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
        return list(read_file(stream, file=file, terms=replace(terms, backfill=not live)).rows)

    return read


@pytest.fixture
def row(rows) -> Callable[..., Found | Refused]:
    """Reads one row, good unless told otherwise."""

    def read(*, live: bool = False, **cells: str) -> Found | Refused:
        good = {
            "id": "a-1",
            "happened_at": "2031-05-01T10:00:00Z",
            "published_at": "2031-05-02T10:00:00Z",
            "lon": "20.5",
        }
        good |= {"lon": "20.5", "lat": "45.3", "error_m": "60", "kind": "position"}
        good |= {"seen": "red", "by": "red", "source": "alpha"}
        good |= cells
        quoted = ('"' + value.replace('"', '""') + '"' for value in good.values())
        (only,) = rows(",".join(good) + "\n" + ",".join(quoted) + "\n", live=live)
        return only

    return read
