"""A draft as a GeoPackage to work on in QGIS: reports, proposals, areas and edges, with forms and styles. PRIVATE.

The file also keeps, in a table that QGIS does not show, every feature as it was written: so `gis_in` can tell what was
edited without asking the ledger, which may have gone on.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from isofront.desk.gis_columns import AREAS, EDGES, PROPOSALS, REPORTS, TEXT, GisLayer, Row, layers_for
from isofront.desk.gis_style import gis_styles
from isofront.engine import Draft, bare_sheet
from isofront.engine.review import review_of
from isofront.errors import IsofrontError
from isofront.evidence.report import Report
from isofront.front.shapes import Area, Role
from isofront.ground.files import write_atomically
from isofront.publish.geopackage import dated, gdal_time
from isofront.publish.lonlat import coverage_in_lonlat, in_lonlat, only
from isofront.publish.sheet import Sheet
from isofront.publish.stamp import stamp_facts, stamp_text
from isofront.review import Proposal

FORMAT = 1
DIGITS = 9
"""Decimals of a degree: a tenth of a millimetre, so that what is not edited comes back as it was."""
MOST_NAMED = 40

_TABLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME);
CREATE TABLE isofront_file (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE isofront_written (
    layer TEXT NOT NULL, fid INTEGER NOT NULL, cells TEXT NOT NULL, shape BLOB NOT NULL, PRIMARY KEY (layer, fid));
"""

Drawn = tuple[BaseGeometry, Row]


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds: how many features of each layer."""

    path: Path
    features: dict[str, int]
    stamp: str


def gis_out(draft: Draft, path: Path) -> Written:
    """Write the GeoPackage, readable by its owner only; equal drafts give equal features."""
    layers = layers_for(draft.ground.theatre)
    sheet = bare_sheet(draft)
    rows = {AREAS: _areas(draft), PROPOSALS: _proposals(draft), EDGES: _edges(draft), REPORTS: _reports(draft)}
    try:
        with tempfile.TemporaryDirectory(prefix="isofront-") as folder:
            made = Path(folder) / "desk.gpkg"
            with dated(draft.as_of):
                for layer in layers:
                    _write_layer(made, layer, rows[layer.name], sheet)
            with closing(sqlite3.connect(made)) as file, file:
                _add_tables(file, layers, rows, sheet, _facts(draft))
            write_atomically(path, made.read_bytes(), private=True)
    except (OSError, sqlite3.Error) as fault:
        raise IsofrontError(f"{path}: cannot be made in the temporary folder ({fault})") from fault
    return Written(path, {name: len(some) for name, some in rows.items()}, stamp_text(sheet))


def _facts(draft: Draft) -> dict[str, str]:
    theatre = draft.ground.theatre
    return {
        "format": str(FORMAT), "theatre": theatre.name, "as_of": draft.as_of.isoformat(),
        "known_by": draft.known_by.isoformat(), "sides": " ".join(theatre.side_ids),
    }  # fmt: skip


# Rows


def class_of(area: Area) -> str:
    """Whose ground an area is: a side's id, or grey."""
    return area.side or "grey"


def _areas(draft: Draft) -> list[Drawn]:
    """The map that stands: the last approved one with what was decided since."""
    areas = draft.decided
    shapes = coverage_in_lonlat(
        [only(area.geometry, dimension=2) for area in areas], crs=draft.ground.theatre.crs, digits=DIGITS
    )
    return [
        (shape, _said() | _area_row(number, area))
        for number, (area, shape) in enumerate(zip(areas, shapes, strict=True), start=1)
        if not shape.is_empty
    ]


def _area_row(number: int, area: Area) -> Row:
    km2 = round(area.geometry.area, 3)
    return {"id": f"area-{number}", "becomes": class_of(area), "grey_reason": area.grey_reason, "km2": km2}


def _said() -> Row:
    return {"reason": None, "reviewer": None, "evidence": None}


def _proposals(draft: Draft) -> list[Drawn]:
    return [(_placed(draft, one.piece.shape), _proposal_row(one)) for one in review_of(draft).proposals]


def _placed(draft: Draft, shape: BaseGeometry) -> BaseGeometry:
    return only(in_lonlat(shape, crs=draft.ground.theatre.crs, digits=DIGITS), dimension=2)


