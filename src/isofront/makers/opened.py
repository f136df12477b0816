"""A file opened with care: what its first bytes say it is, and its content decoded once, within limits."""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from isofront.errors import BadInputError
from isofront.ground.polygons import MAX_FILE_BYTES
from isofront.ground.rings import MAX_VERTICES
from isofront.makers.archive import ZipBudget, content_of, gunzipped, members, opened_zip, shapefile_in
from isofront.makers.areas import Fault
from isofront.makers.markup import root_of

MAX_TEXT_BYTES = 500_000_000
MAX_LISTS = MAX_VERTICES + 1_000_000
WANTED = "a map: JSON, KML, KMZ, VIINA's CSV, GeoPackage, GeoParquet, Shapefile or FlatGeobuf"

_FOREIGN = {
    b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
    b"II*\0": "a picture (GeoTIFF?)", b"MM\0*": "a picture (GeoTIFF?)", b"Rar!": "a RAR archive (unpack it first)",
    b"7z\xbc\xaf": "a 7z archive (unpack it first)", b"\x7fELF": "a program",
}  # fmt: skip
_LAYERS = (b"SQLite format 3\0", b"fgb\x03", b"\x00\x00\x27\x0a", b"PAR1")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file: its name, what kind it is (json, xml, csv or layer), and its content in that kind.

    `document` is the decoded JSON or the XML's documents (name, root), `text` of a CSV its bytes in UTF-8; `held` keeps
    what was unpacked until it is read. `notes` tell what was odd about it,
    `faults` what is lost.
    """

    path: Path | None
    name: str
    kind: str
    document: Any = None
    text: bytes = b""
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    held: Any = None


def open_map(path: Path) -> Opened:
    """Open a file and tell its kind.

    Raises:
        BadInputError: it cannot be read, is too large, or is nothing that could be a map.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(16)
            if start.startswith(_LAYERS):
                return _layer(path, size)
            if size > MAX_TEXT_BYTES:
                raise BadInputError(f"{path.name}: {size:,} bytes, wanted at most {MAX_TEXT_BYTES:,}")
            content = start + file.read()
    except OSError as fault:
        raise BadInputError(f"{path}: cannot be read ({fault.strerror or fault}), wanted {WANTED}") from fault
    return opened_bytes(content, name=path.name, path=path)


def _layer(path: Path, size: int) -> Opened:
    if size > MAX_FILE_BYTES:
        raise BadInputError(f"{path.name}: {size:,} bytes, wanted at most {MAX_FILE_BYTES:,}")
    return Opened(path, path.name, "layer")


def opened_bytes(content: bytes, *, name: str, path: Path | None = None) -> Opened:
    """Bytes opened as `open_map` opens a file; formats that only GDAL reads need its path.

    Raises:
        BadInputError: it is too large, damaged, or nothing that could be a map.
    """
    for start, what in _FOREIGN.items():
        if content.startswith(start):
            raise BadInputError(f"{name}: this is {what}, wanted {WANTED}")
    if content.startswith(b"\x1f\x8b"):
        whole = gunzipped(content, name=name)
        if whole.startswith(b"\x1f\x8b"):
            raise BadInputError(f"{name}: gzip within gzip, wanted one of them")
        return opened_bytes(whole, name=name.removesuffix(".gz"))
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _unpacked(content, name=name)
    if content.startswith(_LAYERS):
        raise BadInputError(f"{name}: a packed GeoPackage, GeoParquet, Shapefile or FlatGeobuf; unpack it first")
    text, notes = _utf8(content, name=name)
    return _text_opened(text, name=name, path=path, notes=notes)


