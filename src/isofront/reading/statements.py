"""Who is said to hold what, and what somebody judges likely: control statements and assessments in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from isofront.reading.doers import doers
from isofront.reading.draft import Spot
from isofront.reading.moods import Mood, is_claim_of_claims, mood, reached
from isofront.reading.words import Words

_REACH = 90
"""A place belongs to a statement if it stands within so many letters of its verb."""
_WHOLE = ("held", "taken", "liberated", "lost")
"""What may be said of a part of a place."""
_LOOSE = ("grey", "encircled", "partly_encircled")
"""What may be said in many words of a place that stands anywhere near; of the rest it must be the very object."""
_POSSESSIVE = ("'s", "’s")
"""What is said of something of a place is not said of the place."""
_CLOSE = 40
_ASIDE = 180
"""Before its verb a place may stand so far if all between is an aside: "X, which …, is held"."""
_AGAIN = 40
"""The same is said of a place again so near: once is enough."""
_BARE = re.compile(r"\s*(?:[.,;:!)]|$)|\s(?:by|on|in|since|last|yesterday|overnight|again|today)\b")
"""What follows a participle that stands alone: "X: captured.", "X: taken by marines"."""
"""A place so near after the verb comes before those that stand before it."""
_OTHER_END = {"likely": "unlikely", "very_likely": "very_unlikely", "almost_certain": "almost_no_chance"}
"""What a probability word means with "not" behind it."""
_At = tuple[int, int, Spot]
"""A place with where its name begins and ends in the sentence."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A control statement: what it says of which place, by whose hand; positions of the verb in the sentence."""

    value: str
    place: Spot
    sides: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment: its probability word's bin (None = none), and where it stands in the sentence."""

    word: str | None
    start: int
    end: int


def stated(sentence: str, offset: int, spots: Sequence[Spot], words: Words) -> Iterator[Stated]:
    """The control statements of a sentence about the places it names; what is only feared or wanted is none."""
    taken: list[tuple[int, int]] = []
    of_verb: set[tuple[str, int]] = set()
    said_at: dict[tuple[str, str], int] = {}
    told: dict[tuple[int, str], int] = {}
    for value, pattern in words.control if spots else ():
        for found in pattern.finditer(sentence):
            if any(a < found.end() and found.start() < b for a, b in taken) or _unreal(sentence, found, value, words):
                continue
            loose = value in _LOOSE and not words.part("control", "strict").search(found.group())
            places = _places(sentence, found, offset, spots, words, loose=loose)
            if not places:
                continue
            taken.append(found.span())
            sides = doers(sentence, _clause(sentence, found.start(), words), found, value, words)
            parts = [_part_of(sentence, found, places, k, offset=offset, words=words) for k in range(len(places))]
            if value not in _WHOLE:
                parts = [None] * len(places)
            if parts[0] == "share":
                continue
            meant = mood(sentence, found.start(), found.end(), words)
            if meant is Mood.SUPPOSED:
                continue
            inside = value != "grey" and (words.denied.match(found.group()) or re.search(r"n['’]t\b", found.group()))
            after = re.match(words.tables["moods"]["denied_right_after"], sentence[found.end() :], re.IGNORECASE)
            denied = meant is Mood.DENIED or inside or after or _denied(sentence, found.start(), words)
            for place, part in zip(places, parts, strict=True):
                if denied and value == "lost" and _on_a_day(sentence[place.end - offset :], words):
                    continue
                said = f"{'not_' if denied else ''}{'partly_' if part else ''}{value}"
                near = _REACH if value in _LOOSE else _AGAIN
                again = found.start() - said_at.get((place.name, said), -_ASIDE) < near
                if (place.name, found.start()) in of_verb or again:
                    continue  # "X, the city", "X is grey, neither side holds it": once is enough
                said_at[place.name, said] = found.start()
                of_verb.add((place.name, found.start()))
                last = max(found.start(), told.get((place.start, place.name), -1))
                first = (place.start, place.name) not in told
                if first or _tells_more(sentence[place.end - offset : last], words):
                    told[place.start, place.name] = found.start()
                    yield Stated(said, place, sides, found.start(), found.end())


def _on_a_day(after: str, words: Words) -> bool:
    """Whether only the day may be what is denied: "We did not lose X yesterday. We lost it in May."."""
    day = words.optional("control", "on_a_day")
    return bool(day and day.match(after))


