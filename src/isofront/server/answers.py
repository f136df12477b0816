"""A request in, a response out: landing page, conformance, collections, items, the API's own description, health.

Every answer says PRIVATE, and what the map is not for. Nothing here reads a file or knows the time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import numpy as np

from isofront.server.api import api_document
from isofront.server.query import BadQueryError, Query, checked, query_of
from isofront.server.shelf import TITLES, Collection, Item, Shelf, compact, utc

NOTICE = "Not for navigation, evacuation or targeting. PRIVATE: share none of it."
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMS = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "geojson")
)
JSON, GEOJSON, PROBLEM = "application/json", "application/geo+json", "application/problem+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
METHODS = ("GET", "HEAD")
MOST_TARGET = 8000
HOSTS = ("127.0.0.1", "localhost", "[::1]")

_HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://([^/?#]*)", re.ASCII | re.IGNORECASE)
"""A target may be a whole address, as proxies send it (RFC 9112, 3.2.2)."""
_TITLE_OF = {400: "Bad request", 404: "Not found", 405: "Method not allowed", 414: "Address too long",
             421: "Misdirected request"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: method, target (path and query as sent), and the headers that matter, in small letters."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _RefusedError(Exception):
    """An answer that is an error: its status and a sentence."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


def answered(shelf: Shelf, request: Request) -> Response:
    """The answer to a request; whatever is asked, it is a plain answer and never a fault of ours."""
    try:
        base = _base(request)
        path, parameters = _target(request.target)
        kind, body = _body(shelf, base, path, parameters)
    except _RefusedError as refused:
        return problem(shelf, refused.status, str(refused))
    except BadQueryError as fault:
        return problem(shelf, 400, str(fault))
    return _conditional(_response(200, kind, body, stamp=shelf.stamp), request)


def problem(shelf: Shelf, status: int, detail: str) -> Response:
    """An error as RFC 9457 has it."""
    record = {"type": "about:blank", "title": _TITLE_OF.get(status, "Error"), "status": status, "detail": detail}
    response = _response(status, PROBLEM, compact(record), stamp=shelf.stamp)
    if status != 405:
        return response
    return Response(status, {**response.headers, "Allow": ", ".join(METHODS)}, response.body)


def _response(status: int, kind: str, body: bytes, *, stamp: str) -> Response:
    headers = {"Content-Type": kind, **_HEADERS, "X-Isofront-Stamp": stamp}
    if status == 200:
        headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Response(status, headers, body)


def _conditional(response: Response, request: Request) -> Response:
    """304 where the client holds the same bytes already."""
    known = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    if response.headers.get("ETag") in tags or "*" in tags:
        kept = {name: value for name, value in response.headers.items() if name != "Content-Type"}
        return Response(304, kept, b"")
    return response


