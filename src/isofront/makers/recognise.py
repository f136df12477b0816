"""Whose file is it: the one place that knows all readers, and tells a maker's file by its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from isofront.errors import BadInputError, UsageError
from isofront.makers import deepstate, isw, kml, layers, liveuamap, nzz, viina
from isofront.makers.areas import Drawn, Fault, Note
from isofront.makers.crosswalk import Crosswalk, shipped
from isofront.makers.opened import WANTED, Opened


@dataclass(frozen=True, slots=True)
class Aids:
    """What a reader may need besides the file: the crosswalk, one day of many, and where places lie."""

    crosswalk: Crosswalk
    on: date | None = None
    places: Path | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """A maker's way of writing files: of which kinds they are, how they are told, and how they are read."""

    name: str
    kinds: frozenset[str]
    claims: Callable[[Opened], str | None]
    read: Callable[[Opened, Aids], Iterator[Drawn | Fault | Note]]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Recognised:
    """The reader, the crosswalk, and why the file was taken for that maker's."""

    reader: Reader
    crosswalk: Crosswalk
    why: str


def _read_viina(opened: Opened, aids: Aids) -> Iterator[Drawn | Fault | Note]:
    places = aids.places
    spots = viina.spots_of_installation if places is None else lambda: viina.spots_of_file(places)
    return viina.read(opened, spots, aids.on)


_JSON, _XML, _CSV = frozenset({"json"}), frozenset({"xml"}), frozenset({"csv"})
READERS: tuple[Reader, ...] = (
    Reader("nzz", _JSON, nzz.claims, lambda opened, _: nzz.read(opened)),
    Reader("deepstate", _JSON, deepstate.claims, lambda opened, _: deepstate.read(opened)),
    Reader("liveuamap", _JSON, liveuamap.claims, lambda opened, _: liveuamap.read(opened)),
    Reader("deepstate-daily", _JSON, deepstate.claims_daily, lambda opened, _: deepstate.read_daily(opened)),
    Reader("isw", _JSON, isw.claims, lambda opened, _: isw.read(opened)),
    Reader("viina", _CSV, viina.claims, _read_viina),
    Reader("kml", _XML, kml.claims, lambda opened, _: kml.read(opened), sure=False),
    Reader(
        "layers",
        frozenset({"json", "layer"}),
        layers.claims,
        lambda opened, aids: layers.read(opened, aids.crosswalk),
        sure=False,
    ),
)
"""The surer a maker is told, the sooner it is asked; readers of any maker's files come last."""


def recognise(opened: Opened, maker: str | None = None, crosswalk: Crosswalk | None = None) -> Recognised:
    """Whose file it is; a crosswalk or a maker that the user names is taken at its word where the file allows it.

    Raises:
        UsageError: no maker of that name.
        BadInputError: the file is nobody's that is known, or another maker's than the user says.
    """
    _refuse_error_pages(opened)
    if crosswalk is not None:
        return Recognised(_reader_for(crosswalk, opened), crosswalk, "the crosswalk given")
    if maker is not None:
        return _as_told(opened, maker)
    for reader in READERS:
        if why := _claim(reader, opened):
            return Recognised(reader, _crosswalk_for(reader.name, opened), why)
    raise BadInputError(f"{opened.name}: {_other(opened) or 'no map of a maker that is known'}, wanted {WANTED}")


def _claim(reader: Reader, opened: Opened) -> str | None:
    """Why a file is a reader's, if it is of its kind; what makes a reader stumble is not its file."""
    if opened.kind not in reader.kinds:
        return None
    try:
        return reader.claims(opened)
    except (TypeError, AttributeError, KeyError, ValueError, IndexError):
        return None