def _part_of(
    sentence: str, found: re.Match[str], places: Sequence[Spot], k: int, *, offset: int, words: Words
) -> str | None:
    """Whether a part is meant of the k-th place of a list: as of the first, unless it has a word of its own."""
    own = _part(sentence, found, places[k].start - offset, words, after=places[k - 1].end - offset if k else 0)
    if own is None and _partly(sentence, found, places[k].end - offset, words):
        own = "part"
    if own or k == 0:
        return own
    between = sentence[places[k - 1].end - offset : places[k].start - offset]
    alone = words.part("control", "all_of_it").search(between)
    return None if alone else _part_of(sentence, found, places, k - 1, offset=offset, words=words)


def _part(sentence: str, found: re.Match[str], place: int, words: Words, *, after: int = 0) -> str | None:
    """Whether only a part of a place is meant: "part", or a "share" that is a number of its own."""
    before = sentence[max(after, found.end() if place >= found.end() else 0) : place].rstrip()
    table = words.tables["control"]
    if words.part("control", "parts_of_it").match(sentence[found.end() :].lstrip()) and place <= found.start():
        return "part"
    if re.match(rf"(?:\s[\w’'ʼ-]+){{0,3}}\s{table['part_after']}(?!\w)", sentence[found.end() :], re.IGNORECASE):
        return "part"
    if re.search(rf"{table['share']}$", before, re.IGNORECASE):
        return "share"
    part = rf"(?<!\w)(?:{table['partial']}|{table['part_before_name']})$"
    return "part" if re.search(part, before, re.IGNORECASE) else None


def _partly(sentence: str, found: re.Match[str], place_end: int, words: Words) -> bool:
    """Whether words behind a place or at the verb tell of a part: "the X suburbs", "X, parts of which"."""
    after, verb = words.optional("control", "part_after_name"), words.optional("control", "part_of_verb")
    here = after and after.match(sentence[place_end:])
    return bool(here or (verb and verb.search(sentence[max(0, found.start() - 24) : found.end()])))


def _clause(sentence: str, at: int, words: Words) -> int:
    """Where the clause begins that a position lies in."""
    cuts = [one.end() for one in words.clause.finditer(sentence) if one.end() <= at]
    return cuts[-1] if cuts else 0


def _unreal(sentence: str, found: re.Match[str], value: str, words: Words) -> bool:
    """Whether something is only feared, wanted or supposed, by the words before the verb or what follows a noun."""
    begin = _clause(sentence, found.start(), words)
    before = words.purpose.sub("", sentence[begin : found.start()])[-60:]
    before = own.split(before)[-1] if (own := words.optional("grammar", "own_subject")) else before
    if words.part("hypothetical", "words").search(before) or words.to_before.search(before):
        return True
    of_people = value in _LOOSE and _is_of_people(sentence, found, words)
    if of_people or _is_only_wished(sentence[begin : found.start()], found.group(), words):
        return True
    if _nearly(sentence[: found.start()], sentence[: found.end()], words):
        return True
    if is_claim_of_claims(sentence, *found.span(), words):
        return True
    if value in ("entered", "lost") and _unarmed(sentence[begin : found.start()], words):
        return True
    after = re.split(r"[.;:]\s", sentence[found.end() : found.end() + 80])[0]
    undone = words.optional("control", "undone")
    over = undone is not None and value not in _LOOSE and undone.match(after) is not None
    return over or bool(words.noun.search(found.group()) and words.part("hypothetical", "after_noun").search(after))


def _is_only_wished(head: str, verb: str, words: Words) -> bool:
    """Whether a verb stands in its infinitive, as what is sought and not done, and nothing says it came about."""
    infinitive = re.match(words.tables["control"]["infinitive_form"], verb)
    return bool(infinitive and not words.part("control", "achieved").search(head[-60:]))


def _is_of_people(sentence: str, found: re.Match[str], words: Words) -> bool:
    """Whether people are said to be surrounded, not a place: «в оточенні сидять до 15 росіян»."""
    return re.match(words.tables["control"]["of_people"], sentence[found.end() :], re.IGNORECASE) is not None


def _unarmed(head: str, words: Words) -> bool:
    """Whether who goes somewhere is no force: the last words before the verb are "an aid convoy"."""
    auxiliary = words.source("speech", "auxiliary")
    return (
        re.search(rf"(?<!\w){words.source('control', 'unarmed')}(?:{auxiliary}|\s*$)", head[-60:], re.IGNORECASE)
        is not None
    )


def _nearly(before: str, sentence: str, words: Words) -> bool:
    """Whether a verb is led by "all but" or "reportedly", or its clause opens as a supposition: "Had X been taken"."""
    adjacent = rf"(?<!\w){words.source('moods', 'adjacent')},?\s+(?:(?:was|were|been|be|is|are)\s+)?$"
    opening = re.split(r"[.;,]\s", sentence)[-1].lstrip('“"«')
    return bool(re.search(adjacent, before, re.IGNORECASE) or words.part("moods", "openers").match(opening))


