# ruff: noqa: E501 - rows of tables are as long as they are
"""Bad files of every feed, built to shape: a good file, a few wrongs where they hurt, perhaps some in the bytes."""

from __future__ import annotations

import io
import json
import random
import re
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import feeds_files as good
from makers_fuzz import _bad_bytes, _bad_json, _bad_zip

from isofront.errors import IsofrontError
from isofront.feeds import Event, Fault, LeftOut
from isofront.feeds.writing import EventWriter

SLOWEST_S = 1.0
CELLS = (
    "", " ", "NaN", "inf", "-inf", "1e999", "1e308", "0", "-0", "181", "-91", "999999999999", "48,5", "1_000", "0x10", "1527-01-01", "2202-01-01",
    "31/02/2031", "13/13/2031", "not a date", "20310230", "99999999", "\u202e<b>x</b>", "<script>alert(1)</script>", "=cmd|' /C calc'!A0",
    '"', '""', ';', ",", "\t", "\x00", "\ufeff", "Z" * 5_000, "🛰" * 50, "admiralty-scale:source-reliability=\"z\"", "SIMULATED",
    "9" * 400, "../../etc/passwd", "&lt;b&gt;", "http://" + "a" * 4_000, "\u0661\u0662", "[unit]", "(" * 200, "1 MAY 0000", "00:99",
)  # fmt: skip


def names() -> tuple[str, ...]:
    return tuple(good.FILES)


def bad_files(name: str, n: int, seed: int) -> Iterator[bytes]:
    """So many bad files of a shape."""
    rng = random.Random(f"{name} {seed}")
    content = good.FILES[name][1]
    for _ in range(n):
        if name.endswith(".csv"):
            wrong = _bad_table(rng, content.decode()).encode("utf-8", "surrogatepass")
        elif name.endswith("json"):
            wrong = _bad_json(rng, json.loads(content))
        else:
            wrong = _bad_xml(rng, good.KML).encode("utf-8", "surrogatepass")
            wrong = _bad_zip(rng, wrong) if name.endswith(".kmz") else wrong
        yield _bad_bytes(rng, wrong) if rng.random() < 0.3 else wrong


def _bad_table(rng: random.Random, text: str) -> str:
    """Cells replaced, lines doubled, moved, cut or put together, delimiters changed; seldom in the line of names."""
    lines = text.split("\n")
    mark = ";" if ";" in lines[0] else ","
    for _ in range(rng.choice((1, 1, 2, 4, 9))):
        at = 0 if rng.random() < 0.05 else rng.randrange(len(lines))
        what, cells = rng.randrange(9), lines[at].split(mark)
        if what < 5:
            cells[rng.randrange(len(cells))] = rng.choice(CELLS)
            lines[at] = mark.join(cells)
        elif what == 5:
            lines.insert(at, lines[at])
        elif what == 6:
            lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
        elif what == 7:
            rng.shuffle(cells)
            lines[at] = mark.join(cells) if at else lines[at]
        else:
            lines[at] = lines[at] + rng.choice((mark, '"', "\r", mark * 300))
    return "\n".join(lines)


def _bad_xml(rng: random.Random, text: str) -> str:
    for _ in range(rng.choice((1, 1, 2, 4))):
        a, b = rng.choice([found.span() for found in re.finditer(r"<[^>]+>[^<]*|[^,\n<>]+", text)] or [(0, len(text))])
        what = rng.randrange(5)
        if what == 0:
            text = text[:a] + text[b:]
        elif what == 1:
            text = text[:b] + text[a:b] * rng.choice((1, 3, 250)) + text[b:]
        elif what == 2:
            text = text[:a] + rng.choice(CELLS) + text[b:]
        elif what == 3:
            text = text.replace("?>", '?><!DOCTYPE kml [<!ENTITY a "aa"><!ENTITY c SYSTEM "file:///etc/passwd">]>', 1)
        else:
            text = text[:a] + rng.choice(("NaN,48", "200,95", "&c;", "<", "]]>")) + text[b:]
    return text


def judged(name: str, content: bytes) -> str:
    """What became of a bad file: read or refused. A crash, a hang, a silent loss or a row that is none is an error."""
    began, out = time.process_time(), io.BytesIO()
    entries: list[Any] = []
    try:
        feeding = good.opened(content, name)
        with EventWriter(out, source=feeding.source, weather=feeding.feed == "weather") as writer:
            for entry in feeding.entries:
                entries.append(entry)
                writer.take(entry)
            writer.flush()
            left = b"".join(writer.leftovers(feeding, file=name, crosswalks=[]))
    except IsofrontError as fault:
        assert "\n" not in str(fault), f"a message of several lines: {fault}"  # noqa: PT017
        assert len(str(fault)) < 1_500, "an endless message"  # noqa: PT017
        return _in_time("refused", began)
    _check(entries, writer, left)
    _check_rows(name, content, writer.tally.entries, feeding.notes)
    return _in_time("read", began)


def _check(entries: list[Any], writer: EventWriter, left: bytes) -> None:
    tally = writer.tally
    assert tally.entries == tally.events + tally.rejected + sum(tally.left_out.values())
    told = json.loads(left.decode())
    assert len(told["rejects"]) == tally.rejected == sum(isinstance(one, Fault) for one in entries)
    assert sum(told["left_out"].values()) == sum(isinstance(one, LeftOut) for one in entries)
    for event in (one for one in entries if isinstance(one, Event)):
        assert -180 <= event.lon <= 180, event
        assert -90 <= event.lat <= 90, event
        assert 50 <= event.error_m <= 100_000, event
        assert event.seen in ("", "red", "blue"), event
        assert not event.note or ("<" not in event.note or ">" not in event.note), event
        assert "SIMULATED" not in event.note, event


def _check_rows(name: str, content: bytes, n: int, notes: list[str]) -> None:
    """Where lines are rows beyond doubt: as many were taken as the file has below the names."""
    if (
        not name.endswith(".csv")
        or not content.isascii()
        or any(byte in content for byte in b'"\r\0\x0b\x0c\x1c\x1d\x1e')
    ):
        return
    above = next((int(note.split()[1]) for note in notes if " above the column names" in note), 0)
    lines = [line for line in content.split(b"\n")[above + 1 :] if line.strip()]
    assert n == len(lines), f"{len(lines)} rows, of which {n} were taken"


def _in_time(what: str, began: float) -> str:
    took = time.process_time() - began
    assert took < SLOWEST_S, f"took {took:.1f} s"
    return what


def bomb() -> bytes:
    """A KMZ of a few kilobytes that unpacks to far more than a map of events ever was."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b" " * 60_000_000)
    return held.getvalue()
