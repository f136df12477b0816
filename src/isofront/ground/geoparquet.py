"""GeoParquet files of other people: geometries as well-known binary with their properties, in bounded memory.

What a file says of its size is not trusted: one value and a count can stand for any number of rows, so that a kilobyte
unpacks to gigabytes. Rows are unpacked a few at a time and counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from isofront.errors import BadInputError
from isofront.ground.rings import MAX_VERTICES

MAX_BYTES = 1_000_000_000
"""What a file may unpack to."""
MAX_ROWS = MAX_VERTICES
"""A feature has vertices, and a file no more of these."""
MOST_TOGETHER = 1024
"""So many rows are unpacked together at the most; fewer of a file that is large as it is."""

Table = tuple[list[bytes | None], dict[str, list[Any]], object]
"""Geometries, properties by column, and the coordinate system as the file states it."""


def read_geoparquet(path: Path, *, name: str) -> Table:
    """The geometries of a GeoParquet file with all that it says of them.

    Raises:
        BadInputError: it is damaged, describes no geometry as WKB, or unpacks to more than `MAX_BYTES` or `MAX_ROWS`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        column, crs = _geometry_column(file.schema_arrow.metadata or {}, name=name)
        table = pa.Table.from_batches(list(_batches(file, name=name)), schema=file.schema_arrow)
        fields = {field: table[field].to_pylist() for field in table.column_names if field != column}
        return table[column].to_pylist(), fields, crs
    except (pa.ArrowException, OSError, KeyError, ValueError) as fault:
        raise BadInputError(f"{name}: cannot be read as GeoParquet ({fault}), wanted a whole file") from fault


def _geometry_column(metadata: Mapping[bytes, bytes], *, name: str) -> tuple[str, object]:
    """The geometry column's name and coordinate system, from the file's own description."""
    try:
        described = json.loads(metadata[b"geo"])
        column = described["primary_column"]
        if described["columns"][column]["encoding"] != "WKB":
            raise BadInputError(f"{name}: geometry not as WKB, wanted GeoParquet with encoding WKB")
        return str(column), described["columns"][column].get("crs")
    except (KeyError, TypeError, ValueError, RecursionError) as fault:
        raise BadInputError(f"{name}: a Parquet file that does not describe a geometry, wanted GeoParquet") from fault


def _batches(file: Any, *, name: str) -> Iterator[Any]:
    """A file's rows, as long as they are no more than a file may hold."""
    about, size = file.metadata, 0
    told = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
    if about.num_rows > MAX_ROWS:
        raise BadInputError(f"{name}: {about.num_rows:,} rows, wanted at most {MAX_ROWS:,}")
    if told > MAX_BYTES:
        raise BadInputError(f"{name}: unpacks to {told:,} bytes, wanted at most {MAX_BYTES:,}")
    for batch in file.iter_batches(batch_size=min(max(MAX_BYTES // max(told, 1), 1), MOST_TOGETHER)):
        size += batch.nbytes
        if size > MAX_BYTES:
            raise BadInputError(f"{name}: unpacks to more than {MAX_BYTES:,} bytes, wanted at most that")
        yield batch