def _denied(sentence: str, at: int, words: Words) -> bool:
    head = reached(sentence[max(_clause(sentence, at, words), at - 45) : at], words)
    own = re.split(rf",\s{words.source('grammar', 'relative')}\s", head)[-1]
    return bool(words.denied.search(own))


def _places(
    sentence: str, found: re.Match[str], offset: int, spots: Sequence[Spot], words: Words, *, loose: bool
) -> list[Spot]:
    """The place that a statement is about: right after its verb, else the last before it; "A, B and C" are three.

    A name without a spot counts only right beside the verb; one that something lies "near" or "north of" never.
    """
    begin = _clause(sentence, found.start(), words)
    near = [(one.start - offset, one.end - offset, one) for one in spots]
    near = [one for one in near if not _is_owner(sentence[one[1] :], words)]
    after = [
        one
        for one in near
        if found.end() <= one[0] <= found.end() + _REACH and not re.search(r"[;.]", sentence[found.end() : one[0]])
    ]
    who = words.optional("control", "who_follows")
    if found.group().endswith(" by") or words.part("control", "falls").fullmatch(found.group()):
        after = []  # who did it; where prices fell
    if who and who.search(found.group()):
        after = []
    where = _led_where(sentence[:begin], words) if words.neither.search(found.group()) else None
    first = where.start() if where else begin
    before = [one for one in near if first <= one[1] <= found.start() and one[0] >= found.start() - _ASIDE]
    before = [one for one in before if begin <= one[0] or (where and one[1] == first)]
    before = [] if re.search(words.tables["control"]["onto"], found.group()) else before
    chosen_after = _after(sentence, found, after, words, loose=loose)
    chosen_before = _before(sentence, found, before, words, loose=loose)
    told = loose and chosen_before and sentence[chosen_before[-1].end - offset : found.start()]
    if told and words.subject_of.fullmatch(told):
        return chosen_before
    if chosen_after and chosen_after[0].start - offset - found.end() <= _CLOSE:
        return chosen_after
    return chosen_before or chosen_after or _in_whole(sentence, found, begin, near, words)


def _is_owner(after: str, words: Words) -> bool:
    """Whether something of a place is meant that is no part of it: "X's mayor", not "X's western outskirts"."""
    part = words.optional("control", "part_after_name")
    return after.startswith(_POSSESSIVE) and not (part and part.match(after))


def _after(sentence: str, found: re.Match[str], some: Sequence[_At], words: Words, *, loose: bool) -> list[Spot]:
    """The places that follow the verb as its objects."""
    for k, (start, _, spot) in enumerate(some):
        between = sentence[found.end() : start]
        if words.and_then.fullmatch(between.strip()):
            continue  # "shows X as occupied and Y as grey"
        where = words.there.search(sentence[:start]) and not words.there.search(found.group() + " ")
        if where and not loose and words.is_passive(sentence[: found.start()]):
            continue  # "soldiers were captured in X"
        if words.object_of.fullmatch(between):
            return _listed(sentence, some[k:], words)
        if words.beside.search(between):
            if k == 0 and between.count(" ") <= 1:
                return []
        elif loose and spot.lon is not None and not (words.doing.match(found.group()) or words.clause.search(between)):
            return _listed(sentence, some[k:], words)
    return []


def _before(sentence: str, found: re.Match[str], some: Sequence[_At], words: Words, *, loose: bool) -> list[Spot]:
    """The places before the words that say what is so of them: "X, a mining town, has fallen".

    What can be done to a place must be said to have been done to it: "X was captured", not "X captured".
    """
    for k in range(len(some) - 1, -1, -1):
        start, end, spot = some[k]
        gap = re.sub(words.tables["control"]["parenthetical"], "", sentence[end : found.start()])
        if words.beside.search(sentence[:start]) and not _tells_more(gap, words):
            continue
        there = words.there.search(sentence[:start])
        if loose and words.part("speech", "persons_again").search(gap):
            continue
        bare = _BARE.match(sentence[found.end() :]) or found.group().endswith(" by")
        alone = bool(bare) and (start == end or re.fullmatch(r"(?: in (?:[A-Z][\w'’-]+ ?){1,3})?, ", gap) is not None)
        undergone = alone or not words.doing.match(found.group()) or bool(words.undergone.search(gap))
        near = loose and spot.lon is not None and len(gap) <= _REACH
        if undergone and (near or alone or (not there and words.subject_of.fullmatch(gap))):
            if spot.lon is None and _in_aside(sentence, start, some[:k], words):
                continue
            return _listed(sentence, some[: k + 1][::-1], words, back=True)
    return []


