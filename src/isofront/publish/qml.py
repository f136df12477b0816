"""Styles as QGIS keeps them (QML), one per layer, in the map's own colours.

A style is a rule-based renderer: each rule has a filter on the layer's columns and a symbol made of symbol layers.
QGIS 3.28 and later read them from the GeoPackage on opening.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from isofront.publish import palette
from isofront.publish.palette import SideColours, rgba, side_colours
from isofront.publish.sheet import Sheet
from isofront.publish.words import clean, word

VERSION = "3.28.0"


@dataclass(frozen=True, slots=True)
class SymbolLayer:
    """One symbol layer: its QGIS class and settings; a pattern fill holds the symbol it repeats."""

    cls: str
    settings: dict[str, str]
    inner: Symbol | None = None


@dataclass(frozen=True, slots=True)
class Symbol:
    """What QGIS draws a feature with: fill, line or marker, lowest layer first."""

    kind: str
    layers: tuple[SymbolLayer, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Features that pass the filter are drawn with the symbol and named in the legend."""

    label: str
    filter: str
    symbol: Symbol


def styles(sheet: Sheet) -> dict[str, str]:
    """Layer name to its QML."""
    named = {side.id: clean(side.name(sheet.theatre.map.language)) for side in sheet.theatre.sides}
    sides = [(colours, named[colours.side]) for colours in side_colours(sheet.theatre)]
    language = sheet.theatre.map.language
    return {
        "areas": _style(_area_rules(sides, language)),
        "front": _style(_line_rules(sides, language)),
        "front_bands": _style(
            [Rule(f"90 %: {name}", _is("side", one.side), _fill(one.base, 0.26)) for one, name in sides]
        ),
        "infiltration": _style(_raid_rules(sides, language)),
        "pockets": _style([Rule(word("pocket", language=language), "", _pocket_fill())]),
        "necks": _style([Rule(word("neck", language=language), "", _neck_line())], label_field="headline"),
        "tips": _style([Rule(word("tip", language=language), "", _marker(palette.INK, palette.PAPER, 2.2))]),
        "out_of_range": _style(
            [Rule(word("out_of_range", language=language), "", _warning_fill())], label_field="class"
        ),
        "unobserved": _style([Rule(word("unobserved", language=language), "", _dotted_fill())]),
        "settlements": _style(_settlement_rules(), label_field="name"),
        "reports": _style(_report_rules(sides)),
    }


def _area_rules(sides: Sequence[tuple[SideColours, str]], language: str) -> list[Rule]:
    held = [
        Rule(word("held", language=language).format(side=name), _is("side", one.side), _fill(one.fill, 0.85))
        for one, name in sides
    ]
    grey = Symbol("fill", (_simple_fill(palette.GREY_FILL, 0.9), _hatch(palette.GREY_LINE, angle=45)))
    return [*held, Rule(word("grey", language=language), _is("class", "grey"), grey)]


def _line_rules(sides: Sequence[tuple[SideColours, str]], language: str) -> list[Rule]:
    edges = [
        Rule(
            f"{word('edge', language=language)}: {name}",
            f"{_is('role', 'edge')} AND {_is('side', one.side)}",
            Symbol("line", (_line(palette.PAPER, 1.1, alpha=0.85), _line(one.line, 0.6))),
        )
        for one, name in sides
    ]
    dots = Symbol("line", (_line(palette.INK, 0.25, dash="dot"),))
    return [*edges, Rule(word("even_odds", language=language), _is("role", "even_odds"), dots)]


def _raid_rules(sides: Sequence[tuple[SideColours, str]], language: str) -> list[Rule]:
    label = word("infiltration", language=language)
    return [
        Rule(
            f"{label}: {name}",
            _is("side", one.side),
            Symbol("fill", (_hatch(one.base, angle=135), _outline(one.line, "dash"))),
        )
        for one, name in sides
    ]


def _settlement_rules() -> list[Rule]:
    bounds = ((50_000, None, 3.2), (10_000, 50_000, 2.5), (2_000, 10_000, 2.0), (0, 2_000, 1.4))
    return [
        Rule(
            f"{low:,}+".replace(",", " "), _between("population", low, high), _marker(palette.PAPER, palette.INK, size)
        )
        for low, high, size in bounds
    ]


def _report_rules(sides: Sequence[tuple[SideColours, str]]) -> list[Rule]:
    known = [Rule(name, _is("seen", one.side), _marker(one.base, palette.PAPER, 1.8)) for one, name in sides]
    return [*known, Rule("?", '"seen" IS NULL', _marker(palette.QUIET, palette.PAPER, 1.4))]


def _is(column: str, value: str) -> str:
    return f'"{column}" = ' + "'" + value.replace("'", "''") + "'"


def _between(column: str, low: int, high: int | None) -> str:
    value = f'coalesce("{column}", 0)'
    return f"{value} >= {low}" + (f" AND {value} < {high}" if high is not None else "")


