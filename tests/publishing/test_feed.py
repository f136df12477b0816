"""The feeds' addresses: relative as long as nobody says where the site lies, whole once the theatre does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from isofront.engine.edition import _theatre_text
from isofront.errors import IsofrontError
from isofront.publish.feed import atom_bytes, feed_bytes
from isofront.publish.site import Told
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


def test_an_edition_is_made_from_the_same_wherever_its_site_lies():
    here, there, nowhere = (parse(EXAMPLE.replace(SITE, other)) for other in (SITE, SITE.replace("map", "x"), ""))
    assert (here.map.site, nowhere.map.site) == ("https://example.org/map", "")
    assert _theatre_text(here) == _theatre_text(there) == _theatre_text(nowhere)
    assert "site" not in _theatre_text(here)


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org", "https://", "https://example.org/map?x=1"])
def test_what_is_no_address_of_a_site_is_refused(address):
    with pytest.raises(IsofrontError, match="wanted the site's address"):
        parse(EXAMPLE.replace(SITE, f'site = "{address}"'))
