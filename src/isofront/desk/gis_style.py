"""What QGIS reads about a layer from the GeoPackage itself: how it is drawn, its form, its lists to choose from.

A style of QGIS (QML) in the table `layer_styles`. A list is an edit widget of the type ValueMap: a list of maps, each
from a label to a value, and one that stands for NULL.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from defusedxml.ElementTree import fromstring

from isofront.desk.gis_columns import AREAS, EDGES, REPORTS, Column, GisLayer
from isofront.publish.palette import rgba, side_colours
from isofront.publish.qml import styles
from isofront.publish.sheet import Sheet

NULL = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"
"""What QGIS writes in a list for NULL."""
_DRAWN = {AREAS: "areas", EDGES: "front", REPORTS: "reports"}
"""Layers that look like those of a map."""


def gis_styles(layers: tuple[GisLayer, ...], sheet: Sheet) -> dict[str, str]:
    """Layer name to its QML."""
    known = styles(sheet)
    return {layer.name: _styled(layer, known, sheet) for layer in layers}


def _styled(layer: GisLayer, known: dict[str, str], sheet: Sheet) -> str:
    drawn = _DRAWN.get(layer.name)
    root = fromstring(known[drawn]) if drawn else _proposals(sheet)
    if layer.name == AREAS:
        _by_class(root)
    root.set("styleCategories", "Symbology|Labeling|Fields|Forms")
    for part in _form(layer):
        root.append(part)
    indent(root)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(root, encoding="unicode") + "\n"


def _by_class(root: Element) -> None:
    """The rules of `areas` ask for columns of the map's layer; here one column says whose ground it is."""
    for rule in root.iter("rule"):
        rule.set("filter", rule.get("filter", "").replace('"class"', '"becomes"').replace('"side"', '"becomes"'))


def _proposals(sheet: Sheet) -> Element:
    """Outlines, dashed, in the colour of whom the ground would go to; dark where it would be grey."""
    root = Element("qgis", version="3.28.0", labelsEnabled="0")
    colours = {one.side: one.line for one in side_colours(sheet.theatre)} | {"grey": "#444444"}
    renderer = SubElement(root, "renderer-v2", type="categorizedSymbol", attr="becomes", enableorderby="0")
    categories, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    for number, (name, colour) in enumerate(colours.items()):
        SubElement(categories, "category", value=name, symbol=str(number), label=f"to {name}", render="true")
        symbols.append(_outline(str(number), colour))
    SubElement(root, "blendMode").text = "0"
    return root


def _outline(name: str, colour: str) -> Element:
    symbol = Element("symbol", type="fill", name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    layer = SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1", "locked": "0", "pass": "0"})
    options = SubElement(layer, "Option", type="Map")
    settings = {
        "color": rgba(colour, 0.12), "style": "solid", "outline_color": rgba(colour), "outline_style": "dash",
        "outline_width": "0.8", "outline_width_unit": "MM",
    }  # fmt: skip
    for key, value in settings.items():
        SubElement(options, "Option", type="QString", name=key, value=value)
    return symbol


def _form(layer: GisLayer) -> list[Element]:
    fields, aliases, editable = Element("fieldConfiguration"), Element("aliases"), Element("editable")
    for number, column in enumerate(layer.columns):
        field = SubElement(fields, "field", name=column.name, configurationFlags="None")
        field.append(_widget(column))
        SubElement(aliases, "alias", index=str(number + 1), field=column.name, name=column.alias)
        SubElement(editable, "field", name=column.name, editable=str(int(column.editable)))
    return [fields, aliases, editable]


def _widget(column: Column) -> Element:
    widget = Element("editWidget", type="ValueMap" if column.values else "TextEdit")
    options = SubElement(SubElement(widget, "config"), "Option", type="Map")
    if column.values:
        listed = SubElement(options, "Option", type="List", name="map")
        for value, label in ((NULL, "<NULL>"), *column.values):
            SubElement(SubElement(listed, "Option", type="Map"), "Option", type="QString", name=label, value=value)
    else:
        SubElement(options, "Option", type="bool", name="IsMultiline", value=str(column.lines).lower())
        SubElement(options, "Option", type="bool", name="UseHtml", value="false")
    return widget
