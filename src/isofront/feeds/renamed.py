"""A feed's file without the names that a theatre replaces, also inside archives, before anything of it is read."""

from __future__ import annotations

import io
import zipfile
from io import BufferedIOBase

from isofront.errors import BadInputError
from isofront.makers.archive import ZipBudget, content_of, gunzipped, members, opened_zip
from isofront.sources.pseudonyms import Pseudonyms


def renamed(stream: BufferedIOBase, names: Pseudonyms, *, file: str) -> BufferedIOBase:
    """The stream as it is where there are no rules; else its content, unpacked if it was packed by gzip.

    Raises:
        BadInputError: an archive is damaged, or unpacks to more than a feed.
    """
    if not names:
        return stream
    content = stream.read()
    if content.startswith(b"PK"):
        return io.BytesIO(_zip(content, names, file=file))
    return io.BytesIO(names.content(gunzipped(content, name=file) if content.startswith(b"\x1f\x8b") else content))


def _zip(content: bytes, names: Pseudonyms, *, file: str) -> bytes:
    archive, budget, made = opened_zip(content, name=file), ZipBudget(), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for entry, refused in members(archive, ""):
            if refused:
                raise BadInputError(f"{file}: {refused}")
            copy.writestr(names.text(entry.filename), names.content(content_of(archive, entry, budget)))
    return made.getvalue()
