"""`front corridor` over many days, and `front regions`: tables of a series of maps, by district and by mapper."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import shapely
from front_maps import CRS, EAST, NORTH, answer, fault, feature, west_to, written
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from isofront.cli import main
from isofront.ground.grid import to_lonlat


def ring(gap: float) -> BaseGeometry:
    """Ground on both sides of a corridor to the north, and south of a town."""
    walls = box(-60, -11, -gap / 2, -10).union(box(gap / 2, -11, 60, -10))
    return shapely.union_all([walls, box(-60, -60, -12, -11), box(12, -60, 60, -11)])


@pytest.fixture
def daily(folder):
    """Five maps of a narrowing corridor, one day missing; and the land."""
    for number, gap in ((1, 6), (2, 6), (3, 4), (5, 2)):
        written(folder / "maps" / f"m-2030-01-0{number}.geojson", feature(ring(gap)))
    written(folder / "maps" / "readme.geojson", feature(ring(9)))
    written(folder / "land.geojson", feature(box(-60, -60, 60, 80)))
    lon, lat = to_lonlat(np.array([EAST]), np.array([NORTH - 30]), crs=CRS)
    return ["--at", str(lon[0]), str(lat[0]), "--land", "land.geojson", "--crs", CRS]


def test_a_series_prints_a_table_and_writes_csv_png_and_svg(folder, daily, capsys):
    words = ["corridor", *daily, "--from", "2030-01-01", "--to", "2030-01-05", "--held", "One=maps", "--out", "out"]
    told = answer(capsys, *words)
    rows = told["rows"]
    assert [row["neck_km"] for row in rows] == pytest.approx([6, 6, 4, 4, 2], abs=0.02)
    assert [row["map_date"] for row in rows][3] == "2030-01-03"
    assert {row["mapper"] for row in rows} == {"One"}
    with Path(told["files"][0]).open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert [float(row["neck_km"]) for row in table] == [row["neck_km"] for row in rows]
    assert {row["stamp"] for row in table} == {"PRIVATE"}
    assert all(Path(path).stat().st_size > 300 for path in told["files"])
    capsys.readouterr()
    assert main(["front", *words]) == 0
    said = capsys.readouterr()
    assert "readme.geojson: left out, no date" in said.err
    assert "1 of 5 days have no map of their own (first 2030-01-04)" in said.err
    assert "2030-01-03" in said.out.splitlines()[5]


def test_days_before_the_first_map_are_not_reviewed(folder, daily, capsys):
    words = ["corridor", *daily, "--from", "2029-12-30", "--to", "2030-01-01", "--held", "One=maps", "--out", "out"]
    capsys.readouterr()
    assert main(["front", *words]) == 0
    said = capsys.readouterr()
    assert said.out.count("not reviewed") == 2
    assert "2 of 3 days have no map" in said.err


def test_a_single_day_is_still_answered_as_before(folder, daily, capsys):
    told = answer(capsys, "corridor", "--held", "maps/m-2030-01-03.geojson", *daily)
    assert told["neck_km"] == pytest.approx(4, abs=0.02)


@pytest.mark.slow
def test_a_series_looks_at_earlier_maps_for_its_first_rung_and_says_where_there_are_none(folder, daily, capsys):
    words = ["corridor", *daily, "--to", "2030-01-05", "--held", "One=maps", "--out", "out"]
    early, late = (answer(capsys, *words, "--from", day)["rows"] for day in ("2030-01-01", "2030-01-05"))
    assert [row["stated_rung"] for row in late] == [early[-1]["stated_rung"]] == ["pocket"]
    assert [row["stated_confirmed"] for row in (early[0], early[-1], late[0])] == [False, False, False]
    assert late[0]["rung"] == early[-1]["rung"]
    capsys.readouterr()
    assert main(["front", *words, "--from", "2030-01-01"]) == 0
    assert "(unconfirmed)" in capsys.readouterr().out.splitlines()[2]


def test_namesakes_are_told_apart_by_the_town_they_lie_near(folder, capsys):
    whole = {"type": "Feature", "properties": {"date": "2030-01-01"}, "geometry": mapping(box(15, 48.6, 19, 50))}
    held = written(folder / "held.geojson", whole)
    words = ["--from", "2030-01-01", "--to", "2030-01-01", "--held", f"One={held}"]
    code, line = fault(capsys, "corridor", "Nová Ves", *words)
    assert (code, "say which" in line, " km " in line) == (2, True, True)
    town = line.split(" of ", 1)[1].split(")")[0]
    code, narrowed = fault(capsys, "corridor", f"Nová Ves, {town}", *words)
    assert narrowed.count("people") < line.count("people")


def test_a_district_outside_the_box_that_a_file_was_cut_to_is_not_reviewed(folder, capsys):
    cut = shapely.box(14.5, 49.4, 15.5, 50.0) - shapely.Point(14.5, 49.6).buffer(0.4)
    held = {"type": "Feature", "properties": {"side": "red"}, "geometry": mapping(cut)}
    written(folder / "cut.geojson", held)
    for name, ring in (("Inside", box(14.9, 49.5, 15.3, 49.9)), ("East", box(15.6, 49.5, 15.9, 49.9))):
        there = {"type": "Feature", "properties": {"name": name}, "geometry": mapping(ring)}
        written(folder / f"{name}.geojson", there)
        words = ["regions", "--held", "cut.geojson", "--regions", f"{name}.geojson", "--other", "blue", "--crs", CRS]
        (found,) = answer(capsys, *words)["regions"]
        assert found["reviewed"] == pytest.approx(1.0 if name == "Inside" else 0.0, abs=1e-3)
        assert found["shares"].get("blue", 0) < 0.2


def test_districts_by_two_mappers_with_a_month_ago(folder, capsys):
    written(folder / "a.geojson", feature(west_to(0), side="red"))
    written(folder / "b.geojson", feature(west_to(3), side="red"))
    written(folder / "old.geojson", feature(west_to(-6), side="red"))
    written(folder / "d.geojson", feature(box(-10, 0, 10, 10), name="Upper"))
    lon, lat = to_lonlat(np.array([EAST + 2]), np.array([NORTH + 3]), crs=CRS)
    (folder / "p.csv").write_text(f"name,lon,lat,population\nTown,{lon[0]},{lat[0]},9000\n", encoding="utf-8")
    words = ["--held", "One=a.geojson", "--held", "Two=b.geojson", "--before", "old.geojson", "--places", "p.csv"]
    told = answer(capsys, "regions", *words, "--regions", "d.geojson", "--other", "blue", "--crs", CRS)
    (upper,), (town,) = told["regions"], told["settlements"]
    assert upper["shares"]["red"] == pytest.approx(0.5, abs=1e-3)
    assert upper["by_mapper"]["Two"]["shares"]["red"] == pytest.approx(0.65, abs=1e-3)
    assert upper["before"]["shares"]["red"] == pytest.approx(0.2, abs=1e-3)
    left = upper["remaining"]["red"]
    assert (left["km2"], left["along_axis_km"]) == pytest.approx((100, 10), abs=0.05)
    assert left["axis_deg"] == pytest.approx(90, abs=0.2)
    assert town["says"] == {"One": "blue", "Two": "red"}
    assert town["disputed"]
    assert (town["front_km"]["red"], town["front_before_km"]["red"]) == pytest.approx((2, 8), abs=0.02)
    assert (town["population"], town["region"]) == (9000, "Upper")
