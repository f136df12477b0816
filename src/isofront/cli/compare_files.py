"""The files of `isofront compare --out`: the document, tables, map layers, and the plot over time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isofront.cli.compare_told import ROW_KEYS
from isofront.ground.files import write_atomically

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from isofront.compare.between import Between
    from isofront.compare.between_plot import Words

ABOUT_KEYS = ("a_mapper", "b_mapper", "a_classes", "b_classes", "bounds", "crs", "band_km", "stamp")


def write_files(out: Path, told: Mapping[str, Any], found: Between, *, crs: str) -> list[Path]:
    """Every file of a comparison; `found` is that of the day, or of the last of many."""
    files = {
        "compare.json": (json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode(),
        "compare.csv": rows_csv(told),
        "only_a.geojson": layer(told, found.difference.only_a, "a", crs),
        "only_b.geojson": layer(told, found.difference.only_b, "b", crs),
    }
    if "settlements" in told:
        files["settlements.csv"] = settlements_csv(told)
    if len(told.get("rows", ())) > 1:
        files |= plots(told)
    for name, content in files.items():
        write_atomically(out / name, content)
    return [out / name for name in files]


def rows_csv(told: Mapping[str, Any]) -> bytes:
    """One row a day; each names mappers, classes, box and flat map."""
    about = {
        "a_mapper": told["a"]["mapper"],
        "b_mapper": told["b"]["mapper"],
        "a_classes": "+".join(told["a"]["classes"]),
        "b_classes": "+".join(told["b"]["classes"]),
        "bounds": " ".join(f"{edge:g}" for edge in told["bounds"]),
        "crs": told["crs"],
        "band_km": told["band_km"],
        "stamp": told["stamp"],
    }
    rows = told["rows"] if "rows" in told else [_one_row(told)]
    return table_csv((*ROW_KEYS, *ABOUT_KEYS), [row | about for row in rows])


def _one_row(told: Mapping[str, Any]) -> dict[str, Any]:
    offset = told["offset"] or {"km": None, "explained": None}
    return {
        **{key: told[key] for key in ROW_KEYS if key in told},
        "a_date": told["a"]["date"],
        "b_date": told["b"]["date"],
        "offset_km": offset["km"],
        "offset_explained": offset["explained"],
    }


def settlements_csv(told: Mapping[str, Any]) -> bytes:
    """One row a settlement: what each mapper says, and since when."""
    columns = ("name", "lon", "lat", "population", "agree")
    rows = [
        {name: one[name] for name in columns}
        | {f"{letter}_{key}": one[letter][key] for letter in "ab" for key in ("class", "since", "or_earlier")}
        | {"stamp": told["stamp"]}
        for one in told["settlements"]
    ]
    more = tuple(f"{letter}_{key}" for letter in "ab" for key in ("class", "since", "or_earlier"))
    return table_csv((*columns, *more, "stamp"), rows)


def table_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A table as CSV: UTF-8, empty where there is nothing, text that a spreadsheet would run made harmless."""
    from isofront.publish.export_csv import safe_cell

    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(row.get(name)) for name in columns] for row in rows)
    return content.getvalue().encode()


def layer(told: Mapping[str, Any], ground: BaseGeometry, letter: str, crs: str) -> bytes:
    """Ground on one map alone, in degrees, a feature per part, with its area and whose it is."""
    import shapely

    from isofront.publish.feature import Feature, Layer
    from isofront.publish.geojson import geojson_bytes
    from isofront.publish.lonlat import in_lonlat

    parts = sorted(shapely.get_parts(ground), key=lambda part: -float(part.area))
    words = {
        "only": letter,
        "mapper": told[letter]["mapper"],
        "not_on": told["ba"["ab".index(letter)]]["mapper"],
        "date": told[letter]["date"],
        "stamp": told["stamp"],
    }
    features = [
        Feature(shape, words | {"km2": round(float(part.area), 4)})
        for part in parts
        if not (shape := in_lonlat(part, crs=crs)).is_empty
    ]
    about = {key: told[key] for key in ("stamp", "bounds", "crs")}
    return geojson_bytes(Layer(f"only_{letter}", tuple(features)), about=about)


def plots(told: Mapping[str, Any]) -> dict[str, bytes]:
    """The plot over time, as PNG and SVG."""
    from isofront.compare.between_plot import Moment, between_png, between_svg

    moments = [
        Moment(
            datetime.fromisoformat(one["a_date"] + "T00:00:00+00:00" if len(one["a_date"]) == 10 else one["a_date"]),
            one["only_a_km2"],
            one["only_b_km2"],
            one["line_median_km"],
            one["line_p95_km"],
            one["kappa_band"],
            one["accuracy_band"],
        )
        for one in told["rows"]
    ]
    words = _plot_words(told)
    return {"compare.png": between_png(moments, words), "compare.svg": between_svg(moments, words)}


def _plot_words(told: Mapping[str, Any]) -> Words:
    from isofront.compare.between_plot import Words

    west, south, east, north = told["bounds"]
    classes = [" + ".join(told[letter]["classes"]) for letter in "ab"]
    where = f"{west:g}–{east:g} E, {south:g}–{north:g} N, {told['crs']}; A: {classes[0]}, B: {classes[1]}"
    return Words(told["a"]["mapper"], told["b"]["mapper"], where, told["band_km"], told["stamp"])
