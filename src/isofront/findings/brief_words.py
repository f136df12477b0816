"""Sentences become words: a phrase book for each language (Jinja2 templates in TOML), numbers and dates in its way.

phrase book       Book       read from the package, or from the user's folder, key by key
sentence, names   said       its words; nothing is in the words that is not in its values
sections          Worded      titles, sentences and the numbered list of what they rest on, ready for any page

Templates run in Jinja2's sandbox with no access to files, and a name that is not known stops the run.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from isofront.errors import BadInputError, UsageError
from isofront.findings.brief import Part, Sentence
from isofront.findings.brief_facts import Where, Width

LANGUAGES = ("en", "uk")
"""The languages whose phrase books come with the installation."""
TABLES = ("page", "titles", "sentences", "words", "rules", "kinds", "reasons", "about", "bounds", "units", "control",
          "support", "likelihood", "confidence", "came")  # fmt: skip
"""The tables of a phrase book."""
AT_KM = 1.0
"""Nearer than this to a place's middle, something is at the place."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of sides by id, and of places by their kept name, in one language."""

    sides: Mapping[str, str]
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence in words with the numbers of what it rests on in the list of sources."""

    key: str
    text: str
    refs: tuple[int, ...]

    @property
    def refs_text(self) -> str:
        """The numbers with neighbours joined: "1, 3–7"."""
        return ", ".join(_runs(self.refs))


@dataclass(frozen=True, slots=True)
class Section:
    """A section in words."""

    key: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """A whole brief in words; `ids` are what its sentences rest on, the first of them is number 1."""

    sections: tuple[Section, ...]
    ids: tuple[str, ...]


def _runs(numbers: Sequence[int]) -> list[str]:
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] + 1 == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]


@dataclass(frozen=True)
class Book:
    """A phrase book: its tables, each a mapping, as read."""

    language: str
    tables: Mapping[str, Mapping[str, Any]]
    names: Names = field(default_factory=lambda: Names({}, {}))

    @cached_property
    def environment(self) -> SandboxedEnvironment:
        """Where templates run: no files, no unknown names, the filters of this book."""
        made = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
        made.filters |= _Filters(self).all()
        return made

    @cached_property
    def templates(self) -> dict[str, Template]:
        """The sentences, compiled.

        Raises:
            BadInputError: one of them is no template.
        """
        return {key: self._compiled("sentences", key) for key in self.tables["sentences"]}

    def _compiled(self, table: str, key: str) -> Template:
        try:
            return self.environment.from_string(self.tables[table][key])
        except TemplateError as fault:
            raise BadInputError(f"phrase book {self.language}, [{table}] {key}: {fault}") from fault

    def said(self, one: Sentence) -> str:
        """A sentence in words.

        Raises:
            BadInputError: the book has no such key, or its template asks for what the sentence does not have.
        """
        if one.text_key not in self.templates:
            raise BadInputError(f"phrase book {self.language}: no [sentences] {one.text_key}")
        try:
            return self.templates[one.text_key].render(**one.values, _self=one.values)
        except (TemplateError, KeyError, TypeError, ValueError) as fault:
            raise BadInputError(f"phrase book {self.language}, [sentences] {one.text_key}: {fault}") from fault

    def page(self, key: str, **values: Any) -> str:
        """A line of the page's own."""
        try:
            return self._compiled("page", key).render(**values)
        except (TemplateError, KeyError) as fault:
            raise BadInputError(f"phrase book {self.language}, [page] {key}: {fault}") from fault

    def worded(self, parts: Iterable[Part]) -> Worded:
        """All sections in words; sources are numbered as they are first needed."""
        numbers: dict[str, int] = {}
        sections = []
        for part in parts:
            lines = tuple(self._line(one, numbers) for one in part.sentences)
            sections.append(Section(part.key, str(self.tables["titles"][part.key]), lines))
        return Worded(tuple(sections), tuple(numbers))

    def _line(self, one: Sentence, numbers: dict[str, int]) -> Line:
        refs = tuple(numbers.setdefault(name, len(numbers) + 1) for name in one.ids)
        return Line(one.text_key, self.said(one), refs)


def book_of(language: str, names: Names, *, folder: Path | None = None) -> Book:
    """The phrase book of a language; what the user's folder has for it goes over it, key by key.

    Raises:
        UsageError: there is no book of this language.
        BadInputError: a book is no TOML of tables of phrases.
    """
    own = {} if folder is None else _read_own(folder / f"{language}.toml")
    if language not in LANGUAGES and not own:
        raise UsageError(f"--language {language}: wanted {', '.join(LANGUAGES)}, or --templates with {language}.toml")
    base_language = language if language in LANGUAGES else LANGUAGES[0]
    text = (resources.files("isofront.findings") / "brief_templates" / f"{base_language}.toml").read_text("utf-8")
    base = tomllib.loads(text)
    unknown = [table for table in own if table not in TABLES]
    if unknown:
        raise BadInputError(f"{language}.toml: table [{unknown[0]}], wanted one of {', '.join(TABLES)}")
    return Book(language, {table: {**base[table], **own.get(table, {})} for table in TABLES}, names)


