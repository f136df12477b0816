"""Crosswalks: what a maker's keys, colours and folders mean, as a small TOML file per maker, dated.

A maker may redefine a key under the same name, so a rule can be bound to a time. What no rule knows stays unmapped and
is listed: a class is never guessed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import msgspec

from isofront.errors import BadInputError, UsageError
from isofront.makers.areas import MapClass

MAX_TEXT = 500
"""Characters of a maker's text that a rule looks at."""
MAX_BYTES = 1_000_000
_SHIPPED = files("isofront.makers") / "crosswalks"

Texts = Mapping[str, Sequence[str]]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`when` every named text is written so (`*` stands for anything, case makes no difference), then class and side.

    Or `drop`, with the reason why such things are left out on purpose. `side_from` names a text that holds the side.
    `since` and `until` bind the rule to a time: from the start of that day, up to the start of the other.
    """

    when: dict[str, str] = msgspec.field(default_factory=dict)
    cls: MapClass | None = msgspec.field(default=None, name="class")
    side: str | None = None
    side_from: str | None = None
    drop: str | None = None
    since: date | None = None
    until: date | None = None
    means: str = ""

    @property
    def name(self) -> str:
        """The rule in a few words, for those who want to know where a class came from."""
        return ", ".join(f"{text} {pattern}" for text, pattern in self.when.items()) or "everything"

    def holds(self, moment: datetime | None) -> bool:
        """Whether the rule is valid at a moment; for what has no date, the latest rule is."""
        if moment is None:
            return self.until is None
        return (self.since is None or _start(self.since) <= moment) and (
            self.until is None or moment < _start(self.until)
        )


class Crosswalk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A maker's classes in Isofront's words. `sides` are the ids its rules use; `bounds` is where its maps lie.

    `reads` names the reader of its files; a maker's own name if left out. `titles` are the names by which the maker's
    documents can be told (KML). `date`, `id` and `layer` name the properties that hold these.
    """

    maker: str
    version: str
    rules: Annotated[tuple[Rule, ...], msgspec.Meta(max_length=5_000)]
    about: str = ""
    reads: str = ""
    titles: tuple[str, ...] = ()
    sides: dict[str, str] = msgspec.field(default_factory=dict)
    bounds: tuple[float, float, float, float] | None = None
    date: str = "date"
    id: str = "id"
    layer: str = "layer"

    @property
    def label(self) -> str:
        """Maker and version: what is written on every feature."""
        return f"{self.maker}/{self.version}"

    def is_titled(self, title: str) -> bool:
        """Whether a document of that name is this maker's."""
        return any(_matches(pattern, title) for pattern in self.titles)

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The names of the texts that its rules look at, in order of their first use."""
        return tuple(dict.fromkeys(name for rule in self.rules for name in rule.when))

    def rule_for(self, texts: Texts, moment: datetime | None) -> Rule | None:
        """The first rule that fits; what the file says more surely is looked at before what it says less surely."""
        depth = max((len(values) for values in texts.values()), default=0)
        for level in range(max(depth, 1)):
            for rule in self.rules:
                if rule.holds(moment) and _fits(rule, texts, level):
                    return rule
        return None


def _fits(rule: Rule, texts: Texts, level: int) -> bool:
    return all(_matches(pattern, _text(texts, name, level)) for name, pattern in rule.when.items())


def _text(texts: Texts, name: str, level: int) -> str:
    """The text at a level of sureness; a name with fewer ways of saying it keeps its last."""
    values = texts.get(name, ())
    return values[min(level, len(values) - 1)] if values else ""


def _matches(pattern: str, text: str) -> bool:
    return _compiled(pattern)(text[:MAX_TEXT])


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Callable[[str], bool]:
    """A test of a text against a pattern, in time linear in the text: parts between stars are sought one by one."""
    parts = [_plain(part) for part in pattern.split("*")]

    def fits(text: str) -> bool:
        text = _plain(text)
        if len(parts) == 1:
            return text == parts[0]
        first, *middle, last = parts
        if not (text.startswith(first) and text.endswith(last) and len(text) >= len(first) + len(last)):
            return False
        at, end = len(first), len(text) - len(last)
        for part in middle:
            at = text.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return True

    return fits


def _plain(text: str) -> str:
    return re.sub(r"[\s\u00a0_]+", " ", text.casefold())


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


@cache
def shipped() -> Mapping[str, Crosswalk]:
    """The crosswalks that come with Isofront, by maker."""
    names = sorted(entry.name for entry in _SHIPPED.iterdir() if entry.name.endswith(".toml"))
    crosswalks = [parse((_SHIPPED / name).read_bytes(), name=name) for name in names]
    return {crosswalk.maker: crosswalk for crosswalk in crosswalks}


def load(path: Path) -> Crosswalk:
    """A user's crosswalk file.

    Raises:
        UsageError: it is not there, or not one.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise UsageError(f"{path}: cannot be read ({fault.strerror or fault}), wanted a crosswalk in TOML") from fault
    try:
        return parse(content, name=path.name)
    except BadInputError as fault:
        raise UsageError(str(fault)) from fault


def parse(content: bytes, *, name: str) -> Crosswalk:
    """A crosswalk's TOML, checked.

    Raises:
        BadInputError: it is not one; the message says where.
    """
    if len(content) > MAX_BYTES:
        raise BadInputError(f"{name}: {len(content):,} bytes, wanted a crosswalk of at most {MAX_BYTES:,}")
    try:
        crosswalk = msgspec.convert(tomllib.loads(content.decode("utf-8-sig")), type=Crosswalk, strict=False)
    except RecursionError as fault:
        raise BadInputError(f"{name}: nested too deeply, wanted a crosswalk in TOML") from fault
    except (ValueError, msgspec.ValidationError) as fault:
        raise BadInputError(f"{name}: {fault}, wanted a crosswalk in TOML") from fault
    for number, rule in enumerate(crosswalk.rules, start=1):
        if (rule.cls is None) == (rule.drop is None):
            raise BadInputError(f"{name} rule {number}: wanted either `class` or `drop`, and a reason with `drop`")
        if crosswalk.sides and rule.side is not None and rule.side not in crosswalk.sides:
            raise BadInputError(f"{name} rule {number}: side {rule.side!r}, wanted one of {', '.join(crosswalk.sides)}")
    return crosswalk
