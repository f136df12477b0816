"""Sentences become words: a phrase book for each language (Jinja2 templates in TOML), numbers and dates in its way.

phrase book       Book       read from the package, or from the user's folder, key by key
sentence, names   said       its words; nothing is in the words that is not in its values
sections          Worded      titles, sentences and the numbered list of what they rest on, ready for any page

Templates run in Jinja2's sandbox with no access to files, and a name that is not known stops the run.
"""

from __future__ import annotations

import difflib
import logging
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from isofront.errors import BadInputError, UsageError
from isofront.findings.brief_phrases import Names, filters_of
from isofront.findings.brief_sentence import Part, Sentence

LANGUAGES = ("en", "uk")
"""The languages whose phrase books come with the installation."""
TABLES = ("page", "titles", "sentences", "words", "rules", "kinds", "reasons", "about", "bounds", "units", "control",
          "support", "likelihood", "confidence", "came", "sources")  # fmt: skip
"""The tables of a phrase book."""
CLOSED = ("page", "titles", "sentences")
"""Tables whose keys are all asked for by name; the others are asked for whatever a war's files hold."""
_CLOSE = 0.6
"""Keys written less alike than this (difflib's measure) are two keys."""

_log = logging.getLogger("isofront.findings.brief_words")


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
        made.filters |= filters_of(self.language, self.tables, self.names)
        return made

    @cached_property
    def _ready(self) -> dict[str, Template]:
        return {}

    def _template(self, key: str) -> Template:
        """A sentence, compiled when it is first said: a brief says a third of what the book has."""
        if key not in self._ready:
            self._ready[key] = self._compiled("sentences", key)
        return self._ready[key]

    def _compiled(self, table: str, key: str) -> Template:
        try:
            return self.environment.from_string(self.tables[table][key])
        except TemplateError as fault:
            raise BadInputError(f"phrase book {self.language}, [{table}] {key}: {fault}") from fault

    def check(self, keys: Iterable[str]) -> None:
        """Compile some sentences.

        Raises:
            BadInputError: one of them is no template.
        """
        for key in keys:
            self._template(key)

    def said(self, one: Sentence) -> str:
        """A sentence in words.

        Raises:
            BadInputError: the book has no such key, or its template asks for what the sentence does not have.
        """
        if one.text_key not in self.tables["sentences"]:
            raise BadInputError(f"phrase book {self.language}: no [sentences] {one.text_key}")
        try:
            return self._template(one.text_key).render(**one.values, _self=one.values)
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
        BadInputError: a book is no TOML of tables of phrases, one of the user's sentences is no template, or a key is
            one that nothing asks for.
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
    _look_at_keys(own, base, where=f"{language}.toml")
    made = Book(language, {table: {**base[table], **own.get(table, {})} for table in TABLES}, names)
    made.check(own.get("sentences", ()))
    return made


def _look_at_keys(own: Mapping[str, Mapping[str, Any]], base: Mapping[str, Mapping[str, Any]], *, where: str) -> None:
    """Name the user's keys that the shipped book does not have: nothing may ever ask for them.

    Raises:
        BadInputError: some lie in a table of which every key is known.
    """
    strange = {table: [key for key in keys if key not in base[table]] for table, keys in own.items()}
    told = {table: [f"[{table}] {key}{_meant(key, base[table])}" for key in keys] for table, keys in strange.items()}
    wrong = [one for table in CLOSED for one in told.get(table, ())]
    if wrong:
        raise BadInputError(f"{where}: no phrase is called {'; nor '.join(wrong)}")
    for one in (one for table, found in told.items() if table not in CLOSED for one in found):
        _log.warning(f"{where}: {one}: the shipped book has no such key, so it may never be used")


def _meant(key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, list(known), n=1, cutoff=_CLOSE)
    return f" (nearest: {near[0]})" if near else ""


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
