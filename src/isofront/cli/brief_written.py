"""A brief's page as files, and what the command says of it; private and public alike."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from isofront.findings.brief_words import Worded
    from isofront.publish.brief_pages import BriefPage


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
