from __future__ import annotations

from datetime import UTC, datetime

import pytest

from isofront.theatre.model import Anchor, Side, Theatre


@pytest.fixture
def theatre() -> Theatre:
    """A plain theatre on invented ground: red and blue, one degree by one."""
    return Theatre(
        name="invented",
        sides=(Side("red", {"en": "Red"}), Side("blue", {"en": "Blue"})),
        protected_sides=(),
        bounds=(20.0, 50.0, 21.0, 51.0),
        crs="EPSG:32634",
        cell_m=500.0,
        anchor=Anchor("anchor.geojson", datetime(2030, 1, 1, tzinfo=UTC), "red"),
    )
