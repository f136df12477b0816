"""Who says a number, and how it is meant: forms of the press that were once read wrongly, each a paragraph."""

from __future__ import annotations

import re
from datetime import date

import pytest

from isofront.ground.places import Places
from isofront.reading import Bound, Draft, What, read_text

LEADS = {"en": "Ukraine: fighting for Siversk and Lyman.", "uk": "Бої за Сіверськ і Лиман."}
SPEAKERS = [
    ("Oleh Marchuk, a spokesman, was silent. The spokesman said 40 soldiers had died.", "Oleh Marchuk"),
    ("A doctor at the clinic, who asked not to be named, said 40 soldiers had died.", "doctor at the clinic"),
    ("Ivan Bondar told national television that 40 soldiers had died.", "Ivan Bondar"),
    ("A commander of a brigade operating in the Siversk sector said 40 soldiers had died.", "commander of a brigade"),
    ("“We hold,” said Ivan Bondar. In his view 40 soldiers have died.", "Ivan Bondar"),
    ("“We hold,” said a policeman, Vadym, 41, who lost 40 soldiers.", "Vadym"),
    ("An infantryman, who is known only as Borys, was doubtful. He said 40 soldiers had died.", "Borys"),
    ("State television said 40 soldiers had died.", "State television"),
    ("The SDF accused the army of firing and said that 40 soldiers had died.", "SDF"),
    ("Речник бригади Олег Марчук мовчав. За словами речника, загинули 40 солдатів.", "Олег Марчук"),
    ("Загинули 40 солдатів, пише DeepState у ніч на 3 грудня.", "DeepState"),
    ("Голова Сіверська Руслан Требенко сказав, що загинули 40 солдатів.", "Руслан Требенко"),
]
NUMBERS = [
    ("No more than 40 soldiers are inside Siversk.", (40, Bound.AT_MOST, "troops-inside")),
    ("The number of Russian soldiers in Siversk is about 250.", (250, Bound.ABOUT, "troops-inside")),
    ("Some 1,200 residents are still in Siversk, down from about 60,000.", (60000, Bound.ABOUT, "residents-before")),
    ("Before Russia captured Siversk, 20,000 people lived there.", (20000, Bound.EXACT, "residents-before")),
    ("The brigade loses around 25 soldiers per day.", (25, Bound.ABOUT, "losses-per-day")),
    ("У Сіверську від 80 до 100 окупантів.", ((80, 100), Bound.RANGE, "attackers-inside")),
    ("У Сіверську перебуває близько тисячі військових.", (1000, Bound.ABOUT, "troops-inside")),
    ("До війни тут мешкало 13 тисяч людей, нині лишилося 150.", (13000, Bound.EXACT, "residents-before")),
    ("Росіяни втрачають до 60 осіб щодоби.", (60, Bound.AT_MOST, "losses-per-day")),
]


def read(language: str, told: list[tuple[str, object]]) -> list[tuple[object, list[Draft]]]:
    """What was wanted of each sentence of a language, and the numbers read in it."""
    some = [one for one in told if (language == "uk") == bool(re.search("[а-я]", one[0]))]
    text = "\n\n".join([LEADS[language], *(sentence for sentence, _ in some)])
    drafts = read_text(text, places=Places.load(), published=date(2025, 11, 19)).drafts
    numbers = [one for one in drafts if one.what is What.QUANTITY]
    starts = [(text.index(sentence), len(sentence), wanted) for sentence, wanted in some]
    return [(wanted, [one for one in numbers if at <= one.start < at + long]) for at, long, wanted in starts]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_speaker_of_a_number_is_who_the_sentence_says(language: str) -> None:
    found = [(wanted, [one.speaker.name for one in some if one.speaker]) for wanted, some in read(language, SPEAKERS)]
    assert [names for _, names in found] == [[wanted] for wanted, _ in found]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_number_is_meant_as_the_words_around_it_say(language: str) -> None:
    found = [(wanted, {(one.value, one.bound, one.about) for one in some}) for wanted, some in read(language, NUMBERS)]
    assert [wanted for wanted, some in found if wanted not in some] == []
