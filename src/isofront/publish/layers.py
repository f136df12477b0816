"""A sheet as layers of features in lon/lat: what GeoJSON, GeoPackage, GeoParquet and the page all write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from isofront.evidence.report import Interval, Report
from isofront.front.shapes import Area, Role
from isofront.publish.feature import Feature, Layer
from isofront.publish.lonlat import DIGITS, coverage_in_lonlat, in_lonlat, only
from isofront.publish.out_of_range import out_of_range_features
from isofront.publish.pockets import neck_features, pocket_features, tip_features
from isofront.publish.sheet import Sheet
from isofront.publish.stamp import stamp_text, utc_text


def layers_of(sheet: Sheet, *, digits: int = DIGITS) -> dict[str, Layer]:
    """Every layer by name, each feature stamped with the date, the state and PRIVATE."""
    made = {name: make(sheet, digits) for name, make in _MAKERS.items()}
    about = sheet_properties(sheet)
    return {
        name: Layer(name, tuple(Feature(one.geometry, one.properties | about) for one in features))
        for name, features in made.items()
    }


def sheet_properties(sheet: Sheet) -> dict[str, Any]:
    """What every feature says of its sheet."""
    return {
        "as_of": utc_text(sheet.as_of),
        "simulated": sheet.simulated,
        "state": sheet.state.value,
        "stamp": stamp_text(sheet),
    }


def _areas(sheet: Sheet, digits: int) -> list[Feature]:
    areas = sheet.drawing.areas
    shapes = coverage_in_lonlat(
        [only(area.geometry, dimension=2) for area in areas], crs=sheet.field.grid.crs, digits=digits
    )
    return [Feature(shape, _area_words(area)) for shape, area in zip(shapes, areas, strict=True) if not shape.is_empty]


def _front(sheet: Sheet, digits: int) -> list[Feature]:
    lines = [
        Feature(
            _placed(sheet, line.geometry, digits, dimension=2 if line.role is Role.BAND else 1),
            {"role": line.role.value, "side": line.side},
        )
        for line in sheet.drawing.lines
    ]
    return _drawn(lines)


def _infiltration(sheet: Sheet, digits: int) -> list[Feature]:
    return _drawn(
        [
            Feature(_placed(sheet, area.geometry, digits, dimension=2), {"class": "infiltration", "side": area.side})
            for area in sheet.drawing.infiltration
        ]
    )


def _unobserved(sheet: Sheet, digits: int) -> list[Feature]:
    return _drawn([Feature(_placed(sheet, sheet.drawing.unobserved, digits, dimension=2), {"class": "unobserved"})])


def _placed(sheet: Sheet, geometry: BaseGeometry, digits: int, *, dimension: int) -> BaseGeometry:
    """In degrees, with nothing but areas (2) or lines (1) in it."""
    in_degrees = in_lonlat(only(geometry, dimension=dimension), crs=sheet.field.grid.crs, digits=digits)
    return only(in_degrees, dimension=dimension)


def _drawn(features: list[Feature]) -> list[Feature]:
    return [one for one in features if not one.geometry.is_empty]


def _settlements(sheet: Sheet, digits: int) -> list[Feature]:
    return [
        Feature(
            shapely.Point(round(one.settlement.at[0], digits), round(one.settlement.at[1], digits)),
            {
                "name": one.settlement.name,
                "population": one.settlement.population,
                "status": one.status,
                "p": round(one.p, 4),
            },
        )
        for one in sheet.settlements
    ]


def _reports(sheet: Sheet, digits: int) -> list[Feature]:
    return [report_feature(report, digits=digits) for report in sheet.reports]


def report_feature(report: Report, *, digits: int = DIGITS) -> Feature:
    """One report as a point; private, as all of this room's files are."""
    return Feature(
        shapely.Point(round(report.lon, digits), round(report.lat, digits)),
        {
            "id": report.id,
            "kind": report.kind.value,
            "seen": report.seen,
            "by": report.by,
            "happened": happened_text(report.happened),
            "error_m": round(report.error_m, 1),
            "source": report.source,
            "reliability": report.reliability,
            "credibility": report.credibility,
            "group": report.group or report.id,
        },
    )


def happened_text(interval: Interval) -> str:
    """An instant as one time, else `start/end`."""
    start, end = utc_text(interval.start), utc_text(interval.end)
    return start if start == end else f"{start}/{end}"


def _area_words(area: Area) -> dict[str, Any]:
    return {"class": area.cls.value, "side": area.side, "grey_reason": area.grey_reason}


def lines_only(layer: Layer) -> Layer:
    """The front without its bands, for formats that want one geometry type a layer."""
    return Layer(layer.name, tuple(one for one in layer.features if one.properties["role"] != Role.BAND.value))


def bands_only(layer: Layer) -> Layer:
    """The bands of the front alone."""
    return Layer("front_bands", tuple(one for one in layer.features if one.properties["role"] == Role.BAND.value))


_MAKERS: dict[str, Callable[[Sheet, int], list[Feature]]] = {
    "areas": _areas,
    "front": _front,
    "infiltration": _infiltration,
    "unobserved": _unobserved,
    "out_of_range": out_of_range_features,
    "pockets": pocket_features,
    "necks": neck_features,
    "tips": tip_features,
    "settlements": _settlements,
    "reports": _reports,
}
