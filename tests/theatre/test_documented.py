from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from isofront.theatre import loading, parse

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "theatre.md").read_text(encoding="utf-8")
KEYS = sorted({key for record in loading.RECORDS.values() for key in record.__struct_fields__})


@pytest.mark.parametrize("key", KEYS)
def test_every_key_of_a_theatre_file_is_documented(key: str) -> None:
    assert f"`{key}`" in PAGE


def test_the_documented_theatre_can_be_read_and_shows_nearly_every_key() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    theatre = parse(example)
    assert theatre.barriers[0].crossings[0].name == "Old bridge"
    assert {word for word in KEYS if re.search(rf"\b{word}\b", example)} >= set(KEYS) - OPTIONAL


OPTIONAL = {"simulated", "land", "ends", "backfill_lag_h", "valid_from", "minimum_part_km2"} | {
    "delay_h_by_side",
    "delay_h_by_layer",
    "coarsen_km",
    "release_class",
    "second_name_over_km2",
    "show_accepted_protected",
    "cover",
    "review_days",
    "open_km",
    "gap_km",
    "close_km",
    "hold_days",
    "presence_p",
    "url",
    "maker",
    "crosswalk",
    "day_shows",
    "delay_h",
    "oldest_days",
}


def test_no_key_is_documented_that_is_not_there() -> None:
    first_cells = re.findall(r"^\| (`[^|]*) \|", PAGE, re.MULTILINE)
    assert {key for cell in first_cells for key in re.findall(r"`(\w+)`", cell)} <= set(KEYS)


def test_every_record_that_a_theatre_holds_is_known_to_the_reader() -> None:
    known = set(loading.RECORDS.values())
    for record in known:
        for field in msgspec.structs.fields(record):
            inner = {kind for kind in _kinds(field.type) if isinstance(kind, type) and issubclass(kind, msgspec.Struct)}
            assert inner <= known


def _kinds(hint: object) -> set[object]:
    arguments = getattr(hint, "__args__", ())
    return {hint}.union(*(_kinds(argument) for argument in arguments))
