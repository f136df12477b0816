"""The words of a language: `words/<language>.toml`, read once, as patterns. Another language is another file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from isofront.reading.number_words import NumberWords
from isofront.reading.patterns import compiled, either

PROBABILITY = (
    "almost_no_chance",
    "very_unlikely",
    "unlikely",
    "roughly_even",
    "almost_certain",
    "very_likely",
    "likely",
)
"""The seven bins of ICD 203, in the order in which their words are looked for: "very likely" before "likely"."""
MOST_BASES = 5
"""So many base forms are tried for each word of a name of several words."""
FOLDER = Path(__file__).with_name("words")


def languages() -> tuple[str, ...]:
    """The languages that there is a file for."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


@cache
def words_of(language: str) -> Words:
    """The words of a language that `languages` names."""
    with (FOLDER / f"{language}.toml").open("rb") as stream:
        return Words(language, tomllib.load(stream))


@dataclass(frozen=True)
class Words:
    """A language's tables as compiled patterns; each is named for what it finds."""

    language: str
    tables: dict[str, Any] = field(repr=False, hash=False, compare=False)

    def part(self, table: str, key: str) -> re.Pattern[str]:
        """One list of words as a pattern between word edges."""
        return _part(self.language, table, key)

    def source(self, table: str, key: str) -> str:
        """One list of words as text for a larger pattern."""
        return _source(self.language, table, key)

    def optional(self, table: str, key: str) -> re.Pattern[str] | None:
        """A pattern that not every language has."""
        return _optional(self.language, table, key)

    @cached_property
    def numbers(self) -> NumberWords:
        """The words for numbers."""
        return NumberWords(self.language, self.tables)

    @cached_property
    def usual(self) -> re.Pattern[str]:
        """Small words by which the language is known."""
        return self.part("usual", "words")

    # names

    @cached_property
    def stop(self) -> frozenset[str]:
        """Capitalised words that are no names."""
        return frozenset(self.tables["places"]["stop"])

    @cached_property
    def adjective(self) -> re.Pattern[str]:
        """What may stand before a name and is none: a nationality."""
        return compiled(self.tables["speech"]["adjective"])

    def is_one_side(self, name: str) -> bool:
        """Whether a name is a nationality alone and for one: "a Russian claim" is nobody's saying."""
        return self._nationality.fullmatch(name) is not None and not name.endswith("s")

    def sides(self, text: str) -> tuple[str, ...]:
        """The sides that a text names by nationality, as written, each once."""
        return tuple(dict.fromkeys(found.group() for found in self.nationalities(text)))

    def nationalities(self, text: str) -> Iterator[re.Match[str]]:
        """Where words stand that name a side by its country's people, as this language makes such words."""
        inside = not self.tables["speech"].get("nationality_is_name", True)
        for found in self._nationality.finditer(text):
            named = inside and found.group()[0].isupper() and re.search(r"[\w%»)][,;]?\s$", text[: found.start()])
            if not named and not self.part("speech", "not_sides").fullmatch(found.group()):
                yield found

    @cached_property
    def _nationality(self) -> re.Pattern[str]:
        return re.compile(self.tables["speech"]["nationality"])

    @property
    def verb_first(self) -> bool:
        """Whether the verb of saying often comes before who says it."""
        return bool(self.tables["speech"].get("verb_first", False))

    def base_forms(self, name: str) -> tuple[str, ...]:
        """A name as written, and what it may be the inflected form of, by the language's endings, the longest first."""
        first = name.title() if name.isupper() and len(name) > 3 else name
        several = " " in first  # a word of two letters and an ending is one among others: "Yaru" of "Chasovoho Yaru"
        parts = [(part, *self._bases(part, least=1 if several else 2)) for part in first.split(" ")]
        if len(parts) == 1:
            return tuple(dict.fromkeys(parts[0]))
        every = [" ".join(some) for some in product(*(part[:MOST_BASES] for part in parts))]
        return tuple(dict.fromkeys(every))

    def _bases(self, word: str, *, least: int) -> list[str]:
        return [word[: -len(ending)] + base for ending, bases in self._endings(word, least) for base in bases]

    def _endings(self, word: str, least: int) -> list[tuple[str, list[str]]]:
        table = self.tables["places"].get("endings", {})
        return [
            (end, table[end])
            for end in sorted(table, key=len, reverse=True)
            if word.endswith(end) and len(word) > len(end) + least
        ]

    def surely(self, name: str) -> str | None:
        """The base form of a name that ends as only one base form can, in a language that inflects."""
        sure = self.tables["places"].get("sure_endings", {})
        fits = [end for end in sure if name.endswith(end) and len(name) > len(end) + 2]
        end = max(fits, key=len, default=None)
        return name[: -len(end)] + str(sure[end]) if end and " " not in name else None

    @cached_property
    def introduced(self) -> re.Pattern[str]:
        """Where a first name stands alone and is told who bears it; one group a form."""
        return re.compile("|".join(self.tables["speech"]["introduced"]))

    @cached_property
    def short_stop(self) -> re.Pattern[str]:
        """Short forms whose full stop ends no sentence."""
        return re.compile(self.tables["speech"]["short_stop"])

    @cached_property
    def no_subject(self) -> re.Pattern[str]:
        """What right after a verb of saying shows that no subject follows."""
        return self.part("speech", "no_subject")

    @cached_property
    def when(self) -> re.Pattern[str]:
        """A day between a verb of saying and its subject."""
        return compiled(self.tables["speech"]["when"])

    @cached_property
    def said_at(self) -> re.Pattern[str]:
        """What between a verb of saying and an organisation's name stands in a language that says "reported at"."""
        organ = rf"(?:{self.source('speech', 'organs')}|[А-ЯІЇЄҐA-Z]{{2,}}|[A-Z][\w-]+)(?!\w)"
        return re.compile(rf"\s+{self.source('speech', 'said_at')}\s+(?={organ})")

    @cached_property
    def relative(self) -> re.Pattern[str]:
        """What between commas says more of a speaker, up to the verb of saying: ", who asked not to be named, "."""
        return compiled(self.tables["speech"]["relative"])

    @cached_property
    def first_pronoun(self) -> re.Pattern[str]:
        """A sentence that begins with a pronoun (group 1): its subject, also of the verb after "and"."""
        return compiled(rf"\W*(?:but |and |yet |але |та )?({self.source('speech', 'pronouns')})(?!\w)")

    def office(self, word: str) -> str | None:
        """The office that a word names, in any case: its pattern, the same for every form."""
        return _office(self.language, word.casefold())

    @cached_property
    def possessive(self) -> re.Pattern[str]:
        """Whom "according to him" and "in his words" mean: somebody heard before."""
        return self.part("speech", "possessive")

    @property
    def article(self) -> str:
        """A definite article that may stand there, as text for a larger pattern."""
        return rf"(?i:{self.source('grammar', 'article')}\s+)?"

    @cached_property
    def contrast(self) -> re.Pattern[str]:
        """What begins a clause whose speaker says otherwise than what stands before."""
        return re.compile(rf",?\s{self.source('grammar', 'contrast')}\s")

    @cached_property
    def speakers_clause(self) -> re.Pattern[str]:
        """What parts the clauses of a sentence that may have speakers of their own."""
        return re.compile(rf";|\s[—–]\s|,\s(?={self.source('grammar', 'parts')}\s)")

    @cached_property
    def opening_speaker(self) -> re.Pattern[str]:
        """A sentence's first words, if they are a described speaker (group 1) that a verb or "led by" follows."""
        noun = rf"(?:[\w'’-]+\s){{0,3}}?{self.source('speech', 'describers')}"
        return re.compile(
            rf"\W*(?:(?i:{self.source('grammar', 'apposition')})\s)?({noun})(?=\s(?:[a-z]+ed|who|in|of)\s)"
        )

    @cached_property
    def second_verb(self) -> re.Pattern[str]:
        """What right before a verb of saying makes it a sentence's second: "accused the army and said"."""
        return re.compile(rf"\s{self.source('grammar', 'and')}\s*$")

    # statements

    @cached_property
    def control(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """What a place may be said to be, and the words that say so, in the order in which they are tried."""
        rows = self.tables["control"]["statement"]
        return tuple((row["value"], compiled(rf"(?<!\w){either(row['active'])}(?:(?!\w)|(?<=\s))")) for row in rows)

    def _of_control(self, key: str) -> re.Pattern[str]:
        return compiled(self.tables["control"][key])

    @cached_property
    def object_of(self) -> re.Pattern[str]:
        """All that may stand between a verb and the place that it was done to."""
        return self._of_control("object")

    @cached_property
    def subject_of(self) -> re.Pattern[str]:
        """All that may stand between a place and the words that say what is so of it."""
        return self._of_control("subject")

    @cached_property
    def doing(self) -> re.Pattern[str]:
        """A verb of something that somebody does to a place."""
        return self._of_control("doing")

    @cached_property
    def undergone(self) -> re.Pattern[str]:
        """What between a place and such a verb says that it was done to the place."""
        return self._of_control("undergone")

    def is_passive(self, text: str) -> bool:
        """Whether a text ends as what was done to somebody begins: "was quickly "."""
        return bool(re.search(self.tables["doers"]["passive"], text, re.IGNORECASE))

    @cached_property
    def says(self) -> re.Pattern[str]:
        """A verb of saying right after a name: whoever bears it speaks."""
        return compiled(rf"\s(?:has |have |had )?{self.source('speech', 'said')}(?!\w)")

    @cached_property
    def listed(self) -> re.Pattern[str]:
        """What joins the places of a list."""
        return self._of_control("listed")

    @cached_property
    def clause(self) -> re.Pattern[str]:
        """What ends a clause and begins another."""
        return self._of_control("clause")

    @cached_property
    def noun(self) -> re.Pattern[str]:
        """A statement made with a noun: "the capture of"."""
        return self._of_control("noun")

    @cached_property
    def beside(self) -> re.Pattern[str]:
        """What right before a name makes it where something lies near, not what is spoken of."""
        kind = rf"(?:{self.source('places', 'kinds')}\s+)?"
        return compiled(rf"(?<!\w){self.source('places', 'beside')}\s+(?:the\s+)?{kind}$")

    @cached_property
    def it(self) -> re.Pattern[str]:
        """ "It" that means a place, by what is done to it or said of it; group it or subject."""
        done, so = self.source("places", "it_done"), self.source("places", "it_is")
        return compiled(
            rf"(?<!\w){done} (?P<it>it)(?=[,.;]|\s(?!is|was|has|had)|$)|(?<!\w)(?P<subject>it) (?={so}(?!\w))"
        )

    @cached_property
    def said_in(self) -> re.Pattern[str]:
        """A sentence's opening words that tell in what, and when, was said: "In a statement late on Monday,"."""
        return compiled(rf"\W*[^,;:“”\"]{{0,40}}{self.source('days', 'said_in')}(?!\w)[^,;:“”\"]{{0,40}},")

    @property
    def again(self) -> list[dict[str, str]]:
        """What stands before and after a number that counts the same as the one before it; case counts."""
        return list(self.tables["contexts"]["again"])

    @cached_property
    def and_then(self) -> re.Pattern[str]:
        """A word that joins two parts of a sentence."""
        return self.part("grammar", "joins")

    @cached_property
    def lies_by(self) -> re.Pattern[str]:
        """What right after a name leads to the place that it lies by: " (east of ", ", a village near "."""
        return compiled(rf"\s?(?:\(|,\s(?:[\w'’-]+\s){{0,6}}?){self.source('places', 'lies_by')}\s+(?:the\s)?")

    @cached_property
    def where_who_says_is(self) -> re.Pattern[str]:
        """What right before a name makes it where a speaker is: "officials in"."""
        return compiled(rf"(?<!\w){self.source('speech', 'describers')}\s{self.source('places', 'there')}\s$")

    @cached_property
    def whose_office(self) -> re.Pattern[str]:
        """What right after a name makes it somebody's who speaks: "'s mayor", " regional governor"."""
        return compiled(rf"(?:['’]s)?\s(?:[\w-]+\s){{0,3}}?{self.source('speech', 'offices')}(?!\w)")

    @cached_property
    def there(self) -> re.Pattern[str]:
        """What right before a name makes it where something is."""
        return compiled(rf"(?<!\w){self.source('places', 'there')}\s+$")

    @cached_property
    def neither(self) -> re.Pattern[str]:
        """Words that say of ground that nobody holds it."""
        return next(pattern for value, pattern in self.control if value == "grey")

    @cached_property
    def denied(self) -> re.Pattern[str]:
        """A denial before a verb."""
        return compiled(rf"(?<!\w){self.source('hypothetical', 'denied')}(?!\w)|n['’]t\b")

    @cached_property
    def to_before(self) -> re.Pattern[str]:
        """What right before a verb makes it a wish."""
        return compiled(self.tables["hypothetical"]["infinitive"])

    @cached_property
    def purpose(self) -> re.Pattern[str]:
        """What something was done for, before the comma that ends it: "in order to save lives, "."""
        return compiled(self.tables["hypothetical"]["purpose"])

    @property
    def probability(self) -> tuple[str, ...]:
        """The probability words' bins, the more particular first."""
        return tuple(key for key in PROBABILITY if key in self.tables["assessment"])

    # what a number counts

    @cached_property
    def among_them(self) -> re.Pattern[str]:
        """ "People, including 14 children, ": so many of those counted are of a kind; group noun stands before."""
        led = self.source("contexts", "among_them")
        return compiled(rf"(?P<noun>[^\n,;.:()\d]{{1,40}}),\s{led}\s[^,;.:()]{{1,40}},(?=\s)")

    def counted(self, noun: str) -> re.Pattern[str]:
        """A kind of noun right after a number, with up to four words between."""
        return _counted(self.language, noun)

    def unit_after(self, text: str) -> str | None:
        """The unit that a text begins with."""
        return next((unit for unit, pattern in self._units if pattern.match(text)), None)

    @cached_property
    def _units(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple(
            (str(unit), compiled(rf"[\s\u00a0-]*{self.source('units', unit)}(?!\w)")) for unit in self.tables["units"]
        )

    def past_unit(self, text: str) -> str:
        """What follows the unit that a text begins with."""
        unit = self.unit_after(text)
        return re.sub(rf"^[\s\u00a0-]*{self.source('units', unit)}", "", text, flags=re.IGNORECASE) if unit else text

    def led_by(self, text: str, noun: str) -> bool:
        """Whether a text, hedges apart, ends with a kind of noun."""
        return bool(re.search(rf"(?<!\w){self.source('nouns', noun)}\s*$", text, re.IGNORECASE))

    def side(self, nationality: str) -> str:
        """A nationality's stem, the same for one and for many, and in every case."""
        for ending in self.tables["speech"]["side_endings"]:
            if nationality.endswith(ending) and len(nationality) > len(ending) + 3:
                return nationality[: -len(ending)].casefold()
        return nationality.casefold()

    def remains(self, text: str) -> bool:
        """Whether a text begins with a verb of remaining."""
        return bool(
            re.match(rf"\s+(?:of (?:them|whom) )?{self.source('contexts', 'remain')}(?!\w)", text, re.IGNORECASE)
        )

    def remained(self, text: str) -> bool:
        """Whether a text, hedges apart, ends with a verb of remaining."""
        return bool(re.search(rf"(?<!\w){self.source('contexts', 'remain')}\s*$", text, re.IGNORECASE))

    def out_of(self, text: str) -> bool:
        """Whether a text ends in "of the city's": the number that follows is the whole."""
        return bool(re.search(self.tables["number"]["out_of"] + "$", text, re.IGNORECASE))

    def of_many(self, text: str) -> bool:
        """Whether a text goes on with "of its": the number before it is a part."""
        return bool(re.fullmatch(self.tables["number"]["of_many"], text, re.IGNORECASE))


@cache
def _source(language: str, table: str, key: str) -> str:
    return either(words_of(language).tables[table][key])


@cache
def _part(language: str, table: str, key: str) -> re.Pattern[str]:
    source = words_of(language).source(table, key)
    return compiled(rf"(?<!\w){source}(?!\w)")


@cache
def _optional(language: str, table: str, key: str) -> re.Pattern[str] | None:
    pattern = words_of(language).tables[table].get(key)
    return compiled(pattern) if pattern else None


@lru_cache(maxsize=10_000)
def _office(language: str, word: str) -> str | None:
    return next((one for one in words_of(language).tables["speech"]["offices"] if re.fullmatch(one, word)), None)


@cache
def _counted(language: str, noun: str) -> re.Pattern[str]:
    words = words_of(language)
    between = rf"(?:{words.source('nouns', 'between')}|{words.tables['speech']['nationality']}|[\w'’]+['’]s)"
    return compiled(rf"[\s-]+[“\"«]?(?:{between}[\s-]+){{0,4}}{words.source('nouns', noun)}(?!\w)")
