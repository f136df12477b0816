"""Whose file is it: the one place that knows all readers, and tells a maker's file by its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from isofront.errors import BadInputError, UsageError
from isofront.makers import deepstate, nzz
from isofront.makers.areas import Drawn, Fault
from isofront.makers.crosswalk import Crosswalk, shipped
from isofront.makers.opened import WANTED, Opened

Claims = Callable[[Opened], str | None]
Read = Callable[[Opened], Iterator[Drawn | Fault]]


@dataclass(frozen=True, slots=True)
class Reader:
    """A maker's way of writing files: of which kinds they are, how they are told, and how they are read."""

    name: str
    kinds: frozenset[str]
    claims: Claims
    read: Read


@dataclass(frozen=True, slots=True)
class Recognised:
    """The reader, the crosswalk, and why the file was taken for that maker's."""

    reader: Reader
    walk: Crosswalk
    why: str


READERS: tuple[Reader, ...] = (
    Reader("nzz", frozenset({"json"}), nzz.claims, nzz.read),
    Reader("deepstate", frozenset({"json"}), deepstate.claims, deepstate.read),
    Reader("deepstate-daily", frozenset({"json"}), deepstate.claims_daily, deepstate.read_daily),
)
"""The surer a maker is told, the sooner it is asked; readers of any maker's layers come last."""


def recognise(opened: Opened, maker: str | None = None, walk: Crosswalk | None = None) -> Recognised:
    """Whose file it is; a crosswalk or a maker that the user names is taken at its word where the file allows it.

    Raises:
        UsageError: no maker of that name.
        BadInputError: the file is nobody's that is known, or another maker's than the user says.
    """
    if walk is not None:
        return Recognised(_reader_for(walk, opened), walk, "the crosswalk given")
    if maker is not None:
        return _as_told(opened, maker)
    for reader in READERS:
        why = reader.claims(opened) if opened.kind in reader.kinds else None
        if why:
            return Recognised(reader, _walk_of(reader.name, opened), why)
    raise BadInputError(f"{opened.name}: no maker's file that is known, wanted {WANTED}")


def _as_told(opened: Opened, maker: str) -> Recognised:
    if maker not in shipped():
        raise UsageError(f"--maker {maker}: not known, wanted one of: {', '.join(sorted(shipped()))}")
    walk = shipped()[maker]
    reader = _reader_for(walk, opened)
    if not reader.claims(opened):
        _refuse_foreign(opened, maker)
    return Recognised(reader, walk, "as told")


def _refuse_foreign(opened: Opened, maker: str) -> None:
    for other in READERS:
        if other.name in SURE and opened.kind in other.kinds and (why := other.claims(opened)):
            raise BadInputError(
                f"{opened.name}: not a file of {maker} but of {other.name} ({why}); leave --maker away to read it so"
            )


SURE = frozenset({"nzz", "deepstate", "deepstate-daily", "isw", "liveuamap", "viina"})
"""Makers that are told by their own marks, so that a file can be said to be theirs."""


def _reader_for(walk: Crosswalk, opened: Opened) -> Reader:
    name = walk.reads or walk.maker
    fitting = [reader for reader in READERS if reader.name == name]
    if not fitting:
        known = ", ".join(reader.name for reader in READERS)
        raise UsageError(f"crosswalk {walk.maker}: reads {name!r}, wanted one of: {known}")
    reader = fitting[0]
    if opened.kind not in reader.kinds:
        raise BadInputError(
            f"{opened.name}: is {opened.kind}, and {walk.maker} writes {' or '.join(sorted(reader.kinds))}"
        )
    return reader


def _walk_of(name: str, opened: Opened) -> Crosswalk:
    """The crosswalk that comes with Isofront for a reader's files."""
    return shipped()[name]
