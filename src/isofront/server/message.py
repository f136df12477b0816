"""What goes over the line: a request, a response, a refusal, and the headers that every answer has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from isofront.server.shelf import Shelf

JSON, GEOJSON, PROBLEM = "application/json", "application/geo+json", "application/problem+json"
METHODS = ("GET", "HEAD")
MINUTE = "public, max-age=60, must-revalidate"
"""A minute at most, so that what is pulled is gone within one."""
NO_SCRIPT = "default-src 'none'; frame-ancestors 'none'"
_SHOWN = "ETag, Accept-Ranges, Content-Range, Content-Length, Content-Encoding, Retry-After, X-Isofront-Stamp"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: method, target (path and query as sent), and the headers that matter, in small letters."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of an open file, which whoever sends them closes."""

    handle: BinaryIO
    start: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent back; the body is in memory or part of a file."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    part: Part | None = None


class RefusedError(Exception):
    """An answer that is an error: its status, a sentence, headers, and what else the problem's record says."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: object) -> None:
        super().__init__(detail)
        self.status, self.headers, self.more = status, dict(headers or {}), more


def common_headers(shelf: Shelf) -> dict[str, str]:
    """Headers of every answer: a public one may be read from any page, a private one from none."""
    plain = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Content-Security-Policy": NO_SCRIPT,
        "X-Isofront-Stamp": shelf.stamp,
    }
    if not shelf.public:
        return plain | {"Cache-Control": "private, no-cache", "Cross-Origin-Resource-Policy": "same-origin"}
    return plain | {
        "Cache-Control": MINUTE,
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": _SHOWN,
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def is_known(request: Request, tag: str) -> bool:
    """Whether the client holds the bytes of an ETag already (RFC 9110, 13.1.2: compared weakly)."""
    tags = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    return tag in tags or "*" in tags


def accepted(request: Request, header: str, *wanted: str) -> float:
    """The weight (0 to 1) that `Accept` or `Accept-Encoding` gives the best of some words, by their own name."""
    found = 0.0
    for one in request.headers.get(header, "").split(","):
        name, *rest = (part.strip().lower() for part in one.split(";"))
        if name in wanted:
            found = max(found, _weight(rest))
    return found


def _weight(parameters: list[str]) -> float:
    for one in parameters:
        if one.startswith("q="):
            digits = one[2:]
            return min(1.0, float(digits)) if digits.replace(".", "", 1).isdecimal() and digits.isascii() else 0.0
    return 1.0
