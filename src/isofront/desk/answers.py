"""A request in, a response out: the walls, the page's files, the routes, and errors as problem+json."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from isofront.desk import backgrounds
from isofront.desk.access import API, Door, opens, refusal
from isofront.desk.assets import FILES, asset
from isofront.desk.desk import Desk
from isofront.desk.routing import NotFoundError, Request
from isofront.desk.table import ROUTES
from isofront.desk.ukrainian import both
from isofront.desk.workshop import NotYet
from isofront.errors import BadInputError, IntegrityError, IsofrontError, UsageError
from isofront.sources.pseudonyms import Pseudonyms

JSON, PROBLEM = "application/json", "application/problem+json"
MOST_BYTES = 64_000_000
"""A longer body is refused before it is read."""
MOST_TARGET = 8000
_ORIGIN = re.compile(r"https?://[a-z0-9.*\-\[\]:]+", re.ASCII | re.IGNORECASE)

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotFoundError, 404),
    (UsageError, 400),
    (BadInputError, 422),
    (IntegrityError, 500),
    (IsofrontError, 409),
    (msgspec.MsgspecError, 400),
)
"""What each kind of fault is to a browser; the first that fits."""


@dataclass(frozen=True, slots=True)
class Received:
    """What came over the port; header names in small letters."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent back."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def answered(desk: Desk, door: Door, received: Received) -> Response:
    """The answer to a request; whatever is asked, it is an answer."""
    if len(received.target) > MOST_TARGET:
        return problem(desk, 414, f"an address of {len(received.target)} characters, wanted {MOST_TARGET} at most")
    try:
        split = urlsplit(received.target)
        query = dict(parse_qsl(split.query, keep_blank_values=True, max_num_fields=50))
    except ValueError:
        return problem(desk, 400, "an address that cannot be read")
    return _let_in(desk, door, received, split.path, query)


def _let_in(desk: Desk, door: Door, received: Received, path: str, query: dict[str, str]) -> Response:
    """What lies behind the walls: the page, its pictures, the routes."""
    if entered := _entering(desk, door, received, path, query):
        return entered
    if refused := refusal(door, path, received.headers):
        return problem(desk, *refused)
    if path.startswith(backgrounds.TILES):
        return _tile(desk, received.method, path)
    if not path.startswith(API):
        return _page(desk, received.method, path)
    return _routed(desk, received, path, query)


def turned_away(desk: Desk, door: Door, received: Received) -> Response | None:
    """The answer to a request that is refused whatever its body holds: nobody else's is read."""
    refused = refusal(door, received.target.partition("?")[0], received.headers)
    return problem(desk, *refused) if refused else None


def _entering(desk: Desk, door: Door, received: Received, path: str, query: dict[str, str]) -> Response | None:
    """The printed address: its token becomes a cookie and leaves the address line, and with it the history."""
    if path != "/" or received.method != "GET" or not opens(door, query.get("token", "")):
        return None
    headers = {**received.headers, "authorization": f"Bearer {door.token}"}
    from_file = headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") == "navigate"
    refused = refusal(door, path, headers | ({"sec-fetch-site": "none"} if from_file else {}))
    if refused is not None:
        return problem(desk, *refused)
    entered = _headers(desk) | {"Set-Cookie": door.set_cookie}
    if from_file:  # a strict cookie is not sent along a redirect that began elsewhere, but by our own page's first step
        return Response(200, entered | {"Content-Type": "text/plain", "Refresh": "0; url=/"}, b"PRIVATE")
    return Response(303, entered | {"Location": "/"})


def _page(desk: Desk, method: str, path: str) -> Response:
    """A file of the page."""
    if method not in ("GET", "HEAD"):
        return problem(desk, 405, f"{method} {path}: wanted GET")
    if path not in FILES:
        return problem(desk, 404, "no such page; / is the desk")
    try:
        kind, body = asset(path)
    except IsofrontError as fault:
        return problem(desk, 500, str(fault))
    return Response(200, _headers(desk) | {"Content-Type": kind}, body)


def _tile(desk: Desk, method: str, path: str) -> Response:
    """A picture of the user's own imagery; 204 where the file has none."""
    if method not in ("GET", "HEAD"):
        return problem(desk, 405, f"{method}: wanted GET")
    try:
        found = backgrounds.tile(desk, path)
    except IsofrontError as fault:
        return problem(desk, 404 if isinstance(fault, NotFoundError) else 422, str(fault))
    if found is None:
        return Response(204, _headers(desk))
    return Response(200, _headers(desk) | {"Content-Type": found[0]}, found[1])


def _routed(desk: Desk, received: Received, path: str, query: dict[str, str]) -> Response:
    parts = tuple(unquote(part) for part in path.strip("/").split("/"))
    met = ((route, route.holes(received.method, parts)) for route in ROUTES)
    meant = next(((route, holes) for route, holes in met if holes is not None), None)
    if meant is not None:
        route, holes = meant
        return _told(desk, lambda: route.answer(desk, _request(desk, received, path, holes, query)))
    others = sorted({route.method for route in ROUTES if route.holes(route.method, parts) is not None})
    if others:
        return problem(desk, 405, f"{received.method}: wanted {' or '.join(others)}")
    return problem(desk, 404, "no such route")


def _request(desk: Desk, received: Received, path: str, holes: dict[str, str], query: dict[str, str]) -> Request:
    """What a function is told, without the names that the theatre replaces: what never reads them keeps none."""
    content = Pseudonyms.of(desk.folder).content(received.content)
    return Request(received.method, path, holes, query, content)


def _told(desk: Desk, answer: Any) -> Response:
    """What the function returns as JSON; what it raises as a problem; work that goes on as 202."""
    try:
        return _json(desk, 200, answer())
    except NotYet as wait:
        told = {"pending": {"name": wait.name, "said": wait.said, "seconds": round(wait.seconds, 1)}}
        return _json(desk, 202, told)
    except tuple(kind for kind, _ in _STATUS) as fault:
        return problem(desk, next(status for kind, status in _STATUS if isinstance(fault, kind)), str(fault))


def _json(desk: Desk, status: int, value: object) -> Response:
    return Response(status, _headers(desk) | {"Content-Type": JSON}, msgspec.json.encode(value))


def problem(desk: Desk, status: int, detail: str) -> Response:
    """An error as RFC 9457 has it, and its sentence in each language of the page."""
    words = {"detail": detail, "said": both(detail)}
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status} | words
    return Response(status, _headers(desk) | {"Content-Type": PROBLEM}, msgspec.json.encode(told))


def policy(origins: tuple[str, ...] = ()) -> str:
    """The content policy: our own files alone, and pictures from origins that the user turned on."""
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise UsageError(f"{origin[:80]!r} is no origin, wanted https://name")
    tiles = "".join(f" {origin}" for origin in origins)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "worker-src blob:",
            f"img-src 'self' data: blob:{tiles}",
            f"connect-src 'self' data: blob:{tiles}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _headers(desk: Desk) -> dict[str, str]:
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy(desk.tile_origins),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Isofront-Stamp": "PRIVATE",
    }
