"""What a number in a sentence counts: people inside, residents left, losses, ground, the width of a gap.

A number whose noun is not understood gives no draft: it is listed as unread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from isofront.reading.doers import more_and_fewer
from isofront.reading.draft import Bound
from isofront.reading.numbers import Number, Ratio, numbers, ratios
from isofront.reading.words import Words

_NEAR = 70
_LISTED = 45
"""Killed and wounded named within so many letters after a number are counted by it together."""
_FATES = ("killed", "wounded", "captured")
_SKIPPED = ("", "")
"""A number that is understood and states nothing that is sought."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number and what it is about; positions in the sentence."""

    about: str
    value: float | tuple[float, float]
    unit: str
    bound: Bound
    start: int
    end: int
    sides: tuple[str, ...] = ()
    vague: bool = False


@dataclass(frozen=True, slots=True)
class _Around:
    """A number's surroundings: the words right after it, the stretch that is its own, the sentence."""

    number: Number
    noun: str
    own: str
    left: str
    right: str
    sentence: str
    sides: tuple[str, ...]
    words: Words

    def has(self, context: str, where: str) -> bool:
        return bool(self.words.part("contexts", context).search(where))

    @property
    def of_now(self) -> str:
        """What follows the number, without what is told of another time: "lived there, now some 150 are left"."""
        return re.split(rf",\s(?={self.words.source('contexts', 'now')}(?!\w))", self.right, flags=re.IGNORECASE)[0]

    @property
    def own_clause(self) -> str:
        """The number's stretch without what leads to the next number: ", before the war it had"."""
        more = self.number.end + len(self.right) < len(self.sentence) and len(self.right) < _NEAR
        return self.left + " \x00 " + (re.sub(r",[^,]*$", "", self.right) if more else self.right)

    def counts(self, noun: str) -> bool:
        """Whether the noun that the number counts is of a kind."""
        return bool(self.words.counted(noun).match(self.noun))


def attackers_in(text: str, words: Words) -> str | None:
    """The side that a text shows attacking: the nationality that most often stands right before a verb of attack."""
    counts: Counter[str] = Counter()
    for found in words.part("contexts", "attacking").finditer(text):
        if words.part("contexts", "units").match(text[found.end() : found.end() + 24].lstrip()):
            continue  # "a Ukrainian assault regiment" attacks nobody by its name
        head = text[max(0, found.start() - 40) : found.start()]
        before = [one.group() for one in words.nationalities(head)]
        if before and not re.search(r"[.,;]", head.rsplit(before[-1], 1)[-1]):
            counts[words.side(before[-1])] += 1
    first = counts.most_common(2)
    return None if not first or (len(first) > 1 and first[0][1] == first[1][1]) else first[0][0]


def counted(
    sentence: str, words: Words, *, before: str = "", attackers: str | None = None
) -> tuple[list[Counted], list[Number]]:
    """The quantities and ratios of a sentence, and the numbers that were not understood.

    `before` is the text so far; `attackers` the side that the text shows attacking (`attackers_in`).
    """
    played = words.part("contexts", "score").search(sentence)
    found = [] if played else [_ratio(sentence, one, words) for one in ratios(sentence, words)]
    every, unread = numbers(sentence, words), []
    for k, number in enumerate(every):
        around = _around(sentence, every, k, words)
        about = _about(around, before)
        if about is None and (same := _again(sentence, around, found)):
            found.append(_by_part(same, attackers, words))
        elif about is not None and about is not _SKIPPED:
            one = _by_part(_counted(around, *about), attackers, words)
            found.append(_of_civilians_too(one, sentence, around, found))
        elif about is None and not number.vague:
            unread.append(number)
    return sorted(found, key=lambda one: one.start), unread


def _of_civilians_too(one: Counted, sentence: str, around: _Around, found: Sequence[Counted]) -> Counted:
    """In "9 civilians were killed and 47 injured" the second number counts civilians, too."""
    last = found[-1] if found else None
    bare = one.about in _FATES and not around.counts("residents") and not around.counts("troops")
    if last is None or not bare or not last.about.startswith("civilians-"):
        return one
    between = sentence[last.end : one.start]
    return replace(one, about=f"civilians-{one.about}") if len(between) < _LISTED and "." not in between else one


