"""What the product says in English, in Ukrainian: by its sentence, whose holes (file names, numbers, ids) stay.

The sentences lie in `ukrainian_sentences`; one that is not there has no Ukrainian, and the page shows the English one.
"""

from __future__ import annotations

import re
from functools import cache

from isofront.desk.ukrainian_columns import COLUMNS
from isofront.desk.ukrainian_sentences import COMMANDS, PLAIN, SENTENCES

_HOLE = re.compile(r"\{(\d?)\}")
_WHERE = re.compile(r"([a-z_]{2,20}): (.+)", re.DOTALL)
Patterns = tuple[tuple[re.Pattern[str], str], ...]
MOST_CHARS = 4000
"""A longer text is no sentence of ours."""


def both(text: str, *, column: str | None = None) -> dict[str, str]:
    """A sentence (about a column) in each language of the page; in English where it has no other words."""
    english = f"{column}: {text}" if column else text
    for command, told in COMMANDS.items():
        if found := _pattern(command).fullmatch(english):
            return dict(zip(("en", "uk"), (_filled(one, found.groups()) for one in told), strict=True))
    return {"en": english, "uk": in_ukrainian(english) or english}


def in_ukrainian(text: str) -> str | None:
    """The sentence in Ukrainian; None where nobody translated it.

    `column: sentence` is read as the sentence about the column.
    """
    if len(text) > MOST_CHARS:
        return None
    if text in PLAIN:
        return PLAIN[text]
    named, open_ = _patterns()
    return _matched(text, named) or _of_column(text) or _matched(text, open_)


def _matched(text: str, patterns: Patterns) -> str | None:
    for pattern, ukrainian in patterns:
        if found := pattern.fullmatch(text):
            return _filled(ukrainian, found.groups())
    return None


def _of_column(text: str) -> str | None:
    found = _WHERE.fullmatch(text)
    rest = in_ukrainian(found[2]) if found and found[1] in COLUMNS else None
    return f"{COLUMNS[found[1]]}: {rest}" if found and rest else None


def _filled(ukrainian: str, holes: tuple[str, ...]) -> str:
    """The sentence with its holes filled in their order; `{1}` is the second hole of the English one."""
    left = iter(holes)
    return _HOLE.sub(lambda hole: _said(holes[int(hole[1])] if hole[1] else next(left)), ukrainian)


def _said(hole: str) -> str:
    """What stands in a hole: a reason of the machine has words too."""
    return PLAIN.get(hole, hole)


@cache
def _patterns() -> tuple[Patterns, Patterns]:
    """Sentences that begin with a word, and those that begin with a hole; the most words of their own first."""
    by_words = sorted(SENTENCES.items(), key=lambda one: -len(one[0].replace("{}", "")))
    made = [(_pattern(english), ukrainian, english.startswith("{}")) for english, ukrainian in by_words]
    return tuple(one[:2] for one in made if not one[2]), tuple(one[:2] for one in made if one[2])


@cache
def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL)