def _as_told(opened: Opened, maker: str) -> Recognised:
    if maker not in shipped():
        raise UsageError(f"--maker {maker}: not known, wanted one of: {', '.join(sorted(shipped()))}")
    crosswalk = shipped()[maker]
    reader = _reader_for(crosswalk, opened)
    if not _claim(reader, opened):
        _refuse_foreign(opened, maker)
        raise BadInputError(f"{opened.name}: {_other(opened) or f'nothing of a file of {maker} in it'}")
    return Recognised(reader, crosswalk, "as told")


def _refuse_foreign(opened: Opened, maker: str) -> None:
    for other in READERS:
        if other.sure and (why := _claim(other, opened)):
            raise BadInputError(
                f"{opened.name}: not a file of {maker} but of {other.name} ({why}); leave --maker away to read it so"
            )


def _reader_for(crosswalk: Crosswalk, opened: Opened) -> Reader:
    name = crosswalk.reads or crosswalk.maker
    fitting = [reader for reader in READERS if reader.name == name]
    if not fitting:
        known = ", ".join(reader.name for reader in READERS)
        raise UsageError(f"crosswalk {crosswalk.maker}: reads {name!r}, wanted one of: {known}")
    reader = fitting[0]
    if opened.kind not in reader.kinds:
        kinds = " or ".join(sorted(reader.kinds))
        _refuse_foreign(opened, crosswalk.maker)
        raise BadInputError(f"{opened.name}: is {opened.kind}, wanted {kinds}, as {crosswalk.maker} writes")
    return reader


def _crosswalk_for(name: str, opened: Opened) -> Crosswalk:
    """The crosswalk that comes with Isofront for a reader's files; of KML mappers, by the document's name."""
    if name == "kml":
        title = kml.title(opened)
        return next((one for one in shipped().values() if one.reads == "kml" and one.is_titled(title)), shipped()[name])
    return shipped()["plain" if name == "layers" else name]


# Files that are no maps


def _refuse_error_pages(opened: Opened) -> None:
    document = opened.document
    fault = document.get("error") if opened.kind == "json" and isinstance(document, dict) else None
    if isinstance(fault, Mapping) and ("code" in fault or "message" in fault):
        said = " ".join(f"{fault.get('message', '')!s:.120}".split())
        raise BadInputError(
            f"{opened.name}: a server's error page (code {fault.get('code')!s:.10}: {said or 'no message'}), "
            f"not a map, though it came as if all were well; fetch it again"
        )


_EVENT_TABLES: Mapping[str, frozenset[str]] = {
    "GeoConfirmed": frozenset({"faction", "geolocation", "latitude", "longitude"}),
    "ACLED": frozenset({"event_id_cnty", "event_type", "latitude", "longitude"}),
    "UCDP GED": frozenset({"where_prec", "best", "latitude", "longitude"}),
    "VIINA events": frozenset({"event_id", "geo_precision", "latitude", "longitude"}),
    "FIRMS": frozenset({"frp", "acq_date", "latitude", "longitude"}),
    "Isofront evidence": frozenset({"happened_at", "kind", "seen"}),
}


def _other(opened: Opened) -> str | None:
    """What a file is that is no map, where its shape tells."""
    if opened.kind == "csv":
        first = opened.text[:10_000].split(b"\n", 1)[0].decode("utf-8", "replace")
        header = {cell.strip(' "\r').casefold() for cell in first.replace(";", ",").replace("\t", ",").split(",")}
        maker = next((name for name, columns in _EVENT_TABLES.items() if columns <= header), None)
        return f"a table of events ({maker}), not a map" if maker else "a table whose columns are no maker's"
    if opened.kind == "xml":
        return f"XML of another kind ({_root_name(opened.document)}), not KML"
    if opened.kind == "json" and isinstance(opened.document, list):
        return "a JSON list that is no maker's"
    if opened.kind == "json" and isinstance(opened.document, dict) and opened.document.get("features") == []:
        return "a collection without features"
    return None


def _root_name(documents: Any) -> str:
    return str(documents[0][1].tag)[:60] if documents else "nothing"
