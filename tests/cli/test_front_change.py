"""`front change`, `front regions` and the series of `front corridor`: on any mapper's files, each fault in one line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from isofront.cli import main
from isofront.cli.front.dated import date_in
from isofront.ground.grid import to_lonlat

CRS = "EPSG:32633"
EAST, NORTH = 500.0, 5500.0


def lonlat(shape: BaseGeometry) -> BaseGeometry:
    """Kilometres about the middle of the zone, cut so finely that edges are straight on the map too."""
    fine = shapely.segmentize(shape, 2.0)
    return shapely.transform(fine, lambda km: np.column_stack(to_lonlat(km[:, 0] + EAST, km[:, 1] + NORTH, crs=CRS)))


def feature(shape: BaseGeometry, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": mapping(lonlat(shape))}


def written(path: Path, *features: dict[str, object]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def answer(capsys, *words: str) -> dict:
    """What a command says; `change` looks at one place far away unless others are given, not at the whole gazetteer."""
    if words[0] == "change" and "--places" not in words:
        Path("afar.csv").write_text("name,lon,lat\nAfar,0,0\n", encoding="utf-8")
        words = (*words, "--places", "afar.csv")
    capsys.readouterr()
    assert main(["front", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def fault(capsys, *words: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["front", *words])
    return code, capsys.readouterr().err.strip().splitlines()[-1]


def west_to(east: float) -> BaseGeometry:
    return box(-40, -40, east, 40)


def test_two_plain_files_give_gain_rate_and_bearing(folder, capsys):
    a = written(folder / "map_2030-01-01.geojson", feature(west_to(0)))
    b = written(folder / "map_2030-01-11.geojson", feature(west_to(0).union(box(0, 0, 5, 10))))
    told = answer(capsys, "change", a, b, "--crs", CRS)
    side = told["sides"]["held"]
    assert told["days"] == 10
    assert side["gained_km2"] == pytest.approx(50, abs=0.05)
    assert side["lost_km2"] == pytest.approx(0, abs=0.01)
    assert side["rate_km2"]["net"]["per_week"] == pytest.approx(35, abs=0.05)
    assert sum(row["km2"] for row in told["transitions"]) == pytest.approx(told["frame_km2"], abs=0.01)
    (one,) = told["advances"]
    assert one["max_km"] == pytest.approx(5, abs=0.01)
    assert one["compass"] == "E"
    assert told["regions"] is None
    back = answer(capsys, "change", b, a, "--crs", CRS)
    assert back["sides"]["held"]["lost_km2"] == pytest.approx(50, abs=0.05)
    assert back["days"] == -10


def test_one_file_of_many_dates_answers_for_any_two_and_says_which_map_it_took(folder, capsys):
    rows = [feature(west_to(k), date=f"2030-01-{1 + k:02d}", side="red") for k in (0, 2, 5)]
    a = written(folder / "all.geojson", *rows)
    told = answer(capsys, "change", a, "--from", "2030-01-01", "--to", "2030-01-05", "--other", "blue", "--crs", CRS)
    assert told["sides"]["red"]["gained_km2"] == pytest.approx(160, abs=0.1)
    assert told["sides"]["blue"]["lost_km2"] == pytest.approx(160, abs=0.1)
    assert told["b"]["date"] == "2030-01-03", "the nearest earlier map"
    assert (
        answer(capsys, "change", f"{a}@2030-01-01", f"{a}@2030-01-03", "--other", "blue", "--crs", CRS)["sides"]
        == (told["sides"])
    )
    capsys.readouterr()
    assert main(["front", "change", a, "--from", "2030-01-01", "--to", "2030-01-05"]) == 0
    assert "no map of 2030-01-05, the nearest earlier one is used: 2030-01-03" in capsys.readouterr().err


def own_map(folder: Path, day: str, *features: dict[str, object], unobserved: BaseGeometry | None = None) -> str:
    stamped = [one | {"properties": {**one["properties"], "simulated": True}} for one in features]
    written(folder / day / "areas.geojson", *stamped)
    written(folder / day / "unobserved.geojson", *([feature(unobserved)] if unobserved else []))
    (folder / day / "summary.json").write_text(json.dumps({"as_of": f"{day}T00:00:00Z"}), encoding="utf-8")
    return str(folder / day)


def test_isofronts_own_folders_know_both_sides_grey_and_what_nobody_saw(folder, capsys):
    def three(line: float) -> list[dict[str, object]]:
        return [
            feature(west_to(line), **{"class": "held", "side": "red"}),
            feature(box(line, -40, line + 3, 40), **{"class": "grey", "side": None, "grey_reason": "mixed_presence"}),
            feature(box(line + 3, -40, 40, 40), **{"class": "held", "side": "blue"}),
        ]

    own_map(folder / "maps", "2030-01-01", *three(0))
    own_map(folder / "maps", "2030-01-08", *three(2), unobserved=box(20, -40, 30, 40))
    told = answer(capsys, "change", "maps/2030-01-01", "maps/2030-01-08", "--crs", CRS)
    moves = {(row["from"], row["to"]): row["km2"] for row in told["transitions"]}
    assert moves["grey", "red"] == pytest.approx(160, abs=0.1)
    assert moves["blue", "grey"] == pytest.approx(160, abs=0.1)
    assert told["not_reviewed"]["unobserved_km2"] == pytest.approx(800, abs=0.5)
    assert told["stood_km2"] + told["changed_km2"] + 800 == pytest.approx(told["frame_km2"], abs=0.5)
    assert told["stamp"] == "PRIVATE SIMULATED"
    same = answer(capsys, "change", "maps", "--from", "2030-01-01", "--to", "2030-01-08", "--crs", CRS)
    assert same["transitions"] == told["transitions"]
    assert {(one["side"], one["kind"]) for one in told["advances"]} == {("red", "advance"), ("blue", "withdrawal")}


def test_where_a_file_was_cut_off_is_not_reviewed_and_said(folder, capsys):
    line = shapely.Polygon([(0, 48), (0.1, 48.5), (0, 49), (0.05, 50), (3, 50), (3, 48)])
    big = {"type": "Feature", "properties": {}, "geometry": mapping(shapely.union(line, box(0.5, 46, 5, 52)))}
    small = {
        "type": "Feature",
        "properties": {},
        "geometry": mapping(shapely.intersection(line, box(-1, 48.2, 2, 49.4))),
    }
    a, b = written(folder / "big.geojson", big), written(folder / "small.geojson", small)
    told = answer(capsys, "change", a, b)
    assert told["sides"]["held"]["lost_km2"] == pytest.approx(0, abs=0.5)
    assert told["not_reviewed"]["outside_one_map_km2"] > 10_000
    assert len(told["not_reviewed"]["notes"]) == 3
    bounded = answer(capsys, "change", a, b, "--bounds", "0", "48.2", "2", "49.4")
    assert bounded["not_reviewed"]["notes"] == []
    assert bounded["sides"]["held"]["net_km2"] == pytest.approx(0, abs=0.5)


def test_a_file_cut_to_a_box_says_nothing_of_ground_past_its_last_polygon(folder, capsys):
    line = shapely.Polygon([(0, 46), (1.9, 49), (5, 49), (5, 46)])
    big = {"type": "Feature", "properties": {}, "geometry": mapping(shapely.union(line, box(0, 50, 5, 52)))}
    window = shapely.intersection(line, box(-1, 48.2, 2, 49.4))
    small = {"type": "Feature", "properties": {}, "geometry": mapping(window)}
    told = answer(capsys, "change", written(folder / "big.geojson", big), written(folder / "small.geojson", small))
    assert told["sides"]["held"]["lost_km2"] == pytest.approx(0, abs=0.5), "the ground north of the box was not lost"
    assert told["not_reviewed"]["outside_one_map_km2"] > 10_000
    assert any("north" in note for note in told["not_reviewed"]["notes"])


def test_settlements_and_districts_are_named_with_what_they_lost(folder, capsys):
    a = written(folder / "a.geojson", feature(west_to(0), side="red"))
    b = written(folder / "b.geojson", feature(west_to(4), side="red"))
    written(folder / "d.geojson", feature(box(-5, 0, 5, 10), name="Upper"), feature(box(-5, -10, 5, 0), name="Lower"))
    lon, lat = to_lonlat(np.array([EAST + 2]), np.array([NORTH + 3]), crs=CRS)
    (folder / "p.csv").write_text(f"name,lon,lat,radius_m\nTown,{lon[0]},{lat[0]},1000\n", encoding="utf-8")
    told = answer(
        capsys, "change", a, b, "--places", "p.csv", "--regions", "d.geojson", "--other", "blue", "--crs", CRS
    )
    (town,) = told["settlements"]
    assert (town["name"], town["before"], town["after"]) == ("Town", "blue", "red")
    assert town["sides"]["red"]["gained_km2"] == pytest.approx(np.pi, rel=0.01)
    assert [one["name"] for one in told["regions"]] == ["Upper", "Lower"]
    assert all(one["sides"]["red"]["gained_km2"] == pytest.approx(40, abs=0.05) for one in told["regions"])
    assert told["advances"][0]["nearest"] == "Town"


def test_a_plain_file_beside_one_that_names_its_side_is_that_sides(folder, capsys):
    a = written(folder / "a.geojson", feature(west_to(0)))
    b = written(folder / "b.geojson", feature(west_to(2), side="red"))
    told = answer(capsys, "change", a, b, "--crs", CRS)
    assert list(told["sides"]) == ["red"]
    assert told["sides"]["red"]["gained_km2"] == pytest.approx(160, abs=0.1)


def test_two_maps_of_different_areas_are_no_change(folder, capsys):
    a = written(folder / "map_2030-01-01.geojson", feature(west_to(0)))
    b = written(folder / "map_2030-01-11.geojson", feature(box(500, 300, 510, 310)))
    code, line = fault(capsys, "change", a, b, "--crs", CRS)
    assert (code, "wanted two maps of one area" in line) == (3, True)


def test_no_change_is_said_in_words(folder, capsys):
    a = written(folder / "a.geojson", feature(west_to(0)))
    assert main(["front", "change", a, a]) == 0
    assert "no change on the ground that was reviewed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["change"], 2, "wanted two maps"),
        (["change", "a.geojson"], 2, "wanted a second map"),
        (["change", "many.geojson", "a.geojson"], 2, "holds maps of 2 dates"),
        (["change", "many.geojson@2029-01-01", "a.geojson"], 2, "no map of 2029-01-01 or before; it has 2030-01-01"),
        (["change", "nowhere.geojson", "a.geojson"], 3, "is not there"),
        (["change", "a.geojson", "metres.geojson"], 3, "degrees"),
        (["change", "a.geojson", "a.geojson", "--crs", "EPSG:4326"], 2, "not flat in metres"),
        (["change", "a.geojson", "a.geojson", "--crs", "EPSG:32650"], 3, "lies far outside of EPSG:32650"),
        (["change", "a.geojson", "odd.geojson"], 3, "class 'purple'"),
        (["change", "a.geojson", "baddate.geojson"], 3, "wanted a date like 2030-01-31"),
        (["change", "a.geojson", "a.geojson", "--bounds", "5", "5", "1", "1"], 2, "west south east north"),
        (["change", "a.geojson", "a.geojson", "--regions", "a.geojson"], 3, "has no name"),
        (["change", "a.geojson", "a.geojson", "--regions", "a.geojson", "--region-key", "x"], 2, "no such property"),
        (["change", "empty", "a.geojson"], 3, "holds no polygon files"),
        (
            ["regions", "--held", "a.geojson", "--held", "a.geojson", "--regions", "named.geojson"],
            2,
            "two maps are called",
        ),
        (["regions", "--held", "a.geojson", "--regions", "afar.geojson"], 3, "lies far outside"),
        (["corridor", "Town", "--from", "2030-01-01"], 2, "--to is missing"),
        (
            ["corridor", "Town", "--from", "2030-01-05", "--to", "2030-01-01", "--held", "a.geojson"],
            2,
            "before the last",
        ),
        (["corridor", "Town", "--from", "2030-01-01", "--to", "2030-01-05"], 2, "wanted --held"),
        (["corridor", "Town", "--from", "2030-01-01", "--to", "2030-01-05", "--held", "a.geojson"], 3, "no dates"),
        (["corridor", "Town", "--from", "2035-01-01", "--to", "2035-01-05", "--held", "many.geojson"], 3, "no map of"),
    ],
)
def test_every_fault_is_one_line_that_says_what_was_wanted(folder, capsys, words, code, told):
    written(folder / "a.geojson", feature(west_to(0)))
    written(folder / "named.geojson", feature(west_to(0), name="One"))
    written(folder / "many.geojson", *(feature(west_to(k), date=f"2030-01-0{1 + k}") for k in (0, 1)))
    written(folder / "odd.geojson", feature(west_to(0), **{"class": "purple"}))
    written(folder / "baddate.geojson", feature(west_to(0), date="yesterday"))
    afar = {"type": "Feature", "properties": {"name": "Far"}, "geometry": mapping(box(100, 10, 101, 11))}
    written(folder / "afar.geojson", afar)
    metres = {"type": "Feature", "properties": {}, "geometry": mapping(box(500000, 5500000, 510000, 5510000))}
    written(folder / "metres.geojson", metres)
    (folder / "empty").mkdir()
    found, line = fault(capsys, *words)
    assert (found, told in line) == (code, True), line


def test_an_invalid_polygon_is_repaired_and_said(folder, capsys):
    bowtie = {"type": "Polygon", "coordinates": [[[15, 49], [15.5, 50], [15.5, 49], [15, 50], [15, 49]]]}
    a = written(folder / "a.geojson", {"type": "Feature", "properties": {}, "geometry": bowtie})
    b = written(folder / "b.geojson", feature(west_to(0)))
    capsys.readouterr()
    assert main(["front", "change", a, b, "--json"]) == 0
    said = capsys.readouterr()
    assert "repaired (self-intersection)" in said.err
    assert json.loads(said.out)["sides"]["held"]["gained_km2"] > 0


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


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("map_2030-01-05.geojson", "2030-01-05"),
        ("DS_20300105.geojson", "2030-01-05"),
        ("v2_2029.12.31_to_2030_01_05.gpkg", "2030-01-05"),
        ("readme.geojson", None),
        ("20300231.geojson", None),
        ("120300105.geojson", None),
    ],
)
def test_dates_in_file_names_are_found_where_they_are_dates(name, day):
    found = date_in(name)
    assert (None if found is None else f"{found:%Y-%m-%d}") == day


def test_what_read_map_calls_liberated_is_left_out_and_said_and_no_word_is_told_by_its_case(folder, capsys):
    drawn = feature(west_to(0), side="red", **{"class": "Held"})
    more = feature(box(0, 0, 5, 10), side="blue", **{"class": "liberated"})
    a = written(folder / "a_2030-01-01.geojson", drawn, more)
    b = written(folder / "b_2030-01-02.geojson", drawn, feature(box(0, 0, 5, 10), **{"class": "held"}))
    assert main(["front", "change", a, b, "--crs", CRS, "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["sides"]["red"]["gained_km2"] == pytest.approx(50, abs=0.05)
    assert told.err.count("polygons of class liberated are neither held nor grey, left out") == 1
    code, said = fault(capsys, "change", written(folder / "c.geojson", more), b)
    assert (code, "nothing in it is held or grey" in said) == (3, True)


def test_a_year_that_no_map_of_this_war_has_and_a_box_off_the_maps_are_refused(folder, capsys):
    old = written(folder / "old.geojson", feature(west_to(0), date="1527-01-01"))
    code, said = fault(capsys, "change", old, written(folder / "b_2030-01-02.geojson", feature(west_to(1))))
    assert (code, "date '1527-01-01'" in said) == (3, True)
    a = written(folder / "a_2030-01-01.geojson", feature(west_to(0)))
    code, said = fault(capsys, "change", a, a, "--bounds", "48", "15", "49", "16")
    assert (code, "neither map draws anything there" in said) == (2, True)


def test_maps_without_a_date_take_those_of_from_and_to_and_dates_the_wrong_way_round_are_refused(folder, capsys):
    a = written(folder / "a.geojson", feature(west_to(0)))
    b = written(folder / "b.geojson", feature(west_to(1)))
    told = answer(capsys, "change", a, b, "--from", "2030-01-01", "--to", "2030-01-11", "--crs", CRS)
    assert (told["a"]["date"], told["b"]["date"], told["days"]) == ("2030-01-01", "2030-01-11", 10)
    assert told["sides"]["held"]["rate_km2"]["net"]["per_day"] == pytest.approx(8, abs=0.01)
    code, said = fault(capsys, "change", a, b, "--from", "2030-01-11", "--to", "2030-01-01")
    assert code == 2
    assert "--from 2030-01-11 lies after --to 2030-01-01" in said
