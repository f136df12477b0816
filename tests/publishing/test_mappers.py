"""Another mapper's map beside ours: on whose terms, of which day, what is taken; without the key nothing changes."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from engine_war import polygon, ring
from publishing_war import DAY, NOW, made, published, released
from second_map import CRS, WIDE, box, chosen, second_map, told_of

from isofront.cli import main
from isofront.engine.edition import Asked, Made
from isofront.engine.ground import ground_of
from isofront.engine.mappers import newest_allowed, other_maps, told
from isofront.engine.publish import Release
from isofront.engine.site import edition_of, pull_edition, rebuilt
from isofront.errors import BadInputError, TheatreError
from isofront.ground.grid import to_lonlat
from isofront.publish.mappers import mapper_record
from isofront.publish.packed import unpacked
from isofront.publish.page import embedded
from isofront.theatre import load, parse
from isofront.theatre.model import Mapper, Policy


@dataclass(frozen=True)
class Beside:
    """The small war with a second mapper of three days, the last of them after ours; what it releases; its edition."""

    war: Path
    release: Release
    made: Made

    @property
    def files(self) -> dict[str, bytes]:
        return self.made.files


@pytest.fixture(scope="session")
def beside(plain_war: Path, tmp_path_factory: pytest.TempPathFactory) -> Beside:
    war = Path(shutil.copytree(plain_war, tmp_path_factory.mktemp("beside") / "war"))
    for day, shift in (("2024-05-20", 0.02), ("2024-05-24", WIDE), ("2024-05-26", 0.1)):
        second_map(war / "theirs", day, shift=shift)
    told_of(war)
    release = released(war)
    return Beside(war, release, edition_of(release, Asked()))


@pytest.fixture
def two(beside: Beside, tmp_path: Path) -> Path:
    """A copy of it to write to."""
    return Path(shutil.copytree(beside.war, tmp_path / "two"))


def head_of(files: dict[str, bytes]) -> dict[str, Any]:
    (date,) = json.loads(files["page.json"])["dates"]
    (head,) = date["public"]["mappers"]
    return dict(head)


def areas_of(files: dict[str, bytes], layer: str = "areas") -> list[dict[str, Any]]:
    (one,) = json.loads(files["mappers.json"])["mappers"]
    return list(unpacked(one["shapes"])[layer]["features"])


def test_the_newest_map_that_is_no_fresher_than_ours_stands_beside_it_with_terms_and_age(beside):
    files = beside.files
    head = head_of(files)
    assert (head["id"], head["as_of"], head["days_older"]) == ("hill", "2024-05-24T00:00:00Z", 1.0)
    assert (head["licence"], head["credit"], head["names"]["uk"]) == ("CC BY 4.0", "© Hill maps", "Мапи пагорба")
    assert head["draws"] == ["red"]
    assert head["says"] == "0-", "Midtown is red's there; of Westham the map says nothing, and nobody says it for them"
    told = json.loads(files["edition.json"])
    assert told["mappers"] == [head]
    assert "mappers.json" in told["files"]
    assert json.loads(files["mappers.json"])["stamp"].startswith("PUBLIC")
    assert "shapes" not in head, "the page's first bytes stay what they were"


def test_what_only_one_of_the_maps_shows_is_their_exact_difference(beside):
    release, files = beside.release, beside.files
    ours, theirs = head_of(files)["only_km2"]["red"]
    mine = shapely.union_all([one.geometry for one in release.drawing.areas if one.side == "red"])
    (other,) = release.others.found
    assert ours == pytest.approx(mine.difference(other.held["red"]).area, abs=0.06)
    assert theirs == pytest.approx(other.held["red"].difference(mine).area, abs=0.06)
    assert theirs > 50 > ours


def test_their_ground_is_simplified_by_less_than_our_own_roundness_and_its_border_is_drawn(beside):
    (other,) = beside.release.others.found
    (area,) = areas_of(beside.files)
    assert area["properties"] == {"class": "held", "side": "red", "grey_reason": None}
    (edge,) = areas_of(beside.files, "front")
    assert edge["properties"] == {"role": "edge", "side": "red"}
    lon = np.array(shapely.get_coordinates(shapely.geometry.shape(edge["geometry"])))[:, 0]
    assert 20.12 < lon.min() < lon.max() < 20.18, "the frame's own sides are no front"
    assert shapely.geometry.shape(area["geometry"]).is_valid
    assert other.held["red"].area > 100


def test_presence_claims_points_and_units_are_never_taken_only_ground(war, beside):
    more = [
        polygon(box(20.02, 50.05, 20.06, 50.1), **{"class": "infiltration", "side": "blue"}),
        polygon(box(20.02, 50.15, 20.06, 50.2), **{"class": "claimed", "side": "red"}),
        polygon(box(20.02, 50.22, 20.06, 50.25), **{"class": "liberated", "side": "blue"}),
        polygon(box(20.07, 50.18, 20.11, 50.22), **{"class": "grey"}),
        {"type": "Feature", "properties": {"unit": "81st"}, "geometry": {"type": "Point", "coordinates": [20.1, 50.1]}},
    ]
    second_map(war / "theirs", "2024-05-24", *more)
    told_of(war)
    taken = chosen(war)
    (one,) = taken.found
    assert list(one.held) == ["red"]
    west, south, east, north = shapely.transform(one.grey, lambda km: np.column_stack(to_lonlat(*km.T, crs=CRS))).bounds
    assert (round(west, 2), round(south, 2), round(east, 2), round(north, 2)) == (20.07, 50.18, 20.11, 50.22)
    for words in ("1 of class infiltration", "1 of class claimed", "1 of class liberated", "points and lines"):
        assert any(words in note for note in taken.notes), words
    shown = told(taken.found, ground_of(war), ours=beside.release.drawing.areas, towns=beside.release.towns)
    record = mapper_record(shown[0], as_of=DAY, crs=CRS)
    assert {(f["p"].get("class"), f["p"]["side"]) for f in record["shapes"]["layers"]["areas"]} == {
        ("held", "red"), ("grey", None),
    }  # fmt: skip
    assert record["says"] == "0g"
    assert "81st" not in json.dumps(record)


def test_a_file_without_any_ground_is_not_shown_and_it_is_said_what_was_in_it(war):
    path = war / "theirs" / "2024-05-24.geojson"
    path.parent.mkdir()
    claim = polygon(box(20.02, 50.15, 20.06, 50.2), **{"class": "claimed", "side": "red"})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [claim]}), encoding="utf-8")
    told_of(war)
    empty = chosen(war)
    assert empty.found == ()
    assert [note.partition(": ")[2] for note in empty.notes] == [
        "2024-05-24.geojson: 1 of class claimed, not republished",
        "no map up to 2024-05-25 00:00, none is shown",
    ]


def test_ground_that_their_file_cuts_off_at_the_bounds_ends_there_without_a_front(war):
    cut = [(20.15, 50.0), (20.4, 50.0), (20.4, 50.3), (20.15, 50.3), (20.15, 50.0)]
    path = war / "theirs" / "2024-05-24.geojson"
    path.parent.mkdir()
    feature = polygon(cut, **{"class": "held", "side": "red"})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    told_of(war)
    ground = ground_of(war)
    (shown,) = told(chosen(war).found, ground, ours=(), towns=())
    assert shown.edges["red"].length == pytest.approx(33.4, abs=0.5), "its western side alone"


def test_without_the_key_no_public_byte_is_another(beside, two, plain_edition):
    file = two / "theatre.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("\n[[mappers]]")], encoding="utf-8")
    off = made(two)
    assert off.files == plain_edition.files, "files that lie there and are not named change nothing"
    assert off.edition.inputs == plain_edition.edition.inputs
    other = {name for name in beside.files if beside.files[name] != off.files.get(name)}
    assert other == {"mappers.json", "page.json", "edition.json"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"licence": ""}, "missing required field 'licence'|licence"),
        ({"credit": ""}, "credit"),
        ({"licence": '"  "'}, "wanted the terms on which the map may be shown"),
        ({"licence": '"Unknown"'}, "wanted the terms on which the map may be shown"),
        ({"credit": '"-"'}, "wanted whom readers shall see"),
        ({"path": '"../elsewhere"'}, "wanted the name of a file in the theatre's folder"),
        ({"url": '"javascript:alert(1)"'}, "wanted one that begins with https://"),
        ({"id": '"Hill maps"'}, "wanted small letters"),
        ({"sides": '{ ru = "green" }'}, "not in this theatre"),
        ({"delay_h": "-1"}, "wanted 0 hours or more"),
        ({"oldest_days": "0"}, "wanted more than 0"),
        ({"day_shows": '"noon"'}, "wanted start or end"),
        ({"names": "{ }"}, "has no name"),
        ({"credit": '"Hill \\u202Eevil"'}, "turn the words after them"),
        ({"names": '{ en = "Hill\\u2067" }'}, "turn the words after them"),
        ({"licence": '"CC\\u0007BY"'}, "turn the words after them"),
    ],
)
def test_a_mapper_without_terms_or_with_a_slip_is_refused_with_its_line(war, words, said):
    told_of(war, **words)
    with pytest.raises(TheatreError, match=said) as fault:
        load(war)
    assert "line" in str(fault.value)


def test_two_mappers_of_one_id_are_refused(war):
    told_of(war)
    told_of(war)
    with pytest.raises(TheatreError, match="each id once"):
        load(war)


def test_a_longer_delay_of_theirs_or_of_a_side_takes_an_older_map_and_one_too_old_is_not_shown(war):
    for day in ("2024-05-20", "2024-05-24"):
        second_map(war / "theirs", day)
    told_of(war, delay_h="150")
    assert [one.as_of.day for one in chosen(war).found] == [20]
    file = war / "theatre.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("delay_h = 150", "delay_h = 150\noldest_days = 4"), encoding="utf-8")
    old = chosen(war)
    assert old.found == ()
    assert "over 4 days older" in old.notes[0]


def test_how_fresh_a_map_may_be_is_the_least_of_our_day_and_every_delay():
    plain = Mapper("a", {"en": "A"}, "a", "CC0", "A")
    slow = Mapper("a", {"en": "A"}, "a", "CC0", "A", delay_h=240)
    now = DAY + timedelta(days=5)
    assert newest_allowed(plain, Policy(), DAY, now=now) == DAY
    assert newest_allowed(slow, Policy(), DAY, now=now) == now - timedelta(hours=240)
    sides = Policy(delay_h_by_side={"blue": 168})
    assert newest_allowed(plain, sides, DAY, now=now) == now - timedelta(hours=168)


def test_a_bare_date_that_means_the_end_of_the_day_is_a_day_later(war):
    for day in ("2024-05-23", "2024-05-25"):
        second_map(war / "theirs", day)
    told_of(war, day_shows='"end"')
    assert [one.as_of.day for one in chosen(war).found] == [24]


def test_sides_are_renamed_and_unknown_ones_stop_with_the_cure(war):
    features = [polygon([(lon - WIDE, lat) for lon, lat in ring()], **{"class": "held", "side": "RU"})]
    path = war / "theirs" / "2024-05-24.geojson"
    path.parent.mkdir()
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    told_of(war)
    with pytest.raises(TheatreError, match=re.escape('sides = { RU = "red" }')):
        chosen(war)
    file = war / "theatre.toml"
    file.write_text(file.read_text(encoding="utf-8") + 'sides = { RU = "red" }\n', encoding="utf-8")
    assert [list(one.held) for one in chosen(war).found] == [["red"]]


def test_a_mapper_whose_files_are_not_there_stops_the_publishing_and_says_what_was_wanted(war):
    told_of(war)
    with pytest.raises(BadInputError, match="wanted a map or a folder of dated maps"):
        chosen(war)


@pytest.mark.parametrize(
    ("words", "said"),
    [({"stamp": "PRIVATE"}, "never goes public"), ({"simulated": True}, "says that it is simulated")],
)
def test_a_private_map_of_our_own_and_an_invented_one_are_refused_as_another_mappers(war, words, said):
    path = second_map(war / "theirs", "2024-05-24")
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(words | document), encoding="utf-8")
    told_of(war)
    with pytest.raises(BadInputError, match=said):
        chosen(war)


def test_of_a_folder_a_dated_file_that_is_no_map_is_left_out_and_told_and_the_one_before_counts(war):
    second_map(war / "theirs", "2024-05-22")
    empty = {"type": "FeatureCollection", "features": []}
    (war / "theirs" / "theirs-2024-05-24.geojson").write_text(json.dumps(empty), encoding="utf-8")
    told_of(war)
    taken = chosen(war)
    assert [one.as_of.day for one in taken.found] == [22]
    assert any("theirs-2024-05-24.geojson" in note and "left out" in note for note in taken.notes)


def test_a_correction_does_not_wait_for_somebody_elses_file(war):
    told_of(war)
    taken = other_maps(ground_of(war), DAY, now=NOW, may_lack=True)
    assert taken.found == ()
    assert "its map is left out" in taken.notes[0]


@pytest.mark.slow
def test_the_site_holds_the_geometry_once_and_where_nothing_can_be_fetched_inside_the_page(two, tmp_path):
    site = tmp_path / "site"
    one = published(two, site)
    index, offline, own = (
        (site / name).read_bytes() for name in ("index.html", "offline.html", f"editions/{one.edition.id}/index.html")
    )
    (shapes,) = [each["shapes"] for each in json.loads(one.files["mappers.json"])["mappers"]]
    arcs = embedded({"arcs": shapes["arcs"]})[1:-1]
    assert arcs not in index
    assert arcs in offline
    assert arcs in own
    assert rebuilt(two, one.edition.id).files == one.files
    again = published(two, site, now=NOW + timedelta(hours=3))
    assert not again.new
    second_map(two / "theirs", "2024-05-25", shift=0.07)
    later = published(two, site, now=NOW + timedelta(hours=3))
    assert later.new
    assert head_of(later.files)["days_older"] == 0.0
    pull_edition(two, later.edition.id, site, reason="their terms changed", now=NOW + timedelta(hours=4))
    gone = json.loads((site / "editions" / later.edition.id / "mappers.json").read_text(encoding="utf-8"))
    assert gone["state"] == "pulled"
    assert "mappers" not in gone


def test_a_dry_run_names_the_maps_that_would_stand_beside_ours(two, capsys):
    assert main(["publish", "--theatre", str(two), "--on", "2024-05-25", "--dry-run"]) == 0
    assert (
        "beside it the map of hill as of 2024-05-24 (theirs-2024-05-24.geojson; CC BY 4.0)" in capsys.readouterr().out
    )


def test_a_theatre_with_mappers_is_written_and_read_back(two):
    from isofront.theatre import dump

    theatre = load(two)
    assert parse(dump(theatre)) == theatre
    assert theatre.mappers[0].credit == "© Hill maps"
    assert datetime(2024, 5, 25, tzinfo=UTC) == DAY
