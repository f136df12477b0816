"""Two approved days and a draft as `map` writes them, invented and tiny; a shelf of them; the shelf on a free port."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from server_site import put_site
from shapely.geometry import LineString, box, mapping
from shapely.geometry.base import BaseGeometry

from isofront.server import Served, Shelf, Site, read_folder


def feature(shape: BaseGeometry, **properties: object) -> dict:
    return {"type": "Feature", "geometry": mapping(shape), "properties": properties | {"simulated": True}}


def day(folder: Path, as_of: str, *, state: str, east: float) -> Path:
    """One day's files, the line at a meridian."""
    about = {"state": state, "stamp": "PRIVATE SIMULATED"}
    areas = [
        feature(box(30, 48, east, 49), **about, **{"class": "held", "side": "south", "grey_reason": None}),
        feature(box(east, 48, 31, 49), **about, **{"class": "held", "side": "north", "grey_reason": None}),
    ]
    front = [feature(LineString([(east, 48), (east, 49)]), **about, role="edge", side="south")]
    places = [{"name": "Midtown", "lon": 30.4, "lat": 48.5, "status": "held_south", "p": 0.9}]
    summary = {"as_of": as_of, "simulated": True, "settlements": places} | about
    folder.mkdir(parents=True)
    for name, features in (("areas", areas), ("front", front), ("pockets", [])):
        document = {"type": "FeatureCollection", "features": features}
        (folder / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("maps")
    day(folder / "2030-01-01", "2030-01-01T00:00:00Z", state="approved", east=30.5)
    day(folder / "2030-01-08", "2030-01-08T00:00:00Z", state="approved", east=30.7)
    day(folder / "2030-01-09", "2030-01-09T00:00:00Z", state="draft", east=30.9)
    return folder


@pytest.fixture(scope="session")
def shelf(maps: Path) -> Shelf:
    return read_folder(maps)


@pytest.fixture(scope="session")
def url(shelf: Shelf) -> Iterator[str]:
    with Served(shelf) as served:
        yield served.url


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published site; copy it before you write."""
    return put_site(tmp_path_factory.mktemp("published") / "site")


@pytest.fixture(scope="session")
def site(folder: Path) -> Site:
    return Site(folder)


@pytest.fixture(scope="session")
def public_url(site: Site) -> Iterator[str]:
    with Served(site) as served:
        yield served.url
