"""Forms of the press, met in articles read for the first time: what they state, and what states nothing."""

from __future__ import annotations

from datetime import date

import pytest

from isofront.ground.places import Places
from isofront.reading import Bound, Draft, What, read_text

PUBLISHED = date(2025, 11, 12)
CONTEXT = {
    "en": "Fighting goes on near Myrnohrad, Rodynske and Dobropillia in Ukraine, where Pokrovsk lies.\n\n",
    "uk": "Бої точаться біля Мирнограда, Родинського та Добропілля, де лежить Покровськ.\n\n",
}
CONTROL = {
    "taken": [
        "Rodynske fell into Russian hands last week.",
        "After capturing Rodynske, Russian troops moved west.",
        "Russian troops went on, capturing Rodynske.",
        "Rodynske has come under Russian control.",
        "The rebels won control of Rodynske.",
        "Rodynske, captured by Russian marines last week, is small.",
        "Окупанти встановили контроль над Родинським.",
        "Ворог узяв під контроль Родинське.",
    ],
    "held": [
        "Rodynske is still Ukrainian.",
        "Rodynske is now wholly controlled by the army.",
        "Rodynske stayed under army control.",
        "The map shows Rodynske as occupied.",
        "Rodynske was “fully in our hands”, the colonel said.",
        "Rodynske, which has been shelled from the air and the ground day and night since May, is under our control.",
        "Сили оборони продовжують утримувати Родинське.",
        "Родинське наше.",
        "Під контролем ЗСУ залишається Родинське.",
        "Родинське, яке ворог штурмував, станом на 25 січня було під контролем Сил оборони.",
    ],
    "lost": [
        "Russian troops were expelled from Rodynske.",
        "Ukrainian troops left Rodynske on Monday.",
        "Ukrainian troops abandoned their positions in Rodynske.",
        "The army pulled its men out of Rodynske.",
        "Українські підрозділи покинули Родинське.",
    ],
    "liberated": [
        "Ukrainian marines ousted the Russians from Rodynske.",
        "Rodynske is back under Ukrainian control.",
        "The army reoccupied Rodynske.",
        "Окупантів вибили з Родинського.",
        "Із Родинського українські захисники вибили росіян.",
        "Контроль над Родинським відновлено.",
        "Українські військові визволили Родинське.",
    ],
    "entered": [
        "Fighting has reached the streets of Rodynske.",
        "Russian groups seeped into Rodynske.",
        "Russian troops have broken through into Rodynske.",
        "Противник вклинився в Родинське.",
        "Окупанти вже в Родинському.",
    ],
    "not_held": ["Rodynske isn’t ours any more."],
    "grey": [
        "Rodynske is a grey zone, neither side controls it.",
        "It is unclear who controls Rodynske.",
        "Родинське ніхто не контролює.",
    ],
    "encircled": ["Rodynske remains encircled.", "Russian troops have closed the ring around Rodynske."],
    "partly_encircled": [
        "Родинське у напівкільці.",
        "Родинське з трьох боків оточене, однак дорога через Мирноград працює.",
    ],
    "partly_held": [
        "They hold the south of Rodynske.",
        "Ворог контролює північ Родинського.",
        "Родинське: тримаємо західну частину.",
    ],
    "not_entered": ["There are no Russian soldiers in Rodynske."],
    "not_lost": ["Rodynske hasn’t fallen.", "The general denied losing Rodynske."],
    "not_taken": [
        "Claims that Rodynske has been taken are, in our judgement, false.",
        "Reports of the capture of Rodynske do not correspond to reality.",
        "Інформація про захоплення Родинського не відповідає дійсності.",
    ],
}
NOTHING = [
    "Whoever reported the capture of Rodynske should go there.",
    "Whoever controls Rodynske controls the road.",
    "Russian troops were captured in Rodynske.",
    "The mayor of Rodynske was captured.",
    "The fate of Rodynske is in our hands.",
    "An aid convoy entered Rodynske.",
    "Residents left Rodynske on Monday.",
    "Prices fell in Rodynske.",
    "We must hold Rodynske.",
    "Russia has fire control over Rodynske.",
    "Russian troops captured the Rodynske airport.",
    "Rodynske: captured two tanks.",
    "Мешканці залишили Родинське.",
    "Волонтери зайшли в Родинське.",
    "Міського голову Родинського захопили.",
    "Після можливого захоплення Родинського ворог піде далі.",
    "Снаряд зайшов у будинок у Родинському.",
]
NUMBERS = {
    "Up to a dozen Russian soldiers are in Rodynske.": (12, Bound.AT_MOST, "troops-inside"),
    "Близько дюжини росіян заховалися в Родинському.": (12, Bound.ABOUT, "troops-inside"),
    "About 3,900 people, including 14 children, still live in Rodynske.": (3900, Bound.ABOUT, "residents-remaining"),
    "340 dead soldiers were counted.": (340, Bound.EXACT, "killed"),
    "The army put losses at 96 killed and 41 wounded.": (96, Bound.EXACT, "killed"),
    "The bomb hit a bus, killing nine passengers.": (9, Bound.EXACT, "killed"),
    "About 2,100 of 3,400 residents had been evacuated.": (2100, Bound.ABOUT, "residents-evacuated"),
    "Rodynske is empty. Few people are left in the town, which had 14,000 before the invasion.": (
        14000,
        Bound.EXACT,
        "residents-before",
    ),
    "Russian troops attacked 63 times near Rodynske.": (63, Bound.EXACT, "attacks"),
    "For every Ukrainian soldier there are five Russians.": (5, Bound.EXACT, "ratio-of-forces"),
    "У Родинському близько півтори тисячі людей.": (1500, Bound.ABOUT, "residents"),
    "Кількість поранених зросла до 11 людей.": (11, Bound.EXACT, "wounded"),
    "За добу ворог атакував 19 разів.": (19, Bound.EXACT, "attacks-per-day"),
    "Росіян у Родинському — до 300.": (300, Bound.AT_MOST, "troops-inside"),
}
NO_NUMBERS = [
    "Dynamo beat Shakhtar 3:1 in Rodynske.",
    "A: Four hundred, he said.",
    "In 2014, 40 soldiers were killed in Rodynske.",
    "Канал читають 97 тисяч людей.",
]
SPEAKERS = {
    "A major in the brigade, who would not be named, put losses at 40 dead.": "major in the brigade",
    "A Western official, speaking to reporters, estimated Russian losses at 40 men.": "Western official",
    "DeepState’s map shows Rodynske as occupied.": "DeepState",
    "Olha Ivanova, 58, bakes bread. 40 soldiers died, she reckons.": "Olha Ivanova",
    "The General Staff reported 52 attacks on this axis and put losses at 40 men.": "General Staff",
    "Some 40 people had fled, a relief worker said.": "relief worker",
    "Major Petro Ivanenko met us.\n\nQ: Your losses?\nA: 40 soldiers died.": "Petro Ivanenko",
    "“We hold,” said a lieutenant who introduced himself as Taras. 40 soldiers died, he said.": "Taras",
    "16.05 GMT\nAn estimated 40 soldiers died, a source said.": "source",
}


