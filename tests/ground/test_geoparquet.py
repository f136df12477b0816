"""GeoParquet that says of itself that it is small."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
import shapely
from pyarrow import parquet

from isofront.errors import BadInputError
from isofront.ground.polygons import read_polygons


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    """Four thousand squares with fifty kilobytes of words each: two hundred megabytes, in less than two kilobytes."""
    path, n = tmp_path / "bomb.parquet", 4000
    square = shapely.to_wkb(shapely.box(0, 0, 1, 1))
    table = pa.table({"geometry": pa.array([square] * n, pa.binary()), "side": pa.array(["x" * 50_000] * n)})
    about = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    parquet.write_table(table.replace_schema_metadata({b"geo": json.dumps(about).encode()}), path, compression="zstd")
    assert path.stat().st_size < 2000
    return path


def test_rows_that_unpack_to_far_more_than_the_file_says_are_refused(bomb: Path, monkeypatch) -> None:
    monkeypatch.setattr("isofront.ground.geoparquet.MAX_BYTES", 50_000_000)
    with pytest.raises(BadInputError, match="unpacks to more than 50,000,000 bytes"):
        read_polygons(bomb)
    monkeypatch.setattr("isofront.ground.geoparquet.MAX_BYTES", 50_000)
    with pytest.raises(BadInputError, match=r"unpacks to 50,\d\d\d bytes, wanted at most 50,000"):
        read_polygons(bomb)


def test_more_rows_than_a_file_has_vertices_are_refused(bomb: Path, monkeypatch) -> None:
    monkeypatch.setattr("isofront.ground.geoparquet.MAX_ROWS", 3999)
    with pytest.raises(BadInputError, match="4,000 rows, wanted at most 3,999"):
        read_polygons(bomb)
