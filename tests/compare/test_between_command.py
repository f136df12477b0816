"""`isofront compare`: files in, the promised keys out; whose ground, which classes, which day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from isofront.cli import main

KEYS = [
    *("only_a_km2", "only_b_km2", "both_km2", "iou_band", "accuracy_band", "kappa_band"),
    *("line_mean_km", "line_median_km", "line_p95_km"),
]
BOUNDS = ("--bounds", "30.2", "48.2", "30.8", "48.6", "--crs", "EPSG:32636", "--band-km", "10")


def feature(shape: BaseGeometry, **properties: object) -> dict:
    return {"type": "Feature", "geometry": mapping(shape), "properties": properties}


def written(path: Path, *features: dict) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def answer(capsys, *words: object) -> dict:
    capsys.readouterr()
    assert main(["compare", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def fails(capsys, *words: object) -> tuple[int, str]:
    code = main(["compare", *map(str, words)])
    return code, capsys.readouterr().err


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two maps whose lines lie 0.02° of longitude (1.478 km) apart."""
    return (
        written(tmp_path / "a.geojson", feature(box(30, 48, 30.5, 49))),
        written(tmp_path / "b.geojson", feature(box(30, 48, 30.52, 49))),
    )


def test_it_prints_the_nine_measures_first_and_in_order(pair, capsys):
    found = answer(capsys, *pair, *BOUNDS)
    assert list(found)[:9] == KEYS
    assert found["only_a_km2"] == 0
    assert found["only_b_km2"] == pytest.approx(1.478 * 44.5, rel=0.01)
    assert found["line_median_km"] == pytest.approx(1.478, abs=0.01)
    assert 0 < found["kappa_band"] < found["accuracy_band"] < 1


def test_without_a_line_all_that_needs_one_is_null(tmp_path, capsys):
    whole = written(tmp_path / "whole.geojson", feature(box(29, 47, 32, 50)))
    part = written(tmp_path / "part.geojson", feature(box(29, 47, 30.5, 50)))
    found = answer(capsys, whole, part, *BOUNDS)
    assert [found[key] for key in KEYS[3:]] == [None] * 6
    assert found["only_a_km2"] > 900


def test_classes_that_count_as_held_are_chosen_per_map(tmp_path, capsys):
    held, grey = (
        feature(box(30, 48, 30.5, 49), **{"class": "held"}),
        feature(box(30.5, 48, 30.6, 49), **{"class": "grey"}),
    )
    a, b = written(tmp_path / "a.geojson", held, grey), written(tmp_path / "b.geojson", feature(box(30, 48, 30.6, 49)))
    assert answer(capsys, a, b, *BOUNDS)["only_b_km2"] > 300
    assert answer(capsys, a, b, *BOUNDS, "--classes-a", "held,grey")["only_b_km2"] == pytest.approx(0, abs=1e-3)


def test_where_several_sides_are_drawn_the_one_compared_is_asked_for(tmp_path, capsys):
    a = written(
        tmp_path / "a.geojson",
        feature(box(30, 48, 30.5, 49), **{"class": "held", "side": "south"}),
        feature(box(30.5, 48, 31, 49), **{"class": "held", "side": "north"}),
    )
    b = written(tmp_path / "b.geojson", feature(box(30, 48, 30.5, 49)))
    code, said = fails(capsys, a, b, *BOUNDS)
    assert code == 2
    assert "south, north" in said
    assert answer(capsys, a, b, *BOUNDS, "--side", "South")["only_a_km2"] == 0
    assert answer(capsys, a, b, *BOUNDS, "--side", "north")["both_km2"] == 0


def test_of_files_with_many_dates_the_day_is_taken_and_an_older_map_is_told(tmp_path, capsys):
    days = {"2030-01-01": 30.4, "2030-01-05": 30.5}
    a = written(tmp_path / "a.geojson", *(feature(box(30, 48, east, 49), date=day) for day, east in days.items()))
    b = written(tmp_path / "b" / "map_20300101.geojson", feature(box(30, 48, 30.4, 49))).parent
    written(b / "map_20300104.geojson", feature(box(30, 48, 30.45, 49)))
    assert answer(capsys, a, b, *BOUNDS, "--on", "2030-01-01")["only_a_km2"] == 0
    found = answer(capsys, a, b, *BOUNDS, "--on", "2030-01-05")
    assert found["only_a_km2"] > 100


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--bounds", "31", "48", "30", "49"), 2, "--bounds"),
        (("--bounds", "30", "48", "31", "49", "--crs", "EPSG:4326"), 2, "not flat"),
        (("--bounds", "30", "48", "31", "49", "--crs", "EPSG:32650"), 2, "far outside"),
        ((*BOUNDS, "--band-km", "0"), 2, "--band-km"),
        ((*BOUNDS, "--classes-a", "occupied"), 2, "--classes"),
    ],
)
def test_wrong_use_is_one_clear_line(pair, capsys, words, code, said):
    found, line = fails(capsys, *pair, *words)
    assert found == code
    assert said in line
    assert line.count("\n") == 1


