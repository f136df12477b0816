"""A site as `isofront publish` wrote it, read back: which editions there are, and one day of it.

site folder            Site             what its list says; nothing else of the folder is opened yet
site, day              day_of, named    the edition that stands for a day, or one by its name, with its page's data

Nothing but the folder of the site is opened. Hashes are checked on the way: the list names that of `edition.json`, that
one the hash of `page.json`, so that what is read is what was published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from isofront.errors import BadInputError, IntegrityError, UsageError
from isofront.evidence.claim import Bound
from isofront.evidence.claim import Status as Claimed
from isofront.evidence.edition import sha256
from isofront.publish.edition_files import ABOUT, FORMAT, PAGE
from isofront.publish.site import LIST
from isofront.publish.stamp import day_text

Number = float | int


class Listed(msgspec.Struct, frozen=True):
    """One edition as the site's list tells of it."""

    id: str
    path: str
    as_of: datetime
    made_at: datetime
    state: str
    sha256: str | None = None
    corrects: str | None = None
    corrected_by: str | None = None
    reason: str = ""


class _List(msgspec.Struct, frozen=True):
    title: str
    editions: list[Listed]


class About(msgspec.Struct, frozen=True):
    """What `edition.json` says of its edition."""

    id: str
    number: int
    as_of: datetime
    made_at: datetime
    title: str
    crs: str
    cell_km: Number
    delay_hours: Number
    moved_km_95: Number | None
    protected_sides: list[str]
    files: dict[str, str]
    simulated: bool
    reports: int | None = None
    corrects: str | None = None
    reason: str = ""
    without_second_name: str | None = None


class Tombstone(msgspec.Struct, frozen=True):
    """What stands in place of an edition that was withdrawn."""

    id: str
    pulled_at: datetime
    reason: str = ""


class Side(msgspec.Struct, frozen=True):
    """A side: id, names by language, its colour."""

    id: str
    names: dict[str, str]
    colour: str = ""


class Settlement(msgspec.Struct, frozen=True):
    """A settlement: names by language, degrees, people to two figures."""

    name: str
    names: dict[str, str]
    lon: Number
    lat: Number
    population: Number | None = None


class ReportRow(msgspec.Struct, frozen=True, array_like=True):
    """A report as the public sees it; `cell` counts in the day's cells."""

    number: int
    cell: int
    day: date
    kind: str
    seen: str | None
    reliability: str
    credibility: int
    link: str | None = None


class Reason(msgspec.Struct, frozen=True, array_like=True):
    """A report that has a say at a place."""

    report: int
    toward: str
    strength: str


class WhyRow(msgspec.Struct, frozen=True, array_like=True):
    """Why a settlement (`place` counts in the page's settlements) or a cell is what it is."""

    place: int | None
    cell: int
    status: str
    since: str | None
    seen_within_days: int | None
    rests_on: int | None
    reasons: list[Reason]
    last_seen: date | None = None


class Said(msgspec.Struct, frozen=True):
    """A claim as published."""

    about: str
    said: date
    grade: tuple[str, int]
    unit: str = ""
    low: Number | None = None
    high: Number | None = None
    bound: Bound = Bound.EXACT
    status: Claimed | None = None
    side: str | None = None
    against: str | None = None
    for_day: date | None = None
    by: str | None = None
    interest: str | None = None
    link: str | None = None
    revised: bool = False


class PlaceRow(msgspec.Struct, frozen=True):
    """What is said of a settlement."""

    front_km: Number | None = None
    routes: str | None = None
    routes_change: str | None = None
    neck_km: Number | None = None
    rung: str | None = None
    enclosure: dict[str, Number] = {}
    population: Number | None = None
    claims: list[Said] = []


class Moved(msgspec.Struct, frozen=True):
    """One place where a side's edge came or went."""

    side: str
    kind: str
    km2: Number
    up_to_km: Number | None
    at: tuple[Number, Number]
    reports: list[int]


