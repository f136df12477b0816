"""A brief in words as pages: Markdown and HTML by templates that a user can replace; what they get is plain records.

worded brief, pictures   BriefPage    everything that a page shows, stamps among it
page, template           markdown, html

The HTML is one file: pictures are in it, nothing is fetched. Text goes into HTML escaped, whatever a template does.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from isofront.errors import BadInputError
from isofront.findings.brief_words import Section
from isofront.publish.stamp import PRIVATE, PUBLIC, SIMULATED

_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a template that is wrong stumbles over: its own rules, or Python's where it works with what it is given."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with its file name, what it is (locator, map, gap), the words under it, the section it stands in."""

    name: str
    kind: str
    caption: str
    png: bytes
    section: str = ""

    @property
    def mime(self) -> str:
        """For a data address."""
        return "image/png"

    @property
    def base64(self) -> str:
        """For a data address."""
        return base64.b64encode(self.png).decode()


@dataclass(frozen=True, slots=True)
class Source:
    """One line of the list of sources."""

    n: int
    id: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class BriefPage:
    """All that a page of the brief shows."""

    language: str
    stamp: str
    title: str
    stamp_note: str
    sections: tuple[Section, ...]
    sources_title: str
    columns: str
    sources: tuple[Source, ...]
    pictures: tuple[Picture, ...]
    foot: str

    def beside(self, section: str) -> tuple[Picture, ...]:
        """The pictures that stand in a section; "" for those at the top."""
        return tuple(one for one in self.pictures if one.section == section)


def markdown(page: BriefPage, *, folder: Path | None = None) -> str:
    """The brief as Markdown; pictures by name, beside it."""
    text = _rendered("brief.md", page, folder, escape=False)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def html(page: BriefPage, *, folder: Path | None = None) -> str:
    """The brief as one HTML file."""
    return _rendered("brief.html", page, folder, escape=True)


def _rendered(name: str, page: BriefPage, folder: Path | None, *, escape: bool) -> str:
    text = template_text(name, folder)
    made = SandboxedEnvironment(undefined=StrictUndefined, autoescape=escape, trim_blocks=True, lstrip_blocks=True)
    made.filters["line"] = _line
    values = {key: getattr(page, key) for key in BriefPage.__slots__} | {"beside": page.beside}
    try:
        return made.from_string(text).render(**values)
    except _FAULTS as fault:
        raise BadInputError(f"template {name}: {fault}") from fault


def template_text(name: str, folder: Path | None) -> str:
    """A template's text: the folder's own if it has one of the name, else as shipped.

    Raises:
        BadInputError: the folder's own cannot be read.
    """
    own = None if folder is None else folder / name
    if own is None or not own.exists():
        return (resources.files("isofront.findings") / "brief_templates" / name).read_text("utf-8")
    try:
        return own.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInputError(f"template {own}: cannot be read ({fault}), wanted text in UTF-8") from fault


def _line(words: str) -> str:
    """Free words on one line of Markdown: no headings, links, markup or lists come out of them."""
    flat = " ".join(words.split())
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", flat)


def stamp_of(*, simulated: bool, public: bool = False) -> str:
    """What stands on every page and picture."""
    first = PUBLIC if public else PRIVATE
    return f"{first} {SIMULATED}" if simulated else first


def numbered(ids: Sequence[str], words: Sequence[tuple[str, str]]) -> tuple[Source, ...]:
    """The list of sources, from 1 on; each with its words and its link."""
    return tuple(Source(n, name, *told) for n, (name, told) in enumerate(zip(ids, words, strict=True), start=1))
