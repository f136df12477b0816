"""The user's own imagery under the map: a tile address, or a file on this machine. Off until it is turned on.

What is known of them lies in the theatre's private folder; which one is shown is kept while the desk is open and no
longer. Only while a tile address is turned on does the page's content policy name its host, and only that; a file's
tiles come from the desk itself.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import msgspec

from isofront.desk.desk import Desk
from isofront.desk.routing import NotFoundError, Request, Route
from isofront.desk.tiles import FORMATS, Tiles, open_tiles, picture_kind
from isofront.desk.ukrainian import both
from isofront.errors import BadInputError, UsageError
from isofront.ground.files import write_atomically

TILES = "/background/"
"""Where the desk serves tiles of local files: `/background/{id}/{z}/{x}/{y}`."""
FILE = "backgrounds.json"
SHOWN = "background"
MOST = 30
_HOLE = re.compile(r"\{(z|x|y|-y|s)\}")
_SWITCH = re.compile(r"\{(?:switch:([a-z0-9,]+)|s)\}")
_WMTS = {"tilematrix": "z", "tilecol": "x", "tilerow": "y"}


class Background(msgspec.Struct, frozen=True, omit_defaults=True):
    """A background as it is kept: its name, and an address with {z}, {x}, {y}, or a file's path."""

    id: str
    name: str
    address: str = ""
    path: str = ""
    credit: str = ""
    max_zoom: int = 19


class _Asked(msgspec.Struct, forbid_unknown_fields=True):
    address: str
    name: str = ""
    credit: str = ""
    max_zoom: int = 19


class _Shown(msgspec.Struct, forbid_unknown_fields=True):
    id: str | None = None


def backgrounds(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/backgrounds`: what is known, and which is shown; nothing is asked of any other machine."""
    told = [_told(one) for one in kept(desk)]
    return {"backgrounds": told, "shown": desk.memory.get(SHOWN), "formats": FORMATS}


def _told(one: Background) -> dict[str, Any]:
    about: dict[str, Any] = {"id": one.id, "name": one.name, "credit": one.credit, "fault": None}
    if one.address:
        remote = {"kind": "address", "host": ", ".join(urlsplit(origin).netloc for origin in origins_of(one.address))}
        return about | remote | {"tiles": urls_of(one.address), "scheme": scheme_of(one.address), "min_zoom": 0,
                                 "max_zoom": one.max_zoom, "bounds": None}  # fmt: skip
    try:
        tiles = _open(one.path, Path(one.path).stat().st_mtime_ns)
    except (BadInputError, OSError) as fault:
        return about | {"kind": "file", "host": None, "fault": str(fault), "said": both(str(fault)), "tiles": []}
    return about | {
        "kind": tiles.kind, "host": None, "tiles": [f"{TILES}{one.id}/{{z}}/{{x}}/{{y}}"], "scheme": "xyz",
        "min_zoom": tiles.min_zoom, "max_zoom": tiles.max_zoom, "bounds": tiles.bounds,
        "credit": one.credit or tiles.credit[:200],
    }  # fmt: skip


@lru_cache(maxsize=16)
def _open(path: str, changed: int) -> Tiles:
    """A file's tiles; `changed` is when it was, so that another file under its name is another."""
    return open_tiles(Path(path))


def kept(desk: Desk) -> tuple[Background, ...]:
    """The backgrounds that the user told of.

    Raises:
        BadInputError: the list was spoilt.
    """
    path = desk.private / FILE
    if not path.exists():
        return ()
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Background, ...])
    except msgspec.MsgspecError as fault:
        raise BadInputError(f"{path.name}: cannot be read ({fault}); remove it to begin anew") from fault


def _keep(desk: Desk, some: tuple[Background, ...]) -> None:
    write_atomically(desk.private / FILE, msgspec.json.encode(some), private=True)


def add(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/backgrounds` `{address, name, credit, max_zoom}`: a tile address, or a file's path."""
    asked = request.read(_Asked)
    text = _path_of(asked.address.strip())
    named = hashlib.sha256(text.encode()).hexdigest()[:10]
    if "://" in text:
        address = checked_address(text)
        host = urlsplit(origins_of(address)[0]).netloc
        one = Background(named, asked.name.strip()[:80] or host, address, "", asked.credit[:200], _zoom(asked.max_zoom))
    else:
        path = Path(text).expanduser()
        path = path if path.is_absolute() else desk.folder / path
        tiles = open_tiles(path)
        name = asked.name.strip()[:80] or tiles.name[:80]
        one = Background(named, name, "", str(path.resolve()), asked.credit[:200])
    others = tuple(other for other in kept(desk) if other.id != one.id)
    if len(others) >= MOST:
        raise UsageError(f"{MOST} backgrounds are kept already, remove one first")
    _keep(desk, (*others, one))
    return _told(one)


def _path_of(text: str) -> str:
    """A `file:` address as the path it means; other addresses as they are."""
    parts = urlsplit(text)
    return url2pathname(parts.path) if parts.scheme == "file" and parts.netloc in ("", "localhost") else text


def _zoom(zoom: int) -> int:
    if not 1 <= zoom <= 24:
        raise UsageError(f"max_zoom {zoom}, wanted 1 to 24")
    return zoom


def remove(desk: Desk, request: Request) -> dict[str, Any]:
    """`DELETE /api/backgrounds/{id}`: forget it; the file itself is not touched."""
    one = _named(desk, request.holes["id"])
    _keep(desk, tuple(other for other in kept(desk) if other.id != one.id))
    if desk.memory.get(SHOWN) == one.id:
        _show(desk, None)
    return {"id": one.id}


def show(desk: Desk, request: Request) -> dict[str, Any]:
    """`PUT /api/backgrounds/shown` `{id}`: one on, or (null) all off. `reload`: load the page again first."""
    wanted = request.read(_Shown).id
    before = desk.tile_origins
    _show(desk, None if wanted is None else _named(desk, wanted))
    return {"shown": desk.memory.get(SHOWN), "reload": desk.tile_origins != before}


def _show(desk: Desk, one: Background | None) -> None:
    desk.memory[SHOWN] = None if one is None else one.id
    desk.tile_origins = origins_of(one.address) if one is not None and one.address else ()


def _named(desk: Desk, name: str) -> Background:
    for one in kept(desk):
        if one.id == name:
            return one
    raise NotFoundError("no such background")


# Addresses


def checked_address(text: str) -> str:
    """A tile address with {z}, {x}, {y} (or {-y}); WMTS's own names are read as these.

    Raises:
        UsageError: it is none, or would go over an open line.
    """
    if re.search(r"[\s\x00-\x1f]", text):
        raise UsageError(f"address: {text[:80]!r} names no server with its blanks, wanted %20 for a blank")
    address = re.sub(r"\{(\w+)\}", lambda hole: f"{{{_WMTS.get(hole[1].lower(), hole[1])}}}", text)
    if re.search(r"request=getcapabilities|wmtscapabilities\.xml", address, re.IGNORECASE):
        raise UsageError(
            "this is a list of layers, wanted a layer's tile address with {TileMatrix}, {TileRow}, {TileCol}"
        )
    holes = set(_HOLE.findall(address))
    if not ({"z", "x"} <= holes and len(holes & {"y", "-y"}) == 1):
        raise UsageError("address: wanted one with {z}, {x} and {y}, like https://tiles.example/{z}/{x}/{y}.png")
    if left := re.findall(r"\{[^}]*\}", _SWITCH.sub("", _HOLE.sub("", address))):
        raise UsageError(f"address: {left[0][:40]} is not known, wanted {{z}}, {{x}}, {{y}}")
    for origin in origins_of(address):
        _refuse_open_line(origin)
    return address


def _refuse_open_line(origin: str) -> None:
    parts = urlsplit(origin)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_near(parts.hostname or "")):
        return
    raise UsageError(f"{origin[:80]}: others on the way would see where you look, wanted https")


