"""The feeds over a site's editions: JSON Feed 1.1 and Atom, newest first; corrections and withdrawals are lines too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree

from isofront.publish.geojson import readable_bytes
from isofront.publish.public_map import NOT_FOR

if TYPE_CHECKING:
    from isofront.publish.site import Told

ATOM = "http://www.w3.org/2005/Atom"


def feed_bytes(title: str, told: Sequence[Told], *, address: str = "") -> bytes:
    """JSON Feed: one item an edition. `address` is where the site lies; without it addresses are relative to it."""
    items = [
        {
            "id": _id(title, one),
            "url": _in(address, one.path),
            "title": headline(one),
            "content_text": _text(one),
            "date_published": _at(one),
            "date_modified": _updated(one),
            "tags": [one.state, *(["SIMULATED"] if one.simulated else [])],
        }
        for one in _newest_first(told)
    ]
    about = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "description": NOT_FOR,
        "feed_url": _in(address, "feed.json"),
    }
    return readable_bytes(about | {"home_page_url": _in(address, "index.html"), "items": items})


def atom_bytes(title: str, told: Sequence[Told], *, address: str = "") -> bytes:
    """The same as Atom (RFC 4287)."""
    feed = ElementTree.Element("feed", {"xmlns": ATOM})
    _put(feed, "title", title)
    _put(feed, "subtitle", NOT_FOR)
    _put(feed, "id", f"urn:isofront:{quote(title, safe='')}")
    _put(feed, "updated", max(map(_updated, told), default="1970-01-01T00:00:00Z"))
    _put(ElementTree.SubElement(feed, "author"), "name", title)
    ElementTree.SubElement(feed, "link", {"rel": "self", "href": _in(address, "feed.atom")})
    for one in _newest_first(told):
        entry = ElementTree.SubElement(feed, "entry")
        _put(entry, "title", headline(one))
        _put(entry, "id", _id(title, one))
        _put(entry, "published", _at(one))
        _put(entry, "updated", _updated(one))
        ElementTree.SubElement(entry, "link", {"href": _in(address, one.path)})
        _put(entry, "summary", _text(one))
    body: bytes = ElementTree.tostring(feed, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body + b"\n"


def headline(one: Told) -> str:
    """An edition in one line."""
    simulated = "SIMULATED: " if one.simulated else ""
    if one.state == "pulled":
        return f"{simulated}Withdrawn: the map as of {one.as_of[:10]}"
    if one.corrects is not None:
        return f"{simulated}Correction of {one.corrects}: the map as of {one.as_of[:10]}"
    return f"{simulated}The map as of {one.as_of[:10]}"


def _in(address: str, path: str) -> str:
    """A file's address: whole if it is known where the site lies, else relative to the site."""
    return f"{address.rstrip('/')}/{path}" if address else path


def _at(one: Told) -> str:
    """When its line is news: a withdrawal is news when it happens, however old the edition."""
    return one.pulled_at or one.made_at


def _updated(one: Told) -> str:
    """When its line last changed: a withdrawal comes after any correction."""
    return one.pulled_at or one.corrected_at or one.made_at


def _newest_first(told: Sequence[Told]) -> list[Told]:
    return sorted(told, key=lambda one: (_at(one), one.id), reverse=True)


def _sentence(text: str) -> str:
    """Words that somebody typed, as a sentence among others."""
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


def _text(one: Told) -> str:
    said = [_sentence(one.reason)] if one.reason else []
    if one.state != "pulled" and one.changed_km2 is not None:
        said.append(f"{one.changed_km2:g} km² changed since {one.since}.")
    if one.corrected_by is not None:
        said.append(f"Corrected by {one.corrected_by}.")
    if one.bypass:
        why = "" if one.reason and one.bypass.endswith(one.reason) else f": {one.bypass}"
        said.append(_sentence(f"Published without a second name{why}"))
    return " ".join([*said, one.caution or _sentence(NOT_FOR.capitalize())])


def _id(title: str, one: Told) -> str:
    """A name that no other site's line has; for ever the same, a withdrawal is a line of its own."""
    return f"urn:isofront:{quote(title, safe='')}:{one.id}:{one.made_at}" + (":pulled" if one.state == "pulled" else "")


def _put(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = "".join(c for c in text if c.isprintable() or c == " ")
