"""The brief as PDF: words are words, pages are stamped, the same bytes every time, nothing fetched."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest

from isofront.errors import BadInputError
from isofront.findings.brief_words import Line, Section
from isofront.publish.brief_pages import BriefPage, Picture, Source, markdown
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
    "template",
    [
        "#let x = ",
        '#import "@preview/cetz:0.3.1"',
        '#read("/etc/passwd")',
        '#read("../../secret")',
        '#import "\\u{40}preview/cetz:0.3.1": *',
        '#import (str.from-unicode(64) + "preview/cetz:0.3.1"): *',
    ],
)
def test_a_template_that_is_wrong_or_reaches_out_is_named(template: str, tmp_path: Path) -> None:
    (tmp_path / "brief.typ").write_text(template, encoding="utf-8")
    with pytest.raises(BadInputError, match=r"template brief\.typ"):
        brief_pdf(a_page(), folder=tmp_path)


def test_a_package_by_another_spelling_is_asked_of_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.org:8080")
    (tmp_path / "brief.typ").write_text('#import "\\u{40}preview/cetz:0.3.1": *', encoding="utf-8")
    with pytest.raises(BadInputError, match="refused"):
        brief_pdf(a_page(), folder=tmp_path)
    assert os.environ["HTTPS_PROXY"] == "http://proxy.example.org:8080"
    assert "no_proxy" not in os.environ or os.environ["no_proxy"] != ""


@pytest.mark.parametrize(
    "template", [b"\xff\xfe{{ title }}", b"{{ 1 / 0 }}", b"{{ title.foo() }}", b"{{ [1] + title }}"]
)
def test_a_page_template_that_is_wrong_is_named(template: bytes, tmp_path: Path) -> None:
    (tmp_path / "brief.md").write_bytes(template)
    with pytest.raises(BadInputError, match=r"template .*brief\.md"):
        markdown(a_page(), folder=tmp_path)


def test_a_users_own_template_gets_the_same_data(tmp_path: Path) -> None:
    (tmp_path / "brief.typ").write_text('#let d = json("page.json")\n#d.sections.at(0).lines.at(0).text', "utf-8")
    assert brief_pdf(a_page(), folder=tmp_path) != brief_pdf(a_page())
