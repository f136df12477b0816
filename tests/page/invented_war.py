"""An invented war between `north` and `south`, as the document that the map page reads. No place in it is real."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

WEST, SOUTH, EAST, NORTH = 10.0, 50.0, 11.2, 50.8
START = datetime(2031, 5, 1, tzinfo=UTC)
REASONS = ("mixed presence", "disputed evidence", "neither present")
PLACES = (
    ("Alder", "Вільха", 10.62, 50.38, 61000),
    ("Birch Ferry", "Березова Переправа", 10.86, 50.45, 24000),
    ("Cedar", "Кедр", 10.3, 50.33, 5200),
    ("Dogwood", "Дерен", 10.52, 50.62, 9100),
    ("Elm Hollow", "В'язова Балка", 10.71, 50.56, 800),
    ("Fir", "Ялиця", 10.95, 50.24, 310),
    ("Gorse", "Дрік", 10.2, 50.52, 12000),
    ("Hazel", "Ліщина", 10.43, 50.2, 3300),
    ("Ivy", "Плющ", 11.05, 50.63, 1500),
    ("Juniper", "Ялівець", 10.57, 50.28, 450),
)


def invented_war(
    n_dates: int = 8, *, title: str = "The War of Alder, spring 2031", simulated: bool = True
) -> dict[str, Any]:
    """A document with so many weekly dates; south presses north around Alder."""
    rng = random.Random(7)
    reports = [_report(i, rng) for i in range(260)]
    return {
        "title": title,
        "titles": {"uk": "Вигадана війна Вільхи"},
        "name": "alder",
        "languages": ["en", "uk"],
        "simulated": simulated,
        "stamp": ["PRIVATE", "SIMULATED"] if simulated else ["PRIVATE"],
        "sides": [
            {"id": "north", "names": {"en": "Northern League", "uk": "Північна ліга"}, "colour": "#1f6fb4"},
            {"id": "south", "names": {"en": "Southern Pact", "uk": "Південний пакт"}, "colour": "#c8452d"},
        ],
        "bounds": [WEST, SOUTH, EAST, NORTH],
        "credit": "Isofront, invented world",
        "credits": {"uk": "Isofront, вигаданий світ"},
        "land": None,
        "roads": _collection([_road("R1", 50.38), _road("R2", 50.6), _cross_road()]),
        "barriers": _collection([_river()]),
        "settlements": [
            {"name": en, "names": {"en": en, "uk": uk}, "lon": lon, "lat": lat, "population": population}
            for en, uk, lon, lat, population in PLACES
        ],
        "dates": [_sheet(i, n_dates, reports, rng) for i in range(n_dates)],
        "report_index": [report["properties"]["id"] for report in reports],
    }


def _edge(lon: float, step: float, gap: float) -> float:
    """The latitude of a front that moves north with step and has a pocket around Alder."""
    bulge = 0.16 * math.exp(-((lon - 10.45) ** 2) / 0.02) + 0.22 * math.exp(-((lon - 10.95) ** 2) / 0.012)
    wave = 0.018 * math.sin(lon * 21) + 0.012 * math.sin(lon * 47 + 1)
    return 50.3 + wave + step * (0.05 + bulge) + gap


def _line(step: float, gap: float) -> list[list[float]]:
    lons = [WEST + (EAST - WEST) * i / 160 for i in range(161)]
    return [[round(lon, 6), round(_edge(lon, step, gap * (1 + 0.9 * math.sin(lon * 9))), 6)] for lon in lons]


def _between(below: list[list[float]], above: list[list[float]]) -> dict[str, Any]:
    ring = [*below, *reversed(above), below[0]]
    return {"type": "Polygon", "coordinates": [ring]}


def _feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _road(name: str, lat: float) -> dict[str, Any]:
    line = [[WEST + 0.1 * i, lat + 0.03 * math.sin(i * 1.3)] for i in range(13)]
    return _feature({"type": "LineString", "coordinates": line}, name=name, kind="road")


def _cross_road() -> dict[str, Any]:
    line = [[10.62, 50.0], [10.6, 50.2], [10.62, 50.38], [10.7, 50.55], [10.66, 50.8]]
    return _feature({"type": "LineString", "coordinates": line}, name="R3", kind="road")


def _river() -> dict[str, Any]:
    line = [[10.8 + 0.05 * math.sin(i * 0.9), 50.0 + 0.08 * i] for i in range(11)]
    return _feature({"type": "LineString", "coordinates": line}, name="Rill", kind="river")


def _square(lon: float, lat: float, km: float) -> dict[str, Any]:
    dy, dx = km / 111.2, km / 71.0
    ring = [[lon + dx * math.cos(t / 6), lat + dy * math.sin(t / 6) * 0.8] for t in range(38)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _report(i: int, rng: random.Random) -> dict[str, Any]:
    lon = rng.uniform(WEST + 0.05, EAST - 0.05)
    lat = _edge(lon, rng.random(), 0) + rng.gauss(0, 0.05)
    happened = (START + timedelta(days=rng.randint(0, 55))).date().isoformat()
    seen = rng.choice(["south", "south", "north", None])
    return _feature(
        {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]},
        id=f"rep-{i:04d}", kind=rng.choice(["position", "strike", "assault", "infiltration", "flag"]), seen=seen,
        by="north" if seen == "south" else "south", happened=happened, error_m=rng.choice([100, 300, 1000]),
        source=rng.choice(["geoteam", "dailymap", "fieldnotes"]), reliability=rng.choice("ABCF"),
        credibility=rng.randint(1, 6), group=f"rep-{i:04d}",
    )  # fmt: skip


def _why(step: float, reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Spots every 2 km near the front, each with its nearest reports; parts add up to the whole."""
    points = []
    for i in range(40):
        for j in range(26):
            lon, lat = WEST + 0.015 + 0.03 * i, 50.25 + 0.018 * j
            prior = (lat - _edge(lon, 0, 0)) * 111.2
            if abs(prior) > 40:
                continue
            near = sorted(
                (
                    math.hypot(
                        (r["geometry"]["coordinates"][0] - lon) * 71, (r["geometry"]["coordinates"][1] - lat) * 111.2
                    ),
                    k,
                )
                for k, r in enumerate(reports)
            )[:6]
            pushes = [
                [
                    k,
                    round(
                        (1 if reports[k]["properties"]["seen"] == "north" else -1) * 3.2 * step * math.exp(-d / 6), 3
                    ),
                ]
                for d, k in near
                if d < 9
            ]
            if pushes:
                others = -0.113
                total = prior + others + sum(km for _, km in pushes)
                points.append([round(lon, 5), round(lat, 5), round(prior, 3), round(total, 3), others, 4, pushes])
    return {"side": "north", "points": points}


