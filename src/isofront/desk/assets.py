"""The page's own files, as `npm run build` in `web/` wrote them beside this module."""

from __future__ import annotations

from pathlib import Path

from isofront.errors import IsofrontError

FOLDER = Path(__file__).with_name("page")
FILES = {
    "/": ("desk.html", "text/html; charset=utf-8"),
    "/desk.js": ("desk.js", "text/javascript; charset=utf-8"),
    "/desk.css": ("desk.css", "text/css; charset=utf-8"),
}
"""What is served, from which file, as what."""


def asset(path: str) -> tuple[str, bytes]:
    """The type and bytes of a file of the page.

    Raises:
        IsofrontError: the page was not built.
    """
    name, kind = FILES[path]
    try:
        return kind, (FOLDER / name).read_bytes()
    except OSError as fault:
        raise IsofrontError(f"{FOLDER / name}: the desk's page was not built, run `make page`") from fault
