"""Map links and geo: addresses, read from their text alone: nothing is opened, so nobody learns what is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from isofront.ground.degrees import M_PER_DEGREE
from isofront.ground.grid import Bounds
from isofront.ground.written_angles import read_angles
from isofront.ground.written_spot import UnreadSpot, Written, WrittenSpot

LINK = re.compile(r"(?:https?://|geo:)[^\s<>\"`{}|\\^]+|(?<![\w@/.])www\.[^\s<>\"`{}|\\^]+", re.IGNORECASE)
MOST_CHARS = 4000
"""Only this much of a longer link is looked at."""

SHORT = re.compile(
    r"(?:maps\.app\.goo\.gl|goo\.gl|g\.co|maps\.apple|binged\.it|bit\.ly|t\.co|tinyurl\.com|clck\.ru|g\.page)$"
)
_SHORT_PATHS = (("openstreetmap.org", "/go/"), ("osm.org", "/go/"), ("yandex", "/maps/-/"), ("maps.apple.com", "/p/"))
WHY_SHORT = (
    "a short link tells no place by itself, and opening it would tell its maker who looks; "
    "open it in a browser and paste the long address"
)

_NUMBER = r"[-−]?\d{1,3}(?:\.\d+)?"
_PIN = re.compile(rf"!3d(?P<lat>{_NUMBER})!4d(?P<lon>{_NUMBER})")
_VIEW = re.compile(rf"/@(?P<lat>{_NUMBER}),(?P<lon>{_NUMBER})")
_HASH = re.compile(rf"(?:^|[=/&])\d{{1,2}}(?:\.\d+)?/(?P<lat>{_NUMBER})/(?P<lon>{_NUMBER})")
_GEO = re.compile(rf"geo:(?P<lat>{_NUMBER}),(?P<lon>{_NUMBER})", re.IGNORECASE)
_TWO = re.compile(rf"(?:loc:)?(?P<a>{_NUMBER})\s*[,~_ ]\s*(?P<b>{_NUMBER})(?:$|[,_;(\s])")

_PINS = ("mlat", "q", "query", "destination", "daddr", "coordinate", "pt", "whatshere[point]", "sp", "where1", "text")
_VIEWS = ("ll", "center", "cp", "sll", "viewpoint")
_LON_FIRST = {"ll", "pt", "whatshere[point]"}
"""Parameters of Yandex links that put longitude first (its search text has latitude first all the same)."""


def read_link(link: str, *, bounds: Bounds) -> Written | None:
    """The spot a link names; None where it is no map link."""
    link = link[:MOST_CHARS]
    if link.lower().startswith("geo:"):
        return _geo(link, bounds=bounds)
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    if is_short(host, parts.path):
        return UnreadSpot(link, WHY_SHORT)
    query = dict(parse_qsl(parts.query, keep_blank_values=False, max_num_fields=None))
    query |= dict(parse_qsl(parts.fragment)) if "=" in parts.fragment else {}
    yandex = "yandex." in host
    if not (yandex or _is_map(host, parts.path, parts.fragment)):
        return None
    found = next(_spots(link, parts.path, parts.fragment, query, yandex=yandex, bounds=bounds), None)
    return found or UnreadSpot(link, "a map link without coordinates in it; paste the coordinates themselves")


def is_short(host: str, path: str) -> bool:
    """Whether a link tells its place only to whom it leads on."""
    if SHORT.search(host) and not (host == "maps.apple.com" or (host == "goo.gl" and not path.startswith("/maps"))):
        return host not in ("bit.ly", "t.co", "tinyurl.com", "clck.ru")
    return any(name in host and path.startswith(start) for name, start in _SHORT_PATHS)


def _is_map(host: str, path: str, fragment: str) -> bool:
    google = re.fullmatch(r"(?:maps\.)?google\.[a-z.]{2,6}|earth\.google\.com", host) is not None
    if google and (host.startswith(("maps.", "earth.")) or path.startswith("/maps") or "@" in path):
        return True
    names = ("openstreetmap.org", "osm.org", "maps.apple.com", "wikimapia.org")
    if any(host == name or host.endswith("." + name) for name in names):
        return True
    return (host.endswith("bing.com") and path.startswith("/maps")) or _HASH.search(fragment) is not None


def _spots(
    link: str, path: str, fragment: str, query: dict[str, str], *, yandex: bool, bounds: Bounds
) -> Iterator[WrittenSpot]:
    """What a map link says of spots, pins first."""
    pins = list(_PIN.finditer(unquote(path)))
    if pins:
        yield _spot(pins[-1]["lat"], pins[-1]["lon"], link)
    if "mlat" in query and "mlon" in query:
        yield from _checked(query["mlat"], query["mlon"], link)
    for name in _PINS:
        yield from _named(query.get(name, ""), link, lon_first=yandex and name in _LON_FIRST, bounds=bounds)
    place = re.search(r"/(?:place|search|dir)/([^/@]+)", path)
    if place:
        yield from _named(unquote_plus(place[1]), link, lon_first=False, bounds=bounds)
    if "lat" in query and "lon" in query:
        yield from _checked(query["lat"], query["lon"], link, pin=False)
    for name in _VIEWS:
        told = _named(query.get(name, ""), link, lon_first=yandex and name in _LON_FIRST, bounds=bounds)
        yield from (_view(spot) for spot in told)
    for pattern, text in ((_VIEW, unquote(path)), (_HASH, fragment), (_HASH, path)):
        if seen := pattern.search(text):
            yield from _checked(seen["lat"], seen["lon"], link, pin=False)


def _view(spot: WrittenSpot) -> WrittenSpot:
    return WrittenSpot(spot.lon, spot.lat, spot.form, spot.text, spot.half_m, _MIDDLE, pin=False)


_MIDDLE = "the middle of what the link's map showed, not a pin"


def _named(text: str, link: str, *, lon_first: bool, bounds: Bounds) -> Iterator[WrittenSpot]:
    text = text.removeprefix("point.").strip()
    pair = _TWO.match(text)
    if pair is not None:
        lat, lon = (pair["b"], pair["a"]) if lon_first else (pair["a"], pair["b"])
        yield from _checked(lat, lon, link)
        return
    for _, _, spot in read_angles(text, bounds=bounds):
        if isinstance(spot, WrittenSpot):
            yield WrittenSpot(spot.lon, spot.lat, "map link", link, spot.half_m)


def _checked(lat: str, lon: str, link: str, *, pin: bool = True) -> Iterator[WrittenSpot]:
    try:
        spot = _spot(lat, lon, link, pin=pin)
    except ValueError:
        return
    if abs(spot.lat) <= 90 and abs(spot.lon) <= 180:
        yield spot


def _spot(lat: str, lon: str, link: str, *, pin: bool = True) -> WrittenSpot:
    lat, lon = lat.replace("−", "-"), lon.replace("−", "-")
    decimals = min(len(lat.partition(".")[2]), len(lon.partition(".")[2]))
    half_m = 0.5 * 10.0**-decimals * M_PER_DEGREE
    return WrittenSpot(float(lon), float(lat), "map link", link, half_m, "" if pin else _MIDDLE, pin=pin)


def _geo(link: str, *, bounds: Bounds) -> Written:
    """RFC 5870; Android adds `?q=lat,lon(label)` to `geo:0,0`."""
    asked = dict(parse_qsl(urlsplit(link).query)).get("q", "")
    named = next(_named(asked, link, lon_first=False, bounds=bounds), None)
    found = _GEO.match(link)
    if named is None and found is not None:
        named = next(_checked(found["lat"], found["lon"], link), None)
    return named or UnreadSpot(link, "a geo: address without coordinates")
