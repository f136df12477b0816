"""How probable, in words: one family of seven (ICD 203), found in a sentence and checked.

A word of the standard's other family ("probable", "improbable") is refused with the one that is meant, for two families
side by side make a reader look for a difference that is not there. And likelihood (how probable) never stands in one
sentence with confidence (how well founded): the reader could not tell which of the two is meant.
"""

from __future__ import annotations

import re

from isofront.errors import BadInputError
from isofront.evidence.assessment import Likelihood

WORDS: dict[str, dict[Likelihood, str]] = {
    "en": {
        Likelihood.ALMOST_NO_CHANCE: "almost no chance",
        Likelihood.VERY_UNLIKELY: "very unlikely",
        Likelihood.UNLIKELY: "unlikely",
        Likelihood.ROUGHLY_EVEN: "roughly even chance",
        Likelihood.LIKELY: "likely",
        Likelihood.VERY_LIKELY: "very likely",
        Likelihood.ALMOST_CERTAIN: "almost certain",
    },
    "uk": {
        Likelihood.ALMOST_NO_CHANCE: "майже немає шансів",
        Likelihood.VERY_UNLIKELY: "дуже малоймовірно",
        Likelihood.UNLIKELY: "малоймовірно",
        Likelihood.ROUGHLY_EVEN: "приблизно рівні шанси",
        Likelihood.LIKELY: "імовірно",
        Likelihood.VERY_LIKELY: "дуже ймовірно",
        Likelihood.ALMOST_CERTAIN: "майже напевно",
    },
}
"""The one family of words that findings use, by language."""

_OWN = (
    (Likelihood.ALMOST_NO_CHANCE, r"almost no chance|майже не(?:має|ма) шансів"),
    (Likelihood.VERY_UNLIKELY, r"very unlikely|дуже малоймовірн\w*"),
    (Likelihood.UNLIKELY, r"unlikely|малоймовірн\w*"),
    (Likelihood.ROUGHLY_EVEN, r"roughly even(?: chances?)?|приблизно рівн\w+ шанс\w*"),
    (Likelihood.VERY_LIKELY, r"very likely|дуже [ій]мовірн\w*"),
    (Likelihood.ALMOST_CERTAIN, r"almost certain(?:ly)?|майже напевно"),
    (Likelihood.LIKELY, r"likely|[ій]мовірн\w*"),
)
_FOUND = re.compile(r"(?<!\w)(?:" + "|".join(f"(?P<{kind.value}>{words})" for kind, words in _OWN) + r")(?!\w)", re.I)
_OTHERS: tuple[tuple[str, Likelihood], ...] = (
    (r"highly improbable|highly unlikely|вкрай малоймовірн\w*", Likelihood.VERY_UNLIKELY),
    (r"highly probable|highly likely|(?:вельми|цілком) [ій]мовірн\w*", Likelihood.VERY_LIKELY),
    (r"remote (?:chance|possibility|likelihood)|no chance", Likelihood.ALMOST_NO_CHANCE),
    (r"(?:roughly )?even odds|toss-up|fifty-fifty|as likely as not", Likelihood.ROUGHLY_EVEN),
    (r"nearly certain(?:ly)?|virtually certain(?:ly)?|inevitabl[ey]|неминуч\w*", Likelihood.ALMOST_CERTAIN),
    (r"improbable|doubtful|not (?:very )?likely|навряд(?: чи)?", Likelihood.UNLIKELY),
    (r"probabl[ey]|not unlikely|правдоподібн\w*", Likelihood.LIKELY),
)
_CONFIDENCE = re.compile(
    r"(?<!\w)(?:(?:low|moderate|medium|high|great|full|some|little|limited)(?:er)?[- ](?:level of )?confidence|"
    r"(?:with|our|confidence level|level of) confidence|confident(?:ly)?|(?:не)?впевнен\w*)(?!\w)",
    re.I,
)
_CHANCE = re.compile(
    r"(\d{1,3}(?:[.,]\d+)?)\s?(?:%|percent|per cent|відсот\w+)[- ](?:chance|likel\w+|probab\w+|шанс\w*)", re.I
)
_SENTENCES = re.compile(r"(?<=[.!?…])[\"”»)]?\s+(?=[\"“«(]?[^\W\d_a-zа-яіїєґ])")


def likelihood_of(text: str, word: str | None = None) -> tuple[Likelihood, bool]:
    """The bin of a sentence, and whether its word stands in it; `word` names the bin where it does not.

    Raises:
        BadInputError: no word, two different ones, one of another family, or likelihood and confidence in one sentence.
    """
    given = None if word is None else likelihood_named(word)
    if text.rstrip("\"'”’»)").endswith("?"):
        raise BadInputError("a question judges nothing: wanted a judgement; what it answers goes with --question")
    _refuse_other_family(text)
    found = {Likelihood(match.lastgroup) for match in _FOUND.finditer(text) if match.lastgroup}
    if len(found) > 1:
        raise BadInputError(f"two likelihoods in one assessment ({_said(found)}): make it two")
    _refuse_confidence(text, given=given)
    own = next(iter(found), None)
    if own is not None and given not in (None, own):
        raise BadInputError(f"--word {given and _said([given])}, but the sentence says {_said([own])}")
    chosen = own or given
    if chosen is None:
        raise BadInputError(f"no probability word: wanted one of {', '.join(WORDS['en'].values())}; or --word with it")
    _refuse_other_number(text, chosen)
    return chosen, own is not None


def likelihood_named(word: str) -> Likelihood:
    """The bin that a word names: "very likely", "very_likely", "roughly even".

    Raises:
        BadInputError: none.
    """
    bare = word.strip().casefold().replace("_", " ").replace("-", " ").removesuffix(" chance")
    for names in WORDS.values():
        for kind, name in names.items():
            if bare in (name, kind.value.replace("_", " "), name.removesuffix(" chance")):
                return kind
    _refuse_other_family(word)
    raise BadInputError(f"word {word!r}: wanted one of {', '.join(WORDS['en'].values())}")


def _refuse_other_family(text: str) -> None:
    for pattern, meant in _OTHERS:
        if found := re.search(rf"(?<!\w)(?<!almost )(?:{pattern})(?!\w)", text, re.I):
            raise BadInputError(f"{found.group()!r} is of another family of words: write {_said([meant])!r}")


def _refuse_confidence(text: str, *, given: Likelihood | None) -> None:
    sentences = _SENTENCES.split(text)
    for sentence in sentences:
        found = _CONFIDENCE.search(sentence)
        if found and (_FOUND.search(sentence) or (given is not None and len(sentences) == 1)):
            raise BadInputError(
                f"likelihood and confidence ({found.group()!r}) in one sentence: how probable and how well founded "
                "are two things, and a reader could not tell which is meant; say the second by --confidence"
            )


def _refuse_other_number(text: str, chosen: Likelihood) -> None:
    low, high = chosen.span
    for found in _CHANCE.finditer(text):
        p = float(found[1].replace(",", ".")) / 100
        if not low - 1e-9 <= p <= high + 1e-9:
            raise BadInputError(f"{found.group()!r} is not {_said([chosen])} ({100 * low:.0f} to {100 * high:.0f} %)")


def _said(kinds: object) -> str:
    return " and ".join(WORDS["en"][kind] for kind in Likelihood if kind in kinds)  # type: ignore[operator]
