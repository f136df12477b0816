"""Bad input: a line says it, the rest is read, nothing vanishes; bombs and other makers' files are refused by name."""

from __future__ import annotations

import json

import feeds_files as good
import feeds_fuzz
import makers_files
import pytest

from isofront.errors import BadInputError
from isofront.feeds import Event, Fault


def entries(content: bytes | str, name: str = "f.csv") -> list[object]:
    return list(good.opened(content, name).entries)


def faults(content: bytes | str, name: str = "f.csv") -> list[Fault]:
    return [one for one in entries(content, name) if isinstance(one, Fault)]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("45.31002", "NaN", "latitude"),
        ("45.31002", "inf", "latitude"),
        ("45.31002", "95.3", "latitude"),
        ("20.52001", "1e999", "longitude"),
        ("20.52001", "200", "longitude"),
        ("45.31002,20.52001", "0,0", "longitude"),
        ("2031-05-01,47", "1527-05-01,47", "acq_date"),
        ("2031-05-01,47", "2202-05-01,47", "acq_date"),
        ("2031-05-01,47", "2031-07-01,47", "acq_date"),
        ("2031-05-01,47", "2031-05-01,2561", "acq_time"),
        ("0.39,0.36", "-1,0.36", "scan"),
        ("0.39,0.36", "0.39,99", "track"),
    ],
)
def test_a_bad_cell_costs_its_row_alone(old: str, new: str, column: str) -> None:
    found = entries(good.FIRMS.replace(old, new, 1))
    (fault,) = (one for one in found if isinstance(one, Fault))
    assert (fault.number, fault.column) == (2, column)
    assert sum(isinstance(one, Event) for one in found) == 1


def test_swapped_axes_are_told_by_the_plus_code_or_by_the_theatre() -> None:
    from isofront.ground.grid import Bounds

    swapped = good.GEOCONFIRMED.replace("45.310001;20.520001", "20.520001;45.310001")
    assert "swapped" in faults(swapped)[0].reason
    box = Bounds(20.0, 45.0, 21.0, 45.6)
    turned = good.FIRMS.replace("45.31002,20.52001", "20.52001,45.31002")
    found = [one for one in good.opened(turned, bounds=box).entries if isinstance(one, Fault)]
    assert "swapped" in found[0].reason


def test_the_same_id_with_other_content_is_rejected_and_with_the_same_left_out() -> None:
    last = good.ACLED.split("\n")[1]
    again, other = f"{good.ACLED}{last}\n", f"{good.ACLED}{last.replace('45.3100', '45.3900')}\n"
    assert faults(again) == []
    assert faults(other)[0].column == "id"


def test_a_file_of_another_maker_is_refused_with_the_makers_name() -> None:
    with pytest.raises(BadInputError, match=r"a map \(deepstate.*read-map"):
        good.opened(json.dumps(makers_files.deepstate_last()), "last.json")
    with pytest.raises(BadInputError, match="read-map reads it"):
        good.opened(makers_files.VIINA, "control.csv")
    with pytest.raises(BadInputError, match="isofront add takes it"):
        good.opened("id,happened_at,lon,lat,kind,seen,source\n", "e.csv")
    with pytest.raises(BadInputError, match="no known feed's"):
        good.opened("a,b\n1,2\n", "t.csv")


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf \n", b"%PDF-1.4", b"PAR1xxxx", b"\x00\x01\x02" * 50, b"[]", b"{}", b"<x/>"]
)
def test_what_holds_nothing_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(BadInputError) as told:
        good.opened(content, "x.csv")
    assert "\n" not in str(told.value)


def test_bombs_and_entities_are_refused() -> None:
    with pytest.raises(BadInputError, match="packed into"):
        good.opened(feeds_fuzz.bomb(), "b.kmz")
    evil = good.KML.replace("?>", '?><!DOCTYPE kml [<!ENTITY c SYSTEM "file:///etc/passwd">]>', 1)
    with pytest.raises(BadInputError, match="entities"):
        good.opened(evil, "e.kml")


@pytest.mark.parametrize("name", ["timemap.json", "eyes.geojson", "geoconfirmed.geojson", "geoconfirmed.kml"])
def test_of_a_file_cut_short_the_whole_entries_are_read_and_the_break_is_told(name: str) -> None:
    content = good.FILES[name][1]
    cut = content.rindex(b"description") - 4
    found = entries(content[:cut], name)
    assert sum(isinstance(one, Event) for one in found) >= 1
    assert any("breaks off" in one.reason for one in found if isinstance(one, Fault))


def test_letters_in_another_encoding_cost_no_place() -> None:
    text = good.GEOCONFIRMED.lstrip("\ufeff").replace("truck targeted", "Удар по вантажівці біля млина поцілено")
    assert len([one for one in entries(text.encode("cp1251")) if isinstance(one, Event)]) == 4
    assert len([one for one in entries(text.encode("utf-16")) if isinstance(one, Event)]) == 4


def test_markup_in_descriptions_is_stripped() -> None:
    text = good.GEOCONFIRMED.replace("truck targeted", "<b onclick='x'>truck</b>&lt;script&gt; targeted")
    notes = [one.note for one in entries(text) if isinstance(one, Event)]
    assert not any("<" in note for note in notes)


@pytest.mark.parametrize("name", feeds_fuzz.names())
def test_bad_files_neither_crash_a_reader_nor_vanish(name: str) -> None:
    for content in feeds_fuzz.bad_files(name, 25, seed=7):
        feeds_fuzz.judged(name, content)


@pytest.mark.slow
@pytest.mark.parametrize("name", feeds_fuzz.names())
def test_many_bad_files_neither_crash_a_reader_nor_vanish(name: str) -> None:
    for content in feeds_fuzz.bad_files(name, 150, seed=11):
        feeds_fuzz.judged(name, content)


def test_a_table_that_is_nearly_a_feeds_is_told_which_columns_it_lacks() -> None:
    table = "Id,Date,Faction,Description,Geolocation\n1,2031-05-01,Northland,a,b\n"
    with pytest.raises(BadInputError, match="; of geoconfirmed's it lacks latitude, longitude, wanted a feed"):
        entries(table)
    with pytest.raises(BadInputError, match=r"no known feed's [(]one, two[)], wanted a feed"):
        entries("one,two\n1,2\n")
