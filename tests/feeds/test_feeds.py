"""Every feed is told by its shape, and its entries become rows of evidence that `add` takes."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import feeds_files as good
import pytest

from isofront.errors import BadInputError, UsageError
from isofront.feeds import Event, Fault, LeftOut
from isofront.feeds.reading import labels_of
from isofront.feeds.weather import Day
from isofront.feeds.writing import EventWriter
from isofront.theatre.weather import weather_of


def events(content: bytes | str, name: str = "f.csv", **more: object) -> list[Event]:
    return [one for one in good.opened(content, name, **more).entries if isinstance(one, Event)]


def of(name: str, **more: object) -> list[Event]:
    return events(good.FILES[name][1], name, **more)


def left_out(content: bytes | str, name: str = "f.csv") -> list[str]:
    return [one.reason for one in good.opened(content, name).entries if isinstance(one, LeftOut)]


def faults(content: bytes | str, name: str = "f.csv") -> list[Fault]:
    return [one for one in good.opened(content, name).entries if isinstance(one, Fault)]


@pytest.mark.parametrize("name", good.FILES)
def test_a_feed_is_told_by_its_shape(name: str) -> None:
    feed, content = good.FILES[name]
    assert good.opened(content, "x").feed == feed


@pytest.mark.parametrize("name", good.FILES)
def test_a_feed_named_rightly_is_read_and_named_wrongly_is_refused_with_its_own_name(name: str) -> None:
    feed, content = good.FILES[name]
    assert good.opened(content, name, feed=feed).feed == feed
    other = "acled" if feed != "acled" else "firms"
    with pytest.raises(BadInputError, match=rf"not a file of {other} but of {feed}"):
        good.opened(content, name, feed=other)


def test_an_unknown_feed_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="nobody"):
        good.opened(good.ACLED, feed="nobody")


def test_geoconfirmed_tells_who_was_there_and_never_the_camera() -> None:
    hit, flag, camera, unknown = of("geoconfirmed.csv")
    assert (hit.kind, hit.seen, hit.by, hit.error_m, hit.means) == ("strike", "red", "blue", 50, "fpv")
    assert (flag.kind, flag.seen) == ("flag", "red")
    assert (camera.seen, camera.location_of) == ("", "camera")
    assert (unknown.kind, unknown.seen, unknown.by) == ("activity", "", "blue")


def test_units_are_dropped_before_anything_is_written() -> None:
    assert "Lake Brigade" not in of("geoconfirmed.csv")[0].note
    assert "[unit]" in of("geoconfirmed.csv")[0].note


@pytest.mark.parametrize("name", ["geoconfirmed.kml", "geoconfirmed.kmz"])
def test_kml_takes_the_date_from_the_name_and_the_faction_from_the_icon_once_for_all_folders(name: str) -> None:
    feeding = good.opened(good.FILES[name][1], name)
    entries = list(feeding.entries)
    hit, lost, odd = (one for one in entries if isinstance(one, Event))
    assert (hit.happened_at, hit.kind, hit.seen, hit.by) == ("2031-05-01", "strike", "red", "blue")
    assert hit.url == "https://t.example/a/1 https://x.example/b/1"
    assert (lost.seen, lost.posture, lost.kind) == ("red", "wreck", "activity")
    assert odd.seen == odd.by == ""
    assert sum(isinstance(one, LeftOut) for one in entries) == 2
    assert dict(feeding.unmapped) == {"#123456": 1}


def test_the_icon_of_a_loss_makes_the_faction_the_owner() -> None:
    _, lost = of("geoconfirmed.geojson")
    assert (lost.seen, lost.posture) == ("red", "wreck")


def test_the_same_clip_at_one_place_under_two_dates_counts_once() -> None:
    row = good.GEOCONFIRMED.split("\n")[2]
    again = row.replace("2031-05-02", "2031-05-20").replace("0b2f", "0c00")
    assert "the same clip" in left_out(f"{good.GEOCONFIRMED}{again}\n")[0]


def test_icons_of_older_archives_tell_the_faction_too() -> None:
    older = good.KML.replace("#api/icons/0000BB/False/template/10.png", "#images/_CIRCLES_0000BB_RL_56_01.png")
    assert [one.by for one in events(older, "a.kml")] == [one.by for one in of("geoconfirmed.kml")]


def test_acled_counts_as_civilian_harm_only_what_it_says_is() -> None:
    said = good.ACLED.replace("State forces,,,1,R,", "State forces,,False,1,R,")
    assert said != good.ACLED
    assert [(one.kind, one.seen) for one in events(said)] == [(one.kind, one.seen) for one in of("acled.csv")]


def test_acled_reads_actors_and_is_never_exact() -> None:
    clash, strike, civil = of("acled.csv")
    assert (clash.seen, clash.also.seen if clash.also else None, clash.error_m) == ("red", "blue", 2000)
    assert (strike.kind, strike.seen, strike.by, strike.reliability) == ("strike", "blue", "red", "B")
    assert strike.happened_at == "2031-04-29/2031-05-05"
    assert (civil.kind, civil.seen, civil.note) == ("activity", "", "civilian harm")


def test_actors_that_stand_for_no_side_are_counted_and_left_unknown() -> None:
    feeding = good.opened(good.ACLED.replace("Military Forces of Redland", "Marsh Council"))
    seen = [one.seen for one in feeding.entries if isinstance(one, Event)]
    assert "red" not in seen
    assert sum(feeding.unmapped.values()) == 3


def test_ucdp_sees_those_who_lost_people_with_the_error_of_the_stated_precision() -> None:
    fight, week, civil = of("ucdp.csv")
    assert (fight.seen, fight.also.seen if fight.also else None) == ("red", "blue")
    assert (week.happened_at, week.seen, week.error_m) == ("2031-05-01/2031-05-07", "blue", 12500)
    assert (civil.seen, civil.note) == ("", "civilian harm")
    assert left_out(good.UCDP) == ["known no nearer than a country"]


def test_ucdp_counts_must_lie_in_order() -> None:
    assert faults(good.UCDP.replace(",5,9,3", ",5,4,3"))[0].column == "best"


def test_viina_tells_who_was_there_only_with_labels() -> None:
    assert {one.seen for one in of("viina.csv")} == {""}
    labels = labels_of(io.BytesIO(good.LABELS.encode()), file="l.csv")
    fight, civil = of("viina.csv", labels=labels)
    assert (fight.kind, fight.seen, fight.error_m, fight.published_at) == ("assault", "red", 2500, "2031-05-01")
    assert (civil.seen, civil.note, civil.error_m) == ("", "civilian harm", 500)


def test_viinas_settlements_are_not_exact() -> None:
    for name in ("viina.csv", "viina-days.csv", "viina-letters.csv"):
        assert all(one.error_m >= 500 for one in of(name))


@pytest.mark.parametrize(
    "name", ["timemap.json", "eyes.geojson", "atlos.csv", "acled.csv", "ucdp.csv", "viina-days.csv"]
)
def test_nothing_of_a_person_is_kept_of_harm_to_civilians(name: str) -> None:
    for event in (one for one in of(name) if one.note == "civilian harm"):
        assert (event.kind, event.seen, event.posture, event.target) == ("activity", "", "", "")
    assert not any("Jo Doe" in f"{one}" for one in of(name))


def test_a_timemap_reads_months_first_and_addresses_from_paths() -> None:
    first, second = of("timemap.json")
    assert (first.happened_at, first.url) == ("2031-05-13", "https://t.example/1")
    assert second.error_m > 300, "two decimals are no better than that"


def test_atlos_precision_and_grades_are_read_and_what_deceives_is_left_out() -> None:
    tank, house = of("atlos.csv")
    assert (tank.seen, tank.error_m, tank.credibility) == ("red", 50, "2")
    assert (house.error_m, house.note) == (1000, "civilian harm")
    assert left_out(good.ATLOS) == ["marked as deceptive or misleading", "not geolocated yet"]


def test_firms_tells_no_side_and_a_pixel_is_an_area() -> None:
    events_ = of("firms.csv")
    assert {one.seen for one in events_} == {""}
    assert [one.error_m for one in events_] == [390, 520]
    assert events_[0].happened_at == "2031-05-01T00:47:00Z"


def test_weather_becomes_the_file_that_a_theatre_reads() -> None:
    out = io.BytesIO()
    feeding = good.opened(good.WEATHER, "w.csv")
    with EventWriter(out, source="", weather=True) as writer:
        for entry in feeding.entries:
            writer.take(entry)
        writer.flush()
    days = weather_of(out.getvalue().decode(), name="w.csv")
    assert [sky.cloud_percent for sky in days.values()] == [80, 20]
    assert [sky.wind_kmh for sky in days.values()] == [36, 18]
    assert writer.tally.rejected == 1


def test_hours_join_to_days() -> None:
    days = [one for one in good.opened(good.HOURS, "h.csv").entries if isinstance(one, Day)]
    assert [(day.n, day.values["cloud_cover_mean"], day.values["precipitation_sum"]) for day in days] == [
        (2, 75, 1.5),
        (1, 0, 0),
    ]


def test_a_day_that_stands_twice_rains_once_and_hours_of_several_places_are_their_mean_hour_by_hour() -> None:
    def rain(table: str) -> list[float]:
        found = good.opened(table, "w.csv").entries
        return [one.values["precipitation_sum"] for one in found if isinstance(one, Day)]

    assert rain("time,precipitation_sum (mm)\n2031-05-01,1.5\n2031-05-01,1.5\n2031-05-02,2\n") == [1.5, 2]
    hours = "location_id,time,precipitation (mm)\n0,2031-05-01T00:00,1\n0,2031-05-01T01:00,2\n"
    assert rain(hours + "1,2031-05-01T00:00,3\n1,2031-05-01T01:00,4\n") == [5]


@pytest.mark.parametrize("name", [name for name, (feed, _) in good.FILES.items() if feed != "weather"])
def test_what_is_written_is_an_evidence_file_that_add_takes_whole(name: str) -> None:
    from isofront.sources import Found, Terms, read_file
    from isofront.theatre.model import Anchor, Side, Theatre

    out, feeding = io.BytesIO(), good.opened(good.FILES[name][1], name)
    with EventWriter(out, source=feeding.source) as writer:
        for entry in feeding.entries:
            writer.take(entry)
        writer.flush()
    theatre = Theatre(
        name="vale",
        sides=(Side("red", {"en": "Redland"}), Side("blue", {"en": "Bluemark"})),
        protected_sides=(),
        bounds=(20.0, 45.0, 21.0, 45.6),
        crs="EPSG:32634",
        anchor=Anchor("anchor.geojson", good.NOW.replace(month=1), "red"),
    )
    terms = Terms.of(theatre, now=good.NOW, backfill=True)
    rows = list(read_file(io.BytesIO(out.getvalue()), file="o.csv", terms=terms).rows)
    assert len(rows) == writer.tally.rows
    assert [row for row in rows if not isinstance(row, Found)] == []


def test_a_table_in_a_zip_and_in_gzip_is_read() -> None:
    import gzip

    assert len(events(good.zipped("GEDEvent.csv", good.UCDP), "ged.zip")) == 3
    assert len(events(gzip.compress(good.ACLED.encode()), "a.csv.gz")) == 3


def test_what_lies_beside_the_one_table_of_an_archive_is_passed_over_and_a_second_table_is_not() -> None:
    def packed(*names: str) -> bytes:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            for name in names:
                archive.writestr(name, "read me" if name.endswith(".txt") else good.UCDP)
        return held.getvalue()

    assert len(events(packed("README.txt", "__MACOSX/._GED.csv", "GED.csv"), "ged.zip")) == 3
    with pytest.raises(BadInputError, match=r"2 tables in one archive \(2030.csv, 2031.csv\), wanted one"):
        events(packed("2030.csv", "2031.csv"), "ged.zip")


def test_the_users_word_beats_the_list_and_renames_it() -> None:
    from isofront.feeds import Sides

    sides = Sides({"ru": "south", "Lake Guard*": "north"})
    assert sides.of_actor("Military Forces of Russia (2000-)") == "south"
    assert sides.of_actor("lake guard of the West") == "north"
    assert sides.of_actor("Somebody") is None


def test_with_a_theatre_only_its_sides_come_out() -> None:
    from isofront.feeds import Sides
    from isofront.theatre.model import Side

    ours = (Side("east", {"en": "Russia"}), Side("lake", {"en": "Lakeland"}))
    sides = Sides({}, ours)
    assert sides.of_actor("Military Forces of Russia (2000-)") == "east"
    assert sides.of_actor("Military Forces of Ukraine (2019-)") is None
    with pytest.raises(UsageError, match="no side of this theatre"):
        Sides({"x": "nobody"}, ours)


def test_rejects_are_one_document_whatever_is_in_them() -> None:
    feeding = good.opened(good.FIRMS.replace("45.31503,20.52501", '95.3"\x01,20.5'), "f.csv")
    with EventWriter(io.BytesIO(), source="x") as writer:
        for entry in feeding.entries:
            writer.take(entry)
        told = json.loads(b"".join(writer.leftovers(feeding, file="f.csv", crosswalks=["a"])))
    assert len(told["rejects"]) == writer.tally.rejected == 1


def test_a_note_that_looks_like_a_formula_is_disarmed() -> None:
    out = io.BytesIO()
    with EventWriter(out, source="x") as writer:
        writer.take(Event("1", "2031-05-01", 20.5, 45.3, 50.0, note="=cmd"))
        writer.flush()
    assert next(csv.DictReader(io.StringIO(out.getvalue().decode())))["note"] == "'=cmd"


def test_an_actor_that_is_a_unit_is_listed_without_its_name() -> None:
    feeding = good.opened(good.ACLED.replace("Military Forces of Redland (2029-)", "93rd Lake Brigade (Redland)"))
    list(feeding.entries)
    assert not any("93rd" in name for name in feeding.unmapped)
    assert feeding.unmapped
