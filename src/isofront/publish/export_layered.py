"""A map folder as SVG and PDF with named layers, for newsrooms: each class can be switched off and restyled.

In the SVG a layer is a group with its name as id (Inkscape and Illustrator list them). In the PDF it is an optional
content group (ISO 32000-1, 8.11), which Acrobat, Illustrator and Inkscape list by name; matplotlib's own PDF writer
knows groups but leaves them away, so they are marked here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.backends import backend_mixed, backend_pdf
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from shapely.geometry.base import BaseGeometry

from isofront.publish import palette, picture_style
from isofront.publish.export_folder import NOTICE, MapFolder
from isofront.publish.feature import Feature
from isofront.publish.palette import SideColours
from isofront.publish.picture_style import Group, settings
from isofront.publish.words import clean

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PDF: Any = backend_pdf
MIXED: Any = backend_mixed
"""Matplotlib's own PDF writer, whose parts have no types."""

WIDTH_IN, FOOT_IN, MARGIN_IN = 10.0, 0.55, 0.15
DPI = 100.0
LETTER_DEG, NAME_GAP_DEG = 0.009, 0.006
"""About half a letter's height, and its width, on a map of the usual size; names are there to be moved by hand."""


def layered_svg(folder: MapFolder, colours: Mapping[str, SideColours]) -> bytes:
    """The map as SVG: every layer a group with its name as id, text as text."""
    content = io.BytesIO()
    with settings():
        _figure(folder, colours).savefig(content, format="svg", metadata={"Date": None, "Title": folder.title})
    return content.getvalue()


def layered_pdf(folder: MapFolder, colours: Mapping[str, SideColours]) -> bytes:
    """The map as PDF: every layer an optional content group of that name."""
    content = io.BytesIO()
    with settings():
        figure = _figure(folder, colours)
        figure.dpi = 72
        width, height = (float(side) for side in figure.get_size_inches())
        facts = {"Title": folder.title, "CreationDate": None, "Producer": None, "Creator": "Isofront"}
        file = PDF.PdfFile(content, metadata=facts)
        try:
            file.newPage(width, height)
            layers = _LayersPdf(file, DPI, height, width)
            renderer = MIXED.MixedModeRenderer(figure, width, height, DPI, layers)
            figure.draw(renderer)
            renderer.finalize()
            file.endStream()
            layers.write_layers()
            file.finalize()
        finally:
            file.close()
    return content.getvalue()


class _LayersPdf(PDF.RendererPdf):  # type: ignore[misc]
    """Marks every named group as optional content."""

    def __init__(self, file: Any, dpi: float, height: float, width: float) -> None:
        super().__init__(file, dpi, height, width)
        self._named: dict[str, Any] = {}
        self._open: list[bool] = []

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Begin a layer, if the group has a name."""
        self._open.append(gid is not None and gid.startswith("layer-"))
        if self._open[-1]:
            name = str(gid).removeprefix("layer-")
            key = list(self._named).index(name) if name in self._named else len(self._named)
            self._named.setdefault(name, self.file.reserveObject(f"layer {name}"))
            self.file.output(PDF.Name("OC"), PDF.Name(f"Layer{key}"), _BEGIN)

    def close_group(self, s: str) -> None:
        """End it."""
        if self._open.pop():
            self.file.output(_END)

    def write_layers(self) -> None:
        """The layers' names, in the catalogue and among the page's resources."""
        file = self.file
        for name, reference in self._named.items():
            file.writeObject(reference, {"Type": PDF.Name("OCG"), "Name": name.encode()})
        every = list(self._named.values())
        shown = {"Order": every, "ON": every}
        root = {"Type": PDF.Name("Catalog"), "Pages": file.pagesObject, "OCProperties": {"OCGs": every, "D": shown}}
        file.writeObject(file.rootObject, root)
        file.writeObject(file.resourceObject, _resources(file) | {"Properties": self._keys()})

    def _keys(self) -> dict[str, Any]:
        return {f"Layer{number}": reference for number, reference in enumerate(self._named.values())}


class _Operator:
    """A PDF operator that matplotlib has no name for."""

    def __init__(self, word: bytes) -> None:
        self._word = word

    def pdfRepr(self) -> bytes:  # noqa: N802 - matplotlib's name
        """The operator as it is written."""
        return self._word


_BEGIN, _END = _Operator(b"BDC"), _Operator(b"EMC")


def _resources(file: Any) -> dict[str, Any]:
    """The page's resources as matplotlib writes them."""
    return {
        "Font": file.fontObject,
        "XObject": file.XObjectObject,
        "ExtGState": file._extGStateObject,
        "Pattern": file.hatchObject,
        "Shading": file.gouraudObject,
        "ProcSet": [PDF.Name(name) for name in ("PDF", "Text", "ImageB", "ImageC", "ImageI")],
    }


# The picture


