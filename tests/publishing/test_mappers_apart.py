"""What is never republished of another mapper's file: round marks, specks, parts smaller than a public cell."""

from __future__ import annotations

import json

import shapely
from engine_war import polygon, ring
from second_map import WIDE, box, chosen, round_mark, second_map, told_of

from isofront.engine.mappers_apart import is_sign, without_specks


def test_a_speck_such_as_one_position_shows_neither_as_a_part_nor_as_a_hole(war):
    speck = box(20.3, 50.1, 20.304, 50.103)  # 0.1 km²
    island = polygon(box(20.03, 50.1, 20.034, 50.103), **{"class": "held", "side": "blue"})
    around = [(lon - WIDE, lat) for lon, lat in ring()]
    holed = {"type": "Polygon", "coordinates": [around, speck[::-1]]}
    held = {"type": "Feature", "properties": {"class": "held", "side": "red"}, "geometry": holed}
    path = war / "theirs" / "2024-05-24.geojson"
    path.parent.mkdir()
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [held, island]}), encoding="utf-8")
    told_of(war)
    (one,) = chosen(war).found
    assert list(one.held) == ["red"]
    assert [len(part.interiors) for part in shapely.get_parts(one.held["red"])] == [0]
    grown = without_specks(one.held["red"].difference(shapely.Point(one.held["red"].centroid).buffer(2)), 0.5)
    assert sum(len(part.interiors) for part in shapely.get_parts(grown)) == 1, "a real hole stays"


def test_a_round_mark_is_told_from_ground_by_its_form():
    assert all(is_sign(shapely.Polygon(round_mark(20, lat, r))) for lat in (0, 50) for r in (0.003, 0.02, 0.04))
    assert not is_sign(shapely.Polygon(round_mark(20, 50, 0.2))), "a whole encircled city"
    dented = shapely.Polygon(round_mark(20, 50, 0.02)).difference(shapely.box(20.01, 49.99, 20.03, 50.01))
    assert not is_sign(dented)
    assert not is_sign(shapely.segmentize(shapely.box(20, 50, 20.02, 50.02), 0.001))
    assert not is_sign(shapely.Polygon([(20, 50), (20.1, 50), (20.1, 50), (20, 50)]))


def test_round_marks_as_of_positions_are_not_republished_neither_as_parts_nor_as_holes(war):
    mark = polygon(round_mark(20.05, 50.1, 0.02), **{"class": "held", "side": "blue"})
    ground = {
        "type": "Polygon",
        "coordinates": [[(lon - WIDE, lat) for lon, lat in ring()], round_mark(20.3, 50.1, 0.02)],
    }
    path = war / "theirs" / "2024-05-24.geojson"
    path.parent.mkdir()
    held = {"type": "Feature", "properties": {"class": "held", "side": "red"}, "geometry": ground}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [held, mark]}), encoding="utf-8")
    told_of(war)
    taken = chosen(war)
    assert [list(one.held) for one in taken.found] == [["red"]]
    assert [len(part.interiors) for part in shapely.get_parts(taken.found[0].held["red"])] == [0]
    assert any("2 of the areas are or hold round marks" in note for note in taken.notes)


def test_parts_smaller_than_a_public_cell_are_left_out_whatever_least_part_the_theatre_asks_for(war):
    speck = polygon(box(20.03, 50.1, 20.04, 50.107), **{"class": "held", "side": "blue"})  # 0.55 km²
    second_map(war / "theirs", "2024-05-24", speck)
    told_of(war)
    file = war / "theatre.toml"
    text = file.read_text(encoding="utf-8")
    assert "minimum_part_km2" not in text
    file.write_text(f"{text}\n[map]\nminimum_part_km2 = 0\n", encoding="utf-8")
    assert [list(one.held) for one in chosen(war).found] == [["red"]]
