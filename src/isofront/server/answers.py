"""A request in, a response out. Pure but for a published site's files; nothing here knows the time.

Every answer says what it is stamped and what the map is not for. What is asked for by a name that is not ours, by a
method that writes, or with a parameter that is not known is refused, and the refusal names the fault.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from isofront.server.features import Asked, collection_page, item_page, items_page
from isofront.server.files import file_of, sent, wants_page
from isofront.server.message import (
    GEOJSON,
    JSON,
    METHODS,
    PROBLEM,
    RefusedError,
    Request,
    Response,
    accepted,
    common_headers,
    is_known,
)  # fmt: skip
from isofront.server.names import Names
from isofront.server.pages import PAGES
from isofront.server.query import BadQueryError
from isofront.server.records import edition_page
from isofront.server.shelf import Shelf, compact
from isofront.server.site import File, Site

MOST_TARGET = 8000
LEAST_PACKED = 1400
"""Bytes: a smaller answer fits one packet as it is."""

_ABSOLUTE = re.compile(r"https?://([^/?#]*)", re.ASCII | re.IGNORECASE)
"""A target may be a whole address, as proxies send it (RFC 9112, 3.2.2)."""
_TITLE_OF = {
    400: "Bad request", 404: "Not found", 405: "Method not allowed", 410: "Withdrawn", 414: "Address too long",
    416: "Range not satisfiable", 421: "Misdirected request", 429: "Too many requests", 431: "Headers too large",
    500: "A fault in Isofront", 503: "Busy",
}  # fmt: skip


def answered(shelf: Shelf, request: Request, names: Names | None = None, site: Site | None = None) -> Response:
    """The answer to a request; whatever is asked, it is a plain answer and never a fault of ours.

    With a `site` its pages and files are answered too, and `shelf` is its own.
    """
    names = names or Names()
    files: Mapping[str, File] = {}
    if site is not None:
        snapshot = site.snapshot()
        shelf, files = snapshot.shelf, snapshot.files
    try:
        base = _base(request, names, anybody=shelf.public)
        if request.method == "OPTIONS" and shelf.public:
            return _preflight(shelf)
        if request.method not in METHODS:
            raise RefusedError(405, f"read-only: wanted {' or '.join(METHODS)}")
        path, query = _target(request.target, names)
        if site is not None and (found := file_of(shelf, files, path, request)) is not None:
            return sent(site, shelf, found, request)
        asked = Asked(shelf, base, path, _parameters(query), html=site is not None)
        kind, body = _body(asked)
        return _answer(shelf, request, kind, body, by_kind=site is not None and wants_page(path))
    except RefusedError as refused:
        return problem(shelf, refused.status, str(refused), refused.more, headers=refused.headers)
    except BadQueryError as fault:
        return problem(shelf, 400, str(fault), {"parameter": fault.parameter} if fault.parameter else {})


def problem(
    shelf: Shelf, status: int, detail: str, more: Mapping[str, object] | None = None, *,
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """An error as RFC 9457 has it: which fault, in `detail`; which parameter, where it is one's."""
    title = _TITLE_OF.get(status, "Error")
    record = {"type": "about:blank", "title": title, "status": status, "detail": detail} | dict(more or {})
    allow = {"Allow": ", ".join((*METHODS, "OPTIONS") if shelf.public else METHODS)} if status == 405 else {}
    about = {"Content-Type": PROBLEM, "Cache-Control": "no-store"}
    return Response(status, common_headers(shelf) | about | allow | dict(headers or {}), compact(record))


def _answer(shelf: Shelf, request: Request, kind: str, body: bytes, *, by_kind: bool) -> Response:
    """An answer, packed where the client takes that, or 304 where it holds the same already."""
    tag = hashlib.sha256(body).hexdigest()[:32]
    packed = len(body) >= LEAST_PACKED and accepted(request, "accept-encoding", "gzip")
    headers = common_headers(shelf) | {
        "Content-Type": kind,
        "ETag": f'"{tag}-gz"' if packed else f'"{tag}"',
        "Vary": "Accept, Accept-Encoding" if by_kind else "Accept-Encoding",
    }
    if is_known(request, headers["ETag"]):
        return Response(304, {name: value for name, value in headers.items() if name != "Content-Type"}, b"")
    if packed:
        return Response(200, headers | {"Content-Encoding": "gzip"}, gzip.compress(body, 5, mtime=0))
    return Response(200, headers, body)


def _preflight(shelf: Shelf) -> Response:
    """What a page elsewhere may ask of a public server: read, as much as it likes, and nothing else."""
    headers = {
        "Allow": ", ".join((*METHODS, "OPTIONS")),
        "Access-Control-Allow-Methods": ", ".join(METHODS),
        "Access-Control-Allow-Headers": "Range, If-None-Match, If-Range",
        "Access-Control-Max-Age": "600",
    }
    return Response(204, common_headers(shelf) | headers, b"")


def _base(request: Request, names: Names, *, anybody: bool) -> str:
    """The address that links begin with; refused where the request was meant for another name."""
    host = request.headers.get("host", "")
    # Whether we are up is asked by an address that nobody foresaw, and tells nothing.
    if names.knows(host) or (anybody and request.target.partition("?")[0] == "/healthz"):
        return names.base(host if names.knows(host) else "localhost")
    raise RefusedError(421, f"this server answers to {', '.join(names.hosts)} alone")


def _target(target: str, names: Names) -> tuple[str, str]:
    """The path, decoded, and the query as sent."""
    if len(target) > MOST_TARGET:
        raise RefusedError(414, f"wanted at most {MOST_TARGET} characters")
    whole = _ABSOLUTE.match(target)
    if whole and not names.knows(whole[1]):
        raise RefusedError(421, f"this server answers to {', '.join(names.hosts)} alone")
    target = target[whole.end() :] if whole else target
    try:
        split = urlsplit(target if target.startswith("/") else f"/{target}")
        path = urlsplit(f"//-{target}").path if target.startswith("//") else split.path
        return unquote(path, errors="strict"), split.query
    except (ValueError, UnicodeError) as fault:
        raise RefusedError(400, "an address that cannot be read") from fault


def _parameters(query: str) -> dict[str, list[str]]:
    try:
        return parse_qs(query, keep_blank_values=True, max_num_fields=50, errors="strict")
    except (ValueError, UnicodeError) as fault:
        raise RefusedError(400, "parameters that cannot be read") from fault


def _body(asked: Asked) -> tuple[str, bytes]:
    """The media type and the body that a path answers."""
    match tuple(part for part in asked.path.strip("/").split("/") if part):
        case ("collections", name, "items"):
            return GEOJSON, items_page(asked, name)
        case ("collections", name, "items", item):
            return GEOJSON, item_page(asked, name, item)
        case ("collections", name):
            return JSON, collection_page(asked, name)
        case ("editions", name):
            return JSON, edition_page(asked, name)
        case () | (_,) as one if make := PAGES.get(one[0] if one else ""):
            return make(asked)
    raise RefusedError(404, "no such page; / lists what there is")
