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
    ("In Siversk 40 soldiers died, the Institute for the Study of War said.", "Institute for the Study of War"),
    ("The SDF accused the army of firing and said that 40 soldiers had died.", "SDF"),
    ("“It is bad. 40 soldiers have died,” said a deputy commander who goes by the call sign Goose.", "Goose"),
    ("Oleh Marchuk leads a brigade.\n\nHOBBS: Your losses?\n\nMARCHUK: It was bad. 40 soldiers died.", "Oleh Marchuk"),
    ("Gusarov, chief of the General Staff, said 40 soldiers had died.", "Gusarov"),
    ("Tom Aldous, an analyst at the Thames Forum, says 40 soldiers have died.", "Tom Aldous"),
    ("The project mapped it, Ivan Bondar said. A ministry denied it. He said 40 soldiers had died.", "Ivan Bondar"),
    ("Загинули 40 солдатів. Про це в ефірі розповів командир Сергій Охріменко.", "Сергій Охріменко"),
    ("Загинули 40 солдатів, повідомили у ДСНС.", "ДСНС"),
    ("Речник бригади Олег Марчук мовчав. За словами речника, загинули 40 солдатів.", "Олег Марчук"),
    ("Загинули 40 солдатів, пише DeepState у ніч на 3 грудня.", "DeepState"),
    ("Голова Сіверська Руслан Требенко сказав, що загинули 40 солдатів.", "Руслан Требенко"),
    ("Загинули 40 солдатів, повідомив у вівторок представник Генштабу.", "представник Генштабу"),
    ("За словами бійця на ім'я Сергій, загинули 40 солдатів.", "Сергій"),
]
NUMBERS = [
    ("No more than 40 soldiers are inside Siversk.", (40, Bound.AT_MOST, "troops-inside")),
    ("The number of Russian soldiers in Siversk is about 250.", (250, Bound.ABOUT, "troops-inside")),
    ("Some 1,200 residents are still in Siversk, down from about 60,000.", (60000, Bound.ABOUT, "residents-before")),
    ("Before Russia captured Siversk, 20,000 people lived there.", (20000, Bound.EXACT, "residents-before")),
    ("From 200 to 300 soldiers are inside Siversk.", ((200, 300), Bound.RANGE, "troops-inside")),
    ("There are from 200 to 300 soldiers in Siversk.", ((200, 300), Bound.RANGE, "troops-inside")),
    ("Anywhere from 200 to 300 soldiers are inside Siversk.", ((200, 300), Bound.RANGE, "troops-inside")),
    ("Nine civilians were killed and 47 injured.", (47, Bound.EXACT, "civilians-wounded")),
    ("The army killed 112 occupiers, and another 38 were wounded.", (38, Bound.EXACT, "wounded")),
    ("More than 25,000 were killed or wounded there.", (25000, Bound.AT_LEAST, "losses")),
    ("Siversk is home to half a million people.", (500000, Bound.EXACT, "residents")),
    ("The corridor is six kilometres wide at most.", (6, Bound.AT_MOST, "gap-width")),
    ("How many Russians are in Siversk? The army speaks of 300.", (300, Bound.EXACT, "troops-inside")),
    ("Знищено 96 росіян, ще 41 поранили.", (41, Bound.EXACT, "wounded")),
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
