"""The corridor-width field as a layer: the same widths as spot by spot, in files that other tools read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from scrawls import scrawl
from shapely.geometry import box, mapping

from isofront.cli import main
from isofront.front import necks
from isofront.front.width_field import MOST_CELLS, grid_about, widths_on
from isofront.ground.grid import Grid, to_lonlat

CRS = "EPSG:32633"
EAST, NORTH = 500.0, 5500.0


@pytest.mark.parametrize("seed", range(6))
def test_each_cell_has_the_width_of_its_centre(seed):
    field = necks(scrawl(np.random.default_rng(seed)), None)
    grid = Grid(CRS, -15.13, -15.07, 0.25, 121, 118)
    drawn = widths_on(field, grid)
    spots = np.column_stack([axis.ravel() for axis in grid.centres_km()])
    alone = field.widths_km(spots).reshape(grid.shape)
    alone[~(alone <= 30)] = np.nan
    same = np.isclose(drawn, alone, rtol=1e-5, equal_nan=True)
    assert same.mean() > 0.9995, "but for centres on the very edge of a triangle"
    assert np.isfinite(drawn).any()


def test_where_the_other_holds_all_there_is_no_width():
    assert np.isnan(widths_on(None, Grid(CRS, 0.0, 0.0, 1.0, 3, 2))).all()


def test_the_grid_reaches_30_km_past_the_polygons_but_not_past_the_land_and_a_large_map_has_wider_cells():
    small = grid_about((0.0, 0.0, 40.0, 10.0), (-5.0, -100.0, 200.0, 100.0), CRS)
    assert small.box_km == (-5, -30, 70, 40)
    assert small.cell_km == 0.25
    large = grid_about((0.0, 0.0, 3000.0, 2000.0), (-9000.0, -9000.0, 9000.0, 9000.0), CRS)
    assert large.nx * large.ny <= 1.01 * MOST_CELLS


@pytest.fixture
def files(tmp_path, monkeypatch) -> Path:
    """A pocket 24 km wide behind a neck of 4 km."""
    monkeypatch.chdir(tmp_path)
    walls = (box(-60, -11, -2, -10), box(2, -11, 60, -10), box(-60, -60, -12, -11), box(12, -60, 60, -11))
    for name, shapes in (("held", walls), ("grey", [box(-2.5, -11, -1, -10)]), ("land", [box(-60, -60, 60, 80)])):
        features = [{"type": "Feature", "properties": {}, "geometry": mapping(lonlat(one))} for one in shapes]
        (tmp_path / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return tmp_path


def lonlat(shape):
    return shapely.transform(shape, lambda km: np.column_stack(to_lonlat(km[:, 0] + EAST, km[:, 1] + NORTH, crs=CRS)))


SPOT = [f"{degree[0]:.6f}" for degree in to_lonlat(np.array([EAST]), np.array([NORTH - 30]), crs=CRS)]
FILES = ["--held", "held.geojson", "--land", "land.geojson", "--crs", CRS]
ASKED = ["front", "corridor", "--at", *SPOT, *FILES, "--grey", "grey.geojson"]


def test_the_field_is_a_raster_that_other_tools_read(files, capsys):
    assert main([*ASKED, "--field", "field.tif"]) == 0
    assert "wrote field.tif" in capsys.readouterr().out
    with rasterio.open(files / "field.tif") as raster:
        assert raster.descriptions == ("neck_held", "neck_held_or_grey")
        assert raster.units == ("km", "km")
        assert (raster.crs.to_epsg(), raster.res, np.isnan(raster.nodata)) == (32633, (250.0, 250.0), True)
        assert raster.tags()["STAMP"] == "PRIVATE"
        assert "PRIVATE" in raster.tags()["TIFFTAG_IMAGEDESCRIPTION"]
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        inside, outside, wall = raster.sample([(500e3, 5470e3), (500e3, 5540e3), (470e3, 5489.5e3)])
    assert inside == pytest.approx([4, 3], abs=0.01)
    assert np.isnan(outside).all(), "open is nodata"
    assert np.isnan(wall).all(), "the other's ground is nodata"


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_field_is_a_picture_that_says_what_it_is_and_is_the_same_every_time(files, capsys, kind):
    made = []
    for _ in range(2):
        assert main([*ASKED, "--field", f"field.{kind}"]) == 0
        made.append((files / f"field.{kind}").read_bytes())
    assert made[0] == made[1]
    if kind == "svg":
        text = made[0].decode("utf-8")
        assert all(word in text for word in ("PRIVATE", "not for navigation", "2–5 km", "held by the other"))
    capsys.readouterr()


def test_a_name_that_is_neither_raster_nor_picture_is_refused_before_anything_is_read(files, capsys):
    assert main(["front", "pincers", "--held", "absent.geojson", "--field", "field.docx"]) == 2
    assert ".tif" in capsys.readouterr().err


def test_pockets_with_settlements_come_first_and_the_rest_can_be_left_out(files, capsys, monkeypatch):
    from isofront.cli.front import pincers as front_pincers

    ring = [box(-6, 20, -2, 21), box(2, 20, 6, 21), box(-6, 20, -5, 26), box(5, 20, 6, 26), box(-6, 25, 6, 26)]
    document = json.loads((files / "held.geojson").read_text())
    document["features"] += [
        {"type": "Feature", "properties": {}, "geometry": mapping(lonlat(shape.buffer(0)))} for shape in ring
    ]
    (files / "held.geojson").write_text(json.dumps(document))
    monkeypatch.setattr(
        front_pincers, "_inside", lambda found, ground: [["Ford"] if k else [] for k in range(len(found))]
    )
    asked = ["front", "pincers", *FILES]
    assert main([*asked, "--json"]) == 0
    every = json.loads(capsys.readouterr().out)
    assert len(every) > 1
    assert [bool(row["inside"]) for row in every] == [*[True] * (len(every) - 1), False]
    assert main([*asked, "--inhabited", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == every[:-1]
    assert main([*asked, "--inhabited"]) == 0
    assert f"1 of {len(every)} pockets left out" in capsys.readouterr().out
    lon, lat = every[-1]["tips"][0]
    assert (
        main([*asked, "--box", *(f"{edge:.4f}" for edge in (lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01)), "--json"])
        == 0
    )
    assert every[-1] in json.loads(capsys.readouterr().out)
    assert main([*asked, "--box", "1", "2", "0", "3"]) == 2
    assert "west south east north" in capsys.readouterr().err
