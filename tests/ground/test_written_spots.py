"""Spots as people write them come back as the spot that was meant."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from isofront.ground.grid import Bounds
from isofront.ground.written_spots import read_spots

BOUNDS = Bounds(36.5, 47.6, 38.9, 49.4)
PLACES = {"alder": (37.18, 48.28), "birch ferry": (36.61, 47.7)}
lons, lats = st.floats(36.51, 38.89), st.floats(47.61, 49.39)
signed = st.booleans()


def place_of(name: str) -> tuple[float, float] | None:
    return PLACES.get(name.casefold())


def only(text: str, bounds: Bounds = BOUNDS) -> tuple[float, float, str, float]:
    spots, unread, links = read_spots(text, bounds=bounds, place_of=place_of)
    assert len(spots) == 1, (text, spots, unread)
    assert not unread
    assert not links
    return spots[0].lon, spots[0].lat, spots[0].form, spots[0].half_m


def near(text: str, lon: float, lat: float, *, bounds: Bounds = BOUNDS) -> None:
    got_lon, got_lat, _, half_m = only(text, bounds)
    apart = math.hypot((got_lon - lon) * math.cos(math.radians(lat)), got_lat - lat) * 111_320
    assert apart <= half_m * 1.5 + 0.2, (text, got_lon, got_lat)


def dms(value: float, marks: str, letters: str) -> str:
    whole = round(abs(value) * 36_000)
    degrees, minutes, seconds = whole // 36_000, whole // 600 % 60, whole % 600 / 10
    letter = letters[0] if value >= 0 else letters[1]
    return f"{degrees}{marks[0]}{minutes:02d}{marks[1]}{seconds:04.1f}{marks[2]}{letter}"


DECIMALS = (
    "{lat:.5f}, {lon:.5f}", "{lat:.5f} {lon:.5f}", "({lat:.5f};{lon:.5f})", "{lat:.5f}/{lon:.5f}",
    "{lon:.5f}, {lat:.5f}",
    "{lat:.5f}N {lon:.5f}E", "N{lat:.5f} E{lon:.5f}", "{lon:.5f}° E, {lat:.5f}° N", "lat {lat:.5f} lon {lon:.5f}",
    "Координати: {lat:.6f}, {lon:.6f}.", "{lon:.5f},{lat:.5f},0",
    "{lat:.5f},{lon:.5f},250m", "lat={lat:.5f}&lon={lon:.5f}",
    "сьогодні {lat:.5f}° пн. ш., {lon:.5f}° сх. д.", "geo:{lat:.5f},{lon:.5f};u=35",
    "https://maps.google.com/?q={lat:.5f},{lon:.5f}", "https://www.google.com/maps/@{lat:.5f},{lon:.5f},15z",
    "https://www.google.com/maps/place/X/@1.5,2.5,9z/data=!3m1!4b1!8m2!3d{lat:.6f}!4d{lon:.6f}",
    "https://www.google.co.uk/maps/search/?api=1&query={lat:.6f}%2C{lon:.6f}",
    "https://www.openstreetmap.org/?mlat={lat:.5f}&mlon={lon:.5f}#map=15/1.2/3.4",
    "https://www.openstreetmap.org/#map=15/{lat:.5f}/{lon:.5f}", "https://maps.apple.com/?ll={lat:.5f},{lon:.5f}&z=9",
    "https://yandex.com/maps/?ll={lon:.5f}%2C{lat:.5f}&z=12", "https://yandex.ru/maps/?pt={lon:.5f},{lat:.5f}&ll=1.5,2.5",
    "https://www.bing.com/maps?cp={lat:.5f}~{lon:.5f}&lvl=15", "https://www.bing.com/maps?sp=point.{lat:.5f}_{lon:.5f}_A",
)  # fmt: skip


@pytest.mark.parametrize("form", DECIMALS)
@given(lon=lons, lat=lats)
def test_decimals_and_map_links_are_read(form, lon, lat):
    near(form.format(lat=lat, lon=lon), lon, lat)


@given(lon=lons, lat=lats, split=st.sampled_from(["; ", " ", ", "]))
def test_decimal_commas_are_read(lon, lat, split):
    near(split.join(f"{value:.5f}".replace(".", ",") for value in (lat, lon)), lon, lat)


@given(lon=lons, lat=lats, marks=st.sampled_from(["°'\"", "°′″", "º’”", "   ", ":: "]), turned=signed)
def test_degrees_minutes_and_seconds_are_read(lon, lat, marks, turned):
    pair = [dms(lat, marks, "NS"), dms(lon, marks, "EW")]
    near(" ".join(reversed(pair) if turned else pair), lon, lat)


@given(lon=st.floats(-179, 179), lat=st.floats(-79, 79))
def test_letters_decide_anywhere_on_earth(lon, lat):
    near(f"{dms(lat, '°′″', 'NS')} {dms(lon, '°′″', 'EW')}", lon, lat)
    near(f"{abs(lat):.5f}{'N' if lat >= 0 else 'S'}, {abs(lon):.5f}{'E' if lon >= 0 else 'W'}", lon, lat)


@given(lon=st.floats(-179, 179), lat=st.floats(-79, 79), digits=st.integers(2, 5))
def test_utm_and_mgrs_come_back(lon, lat, digits):
    zone, band = int((lon + 180) // 6) + 1, "CDEFGHJKLMNPQRSTUVWX"[int((lat + 80) // 8)]
    east, north = Transformer.from_crs(
        "EPSG:4326", f"EPSG:{(32600 if lat >= 0 else 32700) + zone}", always_xy=True
    ).transform(lon, lat)
    column = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")[zone % 3][int(east // 1e5) - 1]
    row = "ABCDEFGHJKLMNPQRSTUV"[(int(north // 1e5) + (5 if zone % 2 == 0 else 0)) % 20]
    parts = [f"{int(value % 1e5):05d}"[:digits] for value in (east, north)]
    near(f"{zone}{band} {column}{row} {parts[0]} {parts[1]}", lon, lat)
    near(f"{zone}{band}{column}{row}{parts[0]}{parts[1]}", lon, lat)
    here = Bounds(max(-180.0, lon - 1), max(-90.0, lat - 1), min(180.0, lon + 1), min(90.0, lat + 1))
    near(f"UTM {zone}{'N' if lat >= 0 else 'S'} {east:.0f} {north:.0f}", lon, lat, bounds=here)
    if band not in "NS":
        near(f"{zone}{band} E{east:06.0f} N{north:07.0f}", lon, lat, bounds=here)


def plus_code(lon: float, lat: float) -> str:
    """Its specification's way: integers of the finest pair, from the end."""
    alphabet, told = "23456789CFGHJMPQRVWX", ""
    north, east = int((lat + 90) * 8000), int((lon + 180) * 8000)
    for _ in range(5):
        told = alphabet[north % 20] + alphabet[east % 20] + told
        north, east = north // 20, east // 20
    return f"{told[:8]}+{told[8:]}"


