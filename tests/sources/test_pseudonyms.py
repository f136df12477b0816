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
