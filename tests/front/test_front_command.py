"""`isofront front`: on files in any folder, with every answer readable by a machine and every fault in one line."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from isofront.cli import main
from isofront.front.neck_field import necks
from isofront.ground.grid import Bounds, to_lonlat
from isofront.ground.places import Place, Places

CRS = "EPSG:32633"
EAST, NORTH = 500.0, 5500.0
KEYS = {
    "neck_km", "neck_min_km", "neck_max_km", "robust_neck_km", "second_exit_km", "tips", "pocket_km2", "enclosure",
    "largest_free_arc_deg", "footprint_free", "rung",
}  # fmt: skip


def lonlat(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda km: np.column_stack(to_lonlat(km[:, 0] + EAST, km[:, 1] + NORTH, crs=CRS)))


def written(path: Path, *shapes: BaseGeometry) -> str:
    features = [{"type": "Feature", "properties": {}, "geometry": mapping(lonlat(shape))} for shape in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return str(path)


def spot(east: float, north: float) -> list[str]:
    return [f"{number[0]:.8f}" for number in to_lonlat(np.array([east + EAST]), np.array([north + NORTH]), crs=CRS)]


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    west, east = box(-60, -11, -2, -10), box(2, -11, 60, -10)
    sides = (box(-60, -60, -12, -11), box(12, -60, 60, -11))
    written(tmp_path / "held.geojson", west, east, *sides)
    written(tmp_path / "land.geojson", box(-60, -60, 60, 80))
    written(tmp_path / "grey.geojson", box(-2.5, -11, -1, -10))
    written(tmp_path / "presence.geojson", box(-2.5, -11, 2.5, -10))
    return tmp_path


def answer(capsys, *words: str) -> object:
    assert main(["front", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def fault(capsys, *words: str) -> tuple[int, str]:
    code = main(["front", *words])
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 1, told
    return code, told[0]


PLACE = ["--held", "held.geojson", "--land", "land.geojson", "--crs", CRS]


def test_corridor_answers_with_every_measure(files, capsys):
    found = answer(capsys, "corridor", "--at", *spot(0, -30), "--radius", "1500", *PLACE)
    assert set(found) >= KEYS | {"by_rule"}
    assert found["neck_km"] == pytest.approx(4, abs=0.01)
    assert found["rung"] == "gap_2_5"
    assert found["tips"] == pytest.approx(np.array([spot(-2, -10), spot(2, -10)], float), abs=2e-2)
    assert found["pocket_km2"] == pytest.approx(24 * 49, rel=0.02)
    assert set(found["enclosure"]) == set(found["largest_free_arc_deg"]) == {"5", "10", "20"}
    assert found["by_rule"]["held"]["neck_km"] == found["neck_km"]
    assert found["by_rule"]["held_or_grey"] is None
    assert found["by_rule"]["any_presence"] is None


def test_the_three_rules_stand_side_by_side(files, capsys):
    rules = ["--grey", "grey.geojson", "--presence", "presence.geojson"]
    found = answer(capsys, "corridor", "--at", *spot(0, -30), *PLACE, *rules)["by_rule"]
    assert [round(found[rule]["neck_km"], 1) for rule in ("held", "held_or_grey", "any_presence")] == [4, 3, 0]
    assert [found[rule]["rung"] for rule in found] == ["gap_2_5", "gap_2_5", "no_gap"]
    assert main(["front", "corridor", "--at", *spot(0, -30), *PLACE, *rules]) == 0
    text = capsys.readouterr().out
    assert "by rule" in text
    assert "encircled" not in text


def test_one_rung_is_printed_only_where_rules_doubt_and_the_whole_place_agree(files, capsys):
    def rung(*more: str) -> str:
        assert main(["front", "corridor", "--at", *spot(0, -30), *PLACE, *more]) == 0
        return next(line for line in capsys.readouterr().out.splitlines() if line.startswith("rung"))

    assert rung() == "rung       gap_2_5"
    assert rung("--presence", "presence.geojson") == "rung       gap_2_5 to no_gap, by rule"
    doubt = ("--sigma-m", "1500", "--samples", "20")
    assert rung(*doubt).endswith("by the doubt of the line")
    rungs = answer(capsys, "corridor", "--at", *spot(0, -30), *PLACE, *doubt)["rungs"]
    assert len(rungs) > 1
    assert f"{rungs[0]} to {rungs[-1]}" in rung(*doubt)
    at = spot(0, -10.5)
    assert main(["front", "corridor", "--at", *at, *PLACE, "--radius", "2500"]) == 0
    assert "over the place" in capsys.readouterr().out


def test_an_open_place_has_no_neck_and_a_taken_one_no_enclosure(files, capsys):
    away = answer(capsys, "corridor", "--at", *spot(0, 40), *PLACE)
    assert (away["neck_km"], away["rung"], away["tips"]) == (None, "open", [])
    taken = answer(capsys, "corridor", "--at", *spot(-30, -10.1), *PLACE)
    assert (taken["rung"], taken["enclosure"]) == ("taken", None)
    assert 0 < taken["footprint_free"] < 1
    assert main(["front", "corridor", "--at", *spot(-30, -10.1), *PLACE]) == 0
    assert "n/a" in capsys.readouterr().out
    assert main(["front", "corridor", "--at", *spot(-30, -10.5), "--radius", "200", *PLACE]) == 0
    told = capsys.readouterr().out
    assert "nothing of the place is free" in told
    assert "open" not in told


def test_without_land_the_extent_is_taken_and_the_zone_is_found(files, capsys):
    found = answer(capsys, "corridor", "--at", *spot(0, -30), "--held", "held.geojson")
    assert found["neck_km"] == pytest.approx(24, abs=0.1), "the open south is wider than the gap in the north"


def test_pincers_are_listed_with_the_places_inside(files, capsys):
    found = answer(capsys, "pincers", *PLACE)
    assert found[0]["neck_km"] == pytest.approx(4, abs=0.01)
    assert all(set(row) >= {"neck_km", "tips", "pocket_km2", "inside"} for row in found)
    assert len(found[0]["inside"]) > 3
    assert main(["front", "pincers", *PLACE]) == 0
    assert found[0]["inside"][0] in capsys.readouterr().out


def test_a_place_is_found_by_name_in_any_spelling(files, capsys):
    inside = answer(capsys, "pincers", *PLACE)[0]["inside"][0]
    found = answer(capsys, "corridor", "--place", inside.upper(), *PLACE)
    assert found["place"] == inside
    assert found["rung"] != "open"
    assert found["radius_m"] >= 500


def test_a_place_may_stand_behind_the_command_and_help_tells_of_the_series(files, capsys):
    assert fault(capsys, "corridor", "Nirgendsheim", *PLACE)[1].startswith("isofront: --place Nirgendsheim: not in")
    assert "either A or --place B" in fault(capsys, "corridor", "A", "--place", "B", *PLACE)[1]
    assert main(["front", "corridor", "--help"]) == 0
    assert "--from" in capsys.readouterr().out
    assert main(["front", "corridor-series", "--help"]) == 0
    assert "--max-age" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--at", "15.0", "80.0"], 2, "outside of the land"),
        (["--at", "49.0", "15.0"], 2, "lon first"),
        (["--at", "nan", "49"], 2, "no spot"),
        ([], 2, "--at LON LAT or --place"),
        (["--at", "15", "49.4", "--place", "x"], 2, "--at LON LAT or --place"),
        (["--at", "15", "49.4", "--radius", "-3"], 2, "--radius"),
        (["--place", "Kutná Horra"], 2, "nearest spellings"),
        (["--place", "zzqqzzqq"], 2, "not in the gazetteer"),
        (["--at", "15", "49.4", "--crs", "EPSG:4326"], 2, "not flat in metres"),
        (["--at", "15", "49.4", "--crs", "EPSG:1"], 2, "not a coordinate system"),
        (["--at", "15", "49.4", "--crs", "EPSG:32755"], 3, "far outside of EPSG:32755"),
        (["--at", "15", "49.4", "--crs", "EPSG:32629"], 3, "far outside of EPSG:32629"),
        (["--at", "15", "49.4", "--held", "absent.geojson"], 3, "cannot be read"),
        (["--at", "15", "49.4", "--held", "empty.geojson"], 3, "no features"),
        (["--at", "15", "49.4", "--held", "metres.geojson"], 3, "no spot in degrees"),
        (["--at", "15", "49.4", "--held", "far.geojson"], 3, "nowhere on the land"),
        (
            ["--at", "15", "49.4", "--held", "held.geojson", "--grey", "other.geojson"],
            3,
            "over 200 km from held.geojson",
        ),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(files, capsys, words, code, says):
    (files / "empty.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    ring = [[500000, 5500000], [501000, 5500000], [501000, 5501000], [500000, 5500000]]
    (files / "metres.geojson").write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    written(files / "far.geojson", box(200, 200, 210, 210))
    written(files / "other.geojson", box(500, 300, 510, 310))
    given = PLACE if "--held" not in words else PLACE[2:]
    given = given if "--crs" not in words else given[:-2]
    found, line = fault(capsys, "corridor", *given, *words)
    assert (found, says in line) == (code, True), line


def test_namesakes_are_listed_with_their_coordinates(files, capsys):
    written(files / "country.geojson", box(-250, -150, 250, 150))
    code, line = fault(capsys, "corridor", "--place", "Nová Ves", "--held", "held.geojson", "--land", "country.geojson")
    assert code == 2
    assert "places bear that name" in line
    assert "--at LON LAT" in line


def test_of_namesakes_the_one_near_the_front_is_meant(files, capsys):
    written(files / "country.geojson", box(-250, -150, 250, 150))
    lon, lat = (float(degrees) for degrees in spot(0, -30))
    places, near = Places.load(), Bounds(lon - 1.5, lat - 0.7, lon + 1.5, lat + 0.7)
    country = Bounds(lon - 3, lat - 1, lon + 3, lat + 1)
    counts = Counter(one.name for one in places.within(country))
    names = [one.name for one in places.within(near) if counts[one.name] == 2]
    name, both = next((word, found) for word in names if _apart(found := places.find(word, near=country), lon))
    found = answer(capsys, "corridor", "--place", name, "--held", "held.geojson", "--land", "country.geojson")
    assert abs(found["lon"] - lon) == pytest.approx(min(abs(one.lon - lon) for one in both), abs=1e-4)


def _apart(places: tuple[Place, ...], lon: float) -> bool:
    off = sorted(abs(one.lon - lon) for one in places)
    return len(off) == 2 and off[0] < 1.5 and off[1] > 2.2


def test_a_crossed_polygon_is_repaired_and_that_is_said(files, capsys):
    ring = [[float(degrees) for degrees in spot(*corner)] for corner in ((-20, 5), (-10, 15), (-10, 5), (-20, 15))]
    bow = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    (files / "bow.geojson").write_text(json.dumps(bow), encoding="utf-8")
    assert main(["front", "pincers", "--held", "bow.geojson", "--land", "land.geojson", "--json"]) == 0
    told = capsys.readouterr()
    assert "repaired" in told.err
    json.loads(told.out)


def test_hair_thin_gaps_and_touching_rings_do_not_break_the_triangles():
    rng = np.random.default_rng(5)
    for _ in range(30):
        corners = rng.integers(-20, 20, (12, 2)) / 2
        boxes = [box(*low, *(low + rng.integers(1, 8, 2) / 2 + rng.choice([0, 1e-7, 1e-4]))) for low in corners]
        field = necks(shapely.union_all(boxes), box(-60, -60, 60, 60))
        free = field.area_km2[field.mesh.free].sum()
        assert free == pytest.approx(field.free.area, abs=0.01)


# Intervals, and a theatre's own map


def test_edges_that_may_lie_off_give_intervals_under_each_rule(files, capsys):
    found = answer(
        capsys,
        "corridor",
        "--at",
        *spot(0, -30),
        *PLACE,
        "--grey",
        "grey.geojson",
        "--sigma-m",
        "300",
        "--samples",
        "20",
    )
    low, median, high = found["sampled"]["neck_km"]
    assert low < median < high
    assert low < found["neck_km"] < high
    assert found["sampled"]["maps"] == 20
    assert 0 <= found["sampled"]["p_cut_off"] <= found["sampled"]["p_neck_under_5_km"] <= 1
    assert found["by_rule"]["held_or_grey"]["sampled"]["neck_km"][1] < median
    assert found["by_rule"]["any_presence"] is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["corridor", "--at", "15", "49.4"], "--held FILE or --theatre"),
        (["corridor", "--at", "15", "49.4", "--theatre", "."], "--on 2030-01-31"),
        (["corridor", "--at", "15", "49.4", *PLACE, "--on", "2030-01-31"], "go with --theatre"),
        (["corridor", "--at", "15", "49.4", "--theatre", ".", "--on", "2030-01-31", "--sigma-m", "9"], "--held"),
        (["corridor", "--at", "15", "49.4", *PLACE, "--sigma-m", "0"], "--sigma-m 0"),
        (["corridor", "--at", "15", "49.4", *PLACE, "--samples", "1"], "--samples 1"),
        (["pincers"], "--held FILE or --theatre"),
        (["pincers", "--theatre", ".", "--on", "2024-01-31"], "no theatre in this folder"),
    ],
)
def test_words_that_do_not_go_together_are_refused(files, capsys, words, says):
    code, line = fault(capsys, *words)
    assert (code, says in line) == (2, True), line


def test_of_a_file_with_many_dates_and_classes_one_date_is_taken_and_a_mixture_is_told(files, capsys):
    def drawn(shape: BaseGeometry, **words: str) -> dict[str, object]:
        return {"type": "Feature", "properties": words, "geometry": mapping(lonlat(shape))}

    held = [drawn(box(x, -40, x + 10, 40), date="2030-01-01", **{"class": "held"}) for x in (-20, 10)]
    later = drawn(box(-9, -40, 9, 40), date="2030-02-01", **{"class": "grey"})
    Path("many.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [*held, later]}))
    words = ("corridor", "--at", *spot(0, 0), "--held")
    assert answer(capsys, *words, "many.geojson@2030-01-01")["neck_km"] == pytest.approx(20, abs=0.05)
    assert main(["front", *words, "many.geojson"]) == 0
    dates, classes = capsys.readouterr().err.strip().splitlines()
    assert "holds polygons of 2 dates, all taken together; many.geojson@DATE" in dates
    assert "every polygon counts as held by the enemy, here class 2 × held, 1 × grey" in classes


def test_of_a_geopackage_with_many_layers_the_first_with_polygons_is_read_and_that_is_said(files, capsys):
    import geopandas as gpd

    areas = gpd.GeoSeries([lonlat(box(-20, -40, -10, 40)), lonlat(box(10, -40, 20, 40))], crs=4326)
    for name, shapes in (("spots", areas.representative_point().iloc[:1]), ("ours", areas), ("others", areas.iloc[:1])):
        about = {} if Path("many.gpkg").exists() else {"dataset_metadata": {"as_of": "2030-01-01"}}
        shapes.to_file("many.gpkg", layer=name, layer_metadata={"as_of": "2030-01-01"}, **about)
        Path("many.gpkg.aux.xml").unlink(missing_ok=True)
    assert main(["front", "corridor", "--at", *spot(0, 0), "--held", "many.gpkg"]) == 0
    assert not Path("many.gpkg.aux.xml").exists()
    told = capsys.readouterr()
    assert told.err.strip() == "isofront: many.gpkg: layer ours is read, not others (polygons too)"
    assert "20.0 km" in told.out
