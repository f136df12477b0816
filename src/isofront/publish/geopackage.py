"""Every layer in one GeoPackage, with the styles that QGIS puts on them by itself."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from isofront.errors import IsofrontError
from isofront.publish.feature import Layer
from isofront.publish.layers import bands_only, lines_only
from isofront.publish.qml import styles
from isofront.publish.sheet import Sheet
from isofront.publish.stamp import stamp_facts, stamp_text, utc_text
from isofront.publish.tables import table

GEOMETRY = {
    "areas": "MultiPolygon",
    "front_bands": "MultiPolygon",
    "infiltration": "MultiPolygon",
    "unobserved": "MultiPolygon",
    "out_of_range": "MultiPolygon",
    "pockets": "MultiPolygon",
    "front": "MultiLineString",
    "necks": "MultiLineString",
    "settlements": "Point",
    "reports": "Point",
    "tips": "Point",
}
"""One type a layer, so that QGIS opens each as one; the order is from the lowest up."""

_STYLE_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)"""


def geopackage_bytes(layers: dict[str, Layer], sheet: Sheet) -> bytes:
    """The GeoPackage as bytes. Its dates are the map's own, so that equal sheets give equal files."""
    parted = layers | {"front": lines_only(layers["front"]), "front_bands": bands_only(layers["front"])}
    try:
        with tempfile.TemporaryDirectory(prefix="isofront-") as folder:
            path = Path(folder) / "map.gpkg"
            _write_layers(path, parted, sheet)
            with closing(sqlite3.connect(path)) as file, file:
                _add_styles(file, sheet)
            return path.read_bytes()
    except (OSError, sqlite3.Error) as fault:
        raise IsofrontError(f"map.gpkg: cannot be made in the temporary folder ({fault})") from fault


def _write_layers(path: Path, layers: dict[str, Layer], sheet: Sheet) -> None:
    import pyogrio

    facts = stamp_facts(sheet)
    with dated(sheet.as_of):
        for name, geometry_type in GEOMETRY.items():
            pyogrio.write_dataframe(
                table(layers[name]),
                path,
                layer=name,
                driver="GPKG",
                geometry_type=geometry_type,
                promote_to_multi=geometry_type.startswith("Multi"),
                layer_options={"DESCRIPTION": f"{stamp_text(sheet)}: {sheet.theatre.name}, {facts['as_of']}"},
                layer_metadata=facts,
                **({} if path.exists() else {"dataset_metadata": facts}),
            )


@contextmanager
def dated(moment: datetime) -> Iterator[None]:
    """While inside, GDAL writes this moment, the map's, where it would write today's."""
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": gdal_time(moment)})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def gdal_time(moment: datetime) -> str:
    """A moment as a GeoPackage holds it, with milliseconds."""
    return utc_text(moment).replace("Z", ".000Z")


def _add_styles(file: sqlite3.Connection, sheet: Sheet) -> None:
    moment, identifier = gdal_time(sheet.as_of), "layer_styles"
    file.execute(_STYLE_TABLE)
    file.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
        " VALUES ('layer_styles', 'attributes', ?, '', ?, 0)",
        (identifier, moment),
    )
    rows = [
        ("", "", name, "geom", name, qml, "", 1, stamp_text(sheet), "", None, moment)
        for name, qml in styles(sheet).items()
    ]
    columns = (
        "f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD,"
        " useAsDefault, description, owner, ui, update_time"
    )
    file.executemany(f"INSERT INTO layer_styles ({columns}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", rows)
