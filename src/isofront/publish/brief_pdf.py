"""The brief as PDF: A4 pages set in one typeface by matplotlib's own PDF writer, which the pictures come from as well.

Lines are broken by the widths that the typeface itself gives. Text stays text, so that it can be searched and copied.
The same bytes every time.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from isofront.publish.brief_pages import BriefPage, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDE, TALL = 595.0, 842.0
"""A4 in points."""
LEFT, RIGHT, TOP, BOTTOM = 50.0, 545.0, 792.0, 52.0
INK, QUIET, STAMP = "#26272b", "#5c5d63", "#a3162a"
GAP = 14.0
COLUMNS = 3
COLUMN = (RIGHT - LEFT - (COLUMNS - 1) * GAP) / COLUMNS
"""The list of sources."""
DPI = 150


@dataclass(frozen=True, slots=True)
class Style:
    """How a block of text is set: size and leading in points, space before, indent, colour, weight."""

    size: float | int
    leading: float | int
    before: float | int = 0.0
    indent: float | int = 0.0
    colour: str = INK
    weight: str = "normal"


TITLE = Style(15, 19, 2, weight="bold")
NOTE = Style(8.5, 11.5, 2, colour=QUIET)
HEADING = Style(11.5, 15, 11, weight="bold")
BULLET = Style(9, 12.2, 2.5, indent=10)
CAPTION = Style(7, 9, colour=QUIET)
SOURCE = Style(6, 7.6, 0.8, indent=18, colour=QUIET)


def brief_pdf(page: BriefPage) -> bytes:
    """The brief as PDF."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages

    content = io.BytesIO()
    facts = {"Title": f"{page.stamp} · {page.title}", "Keywords": page.stamp, "Creator": "Isofront", "Producer": None,
             "CreationDate": None}  # fmt: skip
    look: Any = {"pdf.fonttype": 42, "font.family": ["DejaVu Sans"], "text.usetex": False}
    with mpl.rc_context(look), PdfPages(content, metadata=facts) as file:
        for figure in brief_figures(page):
            file.savefig(figure, dpi=DPI)
    return content.getvalue()


def brief_figures(page: BriefPage) -> list[Figure]:
    """The pages as figures, each with its foot."""
    sheets = _Sheets(page).pages()
    for number, figure in enumerate(sheets, start=1):
        _foot(figure, page, number, len(sheets))
    return sheets


def _foot(figure: Figure, page: BriefPage, number: int, of: int) -> None:
    figure.text(LEFT / WIDE, 30 / TALL, f"{page.stamp} · {page.stamp_note}", fontsize=6.5, color=STAMP)
    figure.text(RIGHT / WIDE, 30 / TALL, f"{number}/{of}", fontsize=6.5, color=QUIET, ha="right")
    figure.text(LEFT / WIDE, 812 / TALL, page.stamp, fontsize=8.5, color=STAMP, weight="bold")


