"""The brief's sentences: each rests on something, and takes away what it rests on, it changes or goes."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime

import pytest

from isofront.errors import BadInputError, UsageError
from isofront.evidence.assessment import Assessment, Came, Judged, Likelihood, Outcome
from isofront.evidence.claim import Bound, Claim, Status
from isofront.findings import brief_facts as f
from isofront.findings.brief import SECTIONS, brief
from isofront.findings.brief_phrases import Names
from isofront.findings.brief_sentence import Sentence
from isofront.findings.brief_words import LANGUAGES, Worded, book_of
from isofront.findings.control_table import Stated, control_table
from isofront.findings.likelihood import WORDS
from isofront.findings.on_map import MapState, OnMap, Seen, Shares
from isofront.findings.rivals import Rivals, rival_groups

DAY = datetime(2025, 11, 4, tzinfo=UTC)
SAID = datetime(2025, 11, 2, tzinfo=UTC)
NAMES = Names({"red": "Redland", "blue": "Blueland"}, {"Town": "Місто"})


def claim(name: str, **more: object) -> Claim:
    given = {"about": "attackers-inside", "low": 200, "high": 200, "bound": Bound.ABOUT, "side": "red"} | more
    return Claim(
        name, str(given.pop("speaker", name)), SAID, SAID, str(given.pop("about")), "Town", 37.0, 48.0, **given
    )


WELL = f.Sky("w:2", date(2025, 11, 2), 1.0, None, None, None, 1.0)
NUMBERS = [
    claim("c-official", interest="blue"),
    claim("c-soldiers", low=314, high=314, bound=Bound.AT_LEAST),
    claim("c-ratio", about="ratio-of-forces", low=8, high=8, against="blue", counts={"red": 800, "blue": 100}),
    claim("c-old", speaker="clerk", about="gap-width", low=3, high=3, side=None),
    claim("c-new", speaker="clerk", about="gap-width", low=2, high=4, bound=Bound.RANGE, side=None, revises="c-old"),
]
CONTROL = [
    claim("c-in", about="control", low=None, high=None, bound=Bound.EXACT, status=Status.ENTERED),
    claim("c-ring", about="control", low=None, high=None, bound=Bound.EXACT, status=Status.ENCIRCLED),
]
CIVILIANS = [claim("c-people", about="residents-remaining", low=1234, high=1234, side=None)]


def on_map(_: Claim) -> OnMap:
    seen = (Seen("red", 2, 2, DAY.date(), ("r1", "r2")), Seen("blue", 1, 1, DAY.date(), ("r3",)))
    return OnMap("Town", 37.0, 48.0, MapState.DRAFT, DAY, Shares({"red": 0.2}, 0.8), SAID, DAY, seen, 1.0, "grey")


@pytest.fixture(scope="module")
def facts() -> f.Facts:
    """One of everything."""
    told = Assessment(
        "as-1", "A. Nalyst", SAID, SAID, "Will it hold?", "It will very likely hold.", Likelihood.VERY_LIKELY,
        ("k1",), ("k2",), confidence="low",
    )  # fmt: skip
    widths = {
        "held": f.Width(3.0, 2.0, None, sampled=True),
        "held_or_grey": f.Width(0.0),
        "any_presence": f.Width(None),
    }
    return f.Facts(
        map=f.MapFact("draft:1", DAY, DAY, "approval:1", SAID, "nadia", 40, 30, SAID, simulated=True),
        sides=(f.SideMoved("red", 3.0, 1.0, 500.0),),
        towns=(f.TownTurned("Town", "held_blue", "grey", ("r1", "r2")),),
        axes=(f.Axis("red", True, 2.5, 1.5, 45.0, f.Where("Town", 3.0, 90.0), 0.8, ("r1",)),),
        fought=(f.Fought("Town", 2, {"strike": 1, "position": 1}, {"red": 2}, ("r1", "r2")),),
        pockets=(f.PocketFact("blue", "red", ("Town",), None, 50.0, 3.0, "Town", widths, 0.2, ("r3",)),),
        roads=(f.RoadFact("M1", "trunk", "blue", {3.0: 0.0, 5.0: 2.0}),),
        has_roads=True,
        struck=(f.Struck("Town", "red", 1, ("r1",)),),
        grey_km2={"mixed_presence": 12.0},
        grey_towns=(f.GreyTown("Town", "mixed_presence", {"red": ("r1",), "blue": ("r3",)}),),
        unseen_km2=9.0,
        sky=(f.Sky("w:1", date(2025, 11, 3), None, 100.0, 60.0, 4.0, 0.2), WELL),
        overdue=(f.Overdue("Town", 30.0), f.Overdue("Ville", None)),
        rivals=tuple(rival_groups(NUMBERS)),
        control=tuple(control_table(CONTROL, on_map)),
        assessments=(Judged(1, told, Outcome(Came.YES, "it did", "nadia", DAY)),),
        evidence_names={"k1": "r1", "k2": "r2"},
        elsewhere=tuple(rival_groups([claim("c-far", speaker="far")])),
        fronts=(f.OtherFront("theatre:x", "X", DAY, True, {"red": 5.0}, {"red": {"en": "Red"}}, 3, 7),),
        civilians=tuple(rival_groups(CIVILIANS)),
        others=(f.OtherMap("map:o", "other", DAY.date(), "red", 1.0, 2.0, 100.0, 0.5, 2.0),),
        corrections=(f.Correction("retraction:r9", "r9", "retraction", DAY),),
    )  # fmt: skip


def without(value: object, name: str) -> object:
    """The same records with one id gone: from lists of ids, and with every record that is named by it."""
    if isinstance(value, Claim | Judged | Rivals | Stated | str | int | float | None | datetime | date):
        return value
    if isinstance(value, dict):
        return {key: without(one, name) for key, one in value.items() if one != name}
    if isinstance(value, tuple):
        return tuple(without(one, name) for one in value if not _is(one, name))
    if is_dataclass(value) and not isinstance(value, type):
        init = {one.name: without(getattr(value, one.name), name) for one in fields(value) if one.init}
        return replace(value, **init)
    return value


def _is(one: object, name: str) -> bool:
    if isinstance(one, Judged):
        return f"assessment:{one.assessment.id}" == name
    inner = getattr(one, "claim", one)
    return one == name or getattr(inner, "id", None) == name


def made_without(facts: f.Facts, name: str) -> list[Sentence]:
    """The sentences had one source never been there; claims are grouped anew."""
    if name in (facts.map.id, facts.map.previous_id):
        key = "id" if name == facts.map.id else "previous_id"
        return said(replace(facts, map=replace(facts.map, **{key: "another"})))
    left = without(facts, name)
    assert isinstance(left, f.Facts)
    numbers = [one for one in NUMBERS if one.id != name]
    control = [one for one in CONTROL if one.id != name]
    rows = tuple(replace(row, on_map=without(row.on_map, name)) for row in control_table(control, _fewer(name)))
    return said(replace(left, rivals=tuple(rival_groups(numbers)), control=rows, **_claims(left, name)))


def _claims(left: f.Facts, name: str) -> dict[str, object]:
    return {
        key: tuple(group for group in getattr(left, key) if all(row.claim.id != name for row in group.rows))
        for key in ("elsewhere", "civilians")
    }


def _fewer(name: str):
    def told(one: Claim) -> OnMap:
        whole = on_map(one)
        seen = [replace(s, ids=tuple(x for x in s.ids if x != name)) for s in whole.seen]
        return replace(whole, seen=tuple(replace(s, reports=len(s.ids)) for s in seen))

    return told


def said(facts: f.Facts) -> list[Sentence]:
    return [one for part in brief(facts) for one in part.sentences]


def test_every_section_is_written_and_every_sentence_rests_on_something(facts: f.Facts) -> None:
    assert [part.key for part in brief(facts)] == list(SECTIONS)
    assert all(one.ids for one in said(facts))


def test_whatever_single_source_is_taken_away_its_sentences_change_or_go(facts: f.Facts) -> None:
    before = said(facts)
    for name in sorted({name for one in before for name in one.ids}):
        after = made_without(facts, name)
        stayed = [one for one in before if name in one.ids and one in after]
        assert not stayed, (name, stayed)
        assert all(name not in one.ids for one in after), name


def words(facts: f.Facts, language: str) -> Worded:
    return book_of(language, NAMES).worded(brief(facts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_words_for_every_sentence_and_name_each_source_once(facts: f.Facts, language: str) -> None:
    found = words(facts, language)
    assert set(found.ids) == {name for one in said(facts) for name in one.ids}
    assert len(found.ids) == len(set(found.ids))
    text = "\n".join(line.text for section in found.sections for line in section.lines)
    assert "_" not in text
    assert "None" not in text
    assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_likelihood_and_confidence_never_stand_in_one_sentence(facts: f.Facts, language: str) -> None:
    told = words(facts, language)
    chance = [word.casefold() for word in WORDS[language].values()]
    confidence = {line.text for section in told.sections for line in section.lines if line.key == "judged_confidence"}
    assert confidence
    assert not [text for text in confidence if any(word in text.casefold() for word in chance)]


def test_encircled_is_only_ever_what_a_named_speaker_says(facts: f.Facts) -> None:
    lines = [line for section in words(facts, "en").sections for line in section.lines if "encircled" in line.text]
    assert [line.key for line in lines] == ["control_enclosure"]
    assert "c-ring" in lines[0].text


def lines_of(facts: f.Facts, language: str, section: str) -> dict[str, str]:
    return {one.key: one.text for part in words(facts, language).sections for one in part.lines if part.key == section}


def test_a_narrower_way_inside_a_pocket_is_told_beside_its_neck(facts: f.Facts) -> None:
    """Two widths of one pocket would contradict each other, were it not said of what each is."""
    town = lines_of(facts, "en", "pockets")
    assert "are joined to the rest of it by a neck of 3.0 km" in town["pocket"]
    assert town["pocket_interval"].startswith("Місто: the way to its own rear is 3.0 km wide where it is narrowest; ")
    bare = replace(facts.pockets[0], places=(), where=f.Where("Town", 3.0, 90.0), measured_at="", p_cut_off=None)
    narrower = replace(bare, by_rule={"held": f.Width(2.0), "held_or_grey": f.Width(1.5)})
    told = lines_of(replace(facts, pockets=(narrower,)), "en", "pockets")
    assert told["pocket_at"].startswith("Farther in it is narrower: from the middle of this ground the way ")
    assert "2.0 km wide" in told["pocket_at"]
    assert told["pocket_rules"] == "The same way by other rules: to held or grey ground 1.5 km."
    same = replace(bare, by_rule={"held": f.Width(3.0)})
    told = lines_of(replace(facts, pockets=(same,)), "en", "pockets")
    assert told["pocket_at"].startswith("From the middle of this ground the way to its own rear is 3.0 km wide")
    told = lines_of(replace(facts, pockets=(narrower,)), "uk", "pockets")
    assert told["pocket_at"].startswith("Далі вглиб вужче: з середини цієї землі ширина шляху до власного тилу")


def test_roads_go_by_the_names_that_the_theatre_has_in_the_readers_language(facts: f.Facts) -> None:
    named = replace(NAMES, roads={"M1": "М1 Місто — Село"})
    told = book_of("uk", named).worded(brief(facts))
    assert any(one.text.startswith("М1 Місто — Село, на землі") for part in told.sections for one in part.lines)
    assert any(one.startswith("M1, на землі") for one in lines_of(facts, "uk", "roads").values())


def test_civilians_are_rounded_and_numbers_are_as_the_language_writes_them(facts: f.Facts) -> None:
    by_language = {
        language: next(
            line.text for part in words(facts, language).sections for line in part.lines if line.key == "civilians"
        )
        for language in LANGUAGES
    }
    assert "1,200 people" in by_language["en"]
    assert "1 200 осіб" in by_language["uk"]
    assert "1234" not in str(by_language)


def test_slavic_counts_take_three_forms_and_dates_are_written_out() -> None:
    book = book_of("uk", NAMES)
    count, forms = book.environment.filters["count"], ("день", "дні", "днів")
    assert [count(n, *forms) for n in (1, 3, 5, 11, 21, 112)] == [
        "1 день", "3 дні", "5 днів", "11 днів", "21 день", "112 днів",
    ]  # fmt: skip
    assert book.environment.filters["date"](DAY) == "4 листопада 2025 року"
    assert book.environment.filters["km2"](1234.5) == "1 234 км²"


def test_a_users_phrase_goes_over_the_shipped_one_and_a_wrong_name_says_where(facts: f.Facts, tmp_path) -> None:
    (tmp_path / "en.toml").write_text('[sentences]\nmap_simulated = "Invented."\n', encoding="utf-8")
    told = book_of("en", NAMES, folder=tmp_path).worded(brief(facts))
    assert told.sections[0].lines[-1].text == "Invented."
    (tmp_path / "en.toml").write_text('[sentences]\nmap_simulated = "{{ nothing }}"\n', encoding="utf-8")
    with pytest.raises(BadInputError, match="map_simulated"):
        book_of("en", NAMES, folder=tmp_path).worded(brief(facts))
    (tmp_path / "en.toml").write_text('[sentences]\nmap_simulated = "{{ used.__class__ }}"\n', encoding="utf-8")
    with pytest.raises(BadInputError, match="map_simulated"):
        book_of("en", NAMES, folder=tmp_path).worded(brief(facts))
    with pytest.raises(UsageError, match="--language fr"):
        book_of("fr", NAMES, folder=tmp_path)
    (tmp_path / "en.toml").write_text('[sentences]\nnever_said = "{{ open"\n', encoding="utf-8")
    with pytest.raises(BadInputError, match="never_said"):
        book_of("en", NAMES, folder=tmp_path)


def test_a_misspelt_key_is_named_with_the_nearest_right_one(tmp_path, caplog) -> None:
    path = tmp_path / "en.toml"
    path.write_text('[sentences]\nmap_simulatd = "Invented."\nqqq = "x"\n[titles]\nroad = "x"\n', encoding="utf-8")
    with pytest.raises(BadInputError) as told:
        book_of("en", NAMES, folder=tmp_path)
    assert str(told.value) == (
        "en.toml: no phrase is called [titles] road (nearest: roads); nor [sentences] map_simulatd "
        "(nearest: map_simulated); nor [sentences] qqq"
    )
    path.write_text('[units]\npeeple = ["soul", "souls"]\npeople = ["soul", "souls"]\n', encoding="utf-8")
    assert book_of("en", NAMES, folder=tmp_path).tables["units"]["people"] == ["soul", "souls"]
    assert [one.getMessage() for one in caplog.records] == [
        "en.toml: [units] peeple (nearest: people): the shipped book has no such key, so it may never be used"
    ]


def test_both_books_have_the_same_keys_and_a_title_for_each_section() -> None:
    one, other = (book_of(language, NAMES) for language in LANGUAGES)
    assert set(one.tables["sentences"]) == set(other.tables["sentences"])
    assert set(one.tables["titles"]) == set(other.tables["titles"]) == set(SECTIONS)
    assert set(one.tables["words"]) == set(other.tables["words"])
