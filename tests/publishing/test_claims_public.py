"""Which claims go public: nothing young, nothing of a protected side, no name that was not released."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from publishing_war import DAY, NOW, approve, features, files_of, released

from isofront.evidence import Ledger, ledger_path
from isofront.evidence.claim import SUBJECTS, Bound, Claim, Status
from isofront.intake_claims import ClaimTally, add_claims
from isofront.publish.policy import Cause, Terms, terms_of
from isofront.publish.policy_claims import cleared_claims, placed_sides, public_claim, told_claims
from isofront.sources.claims import ReadRow
from isofront.theatre import load

SAID = datetime(2024, 5, 20, 14, 37, tzinfo=UTC)
PLACES = {"Midtown": [(20.2, 50.1), (20.9, 50.1)], "Westham": [(20.08, 50.2)]}
QUOTE = "Kestrel says they are in the bakery cellar"


def said(name: str = "c-1", **words: Any) -> Claim:
    plain = {
        "id": name, "speaker": "Oleh Example", "said_at": SAID, "known_at": SAID, "about": "attackers-inside",
        "place": "Midtown", "lon": 20.2, "lat": 50.1, "low": 200, "high": 200, "side": "red", "quote": QUOTE,
        "url": "https://example.org/claim",
    }  # fmt: skip
    return Claim(**(plain | words))


def keep(war: Path, *some: Claim) -> ClaimTally:
    return add_claims(war, [ReadRow("f.json", number, one) for number, one in enumerate(some, start=1)], now=NOW)


def control(name: str, status: Status, side: str | None, against: str | None = None) -> Claim:
    return said(name, about="control", low=None, high=None, status=status, side=side, against=against)


@pytest.fixture(scope="module")
def theatre(plain_war: Path):
    return load(plain_war)


def terms(theatre, *, protected: tuple[str, ...] = (), release: str = "private", now: datetime = NOW) -> Terms:
    from msgspec.structs import replace

    policy = replace(theatre.policy, release_class=release)
    return terms_of(replace(theatre, policy=policy, protected_sides=protected), now)


def causes(claim: Claim, terms: Terms) -> list[Cause]:
    return [one.cause for one in cleared_claims([claim], terms, places=PLACES).held]


def test_a_claim_waits_for_the_longest_delay_that_concerns_it(theatre):
    late = DAY + timedelta(hours=8)
    for words in ({"said_at": late}, {"known_at": late}, {"for_day": date(2024, 5, 25)}):
        assert causes(said(**words), terms(theatre)) == [Cause.DELAY]
    assert causes(said(), terms(theatre)) == []


def test_nothing_tells_where_a_protected_side_is(theatre):
    ours = terms(theatre, protected=("blue",))
    telling = [
        said(side="blue"), said(side="red", counts={"red": 80, "blue": 10}), said(about="killed", side="blue"),
        said(about="ratio", low=8, high=8, side="red", against="blue"), said(about="attacks", side="blue"),
        said(about="distance", side="blue"), control("c", Status.HELD, "blue"), control("c", Status.ENCIRCLED, "blue"),
        control("c", Status.NOT_LOST, "blue"), control("c", Status.LOST, "red", "blue"),
    ]  # fmt: skip
    assert [causes(one, ours) for one in telling] == [[Cause.PROTECTED]] * len(telling)
    unsaid = [said(side=None), control("c", Status.GREY, None), said(about="ratio", low=8, high=8, side="red")]
    assert [causes(one, ours) for one in unsaid] == [[Cause.UNSAID]] * len(unsaid)
    plain = [
        said(), control("c", Status.TAKEN, "red"), control("c", Status.NOT_TAKEN, "red"),
        control("c", Status.LOST, "blue", "red"),
        said(about="residents-remaining", side=None, low=1000, high=1000),
        said(about="gap-width", side=None, low=4, high=4),
    ]  # fmt: skip
    assert [causes(one, ours) for one in plain] == [[]] * len(plain)


@given(st.sampled_from(sorted(SUBJECTS)), st.sampled_from([None, *Status]), st.sampled_from([None, "red", "blue"]))
def test_a_claim_that_names_a_side_as_being_there_always_places_it(about, status, side):
    told = placed_sides(said(about=about, status=status, side=side))
    if SUBJECTS[about].civilians or about in ("gap-width", "strikes", "strikes-per-day"):
        assert told == frozenset()
    elif status is None and side is not None and SUBJECTS[about].unit != "to one":
        assert told == {side}
    elif side is None:
        assert told is None


def test_a_name_and_a_link_show_only_where_the_release_class_is_public_and_the_words_never(theatre):
    closed, open_ = terms(theatre), terms(theatre, release="public")
    assert _told(said(), closed)[:2] == (None, None)
    assert _told(said(), open_)[:2] == ("Oleh Example", "https://example.org/claim")
    assert _told(said(release="public"), closed)[:2] == ("Oleh Example", "https://example.org/claim")
    assert _told(said(release="private"), open_)[:2] == (None, None)
    assert _told(said(named_as="first_name"), open_)[0] is None
    assert _told(said(speaker="commander, 81st Brigade"), open_)[:2] == (None, None)
    assert _told(said(url="javascript:alert(1)"), open_)[1] is None
    assert causes(said(release="withheld"), open_) == [Cause.RELEASE_CLASS]
    assert causes(said(place="a house by the mill"), open_) == [Cause.NO_PLACE]
    assert QUOTE not in str(public_claim(said(), open_, revised=False))
    assert "14:37" not in str(public_claim(said(), open_, revised=False))


def _told(claim: Claim, terms: Terms) -> tuple[str | None, str | None]:
    one = public_claim(claim, terms, revised=False)
    return one.by, one.link


def test_a_claim_is_of_the_settlement_that_it_is_about_and_of_none_where_its_name_lies_elsewhere(theatre):
    remains = {"about": "residents-remaining", "side": None}
    some = [
        said("c-1"), said("c-2", lon=20.9), said("c-3", lon=20.55), said("c-4", said_at=SAID - timedelta(1), **remains),
        said("c-5", lon=20.88, **remains),
    ]  # fmt: skip
    cleared = cleared_claims(some, terms(theatre), places=PLACES)
    assert cleared.namesakes == {"c-1": 0, "c-2": 1, "c-4": 0, "c-5": 1}
    assert [(one.claim.id, one.cause) for one in cleared.held] == [("c-3", Cause.NO_PLACE)]
    late = told_claims(cleared, terms(theatre), as_of=DAY + timedelta(days=200))
    assert [(one.about, one.namesake) for one in late] == [("residents-remaining", 0), ("residents-remaining", 1)]


def test_civilians_are_told_to_two_figures_and_never_under_ten(theatre):
    told = public_claim(said(about="residents-remaining", low=1234, high=12, side=None), terms(theatre), revised=False)
    assert (told.low, told.high) == (1200, 10)


@settings(max_examples=15)
@given(st.permutations(range(6)))
def test_the_order_of_claims_is_not_that_in_which_they_came(theatre, order):
    some = [said(f"c-{k}", low=100 + k, high=100 + k, reliability="ABCDEF"[k]) for k in range(6)]
    policy = terms(theatre)
    every = [
        told_claims(cleared_claims(kept, policy, places=PLACES), policy, as_of=DAY)
        for kept in (some, [some[k] for k in order])
    ]
    assert every[0] == every[1]


@pytest.mark.slow
def test_an_edition_shows_cleared_claims_and_keeps_the_others_from_every_byte(plain_war, plain_edition, tmp_path):
    war = Path(shutil.copytree(plain_war, tmp_path / "war"))
    young = said("c-young", low=777, high=777, known_at=DAY + timedelta(hours=8))
    unknown = said("c-unknown", low=778, high=778, known_at=DAY + timedelta(days=9))
    keep(war, young, unknown, said("c-hidden", release="withheld", low=779, high=779))
    approve(war)  # the map knows them
    assert _but_made(files_of(war)) == _but_made(plain_edition.files)
    remains = said("c-civil", about="residents-remaining", low=1040, high=1040, side=None, bound=Bound.ABOUT)
    keep(war, remains, said("c-plain", simulated=True))
    files = files_of(war)
    told = json.loads(files["claims.json"])["claims"]
    assert [(one["place"], one["about"], one["low"], one["said"]) for one in told] == [
        ("Midtown", "attackers-inside", 200, "2024-05-20"),
        ("Midtown", "residents-remaining", 1000, "2024-05-20"),
    ]
    [day] = json.loads(files["page.json"])["dates"]
    place = day["public"]["places"][0]
    assert place["civilians"] | {"age_days": 5, "low": 1000} == place["civilians"]
    assert len(place["claims"]) == 2
    assert json.loads(files["edition.json"])["simulated"]
    everything = b"".join(files.values())
    assert [word for word in (b"Oleh", b"example.org/claim", b"bakery", b"c-plain") if word in everything] == []
    with Ledger.open(ledger_path(war), write=True) as ledger:
        ledger.retract("claim:c-plain", "a mistake", now=NOW)
    assert len(json.loads(files_of(war)["claims.json"])["claims"]) == 1


def _but_made(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name != "edition.json"}


def test_editors_are_told_which_claims_are_held_back_and_why(plain_war, tmp_path, capsys):
    from isofront.cli import main

    war = Path(shutil.copytree(plain_war, tmp_path / "war"))
    keep(war, said("c-hidden", release="withheld"), said("c-plain"))
    assert [one.claim.id for one in released(war).claims.held] == ["c-hidden"]
    capsys.readouterr()
    assert main(["publish", "--theatre", str(war), "--on", "2024-05-25", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["claims"]
    assert told == {"cleared": 1, "held": [{"id": "c-hidden", "why": "its release class withholds it"}]}


def test_the_report_that_a_claim_of_control_makes_is_of_the_claims_class(plain_war, plain_edition, tmp_path):
    war = Path(shutil.copytree(plain_war, tmp_path / "war"))
    taken = {"place": "Westham", "lon": 20.08, "lat": 50.2, "reliability": "A", "credibility": 1}
    some = [
        replace(control(f"c-{k}", Status.TAKEN, "red"), release="withheld", speaker=f"Speaker {k}", **taken)
        for k in range(4)
    ]
    assert keep(war, *some).reports == 4
    approve(war)
    assert [one.cause for one in released(war).held] == [Cause.RELEASE_CLASS] * 4
    assert _but_made(files_of(war)) == _but_made(plain_edition.files)


def test_the_link_of_a_claim_that_may_not_show_shows_with_no_report_either(plain_war, tmp_path):
    war = Path(shutil.copytree(plain_war, tmp_path / "war"))
    file = war / "theatre.toml"
    policy = '\n[policy]\nrelease_class = "public"\n'
    file.write_text(file.read_text(encoding="utf-8") + policy, encoding="utf-8")
    words = {
        "kept": {"release": "private"},
        "unit": {"quote": "the 93rd brigade is in the town"},
        "speaker": {"speaker": "spokesman of the 93rd brigade"},
        "open": {},
    }
    some = [
        replace(control(f"c-{name}", Status.ENTERED, "red"), url=f"https://example.org/{name}", **more)
        for name, more in words.items()
    ]
    assert keep(war, *some).reports == 4
    approve(war)
    files = files_of(war)
    assert {one["properties"]["link"] for one in features(files, "reports")} - {None} == {"https://example.org/open"}
    assert not [
        name for name in ("kept", "unit", "speaker") if f"example.org/{name}".encode() in b"".join(files.values())
    ]
