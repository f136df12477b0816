"""The map page: one HTML file that opens from `file://` and asks nothing of the network.

`npm run build` in `web/` writes the template `publish/page/map.html` (style, script and worker inlined, a content
policy that names the script by its hash); here only the title and the document are put into its two holes.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import msgspec

from isofront.errors import IsofrontError

TITLE_HOLE = "%TITLE%"
DATA_HOLE = "%DATA%"
ASSET = Path(__file__).with_name("page") / "map.html"


def map_html(data: dict[str, Any]) -> bytes:
    """The page that shows `data` (the document of `map_data`), UTF-8; equal documents give equal bytes.

    Raises:
        IsofrontError: the template was not built.
    """
    head, middle, tail = _template()
    title = html.escape(str(data.get("title") or data.get("name") or "Isofront"))
    return head + title.encode() + middle + embedded(data) + tail


def embedded(data: dict[str, Any]) -> bytes:
    """The document as JSON that nothing inside can end early: `<` only ever occurs in strings, as `\\u003c`.

    Keys are sorted; NaN and infinities become null, as everywhere in our JSON.
    """
    return msgspec.json.encode(data, order="sorted").replace(b"<", b"\\u003c")


def _template() -> tuple[bytes, bytes, bytes]:
    """The template before the title, between title and document, and after the document."""
    if not ASSET.is_file():
        raise IsofrontError(f"{ASSET}: the page was not built, run `make page`")
    text = ASSET.read_bytes()
    head, title_hole, rest = text.partition(TITLE_HOLE.encode())
    middle, data_hole, tail = rest.partition(DATA_HOLE.encode())
    if not title_hole or not data_hole:
        raise IsofrontError(f"{ASSET}: holds no {TITLE_HOLE} and {DATA_HOLE}, run `make page` again")
    return head, middle, tail
