"""A real name is gone before anything reads further."""

from __future__ import annotations

import pytest

from isofront.errors import TheatreError
from isofront.sources.pseudonyms import FILE_NAME, Pseudonyms

RULES = Pseudonyms({"Ivan Petrenko": "Soldier K", "Іван Петренко": "Боєць К", "Kit": "K."})


@pytest.mark.parametrize(
    "written", ["Ivan Petrenko", "IVAN PETRENKO", "ivan  petrenko", "Ivan\nPetrenko", "Ivan_Petrenko", "ivan.petrenko"]
)
def test_every_writing_of_a_name_is_replaced(written: str) -> None:
    assert RULES.text(f"said {written}, near") == "said Soldier K, near"


def test_a_name_inside_a_word_stays() -> None:
    assert RULES.text("Kitten, kitchen, Kit") == "Kitten, kitchen, K."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251"])
def test_bytes_of_any_encoding_are_cleaned(encoding: str) -> None:
    content = "повідомив Іван Петренко; id".encode(encoding)
    cleaned = RULES.content(content).decode(encoding)
    assert cleaned == "повідомив Боєць К; id"


def test_without_rules_nothing_is_touched() -> None:
    content = bytes(range(256))
    assert Pseudonyms().content(content) == content
    assert not Pseudonyms()


@pytest.mark.parametrize(
    "text", ["names = 3", "[names]\n'Al' = 'X'", "[other]\n'Ivan P' = 'X'", "[names]\n'Ivan P' = 3", "["]
)
def test_rules_that_cannot_be_read_stop_without_naming_anybody(tmp_path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(TheatreError) as fault:
        Pseudonyms.of(tmp_path)
    assert "Ivan" not in str(fault.value)


def test_rules_are_read_from_the_theatres_folder(tmp_path) -> None:
    (tmp_path / FILE_NAME).write_text("[names]\n'Ivan  Petrenko' = 'Soldier K'\n", encoding="utf-8")
    assert Pseudonyms.of(tmp_path).text("Ivan Petrenko") == "Soldier K"
    assert "Petrenko" not in repr(Pseudonyms.of(tmp_path))


@pytest.mark.parametrize(
    "written",
    [
        '{"note": "\\u0406\\u0432\\u0430\\u043d \\u041f\\u0435\\u0442\\u0440\\u0435\\u043d\\u043a\\u043e"}',
        '{"note": "так\\nІван\\nПетренко"}',
        "<p>&#1030;&#x432;&#1072;&#1085;&nbsp;&#1055;&#1077;&#1090;&#1088;&#1077;&#1085;&#1082;&#1086;</p>",
        "https://example.org/%D0%86%D0%B2%D0%B0%D0%BD%20%D0%9F%D0%B5%D1%82%D1%80%D0%B5%D0%BD%D0%BA%D0%BE",
        "ІВАН ПЕТРЕНКО",
    ],
)
def test_escaped_names_are_names_too(written: str) -> None:
    assert "Боєць К" in RULES.text(written)
    assert RULES.content(written.encode()).decode().count("Боєць К") == 1


@pytest.mark.parametrize(
    "content",
    [
        "Ivan Petrenko".encode("utf-16-le"),
        "x Ivan Petrenko;".encode("utf-16-be") + b"\0",
        b"\xff broken \x98 " + "Іван Петренко".encode(),
        b"\x98 " + "Іван Петренко, дім".encode("cp1251"),
        "при\u0438\u0306 Ivan Petrenko".encode(),
    ],
)
def test_bytes_without_a_mark_or_damaged_hold_no_name_either(content: bytes) -> None:
    cleaned = RULES.content(content)
    for name in ("Ivan Petrenko", "Іван Петренко"):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1251"):
            assert name.encode(encoding) not in cleaned
    assert cleaned != content


def test_a_decomposed_name_is_found() -> None:
    rules = Pseudonyms({"Сергій Їжак": "Боєць С"})
    assert rules.text("та Сергіи\u0306 І\u0308жак") == "та Боєць С"


def test_a_pseudonym_that_would_break_rows_is_refused(tmp_path) -> None:
    (tmp_path / FILE_NAME).write_text("[names]\n'Ivan Petrenko' = 'K, a soldier'\n", encoding="utf-8")
    with pytest.raises(TheatreError, match="break rows"):
        Pseudonyms.of(tmp_path)


@pytest.mark.parametrize(
    "written",
    [
        "Ivan\u200b Petrenko",
        "I\u200bv\u200dan Petr\u00adenko",
        "Ivan\u202e\u2066Petrenko",
        "@IvanPetrenko",
        "I&shy;van Petrenko",
        "Ivan\\u200bPetrenko",
        "Ivan P%E2%80%8Betrenko",
    ],
)
def test_marks_that_cannot_be_seen_and_words_run_together_hide_no_name(written: str) -> None:
    rules = Pseudonyms({"Ivan Petrenko": "Soldier K"})
    assert rules.text(f"said {written}, who").endswith("Soldier K, who")
    assert rules.content(f"said {written}, who".encode("utf-16")).decode("utf-16").endswith("Soldier K, who")
    assert rules.text("Ivan Petrenkovych, Ivanpetrenkos") == "Ivan Petrenkovych, Ivanpetrenkos"
