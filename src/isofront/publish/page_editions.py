"""The page over all editions, from the documents of single ones: what is embedded, what is fetched, what came when.

documents              whole                    every day embedded: what opens from a folder
documents              light                    the newest day embedded, references for the others
editions               history                  which edition there was when: the map as we knew it on a day
days                   series, places_over_time the areas and each settlement over the editions, as published
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from isofront.publish.site import Told

FULL = 12
"""The page that embeds every day holds reports and reasons of so many; those of older ones stand on their own pages."""
GAP_TIMES, LEAST_GAP_DAYS = 1.6, 2.0
"""Days farther apart than so many times what is usual, and than so many days, leave a gap in a series."""
OFFLINE, PLACES = "offline.html", "places.json"
DAY_S = 86400.0

Document = Mapping[str, Any]


def whole(documents: Sequence[Document], told: Sequence[Told]) -> dict[str, Any]:
    """One document with every day: the newest edition's, with the days of all in order of time."""
    days, newest = _days(documents), documents[-1]
    shown = [day if n >= len(days) - FULL else without_reasons(day) for n, day in enumerate(days)]
    return _over(newest, documents, days, told) | {"dates": shown, "places": places_over_time(newest, days)}


def light(documents: Sequence[Document], told: Sequence[Told]) -> dict[str, Any]:
    """One document with the newest day and references for the others; the rest lies in files beside it."""
    days, newest = _days(documents), documents[-1]
    shown = [*(_reference(day, told) for day in days[:-1]), days[-1]]
    return _over(newest, documents, days, told) | {"dates": shown, "places_file": PLACES, "offline": OFFLINE}


def _over(
    newest: Document, documents: Sequence[Document], days: Sequence[Document], told: Sequence[Told]
) -> dict[str, Any]:
    stamp = max((one["stamp"] for one in documents), key=len)
    return dict(newest) | {
        "stamp": stamp,
        "simulated": any(one["simulated"] for one in documents),
        "history": history(told),
        "series": series(days),
    }