def _fill(colour: str, alpha: float) -> Symbol:
    return Symbol("fill", (_simple_fill(colour, alpha),))


def _simple_fill(colour: str, alpha: float) -> SymbolLayer:
    return SymbolLayer("SimpleFill", {"color": rgba(colour, alpha), "style": "solid", "outline_style": "no"})


def _pocket_fill() -> Symbol:
    return Symbol("fill", (_simple_fill(palette.INK, 0.08), _outline(palette.INK, "solid")))


def _neck_line() -> Symbol:
    return Symbol("line", (_line(palette.PAPER, 1.3, alpha=0.9), _line(palette.INK, 0.7)))


def _outline(colour: str, style: str) -> SymbolLayer:
    settings = {"style": "no", "outline_color": rgba(colour), "outline_style": style, "outline_width": "0.35"}
    return SymbolLayer("SimpleFill", settings | {"outline_width_unit": "MM"})


def _hatch(colour: str, *, angle: int) -> SymbolLayer:
    settings = {"angle": str(angle), "distance": "2", "distance_unit": "MM", "color": rgba(colour)}
    return SymbolLayer("LinePatternFill", settings, Symbol("line", (_line(colour, 0.2),)))


def _warning_fill() -> Symbol:
    return Symbol("fill", (_hatch(palette.INK, angle=90), _outline(palette.INK, "dash")))


def _dotted_fill() -> Symbol:
    spacing = {"distance_x_unit": "MM", "distance_y_unit": "MM", "displacement_x_unit": "MM"}
    dots = SymbolLayer(
        "PointPatternFill",
        {"distance_x": "2", "distance_y": "2", "displacement_x": "1"} | spacing,
        _marker(palette.UNOBSERVED_LINE, palette.UNOBSERVED_LINE, 0.4),
    )
    return Symbol("fill", (dots, _outline(palette.UNOBSERVED_LINE, "dot")))


def _line(colour: str, width_mm: float, *, alpha: float = 1.0, dash: str = "solid") -> SymbolLayer:
    settings = {"line_color": rgba(colour, alpha), "line_width": f"{width_mm:g}", "line_width_unit": "MM"}
    return SymbolLayer("SimpleLine", settings | {"line_style": dash, "capstyle": "round", "joinstyle": "round"})


def _marker(fill: str, outline: str, size_mm: float) -> Symbol:
    settings = {"name": "circle", "color": rgba(fill), "outline_color": rgba(outline), "outline_width": "0.3"}
    return Symbol("marker", (SymbolLayer("SimpleMarker", settings | {"size": f"{size_mm:g}", "size_unit": "MM"}),))


def _style(rules: Sequence[Rule], *, label_field: str = "") -> str:
    root = Element(
        "qgis", version=VERSION, styleCategories="Symbology|Labeling", labelsEnabled=str(int(bool(label_field)))
    )
    renderer = SubElement(
        root, "renderer-v2", type="RuleRenderer", symbollevels="0", forceraster="0", enableorderby="0"
    )
    tree = SubElement(renderer, "rules", key="rules")
    symbols = SubElement(renderer, "symbols")
    for number, rule in enumerate(rules):
        node = SubElement(tree, "rule", key=f"rule{number}", symbol=str(number), label=rule.label)
        if rule.filter:
            node.set("filter", rule.filter)
        symbols.append(_symbol(rule.symbol, str(number)))
    if label_field:
        root.append(_labelling(label_field))
    SubElement(root, "blendMode").text = "0"
    indent(root)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(root, encoding="unicode") + "\n"


def _symbol(symbol: Symbol, name: str) -> Element:
    made = Element("symbol", type=symbol.kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    for number, layer in enumerate(symbol.layers):
        node = SubElement(made, "layer", {"class": layer.cls, "enabled": "1", "locked": "0", "pass": "0"})
        node.append(_options(layer.settings))
        if layer.inner is not None:
            node.append(_symbol(layer.inner, f"@{name}@{number}"))
    return made


def _options(settings: dict[str, str]) -> Element:
    options = Element("Option", type="Map")
    for name, value in settings.items():
        SubElement(options, "Option", type="QString", name=name, value=value)
    return options


def _labelling(field: str) -> Element:
    """Names with a white halo, right of their dots where there is room."""
    labelling = Element("labeling", type="simple")
    settings = SubElement(labelling, "settings", calloutType="simple")
    text = SubElement(
        settings,
        "text-style",
        fieldName=field,
        isExpression="0",
        fontFamily="DejaVu Sans",
        fontSize="8",
        fontSizeUnit="Point",
        textColor=rgba(palette.INK),
        textOpacity="1",
    )
    halo = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM", "bufferOpacity": "0.9"}
    SubElement(text, "text-buffer", halo | {"bufferColor": rgba(palette.PAPER), "bufferJoinStyle": "128"})
    SubElement(settings, "placement", placement="6", dist="1", distUnits="MM", priority="5")
    SubElement(settings, "rendering", obstacle="1", displayAll="0", scaleVisibility="0")
    return labelling