def _text_opened(text: bytes, *, name: str, path: Path | None, notes: tuple[str, ...]) -> Opened:
    bare = text.lstrip()
    if not bare:
        raise BadInputError(f"{name}: is empty, wanted {WANTED}")
    if bare[:1] in (b"{", b"["):
        document, faults = _document(text, name=name)
        return Opened(path, name, "json", document=document, notes=notes, faults=faults)
    if bare[:1] == b"<":
        root, fault = root_of(bare, name=name)
        faults = (Fault(0, fault),) if fault else ()
        return Opened(path, name, "xml", document=((name, root),), notes=notes, faults=faults)
    if b"\0" in bare[:4096]:
        raise BadInputError(f"{name}: a binary file of an unknown kind, wanted {WANTED}")
    return Opened(path, name, "csv", text=text, notes=notes)


def _unpacked(content: bytes, *, name: str) -> Opened:
    """The KML documents of a KMZ, or the Shapefile of a zip."""
    archive = opened_zip(content, name=name)
    documents, faults, budget = [], [], ZipBudget()
    for entry, refused in members(archive, ".kml"):
        try:
            root, fault = (
                root_of(content_of(archive, entry, budget), name=entry.filename) if not refused else (None, refused)
            )
        except BadInputError as caught:
            root, fault = None, str(caught)
        if root is not None:
            documents.append((entry.filename, root))
        if fault:
            faults.append(Fault(0, fault))
    if documents:
        return Opened(None, name, "xml", document=tuple(documents), faults=tuple(faults))
    if faults:
        raise BadInputError(f"{name}: {faults[0].reason}")
    found = shapefile_in(archive, name=name)
    if found is None:
        raise BadInputError(f"{name}: an archive without KML or Shapefile, wanted {WANTED}")
    return Opened(found[0], name, "layer", held=found[1])


def _utf8(content: bytes, *, name: str) -> tuple[bytes, tuple[str, ...]]:
    """The text as UTF-8; what is not is read as well as can be, and said."""
    wide = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(content[:2])
    if wide is None and b"\0" in content[:64]:
        wide = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be" if content[:1] == b"\0" else None
    if wide:
        return content.decode(wide, "replace").lstrip("\ufeff").encode(), (f"is {wide.upper()}, wanted UTF-8",)
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.isascii():
        return content, ()
    try:
        content.decode()
    except UnicodeDecodeError as fault:
        if content.lstrip()[:1] == b"<":
            return content, ()  # XML states its own encoding
        note = f"is not UTF-8 (byte {fault.start:,}): letters that are not are lost, places are not touched"
        return content.decode("utf-8", "replace").encode(), (note,)
    return content, ()


def _document(content: bytes, *, name: str) -> tuple[Any, tuple[Fault, ...]]:
    """The decoded JSON; of a file that was cut short the whole features, and the fault."""
    if content.count(b"[") > MAX_LISTS:
        raise BadInputError(f"{name}: more than {MAX_VERTICES:,} vertices, wanted fewer (simplify it, or cut it up)")
    try:
        return msgspec.json.decode(content), ()
    except RecursionError as fault:
        raise BadInputError(f"{name}: nested too deeply for a map, wanted GeoJSON or a maker's JSON") from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(content), ()  # it also takes NaN, Infinity and 1e999, which then void one feature each
        whole = _whole_features(content)
        if not whole:
            raise BadInputError(f"{name}: not whole JSON ({fault}), wanted {WANTED}") from fault
        lost = Fault(len(whole) + 1, f"the file breaks off or is damaged here ({fault}): what follows is lost")
        return {"type": "FeatureCollection", "features": whole}, (lost,)


def _whole_features(content: bytes) -> list[Any]:
    """The features of a broken document that are whole, up to the first that is not."""
    text = content.decode("utf-8", "replace")
    start = re.search(r'"features"\s*:\s*\[', text)
    if start is None:
        return []
    found, at, decoder = [], start.end(), json.JSONDecoder()
    try:
        while text[at : at + 1] not in ("", "]"):
            at = _AFTER.match(text, at).end()  # type: ignore[union-attr]
            feature, at = decoder.raw_decode(text, at)
            found.append(feature)
            at = _AFTER.match(text, at).end()  # type: ignore[union-attr]
    except (ValueError, RecursionError):
        pass
    return found


_AFTER = re.compile(r"[\s,]*")