def _base(request: Request) -> str:
    """The address that links begin with; refused where the request was meant for another machine's name."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise _RefusedError(421, f"this server answers to {', '.join(HOSTS)} alone")
    if request.method not in METHODS:
        raise _RefusedError(405, f"read-only: wanted {' or '.join(METHODS)}")
    return f"http://{host.lower()}"


def _target(target: str) -> tuple[tuple[str, ...], dict[str, list[str]]]:
    """The path's parts and the query's parameters."""
    if len(target) > MOST_TARGET:
        raise _RefusedError(414, f"wanted at most {MOST_TARGET} characters")
    whole = _ABSOLUTE.match(target)
    if whole and not _HOST.fullmatch(whole[1]):
        raise _RefusedError(421, f"this server answers to {', '.join(HOSTS)} alone")
    target = target[whole.end() :] if whole else target
    try:
        split = urlsplit(target if target.startswith("/") else f"/{target}")
        parameters = parse_qs(split.query, keep_blank_values=True, max_num_fields=50, errors="strict")
        path = unquote(urlsplit(f"//-{target}").path if target.startswith("//") else split.path, errors="strict")
    except (ValueError, UnicodeError) as fault:
        raise _RefusedError(400, "an address that cannot be read") from fault
    return tuple(part for part in path.strip("/").split("/") if part), parameters


Answer = tuple[str, bytes]


def _body(shelf: Shelf, base: str, path: tuple[str, ...], parameters: dict[str, list[str]]) -> Answer:
    match path:
        case ("collections", name, "items"):
            return _items(shelf, base, _collection(shelf, name), query_of(parameters), parameters)
        case ("collections", name, "items", item):
            checked(parameters)
            return _item(shelf, base, _collection(shelf, name), item)
        case ("collections", name):
            checked(parameters)
            return JSON, compact(_about(base, _collection(shelf, name)))
        case (_,) | ():
            checked(parameters)
            if make := _PAGES.get(path[0] if path else ""):
                return make(shelf, base)
    raise _RefusedError(404, "no such page; / lists what there is")


def _collection(shelf: Shelf, name: str) -> Collection:
    if name not in shelf.collections:
        raise _RefusedError(404, f"no such collection, wanted one of: {', '.join(shelf.collections)}")
    return shelf.collections[name]


# Pages


def _landing(shelf: Shelf, base: str) -> Answer:
    links = [
        link(f"{base}/", "self", JSON, "This page"),
        link(f"{base}/api", "service-desc", OPENAPI, "What can be asked, as OpenAPI"),
        link(f"{base}/conformance", "conformance", JSON, "What this server conforms to"),
        link(f"{base}/collections", "data", JSON, "The collections"),
    ]
    about = {"title": f"Isofront: {shelf.title}", "description": f"{shelf.stamp}. {NOTICE}", "links": links}
    return JSON, compact(about | {"stamp": shelf.stamp, "notice": NOTICE})


def _conformance(shelf: Shelf, base: str) -> Answer:
    return JSON, compact({"conformsTo": list(CONFORMS)})


def _collections(shelf: Shelf, base: str) -> Answer:
    return JSON, compact(
        {
            "links": [link(f"{base}/collections", "self", JSON, "The collections")],
            "collections": [_about(base, one) for one in shelf.collections.values()],
        }
    )


def _api(shelf: Shelf, base: str) -> Answer:
    return OPENAPI, compact(api_document(shelf, base, notice=NOTICE))


def _health(shelf: Shelf, base: str) -> Answer:
    n_items = sum(len(one.items) for one in shelf.collections.values())
    counts = {"collections": len(shelf.collections), "items": n_items, "days": len(shelf.days)}
    return JSON, compact({"status": "ok", "stamp": shelf.stamp} | counts)


_PAGES: Mapping[str, Callable[[Shelf, str], Answer]] = {
    "": _landing,
    "conformance": _conformance,
    "collections": _collections,
    "api": _api,
    "healthz": _health,
}


def _about(base: str, one: Collection) -> dict[str, Any]:
    title, sentence = TITLES[one.id]
    here = f"{base}/collections/{one.id}"
    first, last = one.span
    return {
        "id": one.id,
        "title": title,
        "description": f"{sentence}. {NOTICE}",
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


# Features


def _items(shelf: Shelf, base: str, one: Collection, query: Query, parameters: Mapping[str, Sequence[str]]) -> Answer:
    found = selected(one, query)
    page = found[query.offset : query.offset + query.limit]
    here = f"{base}/collections/{one.id}"
    head = {
        "type": "FeatureCollection",
        "stamp": shelf.stamp,
        "notice": NOTICE,
        "numberMatched": len(found),
        "numberReturned": len(page),
        "links": [
            *_page_links(f"{here}/items", query, parameters, n_found=len(found)),
            link(here, "collection", JSON, TITLES[one.id][0]),
        ],
    }
    features = b",\n".join(one.items[int(number)].text for number in page)
    return GEOJSON, compact(head)[:-1] + b',"features":[\n' + features + b"\n]}"


def selected(one: Collection, query: Query) -> np.ndarray:
    """Numbers of the items that a query asks for, in order."""
    near = one.meeting(query.boxes)
    return np.array([k for k in near if query.first <= one.items[int(k)].moment <= query.last], dtype=np.int64)


def _page_links(
    here: str, query: Query, parameters: Mapping[str, Sequence[str]], *, n_found: int
) -> list[dict[str, str]]:
    asked = {name: values[0] for name, values in parameters.items()}

    def page(offset: int, rel: str, title: str) -> dict[str, str]:
        words = urlencode(asked | {"limit": str(query.limit), "offset": str(offset)}, quote_via=quote, safe=",:/.")
        return link(f"{here}?{words}", rel, GEOJSON, title)

    words = urlencode(asked, quote_via=quote, safe=",:/.")
    links = [link(f"{here}?{words}" if words else here, "self", GEOJSON, "This page")]
    if query.offset + query.limit < n_found:
        links.append(page(query.offset + query.limit, "next", "The next page"))
    if query.offset > 0:
        links.append(page(max(0, query.offset - query.limit), "prev", "The page before"))
    return links


def _item(shelf: Shelf, base: str, one: Collection, name: str) -> Answer:
    item: Item | None = one.by_id.get(name)
    if item is None:
        raise _RefusedError(404, f"no such feature in {one.id}")
    here = f"{base}/collections/{one.id}"
    links = [
        link(f"{here}/items/{item.id}", "self", GEOJSON, "This feature"),
        link(here, "collection", JSON, TITLES[one.id][0]),
    ]
    more = {"links": links, "notice": NOTICE, "stamp": shelf.stamp}
    return GEOJSON, item.text[:-1] + b"," + compact(more)[1:]


def link(href: str, rel: str, kind: str, title: str) -> dict[str, str]:
    """A link as OGC API writes it."""
    return {"href": href, "rel": rel, "type": kind, "title": title}
