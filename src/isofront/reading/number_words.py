"""The words of a language for numbers and for how they are meant, as patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from isofront.reading.patterns import compiled, either


@dataclass(frozen=True)
class NumberWords:
    """A language's tables of numerals, hedges, shares and ratios; each pattern is named for what it finds."""

    language: str
    tables: dict[str, Any] = field(repr=False, hash=False, compare=False)

    @cached_property
    def _numeral_text(self) -> str:
        alone = self.tables["number"]["alone"]
        every = either([re.escape(word) if word.isalpha() else word for word in self.tables["numerals"]])
        glue = rf"(?:(?:[\s‐-―-]+|\s{either(self.tables['number']['and'])}\s(?!a\s+half\b)){every}\b)"
        multipliers = either(list(self.tables["multipliers"]))
        lone = "|".join(alone)
        digits = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
        half = rf"(?:{self.tables['number']['and_half']})?"
        spelt = rf"(?:(?!(?:{lone})\b){every}\b{glue}*|(?:{lone})\b{glue}+){half}"
        halves = rf"{self.tables['number']['half_of']}{multipliers}(?!\w)"
        return rf"(?:{halves}|(?:{digits})(?:[\s\u00a0-]?{multipliers}(?!\w))?|{spelt}(?:\s{multipliers}(?!\w))?)"

    @cached_property
    def number(self) -> re.Pattern[str]:
        """A number or "low to high"; groups low, joint, high."""
        table = self.tables["number"]
        joint = rf"\s*[‐-―−-]\s*|\s+{either(table['joints'])}\s+"
        numeral = self._numeral_text
        unit = rf"(?:\s?{table['unit_joined']})?"
        pair = rf"(?P<first>{numeral}){unit}\s+{table['between_joint']}\s+(?P<second>{numeral})"
        between = rf"(?<={table['between']}\s){pair}"
        plain = rf"(?P<low>{numeral})(?:(?:{joint})(?P<high>{numeral}))?"
        return compiled(rf"(?<![\w.,/:-])(?:{between}|{plain})(?!(?!{table['unit_joined']})\w|\.\d)")

    @property
    def half_of(self) -> str:
        """ "Half a" before a multiplier, as text."""
        return str(self.tables["number"]["half_of"])

    @cached_property
    def and_half(self) -> re.Pattern[str]:
        """ "And a half" at the end of a number in words."""
        return compiled(rf"{self.tables['number']['and_half']}$")

    @cached_property
    def led_range(self) -> re.Pattern[str]:
        """What leads a range: "between 10 and 15"."""
        return compiled(rf"(?<!\w)(?:somewhere |anywhere )?{self.tables['number']['between']}\s+$")

    @cached_property
    def ratio(self) -> re.Pattern[str]:
        """So many to so many; groups first, second."""
        small = either(
            [*(word for word, value in self.tables["numerals"].items() if 1 <= value <= 20), r"\d{1,3}(?:\.\d)?"]
        )
        joint = either(self.tables["ratio"]["joints"])
        return compiled(
            rf"(?<![\w.,:-])(?P<first>{small})(?:(?<=\d)\s?:\s?(?=\d)|{joint})(?P<second>{small})(?![\w:]|\.\d)"
        )

    @cached_property
    def ratio_each(self) -> re.Pattern[str]:
        """ "Eight Russians for every Ukrainian"; group first."""
        return compiled(rf"(?<![\w.,:-])(?P<first>{self._numeral_text}){self.tables['ratio']['each']}")

    @cached_property
    def ratio_before(self) -> re.Pattern[str]:
        """ "For each of us there are seven"; group first."""
        return compiled(rf"{self.tables['ratio']['each_before']}(?P<first>{self._numeral_text})")

    @cached_property
    def times(self) -> tuple[tuple[re.Pattern[str], float], ...]:
        """So many times as many, in one word: "sixfold"."""
        table = self.tables["ratio"]["times"].items()
        return tuple((compiled(rf"(?<!\w)(?:{text})(?!\w)"), float(value)) for text, value in table)

    @cached_property
    def passive(self) -> dict[str, re.Pattern[str]]:
        """What may follow a number of people of any kind: "journalists were killed"."""
        return {key: re.compile(text) for key, text in self.tables.get("passive", {}).items()}

    @cached_property
    def multiplier(self) -> re.Pattern[str]:
        """A multiplier at the end of a number."""
        return compiled(rf"{either(list(self.tables['multipliers']))}$")

    def multiple(self, word: str) -> float:
        """How many times a multiplier counts."""
        return next(
            float(value)
            for pattern, value in self.tables["multipliers"].items()
            if re.fullmatch(pattern, word, re.IGNORECASE)
        )

    def multiplier_at_end(self, text: str) -> float:
        """The multiplier that a number ends with, else 1."""
        found = self.multiplier.search(text.strip().casefold())
        return self.multiple(found.group()) if found else 1.0

    def may_count(self, sentence: str) -> bool:
        """Whether a sentence holds a digit or a number word at all; quicker than looking for the number."""
        if re.search(r"\d", sentence):
            return True
        return any(self.numeral(word.casefold()) is not None for word in re.findall(r"[^\W\d_]+", sentence))

    def numeral(self, word: str) -> float | None:
        """A number word's value."""
        return _numeral(self, word)

    @cached_property
    def hedges(self) -> dict[str, re.Pattern[str]]:
        """How a number is meant, by the words right before it."""
        bridge = self.tables["number"].get("bridge", "")
        return {key: compiled(rf"(?<!\w){either(words)}\s*{bridge}$") for key, words in self.tables["hedges"].items()}

    @cached_property
    def after_hedge(self) -> re.Pattern[str]:
        """How a number is meant, by the words right after it."""
        return compiled(
            "|".join(rf"(?P<{key}>\s*{either(words)})" for key, words in self.tables["after_hedges"].items())
        )

    @cached_property
    def change(self) -> re.Pattern[str]:
        """What before "a to b" makes it a change and no range."""
        return compiled(self.tables["number"]["change"])

    @cached_property
    def before_year(self) -> re.Pattern[str]:
        """What before four digits makes them a year."""
        return compiled(rf"(?<!\w){either(self.tables['number']['before_year'])}\s$")

    @cached_property
    def no_count(self) -> re.Pattern[str]:
        """What around a number (a NUL) says that it counts nothing."""
        table = self.tables["number"]
        return compiled(rf"{either(table['no_count_before'])}\x00|\x00{either(table['no_count_after'])}")

    @cached_property
    def shares(self) -> tuple[tuple[re.Pattern[str], float], ...]:
        """Parts in words, and how much of a hundred they are."""
        table = self.tables["shares"].items()
        return tuple((compiled(rf"(?<![\w-]){text}(?![\w-])"), float(percent)) for text, percent in table)

    @cached_property
    def vague(self) -> re.Pattern[str]:
        """Words that stand for a number."""
        table = self.tables["vague"]
        order = sorted(table, key=lambda key: -max(map(len, table[key]["words"].split("|"))))
        named = "|".join(f"(?P<{key}>{table[key]['words']})" for key in order)
        return compiled(rf"(?<![\w-])(?:{named})(?!\w)")

    @cached_property
    def vague_values(self) -> dict[str, tuple[float, float | None]]:
        """What they are read as: at least so many, or so many to so many."""
        return {
            key: (float(row["low"]), float(row["high"]) if "high" in row else None)
            for key, row in self.tables["vague"].items()
        }


@cache
def _numeral(words: NumberWords, word: str) -> float | None:
    for pattern, value in words.tables["numerals"].items():
        if re.fullmatch(pattern, word, re.IGNORECASE):
            return float(value)
    return None
