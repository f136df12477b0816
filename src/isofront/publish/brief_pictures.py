"""The brief's small pictures: where the theatre lies, with the cities about it. Its map is `picture`, its plot
`series_plot`."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from isofront.ground.grid import Bounds
from isofront.ground.spelling import sound
from isofront.plots import plot_settings
from isofront.publish import palette
from isofront.publish.degrees import degree_text, lettered

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from isofront.ground.places import Place

ROUND_DEG = 3.0
"""So far past the theatre's bounds the locator looks, degrees of latitude."""
CITY_PEOPLE = 100_000
APART_DEG = 0.15
"""The gazetteer has parts of cities too: of places so near to each other the one with most spellings is the city."""
MOST_CITIES = 24
SIDE_IN, DPI = 3.2, 160
NOTE_PT = 4.4
LETTER_PT = 4.6
"""About the width of a letter at the size that names are set in."""

City = tuple[str, float, float, int]
"""A name, degrees east and north, people."""


def around(bounds: Bounds) -> Bounds:
    """What the locator shows: as wide as it is high, on the ground."""
    middle = (bounds.south + bounds.north) / 2
    stretch = math.cos(math.radians(middle))
    half = ROUND_DEG + max(bounds.north - bounds.south, (bounds.east - bounds.west) * stretch) / 2
    east = (bounds.west + bounds.east) / 2
    return Bounds(
        max(east - half / stretch, -180.0),
        max(middle - half, -90.0),
        min(east + half / stretch, 180.0),
        min(middle + half, 90.0),
    )


def cities_about(bounds: Bounds, *, language: str) -> list[City]:
    """The large cities that the locator can show, by the gazetteer, in a language where it has their names."""
    from isofront.ground.places import Places

    found: list[Place] = []
    large = Places.load(over=CITY_PEOPLE - 1).within(around(bounds), min_population=CITY_PEOPLE)
    for one in sorted(large, key=lambda city: -len(city.spellings)):
        if not any(abs(one.lat - city.lat) < APART_DEG and abs(one.lon - city.lon) < APART_DEG for city in found):
            found.append(one)
    return [(name_in(one, language), one.lon, one.lat, one.population or 0) for one in found]


def name_in(place: Place, language: str) -> str:
    """A place's name in a language; as the gazetteer has it where it cannot be told.

    The gazetteer does not say of which language a spelling is. For Ukrainian it is one in Ukrainian letters that sounds
    like the place's own name, of several the longest: Russian leaves soft signs out.
    """
    if language != "uk":
        return place.name
    own = sound(place.name)
    alike = [one for one in place.spellings if _is_ukrainian(one) and sound(one) == own]
    return min(alike, key=lambda one: (-sum(one.count(letter) for letter in "іьє"), one), default=place.name)


def _is_ukrainian(name: str) -> bool:
    """Whether a name can be Ukrainian: its letters, and no soft sign after ч, ш, ж, щ."""
    letters = set(name.casefold()) - set(" -'’ʼ")
    return bool(letters) and letters <= _UKRAINIAN and not any(f"{one}ь" in name for one in "чшжщ")


_UKRAINIAN = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")