def _sheet(i: int, n: int, reports: list[dict[str, Any]], rng: random.Random) -> dict[str, Any]:
    step = i / max(1, n - 1) if n > 1 else 0.6
    as_of = START + timedelta(days=7 * i)
    low, high = _line(step, -0.014 - 0.03 * step), _line(step, 0.014 + 0.03 * step)
    mid = [[lon, (a[1] + b[1]) / 2] for a, b in zip(low, high, strict=True) for lon in [a[0]]]
    floor, roof = [[WEST, SOUTH], [EAST, SOUTH]], [[WEST, NORTH], [EAST, NORTH]]
    cuts = (0, 55, 105, 160)
    greys = [
        _feature(_between(low[a : b + 1], high[a : b + 1]), **{"class": "grey", "side": None, "grey_reason": reason})
        for (a, b), reason in zip(pairwise(cuts), REASONS, strict=True)
    ]
    held = [
        _feature(_between(floor, low), **{"class": "held", "side": "south", "grey_reason": None}),
        _feature(_between(high, roof), **{"class": "held", "side": "north", "grey_reason": None}),
    ]
    band = 0.012 + 0.01 * step
    lines = [
        _feature({"type": "LineString", "coordinates": low}, role="edge", side="south"),
        _feature({"type": "LineString", "coordinates": high}, role="edge", side="north"),
        _feature({"type": "LineString", "coordinates": mid}, role="even_odds", side=None),
        _feature(_between([[x, y - band] for x, y in low], [[x, y + band] for x, y in low]), role="band", side="south"),
        _feature(
            _between([[x, y - band] for x, y in high], [[x, y + band] for x, y in high]), role="band", side="north"
        ),
    ]
    seen = [r for r in reports if r["properties"]["happened"] <= as_of.date().isoformat()]
    return {
        "as_of": as_of.isoformat().replace("+00:00", "Z"),
        "known_by": (as_of + timedelta(days=1)).isoformat().replace("+00:00", "Z"),
        "state": "draft",
        "areas": _collection([*held, *greys]),
        "front": _collection(lines),
        "infiltration": _collection(
            [
                _feature(_square(10.62, 50.41 + 0.05 * step, 4 + 3 * step), side="south"),
                _feature(_square(10.36, 50.3, 3), side="north"),
            ]
        ),
        "unobserved": _collection([_feature(_square(10.98, 50.66, 9))]),
        "out_of_range": _collection([_feature(_square(10.2, 50.25, 8), **{"class": "moving", "side": "north"})]),
        "interdicted": _collection(
            [
                _feature(_square(10.5, 50.42, 14), side="south", level=1),
                _feature(_square(10.55, 50.45, 6), side="south", level=3),
                _feature(_square(10.68, 50.5, 12), side="north", level=2),
                _feature(_square(10.15, 50.68, 10), side=None, level=0),
            ]
        ),
        "routes": _collection([_feature(_cross_road()["geometry"], within_km=5)]),
        "reports": _collection(seen),
        "status": [_status(en, lon, lat, step) for en, _, lon, lat, _ in PLACES],
        "area_km2": {
            "north": 3600 - 700 * step,
            "south": 3200 + 520 * step,
            "grey": 190 + 180 * step,
            "unobserved": 260,
        },
        "changed_km2": round(60 + 500 * step * rng.random(), 1),
        "changed_since": "start" if step == 0 else "approved",
        "reports_used": len(seen),
        "why": _why(step, reports),
    }


def _status(name: str, lon: float, lat: float, step: float) -> dict[str, Any]:
    km = (lat - _edge(lon, step, 0)) * 111.2
    status = "grey" if abs(km) < 3 else "held_north" if km > 0 else "held_south"
    return {"name": name, "status": status, "p": round(min(0.998, 0.55 + abs(km) / 25), 4)}