@given(lon=st.floats(-179.9, 179.9), lat=st.floats(-89.9, 89.9))
def test_full_plus_codes_come_back(lon, lat):
    near(plus_code(lon, lat), lon, lat)


@given(east=st.floats(-0.45, 0.45), north=st.floats(-0.45, 0.45))
def test_short_plus_codes_are_completed_near_a_place(east, north):
    for name, (lon, lat) in PLACES.items():
        code = plus_code(lon + east, lat + north)[4:]
        near(f"{code} {name.title()}", lon + east, lat + north)
        near(f"{code}, {name.title()}", lon + east, lat + north)


def test_published_examples():
    near("18SUJ2348306479", -77.035243, 38.889470)
    near("8FVC9G8F+6X", 8.524997, 47.36559)


def test_a_short_plus_code_alone_is_read_only_where_it_fits_once():
    code = plus_code(37.2, 48.3)[4:]
    small = Bounds(37.0, 48.0, 37.6, 48.5)
    near(code, 37.2, 48.3, bounds=small)
    _, unread, _ = read_spots(code, bounds=BOUNDS)
    assert "add the name of a place" in unread[0].reason


def test_an_order_that_is_not_certain_is_said():
    square = Bounds(48.0, 48.0, 50.0, 50.0)
    spots, _, _ = read_spots("48.500, 49.500", bounds=square)
    assert (spots[0].lat, spots[0].lon) == (48.5, 49.5)
    assert "the other order" in spots[0].note
    assert "longitude first" in read_spots("37.18123 48.28123", bounds=BOUNDS)[0][0].note
    assert "outside the theatre" in read_spots("10.12345 20.12345", bounds=BOUNDS)[0][0].note


