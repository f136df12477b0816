"""Untrusted XML as a tree: no DTD, no entities, nothing fetched, and no deeper or larger than a map can be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from isofront.errors import BadInputError

MAX_DEPTH = 200
MAX_ELEMENTS = 3_000_000
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)


class _Bounded(TreeBuilder):
    """Builds the tree and gives up where no map goes on."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0
        self._open: list[str] = []

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH:
            raise BadInputError(f"elements nested more than {MAX_DEPTH} deep")
        if self._count > MAX_ELEMENTS:
            raise BadInputError(f"more than {MAX_ELEMENTS:,} elements")
        self._open.append(tag)
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        self._open.pop()
        return super().end(tag)

    def close_all(self) -> Element:
        """The tree as it stands, with what is open closed; a Placemark that was not finished is emptied."""
        cut = any(tag.endswith("Placemark") for tag in self._open)
        while self._open:
            self.end(self._open[-1])
        root = self.close()
        if not isinstance(root, Element):
            raise ValueError("no element")
        if cut and (last := list(every(root, "Placemark"))):
            last[-1].clear()
            last[-1].tag = "unfinished"
        return root


def root_of(content: bytes, *, name: str) -> tuple[Element, str | None]:
    """The root of an XML document; of one that breaks off, what was whole, and the fault.

    Raises:
        BadInputError: a web page, a DTD or entities, or no XML.
    """
    if _HTML.search(content[:2000]):
        raise BadInputError(f"{name}: a web page, wanted a map; was it a login or an error page that was saved?")
    builder = _Bounded()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(content)
        return parser.close(), None
    except DefusedXmlException as fault:
        raise BadInputError(
            f"{name}: XML with a DTD or entities, which can read other files or fill the memory: refused"
        ) from fault
    except BadInputError as fault:
        raise BadInputError(f"{name}: {fault}, wanted a KML file") from fault
    except (ParseError, ValueError, LookupError) as fault:
        return _what_is_whole(builder, name=name, fault=str(fault))


def _what_is_whole(builder: _Bounded, *, name: str, fault: str) -> tuple[Element, str | None]:
    """The tree up to where the document broke: elements that were not closed there are closed."""
    try:
        return builder.close_all(), f"the XML breaks off or is damaged ({fault}): what follows is lost"
    except (AssertionError, IndexError, ValueError) as nothing:
        raise BadInputError(f"{name}: not XML that can be read ({fault}), wanted a KML file") from nothing


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Element, *names: str) -> Element | None:
    """The first child on a way of names."""
    found: Element | None = element
    for name in names:
        found = next((one for one in found if local(one) == name), None) if found is not None else None
    return found


def text_of(element: Element, *names: str, most: int = 2_000) -> str:
    """The text at the end of a way of names, bare of space round it."""
    found = child(element, *names)
    return (found.text or "")[:most].strip() if found is not None else ""


def every(element: Element, name: str) -> Iterator[Element]:
    """Every element of a name, however deep."""
    return (one for one in element.iter() if local(one) == name)
