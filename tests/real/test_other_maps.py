"""Two real mappers in one box: what an edition would take of each, how near to what they drew, how far apart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import geopandas
import pytest
import shapely

from isofront.engine.ground import ground_of
from isofront.engine.mappers import other_maps, told
from isofront.front import Area, Class
from isofront.ground.polygons import project_km

pytestmark = [pytest.mark.real, pytest.mark.timeout(300)]
BOX = (36.75, 48.05, 37.65, 48.60)
CRS = "EPSG:32637"
DAY = datetime(2025, 11, 4, tzinfo=UTC)
THEATRE = """
name = "box"
protected_sides = []
bounds = [36.75, 48.05, 37.65, 48.6]
crs = "EPSG:32637"
[anchor]
file = "anchor.geojson"
date = 2025-08-01
holder = "ru"
[[sides]]
id = "ru"
names = { en = "One" }
[[sides]]
id = "ua"
names = { en = "Other" }
"""
MAPPER = """
[[mappers]]
id = "{name}"
names = {{ en = "{name}" }}
path = "{name}.parquet"
crosswalk = "{name}.toml"
licence = "test alone, never published"
credit = "{name}"
sides = {{ RU = "ru" }}
"""
WALK = """
maker = "{name}-table"
version = "1"
about = "a table of held ground"
reads = "layers"
date = "{date}"
sides = {{ RU = "one" }}
[[rules]]
class = "held"
side_from = "side"
"""


@pytest.fixture
def box(real_data: Path, tmp_path: Path) -> Path:
    """A theatre over the box that names both mappers, their tables beside it."""
    theatre = THEATRE
    for name, date in (("first", "date"), ("second", "map_date")):
        source = real_data / f"{'deepstate' if name == 'first' else 'nzz'}_public.parquet"
        table = geopandas.read_parquet(source)
        table[table.tier == "box_daily"].to_parquet(tmp_path / f"{name}.parquet")
        (tmp_path / f"{name}.toml").write_text(WALK.format(name=name, date=date), encoding="utf-8")
        theatre += MAPPER.format(name=name)
    start = geopandas.read_parquet(real_data / "deepstate_public.parquet")
    start[(start.date.astype(str) == "2025-08-01") & (start.tier == "box_daily")][["geometry"]].to_file(
        tmp_path / "anchor.geojson", driver="GeoJSON"
    )
    (tmp_path / "theatre.toml").write_text(theatre, encoding="utf-8")
    return tmp_path


def test_two_real_maps_stand_beside_each_other_as_drawn_and_differ_as_they_were_measured_to(box: Path) -> None:
    ground = ground_of(box)
    first, second = other_maps(ground, DAY, now=datetime.now(UTC)).found
    assert (first.as_of, second.as_of) == (DAY, DAY)
    drawn = geopandas.read_parquet(box / "first.parquet")
    drawn = drawn[drawn.date.astype(str) == "2025-11-04"]
    theirs = project_km(shapely.segmentize(shapely.make_valid(drawn.geometry.iloc[0]), 0.05), crs=CRS)
    shown = first.held["ru"]
    off = shapely.intersection(theirs, ground.frame).symmetric_difference(shown)
    print(f"shown {shown.area:.1f} km², off what was drawn {off.area:.2f} km²")
    assert off.area < 0.004 * shown.area
    ours = (Area(Class.HELD, "ru", None, shown), Area(Class.HELD, "ua", None, ground.frame.difference(shown)))
    (_, beside) = told((first, second), ground, ours=ours, towns=())
    mine, other = beside.only_km2["ru"]
    print(f"on the first alone {mine:.0f} km², on the second alone {other:.0f} km²")
    assert 100 < mine + other < 500, "202 km² at the median week, more in late 2025"
    assert other > 3 * mine, "the second is the more inclusive"
    rim = shapely.buffer(shapely.boundary(ground.frame), 0.05)
    assert shapely.intersection(beside.edges["ru"], rim).length < 1.0, "no front along the cut"
