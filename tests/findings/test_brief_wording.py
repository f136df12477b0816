"""How a brief is worded: grammar that holds for one speaker and for many, and nothing that the numbers do not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from isofront.evidence.assessment import Assessment, Judged, Likelihood
from isofront.evidence.claim import Bound, Claim, Status
from isofront.findings import brief_facts as f
from isofront.findings.brief import brief
from isofront.findings.brief_phrases import Names
from isofront.findings.brief_sentence import Sentence
from isofront.findings.brief_words import book_of
from isofront.findings.rivals import rival_groups
from isofront.findings.saying import as_told

DAY = datetime(2025, 11, 4, tzinfo=UTC)
SAID = datetime(2025, 11, 3, tzinfo=UTC)
NAMES = Names({"red": "Redland", "blue": "Blueland"}, {})
BARE = f.Facts(map=f.MapFact("draft:1", DAY, DAY, "anchor", DAY, "", 0, 0, None, simulated=False))


def claim(name: str, about: str, low: float | None, **more: Any) -> Claim:
    given = {"high": low, "bound": Bound.EXACT} | more
    return Claim(name, str(given.pop("speaker", name)), SAID, SAID, about, "Town", 37.0, 48.0, low, **given)


def texts(facts: f.Facts, language: str = "en") -> dict[str, str]:
    """Each sentence by its key; of several the last."""
    book = book_of(language, NAMES)
    return {one.text_key: book.said(one) for part in brief(facts) for one in part.sentences}


def test_a_side_whose_loss_it_is_is_named_and_the_sentence_fits_one_speaker_and_many() -> None:
    lost = [claim("soldiers", "killed", 20, side="blue", interest="blue"), claim("b", "killed", 120, side="blue")]
    told = texts(replace(BARE, rivals=tuple(rival_groups(lost[:1]))))
    assert told["said"] == (
        "Town, killed (Blueland): 20 people, said soldiers, serving Blueland (3 November 2025). Grade F6. "
        "It speaks against the speaker's own interest."
    )
    assert (
        "killed (Blueland): 2 numbers, from 20 to 120 people"
        in texts(replace(BARE, rivals=tuple(rival_groups(lost))))["rivals"]
    )


def test_a_number_for_another_day_than_it_was_said_on_tells_that_day() -> None:
    of_old = claim("staff", "attacks", 54, side="red", for_day=date(2025, 11, 1))
    told = texts(replace(BARE, rivals=tuple(rival_groups([of_old]))))["said"]
    assert told.startswith("Town, attacks (Redland): 54 attacks for 1 November 2025, said staff (3 November 2025).")


@pytest.mark.parametrize("language", ["en", "uk"])
def test_two_numbers_of_one_speaker_are_not_told_as_two_speakers(language: str) -> None:
    both = [claim(f"c{n}", "attacks", n, side="red", speaker="Staff") for n in (20, 120)]
    told = texts(replace(BARE, rivals=tuple(rival_groups(both))), language)["apart"]
    assert told.count("Staff") == 1


@pytest.mark.parametrize(
    ("value", "bound", "told"),
    [
        (1256, Bound.EXACT, (1300, 1300, Bound.ABOUT)),
        (1300, Bound.EXACT, (1300, 1300, Bound.EXACT)),
        (1256, Bound.AT_LEAST, (1200, 1200, Bound.AT_LEAST)),
        (1249, Bound.AT_MOST, (1300, 1300, Bound.AT_MOST)),
        (12, Bound.AT_LEAST, (10, 10, Bound.AT_LEAST)),
        (0, Bound.EXACT, (0, 0, Bound.EXACT)),
    ],
)
def test_rounded_civilians_are_not_told_as_exact_nor_as_more_than_was_said(value, bound, told) -> None:
    shown = as_told(claim("c", "residents-remaining", value, bound=bound))
    assert (shown.low, shown.high, shown.bound) == told


def test_a_range_of_civilians_that_rounds_to_one_number_is_about_that() -> None:
    shown = as_told(claim("c", "residents-remaining", 1256, high=1312, bound=Bound.RANGE))
    assert (shown.low, shown.high, shown.bound) == (1300, 1300, Bound.ABOUT)


@pytest.mark.parametrize(
    ("value", "bound", "words"),
    [
        (2, "about", "близько 2 атак"),
        (21, "about", "близько 21 атаки"),
        (21, "exact", "21 атака"),
        (3, "at_least", "щонайменше 3 атаки"),
        (25, "about", "близько 25 атак"),
        (11, "exact", "11 атак"),
        (4.5, "exact", "4,5 атаки"),
    ],
)
def test_ukrainian_nouns_after_about_are_in_the_genitive(value: float, bound: str, words: str) -> None:
    amount = book_of("uk", NAMES).environment.filters["amount"]
    one = {"low": value, "high": value, "unit": "attacks", "bound": bound, "counts": {}, "side": None, "other": None}
    assert amount(one) == words


def test_a_sides_name_of_any_gender_stands_with_a_noun_in_ukrainian() -> None:
    control = book_of("uk", NAMES).environment.filters["control"]
    assert control({"status": Status.ENTERED.value, "side": "red"}) == "увійшла сторона «Redland»"
    assert control({"status": Status.TAKEN.value, "side": None}) == "узяла сторона, яку не названо"


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 %"), (0.004, "under 1 %"), (0.01, "1 %"), (0.997, "over 99 %"), (1.0, "100 %")],
)
def test_nearly_none_is_not_told_as_none_nor_nearly_all_as_all(share: float, words: str) -> None:
    assert book_of("en", NAMES).environment.filters["percent"](share) == words


def test_an_assessment_that_names_no_evidence_says_so_and_our_own_is_called_ours() -> None:
    own = Assessment(
        "as-1", "own", SAID, SAID, "Will it hold?", "It is likely to hold.", Likelihood.LIKELY, (), (), confidence="low"
    )
    told = texts(replace(BARE, assessments=(Judged(1, own, None),)))
    assert told["judged"] == "Our own judgement, 3 November 2025: “It is likely to hold.”"
    assert told["judged_span"] == "“Likely” stands for 55 % to 80 %."
    assert told["judged_confidence"] == "Confidence: low."
    assert told["judged_bare"] == "It names nothing that speaks for it or against it."


def test_a_spot_beside_a_place_is_not_told_as_a_rough_distance() -> None:
    axis = f.Axis("red", False, 2.5, 1.5, 45.0, f.Where("Town", 3.0, 90.0), 0.8, ("r1",))
    told = book_of("en", NAMES).said(
        Sentence(
            "axis_went",
            {"side": axis.side, "km2": 2.5, "max_km": 1.5, "bearing": 45.0, "where": axis.where, "p": 0.8, "n": 1},
            ("r1",),
        )
    )
    assert "around a spot 3 km east of Town" in told
    assert "gives 80 % on average that it is no longer held" in told


@pytest.mark.parametrize(("language", "words"), [("en", "3–5 miles (4.8–8 km)"), ("uk", "3–5 миль (4,8–8 км)")])
def test_a_number_stands_in_the_unit_it_was_said_in_and_is_converted_no_finer(language: str, words: str) -> None:
    gap = claim("c", "gap-width", 3 * 1.609344, high=5 * 1.609344, bound=Bound.RANGE, said_unit="mi")
    assert words in texts(replace(BARE, rivals=tuple(rival_groups([gap]))), language)["said"]


def test_metres_are_converted_as_they_are() -> None:
    gap = claim("c", "gap-width", 1.25, said_unit="m")
    assert "1,250 m (1.25 km)" in texts(replace(BARE, rivals=tuple(rival_groups([gap]))))["said"]


def test_what_a_side_gained_less_what_it_lost_is_what_comes_out() -> None:
    told = texts(replace(BARE, sides=(f.SideMoved("red", 0.57, 0.04, 1809.6),)))["change_side"]
    assert told == "Redland: 0.6 km² gained, 0 km² lost, +0.6 km² in all; 1,810 km² held now."


def test_ground_on_which_the_line_is_not_to_be_trusted_is_told_with_its_reports() -> None:
    beyond = f.OutOfRange("red", False, date(2025, 10, 30), 12.3, f.Where("Town", 0.2, 90.0), ("r1", "r2"))
    (one,) = [
        one for part in brief(replace(BARE, beyond=(beyond,))) for one in part.sentences if one.text_key == "beyond"
    ]
    assert one.ids == ("draft:1", "r1", "r2")
    assert book_of("en", NAMES).said(one) == (
        "2 reports since 30 October 2025 show Redland around Town, farther past the line than the model allows for. "
        "On 12 km² there the line is not to be trusted."
    )
    assert "лінії довіряти не можна" in book_of("uk", NAMES).said(one)


def long_facts() -> f.Facts:
    """Enough to need a few words first: nine towns turned, one pocket, and more."""
    towns = tuple(f.TownTurned(f"Town {n}", "held_blue", "grey", (f"r{n}",)) for n in range(15))
    held = {"held": f.Width(3.0, 2.0, 4.0, sampled=True)}
    return replace(
        BARE,
        sides=(f.SideMoved("red", 3.0, 0.02, 500.0), f.SideMoved("blue", 0.0, 2.0, 400.0)),
        towns=towns,
        pockets=(f.PocketFact("blue", "red", ("Town 1",), None, 50.0, 3.0, "Town 1", held, 0.2, ("r99",)),),
        grey_km2={"mixed_presence": 7.0},
        unseen_km2=30.0,
    )


def test_a_long_brief_says_first_what_it_comes_to_with_the_ids_of_what_it_takes_together() -> None:
    about, short = brief(long_facts())[:2]
    assert (about.key, short.key) == ("about", "short")
    assert [book_of("en", NAMES).said(one) for one in short.sentences][:2] == [
        "Since 4 November 2025: Redland +3.0 km², Blueland −2.0 km² of held ground.",
        "Town 0 is grey now, Town 1 is grey now, Town 2 is grey now; 12 more settlements changed class.",
    ]
    assert short.sentences[1].ids == ("draft:1", "anchor", "r0", "r1", "r2")
    assert [one.text_key for one in short.sentences[2:]] == ["pocket", "pocket_interval", "grey_area", "unseen_area"]
    assert "12 населених пунктів змінили клас" in book_of("uk", NAMES).said(short.sentences[1])


def test_a_short_brief_is_not_said_twice() -> None:
    few = replace(long_facts(), towns=())
    assert "short" not in {part.key for part in brief(few)}


def test_another_front_goes_by_its_title_in_the_readers_language() -> None:
    front = f.OtherFront("theatre:x", "War", DAY, True, {"red": 5.0}, {"red": {"en": "Red"}}, 3, 7, {"uk": "Війна"})
    facts = replace(BARE, fronts=(front,))
    assert texts(facts)["front"].startswith("War: ")
    assert texts(facts, "uk")["front"].startswith("Війна: ")


def axis(km2: float, *, came: bool = False) -> f.Axis:
    return f.Axis("red", came, km2, 1.5, None, None, 0.8, ("r1",))


def test_ground_that_a_side_left_is_told_apart_from_what_the_other_took() -> None:
    told = texts(replace(BARE, axes=(axis(2.5),)))["axis_went"]
    assert "went back: 2.5 km² that nobody holds now, 1.5 km at most" in told


def test_one_place_that_is_only_counted_is_one_and_two_are_together() -> None:
    told = texts(replace(BARE, axes=tuple(axis(2.5) for _ in range(7))))["axes_more"]
    assert told == "1 more place where an edge moved makes 2.5 km²."
    told = texts(replace(BARE, axes=tuple(axis(2.5) for _ in range(8))))["axes_more"]
    assert told == "2 more places where an edge moved make 5.0 km² together."


def test_a_pockets_ground_counts_what_is_grey_in_it_and_says_so() -> None:
    widths = {rule: f.Width(None, taken=True) for rule in ("held_or_grey", "any_presence")}
    pocket = f.PocketFact("blue", "red", ("Town",), None, 50.0, 3.0, "Town", {"held": f.Width(3.0)} | widths, None, ())
    told = texts(replace(BARE, pockets=(pocket,)))
    assert "50 km² of ground of Blueland, grey ground counted in, are joined" in told["pocket"]
    assert told["pocket_rules"] == (
        "The same way by other rules: to held or grey ground and to any presence none, the spot itself lying on such "
        "ground."
    )
    uk = texts(replace(BARE, pockets=(pocket,)), "uk")
    assert "разом із сірою" in uk["pocket"]
    assert "до утримуваної чи сірої землі і до будь-якої присутності — немає (" in uk["pocket_rules"]


def test_a_road_that_lies_near_as_a_whole_is_measured_once() -> None:
    road = f.RoadFact("M1", "trunk", "blue", {3.0: 2.0, 5.0: 4.51, 10.0: 4.52})
    told = texts(replace(BARE, roads=(road,), has_roads=True))["road"]
    assert "2.0 km within 3 km, 4.5 km within 5 km of ground held by the other side" in told


def test_ukrainian_agrees_in_case_and_number() -> None:
    book = book_of("uk", NAMES)
    filters = book.environment.filters
    assert filters["near"]({3: 4.2, 5: 11.6}) == "4,2 км ближче ніж за 3 км, 11,6 км ближче ніж за 5 км"
    assert filters["reports_of"]({"red": 12, "blue": 1}) == "Redland — 12 повідомлень, Blueland — 1 повідомлення"
    assert filters["sides"]({"red": 3}) == "Redland — 3"
    delayed = Sentence("public_delay", {"hours": 72, "moved": None}, ())
    assert "щонайменше 72 години давності" in book.said(delayed)
    hidden = Sentence("public_delay_hides", {"hours": 72}, ())
    assert "за 72 години до оприлюднення" in book.said(hidden)


def test_a_ukrainian_pronoun_does_not_mean_the_map_that_is_lacking() -> None:
    start = texts(BARE, "uk")["map_start"]
    assert start.endswith("не затверджено, тому чернетку порівняно з початковою мапою театру на 4 листопада 2025 року.")
