"""The invented war as a published site: days on demand, packed layers, a corrected edition, settlements over time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from invented_war import PLACES
from public_war import public_war

from isofront.publish.page import map_html

LAYERS = ("areas", "front", "infiltration", "unobserved", "out_of_range", "pockets", "interdicted", "routes")
HEAD = ("id", "number", "made_at", "corrects", "corrected_by", "reason", "delay_hours", "moved_km_95")
CORRECTED = 2
"""The number in time of the day that has an older edition too."""


def told_war(n_dates: int = 8) -> dict[str, Any]:
    """The whole document, as the page that holds everything has it."""
    war = public_war(n_dates)
    dates = [_told(date, k, n_dates) for k, date in enumerate(war["dates"])]
    history = [_past(date) for date in dates]
    first = history[CORRECTED] | {
        "number": 90,
        "id": "0090-first",
        "state": "corrected",
        "made_at": dates[CORRECTED]["as_of"][:10] + "T12:00:00Z",
    }
    later = {
        "corrects": "0090-first",
        "reason": "A film set.",
        "made_at": dates[-1]["as_of"][:10] + "T18:00:00Z",
        "number": 91,
    }
    dates[CORRECTED]["public"] |= later
    history[CORRECTED] |= later
    return war | {
        "dates": dates,
        "history": [*history, first | {"file": "editions/0090-first/page.json"}],
        "series": _series(dates),
        "places": _over_time(dates),
    }


def site(folder: Path, war: dict[str, Any], pack: Callable[[dict[str, Any]], dict[str, Any]] | None = None) -> None:
    """The war as files: a page with the newest day, the other days beside it, a page that holds everything."""
    pack = pack or packed
    (folder / "offline.html").write_bytes(map_html(war))
    light = [_reference(date) if date is not war["dates"][-1] else date for date in war["dates"]]
    head = {name: value for name, value in war.items() if name != "places"}
    index = head | {"dates": light, "places_file": "places.json", "offline": "offline.html"}
    (folder / "index.html").write_bytes(map_html(index))
    (folder / "editions.json").write_text(json.dumps({"editions": listed(war)}), encoding="utf-8")
    (folder / "places.json").write_text(json.dumps(war["places"]), encoding="utf-8")
    for date in war["dates"]:
        _write(folder / f"editions/{date['public']['id']}/page.json", war, pack(date))
    first = war["dates"][CORRECTED]
    empty = {"type": "FeatureCollection", "features": []}
    _write(
        folder / "editions/0090-first/page.json",
        war,
        first
        | {"infiltration": empty, "public": first["public"] | {"id": "0090-first", "number": 90, "corrects": None}},
    )


def listed(war: dict[str, Any]) -> list[dict[str, Any]]:
    """The site's list, of which the page asks whether its edition still stands."""
    return [{name: one.get(name) for name in ("id", "state", "made_at", "reason")} for one in war["history"]]


def _write(path: Path, war: dict[str, Any], date: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"settlements": war["settlements"], "dates": [date]}), encoding="utf-8")


def packed(date: dict[str, Any], digits: int = 6) -> dict[str, Any]:
    """A day with its layers packed, each ring and line an arc of its own."""
    arcs: list[list[int]] = []

    def arc(line: list[list[float]]) -> list[int]:
        whole = [[round(x * 10**digits), round(y * 10**digits)] for x, y in line]
        steps = [
            b - a
            for before, after in zip([[0, 0], *whole], whole, strict=False)
            for a, b in zip(before, after, strict=True)
        ]
        arcs.append(steps)
        return [len(arcs) - 1]

    nest: dict[str, Callable[[Any], Any]] = {
        "LineString": arc,
        "Polygon": lambda rings: [arc(ring) for ring in rings],
        "MultiPolygon": lambda parts: [[arc(ring) for ring in part] for part in parts],
    }
    layers = {
        name: [_packed(one, nest[one["geometry"]["type"]]) for one in date[name]["features"]]
        for name in LAYERS
        if name in date
    }
    kept = {name: value for name, value in date.items() if name not in LAYERS}
    return kept | {"shapes": {"digits": digits, "arcs": arcs, "layers": layers}}


def _packed(one: dict[str, Any], nest: Callable[[Any], Any]) -> dict[str, Any]:
    shape = one["geometry"]
    return {"t": shape["type"], "p": one["properties"], "a": nest(shape["coordinates"])}


def _reference(date: dict[str, Any]) -> dict[str, Any]:
    head = {name: date["public"][name] for name in HEAD if name in date["public"]}
    kept = {name: date[name] for name in ("as_of", "known_by", "state", "area_km2", "changed_km2", "changed_since")}
    return kept | {"file": f"editions/{date['public']['id']}/page.json", "public": head}


