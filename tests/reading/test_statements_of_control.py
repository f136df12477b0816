"""Who is said to hold what: voices, lists, denials, suppositions, and words of capture that are about no ground."""

from __future__ import annotations

import re

import pytest

from isofront.ground.places import Places
from isofront.reading import What, read_text

LEAD = "Ukraine. Fighting near Pokrovsk, Myrnohrad, Siversk and Lyman goes on. "
LEAD_UK = "Бої тривають біля Покровська, Мирнограда, Сіверська та Лимана. "


@pytest.fixture(scope="module")
def places() -> Places:
    return Places.load()


def stated(text: str, places: Places) -> set[tuple[str, str, str | None]]:
    reading = read_text(text, places=places)
    return {
        (str(one.value), one.place.name, one.speaker.name if one.speaker else None)
        for one in reading.drafts
        if one.what is What.CONTROL and one.place
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Russian forces took Siversk, Lyman and Ambarne.",
            {("taken", one) for one in ("Siversk", "Lyman", "Ambarne")},
        ),
        ("Siversk was overrun in a day.", {("taken", "Siversk")}),
        ("Siversk, a mining town in the east, remains in Ukrainian hands.", {("held", "Siversk")}),
        ("Siversk has been under full Russian control since May.", {("held", "Siversk")}),
        ("Ukrainian troops were pushed out of Siversk.", {("lost", "Siversk")}),
        ("Ukrainian troops drove the Russians out of Siversk.", {("liberated", "Siversk")}),
        ("The brigade gave up Siversk and Lyman.", {("lost", "Siversk"), ("lost", "Lyman")}),
        ("Siversk is contested.", {("grey", "Siversk")}),
        (
            "Russian troops have entered Siversk, and Lyman is partly encircled.",
            {("entered", "Siversk"), ("partly_encircled", "Lyman")},
        ),
        ("Siversk is surrounded on three sides.", {("partly_encircled", "Siversk")}),
        ("Russian forces do not control Siversk.", {("not_held", "Siversk")}),
    ],
)
def test_a_place_is_what_is_said_of_it_in_every_voice(text: str, wanted: set[tuple[str, str]], places: Places) -> None:
    assert {(value, place) for value, place, _ in stated(LEAD + text, places)} == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Росіяни захопили Сіверськ та Лиман.", {("taken", "Сіверськ"), ("taken", "Лиман")}),
        ("Сіверськ українські військові звільнили торік.", {("liberated", "Сіверськ")}),
        ("Наші воїни вибили окупантів із Сіверська.", {("liberated", "Сіверськ")}),
        ("Українські війська відійшли з Сіверська.", {("lost", "Сіверськ")}),
        ("Сіверськ і Лиман залишаються під окупацією.", {("held", "Сіверськ"), ("held", "Лиман")}),
        ("Сіверськ опинився в сірій зоні.", {("grey", "Сіверськ")}),
        ("Ворог зайшов до Сіверська.", {("entered", "Сіверськ")}),
        ("Росіяни захопили Сіверськ, і Лиман оточено.", {("taken", "Сіверськ"), ("encircled", "Лиман")}),
        ("Повне захоплення Сіверська малоймовірне.", set()),
    ],
)
def test_ukrainian_endings_and_word_order_hide_no_place(
    text: str, wanted: set[tuple[str, str]], places: Places
) -> None:
    assert {(value, place) for value, place, _ in stated(LEAD_UK + text, places)} == wanted


NO_GROUND = """
Russian forces attacked near Siversk, Lyman and Myrnohrad.
The fall of Siversk would open the road to Lyman.
A capture of Siversk is unlikely.
Kremin captured third place and seized the chance in Siversk.
In Siversk three soldiers were captured.
Lyman is in control of its debts.
Output in Siversk fell to a record low.
Siversk entered talks with lenders in Lyman.
Shakhtar surrounded the referee in Siversk.
Rail traffic to Siversk is contested by two operators.
"""


def test_what_is_supposed_or_about_no_ground_states_nothing(places: Places) -> None:
    assert stated(LEAD + NO_GROUND.replace("\n", "\n\n"), places) == set()


def test_a_claim_and_its_denial_have_each_their_speaker(places: Places) -> None:
    text = "The Russian Defence Ministry claimed the capture of Siversk. "
    text += "Taras Bondar, a spokesman, said Siversk was still held."
    found = stated(LEAD + text, places)
    assert ("held", "Siversk", "Taras Bondar") in found
    assert any(value == "taken" and speaker and "Ministry" in speaker for value, _, speaker in found)


