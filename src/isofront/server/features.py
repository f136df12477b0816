"""Collections and their features, as OGC API – Features Part 1 (17-069r4) has them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np

from isofront.server.message import GEOJSON, JSON, RefusedError
from isofront.server.query import Query, checked, query_of
from isofront.server.shelf import TITLES, Collection, Item, Shelf, compact, utc

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
Parameters = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked for: of which shelf, by which address, where, how; `html` where pages stand beside it."""

    shelf: Shelf
    base: str
    path: str
    parameters: Parameters
    html: bool = False


def link(href: str, rel: str, kind: str, title: str) -> dict[str, str]:
    """A link as OGC API writes it."""
    return {"href": href, "rel": rel, "type": kind, "title": title}


def head_of(shelf: Shelf) -> dict[str, Any]:
    """What every document says of itself."""
    return {"stamp": shelf.stamp, "notice": shelf.notice}


def collection_page(asked: Asked, name: str) -> bytes:
    """One collection."""
    checked(asked.parameters)
    return compact(about_collection(asked, _collection(asked.shelf, name)))


def about_collection(asked: Asked, one: Collection) -> dict[str, Any]:
    """A collection's title, extent and links."""
    title, sentence = TITLES[one.id]
    here = f"{asked.base}/collections/{one.id}"
    first, last = one.span
    return {
        "id": one.id,
        "title": title,
        "description": f"{sentence}. {asked.shelf.notice}",
        "itemType": "feature",
        "crs": [CRS84],
        "extent": {
            "spatial": {"bbox": [list(one.extent)], "crs": CRS84},
            "temporal": {
                "interval": [[utc(first), utc(last)]],
                "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            },
        },
        "links": [
            link(here, "self", JSON, title),
            link(f"{here}/items", "items", GEOJSON, f"{title}: features"),
        ],
    }


def items_page(asked: Asked, name: str) -> bytes:
    """A page of a collection's features."""
    one, query = _collection(asked.shelf, name), query_of(asked.parameters)
    found = selected(one, query)
    page = found[query.offset : query.offset + query.limit]
    here = f"{asked.base}/collections/{one.id}"
    head = head_of(asked.shelf) | {
        "type": "FeatureCollection",
        "numberMatched": len(found),
        "numberReturned": len(page),
        "links": [
            *page_links(f"{here}/items", GEOJSON, asked.parameters, query.limit, query.offset, n_found=len(found)),
            link(here, "collection", JSON, TITLES[one.id][0]),
        ],
    }
    features = b",\n".join(one.items[int(number)].text for number in page)
    return compact(head)[:-1] + b',"features":[\n' + features + b"\n]}"


def selected(one: Collection, query: Query) -> np.ndarray:
    """Numbers of the items that a query asks for, in order."""
    near = one.meeting(query.boxes)
    first, end = bisect_left(one.moments, query.first), bisect_right(one.moments, query.last)
    return near[(first <= near) & (near < end)]


def page_links(
    here: str, kind: str, parameters: Parameters, limit: int, offset: int, *, n_found: int
) -> list[dict[str, str]]:
    """Links to the page itself, the next one and the one before, with all that was asked for."""
    asked = {name: values[0] for name, values in parameters.items()}

    def page(start: int, rel: str, title: str) -> dict[str, str]:
        words = urlencode(asked | {"limit": str(limit), "offset": str(start)}, quote_via=quote, safe=",:/.")
        return link(f"{here}?{words}", rel, kind, title)

    words = urlencode(asked, quote_via=quote, safe=",:/.")
    links = [link(f"{here}?{words}" if words else here, "self", kind, "This page")]
    if offset + limit < n_found:
        links.append(page(offset + limit, "next", "The next page"))
    if offset > 0:
        links.append(page(max(0, offset - limit), "prev", "The page before"))
    return links


def item_page(asked: Asked, name: str, item_id: str) -> bytes:
    """One feature."""
    checked(asked.parameters)
    one = _collection(asked.shelf, name)
    item: Item | None = one.by_id.get(item_id)
    if item is None:
        raise RefusedError(404, f"no such feature in {one.id}")
    here = f"{asked.base}/collections/{one.id}"
    links = [
        link(f"{here}/items/{item.id}", "self", GEOJSON, "This feature"),
        link(here, "collection", JSON, TITLES[one.id][0]),
    ]
    return item.text[:-1] + b"," + compact(head_of(asked.shelf) | {"links": links})[1:]


def _collection(shelf: Shelf, name: str) -> Collection:
    if name not in shelf.collections:
        raise RefusedError(404, f"no such collection, wanted one of: {', '.join(shelf.collections)}")
    return shelf.collections[name]
