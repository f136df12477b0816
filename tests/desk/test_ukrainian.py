"""Faults that the desk's page shows have Ukrainian words; ids, numbers and file names in them stay."""

from __future__ import annotations

import ast
from pathlib import Path

from isofront import desk
from isofront.desk.ukrainian import both, in_ukrainian
from isofront.desk.ukrainian_sentences import PLAIN, SENTENCES
from isofront.sources.terms import Doubt

WEB = Path(__file__).parents[2] / "web"
RAISED = {"UsageError", "BadInputError", "IsofrontError", "NotFoundError", "IntegrityError"}
COMMAND_LINE = ("gis_",)
"""Modules whose faults only a terminal shows."""


def sentences():
    """Each sentence that the desk's modules raise, its holes filled."""
    for file in sorted(Path(desk.__file__).parent.glob("*.py")):
        if file.name.startswith(COMMAND_LINE):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            is_raised = isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED and node.args
            if is_raised and (words := _words(node.args[0])):
                yield f"{file.name}:{node.lineno}", words


def _words(node):
    if isinstance(node, ast.Constant):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    parts = [one.value if isinstance(one, ast.Constant) else "7" for one in node.values]
    return "".join(parts) if any(part.strip("7: ") for part in parts) else None


def test_every_fault_that_the_desk_raises_has_ukrainian_words():
    without = [f"{where}: {words}" for where, words in sentences() if in_ukrainian(words) is None]
    assert without == []


def test_the_page_has_words_in_both_languages_for_all_that_is_odd_about_a_row():
    words = (WEB / "desk/panels/entry_words.ts").read_text(encoding="utf-8")
    assert [one.name for one in Doubt if words.count(f"doubt_{one.name.lower()}:") != 2] == []


def test_each_sentence_keeps_its_holes_and_none_is_taken_for_another():
    for english, ukrainian in {**SENTENCES, **PLAIN}.items():
        parts = english.split("{}")
        told = in_ukrainian("".join(f"{part}hole-{n}" for n, part in enumerate(parts[:-1])) + parts[-1])
        assert told is not None, english
        assert "{" not in told, english
        assert any("а" <= letter <= "я" or letter in "іїєґ" for letter in told.lower()), english
        assert told.startswith(ukrainian.partition("{")[0]), english


def test_what_stands_in_a_sentence_stays_and_the_machines_reason_is_told_too():
    told = in_ukrainian("/home/n/war/desk/entry.json: cannot be written (No space left on device)")
    assert told == "/home/n/war/desk/entry.json: не записати (на диску немає місця)"
    assert in_ukrainian("lat: 95 is no latitude, wanted -90 to 90 degrees") == (
        "широта: 95: це не широта, треба від -90 до 90 градусів"
    )
    assert in_ukrainian("something that nobody translated") is None
    assert in_ukrainian("x" * 9000) is None


def test_what_a_command_is_told_is_no_word_of_the_page():
    told = both("--as-of 2023-01-01: before the anchor's date, wanted 2024-05-01 or later")
    assert told == {
        "en": "2023-01-01 is before the start map: choose 2024-05-01 or later",
        "uk": "День 2023-01-01 раніший за початкову карту: оберіть 2024-05-01 або пізніше.",
    }
    assert both("odd", column="lat") == {"en": "lat: odd", "uk": "lat: odd"}