PRESS = [
    (
        "Troops seized Ambarne (west of Pokrovsk), Siversk, and Lyman.",
        {"taken Ambarne", "taken Siversk", "taken Lyman"},
    ),
    ("Troops took half of Siversk and all of Lyman.", {"partly_taken Siversk", "taken Lyman"}),
    ("The army withdrew from two settlements, including Siversk and Lyman.", {"lost Siversk", "lost Lyman"}),
    ("In Siversk, Ukrainian troops have retaken two districts.", {"partly_liberated Siversk"}),
    ("Ukraine's General Staff denied the seizure of Siversk, calling it a lie.", {"not_taken Siversk"}),
    ("Correction: an earlier version of this page said Siversk had been captured.", set()),
    ("Russia controls 75 per cent of Siversk, which Kyiv has disputed.", set()),
    ("Forty Russian soldiers remain in Siversk and they are cut off.", set()),
    ("Siversk has been blocked, the ministry said.", {"encircled Siversk"}),
    ("The road to Siversk was blocked.", set()),
    ("Russia does not control Siversk, which Ukraine retook.", {"not_held Siversk", "liberated Siversk"}),
    ("Сіверськ.\nНЕ оточений.", {"not_encircled Сіверськ"}),
    ("У Сіверську росіяни закріпилися на східній околиці.", {"entered Сіверськ"}),
    ("Чутки про захоплення Сіверська — ворожий вкид.", {"not_taken Сіверськ"}),
]


@pytest.mark.parametrize(("lead", "letters"), [(LEAD, "[a-z]"), (LEAD_UK, "[а-яі]")], ids=["en", "uk"])
def test_what_the_press_says_of_parts_lists_and_corrections_is_read_as_meant(
    lead: str, letters: str, places: Places
) -> None:
    some = [one for one in PRESS if re.match(letters, one[0][1])]
    text = "\n\n".join([lead, *(sentence for sentence, _ in some)])
    drafts = [one for one in read_text(text, places=places).drafts if one.what is What.CONTROL and one.place]
    found = {}
    for sentence, _ in some:
        at = text.index(sentence)
        inside = [one for one in drafts if at <= one.start < at + len(sentence)]
        found[sentence] = {f"{one.value} {one.place.name}" for one in inside if one.place}
    assert found == dict(some)


def test_a_village_whose_only_known_namesake_is_far_is_not_placed(places: Places) -> None:
    reading = read_text(LEAD + "Drones flew over Kramatorsk and near Rivnopillia.", places=places)
    placed = {one.place.name for one in reading.drafts if one.what is What.PLACE and one.place}
    assert "Rivnopillia" not in placed
    assert "Kramatorsk" in placed


def test_a_line_without_a_stop_is_read_in_pieces_whose_positions_hold(places: Places) -> None:
    text = "Russian forces took Siversk and Lyman in Ukraine " * 300
    reading = read_text(text, places=places)
    held = [one for one in reading.drafts if one.what is What.CONTROL]
    assert len(held) > 100
    assert all("took" in text[one.start : one.end] for one in held)


def test_a_text_in_a_language_without_words_says_so(places: Places) -> None:
    reading = read_text("سيطر الجيش على المدينة", places=places)
    assert [one.why for one in reading.unread] == ["no language that there are words for was recognised"]


DOERS = [
    ("Ukrainian officials said on Monday that Russian forces had seized Siversk.", ("Russian",)),
    ("Ukrainian officials said the enemy had captured Siversk.", ()),
    ("Siversk was seized by Russian marines, Ukrainian officials said.", ("Russian",)),
    ("Ukrainian officials said their forces had taken Siversk.", ("Ukrainian",)),
    ("Siversk remains in Ukrainian hands, a Russian blogger wrote.", ("Ukrainian",)),
    ("Ukrainian soldiers were pushed out of Siversk by Russian marines.", ("Ukrainian", "Russian")),
    ("Siversk was abandoned by Ukrainian troops.", ("Ukrainian",)),
    ("Siversk has fallen, Russian officials said.", ()),
    ("Українські військові кажуть, що росіяни захопили Сіверськ.", ("росіяни",)),
    ("Сіверськ захоплений російськими військами, кажуть українські військові.", ("російськими",)),
    ("Українські бійці вибили росіян із Сіверська.", ("Українські", "росіян")),
    ("Сіверськ під контролем українських військ.", ("українських",)),
]
RATIOS = [
    ("Russian forces outnumber the Ukrainians by six to one in Siversk.", ("Russian", "Ukrainians")),
    ("Ukrainian troops were outnumbered four to one by Russian infantry in Siversk.", ("Russian", "Ukrainian")),
    ("The Ukrainian force is outnumbered eight to one in Siversk.", ()),
    ("У Сіверську вісім росіян на одного українця.", ("росіян", "українця")),
]


@pytest.mark.parametrize(("told", "what"), [(DOERS, What.CONTROL), (RATIOS, What.RATIO)], ids=["control", "ratios"])
@pytest.mark.parametrize(("lead", "letters"), [(LEAD, "[a-z]"), (LEAD_UK, "[а-я]")], ids=["en", "uk"])
def test_the_side_that_did_it_or_is_more_comes_first_and_is_not_the_one_that_says_so(
    told: list[tuple[str, tuple[str, ...]]], what: What, lead: str, letters: str, places: Places
) -> None:
    some = [one for one in told if re.match(letters, one[0][1])]
    drafts = read_text("\n\n".join([lead, *(text for text, _ in some)]), places=places).drafts
    assert [one.sides for one in drafts if one.what is what] == [sides for _, sides in some]
