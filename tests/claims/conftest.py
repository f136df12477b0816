"""A theatre with two settlements and nothing in its ledger, to be copied."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isofront.cli import main

WEST, SOUTH, EAST, NORTH = 0.0, 0.0, 0.4, 0.3


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("claims")
    anchor = tmp_path / "anchor.geojson"
    ring = [[0.2, -0.1], [0.5, -0.1], [0.5, 0.4], [0.2, 0.4], [0.2, -0.1]]
    anchor.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    places = tmp_path / "places.csv"
    places.write_text("name,name_uk,lon,lat\nOldtown,Старе,0.25,0.15\nNewtown,Нове,0.1,0.1\n", encoding="utf-8")
    folder = tmp_path / "war"
    made = main(
        ["init", str(folder), "--bounds", *map(str, (WEST, SOUTH, EAST, NORTH)), "--protect", "none", "--side",
         "red=Redland", "--side", "blue=Blueland", "--anchor", str(anchor), "--anchor-date", "2020-05-01",
         "--anchor-holder", "red", "--settlements", str(places)]
    )  # fmt: skip
    assert made == 0
    return folder
