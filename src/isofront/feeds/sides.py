"""Which side an actor, a word or a colour stands for: by a crosswalk file, a theatre's names, the user's word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import msgspec

from isofront.errors import UsageError
from isofront.theatre.model import Side

CIVILIANS = "(civilians)"
"""What an actor is that is a people, and no side."""


class _Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    names: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()


class _People(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    actors: tuple[str, ...] = ()


class ActorList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`crosswalks/actors.toml`: known sides with their names, the patterns of their actors, and their colours."""

    version: str
    sides: tuple[_Listed, ...]
    civilians: _People = _People()


@cache
def shipped_actors() -> ActorList:
    """The list that comes with Isofront."""
    content = (files("isofront.feeds") / "crosswalks" / "actors.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), type=ActorList)


class Sides:
    """The sides of a reading. `given` pairs (the user's) come first, then a theatre's names, then the shipped list.

    A given key is an actor's name or pattern, a word in descriptions, a colour, or the id of a side of the shipped
    list, which is then called otherwise. With a theatre, only its sides come out.
    """

    def __init__(self, given: Mapping[str, str] | None = None, theatre: Iterable[Side] | None = None) -> None:
        given = dict(given or {})
        shipped = shipped_actors()
        ours = tuple(theatre) if theatre is not None else None
        self.version = f"actors/{shipped.version}"
        self.ids = _ids(given, ours, shipped)
        self._exact: dict[str, str | None] = {}
        self._patterns: list[tuple[re.Pattern[str], str]] = []
        self.words: dict[str, str] = {}
        self.colours: dict[str, str] = {}
        self._add_given(given)
        for side in ours or ():
            self._add(side.id, (side.id, *side.names.values()), ())
        for listed in shipped.sides:
            if (id_ := _called(listed, given, ours)) is not None:
                self._add(id_, (listed.id, *listed.names), listed.actors)
                self.colours |= {
                    colour.casefold(): id_ for colour in listed.colours if colour.casefold() not in self.colours
                }
        self._patterns += [(_compiled(one), CIVILIANS) for one in shipped.civilians.actors]

    def _add_given(self, given: Mapping[str, str]) -> None:
        for key, id_ in given.items():
            bare = key.strip().lstrip("#").casefold()
            if re.fullmatch(r"[0-9a-f]{6}", bare):
                self.colours[bare] = id_
            self._add(id_, (key,), (key,))

    def _add(self, id_: str, names: Iterable[str], patterns: Iterable[str]) -> None:
        for name in names:
            self._exact.setdefault(name.strip().casefold(), id_)
            if " " not in name.strip() and len(name.strip()) > 2:
                self.words.setdefault(name.strip().casefold(), id_)
        self._patterns += [(_compiled(pattern), id_) for pattern in patterns]

    def of_actor(self, name: str) -> str | None:
        """The side's id, `CIVILIANS`, or None for an actor that nobody mapped."""
        plain = name.strip().casefold()
        if plain in self._exact:
            return self._exact[plain]
        found = next((id_ for pattern, id_ in self._patterns if pattern.fullmatch(plain)), None)
        if len(self._exact) < 50_000:
            self._exact[plain] = found
        return found

    def other(self, id_: str) -> str:
        """The other side where there are just two, else nothing."""
        others = [one for one in self.ids if one != id_]
        return others[0] if len(others) == 1 and id_ in self.ids else ""


def _ids(given: Mapping[str, str], ours: tuple[Side, ...] | None, shipped: ActorList) -> tuple[str, ...]:
    if ours is not None:
        known = tuple(side.id for side in ours)
        unknown = sorted(set(given.values()) - set(known))
        if unknown:
            raise UsageError(f"--side …={unknown[0]}: no side of this theatre, wanted one of {', '.join(known)}")
        return known
    return tuple(dict.fromkeys((*given.values(), *(given.get(one.id, one.id) for one in shipped.sides))))


def _called(listed: _Listed, given: Mapping[str, str], ours: tuple[Side, ...] | None) -> str | None:
    """The id that a side of the shipped list has here; None where it has no part in the theatre."""
    if listed.id in given:
        return given[listed.id]
    if ours is None:
        return listed.id
    names = {name.casefold() for name in (listed.id, *listed.names)}
    return next(
        (
            side.id
            for side in ours
            if side.id.casefold() in names or names & {n.casefold() for n in side.names.values()}
        ),
        None,
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in pattern.strip().casefold()[:200].split("*"))
    return re.compile("(?s:.*)".join(parts))


def pairs(given: Iterable[str]) -> dict[str, str]:
    """`NAME=ID` options as a mapping; the last `=` divides, for names may hold one.

    Raises:
        UsageError: an option without a name or an id.
    """
    found: dict[str, str] = {}
    for one in given:
        name, equals, id_ = one.rpartition("=")
        if not (name.strip() and equals and id_.strip()):
            raise UsageError(f'--side {one!r}, wanted NAME=ID such as "Military Forces of Northland=north"')
        found[name.strip()] = id_.strip()
    return found