def _proposal_row(one: Proposal) -> Row:
    return _said() | {
        "id": one.id, "near": one.near, "was": one.piece.before, "becomes": one.piece.after,
        "km2": round(one.piece.km2, 3), "sure": round(one.sure, 4), "reports_for": _ids(one.reasons),
        "reports_against": _ids(one.against), "verdict": None, "until": None,
    }  # fmt: skip


def _ids(pushes: Sequence[Any]) -> str:
    more = f" and {len(pushes) - MOST_NAMED} more" if len(pushes) > MOST_NAMED else ""
    return " ".join(push.id for push in pushes[:MOST_NAMED]) + more


def _edges(draft: Draft) -> list[Drawn]:
    lines = [one for one in draft.drawing.lines if one.role is not Role.BAND]
    crs = draft.ground.theatre.crs
    drawn = [(only(in_lonlat(one.geometry, crs=crs, digits=DIGITS), dimension=1), one) for one in lines]
    return [(shape, {"role": one.role.value, "side": one.side}) for shape, one in drawn if not shape.is_empty]


def _reports(draft: Draft) -> list[Drawn]:
    return [(shapely.Point(one.lon, one.lat), _said() | report_row(one)) for one in draft.reports]


def report_row(one: Report) -> Row:
    """A report's cells, as `add` would read them back."""
    links = [link for link in one.links if link.url or link.media_hash]
    hashes = any(link.media_hash for link in links)
    return {
        "id": one.id, "happened_at": _interval(one), "published_at": _time(one.published_at), "kind": one.kind.value,
        "seen": one.seen, "by": one.by, "source": one.source, "reliability": one.reliability,
        "credibility": str(one.credibility), "error_m": one.error_m, "precision": one.precision,
        "means": None if one.means is None else one.means.value, "target": one.target,
        "posture": None if one.posture is None else one.posture.value,
        "location_of": None if one.location_of is None else one.location_of.value,
        "url": " ".join(link.url or "-" for link in links) or None,
        "media_hash": " ".join(link.media_hash or "-" for link in links) if hashes else None,
        "release": one.release or None, "note": one.note or None, "wkt": one.wkt,
        "known_at": _time(one.known_at), "act": None,
    }  # fmt: skip


def _interval(one: Report) -> str:
    start, end = _time(one.happened.start), _time(one.happened.end)
    return str(start) if start == end else f"{start}/{end}"


def _time(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


# The file


def _write_layer(path: Path, layer: GisLayer, rows: Sequence[Drawn], sheet: Sheet) -> None:
    import geopandas
    import pandas
    import pyogrio

    columns = {
        one.name: pandas.array([row[one.name] for _, row in rows], dtype="object" if one.kind == TEXT else one.kind)
        for one in layer.columns
    }
    table = geopandas.GeoDataFrame(columns, geometry=[shape for shape, _ in rows], crs="EPSG:4326")
    facts = stamp_facts(sheet)
    pyogrio.write_dataframe(
        table,
        path,
        layer=layer.name,
        driver="GPKG",
        geometry_type=layer.geometry,
        promote_to_multi=layer.geometry.startswith("Multi"),
        layer_options={"DESCRIPTION": f"{stamp_text(sheet)}: {layer.title}, {facts['as_of']}"},
        layer_metadata=facts,
        **({} if path.exists() else {"dataset_metadata": facts}),
    )


def _add_tables(
    file: sqlite3.Connection,
    layers: Sequence[GisLayer],
    rows: dict[str, list[Drawn]],
    sheet: Sheet,
    facts: dict[str, str],
) -> None:
    moment = gdal_time(sheet.as_of)
    file.executescript(_TABLES)
    file.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
        " VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
        (moment,),
    )
    file.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
        " styleQML, styleSLD, useAsDefault, description, owner, update_time)"
        " VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', ?)",
        [(name, name, qml, stamp_text(sheet), moment) for name, qml in gis_styles(tuple(layers), sheet).items()],
    )
    file.executemany("INSERT INTO isofront_file VALUES (?, ?)", sorted((facts | {"stamp": stamp_text(sheet)}).items()))
    for layer in layers:
        file.executemany("INSERT INTO isofront_written VALUES (?, ?, ?, ?)", _as_written(layer, rows[layer.name]))


def _as_written(layer: GisLayer, rows: Sequence[Drawn]) -> Iterator[tuple[str, int, str, bytes]]:
    """Features are numbered from 1 in the order in which they are written."""
    for fid, (shape, row) in enumerate(rows, start=1):
        yield layer.name, fid, json.dumps(row, ensure_ascii=False), shapely.to_wkb(shape)
