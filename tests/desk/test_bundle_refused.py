"""Bundles that are cut off, changed, of another theatre or hold what cannot be."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import msgspec
import pytest
from bundled import add, decide, decided, into, out, rewritten, told

from isofront.errors import BadInputError, IntegrityError
from isofront.evidence.bundle import open_bundle
from isofront.evidence.decision import Approval, ApprovedMap
from isofront.evidence.entry_faults import entry_fault

LAST = "9999-12-31T23:59:59"


def test_another_theatre_is_refused_by_name(ledgers, tmp_path):
    file = out(ledgers[0], tmp_path / "b")
    with pytest.raises(BadInputError, match="theatre 'vale', and this is 'strait'"):
        open_bundle(file, theatre="strait", sides=("red", "blue"))
    with pytest.raises(BadInputError, match="has the sides red, blue, this one red, green"):
        open_bundle(file, theatre="vale", sides=("red", "green"))


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_a_bundle_that_was_cut_off_is_refused(ledgers, tmp_path, keep):
    add(ledgers[0], *(told(f"r-{n}", place=n) for n in range(40)))
    file = out(ledgers[0], tmp_path / "b")
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(IntegrityError, match=r"cut off|ends early"):
        into(ledgers[1], file)
    plain = gzip.decompress(whole).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(plain[:-1])))
    with pytest.raises(IntegrityError, match="ends early"):
        into(ledgers[1], file)


def test_changed_bytes_are_refused(ledgers, tmp_path):
    add(ledgers[0], told("r-1"))
    file = out(ledgers[0], tmp_path / "b")
    plain = gzip.decompress(file.read_bytes())
    file.write_bytes(gzip.compress(plain.replace(b"45.3", b"45.4")))
    with pytest.raises(IntegrityError, match="not that of its lines"):
        into(ledgers[1], file)
    file.write_bytes(gzip.compress(plain + b'{"type":"index","refs":[]}\n'))
    with pytest.raises(IntegrityError, match="lines follow"):
        into(ledgers[1], file)
    file.write_bytes(gzip.compress(plain))
    with pytest.raises(IntegrityError, match="wanted abc"):
        open_bundle(file, theatre="vale", sides=("red", "blue"), wanted_sum="abc")


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 a zip", b"\x1f\x8b", gzip.compress(b"../../etc/passwd\n" * 9, mtime=0)],
    ids=["nothing", "a zip", "two bytes of gzip", "gzip of something else"],
)
def test_what_is_no_bundle_is_refused(ledgers, tmp_path, content):
    (tmp_path / "b").write_bytes(content)
    with pytest.raises((BadInputError, IntegrityError)):
        into(ledgers[1], tmp_path / "b")
    assert ledgers[1].count == 0


def test_a_bomb_is_stopped_before_it_fills_the_memory(ledgers, tmp_path, monkeypatch):
    monkeypatch.setattr("isofront.evidence.bundle.MAX_LINE", 100_000)
    (tmp_path / "b").write_bytes(gzip.compress(b" " * 5_000_000))
    with pytest.raises(IntegrityError, match="more than a bundle can hold"):
        into(ledgers[1], tmp_path / "b")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one: one | {"id": "r-2"}, "another's bytes"),
        (lambda one: one | {"id": "x" * 300}, "300 characters"),
        (lambda one: one | {"versions": []}, "without a version"),
        (lambda one: one | {"content": "../../x"}, "wanted hex digits"),
        (lambda one: one | {"versions": [{"report": one["versions"][0]["report"] | {"seen": "green"}}]}, "none of the"),
        (lambda one: one | {"versions": [{"report": one["versions"][0]["report"] | {"lon": 400}}]}, "no place on"),
        (lambda one: one | {"versions": [{"report": one["versions"][0]["report"] | {"error_m": 0}}]}, "error_m 0"),
        (lambda one: one | {"versions": [{"report": one["versions"][0]["report"] | {"reliability": "Z"}}]}, "'Z'"),
        (lambda one: one | {"versions": [{"report": one["versions"][0]["report"] | {"release": "x"}}]}, "release 'x'"),
        (
            lambda one: one | {"versions": [{"report": one["versions"][0]["report"] | {"known_at": f"{LAST}Z"}}]},
            "year 9999",
        ),
        (lambda one: one | {"surprise": 1}, "unknown field"),
    ],
)
def test_a_report_that_cannot_be_is_refused_before_anything_is_written(ledgers, tmp_path, change, said):
    ana, ben = ledgers
    add(ana, told("r-0", place=2), told("r-1"))
    file = out(ana, tmp_path / "b")
    rewritten(file, lambda lines: [change(one) if one.get("id") == "r-1" else one for one in lines])
    with pytest.raises(IntegrityError, match=said):
        into(ben, file)
    assert ben.count == 0


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"ground": {"polygons": [[[[0, 0], [1, 1]]]], "side": "red"}}, "polygons that are none"),
        ({"ground": {"polygons": [[[[0, 0], [1e9, 0], [1, 1], [0, 0]]]], "side": "red"}}, "polygons that are none"),
        ({"ground": {"polygons": [], "side": "green"}}, "side 'green'"),
        ({"crs": "+proj=nonsense"}, "is not known"),
        ({"version": 99}, "version 99"),
        ({"id": "d-2"}, "another's bytes"),
        ({"as_of": "2031-05-01T00:00:00"}, "time without a zone"),
        ({"until": None, "verdict": "extend"}, "missing"),
        ({"more": 1}, "cannot be read"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(ledgers, tmp_path, made, said):
    ana, ben = ledgers
    decide(ana, decided("d-1"))

    def change(lines):
        return [
            one | {"body": json.dumps(json.loads(one["body"]) | made)} if one["type"] == "entry" else one
            for one in lines
        ]

    with pytest.raises(IntegrityError, match=said):
        into(ben, rewritten(out(ana, tmp_path / "b"), change))
    assert ben.count == 0


@pytest.mark.parametrize("place", ["waiting", "asked"])
def test_an_approved_map_with_ground_that_is_none_is_refused(place):
    when = datetime(2031, 5, 1, tzinfo=UTC)
    approval = Approval("a-1", when, when, when, "ana", "seen", "1", 0)
    made = msgspec.structs.replace(ApprovedMap("EPSG:32636", (), (), ()), **{place: ((((0.0, 0.0), (1.0, 1.0)),),)})
    body, raw = (msgspec.json.encode(one).decode() for one in (approval, made))
    assert "polygons that are none" in str(entry_fault("approval", "a-1", body, raw, ("red", "blue")))
