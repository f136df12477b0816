"""A published site by hand, invented and tiny: four editions, one corrected, one pulled; each file with its hash."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from shapely.geometry import LineString, Point, box, mapping
from shapely.geometry.base import BaseGeometry

POLICY = "default-src 'none'; script-src 'sha256-x+wS/s='; worker-src blob:; img-src data: blob:; connect-src 'self'"
PAGE = f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>%s</title>' + " " * 2000
DAYS = ("2030-01-01", "2030-01-08", "2030-01-08", "2030-01-15")
CLAIM = {
    "about": "residents-remaining",
    "unit": "people",
    "low": 1000,
    "high": 1000,
    "said": "2030-01-05",
    "by": "mayor",
}
WITH_MAPPER = 3
MAPPER = {
    "id": "hill", "names": {"en": "Hill maps"}, "as_of": "2030-01-07T00:00:00Z", "days_older": 1.0,
    "licence": "CC BY 4.0", "credit": "Hill maps", "url": None, "draws": ["south"], "says": "1",
    "only_km2": {"south": [1.5, 20.0]},
}  # fmt: skip
"""What one edition says of another mapper's map."""
CHANGES = {
    "since": "2029-12-25T00:00:00Z",
    "since_edition": None,
    "changed_km2": 2.5,
    "transitions_km2": {"north->south": 2.5},
    "settlements": [],
}


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def put(path: Path, content: bytes) -> bytes:
    """A file, and packed beside it where it is text of some length."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if len(content) > 1400 and path.suffix != ".tif":
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, mtime=0))
    return content


def layer(*features: tuple[BaseGeometry, dict[str, Any]], as_of: str) -> bytes:
    about = {"as_of": as_of, "state": "edition", "stamp": "PUBLIC SIMULATED", "simulated": True}
    listed = [{"type": "Feature", "geometry": mapping(g), "properties": words | about} for g, words in features]
    return text({"type": "FeatureCollection", "features": listed})


def put_edition(site: Path, number: int, day: str, *, corrects: str | None) -> dict[str, Any]:
    """An edition's folder, and its line in the list."""
    name, as_of, east = f"{number:04d}-{day}", f"{day}T00:00:00Z", 30.3 + number / 10
    home = site / "editions" / name
    pocket = {"role": "pocket", "pocket": 1, "side": "north", "enemy": "south", "inside": ["Midtown"], "neck_km": 4.0}
    held = {"class": "held", "grey_reason": None}
    settlement = {"name": "Midtown", "names": {"en": "Midtown", "uk": "Середмістя"}}
    report = {"number": 1, "cell": [3, 4], "day": day}
    change = {"side": "south", "kind": "advance", "km2": 2.5, "up_to_km": 1.0, "at": [30.4, 48.5], "reports": [1]}
    files = {
        "areas.geojson": layer(
            (box(30, 48, east, 49), held | {"side": "south"}),
            (box(east, 48, 31, 49), held | {"side": "north"}),
            as_of=as_of,
        ),
        "front.geojson": layer((LineString([(east, 48), (east, 49)]), {"role": "edge", "side": "south"}), as_of=as_of),
        "reports.geojson": layer((box(30.4, 48.4, 30.42, 48.41), report), as_of=as_of),
        "pockets.geojson": layer(
            (box(30.6, 48.4, 30.7, 48.5), pocket),
            (Point(30.6, 48.4), {"role": "tip", "pocket": 1, "enemy": "south"}),
            (Point(30.7, 48.4), {"role": "tip", "pocket": 1, "enemy": "south"}),
            as_of=as_of,
        ),
        "infiltration.geojson": layer(as_of=as_of),
        "control.tif": b"II*\0" + bytes(range(256)) * 40,
        "changes.json": text(CHANGES | {"lines": [change]}),
        "settlements.geojson": layer((Point(30.4, 48.5), settlement | {"status": "held_south", "p": 0.9}), as_of=as_of),
        "claims.json": text({"claims": [CLAIM | {"place": "Midtown"}]}),
        "page.json": text({"dates": []}),
    }  # fmt: skip
    if number == WITH_MAPPER:
        files["mappers.json"] = text({"mappers": [MAPPER | {"shapes": {"digits": 4, "arcs": [], "layers": {}}}]})
    about = {
        "edition": name,
        "id": name,
        "as_of": as_of,
        "stamp": "PUBLIC SIMULATED",
        "files": {k: sha(v) for k, v in files.items()},
    } | ({"mappers": [MAPPER]} if number == WITH_MAPPER else {})
    for file, content in files.items():
        put(home / file, content)
    put(home / "index.html", (PAGE % name).encode())
    told = sha(put(home / "edition.json", text(about)))
    return {
        "id": name, "path": f"editions/{name}/", "as_of": as_of, "made_at": f"{day}T12:00:00Z", "state": "published",
        "sha256": told, "corrects": corrects, "corrected_by": None, "reason": "",
        "without_second_name": None, "changed_km2": 2.5, "simulated": True, "caution": "not for navigation",
    }  # fmt: skip


def pull(site: Path, told: dict[str, Any]) -> None:
    """Tombstones in an edition's place."""
    home = site / "editions" / told["id"]
    words = {"id": told["id"], "state": "pulled", "reason": "showed a place"}
    for path in list(home.iterdir()):
        path.unlink()
    for name in ("edition.json", "status.json", "page.json", "changes.json"):
        put(home / name, text(words))
    put(home / "areas.geojson", text(words | {"type": "FeatureCollection", "features": []}))
    put(home / "index.html", b"<!doctype html><meta charset=utf-8><title>Withdrawn</title>")
    told |= {"state": "pulled", "sha256": None, "reason": "showed a place", "changed_km2": None}


def put_list(site: Path, editions: list[dict[str, Any]]) -> None:
    put(site / "editions.json", text({"title": "The strait", "simulated": True, "editions": editions}))


def put_site(site: Path) -> Path:
    """The whole of it; the second edition is corrected by the third, the fourth is pulled."""
    editions = [put_edition(site, k, day, corrects=None) for k, day in enumerate(DAYS, start=1)]
    editions[1] |= {"state": "corrected", "corrected_by": editions[2]["id"]}
    editions[2] |= {"corrects": editions[1]["id"], "reason": "a film set"}
    put(site / "editions" / editions[1]["id"] / "status.json", text({"state": "corrected"}))
    pull(site, editions[3])
    put(site / "index.html", (PAGE % "all").encode())
    for name in ("feed.json", "offline.html", "places.json"):
        put(site / name, text({"name": name}))
    put(site / "feed.atom", b"<feed/>")
    put(site / "_headers", b"/*\n")
    put_list(site, editions)
    return site


def told_in(site: Path) -> list[dict[str, Any]]:
    """The list's lines."""
    found: list[dict[str, Any]] = json.loads((site / "editions.json").read_text(encoding="utf-8"))["editions"]
    return found
