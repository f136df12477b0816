"""The invented war of Alder, small: 28 x 22 km, two sides, six places, some SIMULATED reports of two sources."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from isofront.intake import add_files

NOW = datetime(2021, 5, 20, 12, tzinfo=UTC)
WEST, SOUTH, EAST, NORTH = 10.0, 50.0, 10.4, 50.2

THEATRE = """
name = "alder"
title = "The War of Alder"
protected_sides = []
bounds = [10.0, 50.0, 10.4, 50.2]
crs = "EPSG:32632"
cell_m = 500.0
simulated = true
timezone = "Europe/Kyiv"
starts = 2021-05-01
sides = [
  {id = "east", names = {en = "Eastland", uk = "Східчина"}, colour = "#b5472f"},
  {id = "west", names = {en = "Westland", uk = "Західчина"}, colour = "#2c6490"},
]
sources = [
  {id = "alder_watch", reliability = "B", lag_h = 30.0},
  {id = "east_ministry", reliability = "E", speaks_for = "east"},
]
settlements = [
  {names = {en = "Alder", uk = "Вільха"}, at = [10.18, 50.10], population = 61000},
  {names = {en = "Birch Ferry", uk = "Березова Переправа"}, at = [10.25, 50.14], population = 2400},
  {names = {en = "Cedar", uk = "Кедр"}, at = [10.1, 50.05], population = 520},
]
anchor = {file = "anchor.geojson", date = 2021-05-01, holder = "east"}
"""
ANCHOR = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[10.2, 50], [10.4, 50], [10.4, 50.2], [10.2, 50.2], [10.2, 50]]],
            },
        }
    ],
}
HEAD = "id,happened_at,published_at,lon,lat,precision,kind,seen,by,source,credibility,url,note"


def make_war(folder: Path, *, n_reports: int = 24) -> Path:
    """The theatre, with reports of `alder_watch` whose posts are in the channel t.me/alder_watch_tv."""
    folder.mkdir(parents=True)
    (folder / "theatre.toml").write_text(THEATRE, encoding="utf-8")
    (folder / "anchor.geojson").write_text(json.dumps(ANCHOR), encoding="utf-8")
    rows = [HEAD, *(_row(i) for i in range(n_reports))]
    file = folder.parent / "evidence.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")
    add_files(folder, [file], backfill=True, now=NOW)
    return folder


def _row(i: int) -> str:
    day, kind, side = 2 + i % 12, ("position", "strike")[i % 2], ("east", "west")[i % 3 == 0]
    lon, lat = 10.17 + 0.002 * (i % 20), 50.02 + 0.007 * i % 0.16
    precision = "exact" if i % 4 else "street"
    return (
        f"w{i},2021-05-{day:02d}T09:00:00Z,2021-05-{day + 1:02d}T09:00:00Z,{lon:.5f},{lat:.5f},{precision},{kind},"
        f"{side},{side},alder_watch,2,https://t.me/alder_watch_tv/{100 + i},SIMULATED"
    )
