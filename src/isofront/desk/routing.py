"""What a topic is made of: routes from a method and a path to a function of the desk and the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from isofront.desk.desk import Desk
from isofront.errors import UsageError
from isofront.theatre.loading import start_of

T = TypeVar("T")


class NotFoundError(UsageError):
    """There is no such thing at this address."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a function is told: the path's {holes}, the query's parameters, and the body as it came."""

    method: str
    path: str
    holes: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""

    def read(self, kind: type[T]) -> T:
        """The JSON body as a record; what is wrong with it becomes a 400 that says where.

        Raises:
            msgspec.MsgspecError: it is not one.
            UsageError: it is not UTF-8.
        """
        try:
            return msgspec.json.decode(self.content or b"{}", type=kind)
        except UnicodeDecodeError as fault:
            raise UsageError("the body is not UTF-8") from fault

    def moment(self, name: str) -> datetime | None:
        """A date or time of the query, or None where it is not given.

        Raises:
            UsageError: it is none.
        """
        text = self.query.get(name)
        if not text:
            return None
        try:
            return start_of(text)
        except ValueError as fault:
            raise UsageError(f"{name}: {text[:40]!r} is no date or time, wanted YYYY-MM-DD") from fault

    def day(self) -> datetime:
        """`as_of` of the query.

        Raises:
            UsageError: it is not given.
        """
        found = self.moment("as_of")
        if found is None:
            raise UsageError("as_of: not given, wanted YYYY-MM-DD")
        return found


Answer = Callable[[Desk, Request], Any]
"""What it returns is sent as JSON with status 200; raise `IsofrontError`s for what the user can put right."""


@dataclass(frozen=True, slots=True)
class Route:
    """`Route("POST", "/api/entry/{id}/undo", undo)`; a hole matches one part of the path."""

    method: str
    path: str
    answer: Answer

    def holes(self, method: str, parts: tuple[str, ...]) -> dict[str, str] | None:
        """What fills the holes if the request is for this route, else None."""
        own = self.parts
        if len(own) != len(parts) or method != self.method:
            return None
        filled = {}
        for mine, theirs in zip(own, parts, strict=True):
            if mine.startswith("{"):
                filled[mine[1:-1]] = theirs
            elif mine != theirs:
                return None
        return filled

    @property
    def parts(self) -> tuple[str, ...]:
        """The path between its slashes."""
        return tuple(self.path.strip("/").split("/"))
