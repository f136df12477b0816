"""Small invented files in the shape of each maker's; no coordinate in them is anybody's."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

SQUARE = [[37.0, 48.0], [38.0, 48.0], [38.0, 49.0], [37.0, 49.0], [37.0, 48.0]]
EAST = [[x + 1, y] for x, y in SQUARE]
CLOCKWISE = SQUARE[::-1]
HOLE = [[37.2, 48.2], [37.4, 48.2], [37.4, 48.4], [37.2, 48.4], [37.2, 48.2]]
BOW_TIE = [[37.0, 48.0], [38.0, 49.0], [38.0, 48.0], [37.0, 49.0], [37.0, 48.0]]
NOVEMBER_4 = 1762290000
"""21:00 UTC on 4 November 2025, as DeepState counts."""


def feature(ring: Any = None, *, named: Any = None, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    coordinates = [SQUARE if ring is None else ring]
    found = {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
    return found if named is None else {**found, "id": named}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def keyed(key: str, ring: Any = None, **more: Any) -> dict[str, Any]:
    """A feature as DeepState names it, with its no-break spaces and line ends; heights of nought."""
    high = [[*point, 0] for point in (ring or SQUARE)]
    return feature(high, name=f"Слова /// Words\u00a0///\u00a0geoJSON.{key}\n", **{"fill": "#123456", **more})


def point(**properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [37.5, 48.5, 0]}}


def deepstate_features() -> list[dict[str, Any]]:
    return [
        keyed("status.occupied"),
        keyed("territories.crimea", EAST),
        keyed("status.unknown"),
        keyed("status.dismissed_at"),
        keyed("territories.karelia"),
        point(name="a /// b /// geoJSON.status.attack_direction"),
        point(name="a /// b /// geoJSON.units.brigade"),
        point(name="a /// b /// geoJSON.airfield"),
    ]


def deepstate_last() -> dict[str, Any]:
    return {"id": NOVEMBER_4, "datetime": "04.11 о 23:00", "map": collection(*deepstate_features())}


def deepstate_old() -> dict[str, Any]:
    fills = ("#a52714", "#880e4f", "#0f9d58", "#0288d1", "#01579b", "#bcaaa4", "#bdbdbd", "#ff5252")
    return collection(
        *(feature(name="Напис", fill=fill, styleUrl=f"#poly-{fill[1:].upper()}-1200-77") for fill in fills)
    )


def deepstate_list() -> list[dict[str, Any]]:
    entry = {"description": "т", "descriptionEn": "t", "datetime": "04.11 о 23:00", "createdAt": "x", "updatedAt": "y"}
    return [{"id": NOVEMBER_4 + 86_400 * n, **entry, "status": n != 1} for n in range(3)]


def daily() -> dict[str, Any]:
    legacy = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    return collection(feature([SQUARE, HOLE], kind="MultiPolygon"), crs=legacy)


def nzz() -> dict[str, Any]:
    said = {"date": "2025-11-04", "_datefrom": "2025-11-03", "_dateto": "2025-11-04", "view": "daily"}
    return {
        "value": collection(
            feature(type="nochange", **said), feature(EAST, type="gains", **said), feature(type="losses", **said)
        )
    }


def esri(*rings: Any, wkid: int | None = None, **more: Any) -> dict[str, Any]:
    document = {
        "objectIdFieldName": "OBJECTID",
        "geometryType": "esriGeometryPolygon",
        "features": [
            {
                "attributes": {"OBJECTID": 1, "EditDate": 1762300800000},
                "geometry": {"rings": list(rings) or [CLOCKWISE, HOLE]},
            }
        ],
        **more,
    }
    return document if wkid is None else {**document, "spatialReference": {"wkid": wkid}}


def isw_geojson() -> dict[str, Any]:
    said = {"OBJECTID": 1, "EditDate": 1762300800000, "GlobalID": "g"}
    return collection(feature(named=1, **said), feature(EAST, named=2, **{**said, "OBJECTID": 2}))


def placemark(ring: str = "37,48,0 38,48,0 38,49,0 37,49,0 37,48,0", inner: str = "", before: str = "") -> str:
    boundary = f"<LinearRing><coordinates>{ring}</coordinates></LinearRing>"
    polygon = f"<Polygon><outerBoundaryIs>{boundary}</outerBoundaryIs>{inner}</Polygon>"
    return f"<Placemark>{before}{polygon}</Placemark>"


def kml(*inside: str, title: str = "A mapper", head: str = "") -> str:
    body = "".join(inside)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>{title}</name>{body}</Document></kml>"
    )


def folder(name: str, *inside: str) -> str:
    return f"<Folder><name>{name}</name>{''.join(inside)}</Folder>"


STYLES = (
    '<Style id="s-normal"><PolyStyle><color>4d1427a5</color></PolyStyle></Style>'
    '<Style id="s-highlight"><PolyStyle><color>4dffffff</color></PolyStyle></Style>'
    '<StyleMap id="s"><Pair><key>highlight</key><styleUrl>#s-highlight</styleUrl></Pair>'
    "<Pair><key>normal</key><styleUrl>#s-normal</styleUrl></Pair></StyleMap>"
)


def mapper_kml() -> str:
    return kml(
        STYLES,
        folder(
            "Grey zone", placemark(before="<styleUrl>#s</styleUrl><description><![CDATA[<b>no</b>]]></description>")
        ),
        folder(
            "Russian control 2025-11-04",
            placemark(),
            "<Placemark><Point><coordinates>37,48</coordinates></Point></Placemark>",
        ),
        folder("Infiltration", placemark(before="<TimeStamp><when>2025-11-05</when></TimeStamp>")),
    )


def kmz(*entries: tuple[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries or (("doc.kml", mapper_kml()),):
            archive.writestr(name, content)
    return held.getvalue()


def liveuamap() -> dict[str, Any]:
    flat = [value for lon, lat in SQUARE for value in (lat, lon)]
    pairs = [{"lat": lat, "lng": lon} for lon, lat in EAST]
    return {
        "fields": {
            "11": {"name": "Russian control", "description": "<p>since 2022</p>", "points": [flat]},
            "12": {"name": "Ukraine recaptured", "description": "", "points": pairs},
            "13": {"name": "Somewhere", "description": "", "points": flat},
        }
    }


VIINA = (
    "geonameid,date,status_wiki,status_boost,status_dsm,status_isw,status,vcontrol_version\n"
    "11,20251104,UA,UA,UA,,UA,v1\n"
    "1.2e+01,20251104,RU,RU,RU,,RU,v1\n"
    "13,20251105,UA,RU,UA,,CONTESTED,v1\n"
    "13,20251106,,,,,,v1\n"
)
PLACES = "geonameid,longitude,latitude\n11,37.1,48.1\n12,37.2,48.2\n13,37.3,48.3\n"


def plain() -> dict[str, Any]:
    return collection(
        feature(**{"class": "held"}, side="south", date="2020-05-01"),
        feature(EAST, **{"class": "grey"}, date="2020-05-02"),
        feature(EAST, **{"class": "infiltration"}, side="south", date="2020-05-02"),
    )


def layer_table() -> gpd.GeoDataFrame:
    shapes = [shapely.Polygon(SQUARE, [HOLE]), shapely.Polygon(EAST)]
    columns = {"status": ["taken", "between"], "owner": ["south", ""], "day": ["2020-05-01", "2020-05-02"]}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


OWN_CROSSWALK = """
maker = "our-desk"
version = "7"
reads = "layers"
date = "day"
[[rules]]
when = { status = "taken" }
class = "held"
side_from = "owner"
[[rules]]
when = { status = "between" }
class = "grey"
"""


def put(path: Path, content: Any) -> Path:
    """Write a file: bytes, text, or a document as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = content if isinstance(content, bytes | str) else json.dumps(content, ensure_ascii=False)
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return path