def _read_own(path: Path) -> dict[str, dict[str, Any]]:
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        raise BadInputError(f"{path.name}: {fault}, wanted a phrase book in TOML") from fault
    if not all(isinstance(table, dict) for table in found.values()):
        raise BadInputError(f"{path.name}: wanted tables of phrases, such as [sentences]")
    return found


@dataclass(frozen=True)
class _Filters:
    """What templates can put values through."""

    book: Book

    def all(self) -> dict[str, Any]:
        names = (
            "date", "number", "count", "km", "km2", "signed_km2", "percent", "side", "place", "places", "status",
            "compass", "where", "width", "widths", "near", "kinds", "sides", "reasons", "reason", "reports_of",
            "about", "amount", "range", "named", "interest", "control", "support", "likelihood", "confidence", "came",
            "held_by", "moment", "kind", "whole_km", "whole_width", "whole_widths", "near_whole", "layer",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def _word(self, table: str, key: str) -> Any:
        return self.book.tables[table].get(key, key.replace("-", " ").replace("_", " "))

    # Numbers and dates

    def date(self, day: date | datetime) -> str:
        words = self.book.tables["words"]
        return str(words["date"]).format(day=day.day, month=words["months"][day.month - 1], year=day.year)

    def moment(self, at: datetime) -> str:
        return f"{self.date(at)}, {at:%H:%M} UTC"

    def number(self, value: float | int, digits: int = 0) -> str:
        """With the language's marks; whole unless digits are asked for."""
        words = self.book.tables["words"]
        text = f"{value:,.{digits}f}"
        if float(text.replace(",", "")) == 0:
            text = text.lstrip("-")
        return text.translate({ord(","): words["thousands"], ord("."): words["decimal"], ord("-"): "−"})

    def count(self, n: float | int, *forms: str) -> str:
        """A number with its noun: two forms, or three in Slavic languages (1, 2-4, 5 and more)."""
        whole = round(n)
        return f"{self.number(whole)} {forms[self._form(whole, len(forms))]}"

    def _form(self, n: int, n_forms: int) -> int:
        if self.book.tables["words"]["plural"] != "slavic" or n_forms < 3:
            return 0 if n == 1 else n_forms - 1
        if n % 10 == 1 and n % 100 != 11:
            return 0
        return 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2

    def _unit(self, unit: str) -> str:
        return str(self.book.tables["units"][unit][0])

    def km(self, value: float | int) -> str:
        return f"{self.number(value, 1)} {self._unit('km')}"

    def km2(self, value: float | int) -> str:
        """One digit below ten, none above: no more than the map is good for."""
        return f"{self.number(value, 1 if abs(value) < 10 else 0)} {self._unit('km2')}"

    def signed_km2(self, value: float | int) -> str:
        return ("+" if value >= 0.05 else "") + self.km2(value)

    def percent(self, share: float | int) -> str:
        return f"{self.number(100 * share)} %"

    # Names

    def side(self, name: str | None) -> str:
        return str(self.book.tables["words"]["nobody"]) if not name else self.book.names.sides.get(name, name)

    def place(self, name: str) -> str:
        return self.book.names.places.get(name, name)

    def places(self, names: Sequence[str]) -> str:
        return self._list([self.place(name) for name in names])

    def _list(self, words: Sequence[str]) -> str:
        if len(words) < 2:
            return "".join(words)
        return ", ".join(words[:-1]) + str(self.book.tables["words"]["and"]) + words[-1]

    def status(self, name: str) -> str:
        if name.startswith("held_"):
            return str(self.book.tables["words"]["held_by"]).format(side=self.side(name.removeprefix("held_")))
        return str(self.book.tables["words"].get(name, name))

    def compass(self, bearing: float | int) -> str:
        winds = self.book.tables["words"]["winds"]
        return str(winds[round(bearing / (360 / len(winds))) % len(winds)])

    def where(self, one: Where) -> str:
        words = self.book.tables["words"]
        if one.km < AT_KM:
            return str(words["at_place"]).format(place=self.place(one.place))
        wind = words["winds"][2 * round(one.bearing_deg / 45) % 16]
        return str(words["from_place"]).format(place=self.place(one.place), km=self.whole_km(one.km), wind=wind)

    def whole_km(self, km: float | int) -> str:
        return f"{self.number(km)} {self._unit('km')}"

    # Necks and roads

    def width(self, km: float | int | None) -> str:
        words = self.book.tables["words"]
        if km is None:
            return str(words["open"])
        return self.km(km) if km > 0 else str(words["cut_off"])

    def widths(self, found: Mapping[str, Width]) -> str:
        rules, words = self.book.tables["rules"], self.book.tables["words"]
        told = [
            str(rules[rule]).format(width=words["taken"] if one.taken else self.width(one.km))
            for rule, one in found.items()
        ]
        return ", ".join(told)

    def whole_widths(self, found: Mapping[str, Width]) -> str:
        """Each rule's neck in whole km."""
        rules = self.book.tables["rules"]
        return ", ".join(str(rules[rule]).format(width=self.whole_width(one)) for rule, one in found.items())

    def whole_width(self, one: Width) -> str:
        words = self.book.tables["words"]
        if one.taken or one.km is None:
            return str(words["taken" if one.taken else "open"])
        return self.whole_km(one.km) if one.km > 0 else str(words["under_1"])

    def near(self, found: Mapping[float | int, float | int]) -> str:
        return self._near(found, self.km)

    def near_whole(self, found: Mapping[float | int, float | int]) -> str:
        return self._near(found, self.whole_km)

    def _near(self, found: Mapping[float | int, float | int], km: Callable[[float | int], str]) -> str:
        words = str(self.book.tables["words"]["near"])
        told = [words.format(km=km(long), of=self.whole_km(within)) for within, long in found.items() if long >= 0.05]
        return ", ".join(dict.fromkeys(told))

    # Counts by kind

    def kinds(self, found: Mapping[str, int]) -> str:
        return ", ".join(self.count(n, *self.book.tables["kinds"].get(kind, [kind])) for kind, n in found.items())

    def kind(self, name: str) -> str:
        return str(self.book.tables["kinds"].get(name, [name])[0])

    def layer(self, name: str) -> str:
        return str(self.book.tables["words"].get(f"layer_{name}", name))

    def sides(self, found: Mapping[str, int]) -> str:
        return ", ".join(f"{self.side(side)} {self.number(n)}" for side, n in found.items())

    def reports_of(self, found: Mapping[str, int]) -> str:
        forms = self.book.tables["words"]["reports_of"]
        return ", ".join(f"{self.side(side)} {self.count(n, *forms)}" for side, n in found.items())

    def reasons(self, found: Mapping[str, float | int]) -> str:
        return ", ".join(f"{self.km2(km2)} {self.reason(name)}" for name, km2 in found.items())

    def reason(self, name: str) -> str:
        return str(self._word("reasons", name))

    def held_by(self, found: Mapping[str, float | int], names: Mapping[str, Mapping[str, str]]) -> str:
        told = []
        for side, km2 in found.items():
            own = names.get(side, {})
            told.append(f"{own.get(self.book.language) or own.get('en') or side} {self.km2(km2)}")
        return ", ".join(told)

    # Claims

    def about(self, name: str) -> str:
        return str(self._word("about", name))

    def amount(self, one: Mapping[str, Any]) -> str:
        """A number as it was said: bound, value, unit, both sides' counts."""
        low, high, unit = one["low"], one["high"], one["unit"]
        if low is None or high is None:
            return str(self.book.tables["words"]["range_none"])
        value = self._said_number(low) if low == high else f"{self._said_number(low)}–{self._said_number(high)}"
        forms = self.book.tables["units"].get(unit, [unit])
        noun = forms[self._form(round(high), len(forms)) if float(high).is_integer() else len(forms) - 1]
        text = str(self.book.tables["bounds"][one["bound"]]).format(value=value) + f" {noun}"
        if one["counts"]:
            text += " (" + ", ".join(f"{self.side(s)} {self._said_number(n)}" for s, n in one["counts"].items()) + ")"
        elif unit == "to one" and one["side"]:
            other = self.book.tables["words"]["against_side"].format(side=self.side(one["other"]))
            text += f" ({self.side(one['side'])}{other if one['other'] else ''})"
        return text

    def _said_number(self, value: float | int) -> str:
        whole = abs(value - round(value)) < 1e-6
        text = self.number(round(value)) if whole else self.number(value, 2)
        return text if whole else text.rstrip("0")

    def range(self, ends: Sequence[float | int | None], unit: str, about: str) -> str:
        from isofront.findings.saying import rounded

        words = self.book.tables["words"]
        low, high = (None if end is None else self._said_number(rounded(end, about)) for end in ends)
        forms = self.book.tables["units"].get(unit, [unit])
        if low is None and high is None:
            return str(words["range_none"])
        if high is None:
            return str(words["range_open_above"]).format(low=f"{low} {forms[-1]}")
        if low is None:
            return str(words["range_open_below"]).format(high=f"{high} {forms[-1]}")
        key = "range_one" if low == high else "range"
        return str(words[key]).format(low=low if low != high else f"{low} {forms[-1]}", high=f"{high} {forms[-1]}")

    def named(self, how: str) -> str:
        return str(self.book.tables["words"].get(how, "")) if how in ("first_name", "described", "group") else ""

    def interest(self, side: str | None) -> str:
        words = self.book.tables["words"]
        return str(words["speaks_for_none"]) if side is None else str(words["speaks_for"]).format(side=self.side(side))

    def control(self, one: Mapping[str, Any]) -> str:
        table = self.book.tables["control"]
        side = self.side(one["side"]) if one["side"] else table["nobody"]
        return str(table[one["status"]]).format(side=side)

    def support(self, name: str) -> str:
        return str(self._word("support", name))

    def likelihood(self, name: str) -> str:
        return str(self._word("likelihood", name))

    def confidence(self, name: str) -> str:
        return str(self._word("confidence", name))

    def came(self, name: str) -> str:
        return str(self._word("came", name))
