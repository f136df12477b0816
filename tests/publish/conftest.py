"""An invented sheet with everything on it: a bulge, a grey zone with a hole, a pocket, reports and hostile names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import shapely

from isofront.control.field import Field, GreyReason
from isofront.evidence.report import Interval, Kind, Report
from isofront.front.shapes import Area, Class, Drawing, Line, Role
from isofront.ground.grid import Grid
from isofront.publish.sheet import Push, SettlementStatus, Sheet, State, Why
from isofront.theatre.model import Anchor, Barrier, Mapping, Road, Settlement, Side, Theatre

AS_OF = datetime(2031, 5, 9, tzinfo=UTC)
BOUNDS = (30.0, 48.0, 31.5, 48.9)
CRS = "EPSG:32636"
CITIES = (
    ("Verkhne", 30.62, 48.47, 61_000),
    ("Sad Hora", 30.93, 48.42, 9_200),
    ("Karolivka", 30.33, 48.66, 31_000),
    ("Stepne", 31.2, 48.62, 24_000),
    ("Myrne Pole", 30.56, 48.52, 1_400),
    ("Nova Vesna", 30.72, 48.44, 700),
    ("Ozerne", 30.69, 48.51, 2_100),
    ("Lypky", 30.15, 48.2, 4_000),
    ("Zatoka", 31.05, 48.14, 400),
    ("Pryvitne", 30.75, 48.75, 900),
    ("Stara Balka", 30.82, 48.77, 350),
    ("Hai", 30.79, 48.2, 120),
)


def theatre(**changes: object) -> Theatre:
    settlements = tuple(
        Settlement(names={"en": name, "uk": f"{name} (укр.)"}, at=(lon, lat), population=people)
        for name, lon, lat, people in CITIES
    )
    made = Theatre(
        name="vesna",
        title="Battle of Verkhne",
        sides=(
            Side("red", {"en": "Redland", "uk": "Червонія"}, "#b2442e"),
            Side("blu", {"en": "Bluemark", "uk": "Синьокрай"}, "#2f6690"),
        ),
        protected_sides=(),
        bounds=BOUNDS,
        crs=CRS,
        anchor=Anchor("start.geojson", datetime(2031, 1, 1, tzinfo=UTC)),
        simulated=True,
        cell_m=300.0,
        starts=date(2031, 1, 1),
        settlements=settlements,
        roads=(
            Road("M-1", ((30.0, 48.62), (30.33, 48.66), (30.62, 48.47), (30.93, 48.42), (31.5, 48.45)), "highway"),
            Road("P-7", ((30.62, 48.47), (30.75, 48.75), (30.8, 48.9))),
        ),
        barriers=(
            Barrier("Vorona", "river", tuple((30.0 + t, 48.3 + 0.05 * np.sin(9 * t)) for t in np.linspace(0, 1.5, 40))),
        ),
        map=Mapping(credit="Invented ground"),
    )
    import msgspec

    return msgspec.structs.replace(made, **changes)


def edges_km(grid: Grid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """North (km), easting of the second side's edge, easting of the first side's edge; grey lies between."""
    west, south, east, north = grid.box_km
    y = np.linspace(south, north, 161)
    t = (y - south) / (north - south)
    middle = west + (east - west) * (0.55 + 0.06 * np.sin(7 * t) - 0.14 * np.exp(-(((t - 0.52) / 0.09) ** 2)))
    half = 0.8 + 5.0 * np.exp(-(((t - 0.52) / 0.11) ** 2)) + 0.3 * np.sin(23 * t)
    return y, middle - half, middle + half


def drawing(grid: Grid) -> Drawing:
    """Held second | grey | held first from west to east, with a pocket of the second inside the grey."""
    west, south, east, north = grid.box_km
    y, edge_second, edge_first = edges_km(grid)
    line_second = list(zip(edge_second, y, strict=True))
    line_first = list(zip(edge_first, y, strict=True))
    pocket = shapely.Point(float(edge_first[84]) - 4.5, float(y[84])).buffer(1.6, quad_segs=12)
    held_second = shapely.Polygon([(west, south), *line_second, (west, north)])
    held_first = shapely.Polygon([*line_first, (east, north), (east, south)])
    grey = shapely.Polygon([*line_second, *line_first[::-1]]).difference(pocket)
    cut = shapely.box(west, south, east, float(y[60]))
    parts = [shapely.intersection(grey, cut), shapely.difference(grey, cut)]
    areas = shapely.coverage_simplify([held_first, held_second.union(pocket), *parts], 0.0)
    half = shapely.LineString(np.column_stack([(edge_second + edge_first) / 2, y]))
    raid = shapely.Point(float(edge_second[80]) - 2.5, float(y[80])).buffer(2.4, quad_segs=8)
    ahead = shapely.MultiPolygon([raid, shapely.Point(float(edge_second[96]) - 1.6, float(y[96])).buffer(1.2)])
    line_of_touch = shapely.LineString([(west + 3, south + 3), (west + 4, south + 4)])
    edge_of_second = shapely.MultiLineString([shapely.LineString(line_second), pocket.exterior])
    return Drawing(
        areas=(
            Area(Class.HELD, "red", None, areas[0]),
            Area(Class.HELD, "blu", None, areas[1]),
            Area(Class.GREY, None, "neither_present", areas[2]),
            Area(Class.GREY, None, "mixed_presence", areas[3]),
        ),
        lines=(
            Line(Role.EDGE, "red", shapely.LineString(line_first)),
            Line(Role.EDGE, "blu", edge_of_second),
            Line(Role.EVEN_ODDS, None, half),
            Line(Role.BAND, "red", shapely.LineString(line_first).buffer(0.9)),
            Line(Role.BAND, "blu", edge_of_second.buffer(0.7)),
        ),
        infiltration=(Area(Class.GREY, "red", None, shapely.GeometryCollection([ahead, line_of_touch])),),
        unobserved=shapely.box(east - 38, south + 4, east - 18, south + 22),
        n_merged=3,
        merged_km2=0.7,
    )


def field(grid: Grid) -> Field:
    """Logistic probabilities about the two edges, in steps of 1e-4."""
    y, edge_second, edge_first = edges_km(grid)
    east, north = grid.centres_km()
    to_first = east - np.interp(north, y, edge_first)
    to_second = np.interp(north, y, edge_second) - east
    p = np.stack([1 / (1 + np.exp(-to_first)), 1 / (1 + np.exp(-to_second))])
    p = (np.round(p / np.maximum(p.sum(axis=0), 1), 4)).astype(np.float32)
    grey = np.maximum(1 - p.sum(axis=0), 0).astype(np.float32)
    reason = np.where(grey > p.max(axis=0), GreyReason.MIXED_PRESENCE, GreyReason.NONE).astype(np.uint8)
    return Field(
        grid=grid,
        sides=("red", "blu"),
        p_held=p,
        p_grey=grey,
        control=np.clip(p + grey[None] / 2, 0, 1).astype(np.float32),
        p_present=np.clip(p + grey[None] * 0.7, 0, 1).astype(np.float32),
        unobserved=np.linspace(0, 1, grid.nx, dtype=np.float32)[None, :].repeat(grid.ny, axis=0),
        grey_reason=reason,
        touched=grey > 0.2,
    )


def reports(count: int = 40) -> tuple[Report, ...]:
    rng = np.random.default_rng(7)
    made = []
    for number in range(count):
        when = AS_OF - timedelta(days=float(rng.uniform(0.1, 60)))
        made.append(
            Report(
                id=f"r{number:03}",
                source="channel-4",
                kind=Kind.STRIKE if number % 2 else Kind.POSITION,
                seen="red" if number % 3 else "blu",
                by=None,
                lon=float(30.62 + rng.normal(0, 0.1)),
                lat=float(48.47 + rng.normal(0, 0.1)),
                error_m=120.0,
                happened=Interval(when, when),
                published_at=None,
                known_at=when + timedelta(days=1),
                known_inferred=True,
                reliability="B",
                credibility=2,
                simulated=True,
                group=f"r{number:03}",
            )
        )
    return tuple(made)


def sheet(**changes: object) -> Sheet:
    setting = theatre()
    grid = setting.grid
    statuses = tuple(
        SettlementStatus(
            one, "grey" if 30.5 < one.at[0] < 30.75 else ("held_red" if one.at[0] > 30.75 else "held_blu"), 0.8123456
        )
        for one in setting.settlements
    )
    why = (
        Why(30.62, 48.47, -2.5, (Push("r001", 1.25), Push("r004", -0.5)), 0.125, 3, -1.625),
        Why(30.7, 48.47, -1.5, (), 0.0, 0, -1.5),
    )
    drawn = drawing(grid)
    summary = {
        "as_of": AS_OF,
        "known_by": AS_OF + timedelta(days=1),
        "state": "draft",
        "simulated": True,
        "reports_used": 1342,
        "known_inferred": 40,
        "rejects": 2,
        "area_km2": {"red": 5123.456789, "blu": 6203.2, "grey": 412.1234567, "unobserved": 360.0},
        "changed_km2": 23.4567891,
        "settlements": [
            {
                "name": one.settlement.name,
                "lon": one.settlement.at[0],
                "lat": one.settlement.at[1],
                "status": one.status,
                "p": one.p,
            }
            for one in statuses
        ],
    }
    made = Sheet(
        theatre=setting,
        as_of=AS_OF,
        known_by=AS_OF + timedelta(days=1),
        state=State.DRAFT,
        simulated=True,
        field=field(grid),
        drawing=drawn,
        settlements=statuses,
        reports=reports(),
        why=why,
        summary=summary,
        land=None,
    )
    return replace(made, **changes)


@pytest.fixture(scope="session")
def make_sheet() -> Callable[..., Sheet]:
    """Builds the invented sheet, with changes."""
    return sheet


@pytest.fixture(scope="session")
def a_sheet() -> Sheet:
    """The invented sheet as it is."""
    return sheet()
