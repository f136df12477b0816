"""An article in, drafts out: the reference story in two languages, another war, and what no text may be made to say."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isofront.ground.grid import Bounds
from isofront.ground.places import Places
from isofront.reading import Bound, Draft, Reading, What, read_text

HERE = Path(__file__).parent
PUBLISHED = date(2025, 11, 4)


@pytest.fixture(scope="session")
def places() -> Places:
    return Places.load()


@cache
def story(name: str) -> str:
    return (HERE / f"{name}.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session", params=["story_en", "story_uk"])
def told(request: pytest.FixtureRequest, places: Places) -> tuple[str, Reading]:
    text = story(request.param)
    return text, read_text(text, places=places, published=PUBLISHED)


@pytest.fixture(scope="session")
def english(places: Places) -> Reading:
    return read_text(story("story_en"), places=places, published=PUBLISHED)


def some(reading: Reading, about: str) -> list[Draft]:
    return [one for one in reading.drafts if one.about == about]


def stated(reading: Reading) -> set[tuple[str, str]]:
    return {(str(one.value), one.place.known_as) for one in reading.drafts if one.what is What.CONTROL and one.place}


# The reference story, in English and in Ukrainian


def test_two_hundred_inside_and_the_soldiers_who_say_more_are_two_statements_with_two_speakers(
    told: tuple[str, Reading],
) -> None:
    official, soldiers = some(told[1], "attackers-inside")
    assert (official.value, official.bound, soldiers.bound) == (200, Bound.ABOUT, Bound.AT_LEAST)
    assert official.speaker
    assert soldiers.speaker
    assert official.speaker != soldiers.speaker
    assert {official.speaker.named_as, soldiers.speaker.named_as} == {"described"}
    assert official.said_on == date(2025, 11, 2)
    assert official.place
    assert official.place.known_as == "Pokrovsk"


def test_eight_to_one_has_its_speaker_in_full_and_both_sides(told: tuple[str, Reading]) -> None:
    (ratio,) = [one for one in told[1].drafts if one.what is What.RATIO]
    assert (ratio.value, ratio.about, len(ratio.sides)) == (8, "ratio-of-forces", 2)
    assert ratio.speaker
    assert ratio.speaker.name in ("Volodymyr Zelensky", "Володимир Зеленський")
    assert ratio.said_on == date(2025, 10, 31)


def test_sixty_thousand_lived_there_and_over_a_thousand_remain(told: tuple[str, Reading]) -> None:
    (before,), (left,) = some(told[1], "residents-before"), some(told[1], "residents-remaining")
    assert (before.value, left.value, left.bound) == (60_000, 1_000, Bound.AT_LEAST)


def test_grey_zone_pincers_and_a_vague_gap_are_found(told: tuple[str, Reading]) -> None:
    assert ("grey", "Pokrovsk") in stated(told[1])
    assert [one.value for one in some(told[1], "pincers")] == [2]
    gap = some(told[1], "gap-width")[0]
    assert gap.vague
    assert gap.bound is Bound.RANGE


def test_other_towns_have_their_own_state_and_a_denial_is_none(told: tuple[str, Reading]) -> None:
    assert {("entered", "Kupyansk"), ("partly_encircled", "Kostyantynivka"), ("not_encircled", "Pokrovsk")} <= stated(
        told[1]
    )
    assert not any(value in ("lost", "taken") for value, _ in stated(told[1]))  # "if it falls", "could capture"


def test_the_analysts_judgement_is_an_assessment_by_name(told: tuple[str, Reading]) -> None:
    (one,) = [one for one in told[1].drafts if one.what is What.ASSESSMENT]
    assert one.speaker
    assert one.speaker.name in ("Rob Lee", "Роб Лі")


def test_every_draft_shows_the_words_it_came_from(told: tuple[str, Reading]) -> None:
    text, reading = told
    for one in reading.drafts:
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip() == text[one.start : one.end]


def test_who_gave_a_first_name_only_stays_so_and_is_who_he_means(english: Reading) -> None:
    (vehicles,) = some(english, "vehicles")
    assert vehicles.speaker
    assert (vehicles.speaker.name, vehicles.speaker.named_as) == ("Ihor", "first_name")


def test_a_capital_far_from_the_texts_theatre_is_not_placed(english: Reading) -> None:
    named = {one.place.name for one in english.drafts if one.place}
    assert named == {"Pokrovsk", "Rodynske", "Myrnohrad", "Kupiansk", "Kostiantynivka", "Kramatorsk"}


def test_another_war_is_read_by_the_same_rules(places: Places) -> None:
    reading = read_text(story("another_war"), places=places, published=PUBLISHED)
    assert ("taken", "El Fasher") in stated(reading)
    (trapped,) = some(reading, "residents-remaining")
    assert (trapped.value, trapped.bound, trapped.speaker and trapped.speaker.name) == (
        260_000,
        Bound.AT_LEAST,
        "United Nations",
    )


# Single sentences


def read(text: str, places: Places) -> Reading:
    return read_text(
        f"Ukraine. Fighting near Pokrovsk and Myrnohrad goes on. {text}", places=places, published=PUBLISHED
    )


@pytest.mark.parametrize(
    ("text", "about", "value", "bound"),
    [
        ("Between 200 and 300 Russian soldiers have infiltrated Pokrovsk.", "attackers-inside", (200, 300), "range"),
        ("The corridor is at most 2.5 km wide.", "gap-width", 2.5, "at_most"),
        ("No fewer than two thousand residents remain in Myrnohrad.", "residents-remaining", 2000, "at_least"),
        ("Roughly 1,000 of the city's 60,000 residents remain.", "residents-before", 60_000, "exact"),
        ("Roughly 1,000 of the city's 60,000 residents remain.", "residents-remaining", 1000, "about"),
        ("Russian forces seized 15 square kilometers near Pokrovsk.", "area-gained", 15, "exact"),
        ("Up to 120 Russian soldiers were killed near Pokrovsk.", "killed", 120, "at_most"),
        ("The army reported 54 assaults a day near Pokrovsk.", "attacks-per-day", 54, "exact"),
        ("Russia controls 70 percent of Pokrovsk.", "share-held", 70, "exact"),
    ],
)
def test_numbers_say_what_they_count_and_how_they_are_meant(
    text: str, about: str, value: float | int | tuple[int, int], bound: str, places: Places
) -> None:
    found = [(one.value, one.bound.value) for one in some(read(text, places), about) if one.bound]
    assert (value, bound) in found


@pytest.mark.parametrize(
    "text",
    [
        "The 79th Brigade held out since 2022.",
        "A 34-year-old driver left at 8:15 p.m. on Nov. 3.",
        "They came in groups of two or three men.",
        "He paid $500 for T-72 parts.",
        "Russian forces could encircle Pokrovsk.",
        "Moscow wants to capture Pokrovsk before winter.",
        "If Pokrovsk falls, the road is open.",
        "Ukrainian troops hold positions near Pokrovsk.",
    ],
)
def test_dates_designations_and_wishes_are_no_statements(text: str, places: Places) -> None:
    kinds = {What.QUANTITY, What.RATIO, What.CONTROL, What.ASSESSMENT}
    assert not [one for one in read(text, places).drafts if one.what in kinds]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("About 500 residents remain in Pokrovsk, the mayor said.", "mayor"),
        ("About 500 residents remain in Pokrovsk, said Olena Petrenko.", "Olena Petrenko"),
        ("According to Olena Petrenko, about 500 residents remain in Pokrovsk.", "Olena Petrenko"),
        ("Olena Petrenko, a nurse in Pokrovsk, said about 500 residents remain.", "Olena Petrenko"),
    ],
)
def test_the_speaker_is_found_before_and_after_the_words(text: str, speaker: str, places: Places) -> None:
    (one,) = some(read(text, places), "residents-remaining")
    assert one.speaker
    assert one.speaker.name == speaker


def test_a_name_that_several_places_bear_is_not_placed_without_company(places: Places) -> None:
    reading = read_text("Residents of Kostiantynivka left.", places=places, published=PUBLISHED)
    assert not reading.drafts
    assert "several" in reading.unread[0].why


def test_a_theatres_box_decides_between_namesakes(places: Places) -> None:
    box = Bounds(36.5, 48.0, 38.0, 48.8)
    reading = read_text("Residents of Kostiantynivka left.", places=places, published=PUBLISHED, box=box)
    (one,) = reading.drafts
    assert one.place
    assert (round(one.place.lon, 1), round(one.place.lat, 1)) == (37.7, 48.5)


def test_a_region_or_a_unit_is_not_the_town_it_is_named_for(places: Places) -> None:
    reading = read("The Donetsk region and the Kharkiv Brigade were named.", places)
    assert {one.place.name for one in reading.drafts if one.place} == {"Pokrovsk", "Myrnohrad"}


def test_markup_is_read_over_and_positions_hold(places: Places) -> None:
    text = "<p>Near <b>Pokrovsk</b> and Myrnohrad. <script>x()</script>About 500 residents remain in Pokrovsk.</p>"
    reading = read_text(text, places=places)
    (one,) = some(reading, "residents-remaining")
    assert "500 residents" in text[one.start : one.end]


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_without_a_fault(text: str) -> None:
    reading = read_text(text, places=Places(b""))
    stretches = [(one.start, one.end) for one in reading.drafts] + [(one.start, one.end) for one in reading.unread]
    assert all(0 <= start <= end <= len(text) for start, end in stretches)


@given(st.integers(1, 40))
@settings(max_examples=8, deadline=None)
def test_what_stands_before_a_text_moves_its_positions_and_nothing_else(n: int) -> None:
    places, text = Places.load(), "About 500 residents remain, the mayor said on Sunday."
    plain = read_text(text, places=places, published=PUBLISHED)
    moved = read_text("\n" * n + text, places=places, published=PUBLISHED)
    assert [(one.value, one.said_on, one.start + n, one.end + n) for one in plain.drafts] == [
        (one.value, one.said_on, one.start, one.end) for one in moved.drafts
    ]


@pytest.mark.parametrize(
    ("text", "about", "value", "speaker"),
    [
        (
            "About 500 residents remain in Pokrovsk, Maj. Yurii K. Fedorenko said.",
            "residents-remaining",
            500,
            "Yurii K. Fedorenko",
        ),
        (
            "Only a few hundred residents remain in Myrnohrad, according to its mayor, Yurii Tretiak.",
            "residents-remaining",
            (200, 500),
            "Yurii Tretiak",
        ),
        (
            "The Doctors Network, a medical group, said that 12 people had been killed in Pokrovsk.",
            "killed",
            12,
            "Doctors Network",
        ),
    ],
)
def test_titles_initials_and_appositions_lead_to_the_speaker(
    text: str, about: str, value: float | int | tuple[int, int], speaker: str, places: Places
) -> None:
    (one,) = some(read(text, places), about)
    assert (one.value, one.speaker and one.speaker.name) == (value, speaker)


def test_a_village_that_the_gazetteer_lacks_keeps_what_is_said_of_it(places: Places) -> None:
    reading = read("Russian fighters have seized Qwertivka, north of Pokrovsk.", places)
    ((place, lon),) = [(one.place.name, one.place.lon) for one in reading.drafts if one.value == "taken" and one.place]
    assert (place, lon) == ("Qwertivka", None)


@pytest.mark.parametrize(
    "text",
    [
        "Eight Russians for every Ukrainian near Pokrovsk?",
        "Pokrovsk was captured by separatists in April 2014.",
        "Myrnohrad lies 60 miles east of Pokrovsk.",
        "Pokrovsk is under Russian fire control.",
    ],
)
def test_questions_retrospect_and_distances_to_elsewhere_state_nothing(text: str, places: Places) -> None:
    assert not [one for one in read(text, places).drafts if one.what is not What.PLACE]
