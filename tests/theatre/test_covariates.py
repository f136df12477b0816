"""Rasters of what is known of the ground come onto the theatre's cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pyproj import CRS

from isofront.errors import BadInputError, TheatreError
from isofront.ground.grid import Grid
from isofront.theatre import parse, read_covariate

GRID = Grid("EPSG:32637", 400.0, 5400.0, 1.0, 12, 8)
THEATRE = """
name = "t"
protected_sides = []
bounds = [20.0, 50.0, 21.0, 51.0]
crs = "EPSG:32634"
anchor = { file = "a.geojson", date = 2030-01-01 }
sides = [{ id = "a", names = { en = "A" } }, { id = "b", names = { en = "B" } }]
"""


def write(path: Path, values: np.ndarray, *, east_km: float = 400.0, crs: str | None = "EPSG:32637") -> Path:
    """A raster in cells of 250 m whose south-west corner is the grid's, row 0 north."""
    import rasterio
    from rasterio.transform import from_origin

    place = from_origin(east_km * 1000, 5408_000, 250, 250)
    shape = {"height": values.shape[0], "width": values.shape[1], "count": 1}
    with rasterio.open(path, "w", driver="GTiff", dtype="float32", crs=crs, transform=place, nodata=-9, **shape) as out:
        out.write(values.astype(np.float32), 1)
    return path


def test_a_raster_is_averaged_onto_the_cells_with_row_0_in_the_south(tmp_path):
    fine = np.arange(32, dtype=float)[::-1, None] + np.zeros(48)
    found = read_covariate(write(tmp_path / "slope.tif", fine), GRID, name="slope.tif")
    assert_allclose(found, np.broadcast_to((4 * np.arange(8) + 1.5)[:, None], GRID.shape), atol=1e-5)


def test_cells_that_a_raster_does_not_know_get_its_mean(tmp_path):
    fine = np.full((32, 48), 3.0)
    fine[:, :12] = -9
    fine[:, 12:24] = 5.0
    found = read_covariate(write(tmp_path / "trees.tif", fine), GRID, name="trees.tif")
    assert_allclose(found[:, :3], found[:, 3:].mean(), atol=1e-6)


def test_a_raster_of_somewhere_else_is_refused(tmp_path):
    far = write(tmp_path / "far.tif", np.ones((32, 48)), east_km=800.0)
    with pytest.raises(BadInputError, match=r"far.tif: knows 0% of the theatre's cells"):
        read_covariate(far, GRID, name="far.tif")


def test_what_is_no_raster_is_refused(tmp_path):
    (tmp_path / "no.tif").write_bytes(b"not a raster")
    with pytest.raises(BadInputError, match=r"no.tif: cannot be read as GeoTIFF"):
        read_covariate(tmp_path / "no.tif", GRID, name="no.tif")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('covariates = [{ name = "x y", path = "a.tif" }]', "covariate name 'x y'"),
        ('covariates = [{ name = "x", path = "../a.tif" }]', "wanted the name of a file"),
        ('covariates = [{ name = "x", path = "a" }, { name = "x", path = "b" }]', "each name once"),
        ('engine = { learned = "/etc/passwd" }', "wanted the name of a file"),
        ('engine = { learnt = "l.json" }', "nearest: 'learned'"),
    ],
)
def test_wrong_keys_are_refused_with_their_line(keys, words):
    with pytest.raises(TheatreError, match=words):
        parse(THEATRE + keys)


VRT = """<VRTDataset rasterXSize="48" rasterYSize="32"><SRS>EPSG:32637</SRS>
<GeoTransform>400000,250,0,5408000,0,-250</GeoTransform><VRTRasterBand dataType="Float32" band="1"><SimpleSource>
<SourceFilename relativeToVRT="0">{}</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>
</VRTDataset>"""


def test_a_raster_that_leads_to_another_file_is_none(tmp_path):
    outside = write(tmp_path / "outside.tif", np.ones((32, 48)))
    (tmp_path / "slope.tif").write_text(VRT.format(outside), encoding="utf-8")
    with pytest.raises(BadInputError, match=r"slope.tif: cannot be read as GeoTIFF"):
        read_covariate(tmp_path / "slope.tif", GRID, name="slope.tif")


def test_an_ascii_grid_is_read_and_a_raster_that_says_it_is_huge_is_refused(tmp_path, monkeypatch):
    head = "ncols 48\nnrows 32\nxllcorner 400000\nyllcorner 5400000\ncellsize 250\n"
    (tmp_path / "slope.asc").write_text(head + "7 " * 48 * 32, encoding="ascii")
    (tmp_path / "slope.prj").write_text(CRS.from_epsg(32637).to_wkt("WKT1_ESRI"), encoding="ascii")
    assert_allclose(read_covariate(tmp_path / "slope.asc", GRID, name="slope.asc"), 7)
    monkeypatch.setattr("isofront.theatre.covariates.MOST_PIXELS", 1000)
    with pytest.raises(BadInputError, match="48 x 32 pixels, wanted at most 1,000"):
        read_covariate(tmp_path / "slope.asc", GRID, name="slope.asc")
