"""`add --approved`: a user's own dated maps become approved maps, and the last of them the map to start from."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely

from isofront.cli import main
from isofront.errors import UsageError
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import ApprovedMap, read_approved, read_history
from isofront.intake_maps import restarted
from isofront.theatre import dump, load

DAYS = ("2020-05-03", "2020-05-10", "2020-05-17")
CROSSWALK = """maker = "our-desk"
version = "2020-06-01"
reads = "layers"
date = "seen_on"
[[rules]]
when = { status = "ours" }
class = "held"
side = "red"
[[rules]]
when = { status = "contested" }
class = "grey"
[[rules]]
when = { status = "raid" }
class = "infiltration"
side = "red"
"""


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return shapely.geometry.mapping(shapely.box(west, south, east, north))


def history(path: Path, *more: dict[str, Any]) -> Path:
    """A layer of three dates: held ground that grows, grey beyond it, a raid farther on."""
    found = list(more)
    for number, day in enumerate(DAYS):
        east = 20.3 + 0.1 * number
        for status, shape in (
            ("ours", box(19.9, 44.9, east, 45.7)),
            ("contested", box(east, 45.2, east + 0.1, 45.4)),
            ("raid", box(east + 0.2, 45.2, east + 0.3, 45.4)),
        ):
            found.append({"type": "Feature", "properties": {"status": status, "seen_on": day}, "geometry": shape})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": found}), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, theatre: Any) -> Path:
    early = dump(theatre).replace("2031-01-01T00:00:00Z", "2020-05-01T00:00:00Z  # when we began")
    (tmp_path / "theatre.toml").write_text(early, encoding="utf-8")
    (tmp_path / "ours.toml").write_text(CROSSWALK, encoding="utf-8")
    shape = {"type": "Feature", "properties": {}, "geometry": box(19.9, 44.9, 20.2, 45.7)}
    (tmp_path / "anchor.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [shape]}))
    return tmp_path


Typed = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def typed(folder: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    def run(*words: str) -> tuple[int, dict[str, Any], str]:
        code = main(["add", *words, "--theatre", str(folder), "--approved", "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out), said.err

    return run


def approved(folder: Path) -> dict[datetime, ApprovedMap]:
    with Ledger.open(ledger_path(folder)) as ledger:
        return {one.as_of: read_approved(ledger, n) for n, one in read_history(ledger).approvals}


def test_every_date_becomes_an_approved_map_with_classes_and_sides_and_the_last_is_where_maps_start(folder, typed):
    source = history(folder / "ours.geojson")
    code, said, err = typed(str(source), "--by", "kim", "--crosswalk", str(folder / "ours.toml"))
    assert (code, len(said["approved"]), said["starts_from"]) == (0, 3, "2020-05-17T00:00:00Z")
    assert "do not say who holds the ground" in err
    for one in approved(folder).values():
        assert [area.side for area in one.areas] == ["red", "blue", None]
    theatre = load(folder)
    assert (theatre.anchor.file, theatre.anchor.date) == (
        "anchor-2020-05-17.geojson",
        datetime(2020, 5, 17, tzinfo=UTC),
    )
    assert (folder / "anchor.geojson").exists()
    assert "# when we began" in (folder / "theatre.toml").read_text(encoding="utf-8")


def test_grey_is_not_the_defenders_and_the_map_starts_from_what_was_approved(folder, typed):
    from isofront.engine import ground_of

    typed(str(history(folder / "ours.geojson")), "--by", "kim", "--crosswalk", str(folder / "ours.toml"))
    last = approved(folder)[datetime(2020, 5, 17, tzinfo=UTC)]
    areas = {area.side: area for area in ground_of(folder).areas}
    assert {side: area.geometry.area for side, area in areas.items()} == pytest.approx(
        {one.side: shapely.MultiPolygon([(r[0], r[1:]) for r in one.polygons]).area for one in last.areas}
    )
    assert areas[None].geometry.area == pytest.approx(7.9 * 22.2, rel=0.02)


def test_a_map_of_a_past_day_is_known_at_the_end_of_that_day_and_says_that_this_is_inferred(folder, typed):
    typed(str(history(folder / "ours.geojson")), "--by", "kim", "--crosswalk", str(folder / "ours.toml"))
    with Ledger.open(ledger_path(folder)) as ledger:
        told = [one for _, one in read_history(ledger).approvals]
    assert [one.known_at for one in told] == [datetime(2020, 5, day, 23, 59, 59, tzinfo=UTC) for day in (3, 10, 17)]
    assert all(one.known_inferred and one.by == "kim" for one in told)


def test_the_same_maps_again_add_nothing_and_an_earlier_map_does_not_move_the_start(folder, typed):
    words = (str(history(folder / "ours.geojson")), "--by", "kim", "--crosswalk", str(folder / "ours.toml"))
    typed(*words)
    before = (folder / "theatre.toml").read_bytes()
    code, said, _ = typed(*words)
    assert (code, said["approved"], said["duplicates"], said["starts_from"]) == (0, [], 3, None)
    assert (folder / "theatre.toml").read_bytes() == before


def test_line_ends_of_windows_and_remarks_stay_in_the_theatre_file(folder, typed):
    file = folder / "theatre.toml"
    text = file.read_text(encoding="utf-8").replace("[anchor]", "[anchor]  # ours")
    file.write_bytes(text.replace("\n", "\r\n").encode())
    before = file.read_bytes()
    code, said, _ = typed(
        str(history(folder / "ours.geojson")), "--by", "kim", "--crosswalk", str(folder / "ours.toml")
    )
    assert (code, said["starts_from"]) == (0, "2020-05-17T00:00:00Z")
    changed = before.replace(b"anchor.geojson", b"anchor-2020-05-17.geojson").replace(b"2020-05-01T", b"2020-05-17T")
    assert file.read_bytes() == changed


def test_a_kml_with_a_folder_a_day_and_what_read_map_wrote_are_read_as_they_are(folder, typed, capsys):
    def folder_of(day: str, east: float) -> str:
        ring = f"20.0,45.0 {east},45.0 {east},45.6 20.0,45.6 20.0,45.0"
        mark = f"<Placemark><name>ours</name><Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates>"
        return f"<Folder><name>{day}</name>{mark}</LinearRing></outerBoundaryIs></Polygon></Placemark></Folder>"

    kml = folder / "ours.kml"
    days = "".join(folder_of(day, 20.4 + 0.1 * n) for n, day in enumerate(DAYS))
    kml.write_text(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{days}</Document></kml>', encoding="utf-8")
    rules = CROSSWALK.replace('reads = "layers"\ndate = "seen_on"', 'reads = "kml"').replace("status", "name")
    (folder / "kml.toml").write_text(rules, encoding="utf-8")
    own = folder / "own.geojson"
    assert main(["read-map", str(kml), "--crosswalk", str(folder / "kml.toml"), "--out", str(own)]) == 0
    capsys.readouterr()
    code, said, _ = typed(str(own), "--by", "kim")
    assert (code, [when[:10] for when in said["approved"]]) == (0, list(DAYS))
    code, said, _ = typed(str(kml), "--by", "kim", "--crosswalk", str(folder / "kml.toml"))
    assert (code, said["approved"], said["duplicates"]) == (0, [], 3)


def test_what_cannot_be_used_is_told_and_the_rest_recorded(folder, typed):
    far = {"type": "Feature", "properties": {"status": "ours", "seen_on": "2020-05-04"}, "geometry": box(1, 1, 2, 2)}
    lake = {"type": "Feature", "properties": {"status": "lake", "seen_on": "2020-05-04"}, "geometry": box(1, 1, 2, 2)}
    bare = {"type": "Feature", "properties": {"status": "ours"}, "geometry": box(20, 45, 20.2, 45.2)}
    source = history(folder / "ours.geojson", far, lake, bare)
    code, said, _ = typed(str(source), "--by", "kim", "--crosswalk", str(folder / "ours.toml"))
    reasons = " ".join(one["reason"] for one in said["rejects"])
    assert (code, len(said["approved"]), said["unmapped"]) == (0, 3, {"status lake": 1})
    assert "map of 2020-05-04" in reasons
    assert "has no date" in reasons


def test_a_map_without_a_date_is_told_with_its_file_and_without_options_that_add_does_not_have(folder, capsys):
    bare = {"type": "Feature", "properties": {"class": "held", "side": "red"}, "geometry": box(20, 45, 20.2, 45.2)}
    source = folder / "bare.geojson"
    source.write_text(json.dumps({"type": "FeatureCollection", "features": [bare]}), encoding="utf-8")
    assert main(["add", str(source), "--theatre", str(folder), "--approved", "--by", "kim"]) == 3
    told = capsys.readouterr().err
    assert "bare.geojson: has no date" in told
    assert "--date" not in told


def test_wrong_use_is_exit_2_and_nothing_is_written(folder, typed):
    source = str(history(folder / "ours.geojson"))
    assert typed(source)[0] == 2
    assert typed(source, "--by", "kim", "--backfill")[0] == 2
    assert main(["add", source, "--theatre", str(folder), "--by", "kim"]) == 2
    assert not ledger_path(folder).exists()


def test_a_theatre_file_written_another_way_is_left_to_its_author(theatre):
    text = dump(theatre)
    head, _, rest = text.partition("[anchor]")
    inline = 'anchor = { file = "anchor.geojson", date = 2031-01-01T00:00:00Z, holder = "red" }\n'
    when = datetime(2031, 2, 1, 6, 30, tzinfo=UTC)
    assert load_text(restarted(text, theatre, when)).anchor.file == "anchor-2031-02-01T0630Z.geojson"
    with pytest.raises(UsageError, match="set it by hand"):
        restarted(
            head.replace("protected_sides", inline + "protected_sides", 1) + rest[rest.find("\n[") :], theatre, when
        )


def load_text(text: str) -> Any:
    from isofront.theatre import parse

    return parse(text)