def locator_png(bounds: Bounds, cities: Sequence[City], *, stamp: str, note: str = "") -> bytes:
    """The theatre's frame among the large cities about it, on a net of degrees; a note below. The same each time."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    box = around(bounds)
    with plot_settings(font_family=["DejaVu Sans"], font_size=7):
        lines = textwrap.wrap(note, int(0.96 * 72 * SIDE_IN / (0.55 * NOTE_PT))) if note else []
        high_pt = 72 * SIDE_IN + NOTE_PT * 1.25 * len(lines)
        figure = Figure(figsize=(SIDE_IN, high_pt / 72), facecolor=palette.PAPER)
        low = 1 - 0.93 * 72 * SIDE_IN / high_pt
        axes = figure.add_axes((0.09, low, 0.89, 0.94 - low))
        axes.set(xlim=(box.west, box.east), ylim=(box.south, box.north))
        axes.set_aspect(1 / math.cos(math.radians((box.south + box.north) / 2)), adjustable="box")
        axes.grid(visible=True, color="#d9d6d0", linewidth=0.5)
        axes.tick_params(labelsize=5.5, length=0, colors=palette.QUIET)
        signed = lettered(box)
        axes.xaxis.set_major_formatter(lambda x, _: degree_text(x, "EW", lettered=signed))
        axes.yaxis.set_major_formatter(lambda y, _: degree_text(y, "NS", lettered=signed))
        wide, high = bounds.east - bounds.west, bounds.north - bounds.south
        look: Any = {"facecolor": "#a3162a22", "edgecolor": palette.STAMP, "linewidth": 1.2, "zorder": 2}
        axes.add_patch(Rectangle((bounds.west, bounds.south), wide, high, **look))
        _cities(axes, cities, box, bounds)
        figure.text(0.09, 0.955, stamp, fontsize=6, color=palette.STAMP, weight="bold")
        for n, line in enumerate(lines):
            figure.text(0.02, (4.5 + NOTE_PT * 1.25 * (len(lines) - 1 - n)) / high_pt, line, fontsize=NOTE_PT,
                        color=palette.STAMP)  # fmt: skip
        figure.text(0.98, 0.955, "© GeoNames CC BY 4.0", fontsize=4.5, color=palette.QUIET, ha="right")
        content = io.BytesIO()
        about = {"Stamp": stamp} | ({"Description": note} if note else {})
        figure.savefig(content, format="png", dpi=DPI, metadata={"Software": None} | about)
    return content.getvalue()


def _cities(axes: Axes, cities: Sequence[City], box: Bounds, frame: Bounds) -> None:
    """The largest cities with their names, where a name covers no other and, if it can, lies across no frame."""
    from matplotlib.patheffects import withStroke

    from isofront.publish.picture_text import meet

    halo = [withStroke(linewidth=1.6, foreground=palette.PAPER, alpha=0.9)]
    taken: list[tuple[float, float, float, float]] = []
    per_pt = (box.east - box.west) / (0.89 * SIDE_IN * 72), (box.north - box.south) / (0.87 * SIDE_IN * 72)
    for name, lon, lat, _ in sorted(cities, key=lambda city: (-city[3], city[0])):
        wide, high = len(name) * LETTER_PT * per_pt[0], 9 * per_pt[1]
        dot = 3 * per_pt[0]
        right = (lon - dot, lat - high / 2, lon + wide, lat + high / 2)
        left = (lon - wide, lat - high / 2, lon + dot, lat + high / 2)
        free = [one for one in (right, left) if _within(one, box) and not any(meet(one, other) for other in taken)]
        if not free or len(taken) >= MOST_CITIES:
            continue
        chosen = min(free, key=lambda one: _lies_across(one, frame))
        taken.append(chosen)
        aside = {"xytext": (3, 0), "ha": "left"} if chosen is right else {"xytext": (-3, 0), "ha": "right"}
        axes.plot([lon], [lat], marker="o", markersize=2.2, color=palette.INK, zorder=3)
        axes.annotate(name, (lon, lat), textcoords="offset points", va="center", fontsize=6.2, color=palette.INK,
                      zorder=4, path_effects=halo, **aside)  # type: ignore[arg-type]  # fmt: skip


def _lies_across(one: tuple[float, float, float, float], frame: Bounds) -> bool:
    """Whether a name would be struck through by the frame: it lies neither inside nor outside."""
    apart = one[2] < frame.west or frame.east < one[0] or one[3] < frame.south or frame.north < one[1]
    return not apart and not _within(one, frame)


def _within(one: tuple[float, float, float, float], box: Bounds) -> bool:
    return box.west < one[0] and one[2] < box.east and box.south < one[1] and one[3] < box.north
