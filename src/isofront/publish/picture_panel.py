"""The side panel: stamp, title, dates, legend with areas, scale bar, caution and credit; never over the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from isofront.publish import palette, picture_style
from isofront.publish.palette import side_colours
from isofront.publish.picture_layers import raids_of
from isofront.publish.picture_names import DOT_CLASSES, plain_text
from isofront.publish.picture_scale import bar, round_below
from isofront.publish.picture_style import Points
from isofront.publish.picture_text import text_size, wrapped
from isofront.publish.pockets_shown import shown_pockets
from isofront.publish.sheet import Sheet
from isofront.publish.stamp import stamps
from isofront.publish.words import clean, credit_line, day_text, number_text, word

MILE_KM = 1.609344
SWATCH = (20.0, 11.0)
INDENT = 26.0


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the panel: its height in points, and what draws it below a given y."""

    gid: str
    height: float
    draw: Callable[[float], list[Artist]]


def panel_blocks(sheet: Sheet, *, width: float, points_per_km: float) -> tuple[list[Block], list[Block]]:
    """Blocks that hang from the top of the panel, and those that stand on its bottom."""
    say = _Sayer(sheet, width)
    top = [*say.stamps(), *say.title(), *say.legend()]
    bottom = [*say.sizes(), say.scale(points_per_km), *say.small_print()]
    return top, bottom


