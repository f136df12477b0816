"""Addresses that a public page may link to: of the web, and themselves telling no place that the page rounds."""

from __future__ import annotations

import re
from urllib.parse import unquote

from isofront.ground.grid import Bounds
from isofront.ground.written_grids import read_grids
from isofront.ground.written_links import read_link

_EARTH = Bounds(-180.0, -90.0, 180.0, 90.0)
_EXACT = r"-?\d{1,3}\.\d{3,}"
_PAIR = re.compile(rf"(?<![\d.]){_EXACT}\D{{1,12}}?{_EXACT}(?![\d.])")
"""Two decimals, each finer than the 110 m of a thousandth of a degree or near it, with hardly anything between."""
_ANGLE = re.compile(r"\d{1,3}\s?°")
_THREE_WORDS = re.compile(r"//(?:www\.|map\.)?(?:w3w\.co|what3words\.com)/", re.IGNORECASE)


def web_link(url: str) -> str | None:
    """An address that a page may link to; None for any that is not plainly of the web."""
    plain = url.isprintable() and not any(letter in url for letter in " \"'<>\\`")
    return url if plain and url.lower().startswith(("https://", "http://")) else None


def tells_place(url: str) -> bool:
    """Whether an address holds coordinates, in whichever writing, or leads to a map: a cell would round it in vain."""
    plain = unquote(unquote(url))
    if read_link(plain, bounds=_EARTH) is not None or any(one.search(plain) for one in (_PAIR, _ANGLE, _THREE_WORDS)):
        return True
    apart = re.sub(r"[/?&=#_~:;|]", " ", plain)
    return any(True for _ in read_grids(apart, bounds=_EARTH, place_of=lambda _: None))


def link_words(url: str) -> str:
    """An address as words: what its signs join, apart."""
    return re.sub(r"[\W_]+", " ", unquote(unquote(url)))
