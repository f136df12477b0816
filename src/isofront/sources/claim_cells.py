"""The cells of a claim's row as values: numbers and ranges, moments, flags, counts, addresses, the words of people.

What a cell cannot be is a `BadInputError` that says what was read and what was wanted; nothing is guessed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any, TypeVar

from isofront.errors import BadInputError
from isofront.evidence.claim import SUBJECTS, Bound, in_unit
from isofront.theatre.model import RELEASE_CLASSES

E = TypeVar("E", bound=Enum)

_RANGE = re.compile(r"(.+?)\s*(?:\.\.|–|—|\bto\b|(?<=\d)-(?=\d))\s*(.+)")
_TRUE, _FALSE = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})
_EITHER = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
"""One thousand where people write so, one where they do not."""
_JOINERS = "\u200c\u200d"
"""Letters of Persian and of Indian scripts stand apart or together by these; every other invisible mark is none."""


def words(value: object, name: str, most: int) -> str:
    """What names somebody or something: one line, without marks that cannot be seen, so that two look like two.

    Raises:
        BadInputError: it is longer than `most` characters.
    """
    seen = (one for one in str(value) if unicodedata.category(one) != "Cf" or one in _JOINERS)
    line = " ".join("".join(" " if unicodedata.category(one) == "Cc" else one for one in seen).split())
    if len(line) > most:
        raise BadInputError(f"{name} of {len(line):,} characters: wanted at most {most}")
    return unicodedata.normalize("NFC", line)


def number_of(row: Mapping[str, Any], about: str) -> tuple[float | None, float | None, Bound]:
    """Low, high and bound; a range as [low, high] or "200 to 300", a ratio as 8 or "8:1".

    Raises:
        BadInputError: no number, or one that its subject cannot have.
    """
    value, unit = row.get("value"), str(row.get("unit") or "")
    bound = one_of(Bound, row.get("bound"), "bound") or Bound.EXACT
    if value in (None, ""):
        return None, None, bound
    given = _ends(value)
    if SUBJECTS[about].whole and (unclear := next((one for one in given if _EITHER.fullmatch(str(one))), None)):
        plain = str(unclear).replace(".", "")
        raise BadInputError(f"value {unclear!r}: {plain} or {float(str(unclear)[: str(unclear).index('.') + 4]):g}?")
    ends = [number(one, "value") for one in given]
    low, high = (in_unit(one, unit, about) for one in (ends[0], ends[-1]))
    if low < high:
        if bound in (Bound.AT_LEAST, Bound.AT_MOST):
            raise BadInputError(f"bound {bound.value} of a range of two numbers: wanted one number, or no bound")
        bound = Bound.RANGE
    return low, high, bound


def _ends(value: object) -> list[object]:
    if isinstance(value, list):
        if len(value) != 2:
            raise BadInputError(f"value of {len(value)} numbers: wanted one, or two for a range")
        return value
    text = str(value)
    if ratio := re.fullmatch(r"\s*([\d.,]+)\s*:\s*1\s*", text):
        return [ratio[1]]
    if re.fullmatch(r"\s*[\d.,]+\s*:\s*[\d.,]+\s*", text):
        raise BadInputError(
            f"value {text.strip()!r}: wanted so many to one, such as 8:1; both sides' numbers are counts"
        )
    found = _RANGE.fullmatch(text)
    return [found[1], found[2]] if found and not text.startswith("-") else [value]


def number(value: object, name: str) -> float:
    """A number, with blanks or commas between its thousands.

    Raises:
        BadInputError: none, or none that is finite.
    """
    text = str(value).replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        found = float(text.replace(",", "."))
    except ValueError as fault:
        more = " alone (its unit and its bound have columns)" if re.search(r"\d", text) else ""
        raise BadInputError(f"{name} {str(value)[:40]!r}: wanted a number{more}") from fault
    if not math.isfinite(found):
        raise BadInputError(f"{name} {str(value)[:40]!r}: wanted a finite number")
    return found


def whole(value: object, name: str, default: int) -> int:
    """A whole number; `default` for an empty cell.

    Raises:
        BadInputError: another.
    """
    if value in (None, ""):
        return default
    found = number(value, name)
    if found != int(found):
        raise BadInputError(f"{name} {value!r}: wanted a whole number")
    return int(found)


def moment(value: object, name: str) -> datetime:
    """A day or a moment, UTC if it does not say.

    Raises:
        BadInputError: neither.
    """
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return datetime.combine(date.fromisoformat(value), time(), UTC)
        found = datetime.fromisoformat(str(value))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as fault:
        raise BadInputError(
            f"{name} {str(value)[:40]!r}: wanted a day or moment such as 2025-11-04 or 2025-11-04T18:00Z"
        ) from fault


def one_of(kind: type[E], value: object, name: str) -> E | None:
    """A word of a closed list; None for an empty cell.

    Raises:
        BadInputError: another word.
    """
    if value in (None, ""):
        return None
    try:
        return kind(str(value).casefold())
    except ValueError as fault:
        raise BadInputError(
            f"{name} {str(value)[:40]!r}: wanted one of {', '.join(one.value for one in kind)}"
        ) from fault


def flag(value: object, name: str) -> bool | None:
    """Yes or no; None for an empty cell.

    Raises:
        BadInputError: another word.
    """
    if value in (None, ""):
        return None
    word = str(value).casefold()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise BadInputError(f"{name} {value!r}: wanted yes, no or nothing")


def release(value: object) -> str | None:
    """The release class; one that was not understood costs the row, for a guess could publish what must not be.

    Raises:
        BadInputError: no release class.
    """
    word = str(value or "").strip().casefold()
    if word and word not in RELEASE_CLASSES:
        raise BadInputError(f"release {value!r}: wanted {', '.join(RELEASE_CLASSES)} or nothing")
    return word or None


def counts(value: object, side: Callable[[str], str]) -> dict[str, float | int]:
    """Both sides' numbers of a ratio: {"red": 80, "blue": 10} or "red:80 blue:10".

    Raises:
        BadInputError: no number, or a side that is none.
    """
    if value in (None, "", {}):
        return {}
    pairs = value.items() if isinstance(value, dict) else [part.partition(":")[::2] for part in str(value).split()]
    found = [(side(str(name)), number(many, "counts")) for name, many in pairs]
    if len(dict(found)) < len(found):
        raise BadInputError(f"counts {str(value)[:40]!r}: one side twice")
    return dict(found)


def address(value: object) -> str:
    """Where something was published; "" for an empty cell.

    Raises:
        BadInputError: no address of the web.
    """
    text = str(value or "")
    if text and not re.fullmatch(r"https?://[^\s<>\"]{1,1000}", text):
        raise BadInputError(f"url {text[:60]!r}: wanted an http or https address")
    return text