@dataclass(frozen=True, slots=True)
class _Sayer:
    """Makes blocks for one sheet at one width (points)."""

    sheet: Sheet
    width: float

    def word(self, key: str) -> str:
        return word(key, language=self.sheet.theatre.map.language)

    def stamps(self) -> list[Block]:
        return [self._stamp(name) for name in stamps(self.sheet)]

    def _stamp(self, name: str) -> Block:
        colour = palette.stamp_colour(name)

        def draw(y: float) -> list[Artist]:
            box = Rectangle((0.5, y - 26), self.width - 1, 25, facecolor="none", edgecolor=colour, linewidth=1.4)
            middle = {"ha": "center", "color": colour}
            big = self._fitting(self.word(name), 14.0, bold=True)
            return [
                box,
                plain_text(self.width / 2, y - 15.5, self.word(name), size=big, weight="bold", **middle),
                plain_text(self.width / 2, y - 23, self.word(f"{name}_long"), size=5.6, **middle),
            ]

        return Block(f"stamp-{name.lower()}", 30.0, draw)

    def _fitting(self, text: str, size: float, *, bold: bool = False) -> float:
        """The size, made smaller until the text fits the panel."""
        return min(size, size * (self.width - 8) / text_size(text, size, bold=bold)[0])

    def title(self) -> list[Block]:
        theatre, language = self.sheet.theatre, self.sheet.theatre.map.language
        name = clean(theatre.titled(language), longest=90)
        as_of = f"{self.word('as_of')} {day_text(self.sheet.as_of, language=language)}"
        state = f"{self.word(self.sheet.state.value)}: {self.word(self.sheet.state.value + '_long')}"
        return [
            _gap(5.0),
            self._text("title", name, size=12.5, lead=15.0, bold=True),
            _gap(3.0),
            self._text("as-of", as_of, size=self._fitting(as_of, 7.6, bold=True), lead=10.0, bold=True),
            self._text(
                "known-by",
                f"{self.word('known_by')} {day_text(self.sheet.known_by, language=language)}",
                size=6.0,
                lead=8.4,
            ),
            self._text("state", state, size=6.0, lead=8.4),
            _gap(4.0),
            _rule(self.width),
            _gap(5.0),
        ]

    def legend(self) -> list[Block]:
        first, second = side_colours(self.sheet.theatre)
        held = [
            self._entry(
                f"held-{colours.side}",
                self.word("held").format(side=clean(side.name(self.sheet.theatre.map.language))),
                self.word("held_long"),
                _box_swatch(partial(picture_style.held, colours=colours)),
                self._km2(colours.side),
            )
            for side, colours in zip(self.sheet.theatre.sides, (first, second), strict=True)
        ]
        return [
            *held,
            self._entry(
                "grey", self.word("grey"), self._grey_words(), _box_swatch(picture_style.grey), self._km2("grey")
            ),
            *self._infiltration(),
            self._entry(
                "unobserved",
                self.word("unobserved"),
                self.word("unobserved_long"),
                _box_swatch(picture_style.unobserved),
                self._km2("unobserved"),
            ),
            *self._beyond(),
            self._entry("edge", self.word("edge"), self.word("edge_long"), _edge_swatch((first, second)), ""),
            self._entry(
                "even-odds",
                self.word("even_odds"),
                self.word("even_odds_long"),
                _line_swatch(picture_style.even_odds),
                "",
            ),
            *self._pockets(),
            *self._land(),
            *self._totals(),
        ]

    def _beyond(self) -> list[Block]:
        """Where the model is out of its range, if it is anywhere."""
        if not self.sheet.field.stretches:
            return []
        swatch = _box_swatch(picture_style.out_of_range)
        return [self._entry("out-of-range", self.word("out_of_range"), self.word("out_of_range_long"), swatch, "")]

    def _grey_words(self) -> str:
        """Held by neither, with the reasons that occur on this map."""
        found = [area.grey_reason for area in self.sheet.drawing.areas if area.grey_reason]
        reasons = [self.word(reason) for reason in sorted(set(found))]
        tail = f" {self.word('or')} ".join(reasons)
        return self.word("grey_long") + (f": {tail}" if tail else "")

    def _infiltration(self) -> list[Block]:
        colours = {one.side: one for one in side_colours(self.sheet.theatre)}
        shown = [colours[side] for side in raids_of(self.sheet)] or list(colours.values())[:1]
        names = {side.id: clean(side.name(self.sheet.theatre.map.language)) for side in self.sheet.theatre.sides}
        return [
            self._entry(
                f"infiltration-{one.side}",
                f"{self.word('infiltration')}: {names[one.side]}",
                self.word("infiltration_long"),
                _box_swatch(partial(picture_style.infiltration, colours=one)),
                "",
            )
            for one in shown
        ]

    def _pockets(self) -> list[Block]:
        if not shown_pockets(self.sheet):
            return []
        swatch = _box_swatch(picture_style.pocket)
        return [
            self._entry("pocket", self.word("pocket"), self.word("pocket_long"), swatch, ""),
            self._entry("neck", self.word("neck"), self.word("neck_long"), _neck_swatch, ""),
        ]

    def _land(self) -> list[Block]:
        theatre = self.sheet.theatre
        roads = self._entry(
            "road", self.word("road"), "", _line_swatch(lambda lines: picture_style.road(lines, main=True)), ""
        )
        barriers = self._entry("barrier", self.word("barrier"), "", _line_swatch(picture_style.barrier), "")
        shown = theatre.roads or self.sheet.exposed is not None
        return [*([roads] if shown else []), *self._exposed(), *([barriers] if theatre.barriers else [])]

    def _exposed(self) -> list[Block]:
        """Roads near the other side's held ground, where the map has any."""
        if self.sheet.exposed is None or not any(one.within_km for one in self.sheet.exposed.stretches):
            return []
        words = self.word("exposed_road_long")
        return [self._entry("exposed-road", self.word("exposed_road"), words, _exposed_swatch, "")]

    def _totals(self) -> list[Block]:
        language, summary = self.sheet.theatre.map.language, self.sheet.summary
        changed, used = summary.get("changed_km2"), summary.get("reports_used")
        since = "changed_start" if summary.get("changed_since") == "start" else "changed"
        lines = {
            key: self.word(key).format(n=number_text(float(value), language=language, whole=whole))
            for key, value, whole in ((since, changed, False), ("reports", used, True))
            if isinstance(value, (int, float)) and np.isfinite(value)
        }
        return [_gap(2.0), *(self._text(key, line, size=6.0, lead=8.2) for key, line in lines.items())]

    def _km2(self, key: str) -> str:
        value = (self.sheet.summary.get("area_km2") or {}).get(key)
        if not isinstance(value, (int, float)) or not np.isfinite(value):
            return ""
        return f"{number_text(float(value), language=self.sheet.theatre.map.language)} {self.word('km')}²"

    def sizes(self) -> list[Block]:
        """Three dots with the people they stand for."""
        language = self.sheet.theatre.map.language
        rows = [row for row in DOT_CLASSES if row[0] in (500, 10_000, 50_000)][::-1]

        def draw(y: float) -> list[Artist]:
            artists: list[Artist] = [plain_text(0.0, y - 6, self.word("settlement"), size=5.8, color=palette.QUIET)]
            for number, (people, size, _) in enumerate(rows):
                x = 5 + number * self.width / 3
                artists.append(_dot(x, y - 15, size))
                artists.append(
                    plain_text(x + 6, y - 17.2, f"{number_text(float(people), language=language)}+", size=5.8)
                )
            return artists

        return [Block("settlement-sizes", 24.0, draw)] if self.sheet.settlements else []

    def scale(self, points_per_km: float) -> Block:
        """A bar in kilometres above, in miles below, of round lengths that fit the panel; beside it, where north is."""
        km = round_below(0.62 * self.width / points_per_km)
        miles = round_below(0.62 * self.width / points_per_km / MILE_KM)

        def draw(y: float) -> list[Artist]:
            middle = y - 14
            lengths = (km * points_per_km, miles * MILE_KM * points_per_km)
            words = (f"{km:g} {self.word('km')}", f"{miles:g} {self.word('miles')}")
            texts = [
                plain_text(max(lengths) + 5, middle + drop, text, size=6.0)
                for text, drop in zip(words, (1.0, -6.0), strict=True)
            ]
            texts.append(plain_text(self.width - 4, middle - 2.5, f"↑ {self.word('north')}", size=6.0, ha="right"))
            return [*bar(lengths[0], middle, up=True), *bar(lengths[1], middle, up=False), *texts]

        return Block("scale-bar", 27.0, draw)

    def small_print(self) -> list[Block]:
        credit = clean(credit_line(self.sheet, language=self.sheet.theatre.map.language), longest=400)
        caution = self._text("caution", self.word("caution"), size=5.8, lead=7.6, colour=palette.INK)
        return [caution, _gap(3.0), *([self._text("credit", credit, size=5.2, lead=6.8)] if credit else [])]

    def _text(self, gid: str, text: str, *, size: float, lead: float, bold: bool = False, colour: str = "") -> Block:
        lines = wrapped(text, size, self.width, bold=bold)
        style: dict[str, Any] = {"weight": "bold" if bold else "normal"}
        style["color"] = colour or (palette.INK if bold else palette.QUIET)

        def draw(y: float) -> list[Artist]:
            return [plain_text(0.0, y - lead * n - size, line, size=size, **style) for n, line in enumerate(lines)]

        return Block(gid, lead * len(lines), draw)

    def _entry(self, gid: str, label: str, meaning: str, swatch: Callable[[float], list[Artist]], amount: str) -> Block:
        """A swatch, its name, its area at the right, and one short line that defines it."""
        room = self.width - INDENT
        names = wrapped(label, 6.6, room - (text_size(amount, 6.2)[0] + 4 if amount else 0), bold=True)
        lines = wrapped(meaning, 5.6, room)
        height = 8.6 * len(names) + 7 * len(lines) + 5

        def draw(y: float) -> list[Artist]:
            artists = swatch(y)
            artists += [
                plain_text(INDENT, y - 7 - 8.6 * n, name, size=6.6, weight="bold") for n, name in enumerate(names)
            ]
            artists.append(plain_text(self.width, y - 7, amount, size=6.2, ha="right"))
            below = y - 8.6 * len(names)
            artists += [
                plain_text(INDENT, below - 5.6 - 7 * n, line, size=5.6, color=palette.QUIET)
                for n, line in enumerate(lines)
            ]
            return artists

        return Block(f"legend-{gid}", max(height, SWATCH[1] + 4), draw)


