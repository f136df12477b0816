"""The feeds' addresses: relative as long as nobody says where the site lies, whole once the theatre does."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from isofront.engine.edition import _theatre_text
from isofront.errors import IsofrontError
from isofront.publish.feed import atom_bytes, feed_bytes
from isofront.publish.site import Told, standing
from isofront.theatre import parse

ONE = Told(
    "0001-2031-05-01", "2031-05-01T00:00:00Z", "2031-05-04T00:00:00Z", "published", "0", None, None, "", 1.0,
    "the start", None, True, "",
)  # fmt: skip
PATH = "editions/0001-2031-05-01/"
(EXAMPLE,) = re.findall(
    r"```toml\n(.*?)```", (Path(__file__).parents[2] / "docs" / "theatre.md").read_text(encoding="utf-8"), re.DOTALL
)
SITE = 'site = "https://example.org/map"'


def addresses(address: str) -> list[str]:
    """Every address of both feeds."""
    feed = json.loads(feed_bytes("A war", [ONE], address=address))
    atom = ElementTree.fromstring(atom_bytes("A war", [ONE], address=address))
    links = [link.attrib["href"] for link in atom.iter("{http://www.w3.org/2005/Atom}link")]
    return [feed["feed_url"], feed["home_page_url"], feed["items"][0]["url"], *links]


def test_without_an_address_feeds_name_their_files_as_they_lie_beside_them():
    assert addresses("") == ["feed.json", "index.html", PATH, "feed.atom", PATH]


@pytest.mark.parametrize("address", ["https://example.org/map", "https://example.org/map/"])
def test_with_an_address_every_link_of_the_feeds_is_whole(address):
    names = ["feed.json", "index.html", PATH, "feed.atom", PATH]
    assert addresses(address) == [f"https://example.org/map/{name}" for name in names]


def test_a_title_with_marks_that_xml_cannot_hold_makes_a_feed_all_the_same():
    atom = ElementTree.fromstring(atom_bytes("A\x0b war", [ONE]))
    assert [one.text for one in atom.iter("{http://www.w3.org/2005/Atom}name")] == ["A war"]


def test_an_edition_is_made_from_the_same_wherever_its_site_lies():
    here, there, nowhere = (parse(EXAMPLE.replace(SITE, other)) for other in (SITE, SITE.replace("map", "x"), ""))
    assert (here.map.site, nowhere.map.site) == ("https://example.org/map", "")
    assert _theatre_text(here) == _theatre_text(there) == _theatre_text(nowhere)
    assert "site" not in _theatre_text(here)


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org", "https://", "https://example.org/map?x=1"])
def test_what_is_no_address_of_a_site_is_refused(address):
    with pytest.raises(IsofrontError, match="wanted the site's address"):
        parse(EXAMPLE.replace(SITE, f'site = "{address}"'))


def test_every_line_of_the_feeds_has_a_name_of_its_own_and_changed_no_earlier_than_it_was_news():
    put_right = replace(ONE, state="corrected", corrected_by="0002-2031-05-01", corrected_at="2031-05-05T00:00:00Z")
    gone = replace(put_right, id="0003-2031-05-02", state="pulled", pulled_at="2031-05-06T00:00:00Z")
    correction = replace(ONE, id="0002-2031-05-01", corrects=ONE.id, made_at="2031-05-05T00:00:00Z", reason="a\x00 <b>")
    some = [put_right, correction, gone]
    items = json.loads(feed_bytes("Війна", some))["items"]
    names = [one["id"] for one in items] + [one["id"] for one in json.loads(feed_bytes("Мир", some))["items"]]
    assert len(set(names)) == 6
    assert all(name.isascii() for name in names)
    assert all(one["date_modified"] >= one["date_published"] for one in items)
    atom = ElementTree.fromstring(atom_bytes("Війна", some))
    space = "{http://www.w3.org/2005/Atom}"
    for entry in atom.iter(f"{space}entry"):
        told = {one.tag.removeprefix(space): one.text or "" for one in entry}
        assert told["id"] in names
        assert datetime.fromisoformat(told["updated"]) >= datetime.fromisoformat(told["published"])
        assert told["title"]
    assert atom.findtext(f"{space}updated") == max(one.text or "" for one in atom.iter(f"{space}updated"))
    assert atom.findtext(f"{space}id") != ElementTree.fromstring(atom_bytes("Мир", some)).findtext(f"{space}id")


def test_the_current_edition_is_that_of_the_newest_day_however_late_an_older_day_is_published():
    newest, late = replace(ONE, id="0002-2031-05-09", as_of="2031-05-09T00:00:00Z"), replace(ONE, id="0003-2031-05-01")
    gone = replace(newest, id="0004-2031-05-20", as_of="2031-05-20T00:00:00Z", state="pulled")
    assert [one.id for one in standing([ONE, newest, late, gone])] == [ONE.id, late.id, newest.id]