class _Sheets:
    """Pages that fill from the top; what does not fit goes on the next one."""

    def __init__(self, page: BriefPage) -> None:
        self.page = page
        self.figures: list[Figure] = []
        self.left, self.right, self.y = LEFT, RIGHT, 0.0

    def pages(self) -> list[Figure]:
        """The whole brief."""
        self._new()
        self._text(self.page.title, TITLE)
        self._text(self.page.stamp_note, NOTE)
        self._pictures(self.page.beside(""))
        for section in self.page.sections:
            self._heading(section.title)
            for line in section.lines:
                self._text(f"{line.text} [{line.refs_text}]", BULLET, mark="•")
            self._pictures(self.page.beside(section.key))
        self._sources()
        return self.figures

    def _new(self) -> None:
        from matplotlib.figure import Figure

        self.figures.append(Figure(figsize=(WIDE / 72, TALL / 72), facecolor="white"))
        self.y = TOP

    def _heading(self, title: str) -> None:
        if self.y - HEADING.before - HEADING.leading - 3 * BULLET.leading < BOTTOM:
            self._new()
        self._text(title, HEADING)

    def _text(self, words: str, style: Style, *, mark: str = "") -> None:
        self.y -= style.before
        for k, line in enumerate(broken(words, style, self.right - self.left - style.indent)):
            if self.y - style.leading < BOTTOM:
                self._new()
            self.y -= style.leading
            self._put(self.left + style.indent, line, style)
            if k == 0 and mark:
                self._put(self.left, mark, style)

    def _put(self, x: float, words: str, style: Style) -> None:
        self.figures[-1].add_artist(_line(x, self.y, words, style))

    def _pictures(self, some: Sequence[Picture]) -> None:
        """Side by side, each as wide as its shape asks for, all of one height."""
        if not some:
            return
        images = [_image(one.png) for one in some]
        shapes = [image.shape[1] / image.shape[0] for image in images]
        wide = self.right - self.left - GAP * (len(some) - 1)
        tall = min(wide / sum(shapes), 330.0)
        if self.y - tall - 34 < BOTTOM:
            self._new()
        self.y -= 6
        x = self.left
        for image, shape, one in zip(images, shapes, some, strict=True):
            axes = self.figures[-1].add_axes((x / WIDE, (self.y - tall) / TALL, tall * shape / WIDE, tall / TALL))
            axes.imshow(image, interpolation="none")
            axes.set_axis_off()
            for k, line in enumerate(broken(one.caption, NOTE, tall * shape)):
                top = self.y - tall - 10 - k * 9
                self.figures[-1].add_artist(_line(x, top, line, CAPTION))
            x += tall * shape + GAP
        self.y -= tall + 24

    def _sources(self) -> None:
        """In columns, a page filled from left to right; links are told in the other formats, where they can be used."""
        self._heading(self.page.sources_title)
        self._text(self.page.columns, NOTE)
        lines = list(self._source_lines(COLUMN - SOURCE.indent))
        while lines:
            if self.y - 4 * SOURCE.leading < BOTTOM:
                self._new()
            rows = int((self.y - BOTTOM) // SOURCE.leading)
            rows = min(rows, -(-len(lines) // COLUMNS))
            top = self.y
            for column in range(COLUMNS):
                x = LEFT + column * (COLUMN + GAP)
                for k, (number, line) in enumerate(lines[column * rows : (column + 1) * rows], start=1):
                    self.y = top - k * SOURCE.leading
                    self._put(x + SOURCE.indent, line, SOURCE)
                    if number:
                        self._put(x, number, SOURCE)
            lines = lines[COLUMNS * rows :]
            self.y = top - rows * SOURCE.leading

    def _source_lines(self, width: float) -> Iterator[tuple[str, str]]:
        for one in self.page.sources:
            words = f"{one.id} {one.words}"
            for k, line in enumerate(broken(words, SOURCE, width)):
                yield (f"{one.n}" if k == 0 else "", line)


def _line(x: float, y: float, words: str, style: Style) -> Any:
    """A line of text at a spot in points, drawn without the layout that matplotlib's own makes three times over."""
    return _line_class()(x, y, words, style)


@lru_cache(maxsize=1)
def _line_class() -> Any:
    """Made once: an artist's class is slow to make."""
    from matplotlib.artist import Artist

    class Line(Artist):
        """One line."""

        def __init__(self, x: float, y: float, words: str, style: Style) -> None:
            super().__init__()
            self.told = x, y, words, style

        def draw(self, renderer: Any) -> None:
            x, y, words, style = self.told
            pen = renderer.new_gc()
            pen.set_foreground(style.colour)
            per_pt = renderer.points_to_pixels(1.0)
            up = TALL * per_pt - y * per_pt if renderer.flipy() else y * per_pt
            renderer.draw_text(pen, x * per_pt, up, words, _face(style.size, style.weight), 0.0)
            pen.restore()

    return Line


@lru_cache(maxsize=16)
def _face(size: float | int, weight: str) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family="DejaVu Sans", size=size, weight=weight)


def _image(png: bytes) -> Any:
    from matplotlib.image import imread

    return imread(io.BytesIO(png))


def broken(words: str, style: Style, width: float) -> list[str]:
    """Words as lines no wider than so many points; a word that is wider is cut."""
    lines: list[str] = []
    line, used = "", 0.0
    space = width_pt(" ", style.size, style.weight)
    for word in _words(words, style, width):
        own = width_pt(word, style.size, style.weight)
        if line and used + space + own > width:
            lines.append(line)
            line, used = word, own
        else:
            used += own + (space if line else 0.0)
            line = f"{line} {word}" if line else word
    return [*lines, line] if line else lines or [""]


def _words(words: str, style: Style, width: float) -> Iterator[str]:
    for word in words.split():
        rest = word
        while width_pt(rest, style.size, style.weight) > width and len(rest) > 1:
            fits = len(rest) - 1
            while fits > 1 and width_pt(rest[:fits], style.size, style.weight) > width:
                fits -= 1
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


@lru_cache(maxsize=50_000)
def width_pt(word: str, size: float | int, weight: str) -> float:
    """How wide a word is, in points."""
    font = _font(weight)
    font.set_size(size, 72)
    font.set_text(word, 0.0, flags=_no_hinting())
    return float(font.get_width_height()[0]) / 64


@lru_cache(maxsize=1)
def _no_hinting() -> Any:
    from matplotlib.ft2font import LoadFlags

    return LoadFlags.NO_HINTING


@lru_cache(maxsize=4)
def _font(weight: str) -> Any:
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    return FT2Font(findfont(FontProperties(family="DejaVu Sans", weight=weight)))
