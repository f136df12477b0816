"""The map's colours and weights, in one place: picture, QGIS styles and page all take them from here.

A side's colour comes from the theatre; without one, a blue and a vermilion that stay apart for every common
colour-blindness and differ in lightness, so that they also stay apart in print without colour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from isofront.theatre.model import Theatre

DEFAULT_SIDES = ("#b5472f", "#2c6490")
GREY_FILL, GREY_LINE, GREY_TEXT = "#ddd8cd", "#8b8375", "#5c564b"
UNOBSERVED_LINE = "#7d7a86"
WATER, ROAD, ROAD_CASE = "#5f9bc4", "#7a7066", "#ffffff"
INK, QUIET, PAPER, OUTSIDE = "#26272b", "#66676d", "#ffffff", "#eceae6"
STAMP = "#a3162a"
FILL_LIGHTNESS = (0.80, 0.885)
"""Lightness (0-1) of each side's fill: apart, so that the two differ in print without colour too."""


def stamp_colour(words: str) -> str:
    """Red for what must not be passed on or is invented; what is simply public says so in ink."""
    return INK if words == "PUBLIC" else STAMP


@dataclass(frozen=True, slots=True)
class SideColours:
    """One side's colour as given, and the tints made from it."""

    side: str
    base: str
    fill: str
    line: str
    band: str


def side_colours(theatre: Theatre) -> tuple[SideColours, SideColours]:
    """Both sides' colours, in theatre order; a colour that is no hex triple gives way to the default."""
    first, second = (
        _tints(side.id, _hex(side.colour, spare), lightness=lightness)
        for side, spare, lightness in zip(theatre.sides, DEFAULT_SIDES, FILL_LIGHTNESS, strict=True)
    )
    return first, second


def usual_colours(sides: Sequence[str]) -> tuple[SideColours, ...]:
    """The default colours of up to two sides, in their order: for maps whose theatre is not at hand."""
    looks = zip(sides, DEFAULT_SIDES, FILL_LIGHTNESS, strict=False)
    return tuple(_tints(side, base, lightness=lightness) for side, base, lightness in looks)


def mix(colour: str, other: str, share: float) -> str:
    """The colour, `share` of the way to the other, as #rrggbb."""
    mixed = (round(a + (b - a) * share) for a, b in zip(_channels(colour), _channels(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def rgba(colour: str, alpha: float = 1.0) -> str:
    """The colour as QGIS writes it: `r,g,b,a`, each to 255."""
    red, green, blue = _channels(colour)
    return f"{red},{green},{blue},{round(alpha * 255)}"


def page_palette(theatre: Theatre) -> dict[str, object]:
    """The colours by role, for the page."""
    return {
        "sides": {one.side: {"base": one.base, "fill": one.fill, "line": one.line} for one in side_colours(theatre)},
        "grey": {"fill": GREY_FILL, "line": GREY_LINE, "text": GREY_TEXT},
        "unobserved": UNOBSERVED_LINE,
        "water": WATER,
        "road": ROAD,
        "ink": INK,
        "quiet": QUIET,
        "paper": PAPER,
        "outside": OUTSIDE,
        "stamp": STAMP,
    }


def _tints(side: str, base: str, *, lightness: float) -> SideColours:
    return SideColours(
        side=side,
        base=base,
        fill=_lightened(base, lightness),
        line=mix(base, INK, 0.12),
        band=mix(base, PAPER, 0.25),
    )


def _lightened(colour: str, lightness: float) -> str:
    """The colour mixed with white until it is this light; one that is lighter stays as it is."""
    now = _lightness(colour)
    return mix(colour, PAPER, max(0.0, (lightness - now) / (1 - now)) if now < 1 else 0.0)


def _lightness(colour: str) -> float:
    """Luma, 0-1: what a grey print makes of the colour."""
    red, green, blue = _channels(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def _hex(colour: str, spare: str) -> str:
    text = colour.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", text):
        return "#" + "".join(2 * letter for letter in text[1:])
    return text if re.fullmatch(r"#[0-9a-f]{6}", text) else spare


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
