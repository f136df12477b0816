"""Two settlements of one name are two settlements in all that an edition says of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from publishing_war import DAY, LATER, approve, features, published
from shapely import box

from isofront.cli import main
from isofront.engine.edition import Made
from isofront.publish.brief_public import public_facts
from isofront.publish.brief_seen import Seen
from isofront.publish.brief_site import Site
from isofront.publish.page_editions import _by
from isofront.publish.pockets_shown import numbers_inside
from isofront.theatre.model import Settlement

TWO = """
[[settlements]]
names = { en = "Newfield" }
at = [20.15, 50.03]
population = 400

[[settlements]]
names = { en = "Newfield" }
at = [20.37, 50.27]
population = 7000
"""


SAID = {"speaker": "clerk", "said_at": "2024-05-20", "place": "Newfield", "lon": 20.37, "lat": 50.27}
CLAIMS = [
    SAID | {"about": "control", "status": "held", "side": "red"},
    SAID | {"about": "residents-remaining", "value": 900},
]


@pytest.fixture(scope="module")
def edition(plain_war: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, Path]:
    """An edition in which both lie, after one that knew of neither; and the site."""
    folder = tmp_path_factory.mktemp("namesakes")
    war, site = Path(shutil.copytree(plain_war, folder / "war")), folder / "site"
    file = war / "theatre.toml"
    plain = file.read_text(encoding="utf-8")
    file.write_text(plain + TWO, encoding="utf-8")
    (folder / "claims.json").write_text(json.dumps(CLAIMS), encoding="utf-8")
    assert main(["claim", str(folder / "claims.json"), "--theatre", str(war), "--backfill"]) == 0
    approve(war)
    file.write_text(plain, encoding="utf-8")
    published(war, site)
    file.write_text(plain + TWO, encoding="utf-8")
    return published(war, site, now=LATER), site


def of_both(rows: list[dict[str, object]], *keys: str) -> list[tuple[object, ...]]:
    """What rows of settlements say of the two."""
    return [tuple(one.get(key) for key in keys) for one in rows if one["name"] == "Newfield"]


def test_each_has_its_own_row(edition):
    made, _ = edition
    places = json.loads(made.files["places.json"])["places"]
    assert of_both(places, "population", "front_km") == [(400, 0), (7000, 11)]
    layer = [one["properties"] for one in features(made.files, "settlements")]
    (near, far) = of_both(layer, "status", "population", "since", "last_seen")
    assert near == ("grey", 400, "2024-05-25", "2024-05-19")
    assert far == ("held_red", 7000, None, None)
    page = json.loads(made.files["page.json"])
    assert of_both(page["settlements"], "population") == [(400,), (7000,)]


def test_what_turned_is_told_of_the_one_that_did_also_if_it_is_new_in_the_theatre(edition):
    made, _ = edition
    assert json.loads(made.files["changes.json"])["settlements"] == []


def test_the_brief_of_the_site_says_of_each_its_own(edition):
    _, site = edition
    told = Site.of(site).day_of(DAY)
    here = Seen(told)
    assert [here.status[k] for k in (here.number("Newfield", "grey"), here.number("Newfield", "held_red"))] == [
        "grey",
        "held_red",
    ]
    assert [one.place for one in public_facts(Site.of(site), told).grey_towns].count("Newfield") == 1


def test_what_was_said_of_one_is_told_of_that_one_alone(edition):
    made, site = edition
    (day,) = json.loads(made.files["page.json"])["dates"]
    assert [len(one.get("claims", ())) for one in day["public"]["places"]][-2:] == [0, 2]
    facts = public_facts(Site.of(site), Site.of(site).day_of(DAY))
    assert [one.map_status for one in facts.control] == ["held_red"]
    assert [one.population for one in facts.civilians] == [7000]


def test_a_pocket_holds_the_one_that_lies_in_it():
    places = [Settlement({"en": name}, at) for name, at in (("A", (1.0, 1.0)), ("B", (1.5, 1.5)), ("A", (9.0, 9.0)))]
    ground = box(8, 8, 10, 10)
    assert numbers_inside(["A"], places, ground) == [2]
    assert numbers_inside(["A", "C", "A", "B"], places, ground) == [2, 0, 1]


def test_days_told_by_other_lists_of_settlements_keep_each_in_its_place(edition):
    made, _ = edition
    own = json.loads(made.files["page.json"])
    (day,) = own["dates"]
    turned = _by(own | {"settlements": own["settlements"][::-1]}, own, day)
    assert turned["status"] == day["status"][::-1]
    assert turned["public"]["places"] == day["public"]["places"][::-1]
