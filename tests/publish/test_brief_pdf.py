"""The brief as PDF: words are words, pages are stamped, the same bytes every time, nothing fetched."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from isofront.errors import BadInputError
from isofront.findings.brief_words import Line, Section
from isofront.publish.brief_pages import BriefPage, Picture, Source
from isofront.publish.brief_pdf import brief_pdf

HOSTILE = '#import "x": y $ * _ ` <img src=x> \\ [a](b) שלום Покровськ'


def picture(name: str, section: str = "") -> Picture:
    from matplotlib.figure import Figure

    content = io.BytesIO()
    Figure(figsize=(2, 1), dpi=50).savefig(content, format="png")
    return Picture(name, "map", HOSTILE, content.getvalue(), section)


def a_page() -> BriefPage:
    lines = tuple(Line(f"k{n}", HOSTILE, (1,)) for n in range(60))
    sections = (Section("pockets", HOSTILE, lines), Section("none", "Empty", ()))
    sources = tuple(Source(n, f"id-{n}", HOSTILE, "https://example.org/1" if n % 2 else "") for n in range(1, 80))
    pictures = (picture("a.png"), picture("b.png"), picture("gap.png", "pockets"))
    return BriefPage(
        "en", "PRIVATE", HOSTILE, "for those who work with it", sections, "Sources", "number", sources, pictures, "foot"
    )


def test_hostile_words_are_set_as_words_and_the_bytes_are_the_same_each_time() -> None:
    made = brief_pdf(a_page())
    assert made.startswith(b"%PDF")
    assert made == brief_pdf(a_page())
    assert made.count(b"/Type /Page\n") + made.count(b"/Type /Page ") + made.count(b"/Type/Page/") >= 2


def test_a_brief_without_pictures_or_sources_is_a_page() -> None:
    assert brief_pdf(replace(a_page(), pictures=(), sources=(), sections=())).startswith(b"%PDF")


@pytest.mark.parametrize(
    "template", ["#let x = ", '#import "@preview/cetz:0.3.1"', '#read("/etc/passwd")', '#read("../../secret")']
)
def test_a_template_that_is_wrong_or_reaches_out_is_named(template: str, tmp_path: Path) -> None:
    (tmp_path / "brief.typ").write_text(template, encoding="utf-8")
    with pytest.raises(BadInputError, match=r"template brief\.typ"):
        brief_pdf(a_page(), folder=tmp_path)


def test_a_users_own_template_gets_the_same_data(tmp_path: Path) -> None:
    (tmp_path / "brief.typ").write_text('#let d = json("page.json")\n#d.sections.at(0).lines.at(0).text', "utf-8")
    assert brief_pdf(a_page(), folder=tmp_path) != brief_pdf(a_page())
