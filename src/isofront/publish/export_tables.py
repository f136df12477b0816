"""A map folder's numbers as CSV: settlements, areas, the reports of its GeoPackage; safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from isofront.errors import BadInputError
from isofront.publish.export_csv import safe_cell
from isofront.publish.export_folder import MapFolder

ABOUT = ("as_of", "known_by", "state", "stamp", "notice")


def settlements_csv(folder: MapFolder) -> bytes:
    """One row a settlement: where, which class, how probable."""
    rows = [
        {**one.properties, "lon": one.geometry.x, "lat": one.geometry.y}
        for one in folder.layers["settlements"].features
    ]
    return table_csv(("name", "lon", "lat", "status", "p"), rows, folder)


def areas_csv(folder: MapFolder) -> bytes:
    """One row a class: how many km² are held by each side, grey, unobserved."""
    listed = folder.summary.get("area_km2")
    rows = [{"class": name, "km2": km2} for name, km2 in (listed.items() if isinstance(listed, dict) else ())]
    return table_csv(("class", "km2"), rows, folder)


def reports_csv(folder: MapFolder) -> bytes | None:
    """One row a report that the map used, out of `map.gpkg`; None where that is not there.

    Raises:
        BadInputError: the file is damaged, or has no reports.
    """
    path = folder.path / "map.gpkg"
    if not path.is_file():
        return None
    from isofront.ground.gdal import safe_pyogrio

    try:
        frame = safe_pyogrio().read_dataframe(path, layer="reports")
    except (RuntimeError, ValueError, OSError) as fault:
        raise BadInputError(f"{path}: its reports cannot be read ({fault}), wanted the file that map writes") from fault
    columns = [name for name in frame.columns if name not in ("geometry", "simulated", *ABOUT)]
    rows = [
        {**{name: _plain(row[name]) for name in columns}, "lon": row["geometry"].x, "lat": row["geometry"].y}
        for row in frame.to_dict("records")
    ]
    return table_csv((*columns, "lon", "lat"), rows, folder)


def _plain(value: Any) -> Any:
    """A cell of a table as plain Python; None where the table has none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def table_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], folder: MapFolder) -> bytes:
    """A table as UTF-8 CSV; every row ends with as-of, state, stamp and what it is not for."""
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow([*columns, *ABOUT])
    for row in rows:
        full = {**row, **folder.facts}
        writer.writerow([safe_cell(full.get(name)) for name in (*columns, *ABOUT)])
    return content.getvalue().encode()