def _again(sentence: str, around: _Around, found: Sequence[Counted]) -> Counted | None:
    """A number without a noun of its own that counts what the one before it counts: "18 assaults out of 162".

    Where its people met another fate than those before, that is told ("killed 300, wounded 40 more").
    """
    number, words = around.number, around.words
    last = next((one for one in reversed(found) if one.end <= number.start and one.unit != "to one"), None)
    if last is None or number.vague or number.share:
        return None
    between, after = sentence[last.end : number.start], sentence[number.end :]
    if last.unit == "people" and len(between) < _NEAR and (fate := _fate_beside(number, sentence, words)):
        return replace(
            last, about=fate, value=number.value, bound=number.bound, start=number.start, end=number.end, vague=False
        )
    if last.unit == "people" and last.about in (*_FATES, "losses") and words.remains(after):
        return replace(
            last, about="troops-inside", value=number.value, bound=number.bound, start=number.start, end=number.end
        )
    if not any(re.search(row["before"], between) and re.match(row["after"], after) for row in words.again):
        return None
    return replace(last, value=number.value, bound=number.bound, start=number.start, end=number.end, vague=False)


def _fate_beside(number: Number, sentence: str, words: Words) -> str | None:
    """What became of so many, in a verb right beside a bare number: "ще 41 поранили", "another 38 wounded"."""
    for context in _FATES:
        told = r"\s(?:[—–]\s)?(?:(?:of (?:them|whom)|had|have|has|since|been|were|was|more|others)\s)*"
        if re.match(rf"{told}{words.source('contexts', context)}(?!\w)", sentence[number.end :], re.IGNORECASE):
            return context
    return None


def _by_part(one: Counted, attackers: str | None, words: Words) -> Counted:
    """Troops of a side that attacks here are attackers, those of another side defenders."""
    if not one.about.startswith("troops") or not one.sides or attackers is None:
        return one
    part = "attackers" if words.side(one.sides[0]) == attackers else "defenders"
    return replace(one, about=one.about.replace("troops", part, 1))


def _ratio(sentence: str, one: Ratio, words: Words) -> Counted:
    context = sentence[max(0, one.start - 120) : one.end + 120]
    of_losses = words.part("contexts", "lost").search(sentence[max(0, one.start - 60) : one.start])
    about = "ratio-of-forces" if words.part("contexts", "outnumber").search(context) and not of_losses else "ratio"
    return Counted(
        about, max(one.first, one.second), "to one", one.bound, one.start, one.end, more_and_fewer(context, words)
    )


def _around(sentence: str, every: Sequence[Number], k: int, words: Words) -> _Around:
    number = every[k]
    begin = every[k - 1].end if k else 0
    end = every[k + 1].start if k + 1 < len(every) else len(sentence)
    left = sentence[max(begin, number.start - _NEAR) : number.start]
    right = sentence[number.end : min(end, number.end + _NEAR)]
    after = sentence[number.end : number.end + 90]
    if aside := words.among_them.match(sentence, number.end):
        right = f"{aside['noun']} {sentence[aside.end() : aside.end() + _NEAR]}"
    sides = words.sides(after[:60]) or words.sides(left)[-1:]
    if before_number := re.search(words.tables["contexts"]["number_of"], left, re.IGNORECASE):
        after = f" {next(noun for noun in before_number.groups() if noun)}"
    return _Around(number, after, left + " \x00 " + right, left, right, sentence, sides, words)


def _about(a: _Around, before: str) -> tuple[str, str] | None:
    """What a number is about, and its unit, by the first rule that knows."""
    return next((found for rule in _RULES if (found := rule(a, before))), None)


def _counted(a: _Around, about: str, unit: str) -> Counted:
    n = a.number
    return Counted(about, n.value, unit, n.bound, n.start, n.end, a.sides, n.vague)


def _length(a: _Around, before: str) -> tuple[str, str] | None:
    unit = a.words.unit_after(a.noun)
    if unit in ("km", "mi", "m"):
        if _lies_elsewhere(a):
            return _SKIPPED
        return ("gap-width" if a.has("gap", a.own) else "distance"), unit
    return None


def _lies_elsewhere(a: _Around) -> bool:
    """Whether a length only tells where something lies: "60 miles east of Kharkiv"."""
    after = a.words.past_unit(a.noun).lstrip()
    leads = a.words.part("contexts", "elsewhere").match(after) or a.words.part("places", "beside").match(after)
    bare = after[:1] in ".,;" and not a.has("lines", a.left)
    return bool(leads or bare) and not a.has("gap", a.own) and not a.has("lines", a.left)


def _ground(a: _Around, before: str) -> tuple[str, str] | None:
    unit = a.words.unit_after(a.noun)
    if unit in ("km2", "mi2"):
        return ("area-gained" if a.has("advance", a.own) else "area"), unit
    return None


