"""A text cut into sentences that know where they stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

LONGEST = 1200
"""What goes on for more letters without a stop is no sentence: it is cut at a blank, so that reading stays linear."""
_END = re.compile(
    r"(?<=[.!?…])(?P<close>[\"'”’»)\]]*)\s+(?=[\"'“‘«(\[—–-]*\s*[^\W\d_a-zа-яіїєґ]|[\"'“‘«(]*\d)|\n\s*\n+|\n(?=\s*[#*•-])|(?:(?<=\d[:.]\d\d)|(?<=\d[ap]m)|(?<=\d\d\s[A-Z]{3})|(?<=\d\d\s[A-Z]{4}))\n"
)
_SHORT = re.compile(
    r"(?:\b(?:Gen|Col|Lt|Maj|Capt|Sgt|Brig|Adm|Cmdr|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|St|No|vs|etc|approx|Jan|Feb|Mar|Apr|Aug|Sept?|Oct"
    r"|Nov|Dec|[A-Z]|р|рр|с|м|смт|тис|млн|млрд|вул|ім|див|напр|ген|полк|обл|гр|т\.\s?д|т\.\s?п)|(?:[ap]\.m|U\.S|U\.N|U\.K))\.$"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; `paragraph` counts from 0; `quoted`: it begins inside a quotation that an earlier one opened."""

    text: str
    start: int
    paragraph: int
    quoted: bool = False

    @property
    def end(self) -> int:
        """Where it ends in the whole text."""
        return self.start + len(self.text)


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text, without the blanks around them. A full stop after a short form ends none."""
    quotation: tuple[int, bool] = (0, False)
    for one in _plain(text):
        quoted = quotation[1] and quotation[0] == one.paragraph
        yield replace(one, quoted=quoted)
        quotation = one.paragraph, _open_after(one.text, quoted=quoted)


def _open_after(text: str, *, quoted: bool) -> bool:
    """Whether a quotation is open where a text ends, that was open or not where it begins. „Low“ marks close with “."""
    marks = re.findall(r"[“”«»„\"]", text)
    for mark in marks:
        quoted = not quoted if mark == '"' else mark in "“«„" and not (mark == "“" and quoted)
    return quoted


def _plain(text: str) -> Iterator[Sentence]:
    begin = paragraph = 0
    for found in _END.finditer(text):
        cut = found.start() + len(found["close"] or "")
        breaks = "\n" in found.group()
        if not breaks and _SHORT.search(text, max(begin, cut - 16), cut):
            continue
        yield from _trimmed(text, begin, cut, paragraph)
        begin, paragraph = found.end(), paragraph + (found.group().count("\n") > 1)
    yield from _trimmed(text, begin, len(text), paragraph)


def _trimmed(text: str, begin: int, end: int, paragraph: int) -> Iterator[Sentence]:
    while end - begin > LONGEST:
        cut = text.rfind(" ", begin + 1, begin + LONGEST)
        cut = begin + LONGEST if cut < 0 else cut
        yield from _trimmed(text, begin, cut, paragraph)
        begin = cut
    part = text[begin:end]
    if bare := part.strip():
        yield Sentence(bare, begin + part.index(bare), paragraph)
