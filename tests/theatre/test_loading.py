from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from isofront.errors import TheatreError, UsageError
from isofront.theatre import load, parse
from isofront.theatre.model import Settlement, Side

GOOD = """name = "invented"
protected_sides = []
bounds = [20, 50, 21, 51]
crs = "EPSG:32634"
cell_m = 250
starts = 2030-01-01

[anchor]
file = "anchor.geojson"
date = 2030-01-01
holder = "red"

[[sides]]
id = "red"
names = { en = "Red" }

[[sides]]
id = "blue"
names = { en = "Blue" }

[[sources]]
id = "mappers"
reliability = "B"

[[barriers]]
name = "river"
kind = "river"
line = [
  [20.5, 50],
  [20.6, 50.5], # a bend
]

[[barriers.crossings]]
at = [20.55, 50.2]

[[settlements]]
names = { en = "Town" }
at = [20.5, 50.5]
"""


def test_a_good_theatre_loads_from_its_folder_or_its_file(tmp_path: Path) -> None:
    file = tmp_path / "theatre.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(tmp_path) == load(file) == parse(GOOD)
    assert parse(GOOD).side_ids == ("red", "blue")


@pytest.mark.parametrize(
    ("when", "moment"),
    [
        ("2030-01-01", datetime(2030, 1, 1, tzinfo=UTC)),
        ('"2030-01-01"', datetime(2030, 1, 1, tzinfo=UTC)),
        ("2030-01-01T12:00:00", datetime(2030, 1, 1, 12, tzinfo=UTC)),
        ("2030-01-01T12:00:00+02:00", datetime(2030, 1, 1, 10, tzinfo=UTC)),
    ],
)
def test_an_anchor_date_is_the_start_of_its_day_in_utc(when: str, moment: datetime) -> None:
    assert parse(GOOD.replace("date = 2030-01-01", f"date = {when}")).anchor.date == moment


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ("protected_sides", "protected_side", "line 2: key 'protected_side' is not known; nearest: 'protected_sides'"),
        ("reliability", "relyability", "line 23: key 'relyability' is not known; nearest: 'reliability'"),
        ("at = [20.55", "att = [20.55", "line 34: key 'att' is not known; nearest: 'at'"),
        ('kind = "river"\n', "", "line 25: barriers[1] has no key 'kind'"),
        ('name = "invented"\n', "", "theatre.toml: the theatre has no key 'name'"),
        ("cell_m = 250", 'cell_m = "250"', "line 5: cell_m: wanted float, got str"),
        ("[20.6, 50.5]", "[20.6, true]", "line 30: barriers[1].line[2][2]: wanted float, got bool"),
        ('en = "Red"', "en = 3", "line 15: sides[1].names: wanted str, got int"),
        ("[20.6, 50.5]", "[20.6, nan]", "line 30: barriers[1].line[2][2] is nan, wanted a finite number"),
        ("[20.6, 50.5]", "[20.6, 150.5]", "line 30: (20.6, 150.5) is not a spot"),
        ("  [20.6, 50.5], # a bend\n", "", "line 28: the line of 'river' has 1 points, wanted 2 or more"),
        ("at = [20.5, 50.5]", "at = [50.5, 120.5]", "line 38: (50.5, 120.5) is not a spot"),
        ("date = 2030-01-01", 'date = "soon"', "line 10: anchor.date: Invalid isoformat string: 'soon'"),
        ("date = 2030-01-01", "date = 3", "line 10: anchor.date: wanted datetime, got int"),
        ("date = 2030-01-01", "date = 0001-01-01", "line 10: anchor.date: year 1"),
        ("date = 2030-01-01", "date = 9999-12-31", "line 10: anchor.date: year 9999"),
        ("cell_m = 250", "backfill_lag_h = 1e13", "line 5: backfill_lag_h 1e+13, wanted 0 hours or more, and at most"),
        ('reliability = "B"', "lag_h = 1e13", "line 23: lag_h 1e+13, wanted 0 hours or more, and at most 1,000,000"),
        ('name = "invented"', 'name = "x"\npolicy.delay_h = 1e13', "line 2: delay_h 1e+13, wanted 0 hours or more"),
        ('name = "invented"', 'name = "x"\nladder.hold_days = 1e13', "line 2: hold_days 1e+13, wanted 0 to 3650 days"),
        ("starts = 2030-01-01", 'starts = "2030-02-30"', "line 6: starts: Invalid"),
        ("starts = 2030-01-01", "starts = 2030-02-30", "line 6 column 10: not TOML"),
        ("starts = 2030-01-01", "starts = 2030-01-01\nends = 2029-01-01", "line 7: ends 2029-01-01 lies before starts"),
        ('holder = "red"', 'holder = "green"', "line 11: side 'green' is not in this theatre, wanted 'red' or 'blue'"),
        ("protected_sides = []", 'protected_sides = ["green"]', "line 2: side 'green' is not in this theatre"),
        ('id = "blue"', 'id = "red"', "line 18: both sides have the id 'red'"),
        ('en = "Blue"', 'en = " red"', "line 19: both sides are called 'red'"),
        ('id = "blue"', 'id = "RED"', "line 19: both sides are called 'red'"),
        ('id = "blue"', 'id = "gr ey"', "line 18: side id 'gr ey'"),
        ('id = "blue"', 'id = "grey"', "side id 'grey' means neither side"),
        ('reliability = "B"', 'reliability = "G"', "line 23: reliability 'G', wanted A-F"),
        ('reliability = "B"', 'speaks_for = "green"', "line 23: side 'green' is not in this theatre"),
        ('kind = "river"', 'kind = "river"\npermeability = 1.5', "line 28: permeability 1.5, wanted 0"),
        ("[20, 50, 21, 51]", "[21, 50, 20, 51]", "line 3: west 21.0 is not west of east 20.0"),
        ("[20, 50, 21, 51]", "[20, 51, 21, 50]", "line 3: south 51.0 is not south of north 50.0"),
        ("[20, 50, 21, 51]", "[20, 50, 21]", "line 3: bounds: wanted array of length 4"),
        ("[20, 50, 21, 51]", "[20, 50, 21, inf]", "line 3: bounds[4] is inf, wanted a finite number"),
        ("EPSG:32634", "EPSG:99999", "line 4: crs 'EPSG:99999' is not one that PROJ knows, wanted one like"),
        ("EPSG:32634", "EPSG:4326", "line 4: crs 'EPSG:4326' (WGS 84) is not flat in metres"),
        ("EPSG:32634", "EPSG:3857", "line 4: crs 'EPSG:3857' is 57% off in distances here, wanted"),
        ("EPSG:32634", "EPSG:32610", "line 4: crs 'EPSG:32610' is 8% off in distances here"),
        ("EPSG:32634", "EPSG:3413", "line 4: crs 'EPSG:3413'"),
        ("EPSG:32634", "EPSG:2263", "is not flat in metres"),
        ("cell_m = 250", "cell_m = 10", "line 5: cells of 10 m, wanted 25 to 5000 m"),
        ("cell_m = 250", 'timezone = "Mars/Base"', "line 5: timezone 'Mars/Base' is not known"),
        ('"anchor.geojson"', '"../../secret.geojson"', "line 9: anchor.file '../../secret.geojson'"),
        ('"anchor.geojson"', "'C:\\secret.geojson'", "line 9: anchor.file"),
        ('name = "invented"', 'name = = "x"', "line 1 column 8: not TOML"),
        ('name = "invented"', 'name = " "', "line 1: name is empty"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_one_line_that_names_the_line(here: str, there: str, said: str) -> None:
    assert here in GOOD
    with pytest.raises(TheatreError) as fault:
        parse(GOOD.replace(here, there))
    assert said in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_grid_too_large_for_memory_says_its_size_and_what_to_change() -> None:
    wide = GOOD.replace("[20, 50, 21, 51]", "[19, 49, 23, 52]")
    said = (
        r"line 5: a grid of 303 x 345 km in cells of 25 m has 167,242,191 cells and needs about 33 GB, .* cell_m to 50"
    )
    with pytest.raises(TheatreError, match=said):
        parse(wide.replace("cell_m = 250", "cell_m = 25"))
    assert parse(wide.replace("cell_m = 250", "cell_m = 50")).cell_m == 50


def test_a_cell_that_would_have_to_be_absurd_is_not_offered() -> None:
    whole = GOOD.replace("[20, 50, 21, 51]", "[-180, -90, 180, 90]").replace("EPSG:32634", "EPSG:8857")
    with pytest.raises(TheatreError, match="crs"):
        parse(whole)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"# only a comment\n", "is empty"),
        (b"\x00\x01\xff\xfe" * 100, "is not UTF-8 text"),
        (b"PK\x03\x04\x00\x00", "not TOML"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"a = " + b"[" * 100 + b"]" * 100, "nested too deeply"),
        (b"a = " + b"{a=" * 100_000, "nested too deeply"),
        (b"name = 'a'\nname = 'b'\n", "line 2"),
        (b"anchor = 3\nname = 'x'", "anchor: wanted object, got int"),
    ],
)
def test_a_file_that_is_no_theatre_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "theatre.toml").write_bytes(content)
    with pytest.raises(TheatreError) as fault:
        load(tmp_path)
    assert said in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_folder_without_a_theatre_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no theatre there; `isofront init` makes one"):
        load(tmp_path)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError):
        load(tmp_path / "file")


def test_a_name_that_is_empty_in_one_language_is_told_in_another() -> None:
    assert Side("n", {"en": "", "uk": "Північ"}).name() == Settlement({"en": "", "uk": "Північ"}, (20.0, 50.0)).name