def _share(a: _Around, before: str) -> tuple[str, str] | None:
    if a.number.share:
        led = a.words.part("places", "part_of_place").match(a.noun)
        return (
            ("share-held", "percent")
            if led and a.has("hold", a.sentence) and not a.words.neither.search(a.sentence)
            else _SKIPPED
        )
    if a.words.unit_after(a.noun) != "percent":
        return None
    if a.has("hold", a.sentence) or a.has("advance", a.sentence):
        return "share-held", "percent"
    return None


def _pincers(a: _Around, before: str) -> tuple[str, str] | None:
    return ("pincers", "pincers") if a.counts("pincers") else None


def _losses(a: _Around, before: str) -> tuple[str, str] | None:
    people = any(a.counts(kind) for kind in ("troops", "residents", "attackers", "defenders", "civilians", "others"))
    if re.fullmatch(rf"\s*{a.words.tables['number']['out_of']}", a.left, re.IGNORECASE):
        return None
    about = _loss(a, people=people)
    return (about, "people") if about else None


def _loss(a: _Around, *, people: bool) -> str | None:
    """Whether those counted were lost, and how."""
    two_fates = _in_two_fates(a)
    if not two_fates and (fate := _fate_next(a)):
        return fate
    named = re.search(a.words.source("contexts", "losses_before") + "$", a.left, re.IGNORECASE)
    near = a.right[:_LISTED]
    both = people and a.has("killed", near) and a.has("wounded", near)
    if named or both or two_fates or a.counts("losses"):
        return "losses"
    if a.counts("dead"):
        return "killed"
    killed = re.match(rf"(?:\s[\w-]+){{1,3}}\s{a.words.source('contexts', 'killed')}(?!\w)", a.noun, re.IGNORECASE)
    if people and not killed and not a.counts("civilians") and a.has("per_day", a.own) and a.has("lost", a.left):
        return "losses-per-day"
    if a.counts("captives"):
        return "captured"
    return _fate(a, people=people) or ("losses" if people and a.has("lost", a.left) else None)


def _fate_next(a: _Around) -> str | None:
    """What became of so many, told right after the number: "losses at 96 killed and 41 wounded"."""
    told = (one for one in _FATES if re.match(rf"\s{a.words.source('contexts', one)}(?!\w)", a.right, re.IGNORECASE))
    return next(told, None)


def _in_two_fates(a: _Around) -> bool:
    """Whether a bare number tells two fates at once: "25,000 were killed or wounded"."""
    fate = "|".join(a.words.source("contexts", one) for one in _FATES)
    led = rf"\s*(?:{a.words.source('contexts', 'of_them')}\s)?(?:(?:had|have|has|since|been|were|was)\s)*"
    joint = rf"\s(?:{a.words.source('grammar', 'joins')}|{a.words.source('number', 'joints')})\s(?:been\s)?"
    return re.match(rf"{led}(?:{fate}){joint}(?:{fate})(?!\w)", a.right, re.IGNORECASE) is not None


def _fate(a: _Around, *, people: bool) -> str | None:
    """Whether the people counted were killed, wounded or captured."""
    noun = rf"(?:\s(?!{a.words.source('grammar', 'joins')}\s)[\w’'ʼ-]+){{1,2}}"
    for context in _FATES if people else ():
        if re.match(rf"{noun}\s{a.words.source('contexts', context)}(?!\w)", a.noun, re.IGNORECASE):
            return ("civilians-" if a.counts("civilians") else "") + context
    for context in _FATES:
        of_them = rf"(?:{a.words.source('contexts', 'of_them')}\s)?"
        been = r"(?:(?:had|have|has|since|been|were|was|are|is) )*"
        right_after = rf"\s*{of_them}{been}{a.words.source('contexts', context)}(?!\w)"
        led = rf"(?<!\w){a.words.source('contexts', context)}\s*$"
        bare = re.match(
            rf"\s*(?:{a.words.source('contexts', 'of_them')}\s*)?(?:[.,;)]|$|(?:on|in|at|and|during|when|since)\b)",
            a.noun,
        ) and re.search(led, a.left, re.IGNORECASE)
        if (
            bare
            or (people and a.has(context, _without_taken_ground(a.own, context, a.words)))
            or re.match(right_after, a.right, re.IGNORECASE)
            or re.match(right_after, a.noun, re.IGNORECASE)
        ):
            return ("civilians-" if a.counts("civilians") else "") + context
        passive = a.words.numbers.passive.get(context)
        if passive and not a.counts("vehicles") and passive.match(a.noun):
            return context
    return None