class Turned(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """A settlement whose class changed."""

    name: str
    before: str
    after: str


class Changes(msgspec.Struct, frozen=True):
    """What moved since the edition before, or since the start."""

    since: datetime
    since_edition: str | None
    changed_km2: Number
    transitions_km2: dict[str, Number]
    settlements: list[Turned]
    lines: list[Moved]


class Public(msgspec.Struct, frozen=True):
    """The day's own block."""

    id: str
    cell_km: Number
    not_before: dict[str, datetime]
    cells: list[tuple[int, int]]
    reports: list[ReportRow] | None
    why: list[WhyRow]
    changes: Changes
    places: list[PlaceRow]


class Status(msgspec.Struct, frozen=True):
    """A settlement's class."""

    name: str
    status: str | None


class Day(msgspec.Struct, frozen=True):
    """One day: areas in km², classes of settlements, packed layers."""

    as_of: datetime
    area_km2: dict[str, Number]
    status: list[Status]
    shapes: dict[str, Any]
    public: Public


class Page(msgspec.Struct, frozen=True):
    """What the page of an edition shows."""

    title: str
    sides: list[Side]
    palette: dict[str, Any]
    bounds: tuple[Number, Number, Number, Number]
    settlements: list[Settlement]
    dates: list[Day]
    roads: dict[str, Any]
    barriers: dict[str, Any]
    land: dict[str, Any] | None = None
    credit: str = ""
    format: int = 0
    titles: dict[str, str] = {}
    credits: dict[str, str] = {}

    def titled(self, language: str) -> str:
        """The title in a language, else the plain one."""
        return self.titles.get(language) or self.title

    def credited(self, language: str) -> str:
        """The credit in a language, else the plain one."""
        return self.credits.get(language) or self.credit


@dataclass(frozen=True)
class PublicDay:
    """One edition: what is said of it, its page's data, and the hash by which the list knows it."""

    about: About
    page: Page
    digest: str

    @property
    def day(self) -> Day:
        """Its one day."""
        return self.page.dates[0]

    @property
    def id(self) -> str:
        """Its name with the beginning of its hash: another content has another name."""
        return f"edition:{self.about.id}:{self.digest[:8]}"


@dataclass(frozen=True)
class Site:
    """A site's folder and what its list says, oldest first."""

    folder: Path
    title: str
    editions: tuple[Listed, ...]

    @classmethod
    def of(cls, folder: Path) -> Site:
        """The list of a site.

        Raises:
            UsageError: the folder is no site.
        """
        path = folder / LIST
        if not path.is_file():
            raise UsageError(f"--site {folder}: no {LIST} in it, wanted the folder that isofront publish wrote")
        found = _read(path.read_bytes(), _List, path)
        return cls(folder, found.title, tuple(found.editions))

    def day_of(self, as_of: datetime) -> PublicDay:
        """The edition that stands for a day: the newest that was neither corrected nor withdrawn.

        Raises:
            UsageError: there is none; it says which days there are, and whether that day's was withdrawn.
        """
        standing = [one for one in self.editions if one.state == "published"]
        found = [one for one in standing if one.as_of == as_of]
        if found:
            return self._read(found[-1])
        gone = [one for one in self.editions if one.as_of == as_of and one.state == "pulled"]
        if gone:
            raise UsageError(
                f"--on {day_text(as_of)}: edition {gone[-1].id} was withdrawn: {self.tombstone(gone[-1]).reason}"
            )
        days = ", ".join(sorted({day_text(one.as_of) for one in standing})[-8:])
        raise UsageError(f"--on {day_text(as_of)}: the site has no edition of it, wanted {days or 'a published one'}")

    def named(self, name: str | None) -> PublicDay | None:
        """An edition by its name; None if the site does not have it, or it was withdrawn."""
        found = next((one for one in self.editions if one.id == name and one.state != "pulled"), None)
        return None if found is None else self._read(found)

    def state_of(self, name: str | None) -> str | None:
        """Whether an edition stands, was corrected or was withdrawn; None if the list does not have it."""
        return next((one.state for one in self.editions if one.id == name), None)

    def tombstone(self, one: Listed) -> Tombstone:
        """When and why an edition was withdrawn."""
        path = self._folder_of(one) / ABOUT
        return _read(_content(path), Tombstone, path)

    def _folder_of(self, one: Listed) -> Path:
        place = (self.folder / one.path).resolve()
        if not place.is_relative_to(self.folder.resolve()):
            raise BadInputError(f"{self.folder / LIST}: edition {one.id} lies at {one.path!r}, wanted a folder inside")
        return place

    def _read(self, one: Listed) -> PublicDay:
        folder = self._folder_of(one)
        about = _content(folder / ABOUT)
        digest = _same(about, one.sha256, folder / ABOUT)
        told = _read(about, About, folder / ABOUT)
        content = _content(folder / PAGE)
        _same(content, told.files.get(PAGE), folder / PAGE)
        page = _read(content, Page, folder / PAGE)
        if page.format != FORMAT or len(page.dates) != 1:
            raise BadInputError(f"{folder / PAGE}: format {page.format}, wanted {FORMAT}, of one day: publish it again")
        return PublicDay(told, page, digest)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise BadInputError(f"{path}: cannot be read ({fault.strerror or fault}), wanted a whole site") from fault


def _same(content: bytes, wanted: str | None, path: Path) -> str:
    found = sha256(content)
    if found != wanted:
        raise IntegrityError(f"{path}: its hash is {found[:12]}…, wanted {(wanted or 'none')[:12]}…: not as published")
    return found


_Kind = TypeVar("_Kind")


def _read(content: bytes, kind: type[_Kind], path: Path) -> _Kind:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadInputError(f"{path}: {fault}, wanted a file that isofront publish wrote") from fault


def names_in(some: Sequence[Side] | Sequence[Settlement], language: str) -> Mapping[str, str]:
    """Names of sides by id, or of settlements by name, in a language, else in English, else as kept."""
    return {
        (one.id if isinstance(one, Side) else one.name): one.names.get(language)
        or one.names.get("en")
        or (one.id if isinstance(one, Side) else one.name)
        for one in some
    }
