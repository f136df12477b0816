"""The brief as PDF: set by Typst from a template that a user can replace, in the typeface that the pictures use.

Words reach the template as data and are never read as markup. The same bytes every time.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from isofront.errors import BadInputError, IsofrontError
from isofront.publish.brief_pages import BriefPage, template_text

NAME = "brief.typ"
_OUTSIDE = '"@'
"""How a template asks for a package, which would be fetched from the network."""
_NOBODY = "http://127.0.0.1:9"
"""This machine's discard port, on which nothing answers."""


def brief_pdf(page: BriefPage, *, folder: Path | None = None) -> bytes:
    """The brief as PDF, by `brief.typ` of a folder or as shipped.

    Raises:
        BadInputError: the template cannot be set, or asks for packages from elsewhere.
    """
    import typst

    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        (room / NAME).write_text(_template(folder), encoding="utf-8", newline="\n")
        (room / "page.json").write_bytes(msgspec.json.encode(_told(page)))
        for one in page.pictures:
            (room / one.name).write_bytes(one.png)
        try:
            with _nothing_fetched():
                made: bytes = typst.compile(
                    str(room / NAME), root=name, font_paths=[_fonts()], ignore_system_fonts=True
                )
        except (typst.TypstError, typst.TypstWarning) as fault:
            raise BadInputError(f"template {NAME}: {fault}") from fault
    return made


def _template(folder: Path | None) -> str:
    text = template_text(NAME, folder)
    if _OUTSIDE in text:
        raise BadInputError(f"template {NAME}: asks for a package from elsewhere, and nothing is fetched")
    return text


@contextlib.contextmanager
def _nothing_fetched() -> Iterator[None]:
    """While inside, no package is fetched, however a template spells its name: Typst asks a proxy that is not there."""
    mended = {"https_proxy": _NOBODY, "HTTPS_PROXY": _NOBODY, "no_proxy": "", "NO_PROXY": ""}
    before = {name: os.environ.get(name) for name in mended}
    os.environ.update(mended)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _told(page: BriefPage) -> dict[str, Any]:
    """What the template reads as `page.json`."""
    words = ("language", "stamp", "title", "stamp_note", "sources_title", "columns", "foot")
    sections = [
        {"key": one.key, "title": one.title, "lines": [{"text": it.text, "refs": it.refs_text} for it in one.lines]}
        for one in page.sections
    ]
    pictures = [{"name": one.name, "caption": one.caption, "section": one.section} for one in page.pictures]
    told = {key: getattr(page, key) for key in words}
    return told | {"sections": sections, "sources": page.sources, "pictures": pictures}


def _fonts() -> str:
    """Where matplotlib keeps DejaVu Sans; it is not loaded for that."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise IsofrontError("the typeface (package matplotlib) is not installed")
    return str(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf")