def _days(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """The days of documents that have the newest one's sides, by its settlements, in order of time; each day once."""
    newest = documents[-1]
    alike = [one for one in documents if one["sides"] == newest["sides"]]
    found = {day["as_of"]: _by(newest, one, day) for one in alike for day in one["dates"]}
    return [found[as_of] for as_of in sorted(found)]


def without_reasons(date: Document) -> dict[str, Any]:
    """A date whose reports and reasons are read on its edition's own page: a page over many editions stays light."""
    told = date.get("public")
    if not told:
        return dict(date)
    return dict(date) | {"public": dict(told) | {"cells": [], "reports": [], "why": [], "elsewhere": True}}


def _reference(day: Document, told: Sequence[Told]) -> dict[str, Any]:
    """What the page knows of a day before it fetches it."""
    public = day["public"]
    corrected_by = next((one.corrected_by for one in told if one.id == public["id"]), None)
    kept = ("as_of", "known_by", "state", "area_km2", "changed_km2", "changed_since")
    words = ("id", "number", "made_at", "corrects", "reason", "delay_hours", "moved_km_95")
    about = {name: public[name] for name in words} | {"corrected_by": corrected_by}
    return {name: day[name] for name in kept} | {"file": f"editions/{public['id']}/page.json", "public": about}


# Settlements that came or went between editions


def _by(newest: Document, own: Document, day: Document) -> dict[str, Any]:
    """A day whose settlements are told in the order of the newest edition's list."""
    here, there = _keys(own), _keys(newest)
    if here == there:
        return dict(day)
    number = {key: k for k, key in enumerate(there)}
    to = {k: number[key] for k, key in enumerate(here) if key in number}
    public = dict(day["public"])
    public["places"] = _ordered(public.get("places", ()), to, len(there), {})
    public["why"] = [
        [row[0] if row[0] is None else to[row[0]], *row[1:]] for row in public["why"] if row[0] is None or row[0] in to
    ]
    missing = [{"name": key[0], "status": None, "p": None} for key in there]
    if public.get("mappers"):
        public["mappers"] = [
            one | {"says": "".join(_ordered(one["says"], to, len(there), "-"))} for one in public["mappers"]
        ]
    status = [one or missing[k] for k, one in enumerate(_ordered(day["status"], to, len(there), None))]
    shapes = day.get("shapes") or {"layers": {"pockets": []}}
    layers = dict(shapes["layers"])
    layers["pockets"] = [
        one | {"p": one["p"] | {"inside": [to[k] for k in one["p"]["inside"] if k in to]}} for one in layers["pockets"]
    ]
    return dict(day) | {"public": public, "status": status, "shapes": shapes | {"layers": layers}}


def _keys(document: Document) -> list[tuple[Any, ...]]:
    """What tells each settlement from the others: its name; of namesakes the place too."""
    often = Counter(one["name"] for one in document["settlements"])
    return [
        (one["name"],) if often[one["name"]] == 1 else (one["name"], one["lon"], one["lat"])
        for one in document["settlements"]
    ]


def _ordered(some: Sequence[Any], to: Mapping[int, int], n: int, empty: Any) -> list[Any]:
    found = [empty] * n
    for k, one in enumerate(some):
        if k in to:
            found[to[k]] = one
    return found


# Over time


def history(told: Sequence[Told]) -> list[dict[str, Any]]:
    """Every edition there ever was, oldest first."""
    return [
        {
            "id": one.id,
            "number": int(one.id.partition("-")[0]),
            "as_of": one.as_of,
            "made_at": one.made_at,
            "state": one.state,
            "corrects": one.corrects,
            "corrected_by": one.corrected_by,
            "reason": one.reason,
            "file": None if one.state == "pulled" else f"{one.path}page.json",
        }
        for one in told
    ]


def series(days: Sequence[Document]) -> dict[str, Any]:
    """The areas of each day, what changed since the one it was compared with, and where no line is drawn across."""
    return {"steps": [_step(day) for day in days], "gaps": gaps([day["as_of"] for day in days])}


def _step(day: Document) -> dict[str, Any]:
    words = {"as_of": day["as_of"], "area_km2": day["area_km2"], "changed_km2": day["changed_km2"]}
    changes = (day.get("public") or {}).get("changes")
    if changes is None:
        return words
    gained: dict[str, float] = {}
    for change, km2 in changes["transitions_km2"].items():
        to = change.split("->")[1]
        gained[to] = round(gained.get(to, 0.0) + km2, 1)
    since = changes["since"]
    return words | {"gained_km2": gained, "since": since, "days": round(_days_between(since, day["as_of"]))}


def gaps(moments: Sequence[str]) -> list[list[int]]:
    """Pairs of neighbours in time that lie farther apart than usual."""
    apart = [_days_between(one, other) for one, other in pairwise(moments)]
    if not apart:
        return []
    most = max(GAP_TIMES * median(apart), LEAST_GAP_DAYS)
    return [[k, k + 1] for k, days in enumerate(apart) if days > most]


def _days_between(one: str, other: str) -> float:
    return (datetime.fromisoformat(other) - datetime.fromisoformat(one)).total_seconds() / DAY_S


def places_over_time(newest: Document, days: Sequence[Document]) -> dict[str, Any]:
    """What each day's edition said of each settlement, as columns; a column of which nothing is known is left out."""
    sides = [side["id"] for side in newest["sides"]]
    return {
        "dates": [day["as_of"] for day in days],
        "editions": [day["public"]["id"] for day in days],
        "places": [_columns(k, sides, days) for k in range(len(newest["settlements"]))],
    }


def _columns(k: int, sides: Sequence[str], days: Sequence[Document]) -> dict[str, Any]:
    rows = [(day["public"].get("places") or {k: {}})[k] for day in days]
    found: dict[str, Any] = {"status": "".join(_letter(day["status"][k]["status"], sides) for day in days)}
    routes = "".join((row.get("routes") or "-")[0] for row in rows)
    if set(routes) != {"-"}:
        found["routes"] = routes
    for name in ("front_km", "neck_km"):
        column = [row.get(name) for row in rows]
        if any(one is not None for one in column):
            found[name] = column
    enclosure = [_percent(row.get("enclosure")) for row in rows]
    if any(one is not None for one in enclosure):
        found["enclosure"] = enclosure
    return found


def _letter(status: str | None, sides: Sequence[str]) -> str:
    if status is None:
        return "-"
    return "g" if status == "grey" else str(sides.index(status.removeprefix("held_")))


def _percent(enclosure: Mapping[str, float] | None) -> int | None:
    """How much of the horizon within 10 km is the other side's."""
    return None if not enclosure or "10" not in enclosure else round(100 * enclosure["10"])