def test_a_file_that_is_not_there_is_bad_input(tmp_path, pair, capsys):
    assert fails(capsys, tmp_path / "none.geojson", pair[1], *BOUNDS)[0] == 3


def test_a_map_as_its_maker_wrote_it_is_read_by_its_crosswalk(tmp_path, capsys):
    ring = " ".join(f"{x},{y},0" for x, y in box(30, 48, 30.5, 49).exterior.coords)
    kml = (
        '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>Occupied</name>'
        "<Placemark><name>held</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Folder></Document></kml>"
    )
    a = tmp_path / "a.kml"
    a.write_text(kml, encoding="utf-8")
    b = written(tmp_path / "b.geojson", feature(box(30, 48, 30.5, 49)))
    found = answer(capsys, a, b, *BOUNDS)
    assert found["only_a_km2"] + found["only_b_km2"] == pytest.approx(0, abs=1e-3)


def history(path: Path, edges: dict[str, float]) -> Path:
    """A file of many dates, the line at a meridian each."""
    return written(path, *(feature(box(30, 48, east, 49), date=day) for day, east in edges.items()))


@pytest.fixture
def histories(tmp_path: Path) -> tuple[Path, Path]:
    """B draws what A draws, four days later."""
    days = [f"2030-01-{day:02}" for day in range(1, 13)]
    a = {day: 30.4 + 0.01 * k for k, day in enumerate(days)}
    b = {day: 30.4 + 0.01 * max(0, k - 4) for k, day in enumerate(days)}
    return history(tmp_path / "a.geojson", a), history(tmp_path / "b.geojson", b)


def test_a_lag_past_the_calendar_is_wrong_use(histories, capsys):
    args = [*map(str, histories), *map(str, BOUNDS)]
    assert main(["compare", *args, "--on", "2030-01-06", "--lag-days", "99999999999"]) == 2
    assert "--lag-days" in capsys.readouterr().err


def test_the_lag_that_reconciles_two_mappers_is_found(histories, capsys):
    lag = answer(capsys, *histories, *BOUNDS, "--on", "2030-01-06")["lag"]
    assert (lag["days"], lag["b_date"], lag["at_end"]) == (4, "2030-01-10", False)
    assert lag["difference_km2"] == pytest.approx(0, abs=1e-3)
    assert lag["same_day_km2"] > 100
    assert answer(capsys, *histories, *BOUNDS, "--on", "2030-01-06", "--lag-days", "0")["lag"] is None


def test_of_each_settlement_it_is_told_who_says_what_since_when(histories, tmp_path, capsys):
    places = tmp_path / "places.csv"
    places.write_text("name,lon,lat\nWest,30.3,48.4\nMiddle,30.425,48.4\nEast,30.7,48.4\n", encoding="utf-8")
    found = answer(capsys, *histories, *BOUNDS, "--on", "2030-01-06", "--places", places)["settlements"]
    assert [(one["name"], one["agree"]) for one in found] == [("Middle", False), ("East", True), ("West", True)]
    assert found[0]["a"] == {"class": "held", "since": "2030-01-04", "or_earlier": False}
    assert found[0]["b"] == {"class": "rest", "since": "2030-01-01", "or_earlier": True}


def test_over_time_every_day_is_a_row_and_the_measures_are_medians(histories, tmp_path, capsys):
    out = tmp_path / "out"
    found = answer(capsys, *histories, *BOUNDS, "--from", "2030-01-02", "--to", "2030-01-12", "--out", out)
    assert list(found)[:9] == KEYS
    assert found["days"] == len(found["rows"]) == 11
    assert found["only_a_km2"] == sorted(one["only_a_km2"] for one in found["rows"])[5]
    assert found["lag"]["days"] == 4
    assert found["offset"]["km"] < 0
    assert {path.name for path in out.iterdir()} == {
        *("compare.json", "compare.csv", "compare.png", "compare.svg", "only_a.geojson", "only_b.geojson")
    }
    assert (out / "compare.png").read_bytes().startswith(b"\x89PNG")
    assert "PRIVATE" in (out / "compare.svg").read_text(encoding="utf-8")


def test_days_the_wrong_way_round_are_wrong_use(histories, capsys):
    code, said = fails(capsys, *histories, *BOUNDS, "--from", "2030-02-01", "--to", "2030-01-01")
    assert code == 2
    assert "--from 2030-02-01 --to 2030-01-01: wanted the earlier day first" in said


