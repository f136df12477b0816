"""What has a part in public bytes and what has none: delays, protected sides, words, places."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely
from engine_war import add
from hypothesis import given, settings
from hypothesis import strategies as st
from publishing_war import DAY, LATER, NOW, SECRET, approve, begun, features, files_of, made, published, released, row

from isofront.cli import main
from isofront.engine.edition import Asked
from isofront.engine.site import correct_edition, rebuilt
from isofront.errors import UsageError
from isofront.publish.policy import Cause, link_held, named_unit, stated_delay
from isofront.theatre.model import Policy

SPOTS = st.tuples(st.floats(20.02, 20.38), st.floats(50.01, 50.29), st.sampled_from(["red", "blue"]))


def young(k: int, lon: float, lat: float, seen: str) -> dict[str, object]:
    """Known when the map was approved, and published so late that it is still under its delay."""
    return row(f"young{k}", lon, lat, seen=seen, day="2024-05-24", published_at="2024-05-25T20:00:00Z")


def test_what_the_approved_map_knew_has_to_be_past_its_delay_before_anything_of_it_shows(tmp_path):
    war = begun(tmp_path)
    add(war, [young(0, 20.11, 50.05, "blue")], name="young.csv")
    approve(war)
    release = released(war)
    assert [(one.report.id, one.cause) for one in release.held] == [("young0", Cause.DELAY)]
    assert "until 2024-05-28T20:00Z" in release.held[0].words
    with pytest.raises(UsageError, match="2024-05-28T20:00Z"):
        made(war)


@settings(max_examples=2)
@given(
    st.lists(st.tuples(st.floats(20.02, 20.38), st.floats(50.01, 50.29), st.sampled_from(["red", "blue"])), min_size=1)
)
def test_nothing_younger_than_its_delay_changes_any_byte(plain_war, plain_edition, reports):
    with tempfile.TemporaryDirectory() as folder:
        war = shutil.copytree(plain_war, Path(folder) / "war")
        late = [young(k, *spot) | {"published_at": "2024-05-27"} for k, spot in enumerate(reports)]
        add(war, [*late, *_near_duplicates(plain_war)], name="late.csv")
        assert made(war).files == plain_edition.files


def _near_duplicates(war: Path) -> list[dict[str, object]]:
    """Young reports that lie between two of the old ones and would join them into one group."""
    first, second, *_ = released(war).inputs.reports
    lon, lat = (first.lon + second.lon) / 2, (first.lat + second.lat) / 2
    return [
        row("joins", lon, lat, kind="strike", error_m=100, source="t", day=f"{day:%Y-%m-%d}", published_at="2024-05-27")
        | {"id": f"joins-{day:%d}"}
        for day in (first.happened.start, second.happened.start)
    ]


@pytest.mark.slow
def test_a_report_past_its_delay_has_no_part_in_a_layer_with_a_longer_one(tmp_path):
    policy = "\n[policy]\ndelay_h_by_layer = { infiltration = 168 }\n"
    plain, more = (begun(tmp_path / name, policy=policy) for name in _folders(tmp_path, "plain", "more"))
    add(more, [row("fresh", 20.1, 50.2, day="2024-05-24", published_at="2024-05-25T10:00:00Z")], name="fresh.csv")
    for war in (plain, more):
        approve(war)
    one, other = (files_of(war, now=datetime(2024, 6, 1, 3, tzinfo=UTC)) for war in (plain, more))
    assert json.loads(one["infiltration.geojson"])["features"]
    assert features(one, "infiltration") == features(other, "infiltration")
    assert features(one, "reports") != features(other, "reports")


def _folders(tmp_path: Path, *names: str) -> tuple[str, ...]:
    for name in names:
        (tmp_path / name).mkdir()
    return names


PRIVATE = ("Oksana", "Blue staff", "private-id", "blue-1", "hidden", "Kestrel", "our people", "81st", "dugout", "nadia")


def test_no_public_byte_tells_a_source_a_note_an_id_a_unit_an_editor_or_an_exact_place(telling_war, telling_files):
    everything = b"\n".join(content for name, content in telling_files.items() if not name.endswith(".tif"))
    assert [word for word in (*PRIVATE, SECRET) if word.encode() in everything] == []
    pairs = {(float(a), float(b)) for a, b in re.findall(rb"\[(-?\d+\.\d+),\s*(-?\d+\.\d+)\]", everything)}
    assert not {(one.lon, one.lat) for one in released(telling_war).inputs.reports} & pairs
    raster = telling_files["control.tif"]
    assert [word for word in PRIVATE if word.encode() in raster] == []


def test_links_show_only_where_the_release_class_allows_them_and_no_unit_is_named(telling_files):
    links = {one["properties"]["link"] for one in features(telling_files, "reports")} - {None}
    assert links == {"https://example.org/p/0", "https://example.org/p/2"}


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("https://www.google.com/maps/@48.28123,37.17654,18z", Cause.LINK_PLACE),
        ("https://maps.app.goo.gl/abc", Cause.LINK_PLACE),
        ("https://example.org/x?c=48.28123%2C37.17654", Cause.LINK_PLACE),
        ("https://example.org/x?c=48.28123%252C37.17654", Cause.LINK_PLACE),
        ("https://example.org/map#13;48.2812;37.1765", Cause.LINK_PLACE),
        ("https://example.org/37UDQ1234512345", Cause.LINK_PLACE),
        ("https://example.org/8FW4V75V+8Q", Cause.LINK_PLACE),
        ("https://w3w.co/filled.count.soap", Cause.LINK_PLACE),
        ("https://example.org/c/brigade93/12", Cause.LINK_UNIT),
        ("https://example.org/c/93_OMBr/12", Cause.LINK_UNIT),
        ("https://example.org/c/72nd_mechanized_brigade", Cause.LINK_UNIT),
        ("https://example.org/c/mappers/20123", None),
        ("https://example.org/user/status/1853219873912345600/photo/1", None),
        ("https://example.org/web/20240512093000/https://example.net/c/6000", None),
        ("https://example.org/watch?v=dQw4w9WgXcQ&t=12", None),
        ("https://example.org/v1.234.5678/clip.mp4", None),
    ],
)
def test_an_address_that_itself_tells_a_place_or_a_unit_is_no_public_link(url, cause):
    assert link_held(url) == cause


def test_words_that_a_hostile_hand_made_long_are_looked_through_in_no_time():
    for words in ("1" * 200_000, "1 " * 50_000, "1" + "a" * 200_000):
        assert not named_unit(words)
        assert named_unit(f"{words} 93rd mechanized brigade")


def test_an_edition_says_no_longer_delay_than_the_shortest_that_any_of_it_had():
    hours = timedelta(hours=1)
    assert stated_delay(Policy(), ("red", "blue")) == 72 * hours
    assert stated_delay(Policy(delay_h_by_side={"blue": 120}), ("red", "blue")) == 72 * hours
    assert stated_delay(Policy(delay_h_by_side={"blue": 24}), ("red", "blue")) == 24 * hours
    assert stated_delay(Policy(delay_h_by_layer={"claims": 48}), ("red", "blue")) == 48 * hours
    longer = {"areas": 96.0, "claims": 96.0, "reports": 12.0}
    assert stated_delay(Policy(delay_h_by_layer=longer), ("red", "blue")) == 96 * hours


def test_what_an_edition_says_of_its_delay_is_that_of_the_side_that_shows_soonest(plain_war, tmp_path):
    war = Path(shutil.copytree(plain_war, tmp_path / "war"))
    file = war / "theatre.toml"
    policy = "\n[policy]\ndelay_h_by_side = { red = 30 }\n"
    file.write_text(file.read_text(encoding="utf-8") + policy, encoding="utf-8")
    files = files_of(war)
    assert json.loads(files["summary.json"])["delay_hours"] == 30
    assert all(b"delayed by 72 hours" not in content for content in files.values())


def test_a_correction_tells_nothing_of_what_was_approved_since(plain_war, tmp_path):
    """The day approved again knows reports under their delay: what it keeps open would close squares in public."""
    made_of = {}
    for name, more in (("plain", []), ("young", [young(k, 20.1 + k / 500, 50.06, "red") for k in range(6)])):
        folder = tmp_path / name
        war = Path(shutil.copytree(plain_war, folder / "war"))
        published(war, folder / "site")
        if more:
            add(war, [one | {"published_at": "2024-05-27T20:00:00Z"} for one in more], name="young.csv")
        words = ["--known-by", "2024-05-28T00:00:00Z", "--approve", "--by", "nadia", "--reason", "the day anew"]
        assert main(["review", str(war), "--as-of", "2024-05-25", *words]) == 0
        wrong = shapely.box(20.3, 50.1, 20.33, 50.12)
        at = NOW + timedelta(hours=1)
        made_of[name] = correct_edition(
            war, "0001-2024-05-25", wrong, folder / "site", Asked(reason="a film set"), now=at
        )
        assert rebuilt(war, made_of[name].edition.id).files == made_of[name].files
    assert made_of["young"].files == made_of["plain"].files


def test_a_protected_side_shows_neither_reports_nor_presence(telling_war, telling_files):
    assert {one.report.id for one in released(telling_war).held} == {"blue-1", "blue-2", "hidden"}
    for name in ("reports", "infiltration", "interdicted"):
        told = [one["properties"] for one in features(telling_files, name)]
        assert "blue" not in {words.get("seen", words.get("side")) for words in told}, name


def test_every_public_file_says_how_old_it_is_and_what_it_is_not_for(telling_files):
    for name, content in telling_files.items():
        assert b"ot for navigation, evacuation or targeting" in content, name
        assert b"2024-05-25" in content, name
        assert b"72" in content, name
        assert b"PRIVATE" not in content, name


def test_a_day_whose_delay_is_not_over_is_not_published(plain_war):
    release = released(plain_war, now=DAY + timedelta(hours=71))
    assert not release.ready
    with pytest.raises(UsageError, match="2024-05-28T00:00Z"):
        made(plain_war, now=DAY + timedelta(hours=71))


def test_layers_with_a_longer_delay_say_from_when_on_they_show(plain_war, plain_edition):
    told = json.loads(plain_edition.files["interdicted.geojson"])
    assert told["features"] == []
    assert told["not_before"] == "2024-06-01T00:00:00Z"
    later = json.loads(files_of(plain_war, now=LATER)["interdicted.geojson"])
    assert later["features"]
    assert "not_before" not in later
