"""OpenStreetMap files made here: the same nodes and ways as XML and as protocol buffers."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import quoteattr

Node = tuple[float, float]


@dataclass(frozen=True)
class Drawn:
    """One way: numbers of nodes, and tags."""

    nodes: Sequence[int]
    tags: dict[str, str] = field(default_factory=dict)


def osm_xml(nodes: Sequence[Node], ways: Sequence[Drawn]) -> bytes:
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6" generator="test">']
    lines += [f'<node id="{n}" lon="{lon!r}" lat="{lat!r}"/>' for n, (lon, lat) in enumerate(nodes, 1)]
    for number, way in enumerate(ways, 1):
        refs = "".join(f'<nd ref="{node + 1}"/>' for node in way.nodes)
        tags = "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in way.tags.items())
        lines.append(f'<way id="{number}">{refs}{tags}</way>')
    return "\n".join([*lines, "</osm>", ""]).encode()


def osm_pbf(nodes: Sequence[Node], ways: Sequence[Drawn]) -> bytes:
    """The same in the binary form: one header and one block of data, nodes in dense form (wiki: PBF Format)."""
    words = [b"", *sorted({text.encode() for way in ways for pair in way.tags.items() for text in pair})]
    index = {word: number for number, word in enumerate(words)}
    table = b"".join(_bytes(1, word) for word in words)
    lon, lat = ([round(node[axis] * 1e7) for node in nodes] for axis in (0, 1))
    dense = _packed(1, _deltas(range(1, len(nodes) + 1))) + _packed(8, _deltas(lat)) + _packed(9, _deltas(lon))
    ways_group = b"".join(_bytes(3, _way(number, way, index)) for number, way in enumerate(ways, 1))
    block = _bytes(1, table) + _bytes(2, _bytes(2, dense)) + _bytes(2, ways_group)
    header = _bytes(4, b"OsmSchema-V0.6") + _bytes(4, b"DenseNodes")
    return _blob(b"OSMHeader", header) + _blob(b"OSMData", block)


def _way(number: int, way: Drawn, index: dict[bytes, int]) -> bytes:
    keys, values = ([index[text.encode()] for text in some] for some in (way.tags.keys(), way.tags.values()))
    refs = _deltas([node + 1 for node in way.nodes])
    return _key(1, 0) + _varint(number) + _packed(2, keys) + _packed(3, values) + _packed(8, refs)


def _blob(kind: bytes, content: bytes) -> bytes:
    blob = _key(2, 0) + _varint(len(content)) + _bytes(3, zlib.compress(content))
    header = _bytes(1, kind) + _key(3, 0) + _varint(len(blob))
    return struct.pack(">I", len(header)) + header + blob


def _deltas(numbers: Iterable[int]) -> list[int]:
    """Zigzag of each number less the one before."""
    steps = [b - a for a, b in pairwise([0, *numbers])]
    return [2 * step if step >= 0 else -2 * step - 1 for step in steps]


def _varint(number: int) -> bytes:
    parts = []
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes([*parts, number])


def _key(field_number: int, wire: int) -> bytes:
    return _varint(field_number << 3 | wire)


def _bytes(field_number: int, content: bytes) -> bytes:
    return _key(field_number, 2) + _varint(len(content)) + content


def _packed(field_number: int, numbers: Iterable[int]) -> bytes:
    return _bytes(field_number, b"".join(_varint(number) for number in numbers))
