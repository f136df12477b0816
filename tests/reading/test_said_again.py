"""What a sentence says of a place or a number without naming it again, and whose word it is."""

from __future__ import annotations

from datetime import date

import pytest

from isofront.ground.places import Places
from isofront.reading import Bound, Draft, What, read_text

PUBLISHED = date(2025, 11, 12)
CONTEXT = "Fighting goes on near Myrnohrad, Rodynske and Dobropillia in Ukraine, where Pokrovsk lies.\n\n"


@pytest.fixture(scope="session")
def places() -> Places:
    return Places.load()


def drafts(text: str, places: Places) -> tuple[Draft, ...]:
    return read_text(CONTEXT + text, places=places, published=PUBLISHED).drafts


def stated(text: str, places: Places) -> set[tuple[str, str]]:
    some = drafts(text, places)
    return {(str(one.value), one.place.name) for one in some if one.what is What.CONTROL and one.place}


def counted(text: str, places: Places) -> list[tuple[object, Bound | None, str]]:
    some = drafts(text, places)
    return [(one.value, one.bound, one.about) for one in some if one.what in (What.QUANTITY, What.RATIO)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Rodynske is small. Ukrainian troops retook it on Monday.", "liberated"),
        ("Rodynske is almost empty; it was captured last week.", "taken"),
        ("Rodynske has held out for months. It has not fallen.", "not_lost"),
    ],
)
def test_it_is_the_place_that_the_paragraph_speaks_of(text: str, value: str, places: Places) -> None:
    assert stated(text, places) == {(value, "Rodynske")}


def test_it_that_acts_is_no_place(places: Places) -> None:
    assert stated("The army left Rodynske a note. It captured nothing, it said.", places) == set()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Shelling injured between 10 and 15 people in Rodynske.", ((10, 15), Bound.RANGE, "wounded")),
        ("Two and a half thousand soldiers were killed.", (2500, Bound.EXACT, "killed")),
        ("No more than two dozen Russians had got into Rodynske.", (24, Bound.AT_MOST, "attackers-inside")),
        ("Russian troops control four-fifths of Rodynske.", (80, Bound.ABOUT, "share-held")),
        ("The true number of soldiers in Rodynske is closer to 400.", (400, Bound.ABOUT, "troops-inside")),
        ("The Russians outnumber the Ukrainians sixfold.", (6, Bound.EXACT, "ratio-of-forces")),
    ],
)
def test_a_number_keeps_the_words_that_say_how_it_is_meant(
    text: str, wanted: tuple[object, Bound, str], places: Places
) -> None:
    value, bound, about = wanted
    assert (value, bound) in [one[:2] for one in counted(text, places)]
    if about != "attackers-inside":
        assert about.replace("troops-inside", "troops") in counted(text, places)[0][2]


def test_no_more_than_is_no_denial(places: Places) -> None:
    assert stated("No more than two dozen Russians had entered Rodynske.", places) == {("entered", "Rodynske")}


def test_a_number_after_out_of_counts_what_the_one_before_it_counts(places: Places) -> None:
    some = counted("The staff reported 18 assaults near Rodynske, out of 162 along the front line.", places)
    assert [(value, about) for value, _, about in some] == [(18, "attacks"), (162, "attacks")]


def test_a_quotation_that_opens_with_a_number_answers_the_number_before_it(places: Places) -> None:
    asked = "Russian troops attack. About 60 Russian soldiers are in Rodynske, officials say."
    text = f'{asked}\n\n"Three hundred, easily," said Danylo, a soldier.'
    assert (300, "attackers-inside") in [(value, about) for value, _, about in counted(text, places)]


def test_a_claim_told_by_another_is_the_claimants(places: Places) -> None:
    text = "Kyiv denied that Pokrovsk was lost, hours after the Russian Defense Ministry claimed it had taken Rodynske."
    by = {one.place.name: one for one in drafts(text, places) if one.what is What.CONTROL and one.place}
    taken = by["Rodynske"]
    assert (taken.value, taken.speaker and taken.speaker.name) == ("taken", "Russian Defense Ministry")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("In a statement late on Monday, the General Staff said it had lost Rodynske.", date(2025, 11, 10)),
        ("The ministry claimed on Nov. 9 to have captured Rodynske.", date(2025, 11, 9)),
    ],
)
def test_the_day_of_a_saying_may_stand_far_from_its_verb(text: str, day: date, places: Places) -> None:
    assert [one.said_on for one in drafts(text, places) if one.what is What.CONTROL] == [day]


def test_a_village_lies_by_the_place_that_the_text_names_beside_it(places: Places) -> None:
    text = "Troops took Petropavlivka (east of Kupiansk) and fight in Kupiansk, Dvorichna and Lyman, Ukraine."
    reading = read_text(text, places=places, published=PUBLISHED)
    spot = next(one.place for one in reading.drafts if one.place and one.place.name == "Petropavlivka")
    assert spot.lon is not None
    assert abs(spot.lon - 37.7) < 0.2


def test_a_capital_that_speaks_and_the_names_of_a_dateline_are_not_placed(places: Places) -> None:
    text = "MOSCOW/KYIV, Oct 9 (Wire) - Pokrovsk, Myrnohrad and Rodynske are held by Ukraine, Kyiv says."
    reading = read_text(text, places=places, published=PUBLISHED)
    assert {one.place.name for one in reading.drafts if one.what is What.PLACE and one.place} == {
        "Pokrovsk",
        "Myrnohrad",
        "Rodynske",
    }


def test_a_name_known_elsewhere_as_a_former_one_is_not_placed_there_alone(places: Places) -> None:
    reading = read_text("The fighting for Pokrovsk went on.", places=places, published=PUBLISHED)
    assert not [one for one in reading.drafts if one.what is What.PLACE]


@pytest.mark.parametrize(
    ("second", "bound"),
    [
        ("but two soldiers fighting there called that an understatement.", Bound.AT_LEAST),
        ("the brigade noted. Two soldiers fighting there called that an understatement.", Bound.AT_LEAST),
        ("the brigade noted. Soldiers in the city said that was far too low.", Bound.AT_LEAST),
        ("the brigade noted. The mayor, Ivan Bondar, called the figure a gross exaggeration.", Bound.AT_MOST),
    ],
)
def test_who_calls_a_number_an_understatement_says_more(second: str, bound: Bound, places: Places) -> None:
    text = f"About 150 Russian soldiers are inside Pokrovsk, an official said, {second}"
    assert [(value, found) for value, found, _ in counted(text, places)] == [(150, Bound.ABOUT), (150, bound)]


def test_calling_something_else_an_exaggeration_says_nothing_of_a_number(places: Places) -> None:
    text = (
        "About 150 Russian soldiers are inside Pokrovsk, an official said. The mayor called the attack an exaggeration."
    )
    assert [value for value, _, _ in counted(text, places)] == [150]
