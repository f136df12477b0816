"""Layers as GeoParquet 1.1, with the stamp in the file's metadata."""

from __future__ import annotations

import io

from isofront.publish.feature import Layer
from isofront.publish.sheet import Sheet
from isofront.publish.stamp import stamp_facts
from isofront.publish.tables import table


def geoparquet_bytes(layer: Layer, sheet: Sheet) -> bytes:
    """One layer as GeoParquet: WKB in lon/lat, a bbox column, and the sheet's facts as file metadata."""
    from pyarrow import parquet

    frame = table(layer)
    first = io.BytesIO()
    frame.to_parquet(
        first, index=False, schema_version="1.1.0", write_covering_bbox=not frame.empty, compression="zstd"
    )
    first.seek(0)
    rows = parquet.read_table(first)
    facts = {f"isofront:{key}": value for key, value in stamp_facts(sheet).items()}
    target = io.BytesIO()
    parquet.write_table(
        rows.replace_schema_metadata((rows.schema.metadata or {}) | _encoded(facts)), target, compression="zstd"
    )
    return target.getvalue()


def _encoded(facts: dict[str, str]) -> dict[bytes, bytes]:
    return {key.encode(): value.encode() for key, value in facts.items()}
