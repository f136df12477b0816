"""The picture of a sheet, as PNG and as SVG: a map with a side panel, the same bytes every time."""

from __future__ import annotations

import io

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from isofront.publish import palette
from isofront.publish.degrees import lettered
from isofront.publish.picture_layers import ready_to_draw
from isofront.publish.picture_map import draw_map
from isofront.publish.picture_panel import Block, panel_blocks
from isofront.publish.picture_style import Group, settings
from isofront.publish.picture_view import view_of
from isofront.publish.sheet import Sheet
from isofront.publish.stamp import stamp_facts, stamp_text
from isofront.publish.words import clean, credit_line

DPI = 200
PANEL, MARGIN, TICKS = 158.0, 9.0, 12.0
"""Points: the panel's width, the space round everything, the room for degrees along the map."""
LETTER = 7.0
"""More room at the left, in points, where degrees have letters."""
MAP_WIDTHS, TALLEST = (388.0, 620.0), 640.0
"""Least and greatest width of the map, and its greatest height, in points."""


def map_png(sheet: Sheet) -> bytes:
    """The picture as PNG, about 1600 pixels wide; its text chunks carry the stamps."""
    with settings():
        figure = _figure(sheet, halo_as_text=False)
        return _saved(figure, "png", dpi=DPI, metadata={"Software": "Isofront"} | _words(sheet))


def map_svg(sheet: Sheet) -> bytes:
    """The picture as SVG: text as text, each layer a group with its name as id."""
    with settings():
        figure = _figure(sheet, halo_as_text=True)
        words = _words(sheet)
        metadata = {"Date": None, "Creator": "Isofront", "Title": words["Title"], "Description": words["Description"]}
        text = _saved(
            figure, "svg", metadata=metadata | {"Rights": words["Copyright"], "Keywords": [stamp_text(sheet)]}
        )
        return text.replace(b"</style>", _HALO + b"</style>", 1)


_HALO = b"#labels-halo text,#inset-labels-halo text{stroke:#fff;stroke-width:1.9px;stroke-linejoin:round}"


def _saved(figure: Figure, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    figure.savefig(target, format=kind, **options)  # type: ignore[arg-type]
    return target.getvalue()


def _words(sheet: Sheet) -> dict[str, str]:
    facts = {key: clean(value, longest=200) for key, value in stamp_facts(sheet).items()}
    return {
        "Title": f"{clean(sheet.theatre.titled(sheet.theatre.map.language), longest=200)}, {facts['as_of']}",
        "Description": "; ".join(f"{key}: {value}" for key, value in facts.items()),
        "Copyright": clean(f"{facts['stamp']}. {credit_line(sheet, language=sheet.theatre.map.language)}", longest=400),
        "Stamp": facts["stamp"],
    }


def _figure(sheet: Sheet, *, halo_as_text: bool) -> Figure:
    """The whole sheet laid out: map at the left, panel at the right, as high as the higher of the two."""
    sheet = ready_to_draw(sheet)
    width = _map_width(sheet)
    view = view_of(sheet, width_pt=width)
    top, bottom = panel_blocks(sheet, width=PANEL, points_per_km=view.points_per_km)
    needed = sum(block.height for block in (*top, *bottom)) + 8
    view = view_of(sheet, width_pt=width, height_pt=needed)
    height = max(view.size[1], needed)
    left = MARGIN + TICKS + (LETTER if lettered(sheet.theatre.box) else 0.0)
    page = (left + width + MARGIN + PANEL + MARGIN, MARGIN + height + TICKS)
    figure = Figure(figsize=(page[0] / 72, page[1] / 72), facecolor=palette.PAPER)
    FigureCanvasAgg(figure)
    map_axes = _axes(figure, page, (left, page[1] - MARGIN - view.size[1], *view.size))
    draw_map(map_axes, sheet, view, halo_as_text=halo_as_text)
    panel = _axes(figure, page, (left + width + MARGIN, TICKS, PANEL, height))
    _draw_panel(panel, top, bottom, height)
    return figure


def _map_width(sheet: Sheet) -> float:
    """Wide enough that a low theatre still stands as high as the panel, narrow enough that a tall one fits."""
    across, up = view_of(sheet, width_pt=1.0).size
    wanted = max(MAP_WIDTHS[0], min(MAP_WIDTHS[1], 400.0 * across / up))
    return min(wanted, TALLEST * across / up)


def _axes(figure: Figure, page: tuple[float, float], box: tuple[float, float, float, float]) -> Axes:
    x, y, width, height = box
    return figure.add_axes((x / page[0], y / page[1], width / page[0], height / page[1]))


def _draw_panel(axes: Axes, top: list[Block], bottom: list[Block], height: float) -> None:
    axes.set(xlim=(0, PANEL), ylim=(0, height))
    axes.set_axis_off()
    y = height
    for block in top:
        y = _draw_block(axes, block, y)
    y = sum(block.height for block in bottom)
    for block in bottom:
        y = _draw_block(axes, block, y)


def _draw_block(axes: Axes, block: Block, y: float) -> float:
    """Draw a block below y; the y where the next begins."""
    artists = block.draw(y)
    for artist in artists:
        artist.set_figure(axes.figure)
        artist.set_transform(axes.transData)
        artist.axes = axes
    if artists:
        axes.add_artist(Group(f"panel-{block.gid or 'rule'}", artists, zorder=3))
    return y - block.height
