"""GeoPackages whose rows are not in the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas
import pytest
import shapely

from isofront.errors import BadInputError
from isofront.ground.polygons import read_polygons

BIG = "ALTER TABLE areas ADD COLUMN big TEXT GENERATED ALWAYS AS (hex(zeroblob(20000000))) VIRTUAL"
ENDLESS = """ALTER TABLE areas RENAME TO one;
CREATE VIEW areas AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 1000000000)
SELECT n.x AS fid, one.geom AS geom, one.side AS side FROM n, one"""


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    path = tmp_path / "a.gpkg"
    frame = geopandas.GeoDataFrame({"side": ["red"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    frame.to_file(path, layer="areas", driver="GPKG")
    with closing(sqlite3.connect(path)) as file:  # its triggers call what only GDAL has
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f'DROP TRIGGER "{name}"')
        file.commit()
    return path


NO_END_OF_LAYERS = """PRAGMA legacy_alter_table = ON;
ALTER TABLE gpkg_contents RENAME TO one;
CREATE VIEW gpkg_contents AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 1000000000)
SELECT one.* FROM n, one"""


@pytest.mark.parametrize("change", [BIG, ENDLESS, NO_END_OF_LAYERS])
def test_what_is_worked_out_when_it_is_read_is_refused(map_file: Path, change: str) -> None:
    assert len(read_polygons(map_file)) == 1
    with closing(sqlite3.connect(map_file)) as file:
        file.executescript(change)
    with pytest.raises(BadInputError, match=r"a.gpkg: (areas|gpkg_contents) is worked out"):
        read_polygons(map_file)


def test_a_map_that_another_program_has_open_is_read(map_file: Path) -> None:
    with closing(sqlite3.connect(map_file)) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("UPDATE areas SET side = 'blue'")
        file.commit()
        assert [one.properties["side"] for one in read_polygons(map_file)] == ["blue"]