@pytest.fixture(scope="session")
def places() -> Places:
    return Places.load()


def drafts(text: str, places: Places) -> list[Draft]:
    context = CONTEXT["uk" if "а" in text or "о" in text else "en"]
    every = read_text(context + text, places=places, published=PUBLISHED).drafts
    return [one for one in every if one.start >= len(context)]


def stated(text: str, places: Places) -> set[tuple[str, str]]:
    some = drafts(text, places)
    return {(str(one.value), one.place.name) for one in some if one.what is What.CONTROL and one.place}


@pytest.mark.parametrize(("value", "text"), [(value, text) for value, some in CONTROL.items() for text in some])
def test_what_is_said_of_a_place(value: str, text: str, places: Places) -> None:
    assert [said for said, place in stated(text, places) if place in ("Rodynske", "Родинське")] == [value]


@pytest.mark.parametrize("text", NOTHING)
def test_what_says_nothing_of_a_place(text: str, places: Places) -> None:
    assert stated(text, places) == set()


@pytest.mark.parametrize(("text", "wanted"), NUMBERS.items())
def test_what_a_number_counts(text: str, wanted: tuple[float, Bound, str], places: Places) -> None:
    assert wanted in [(one.value, one.bound, one.about) for one in drafts(text, places)]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_numbers_that_count_nothing(text: str, places: Places) -> None:
    assert not [one for one in drafts(text, places) if one.what in (What.QUANTITY, What.RATIO)]