def _figure(folder: MapFolder, colours: Mapping[str, SideColours]) -> Figure:
    from matplotlib.figure import Figure

    west, south, east, north = shapely.total_bounds([one.geometry for one in folder.layers["areas"].features])
    squeeze = float(np.cos(np.radians((south + north) / 2)))
    width = WIDTH_IN - 2 * MARGIN_IN
    height = width * (north - south) / ((east - west) * squeeze)
    page = height + FOOT_IN + MARGIN_IN
    figure = Figure(figsize=(WIDTH_IN, page), facecolor=palette.PAPER)
    axes = figure.add_axes((MARGIN_IN / WIDTH_IN, FOOT_IN / page, width / WIDTH_IN, height / page))
    axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], aspect=1 / squeeze)
    axes.set_gid("frame")
    for number, (name, artists) in enumerate(_layers(folder, colours)):
        for artist in artists:
            artist.set_figure(figure)
            artist.set_transform(axes.transData)
            artist.axes = axes
            artist.set_clip_path(axes.patch)
        axes.add_artist(Group(f"layer-{name}", artists, zorder=2 + number))
    _foot(figure, folder, colours)
    return figure


def _layers(folder: MapFolder, colours: Mapping[str, SideColours]) -> Iterator[tuple[str, list[Artist]]]:
    """Every layer with something in it, the lowest first."""
    for name, artists in _all_layers(folder, colours):
        if artists:
            yield name, artists


def _all_layers(folder: MapFolder, colours: Mapping[str, SideColours]) -> Iterator[tuple[str, list[Artist]]]:
    style = picture_style
    for side, look in colours.items():
        yield f"held-{side}", _filled(_of(folder, "areas", side=side), lambda path, look=look: style.held(path, look))
    yield "grey", _filled(_of(folder, "areas", **{"class": "grey"}), style.grey)
    for side, look in colours.items():
        there = _of(folder, "infiltration", side=side)
        yield f"infiltration-{side}", _filled(there, lambda path, look=look: style.infiltration(path, look))
    yield "unobserved", _filled(_of(folder, "unobserved"), style.unobserved)
    yield "out-of-range", _filled(_of(folder, "out_of_range"), style.out_of_range)
    for side, look in colours.items():
        yield (
            f"band-{side}",
            _filled(_of(folder, "front_bands", side=side), lambda path, look=look: style.band(path, look)),
        )
    for side, look in colours.items():
        yield (
            f"edge-{side}",
            _lined(_of(folder, "front", side=side, role="edge"), lambda ls, look=look: style.edge(ls, look)),
        )
    yield "even-odds", _lined(_of(folder, "front", role="even_odds"), style.even_odds)
    yield "pockets", _filled(_of(folder, "pockets"), style.pocket)
    yield "necks", _lined(_of(folder, "necks"), style.neck)
    places = _of(folder, "settlements")
    yield "settlements", _dots(places)
    yield "names", _names(places)


def _of(folder: MapFolder, layer: str, **wanted: str) -> list[Feature]:
    if layer not in folder.layers:
        return []
    features = folder.layers[layer].features
    return [one for one in features if all(one.properties.get(key) == value for key, value in wanted.items())]


def _filled(features: Sequence[Feature], draw: Any) -> list[Artist]:
    shapes = [part for one in features for part in shapely.get_parts(one.geometry) if part.geom_type == "Polygon"]
    path = picture_style.path_of(shapely.MultiPolygon(shapes)) if shapes else None
    return [] if path is None else list(draw(path))


def _lined(features: Sequence[Feature], draw: Any) -> list[Artist]:
    lines = [line for one in features for line in picture_style.lines_of(_lines(one.geometry))]
    return list(draw(lines)) if lines else []


def _lines(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.MultiLineString([part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"])


def _dots(places: Sequence[Feature]) -> list[Artist]:
    if not places:
        return []
    lon, lat = np.array([(one.geometry.x, one.geometry.y) for one in places]).T
    face: dict[str, Any] = {"markerfacecolor": palette.PAPER, "markeredgecolor": palette.INK}
    return [Line2D(lon, lat, marker="o", markersize=3, markeredgewidth=0.8, linestyle="none", **face)]


def _names(places: Sequence[Feature]) -> list[Artist]:
    """Settlements by name beside their dots, as far as they find room, the first in the list before others."""
    halo = [withStroke(linewidth=1.8, foreground=palette.PAPER)]
    taken: list[BaseGeometry] = []
    found: list[Artist] = []
    for one in places:
        word = clean(str(one.properties.get("name") or ""), longest=60)
        x, y = one.geometry.x + NAME_GAP_DEG, one.geometry.y
        room = shapely.box(x, y - LETTER_DEG, x + LETTER_DEG * len(word), y + LETTER_DEG)
        if word and not any(room.intersects(other) for other in taken):
            taken.append(room)
            found.append(Text(x, y, word, fontsize=6.5, va="center", color=palette.INK, path_effects=halo))
    return found


def _foot(figure: Figure, folder: MapFolder, colours: Mapping[str, SideColours]) -> None:
    """The stamp, the day and what the map is not for, inside the picture; a line on what is drawn."""
    page = float(figure.get_size_inches()[1])
    sides = ", ".join(colours)
    lines = (
        (f"{folder.facts['stamp']}   as of {folder.facts['as_of']}   {folder.facts['state']}", palette.STAMP, 9),
        (f"{NOTICE.capitalize()}. Held by {sides}; hatched: grey. \"Held\" says nothing of safety.", palette.QUIET, 7),
    )  # fmt: skip
    for number, (text, colour, size) in enumerate(lines):
        at = (FOOT_IN - 0.2 * (number + 1)) / page
        figure.add_artist(
            Text(MARGIN_IN / WIDTH_IN, at, text, fontsize=size, color=colour, transform=figure.transFigure + Affine2D())
        )