def _gap(height: float) -> Block:
    return Block("", height, lambda y: [])


def _rule(width: float) -> Block:
    return Block("", 1.0, lambda y: [Line2D([0, width], [y, y], color=palette.QUIET, linewidth=0.4)])


def _box_swatch(style: Callable[[Path], list[Artist]]) -> Callable[[float], list[Artist]]:
    def draw(y: float) -> list[Artist]:
        width, height = SWATCH
        corners = [(0.5, y - height), (width, y - height), (width, y), (0.5, y), (0.5, y - height)]
        frame = Rectangle((0.5, y - height), width - 0.5, height, fill=False, edgecolor=palette.QUIET, linewidth=0.35)
        return [*style(Path(corners, closed=True)), frame]

    return draw


def _line_swatch(
    style: Callable[[list[Points]], list[Artist]], *, drop: float = 5.5
) -> Callable[[float], list[Artist]]:
    return lambda y: style([np.array([(0.5, y - drop), (SWATCH[0], y - drop)])])


def _exposed_swatch(y: float) -> list[Artist]:
    """A road that comes ever nearer."""
    steps = np.linspace(0.5, SWATCH[0], len(picture_style.EXPOSED) + 1)
    return [
        artist
        for k, limit in enumerate(sorted(picture_style.EXPOSED, reverse=True))
        for artist in picture_style.exposed_road([np.array([(steps[k], y - 5.5), (steps[k + 1], y - 5.5)])], limit)
    ]


def _neck_swatch(y: float) -> list[Artist]:
    """A chord between its two tips."""
    ends = [np.array([2.5, y - 5.5]), np.array([SWATCH[0] - 2.5, y - 5.5])]
    return [*picture_style.neck([np.array(ends)]), *picture_style.tips(ends)]


def _edge_swatch(sides: Sequence[palette.SideColours]) -> Callable[[float], list[Artist]]:
    """Both edges, each in its band."""

    def draw(y: float) -> list[Artist]:
        artists: list[Artist] = []
        for number, colours in enumerate(sides):
            middle = y - 3 - 6.6 * number
            ribbon = [(0.5, middle - 2.4), (SWATCH[0], middle - 2.4), (SWATCH[0], middle + 2.4), (0.5, middle + 2.4)]
            artists += picture_style.band(Path([*ribbon, ribbon[0]], closed=True), colours)
            artists += picture_style.edge([np.array([(0.5, middle), (SWATCH[0], middle)])], colours)
        return artists

    return draw


def _dot(x: float, y: float, size: float) -> Line2D:
    style: dict[str, Any] = {"markerfacecolor": palette.PAPER, "markeredgecolor": palette.INK, "markeredgewidth": 0.8}
    return Line2D([x], [y], marker="o", markersize=size, linestyle="none", **style)
