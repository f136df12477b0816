"""`summary.json` of one date and `index.json` over several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from isofront.ground.files import write_atomically
from isofront.publish.geojson import finite, readable_bytes
from isofront.publish.out_of_range import out_of_range_records
from isofront.publish.pockets import short_record
from isofront.publish.sheet import Sheet
from isofront.publish.stamp import folder_of, stamp_text, stamps, utc_text


def summary_bytes(sheet: Sheet) -> bytes:
    """The sheet's summary as canonical JSON, with its stamp."""
    pockets = {} if sheet.pockets is None else {"pockets": short_record(sheet)}
    beyond = _plain({"out_of_range": out_of_range_records(sheet)})
    return readable_bytes(_plain(dict(sheet.summary)) | beyond | pockets | {"stamp": stamp_text(sheet)})


def index_record(sheets: Sequence[Sheet]) -> dict[str, Any]:
    """What lies in each date's folder, in order of time."""
    ordered = sorted(sheets, key=lambda sheet: sheet.as_of)
    return {
        "theatre": ordered[0].theatre.name if ordered else None,
        "stamp": _widest_stamp(ordered),
        "dates": [_index_row(sheet) for sheet in ordered],
    }


def write_index(out: Path, sheets: Sequence[Sheet]) -> Path:
    """Write `out/index.json` for the dates whose files lie in `out/<folder_of(date)>/`."""
    path = out / "index.json"
    write_atomically(path, readable_bytes(index_record(sheets)))
    return path


def _index_row(sheet: Sheet) -> dict[str, Any]:
    numbers = {key: sheet.summary.get(key) for key in ("area_km2", "changed_km2", "reports_used")}
    about = {
        "as_of": utc_text(sheet.as_of),
        "known_by": utc_text(sheet.known_by),
        "state": sheet.state.value,
        "simulated": sheet.simulated,
        "folder": folder_of(sheet.as_of),
    }
    return about | dict(_plain(numbers))


def _widest_stamp(sheets: Sequence[Sheet]) -> str:
    return max((" ".join(stamps(sheet)) for sheet in sheets), key=len, default="PRIVATE")


def _plain(value: Any, key: str = "") -> Any:
    """Times as text, floats rounded: degrees to 1e-6, square kilometres to 1e-3, all else to 1e-4."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item, key if key.endswith("_km2") else str(name)) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, key) for item in value]
    if isinstance(value, datetime):
        return utc_text(value)
    number = finite(value)
    return round(number, _digits(key)) + 0.0 if isinstance(number, float) else number


def _digits(key: str) -> int:
    if key in ("lon", "lat"):
        return 6
    return 3 if key.endswith("_km2") else 4
