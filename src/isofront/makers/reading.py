"""The whole way of a maker's file: opened, recognised, read, cleaned, and put into Isofront's classes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path

from isofront.errors import BadInputError, UsageError
from isofront.evidence.report import Reject
from isofront.ground.axes import axes_swapped, meets
from isofront.ground.rings import Budget
from isofront.ground.stamped import stamped
from isofront.makers.areas import Drawn, Fault, MapArea, MapFile, Note
from isofront.makers.crosswalk import Crosswalk, Rule, Texts
from isofront.makers.dates import moment
from isofront.makers.opened import Opened, open_map
from isofront.makers.recognise import Aids, Recognised, recognise
from isofront.makers.shapes import SWAPPED, Box, shape_of

MAX_CALLED = 60
_PRIVATE = frozenset({"text", "description", "kind"})
"""Texts that may say more than a class, and are not repeated."""
_NOT_TEXT = re.compile(r"<[^>]*>|[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user adds to a file: the moment of its map where it tells none, one day of many, names of sides.

    `sides` renames the crosswalk's sides; `holder` is the side of areas for which neither file nor crosswalk names one;
    `places` a gazetteer for makers who name places by number; `bounds` (west, south, east, north) is where the maps
    should lie, by which swapped axes are noticed.
    """

    when: datetime | None = None
    on: date | None = None
    sides: Mapping[str, str] = field(default_factory=dict)
    holder: str | None = None
    places: Path | None = None
    bounds: Box | None = None


def read_map(
    path: Path, maker: str | None = None, *, crosswalk: Crosswalk | None = None, wish: Wish | None = None
) -> MapFile:
    """A maker's file as areas with class, side and date, and as a list of all that did not become one.

    Raises:
        BadInputError: nothing of it can be used, or it is another maker's.
        UsageError: no such maker or side.
    """
    return replace(map_of(open_map(path), maker, crosswalk=crosswalk, wish=wish), stamped=stamped(path))


def map_of(
    opened: Opened, maker: str | None = None, *, crosswalk: Crosswalk | None = None, wish: Wish | None = None
) -> MapFile:
    """`read_map` of a file that is open already."""
    wish = wish or Wish()
    taken = recognise(opened, maker, crosswalk)
    _check_sides(taken.crosswalk, wish)
    tally = _Tally(opened.name, taken.crosswalk, wish)
    for one in chain(opened.faults, taken.reader.read(opened, Aids(taken.crosswalk, wish.on, wish.places))):
        tally.take(one)
    return tally.file(taken, opened.notes)


def _check_sides(crosswalk: Crosswalk, wish: Wish) -> None:
    unknown = sorted(wish.sides.keys() - crosswalk.sides.keys()) if crosswalk.sides else []
    if unknown:
        raise UsageError(f"side {unknown[0]!r}: the crosswalk of {crosswalk.maker} knows {', '.join(crosswalk.sides)}")


