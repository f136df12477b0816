"""One name in many spellings: Ukrainian, Russian, English, transliterated this way or that, and mistyped.

A name's *sound* is what is left when Cyrillic is written in Latin letters and the ways of doing so are made one: i, y
and j are one letter, so are h, g and kh; soft signs, apostrophes and doubled letters are none; -yi, -ii, -y is -i.
Two sounds are alike by their common runs of letters (Ratcliff and Obershelp's measure, as difflib has it).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import lru_cache

ALIKE = 0.74
"""Sounds less alike than this are two names."""
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "є": "e", "ё": "e", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "ї": "i", "й": "i", "ы": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "sh", "ъ": "", "ь": "", "э": "e", "ю": "iu", "я": "ia", "’": "", "'": "",
}  # fmt: skip
_ONE = (
    ("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("zh", "ж"), ("ch", "ч"), ("sh", "ш"), ("ts", "c"), ("tz", "c"),
    ("ck", "k"), ("ph", "f"), ("g", "h"), ("x", "ks"), ("q", "k"), ("w", "v"), ("y", "i"), ("j", "i"), ("ie", "e"),
)  # fmt: skip
_COMMON = frozenset({
    "вулиця", "вул", "улица", "ул", "провулок", "пров", "переулок", "пер", "проспект", "просп", "площа", "площадь",
    "бульвар", "шосе", "шоссе", "street", "str", "st", "lane", "avenue", "ave", "square", "road", "rd", "the", "село",
    "селище", "місто", "город", "поселок", "посёлок", "смт", "мікрорайон", "микрорайон", "мкр",
})  # fmt: skip
"""Words that say what a place is, not how it is called."""
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


@lru_cache(maxsize=200_000)
def sound(name: str) -> str:
    """A name as it sounds, in small Latin letters without spaces; empty if nothing is left."""
    bare = unicodedata.normalize("NFC", name.casefold()).replace("’", "").replace("'", "").replace("ʼ", "")
    words = [word for word in _WORD.findall(bare) if word not in _COMMON] or _WORD.findall(bare)
    return "".join(_word_sound(word) for word in words)


def _word_sound(word: str) -> str:
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in word)
    plain = unicodedata.normalize("NFKD", latin)
    told = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for many, one in _ONE:
        told = told.replace(many, one)
    told = re.sub(r"(.)\1+", r"\1", told)
    return re.sub(r"(?<=.)i+$", "i", told)


def alike(asked: str, name: str) -> float:
    """How alike two names sound, 0 to 1: 1 for one name in two spellings, nearly 1 for one that begins so."""
    one, other = sound(asked), sound(name)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    if len(one) >= 3 and other.startswith(one):
        return 0.95
    if len(one) >= 4 and one in other:
        return 0.9
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return 0.0 if matcher.real_quick_ratio() < ALIKE else 0.99 * matcher.ratio()
