"""What is denied, feared, planned, unknown or long past is never read as a fact; a denial of control is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest

from isofront.ground.places import Places
from isofront.reading import Draft, What, read_text

PLACES = Places.load()
EN = "POKROVSK, Ukraine — Fighting for Pokrovsk, Myrnohrad and Kupiansk went on.\n\n"
UK = "Бої за Покровськ, Мирноград і Куп'янськ тривають, повідомив Генштаб.\n\n"


def said(sentences: Sequence[str]) -> list[list[Draft]]:
    """What is read of each sentence, in a text of one language; each is a paragraph."""
    head = UK if re.search("[а-я]", sentences[0]) else EN
    text = head + "\n\n".join(sentences)
    drafts = [
        one for one in read_text(text, places=PLACES, published=date(2025, 11, 19)).drafts if one.what is not What.PLACE
    ]
    starts = [text.index(one, len(head)) for one in sentences]
    return [
        [one for one in drafts if start - 1 <= one.start < start + len(sentence)]
        for start, sentence in zip(starts, sentences, strict=True)
    ]


NUMBERS = [
    "Kyiv denied that 5,000 of its troops were trapped in Myrnohrad.",
    "Russia could lose 10,000 soldiers in Pokrovsk this winter, an officer said.",
    "The army plans to send 5,000 soldiers to Pokrovsk, the General Staff said.",
    "The commander said he would need 300 more soldiers to hold Myrnohrad.",
    "If 500 attackers get into Pokrovsk, the city is lost, a sergeant said.",
    "There is no evidence that 200 Russian soldiers are inside Pokrovsk, the General Staff said.",
    "The claim that 800 Russian soldiers were killed in Pokrovsk is false, Moscow said.",
    "Ukraine rejected reports that 60 soldiers had surrendered in Myrnohrad.",
    "The ministry did not say that 400 soldiers had died in Pokrovsk.",
    "Київ заперечив, що 5000 військових потрапили в оточення в Мирнограді.",
    "Officials expect 2,000 more soldiers to arrive in Pokrovsk next week.",
    "Ще 2000 солдатів мають прибути до Покровська наступного тижня.",
    "Росія може втратити 10 тисяч солдатів у Покровську, сказав офіцер.",
    "Якщо 500 росіян зайдуть у Покровськ, місто впаде, каже сержант.",
]
UNTRUE = [
    "Nobody knows whether Myrnohrad has been taken.",
    "It is not clear if Russian forces have entered Myrnohrad.",
    "It is too early to say that Pokrovsk has fallen.",
    "Pokrovsk has reportedly been captured.",
    "Russian forces have all but captured Pokrovsk.",
    "Had Kupiansk been captured, the road would be open.",
    "Once Pokrovsk is taken, the army can advance.",
    "Soldiers fear that Myrnohrad has been lost.",
    "Back in 2014, rebels seized Pokrovsk.",
    "During the 2022 invasion, Russian troops occupied Kupiansk.",
    "A film about how Russian troops captured Kupiansk opened in Kyiv.",
    "Imagine that Kupiansk were captured.",
    "“They say they have taken Kupiansk. They have not,” said Oleh Marchuk.",
    "I don't believe the stories that Myrnohrad is already in the grey zone.",
    "“Whoever writes that Kupiansk is surrounded should come and see,” she said.",
    "Ukrainian officials refused to confirm that Kupiansk had been lost.",
    "Analysts say that the capture of Pokrovsk is only a matter of time.",
    "Не виключено, що ворог уже зайшов у Мирноград.",
    "За непідтвердженою інформацією, ворог захопив Мирноград.",
    "У разі втрати Мирнограда ворог піде на захід.",
    "Речник не став коментувати втрату Мирнограда.",
    "Захоплення Покровська — лише питання часу, вважає блогер.",
    "Доказів того, що Покровськ оточено, немає.",
    "Немає підтверджень, що росіяни зайшли в Мирноград.",
    "Покровськ, імовірно, захоплено, написав блогер.",
    "Військові побоюються, що Мирноград втрачено.",
    "Росіяни ледь не захопили Мирноград.",
]


@pytest.mark.parametrize("letters", ["[a-z]", "[а-я]"])
@pytest.mark.parametrize("sentences", [NUMBERS, UNTRUE], ids=["numbers", "statements"])
def test_what_is_denied_supposed_unknown_nearly_so_or_long_past_is_no_draft(sentences: list[str], letters: str) -> None:
    some = [one for one in sentences if re.match(letters, one[1])]
    read = {sentence: drafts for sentence, drafts in zip(some, said(some), strict=True) if drafts}
    assert some
    assert read == {}


DENIALS = [
    ("Rumours that Kupiansk had fallen proved wrong.", "not_lost", 1),
    ("Kupiansk's mayor rejected a claim by the Russian army that Kupiansk, a rail hub, had fallen.", "not_lost", 1),
    ("Zelensky ruled out that Pokrovsk had been lost.", "not_lost", 1),
    ("Reports spread by the enemy about the capture of Kupiansk are untrue.", "not_taken", 1),
    ("Neither Pokrovsk nor Myrnohrad has fallen.", "not_lost", 2),
    ("Moscow's announcement of the capture of Kupiansk was premature, analysts said.", "not_taken", 1),
    ("Оголошення про взяття Куп'янська було передчасним, кажуть аналітики.", "not_taken", 1),
    ("Росіяни стверджують, що захопили Мирноград, однак це не так.", "not_taken", 1),
    ("Інформація про окупацію Мирнограда не відповідає дійсності, заявили в бригаді.", "not_taken", 1),
    ("Путін збрехав, що Куп'янськ оточений, сказав Сирський.", "not_encircled", 1),
    ("Ні Покровськ, ні Мирноград не впали.", "not_lost", 2),
]


@pytest.mark.parametrize("letters", ["[a-z]", "[а-я]"])
def test_a_denial_however_far_from_its_verb_is_read_as_one(letters: str) -> None:
    some = [one for one in DENIALS if re.match(letters, one[0][1])]
    read = said([sentence for sentence, _, _ in some])
    assert [[one.value for one in drafts] for drafts in read] == [[value] * n for _, value, n in some]


def test_what_stands_beyond_the_reach_of_a_denial_is_stated() -> None:
    read = said(
        [
            "Kyiv denied that it had left Pokrovsk but said Myrnohrad had been lost.",
            "The ministry refuted the claim and stated that Myrnohrad was lost in May.",
            "There is no doubt that Myrnohrad was lost, an officer said.",
        ]
    )
    assert all("lost" in [one.value for one in drafts] for drafts in read)
