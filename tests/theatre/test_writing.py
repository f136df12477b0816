from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from theatres import theatres

from isofront.ground.polygons import Feature, read_polygons
from isofront.theatre import dump, geojson_of, parse
from isofront.theatre.lines import key_lines
from isofront.theatre.model import Theatre

CALM = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@CALM
@given(theatres())
def test_a_theatre_that_is_written_and_read_is_the_same(theatre: Theatre) -> None:
    assert parse(dump(theatre)) == theatre


@CALM
@given(theatres())
def test_every_key_is_found_on_a_line_that_names_it(theatre: Theatre) -> None:
    text = dump(theatre)
    lines, found = text.split("\n"), key_lines(text)
    for path in _paths(tomllib.loads(text)):
        assert path in found
        if isinstance(path[-1], str) and path[-1].isidentifier() and path[-1].isascii():
            assert path[-1] in lines[found[path] - 1]


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _paths(inner, (*path, key))


def test_lines_are_found_in_toml_of_every_shape() -> None:
    text = (
        '# [not.a.table]\n"a key" = """\ntwo = "lines" [x]\n"""\n[one . "t.wo"]\nthree.four = { five = [1, 2,\n'
        " # a ] comment\n 3], 'six' = '''a\n}''' }\nseven = 2025-08-01 10:00:00Z # 'x\n"
        "[[many]]\na=1\n[many.in]\nb=2\n[[many]]\na=3\n"
    )
    found = key_lines(text)
    assert set(_paths(tomllib.loads(text))) <= set(found)
    assert found["a key",] == 2
    assert found["one", "t.wo", "three", "four", "five", 2] == 8
    assert found["one", "t.wo", "seven"] == 10
    assert found["many", 0, "in", "b"] == 14
    assert found["many", 1, "a"] == 16


@given(st.lists(st.tuples(st.floats(0, 0.4), st.floats(0, 2)), min_size=3, max_size=30, unique_by=lambda spot: spot[1]))
def test_an_anchor_that_is_written_and_read_keeps_every_vertex(offsets: list[tuple[float, float]]) -> None:
    edge = sorted(offsets, key=lambda spot: spot[1])
    ring = [(20.0, 50.0 + edge[-1][1]), *[(20.5 + dx, 50.0 + y) for dx, y in reversed(edge)], (20.0, 50.0 + edge[0][1])]
    area = shapely.Polygon(ring)
    if not area.is_valid:
        return
    written = geojson_of((Feature(1, area, {"class": "held", "side": "red", "secret": "x"}),))
    with TemporaryDirectory() as folder:
        (file := Path(folder) / "a.geojson").write_bytes(written)
        (feature,) = read_polygons(file)
    assert np.array_equal(shapely.get_coordinates(feature.geometry), shapely.get_coordinates(area))
    assert feature.properties == {"class": "held", "side": "red"}
    assert json.loads(written)["type"] == "FeatureCollection"