def _past(date: dict[str, Any]) -> dict[str, Any]:
    told = date["public"]
    about = {"id": told["id"], "number": told["number"], "as_of": date["as_of"], "made_at": told["made_at"]}
    more = {"state": "published", "corrects": None, "corrected_by": None, "reason": ""}
    return about | more | {"file": f"editions/{told['id']}/page.json"}


def _told(date: dict[str, Any], k: int, n: int) -> dict[str, Any]:
    ring = [[10.9, 50.4], [10.99, 50.4], [11.0, 50.5], [10.9, 50.52], [10.86, 50.45], [10.9, 50.4]]
    neck = [[10.9, 50.4], [10.99, 50.4]]
    rules = [{"rule": "held", "neck_km": 6.0, "rung": "pocket", "sampled": None, "p_under_5": None, "p_cut_off": None}]
    about = {"side": "north", "km2": 74, "chord": neck, "tips": neck, "inside": [1], "rules": rules}
    pocket = {"type": "Feature", "properties": about, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    made = date["as_of"][:10] + "T15:00:00Z"
    block = date["public"] | {
        "made_at": made,
        "why": [[*row, "2031-05-12"] for row in date["public"]["why"]],
        "changes": _changes(k),
        "places": [_place(i, k, n) for i in range(len(PLACES))],
    }
    return date | {"public": block, "pockets": {"type": "FeatureCollection", "features": [pocket]}}


def _changes(k: int) -> dict[str, Any] | None:
    if k == 0:
        return None
    lines = [
        {"side": "south", "kind": "advance", "km2": 8.4, "up_to_km": 1.6, "at": [10.62, 50.38], "reports": [1, 3]},
        {"side": "north", "kind": "advance", "km2": 12.0, "up_to_km": 0.9, "at": [10.95, 50.5], "reports": []},
    ]
    moved = [{"name": "Alder", "from": "held_north", "to": "grey"}]
    return {
        "since": "2031-05-01T00:00:00Z",
        "since_edition": "0001",
        "changed_km2": 20.4,
        "transitions_km2": {},
        "settlements": moved,
        "lines": lines,
    }


def _claim(**more: Any) -> dict[str, Any]:
    plain = {
        "unit": "people",
        "low": None,
        "high": None,
        "bound": "exact",
        "status": None,
        "side": None,
        "against": None,
    }
    told = {"said": "2031-05-10", "for_day": None, "by": "Town council", "interest": "north", "grade": ["B", 2]}
    return plain | told | {"link": None, "revised": False} | more


def _place(i: int, k: int, n: int) -> dict[str, Any]:
    near = {"front_km": max(0, 9 - k), "front_km_before": 11 if k else None, "before": "2031-04-20" if k else None}
    ways = {
        "routes": "2+" if k < n / 2 else "1",
        "routes_change": "fewer" if k else None,
        "neck_km": 14 - k,
        "rung": "pocket",
    }
    claims = [
        _claim(about="attackers-inside", low=200, high=200, bound="about", side="south", link="https://example.org/a"),
        _claim(
            about="attackers-inside", low=300, bound="at_least", by=None, side="south", interest=None, grade=["F", 6]
        ),
        _claim(
            about="control", status="partly_encircled", side="south", by="General <b>staff</b>", link="javascript:x"
        ),
    ]
    remain = _claim(about="residents-remaining", low=1000, high=1000, bound="about", age_days=9)
    bare: dict[str, Any] = {
        "population": PLACES[i][4],
        "civilians": None,
        "claims": [],
        "enclosure": {"5": 0.2, "10": 0.35, "20": 0.5},
    }
    return near | ways | bare | ({"claims": claims, "civilians": remain} if i == 0 else {})


def _series(dates: list[dict[str, Any]]) -> dict[str, Any]:
    steps = [
        {
            "as_of": date["as_of"],
            "area_km2": date["area_km2"],
            "changed_km2": date["changed_km2"] if k else None,
            "gained_km2": {"south": 0.7 * date["changed_km2"], "north": 0.3 * date["changed_km2"]} if k else None,
            "since": None,
            "days": 7,
        }
        for k, date in enumerate(dates)
    ]
    return {"steps": steps, "gaps": [[4, 5]] if len(dates) > 5 else []}


def _over_time(dates: list[dict[str, Any]]) -> dict[str, Any]:
    n = len(dates)
    letters = {"held_north": "0", "held_south": "1", "grey": "g"}
    places = [
        {
            "status": "".join(letters[date["status"][i]["status"]] for date in dates),
            "routes": "2" * (n // 2) + "1" * (n - n // 2),
            "front_km": [max(0, 9 - k) for k in range(n)],
            "neck_km": [None if k == 1 else 14 - k for k in range(n)],
            "enclosure": [min(100, 5 * k) for k in range(n)],
        }
        for i in range(len(PLACES))
    ]
    ids = [date["public"]["id"] for date in dates]
    return {"dates": [date["as_of"] for date in dates], "editions": ids, "places": places}
