"""Theatres made up by hypothesis: every key set or not, odd letters in every text."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from isofront.theatre.model import (
    PUBLIC_LAYERS,
    RELEASE_CLASSES,
    Anchor,
    Barrier,
    Crossing,
    Mapping,
    Policy,
    Road,
    Settlement,
    Side,
    Source,
    Theatre,
)

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = WORDS.filter(str.strip)
SPOTS = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
LINES = st.lists(SPOTS, min_size=2, max_size=4).map(tuple)
HOURS = st.floats(0, 1e6)
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
NAMED = st.dictionaries(WORDS, NAMES, min_size=1, max_size=3)


def _names_of(side: str) -> st.SearchStrategy[dict[str, str]]:
    """Names that no other side has."""
    return NAMED.map(lambda names: {language: f"{name} {side}" for language, name in names.items()})


def _times(least: date = date(1900, 1, 1)) -> st.SearchStrategy[datetime]:
    return st.datetimes(datetime(least.year, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def _spans(draw: st.DrawFn) -> tuple[date | None, date | None]:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return draw(st.sampled_from([(first, last), (None, last), (first, None), (None, None)]))


@st.composite
def _crossings(draw: st.DrawFn) -> Crossing:
    return Crossing(draw(SPOTS), draw(WORDS), *draw(_spans()))


@st.composite
def _barriers(draw: st.DrawFn) -> Barrier:
    crossings = tuple(draw(st.lists(_crossings(), max_size=2)))
    return Barrier(draw(WORDS), draw(WORDS), draw(LINES), draw(st.floats(0, 1)), crossings, *draw(_spans()))


@st.composite
def theatres(draw: st.DrawFn) -> Theatre:
    words = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,5}", fullmatch=True)
    ids = [f"{side}_" for side in draw(st.lists(words, min_size=2, max_size=2, unique_by=str.casefold))]
    sides = [Side(side, draw(_names_of(side)), draw(st.sampled_from(["", "#c0392b"]))) for side in ids]
    some_side = st.sampled_from([None, *ids])
    source_ids = draw(st.lists(NAMES, max_size=3, unique=True))
    starts, ends = draw(_spans())
    return Theatre(
        name=draw(NAMES),
        sides=(sides[0], sides[1]),
        protected_sides=tuple(draw(st.lists(st.sampled_from(ids), max_size=2, unique=True))),
        bounds=(36.4, 47.9, 38.1, 48.9),
        crs="EPSG:32637",
        anchor=Anchor("a ä\\.geojson", draw(_times()), draw(some_side)),
        title=draw(WORDS),
        simulated=draw(st.booleans()),
        land=draw(st.sampled_from([None, "land.geojson"])),
        cell_m=draw(st.floats(25, 5000)),
        starts=starts,
        ends=ends,
        timezone=draw(st.sampled_from(["UTC", "Europe/Kyiv"])),
        backfill_lag_h=draw(HOURS),
        sources=tuple(
            Source(name, draw(st.sampled_from("ABCDEF")), draw(some_side), draw(st.none() | HOURS))
            for name in source_ids
        ),
        barriers=tuple(draw(st.lists(_barriers(), max_size=2))),
        settlements=tuple(
            draw(
                st.lists(
                    st.builds(
                        Settlement,
                        NAMED,
                        SPOTS,
                        st.none() | st.integers(0, 10**8),
                        st.none() | st.floats(1, 1e5),
                        st.lists(WORDS, max_size=2).map(tuple),
                    ),
                    max_size=2,
                )
            )
        ),
        roads=tuple(draw(st.lists(st.builds(Road, WORDS, LINES, WORDS), max_size=2))),
        policy=Policy(
            draw(HOURS),
            {side: draw(HOURS) for side in ids if draw(st.booleans())},
            draw(st.dictionaries(st.sampled_from(PUBLIC_LAYERS), HOURS, max_size=2)),
            draw(st.floats(1, 100)),
            draw(st.sampled_from(RELEASE_CLASSES)),
            draw(HOURS),
        ),
        map=Mapping(draw(HOURS), draw(WORDS), draw(WORDS)),
    )
