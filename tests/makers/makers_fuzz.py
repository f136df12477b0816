"""Bad files built to shape: a maker's good file, then a few wrongs where they hurt, then perhaps some in the bytes."""

from __future__ import annotations

import copy
import io
import json
import random
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import makers_files as good
import shapely

from isofront.errors import IsofrontError
from isofront.makers import Wish, map_of
from isofront.makers.opened import open_map, opened_bytes

SLOWEST_S = 1.0
NASTY: tuple[Any, ...] = (
    None, True, "", "x", "NaN", "1e999", -1, 0, 1e308, 1e-308, 10**400, 2**63, 181.0, -91, 500_000.0, 5e6, [], {}, [[]],
    [[[]]], {"type": "Polygon"}, "\u202e<b>\x00</b>", "Z" * 3_000, "1527-01-01", "2202-01-01", 15_270_101, -10**15,
    [[179.9, 0], [-179.9, 0], [-179.9, 1], [179.9, 0]], [[1, 2], [1, 2, 3], [3, 4, 5, 6], [1, 2]], [[48, 37]] * 4,
    {"type": "GeometryCollection", "geometries": []}, {"type": "Point", "coordinates": [1, 2]},
)  # fmt: skip

ENTITIES = '<!DOCTYPE kml [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


@dataclass(frozen=True)
class Case:
    """A reader's good file: its name, what it holds, and how it becomes bytes."""

    reader: str
    name: str
    document: Any
    count: Callable[[bytes], int]


def count_features(content: bytes) -> int:
    """How many things a JSON map holds, if it is one still."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return 0
    if isinstance(document, list):
        return 0
    for way in (("map", "features"), ("value", "features"), ("fields",), ("features",)):
        found = document
        for step in way:
            found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, list | dict):
            return len(found)
    return 0


def count_placemarks(content: bytes) -> int:
    return len(re.findall(rb"<Placemark>.*?</Placemark>", content, re.DOTALL))


def cases() -> tuple[Case, ...]:
    return (
        Case("deepstate", "last.json", good.deepstate_last(), count_features),
        Case("deepstate", "1762290000.geojson", good.deepstate_old(), count_features),
        Case("deepstate-daily", "deepstatemap_data_20251104.geojson", good.daily(), count_features),
        Case("nzz", "2025-11-04.json", good.nzz(), count_features),
        Case("isw", "VIEW_RussiaCoTinUkraine_V3.json", good.esri(wkid=4326), count_features),
        Case("isw", "AssessedRussianAdvance.geojson", good.isw_geojson(), count_features),
        Case("liveuamap", "1762290000.json", good.liveuamap(), count_features),
        Case("layers", "own.geojson", good.plain(), count_features),
        Case("kml", "mapper.kml", good.mapper_kml(), count_placemarks),
        Case("kmz", "mapper.kmz", good.mapper_kml(), lambda _: 0),
        Case("viina", "control.csv", good.VIINA, lambda _: 0),
    )


def bad_files(case: Case, n: int, seed: int) -> Iterator[bytes]:
    """So many bad files of a case."""
    rng = random.Random(f"{case.name} {seed}")
    for _ in range(n):
        if isinstance(case.document, str):
            content = _bad_text(rng, case.document).encode("utf-8", "surrogatepass")
        else:
            content = _bad_json(rng, case.document)
        if case.reader == "kmz":
            content = _bad_zip(rng, content)
        yield _bad_bytes(rng, content) if rng.random() < 0.3 else content


def _bad_json(rng: random.Random, document: Any) -> bytes:
    wrong = json.loads(json.dumps(document))
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        ways = list(_ways(wrong))
        if ways:
            _spoil(rng, wrong, rng.choice(ways))
    text = json.dumps(wrong, ensure_ascii=rng.random() < 0.5)
    if rng.random() < 0.1:
        text = re.sub(
            r"\b4\d(\.\d+)?\b", lambda _: rng.choice(("NaN", "Infinity", "-Infinity", "1e999", "00")), text, count=1
        )
    return text.encode("utf-8", "surrogatepass")


def _ways(holder: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every way into a document; coordinates are met as often as the rest by going no deeper than some."""
    inside = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
    for key, value in inside:
        yield (*way, key)
        yield from _ways(value, (*way, key))


