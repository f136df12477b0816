"""A brief's page as files, and what the command says of it; private and public alike."""

from __future__ import annotations

import difflib
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isofront.errors import UsageError

if TYPE_CHECKING:
    from isofront.findings.brief_words import Worded
    from isofront.publish.brief_pages import BriefPage

PAGES = ("brief.md", "brief.html", "brief.typ")
"""What a folder of templates may replace, beside the phrase books."""
_ALIKE = 0.8

_log = logging.getLogger("isofront.brief")


def look_at_templates(folder: Path, language: str) -> None:
    """Name files whose names are nearly right, and a folder that holds nothing which is used.

    Raises:
        UsageError: there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(f"--templates {folder}: no such folder")
    known = (f"{language}.toml", *PAGES)
    there = sorted(one.name for one in folder.iterdir())
    slips = {name: difflib.get_close_matches(name, known, n=1, cutoff=_ALIKE) for name in there if name not in known}
    for name, near in slips.items():
        if near and near[0] not in there:
            _log.warning(f"--templates {folder}: {name} is not used (nearest: {near[0]})")
    if not set(there) & set(known):
        _log.warning(f"--templates {folder}: holds none of {', '.join(known)}, so all is as shipped")


def write_page(
    page: BriefPage, out: Path, wanted: Sequence[str], templates: Path | None, *, private: bool
) -> list[Path]:
    """Write the page in each wanted format; what is private can be read by its owner only."""
    from isofront.publish.brief_pages import html, markdown
    from isofront.publish.brief_pdf import brief_pdf

    files: dict[str, bytes] = {}
    if "md" in wanted:
        files["brief.md"] = markdown(page, folder=templates).encode()
        files |= {one.name: one.png for one in page.pictures}
    if "html" in wanted:
        files["brief.html"] = html(page, folder=templates).encode()
    if "pdf" in wanted:
        files["brief.pdf"] = brief_pdf(page, folder=templates)
    return write_files(files, out, private=private)


def write_files(files: Mapping[str, bytes], out: Path, *, private: bool) -> list[Path]:
    """Write files by their names below a folder."""
    from isofront.ground.files import write_atomically

    for name, content in files.items():
        write_atomically(out / name, content, private=private)
    return [out / name for name in files]


def say_page(page: BriefPage, worded: Worded, written: Sequence[Path], *, as_json: bool, **more: Any) -> None:
    """Say what was written: one JSON document with every sentence and its ids, or the files' names."""
    if not as_json:
        sys.stdout.write(f"{page.stamp} · {page.title}\n" + "".join(f"{path}\n" for path in written))
        return
    document: dict[str, Any] = {
        "stamp": page.stamp,
        "title": page.title,
        "language": page.language,
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "sentences": [
                    {"key": line.key, "text": line.text, "ids": [worded.ids[n - 1] for n in line.refs]}
                    for line in section.lines
                ],
            }
            for section in page.sections
        ],
        "files": [str(path) for path in written],
    }
    sys.stdout.write(json.dumps(document | more, ensure_ascii=False, allow_nan=False) + "\n")
