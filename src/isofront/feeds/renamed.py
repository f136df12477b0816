"""A feed's file without the names that a theatre replaces, also inside archives, before anything of it is read."""

from __future__ import annotations

import io
import zipfile
import zlib
from io import BufferedIOBase

from isofront.errors import BadInputError
from isofront.makers.archive import MAX_UNPACKED_BYTES, Budget, content_of, members, opened_zip
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
    return io.BytesIO(names.content(_gunzipped(content, file=file) if content.startswith(b"\x1f\x8b") else content))


def _zip(content: bytes, names: Pseudonyms, *, file: str) -> bytes:
    archive, budget, made = opened_zip(content, name=file), Budget(), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for entry, refused in members(archive, ""):
            if refused:
                raise BadInputError(f"{file}: {refused}")
            copy.writestr(names.text(entry.filename), names.content(content_of(archive, entry, budget)))
    return made.getvalue()


def _gunzipped(content: bytes, *, file: str) -> bytes:
    unpack = zlib.decompressobj(wbits=31)
    try:
        found = unpack.decompress(content, MAX_UNPACKED_BYTES + 1)
    except zlib.error as fault:
        raise BadInputError(f"{file}: damaged gzip ({fault}), wanted a whole file") from fault
    if len(found) > MAX_UNPACKED_BYTES:
        raise BadInputError(f"{file}: unpacks to more than {MAX_UNPACKED_BYTES:,} bytes, wanted at most that")
    if not unpack.eof or unpack.unused_data:
        raise BadInputError(f"{file}: gzip that was cut short or goes on, wanted a whole file")
    return found
