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
