"""The brief as PDF: set by Typst from a template that a user can replace, in the typeface that the pictures use.

Words reach the template as data and are never read as markup. The same bytes every time.
"""

from __future__ import annotations

import tempfile
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from isofront.errors import BadInputError, IsofrontError
from isofront.publish.brief_pages import BriefPage

NAME = "brief.typ"
_OUTSIDE = '"@'
"""How a template asks for a package, which would be fetched from the network."""


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
            made: bytes = typst.compile(str(room / NAME), root=name, font_paths=[_fonts()], ignore_system_fonts=True)
        except (typst.TypstError, typst.TypstWarning) as fault:
            raise BadInputError(f"template {NAME}: {fault}") from fault
    return made


def _template(folder: Path | None) -> str:
    own = None if folder is None else folder / NAME
    if own is None or not own.exists():
        return (resources.files("isofront.findings") / "brief_templates" / NAME).read_text("utf-8")
    text = own.read_text("utf-8")
    if _OUTSIDE in text:
        raise BadInputError(f"template {NAME}: asks for a package from elsewhere, and nothing is fetched")
    return text


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