def _spoil(rng: random.Random, document: Any, way: tuple[Any, ...]) -> None:
    holder = document
    for step in way[:-1]:
        holder = holder[step]
    key = way[-1]
    what = rng.randrange(8)
    if what == 0:
        del holder[key]
    elif what == 1 and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    elif what == 2 and isinstance(holder[key], list):
        del holder[key][rng.randrange(len(holder[key]) + 1) :]
    elif what == 3 and isinstance(holder[key], list):
        rng.shuffle(holder[key])
    elif what == 4:
        for _ in range(rng.choice((1, 9, 60))):
            holder[key] = rng.choice(([holder[key]], {"type": "GeometryCollection", "geometries": [holder[key]]}))
    elif what == 5 and isinstance(holder[key], list) and holder[key] and isinstance(holder[key][0], list):
        holder[key] = [[rng.uniform(30, 50), rng.uniform(30, 50)] for _ in range(rng.choice((3, 40, 200)))]
    elif what == 6 and isinstance(holder[key], float | int):
        holder[key] = rng.uniform(-200, 200)
    else:
        holder[key] = copy.deepcopy(rng.choice(NASTY))


def _bad_text(rng: random.Random, text: str) -> str:
    """XML and tables: elements, cells and numbers cut, doubled, moved or replaced."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        spans = [found.span() for found in re.finditer(r"<[^>]+>[^<]*|[^,\n<>]+", text)] or [(0, len(text))]
        a, b = rng.choice(spans)
        what = rng.randrange(6)
        if what == 0:
            text = text[:a] + text[b:]
        elif what == 1:
            text = text[:b] + text[a:b] * rng.choice((1, 3, 250)) + text[b:]
        elif what == 2:
            text = text[:a] + text[min(b, a + 1) :]
        elif what == 3:
            text = text[:a] + str(rng.choice(NASTY))[:4_000] + text[b:]
        elif what == 4:
            text = text.replace("?>", f"?>{ENTITIES}", 1)
        else:
            text = (
                text[:a]
                + rng.choice(("NaN,48", "inf,inf", "1e999,2", "200,95", "48,37,0", "&b;", "<", '"', "\0"))
                + text[b:]
            )
    return text


def _bad_zip(rng: random.Random, content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
        for name in rng.sample(
            ("doc.kml", "../up.kml", "/etc/x.kml", "a/b.kml", "C:\\x.kml", "pic.png", "x.shp"), k=rng.randint(1, 3)
        ):
            archive.writestr(name, content if rng.random() < 0.9 else b" " * 3_000_000)
    return held.getvalue()


def _bad_bytes(rng: random.Random, content: bytes) -> bytes:
    what = rng.randrange(7)
    at = rng.randrange(len(content) + 1)
    if what == 0:
        return content[:at]
    if what == 1:
        return content[:at] + bytes(rng.randrange(256) for _ in range(rng.randint(1, 6))) + content[at:]
    if what == 2:
        return content[:at] + content[at + rng.randint(1, 9) :]
    if what == 3:
        return content.decode("utf-8", "replace").encode("utf-16")
    if what == 4:
        return b"\xef\xbb\xbf" + content
    if what == 5:
        return content.decode("utf-8", "replace").encode("cp1251", "replace")
    flipped = bytearray(content)
    for _ in range(rng.randint(1, 5)):
        if flipped:
            flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
    return bytes(flipped)


def judged(case: Case, content: bytes, wish: Wish) -> str:
    """What became of a bad file: read or refused; a crash, a hang or a silent loss is an error.

    Raises:
        AssertionError: what it must not do.
    """
    began = time.process_time()
    try:
        read = map_of(opened_bytes(content, name=case.name), wish=wish)
    except IsofrontError as fault:
        said = str(fault)
        assert said.isprintable() or "\n" not in said
        assert len(said) < 900, said
        read = None
    took = time.process_time() - began
    assert took < SLOWEST_S, f"{took:.1f} s"
    if read is None:
        return "refused"
    for area in read.areas:
        assert area.geometry.is_valid
        west, south, east, north = shapely.bounds(area.geometry)
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90
    broken_off = any("what follows is lost" in reject.reason for reject in read.rejects)
    assert broken_off or read.n_read >= case.count(content), "a silent loss"
    return "read"


def judged_layer(path: Path) -> str:
    """The same of a file that GDAL or Arrow reads."""
    began = time.process_time()
    try:
        read = map_of(open_map(path))
        assert all(area.geometry.is_valid for area in read.areas)
        found = "read"
    except IsofrontError:
        found = "refused"
    assert time.process_time() - began < SLOWEST_S
    return found
