"""`front change` on any mapper's files, and each fault of `isofront front` in one line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from front_maps import CRS, EAST, NORTH, answer, fault, feature, west_to, written
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from isofront.cli import main
from isofront.cli.front.dated import date_in
from isofront.ground.grid import to_lonlat


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