@pytest.mark.parametrize(
    "link",
    ["https://maps.app.goo.gl/abcDEF123", "https://goo.gl/maps/abc", "https://osm.org/go/0bC44d",
     "https://yandex.ru/maps/-/CDxx", "https://maps.apple/p/abc"],
)  # fmt: skip
def test_short_links_are_refused_with_the_reason(link):
    spots, unread, links = read_spots(link, bounds=BOUNDS)
    assert (spots, links) == ((), ())
    assert "tell its maker who looks" in unread[0].reason


def test_a_pin_beats_the_middle_of_the_view_and_a_spot_written_twice_is_one():
    text = "https://www.openstreetmap.org/#map=15/48.20/37.10 and 48.28123, 37.18123 (48°16'52.4\"N 37°10'52.4\"E)"
    spots, _, _ = read_spots(text, bounds=BOUNDS)
    assert [round(one.lat, 2) for one in spots] == [48.28, 48.2]
    assert [one.pin for one in spots] == [True, False]


def test_a_post_keeps_its_own_links():
    text = "Удар біля мосту https://t.me/alder_tv/123 — 48.28123, 37.18123, див. також https://x.com/a/status/9?s=20."
    spots, _, links = read_spots(text, bounds=BOUNDS)
    assert len(spots) == 1
    assert links == ("https://t.me/alder_tv/123", "https://x.com/a/status/9?s=20")


@pytest.mark.parametrize(
    "text",
    ["", "04.11.2025 12.30", "версія 3.14, 2.71 км", "t.me/1/48", "+380 50 123 45 67", "10:20:30 11:22:33",
     "25 Mar 2025",
     "12 SEP 2025",
     "1 jun 2024", "23 nov at 1234", "lost 5 n 3 e of it", "plan QX+22 b",
     "1,234,567", "37U", "ratio 8:1",
     "https://www.google.com/search?q=cats", "12 345.67 78.90 %"],
)  # fmt: skip
def test_what_is_no_spot_is_not_read_as_one(text):
    assert read_spots(text, bounds=BOUNDS)[0] == ()


@pytest.mark.parametrize(
    "text", ["48.28N 37.18N", "91.5N 37.2E", "99U DQ 12345 67890", "37U DQ 123 4567", "37U SA 1234 5678"]
)
def test_what_was_meant_as_a_spot_and_is_none_is_said(text):
    spots, unread, _ = read_spots(text, bounds=BOUNDS)
    assert spots == ()
    assert len(unread) == 1


@given(st.text(max_size=400))
def test_any_text_is_read_without_a_fault(text):
    spots, _, _ = read_spots(text, bounds=BOUNDS, place_of=place_of)
    assert all(abs(one.lat) <= 90 and abs(one.lon) <= 180 for one in spots)


@pytest.mark.parametrize(
    "text",
    ["48.28 " * 20_000, "1 " * 60_000, "https://t.me/a/1 " * 5_000, "23456789+" * 9_000, "37U DQ " * 15_000,
     "° ' \" N" * 15_000, "9" * 150_000, "\u202e48.1\u202c" * 9_000],
    ids=range(8),
)  # fmt: skip
def test_a_hostile_text_takes_no_long_time(text):
    start = time.process_time()
    read_spots(text, bounds=BOUNDS, place_of=place_of)
    assert time.process_time() - start < 3.0


def test_a_text_of_nothing_but_spots_is_read_in_time_and_none_is_used_twice():
    text = " ".join(f"48.{i:04d} 37.{i:04d}" for i in range(1, 6000))
    began = time.process_time()
    spots, _, _ = read_spots(text, bounds=BOUNDS)
    assert time.process_time() - began < 4
    assert (round(spots[0].lat, 4), round(spots[0].lon, 4)) == (48.0001, 37.0001)
    assert all(round(one.lon - one.lat, 4) == -11 for one in spots)
