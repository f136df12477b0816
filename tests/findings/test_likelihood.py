"""Probability words: one family, one word a judgement, never with confidence; and how good they were."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from isofront.errors import BadInputError
from isofront.evidence.assessment import SPANS, Assessment, Came, Judged, Likelihood, Outcome
from isofront.findings import WORDS, author_records, likelihood_named, likelihood_of
from isofront.reading.words import PROBABILITY

NOON = datetime(2020, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("language", sorted(WORDS))
@pytest.mark.parametrize("kind", list(Likelihood))
def test_each_word_of_the_family_is_found_in_a_sentence(language: str, kind: Likelihood) -> None:
    sentence = {"en": "It is {} that Oldtown falls.", "uk": "{}, що Старе впаде."}[language]
    assert likelihood_of(sentence.format(WORDS[language][kind])) == (kind, True)
    assert likelihood_named(WORDS[language][kind]) is kind


def test_the_bins_are_those_of_the_reader_and_meet_each_other() -> None:
    assert {kind.value for kind in Likelihood} == set(PROBABILITY)
    spans = list(SPANS.values())
    assert [one[1] for one in spans[:-1]] == [one[0] for one in spans[1:]]


@pytest.mark.parametrize(
    ("sentence", "word", "says"),
    [
        ("It is likely, with high confidence, that it falls.", None, "in one sentence"),
        ("We are confident that it will likely hold.", None, "in one sentence"),
        ("Ми впевнені, що місто, імовірно, впаде.", None, "in one sentence"),
        ("We assess with low confidence that it holds.", "likely", "in one sentence"),
        ("It is probable that it falls.", None, "write 'likely'"),
        ("It is highly likely that it falls.", None, "write 'very likely'"),
        ("There is a remote chance.", None, "write 'almost no chance'"),
        ("It is likely to fall and unlikely to hold.", None, "two likelihoods"),
        ("It is likely that it falls.", "unlikely", "the sentence says likely"),
        ("It falls.", None, "no probability word"),
        ("It is likely, a 95 % chance, that it falls.", None, "55 to 80 %"),
        ("It falls.", "perhaps", "wanted one of"),
        ("Is it likely to fall?", None, "a question judges nothing"),
    ],
)
def test_a_sentence_that_says_two_things_or_none_is_refused_and_told_why(sentence, word, says) -> None:
    with pytest.raises(BadInputError, match=says):
        likelihood_of(sentence, word)


def test_confidence_in_another_sentence_and_a_remote_village_are_fine() -> None:
    assert likelihood_of("It is likely that it falls. Our confidence is low.") == (Likelihood.LIKELY, True)
    assert likelihood_of("It is unlikely that the remote village falls.")[0] is Likelihood.UNLIKELY
    assert likelihood_of("Too many are inside.", "roughly even") == (Likelihood.ROUGHLY_EVEN, False)


def judged(kind: Likelihood, came: Came | None, author: str = "own") -> Judged:
    outcome = None if came is None else Outcome(came, "seen", "own", NOON)
    one = Assessment("a", author, NOON, NOON, "?", "…", kind, resolves_by=date(2020, 5, 2))
    return Judged(1, one, outcome)


def test_the_brier_score_is_the_mean_of_squared_misses() -> None:
    told = [(Likelihood.LIKELY, Came.YES), (Likelihood.LIKELY, Came.NO), (Likelihood.ALMOST_CERTAIN, Came.YES)]
    some = [judged(kind, came) for kind, came in told]
    some += [
        judged(Likelihood.LIKELY, Came.UNCLEAR),
        judged(Likelihood.LIKELY, None),
        judged(Likelihood.LIKELY, None, "B"),
    ]
    own, other = author_records(some, today=date(2020, 6, 1))
    assert own.brier == pytest.approx((0.325**2 + 0.675**2 + 0.03**2) / 3)
    assert own.base == pytest.approx(2 / 9)
    assert (own.scored, own.unclear, own.open, own.overdue, own.few) == (3, 1, 1, 1, True)
    assert [(row.likelihood.value, row.n, row.came) for row in own.words] == [
        ("likely", 2, 1),
        ("almost_certain", 1, 1),
    ]
    assert (other.author, other.brier, other.words) == ("B", None, ())
