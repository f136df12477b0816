"""The files of a published site as answers: whole, in part, packed, not again, or withdrawn.

A range is answered of the plain file alone (RFC 9110, 14.2), so that offsets are those of the file that was published.
Of an edition's hashed files the bytes at an address never change, so they are `immutable`; but for a minute only,
because an edition can be pulled. A page's content policy is its own, said again as a header, if it is strict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from isofront.server.message import MINUTE, Part, RefusedError, Request, Response, accepted, common_headers, is_known
from isofront.server.shelf import Shelf
from isofront.server.site import File, Open, Site
from isofront.server.site_shelf import EDITIONS

LASTING = f"{MINUTE}, immutable"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_META = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([ !#-;=?-~]{1,4000})"', re.ASCII)
"""Of printable ASCII alone: what breaks a line would begin a header of its own."""
_LOOSE = re.compile(r"unsafe-|https?:|wss?:|\*", re.IGNORECASE)
STRICT = "default-src 'none'"
HEAD_BYTES = 16384
"""So far into a page its content policy is looked for."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where a page is."""

    to: str


def wants_page(path: str) -> bool:
    """Whether an address is both a page's and the API's, told apart by what the client prefers."""
    parts = path.strip("/").split("/")
    return path == "/" or (len(parts) == 2 and parts[0] == EDITIONS)


def file_of(shelf: Shelf, files: Mapping[str, File], path: str, request: Request) -> File | Redirect | None:
    """The file that an address names, exactly; None where it is none of the site's.

    Raises:
        RefusedError: it was withdrawn.
    """
    name = path[1:]
    if path == "/":
        return files.get("index.html") if _prefers_html(request) else None
    if path.endswith("/"):
        name += "index.html"
    parts = name.split("/")
    edition = shelf.edition.get(parts[1]) if parts[0] == EDITIONS and len(parts) > 1 else None
    if edition is not None and len(parts) == 2 and _prefers_html(request):
        return Redirect(f"{edition.id}/")
    if edition is not None and edition.pulled and len(parts) > 2 and name not in files:
        raise RefusedError(410, f"edition {edition.id} was withdrawn")
    return files.get(name)


def _prefers_html(request: Request) -> bool:
    """A browser says that it wants a page; who says nothing is a program."""
    page = accepted(request, "accept", "text/html", "application/xhtml+xml")
    return page > accepted(request, "accept", "application/json", "application/geo+json")


def sent(site: Site, shelf: Shelf, file: File | Redirect, request: Request) -> Response:
    """A file as the answer to a request.

    Raises:
        RefusedError: it is not there, or is not what was published.
    """
    if isinstance(file, Redirect):
        return Response(308, common_headers(shelf) | {"Location": file.to, "Vary": "Accept"})
    found = site.opened(file)
    if found is None:
        raise RefusedError(404, "no such page; / lists what there is")
    try:
        return _whole_or_part(site, shelf, file, found, request)
    except BaseException:
        found.handle.close()
        raise


def _whole_or_part(site: Site, shelf: Shelf, file: File, found: Open, request: Request) -> Response:
    headers = common_headers(shelf) | {"Content-Type": file.kind, "Vary": "Accept, Accept-Encoding"}
    headers["Cache-Control"] = "no-store" if file.gone else LASTING if file.lasting else MINUTE
    if file.kind.startswith("text/html"):
        headers |= _page_headers(found.handle)
    tag = f'"{found.sha256[:32]}"'
    asked = None if file.gone or request.method != "GET" else _range(request, tag, found.n_bytes)
    if asked is None and accepted(request, "accept-encoding", "gzip"):
        packed = site.packed(file, found.sha256, found.n_bytes)
        if packed is not None:
            found.handle.close()
            found, tag = packed, f'{tag[:-1]}-gz"'
            headers["Content-Encoding"] = "gzip"
    headers |= {"ETag": tag, "Accept-Ranges": "bytes"}
    if is_known(request, tag) and not file.gone:
        found.handle.close()
        return Response(304, {name: value for name, value in headers.items() if name != "Content-Type"})
    if asked is None:
        return Response(410 if file.gone else 200, headers, part=Part(found.handle, 0, found.n_bytes))
    start, end = asked
    if start >= end:
        found.handle.close()
        size = found.n_bytes
        raise RefusedError(416, f"wanted a range within {size} bytes", headers={"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.n_bytes}"
    return Response(206, headers, part=Part(found.handle, start, end - start))


def _range(request: Request, tag: str, n_bytes: int) -> tuple[int, int] | None:
    """The first byte asked for and the one after the last; None for all: no range, several, or of an older file."""
    found = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if found is None or not (found[1] or found[2]) or request.headers.get("if-range", tag) != tag:
        return None
    if not found[1]:
        last = int(found[2])
        return (max(0, n_bytes - last), n_bytes) if last else (n_bytes, n_bytes)
    start = int(found[1])
    if found[2] and int(found[2]) < start:
        return None
    return start, min(n_bytes, int(found[2]) + 1) if found[2] else n_bytes


def _page_headers(handle: BinaryIO) -> dict[str, str]:
    """The page's own content policy as a header; a page without a strict one may do nothing. Any site may embed it."""
    handle.seek(0)
    found = _META.search(handle.read(HEAD_BYTES))
    policy = found[1].decode("ascii") if found else STRICT
    if not policy.startswith(STRICT) or _LOOSE.search(policy):
        policy = STRICT
    return {
        "Content-Security-Policy": f"{policy.rstrip('; ')}; frame-ancestors *",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
