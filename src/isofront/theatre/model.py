"""What a theatre file says, as records; one TOML file holds it all."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from isofront.ground.grid import Bounds, Grid

Lonlat = tuple[float, float]


class Side(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A belligerent: its id in evidence rows, its name per language, its colour on maps."""

    id: str
    names: dict[str, str]
    colour: str = ""

    def name(self, language: str = "en") -> str:
        """The side's name in a language, else in any."""
        return self.names.get(language) or next(filter(None, self.names.values()), self.id)


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who reports. `reliability` is A-F (F = cannot be judged); `speaks_for` a side, if any."""

    id: str
    reliability: str = "F"
    speaks_for: str | None = None
    lag_h: float | None = None


class Crossing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a barrier can be crossed."""

    at: Lonlat
    name: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


class Barrier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line that ground forces do not cross freely; `permeability` 0 = not at all, 1 = no barrier."""

    name: str
    kind: str
    line: tuple[Lonlat, ...]
    permeability: float = 0.0
    crossings: tuple[Crossing, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


class Anchor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The trusted map the model starts from: a polygon file in the theatre's folder, and its date.

    Features carry `class` (held | grey) and `side`, or are plain and all held by `holder`.
    """

    file: str
    date: datetime
    holder: str | None = None


class Settlement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place with names per language, its people before the war, and the radius of its built-up ground."""

    names: dict[str, str]
    at: Lonlat
    population: int | None = None
    radius_m: float | None = None
    spellings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The English name, else any."""
        return self.names.get("en") or next(filter(None, self.names.values()), "")


class Road(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A road typed in as a fact, for the map and for lines of communication; `names` by language, where known."""

    name: str
    line: tuple[Lonlat, ...]
    kind: str = "road"
    names: dict[str, str] = {}


RELEASE_CLASSES = ("withheld", "private", "public")
"""What may become public of a report: nothing; what it adds to the map, from its cell; its link too."""

PUBLIC_LAYERS = ("areas", "claims", "infiltration", "interdicted", "pockets", "reports", "routes")
"""What a delay can be set for: `areas` are the map itself with its edges, raster, settlements and reasons."""


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `publish` holds back."""

    delay_h: float = 72.0
    delay_h_by_side: dict[str, float] = {}
    delay_h_by_layer: dict[str, float] = {}
    coarsen_km: float = 1.0
    release_class: str = "private"
    second_name_over_km2: float = 25.0
    show_accepted_protected: bool = True


class Observing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What decides whether anything could be seen: files in the theatre's folder, and two spans of days."""

    weather: str | None = None
    cover: str | None = None
    look_days: float = 7.0
    review_days: float = 21.0


class Ladder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the rungs from open to taken begin, km of neck; how long one must last; from when on presence counts."""

    open_km: float = 30.0
    pocket_km: float = 10.0
    gap_km: float = 5.0
    close_km: float = 2.0
    hold_days: float = 3.0
    presence_p: float = 0.5


class Reviewing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an editor is asked: changes of this area and probability or more; how many days a reject or an edit acts."""

    least_km2: float = 1.0
    least_p: float = 0.6
    stands_days: float = 14.0


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a map is drawn: the least area of a part, in km2, and the language of its labels; where its site lies.

    `credits` are the credit by language, for readers of another than `credit` is in.
    """

    minimum_part_km2: float = 0.5
    language: str = "en"
    credit: str = ""
    site: str = ""
    credits: dict[str, str] = {}


class Engine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the engine is told beyond its defaults: the file in the theatre's folder that `learn` wrote."""

    learned: str | None = None


class Covariate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something known of the ground (built-up, trees, water, slope): a name and a raster in the theatre's folder."""

    name: str
    path: str


class Mapper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another mapper whose maps may be republished beside ours: where they lie, on what terms, how read, how old.

    `path` is a file or folder in the theatre's folder. `licence` and `credit` stand wherever the map is shown.
    `sides` renames their sides, `holder` is whose their polygons are that name none. `day_shows` says whether a map
    with a bare date is of the start or the end of that day.
    """

    id: str
    names: dict[str, str]
    path: str
    licence: str
    credit: str
    url: str = ""
    maker: str | None = None
    crosswalk: str | None = None
    sides: dict[str, str] = {}
    holder: str | None = None
    day_shows: str = "start"
    delay_h: float = 0.0
    oldest_days: float = 30.0


class Theatre(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The area mapped: sides, bounds, grid, dates, sources, barriers, anchor, policy.

    `land` is a polygon file in the theatre's folder: what maps draw as land. `roads_file` is an OpenStreetMap or
    GeoJSON file there: the roads along which routes are looked for, instead of the few that are typed in. `titles` are
    the title by language, for readers of another than `title` is in.
    """

    name: str
    sides: tuple[Side, Side]
    protected_sides: tuple[str, ...]
    bounds: tuple[float, float, float, float]
    crs: str
    anchor: Anchor
    title: str = ""
    simulated: bool = False
    land: str | None = None
    cell_m: float = 250.0
    starts: date | None = None
    ends: date | None = None
    timezone: str = "UTC"
    backfill_lag_h: float = 24.0
    sources: tuple[Source, ...] = ()
    barriers: tuple[Barrier, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    roads: tuple[Road, ...] = ()
    roads_file: str | None = None
    policy: Policy = Policy()
    observing: Observing = Observing()
    review: Reviewing = Reviewing()
    map: Mapping = Mapping()
    covariates: tuple[Covariate, ...] = ()
    engine: Engine = Engine()
    ladder: Ladder = Ladder()
    mappers: tuple[Mapper, ...] = ()
    titles: dict[str, str] = {}

    @property
    def side_ids(self) -> tuple[str, str]:
        """The two sides' ids, in file order; the first is side 1 of `control.tif`."""
        return self.sides[0].id, self.sides[1].id

    @property
    def side_words(self) -> dict[str, str]:
        """The side's id for each word that means it, its names and its id, as `casefold` writes them."""
        names = {name.casefold(): side.id for side in self.sides for name in side.names.values()}
        return names | {side.id.casefold(): side.id for side in self.sides}

    def titled(self, language: str) -> str:
        """The title in a language, else the plain one, else the name."""
        return self.titles.get(language) or self.title or self.name

    @property
    def own_files(self) -> tuple[str, ...]:
        """The files (other mappers' folders among them) that it names, by their paths in the theatre's folder."""
        named = (self.anchor.file, self.land, self.roads_file, self.observing.weather, self.observing.cover)
        learned = (self.engine.learned, *(one.path for one in self.covariates), *(one.path for one in self.mappers))
        return tuple(one for one in (*named, *learned) if one is not None)

    @property
    def box(self) -> Bounds:
        """The bounds as a record."""
        return Bounds(*self.bounds)

    @property
    def grid(self) -> Grid:
        """The cells of this theatre."""
        return Grid.covering(self.box, crs=self.crs, cell_m=self.cell_m)
