"""Degrees as metres: one room knows how long a degree is, and it is right to a part in a hundred."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

import isofront
from isofront.ground.degrees import apart_m, eighth, way_m

ROOM = Path(isofront.__file__).parent


@given(st.floats(-70, 70), st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
def test_a_short_distance_is_the_ellipsoids_to_a_part_in_a_hundred(lat: float, east: float, north: float) -> None:
    _, _, true_m = Geod(ellps="WGS84").inv(30.0, lat, 30.0 + east, lat + north)
    assert apart_m(30.0, lat, 30.0 + east, lat + north) == pytest.approx(true_m, rel=0.01, abs=1e-6)


@given(st.floats(-70, 70), st.floats(0, 359.99))
def test_a_way_leads_to_the_eighth_of_the_compass_that_the_ellipsoid_says(lat: float, bearing: float) -> None:
    lon, far, _ = Geod(ellps="WGS84").fwd(30.0, lat, bearing, 20_000)
    off = abs((bearing - 45 * eighth(*way_m(lon, far, 30.0, lat)) + 180) % 360 - 180)
    assert off < 22.5 + 1


def test_no_other_room_writes_the_length_of_a_degree() -> None:
    length = re.compile(r"\b11[01](\.\d|_?\d{3}\b)")
    named = [one for one in ROOM.rglob("*.py") if length.search(one.read_text(encoding="utf-8"))]
    assert named == [ROOM / "ground" / "degrees.py"]
