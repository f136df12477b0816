"""Areas as GeoJSON, and what did not become one as JSON beside it; both as bytes, for whoever writes files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import shapely

from isofront.makers.areas import MapArea, MapFile
from isofront.makers.dates import written
from isofront.makers.reading import joined


def geojson_of_maps(files: Sequence[MapFile]) -> bytes:
    """All areas, a feature a line, every vertex as the maker drew it; canonical, so equal input gives equal bytes."""
    body = ",\n".join(_feature(file, area) for file, area in joined(files))
    return f'{{"features":[\n{body}\n],\n"type":"FeatureCollection"}}\n'.encode()


def _feature(file: MapFile, area: MapArea) -> str:
    shape, said = shapely.to_geojson(area.geometry), _compact(properties_of(file, area))
    return f'{{"geometry":{shape},"properties":{said},"type":"Feature"}}'


def properties_of(file: MapFile, area: MapArea) -> dict[str, Any]:
    """What is said of an area: class, side, date, whose it is, by which crosswalk and which of its rules; stamps."""
    stamps = {"stamp": file.stamped.words, "simulated": file.stamped.simulated} if file.stamped.words else {}
    return stamps | {
        "class": area.cls.value,
        "side": area.side,
        "date": written(area.date) if area.date else None,
        "maker": file.maker,
        "crosswalk": file.crosswalk,
        "rule": area.rule,
    }


def leftovers_of(files: Sequence[MapFile]) -> dict[str, Any]:
    """All that did not become an area as drawn: rejects, classes without a mapping, left-outs, repairs."""
    rejects = [{"file": one.file, "feature": one.row, "reason": one.reason} for file in files for one in file.rejects]
    mended = [
        {"file": file.file, "feature": area.number, "repair": area.repair}
        for file in files
        for area in file.areas
        if area.repair
    ]
    return {
        "rejects": rejects,
        "unmapped": counted(files, "unmapped"),
        "left_out": counted(files, "left_out"),
        "repaired": mended,
        "notes": [f"{file.file}: {note}" for file in files for note in file.notes],
    }


def counted(files: Sequence[MapFile], what: str) -> dict[str, int]:
    """The counts `unmapped` or `left_out` of several files as one, the largest first."""
    total: Counter[str] = Counter()
    for file in files:
        total.update(getattr(file, what))
    return dict(total.most_common())


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
