# ruff: noqa: E501 - rows of tables are as long as they are
"""Who was there, as descriptions tell it; what they do not tell stays unknown."""

from __future__ import annotations

import feeds_files as good
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isofront.feeds.description import told_by
from isofront.feeds.sides import Sides
from isofront.feeds.units import note_of, without_units

SIDES = Sides(good.GIVEN)


@pytest.mark.parametrize(
    ("text", "faction", "kind", "seen"),
    [
        ("Bluemarkish FPV hits Redlandish soldier near Millford", "blue", "strike", "red"),
        ("Redlandish soldier hit by FPV", "blue", "strike", "red"),
        ("drone strike on a claimed Redlandish position", "blue", "strike", "red"),
        ("Redlandish position inside Millford shelled", "blue", "strike", "red"),
        ("bomber drone alleged Redlandish position Millford", "blue", "strike", "red"),
        ("FPV drones kill Bluemarkish soldier in Millford", "red", "strike", "blue"),
        ("Redlandish tank shells building", "red", "activity", ""),
        ("truck targeted by drone", "blue", "activity", ""),
        ("Bluemarkish drone strike on a substation", "blue", "activity", ""),
        ("Redlandish soldiers raise a flag in Millford", "red", "flag", "red"),
        ("Redlandish flag dropped by drone over Millford", "red", "activity", ""),
        ("Bluemarkish drone destroys Redlandish flag", "blue", "activity", ""),
        ("Redlandish soldiers walking in Millford", "red", "position", "red"),
        ("Redlandish assault on Millford", "red", "assault", "red"),
        ("Redlandish infiltrators in Millford", "red", "infiltration", "red"),
        ("Bluemarkish troops withdraw from Millford", "blue", "left", "blue"),
        ("smoke over Millford", "", "activity", ""),
    ],
)
def test_a_side_is_seen_where_its_people_or_things_on_the_ground_are_named(
    text: str, faction: str, kind: str, seen: str
) -> None:
    told = told_by(text, faction, SIDES)
    assert (told.kind, told.seen) == (kind, seen)


@pytest.mark.parametrize(
    "text",
    [
        "Redlandish drone in flight attacked by Bluemarkish interceptor",
        "Redlandish helicopter shot down over Millford",
        "air combat between Redlandish and Bluemarkish jets",
    ],
)
def test_what_flies_shows_nobody_on_the_ground(text: str) -> None:
    told = told_by(text, "blue", SIDES)
    assert told.seen == ""
    assert told.target.endswith("in flight")


def test_the_cameras_spot_is_not_the_impacts() -> None:
    told = told_by("Camera point of view - Redlandish position hit", "blue", SIDES)
    assert (told.location_of, told.seen) == ("camera", "")


def test_an_old_wreck_is_whose_it_is_but_no_presence() -> None:
    told = told_by("burnt-out Redlandish tank, an old wreck", "blue", SIDES)
    assert (told.kind, told.seen, told.posture) == ("activity", "red", "wreck")


def test_of_prisoners_both_sides_are_there_and_the_captors_count() -> None:
    told = told_by("Bluemarkish soldiers capture Redlandish prisoners", "blue", SIDES)
    assert {told.seen, told.seen2} == {"blue", "red"}
    assert told.seen == "blue"


def test_an_exposed_fake_is_no_evidence() -> None:
    assert told_by("Fake: Redlandish flag in Millford, staged", "red", SIDES).leave_out


@pytest.mark.parametrize(
    "text", ["Redlandish strike hits apartment building, woman injured", "Redlandish FPV hits ambulance"]
)
def test_harm_to_civilians_names_no_side_as_present(text: str) -> None:
    told = told_by(text, "red", SIDES)
    assert (told.kind, told.seen, told.civil) == ("activity", "", True)


def test_a_rough_place_is_rough() -> None:
    assert told_by("Area grid - Redlandish position shelled", "blue", SIDES).rough


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(
    ["redlandish", "bluemarkish", "soldier", "position", "drone", "hits", "hit", "by", "near", "flag", "raise", "wreck", "prisoners", "takes", "on", "a", ",", ".", "assault", "house"]
), max_size=14))  # fmt: skip
def test_swapping_the_sides_names_swaps_the_answer(tokens: list[str]) -> None:
    swap = {"redlandish": "bluemarkish", "bluemarkish": "redlandish"}
    one = told_by(" ".join(tokens), "", SIDES)
    other = told_by(" ".join(swap.get(token, token) for token in tokens), "", SIDES)
    turned = {"red": "blue", "blue": "red", "": ""}
    assert (one.kind, one.seen, one.by, one.seen2) == (
        other.kind, turned[other.seen], turned[other.by], turned[other.seen2]
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault_and_tells_only_known_sides(text: str) -> None:
    told = told_by(text, "red", SIDES)
    assert told.seen in ("", "red", "blue")
    assert len(note_of(text)) <= 200


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("FPV of the 93rd Mechanized Brigade hits a tank", "93rd"),
        ("soldiers of 5 ОМБр near the mill", "ОМБр"),
        ('drone of "Night Owls" battalion', "Owls"),
        ("work of 225 OShP and Achilles", "Achilles"),
        ("the III Corps moves", "III"),
        ("58-а армія", "58"),
    ],
)
def test_units_are_not_told(text: str, gone: str) -> None:
    assert gone not in without_units(text)


@pytest.mark.parametrize(
    "text", ["110 kV substation hit", "3 soldiers in a trench", "Grad MLRS hit near a mill, 2 km east"]
)
def test_what_is_no_unit_stays(text: str) -> None:
    assert without_units(text) == text


def test_a_feed_cannot_mark_evidence_as_simulated() -> None:
    assert "SIMULATED" not in note_of("SIMULATED strike")