def _in_aside(sentence: str, name: int, earlier: Sequence[_At], words: Words) -> bool:
    """Whether a name stands in what is added to one before it: "X, the last town of Y in the army's hands"."""
    between = sentence[earlier[-1][1] : name] if earlier else ""
    added = re.fullmatch(r",\s(?:[^\W\d_A-ZА-ЯІЇЄҐ][\w'’ʼ-]*\s){1,6}", between)
    return bool(added and not words.clause.match(between))


def _listed(sentence: str, some: Sequence[_At], words: Words, *, back: bool = False) -> list[Spot]:
    """The first, and those that are joined to it as a list's members are."""
    chosen = [some[0]]
    for one in some[1:]:
        if _in_brackets(sentence[: one[0]]) and not _in_brackets(sentence[: chosen[0][0]]):
            continue  # "X (west of Y), Z": Y tells where X lies
        gap = sentence[one[1] : chosen[-1][0]] if back else sentence[chosen[-1][1] : one[0]]
        says = not back and words.says.match(sentence[one[1] :])
        led = [_is_led(sentence[: two[0]], words) for two in (one, some[0])]
        apart = gap.startswith(",") and led == [True, False]  # "cleared X, in Y"; "driven out of X, Y is"
        own = back and _has_own_verb(sentence[: one[0]], words)
        if says or apart or own or not words.listed.fullmatch(gap):
            break
        chosen.append(one)
    return [one[2] for one in (chosen[::-1] if back else chosen)]


def _has_own_verb(head: str, words: Words) -> bool:
    """Whether a name stands right behind a verb of which it is the object: "entered X, and Y is encircled"."""
    for _, pattern in words.control:
        last = next(reversed(list(pattern.finditer(head))), None)
        if last and words.object_of.fullmatch(head[last.end() :]):
            return True
    return False


def _is_led(head: str, words: Words) -> bool:
    """Whether a name has a word of place right before it."""
    onto = re.search(words.tables["control"]["onto"], head.rstrip())
    return bool(onto or words.there.search(head) or words.beside.search(head))


def _led_where(head: str, words: Words) -> re.Match[str] | None:
    """What ends a clause after a place of which the next clause tells: ", where "."""
    return re.search(rf",?\s{words.source('grammar', 'where')}\s(?:that\s)?$", head)


def _tells_more(between: str, words: Words) -> bool:
    """Whether what follows a name tells more of it: ", which ", "is neither taken nor "."""
    joined, more = words.optional("grammar", "verbs_joined"), words.optional("grammar", "told_more")
    if (joined and joined.search(between)) or (more and more.match(between)):
        return True
    return re.match(rf",\s{words.source('grammar', 'relative')}\s[^,]*$", between) is not None


def _in_brackets(head: str) -> bool:
    return head.rfind("(") > head.rfind(")")


def _in_whole(sentence: str, found: re.Match[str], begin: int, near: Sequence[_At], words: Words) -> list[Spot]:
    """The place at whose head a clause is set, where a part of it is the object: "In X, they retook two districts"."""
    part = words.part("control", "parts_of_it")
    if not (part.search(found.group()) or part.match(sentence[found.end() :].lstrip())):
        return []
    head = rf"\W*{words.source('places', 'there')}\s+"
    inside = [one for one in near if begin <= one[0] and one[1] <= found.start()]
    return [one[2] for one in inside[:1] if re.fullmatch(head, sentence[begin : one[0]], re.IGNORECASE)]


def judged(sentence: str, words: Words) -> Iterator[Judged]:
    """What somebody judges, by each probability word of the sentence, or where there is none by a verb of judging."""
    found = list(_judged_by_word(sentence, words))
    if found:
        yield from sorted(found, key=lambda one: one.start)
        return
    for verb in words.part("assessment", "verbs").finditer(sentence):
        if not words.part("assessment", "not_judged").search(sentence[: verb.start()]):
            yield Judged(None, verb.start(), verb.end())
            return


def _judged_by_word(sentence: str, words: Words) -> Iterator[Judged]:
    """Every bin once: "almost certainly not" is the other end of the scale than "almost certainly"."""
    taken: list[tuple[int, int]] = []
    seen: set[str] = set()
    denied = words.optional("assessment", "denied_behind")
    for key in words.probability:
        for one in words.part("assessment", key).finditer(sentence):
            if any(a < one.end() and one.start() < b for a, b in taken):
                continue
            taken.append(one.span())
            bin_ = _OTHER_END.get(key, key) if denied and denied.match(sentence[one.end() :]) else key
            if bin_ not in seen:
                seen.add(bin_)
                yield Judged(bin_, one.start(), one.end())