def _is_near(host: str) -> bool:
    """Whether a host is this machine or one of this network."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def urls_of(address: str) -> list[str]:
    """The address for each of its servers ({s} is a, b, c; {switch:1,2} is 1, 2), as the page's map wants it."""
    told = _SWITCH.search(address)
    if told is None:
        return [address.replace("{-y}", "{y}")]
    servers = (told[1] or "a,b,c").split(",")
    return [_SWITCH.sub(server, address).replace("{-y}", "{y}") for server in servers]


def scheme_of(address: str) -> str:
    """Whether rows are counted from the south (tms) or the north (xyz)."""
    return "tms" if "{-y}" in address else "xyz"


def origins_of(address: str) -> tuple[str, ...]:
    """The hosts an address leads to, exactly: what the content policy is widened by.

    Raises:
        UsageError: it leads to none.
    """
    found = []
    for url in urls_of(address):
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not re.fullmatch(r"[a-z0-9.\-]+", host) or parts.username:
            raise UsageError(f"address: {url[:80]!r} names no server")
        try:
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            raise UsageError(f"address: {url[:80]!r} has no port of that number") from None
        found.append(f"{parts.scheme}://{host}{port}")
    return tuple(dict.fromkeys(found))


# Tiles


def tile(desk: Desk, path: str) -> tuple[str, bytes] | None:
    """The media type and bytes of a tile of the background that is shown; None where there is none.

    Raises:
        NotFoundError: no such background, it is not shown, or no such tile can be.
        BadInputError: the file is damaged.
    """
    parts = path.removeprefix(TILES).split("/")
    if len(parts) != 4 or not all(re.fullmatch(r"[0-9]{1,8}", part, re.ASCII) for part in parts[1:]):
        raise NotFoundError("wanted /background/{id}/{z}/{x}/{y}")
    one, (z, x, y) = _named(desk, parts[0]), (int(part) for part in parts[1:])
    if desk.memory.get(SHOWN) != one.id or one.address:
        raise NotFoundError("this background is turned off")
    if z > 24 or x >= 1 << z or y >= 1 << z:
        raise NotFoundError("no such tile")
    try:
        content = _open(one.path, Path(one.path).stat().st_mtime_ns).tile(z, x, y)
    except OSError as fault:
        raise BadInputError(f"{Path(one.path).name}: cannot be read ({fault.strerror or fault})") from fault
    return None if not content else (picture_kind(content), content)


ROUTES = (
    Route("GET", "/api/backgrounds", backgrounds),
    Route("POST", "/api/backgrounds", add),
    Route("PUT", "/api/backgrounds/shown", show),
    Route("DELETE", "/api/backgrounds/{id}", remove),
)