def _without_taken_ground(text: str, context: str, words: Words) -> str:
    """A number's surroundings without "captured X", which tells nothing of people."""
    return re.sub(rf"(?i:{words.source('contexts', context)})\s+(?=[A-ZА-ЯІЇЄҐ])", "", text)


def _vehicles(a: _Around, before: str) -> tuple[str, str] | None:
    if not a.counts("vehicles"):
        return None
    return ("vehicles-lost" if a.has("destroyed", a.own) or a.has("lost", a.own) else "vehicles"), "vehicles"


def _residents(a: _Around, before: str) -> tuple[str, str] | None:
    if re.search(a.words.tables["contexts"]["earlier_of"], a.left, re.IGNORECASE) and not a.counts("troops"):
        return ("residents-before", "people") if _speaks_of_residents(a, before) else None
    named = a.counts("residents") or a.words.led_by(a.left, "population") or _is_the_whole(a, before)
    named = named or (_led_by_had(a) and _speaks_of_residents(a, before))
    bare = (a.words.remains(a.right) or a.words.remained(a.left)) and not (a.counts("troops") or a.counts("attackers"))
    if not named and not (bare and _speaks_of_residents(a, before)):
        return None
    remaining = a.has("remain", a.of_now) or a.has("now", a.left) or a.words.remained(a.left)
    part = a.has("part_of", a.right)
    if a.words.out_of(a.left) or (a.has("before", a.own_clause) and not remaining and not part):
        return "residents-before", "people"
    if a.has("evacuated", a.own) and not a.has("remain", a.right):
        return "residents-evacuated", "people"
    remaining = remaining or (a.has("remain", a.own) and a.of_now == a.right)
    return ("residents-remaining" if remaining else "residents"), "people"


def _led_by_had(a: _Around) -> bool:
    """Whether a bare number is what a place once had: "which had 14,000 before the invasion"."""
    led = rf"(?<!\w){a.words.source('contexts', 'had')}\s*$"
    bare = re.match(r"\s*(?:[.,;]|$)", a.right) or a.has("before", a.right[:_LISTED])
    return bool(re.search(led, a.left, re.IGNORECASE) and bare and a.has("before", a.own))


def _is_the_whole(a: _Around, before: str) -> bool:
    """The last number of "1,000 people out of its pre-war 60,000"."""
    return a.words.out_of(a.left) and a.has("before", a.own) and _speaks_of_residents(a, before)


def _speaks_of_residents(a: _Around, before: str) -> bool:
    return bool(a.words.part("nouns", "residents").search(before[-200:] + a.sentence))


def _out_of_residents(a: _Around, before: str) -> tuple[str, str] | None:
    """The thousand in "a thousand of its 60,000 residents"."""
    if a.words.of_many(a.right) and a.words.part("nouns", "residents").search(a.sentence):
        if a.has("evacuated", a.sentence[a.number.end : a.number.end + _NEAR]):
            return "residents-evacuated", "people"
        return ("residents-remaining" if a.has("remain", a.sentence) else "residents"), "people"
    return None


def _people(a: _Around, before: str) -> tuple[str, str] | None:
    for kind in ("attackers", "defenders", "troops"):
        if a.counts(kind):
            return kind + ("-inside" if a.has("inside", a.own) or a.has("inside", a.sentence) else ""), "people"
    return None


def _actions(a: _Around, before: str) -> tuple[str, str] | None:
    if a.counts("times") and a.has("attacked", a.left):
        return "attacks" + ("-per-day" if a.has("per_day", a.own) else ""), "attacks"
    for kind in ("attacks", "strikes", "settlements"):
        if a.counts(kind):
            gained = kind == "settlements" and a.has("advance", a.own)
            if kind == "settlements" and not gained and not (a.has("hold", a.sentence) or a.has("advance", a.sentence)):
                return _SKIPPED
            return ("settlements-taken" if gained else kind) + ("-per-day" if a.has("per_day", a.own) else ""), kind
    return None


_RULES: tuple[Callable[[_Around, str], tuple[str, str] | None], ...] = (
    _share,
    _length,
    _ground,
    _pincers,
    _losses,
    _vehicles,
    _out_of_residents,
    _residents,
    _people,
    _actions,
)


def contradictions(sentence: str, words: Words) -> Iterator[tuple[Bound, int, int]]:
    """Where a sentence says that a number named before is too low or too high."""
    for key, bound in (("contradicts_up", Bound.AT_LEAST), ("contradicts_down", Bound.AT_MOST)):
        if (found := words.part("contexts", key).search(sentence)) and words.part("contexts", "figure").search(
            sentence
        ):
            yield bound, found.start(), found.end()
            return