@pytest.mark.parametrize(("text", "name"), SPEAKERS.items())
def test_who_says_it(text: str, name: str, places: Places) -> None:
    some = [one for one in drafts(text, places) if one.what is not What.PLACE]
    assert [one.speaker.name for one in some if one.speaker][-1:] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Российские войска заняли Гришино и вошли в Родинское, сообщило министерство обороны. Уничтожено 120 военных.",
        "Die russischen Truppen haben Pokrowsk eingenommen, erklärte das Ministerium. 120 Männer wären getötet.",
    ],
)
def test_a_text_in_another_language_gives_no_drafts_and_says_so(text: str, places: Places) -> None:
    reading = read_text(text, places=places, published=PUBLISHED)
    assert reading.drafts == ()
    assert ["language" in one.why for one in reading.unread] == [True]


def test_a_pair_is_a_number_and_no_range(places: Places) -> None:
    values = [one.value for one in drafts("A drone killed a couple in Rodynske.", places) if one.what is What.QUANTITY]
    assert values == [2]


def test_lines_led_by_a_place_speak_of_it(places: Places) -> None:
    lines = "Rodynske: captured.\nMyrnohrad – liberated by Ukrainian forces.\nDobropillia: no change.\nLost, sadly."
    assert stated(lines, places) == {("taken", "Rodynske"), ("liberated", "Myrnohrad")}


def test_a_name_that_speaks_leads_no_line(places: Places) -> None:
    text = "Our guest is Mark Hollander.\n\nHollander: Rodynske has been lost."
    assert stated(text, places) == {("lost", "Rodynske")}


def test_the_village_is_no_town_of_another_paragraph(places: Places) -> None:
    text = "Rodynske is quiet.\n\nRebels attacked at Vyshnevyi Mlyn. The village, which the army lost, is held by them."
    assert "Rodynske" not in {place for _, place in stated(text, places)}


def test_lists_go_on_behind_an_aside(places: Places) -> None:
    text = "Russian troops hold Rodynske and, to the east, Myrnohrad."
    assert stated(text, places) == {("held", "Rodynske"), ("held", "Myrnohrad")}


def test_what_is_led_by_a_word_of_place_belongs_to_no_list(places: Places) -> None:
    assert stated("Сили оборони звільнили Родинське, у Мирнограді тривають обстріли.", places) == {
        ("liberated", "Родинське")
    }


def test_people_of_a_province_are_not_placed_in_the_town_named_before(places: Places) -> None:
    some = drafts("Rodynske is quiet. Some 1,200 residents remain in Sumy province.", places)
    assert [one.place for one in some if one.what is What.QUANTITY] == [None]


def test_what_somebody_would_believe_is_no_judgement(places: Places) -> None:
    text = "Mark Hollander, an analyst, spoke. “I’d believe half of it,” Hollander said."
    assert not [one for one in drafts(text, places) if one.what is What.ASSESSMENT]


def test_a_town_at_the_other_end_of_a_long_front_is_no_village_near_by(places: Places) -> None:
    text = (
        "На Оріхівському напрямку ворог атакував у районі Степногірська, Плавнів і Приморського, бої біля Гуляйполя та "
        "Пологів. На Слобожанському напрямку ворог атакував у районах Вовчанська, Вільчі та Куп'янська."
    )
    found = read_text(text, places=places, published=PUBLISHED).drafts
    assert [one.place.lat > 50 for one in found if one.place and one.place.name.startswith("Вовчан")] == [True]
