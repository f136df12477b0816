"""Editions, changes, claims and pockets as plain JSON, each list with its links; pages as features have them.

What is said of a report is its number in its edition, never its place; nothing is told by cell, and nothing is found by
being near.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import msgspec

from isofront.ground.places import folded
from isofront.server.features import Asked, head_of, link, page_links
from isofront.server.message import GEOJSON, JSON, RefusedError
from isofront.server.query import Wanted, checked, wanted_of
from isofront.server.shelf import Edition, Item, Record, compact, utc

_TOLD = ("id", "as_of", "made_at", "state", "sha256", "corrects", "corrected_by", "reason", "without_second_name",
         "changed_km2", "simulated", "caution")  # fmt: skip
_folded = lru_cache(maxsize=20_000)(folded)
"""Names of settlements, of which thousands of claims have the same."""
_CHANGED = ("since", "since_edition", "changed_km2", "transitions_km2", "settlements", "lines")


def editions_page(asked: Asked) -> bytes:
    """The editions, oldest first, with what became of each."""
    wanted = wanted_of(asked.parameters)
    found = [one for one in asked.shelf.editions if wanted.first <= one.as_of <= wanted.last]
    standing = sorted((one for one in asked.shelf.editions if one.state == "published"), key=lambda one: one.as_of)
    latest = standing[-1].id if standing else None
    return _page(asked, "editions", found, wanted, lambda one: _edition(asked, one), latest=latest)


def edition_page(asked: Asked, name: str) -> bytes:
    """One edition: under which delay, what it corrects, and the hash of each of its files.

    Raises:
        RefusedError: there is none of the name, or it was withdrawn.
    """
    checked(asked.parameters)
    one = asked.shelf.edition.get(name)
    if one is None:
        raise RefusedError(404, "no such edition; /editions lists them")
    if one.pulled:
        reason = one.told.get("reason") or "no reason told"
        raise RefusedError(410, f"edition {one.id} was withdrawn: {reason}", edition=one.id)
    return compact(dict(one.about) | _edition(asked, one) | head_of(asked.shelf))


def _edition(asked: Asked, one: Edition) -> dict[str, Any]:
    here = f"{asked.base}/editions/{quote(one.id)}"
    links = [link(here, "self", JSON, f"Edition {one.id}")]
    if asked.html:
        links.append(link(f"{here}/", "alternate", "text/html; charset=utf-8", "Its map"))
    return {key: one.told.get(key) for key in _TOLD} | {"links": links}


def changes_page(asked: Asked) -> bytes:
    """What changed, an entry an edition; corrections and withdrawals are entries too."""
    wanted = wanted_of(asked.parameters)
    found = [one for one in asked.shelf.editions if wanted.first <= one.as_of <= wanted.last]
    return _page(asked, "changes", found, wanted, _change)


def _change(one: Edition) -> dict[str, Any]:
    kind = "withdrawal" if one.pulled else "correction" if one.told.get("corrects") else "edition"
    changes = {} if one.state != "published" else one.changes
    about: dict[str, Any] = {
        "edition": one.id,
        "as_of": utc(one.as_of),
        "made_at": one.told.get("made_at"),
        "kind": kind,
    }
    about |= {key: one.told.get(key) for key in ("state", "corrects", "corrected_by", "reason")}
    return about | {key: changes.get(key) for key in _CHANGED}


def claims_page(asked: Asked) -> bytes:
    """Who said what, side by side; none is averaged. By place (any of its names), subject, and day."""
    wanted = wanted_of(asked.parameters, "place", "about")
    place, about = folded(wanted.words.get("place", "")), wanted.words.get("about", "").strip().casefold()
    found = [
        said.told
        for said in asked.shelf.claims
        if wanted.first <= said.day <= wanted.last
        and (not place or place in map(_folded, said.places))
        and (not about or about == said.about.casefold())
    ]
    return _page(asked, "claims", found, wanted, dict)


def pockets_page(asked: Asked) -> bytes:
    """The pockets of the days asked for, of the newest if none is: whose, how wide the neck, where the tips are."""
    wanted = wanted_of(asked.parameters)
    one = asked.shelf.collections.get("pockets")
    first = wanted.first if wanted.spans or not asked.shelf.days else asked.shelf.days[-1]
    near = [] if one is None else [item for item in one.items if first <= item.moment <= wanted.last]
    features = [(item, msgspec.json.decode(item.text)) for item in near]
    tips = [(item.moment, told) for item, told in features if told["properties"].get("role") == "tip"]
    found = [(item, told) for item, told in features if told["properties"].get("role") == "pocket"]
    return _page(asked, "pockets", found, wanted, lambda pair: _pocket(asked, pair[0], pair[1], tips))


def _pocket(asked: Asked, item: Item, told: Record, tips: Sequence[tuple[Any, Record]]) -> dict[str, Any]:
    words = {key: value for key, value in told["properties"].items() if key not in ("role", "stamp", "state")}
    own = [
        tip["geometry"]["coordinates"]
        for moment, tip in tips
        if moment == item.moment and tip["properties"].get("pocket") == words.get("pocket")
    ]
    inside = words.get("inside") or []
    named = [one.strip() for one in inside.split(",")] if isinstance(inside, str) else list(inside)
    here = f"{asked.base}/collections/pockets/items/{item.id}"
    box = [round(value, 6) for value in item.box]
    return words | {
        "id": item.id, "inside": named, "tips": own, "bbox": box, "links": [link(here, "item", GEOJSON, "Its ground")]
    }  # fmt: skip


def _page(asked: Asked, name: str, found: Sequence[Any], wanted: Wanted, told: Any, **more: Any) -> bytes:
    """A page of a list."""
    some = found[wanted.offset : wanted.offset + wanted.limit]
    here = f"{asked.base}/{name}"
    counts: dict[str, Any] = {"numberMatched": len(found), "numberReturned": len(some)}
    links = page_links(here, JSON, asked.parameters, wanted.limit, wanted.offset, n_found=len(found))
    return compact(head_of(asked.shelf) | counts | more | {"links": links, name: [told(one) for one in some]})