def test_a_map_of_b_that_is_too_old_is_not_used(tmp_path, capsys):
    a = history(tmp_path / "a.geojson", {"2030-01-01": 30.4, "2030-01-20": 30.5})
    b = history(tmp_path / "b.geojson", {"2029-12-30": 30.4})
    found = answer(capsys, a, b, *BOUNDS, "--from", "2030-01-01", "--max-age", "7")
    assert [one["b_date"] for one in found["rows"]] == ["2029-12-30"]
    assert fails(capsys, a, b, *BOUNDS, "--from", "2030-01-10")[0] == 2


def test_files_name_mappers_classes_box_and_flat_map_beside_every_figure(pair, tmp_path, capsys):
    import csv

    import geopandas

    out = tmp_path / "out"
    found = answer(capsys, f"Alpha={pair[0]}", f"Beta={pair[1]}", *BOUNDS, "--out", out)
    row = next(csv.DictReader((out / "compare.csv").read_text(encoding="utf-8").splitlines()))
    assert (row["a_mapper"], row["b_mapper"], row["crs"]) == ("Alpha", "Beta", "EPSG:32636")
    assert (row["bounds"], row["b_classes"], row["stamp"]) == ("30.2 48.2 30.8 48.6", "held", "PRIVATE")
    assert float(row["only_b_km2"]) == found["only_b_km2"]
    layer = geopandas.read_file(out / "only_b.geojson")
    assert layer["km2"].sum() == pytest.approx(found["only_b_km2"], abs=0.01)
    assert set(layer["mapper"]) == {"Beta"}
    assert layer.to_crs("EPSG:32636").area.sum() / 1e6 == pytest.approx(found["only_b_km2"], rel=1e-3)
    assert len(geopandas.read_file(out / "only_a.geojson")) == 0


def test_the_table_says_the_same_in_words(histories, capsys):
    capsys.readouterr()
    assert main(["compare", *map(str, histories), *BOUNDS, "--on", "2030-01-06"]) == 0
    said = capsys.readouterr().out
    for words in ("PRIVATE", "held on A alone", "EPSG:32636", "30.2 48.2 30.8 48.6", "explains 100%", "4 days later"):
        assert words in said


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(pair, tmp_path, capsys):
    out = tmp_path / "out"
    answer(capsys, f"@SUM(A1)={pair[0]}", pair[1], *BOUNDS, "--out", out)
    assert ",'@SUM(A1)," in (out / "compare.csv").read_text(encoding="utf-8")


def test_land_bounds_what_counts_and_land_that_lies_elsewhere_is_bad_input(pair, tmp_path, capsys):
    here = written(tmp_path / "here.geojson", feature(box(29, 47, 30.51, 50)))
    found = answer(capsys, *pair, *BOUNDS, "--land", here)
    assert found["only_b_km2"] == pytest.approx(0.739 * 44.5, rel=0.01)
    assert found["land"] is True
    for box_there in (box(33, 48, 34, 49), box(30.85, 48, 31, 49)):
        there = written(tmp_path / "there.geojson", feature(box_there))
        assert fails(capsys, *pair, *BOUNDS, "--land", there)[0] == 3


def test_a_geometry_whose_type_is_no_text_is_bad_input(pair, tmp_path, capsys):
    bad = tmp_path / "bad.geojson"
    one = {"type": "Feature", "properties": {}, "geometry": {"type": [1], "coordinates": []}}
    bad.write_text(json.dumps({"type": "FeatureCollection", "features": [one]}), encoding="utf-8")
    assert fails(capsys, pair[0], bad, *BOUNDS)[0] == 3


def test_maps_that_hold_nothing_inside_the_bounds_are_told_and_turned_axes_guessed(tmp_path, pair, capsys):
    turned = written(tmp_path / "turned.geojson", feature(box(48, 30, 49, 30.5)))
    found = answer(capsys, turned, pair[1], *BOUNDS)
    assert found["notes"] == ["turned.geojson: nothing held inside the bounds; lat before lon?"]
    away = answer(capsys, *pair, "--bounds", "1", "1", "2", "2")
    assert away["notes"] == [f"{name}.geojson: nothing held inside the bounds" for name in "ab"]
    assert answer(capsys, *pair, *BOUNDS)["notes"] == []


def test_a_box_that_ends_with_the_held_ground_is_told_to_have_no_line(tmp_path, capsys):
    one, other = (
        written(tmp_path / f"{name}.geojson", feature(box(30, 48, east, 48.5)))
        for name, east in (("a", 30.4), ("b", 31))
    )
    notes = answer(capsys, one, other)["notes"]
    assert notes[1:] == [
        f"{name}.geojson: all is held inside the bounds, so no line lies there; wider --bounds reach one"
        for name in "ab"
    ]
    assert answer(capsys, one, other, "--bounds", "29.9", "47.9", "30.5", "48.6")["notes"] == []