class _Tally:
    """Takes what a reader yields, one by one, and keeps what became of it."""

    def __init__(self, file: str, crosswalk: Crosswalk, wish: Wish) -> None:
        self._file, self._crosswalk, self._wish = file, crosswalk, wish
        self._budget = Budget(file)
        self._areas: list[tuple[str | None, MapArea]] = []
        self._rejects: list[Reject] = []
        self._unmapped: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self._notes: list[str] = []

    def take(self, one: Drawn | Fault | Note) -> None:
        """Put one thing where it belongs."""
        if isinstance(one, Note):
            self._notes.append(one.text)
            return
        if isinstance(one, Fault):
            self._refuse(one.number, one.reason)
            return
        try:
            when = self._wish.when or moment(one.day)
        except BadInputError as fault:
            self._refuse(one.number, str(fault))
            return
        rule = self._crosswalk.rule_for(one.texts, when)
        if one.point is None and not one.polygons and (rule is None or rule.drop is None):
            self._left_out["points and lines, no areas"] += 1
        elif rule is None:
            self._unmapped[_called(one.texts, self._crosswalk.looks_at)] += 1
        elif rule.drop is not None:
            self._left_out[rule.drop] += 1
        elif self._wish.on and (when is None or when.date() != self._wish.on):
            self._left_out[f"not of {self._wish.on}"] += 1
        else:
            self._shape(one, rule, when)

    def _shape(self, one: Drawn, rule: Rule, when: datetime | None) -> None:
        shape = shape_of(one, budget=self._budget, bounds=self._crosswalk.bounds)
        for fault in shape.faults:
            self._refuse(one.number, fault)
        if shape.geometry is None or rule.cls is None:
            return
        area = MapArea(one.number, shape.geometry, rule.cls, self._side(one, rule), when, rule.name, shape.repair)
        self._areas.append((one.id, area))

    def _side(self, one: Drawn, rule: Rule) -> str | None:
        if rule.cls is None or rule.cls.value == "grey":
            return None
        stated = one.texts.get(rule.side_from, ()) if rule.side_from else ()
        side = next((text for text in stated if text), None) or rule.side or self._wish.holder
        return self._wish.sides.get(side, side) if side is not None else None

    def _refuse(self, number: int, reason: str) -> None:
        self._rejects.append(Reject(self._file, number, None, reason))

    def file(self, taken: Recognised, notes: Iterable[str]) -> MapFile:
        """All that was taken, as a map file."""
        areas, twice = _without_duplicates(self._areas)
        for number, reason in twice:
            self._refuse(number, reason)
        if not areas:
            raise BadInputError(f"{self._file}: {self._nothing()}")
        self._check_place(areas)
        return MapFile(
            file=self._file,
            areas=tuple(areas),
            maker=taken.crosswalk.maker,
            crosswalk=taken.crosswalk.label,
            rejects=tuple(sorted(self._rejects, key=lambda one: one.row)),
            unmapped=dict(self._unmapped.most_common()),
            left_out=dict(self._left_out.most_common()),
            notes=tuple(dict.fromkeys((*notes, *self._notes))),
            why=taken.why,
        )

    def _check_place(self, areas: Iterable[MapArea]) -> None:
        """Refuse a file whose areas lie where they should only with their axes swapped."""
        if self._wish.bounds is None:
            return
        boxes = [area.geometry.bounds for area in areas]
        if axes_swapped(boxes, self._wish.bounds):
            raise BadInputError(f"{self._file}: nothing of it lies in the theatre, swapped it does: {SWAPPED}")
        if not any(meets(box, self._wish.bounds) for box in boxes):
            self._notes.append(f"nothing of it lies in the theatre's bounds {list(self._wish.bounds)}")

    def _nothing(self) -> str:
        """Why there is no area at all."""
        said = []
        if self._unmapped:
            kinds = "; ".join(f"{kind} ({n:,})" for kind, n in self._unmapped.most_common(5))
            said.append(
                f"classes that the crosswalk {self._crosswalk.label} does not know: {kinds}; --crosswalk maps them"
            )
        if self._rejects:
            more = f" (and {len(self._rejects) - 1:,} more)" if len(self._rejects) > 1 else ""
            said.append(f"feature {self._rejects[0].row}: {self._rejects[0].reason}{more}")
        if self._left_out:
            said.append("left out: " + ", ".join(f"{n:,} {why}" for why, n in self._left_out.most_common(5)))
        return "no area that can be used; " + ("; ".join(said) or "it holds nothing")


def _called(texts: Texts, looked_at: tuple[str, ...]) -> str:
    """What a maker calls something, in a few harmless letters: no markup, no control characters.

    Where none of the texts is there that the crosswalk looks at, a few others that may tell.
    """
    telling = dict.fromkeys(("folder", *looked_at, "colour"))
    seen = [name for name in telling if name not in _PRIVATE and any(texts.get(name, ()))]
    if "folder" in seen and "heading" in seen:
        seen.remove("heading")
    parts = []
    for name in seen or [name for name in texts if name not in _PRIVATE][:3]:
        value = next((text for text in texts[name] if text), "")
        bare = " ".join(_NOT_TEXT.sub(" ", value[:400]).split())
        if bare:
            parts.append(f"{name} {bare if len(bare) <= MAX_CALLED else bare[: MAX_CALLED - 1] + '…'!s}")
    return ", ".join(parts) or "nothing that tells a class"


def _without_duplicates(given: list[tuple[str | None, MapArea]]) -> tuple[list[MapArea], list[tuple[int, str]]]:
    """Areas whose id (on one date) nobody had before, and the others with the reason.

    Where ids are the same for more than every second feature they are no ids, and count for nothing.
    """
    named = [(id_, area.date) for id_, area in given if id_ is not None]
    if len(set(named)) * 2 < len(named):
        return [area for _, area in given], []
    first: dict[tuple[str, datetime | None], MapArea] = {}
    kept, twice = [], []
    for id_, area in given:
        earlier = first.setdefault((id_, area.date), area) if id_ is not None else area
        if earlier is area:
            kept.append(area)
            continue
        same = earlier.geometry.equals_exact(area.geometry) and (earlier.cls, earlier.side) == (area.cls, area.side)
        what = "the same again" if same else "with other content: wanted ids that differ"
        twice.append((area.number, f"id {id_!s:.40} is that of feature {earlier.number}, {what}"))
    return kept, twice


def joined(files: Iterable[MapFile]) -> Iterator[tuple[MapFile, MapArea]]:
    """The areas of several files with the file of each, without those that an earlier file of the maker holds too."""
    seen: set[tuple[str, str, str | None, datetime | None, bytes]] = set()
    for file in files:
        for area in file.areas:
            key = (file.maker, area.cls.value, area.side, area.date, area.geometry.wkb)
            if key not in seen:
                seen.add(key)
                yield file, area
