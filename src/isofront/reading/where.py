"""The places that the names in a text mean, each out of its namesakes.

A name is looked up in the whole world's gazetteer. Which bearer is meant is told by the others: a text about a war
names places that lie near each other, so the spot that most names can lie near is the text's theatre, and a bearer far
from it is not placed. What a theatre's own bounds say comes before that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from isofront.ground.degrees import KM_PER_DEGREE
from isofront.ground.grid import Bounds
from isofront.ground.naming import bearers
from isofront.ground.places import Place, Places
from isofront.reading.countries import countries_in, neighbours, regions_in
from isofront.reading.draft import Spot, Unread
from isofront.reading.mentions import Mention, goes_on
from isofront.reading.words import Words

NEAR_KM = 120.0
"""Names within this of each other speak for each other."""
COUNTRY_KM = 1200.0
"""Within this at the most a name still is placed that one large place bears and that is said to be taken or held."""
FOUGHT = 2.0
"""What is fought over is placed so many times as far away as the rest: not the country's other end."""
THEATRE_KM = 260.0
"""A bearer farther than this from where the text's names gather is another war's, or the capital's: not placed."""
LONE_KM = 330.0
"""A name that only one place bears, and that the text says to be a place, is placed within this at the least."""
BESIDE_KM = 45.0
"""What a text says to lie by a place lies within this of it."""
TOWN = 10_000
"""The name of a town of so many people is taken for it without a word before it that says so, and farther away."""
COMPANY_KM = 60.0
"""A village is meant only if another place of the text lies within this (more in a wide country)."""
REACH = 2.4
"""In a wide country the limit is so many times the middle distance of its names that only one place bears."""
JOINING = 2
"""A name farther away is still placed if so many names that are placed lie near it: a front is long."""
MOST_BEARERS = 60
FOR_COUNTRIES = 50_000
"""Countries are looked for in so many letters of a text."""
VARIANT = 1.2
"""What each further form of a name in a text ("Покровську", "Покровськ") says for the place that all may mean."""
DOMINANT = 8.0
"""A name away from the others is placed only if its largest bearer has this many times the people of the next."""
DOMINANT_ABROAD = 4.0
"""The same where a text names its countries and the next bearer lies in another one of them than the largest."""
OWN_NAME = 20.0
"""Who bears a name as its own counts for so many times the people of who bears it as a former or foreign one."""


def spots(
    found: Sequence[Mention],
    places: Places,
    words: Words,
    *,
    text: str,
    fought: frozenset[str],
    box: Bounds | None = None,
) -> tuple[list[Spot], list[Unread]]:
    """The mentions that are places of the text's theatre, in the text's order; and names that could not be placed.

    `fought` are the names of `fought_over`.
    """
    forms = {one.name: words.base_forms(one.name) for one in found}
    known = bearers(places, (form for some in forms.values() for form in some))
    options = {name: _options(some, known) for name, some in forms.items()}
    counted = Counter(one.name for one in found if one.led or one.name in fought)
    options |= (hints := _regions(text, places, words))
    counted.update(hints.keys())
    chosen = _chosen(
        {name: some for name, some in options.items() if some},
        counted,
        countries_in(text[:FOR_COUNTRIES], words),
        box=box,
        fought=fought,
        regions=hints.keys(),
    )
    chosen |= _beside(found, options, chosen, text, words)
    sure = {
        chosen[one.name].id for one in found if one.name in chosen and _is_surely(one, chosen[one.name], counted, words)
    }
    taken: list[Spot] = []
    unread: list[Unread] = []
    for one in sorted(found, key=lambda one: (one.start, one.start - one.end)):
        if taken and one.start < taken[-1].end:
            continue
        speaks = not one.led and words.says.match(text[one.end : one.end + 20])
        place = None if speaks or goes_on(one, text, words) else chosen.get(one.name)
        if place is not None and place.id in sure:
            written = next(form for form in forms[one.name] if place in known.get(form, ()))
            taken.append(Spot(written, place.name, place.lon, place.lat, one.start, one.end))
        elif one.led and options[one.name] and not countries_in(one.name, words):
            unread.append(Unread(one.start, one.end, "a place of this name lies far from the others, or several do"))
    return taken, unread


def _beside(
    found: Sequence[Mention],
    options: Mapping[str, tuple[Place, ...]],
    chosen: Mapping[str, Place],
    text: str,
    words: Words,
) -> dict[str, Place]:
    """The bearers of names that the text itself says to lie by a place: "X (east of Y)", "X, a village near Y"."""
    told: dict[str, Place] = {}
    for one in found:
        if len(options[one.name]) < 2 or not (hint := words.lies_by.match(text[one.end : one.end + 90])):
            continue
        if (by := _named_first(text[one.end + hint.end() :], chosen)) is None:
            continue
        at = np.array([(place.lon, place.lat) for place in options[one.name]])
        far = _km(at, np.array((by.lon, by.lat)))
        if far.min() <= BESIDE_KM:
            told.setdefault(one.name, options[one.name][int(far.argmin())])
    return told


def _named_first(text: str, chosen: Mapping[str, Place]) -> Place | None:
    """The place whose name a text begins with."""
    parts = re.match(r"[^\W\d_][\w'’ʼ-]*(?: [^\W\d_][\w'’ʼ-]*){0,2}", text)
    some = parts.group().split() if parts else []
    return next((chosen[name] for k in range(len(some), 0, -1) if (name := " ".join(some[:k])) in chosen), None)


def _is_surely(one: Mention, place: Place, counted: Mapping[str, int], words: Words) -> bool:
    """Whether a mention alone shows that the place is meant, and no word or surname that only looks like its name."""
    if one.led or counted[one.name]:
        return True
    if one.name in words.stop:
        return False
    spellings = {_straight(name) for name in (*place.spellings, place.name)}
    return _straight(one.name) in spellings or _straight(words.surely(one.name) or "") in spellings


def _straight(name: str) -> str:
    return name.replace("’", "'").replace("ʼ", "'")


def _regions(text: str, places: Places, words: Words) -> dict[str, tuple[Place, ...]]:
    """The towns that the regions lie around of which a text tells, by the region: they speak for names near them."""
    told = regions_in(text[:FOR_COUNTRIES], words)
    known = bearers(places, told.values())
    return {region: known[town][:1] for region, town in told.items() if town in known}


def _options(forms: Iterable[str], known: Mapping[str, tuple[Place, ...]]) -> tuple[Place, ...]:
    some = tuple(forms)
    every = {place.id: place for form in some for place in known.get(form, ())}
    return tuple(sorted(every.values(), key=lambda place: -_weight(place, some))[:MOST_BEARERS])


def _weight(place: Place, forms: Collection[str]) -> float:
    """The people of a place, more if a form is its own name."""
    return (place.population or 1) * (OWN_NAME if place.name in forms else 1.0)


def _chosen(
    options: Mapping[str, tuple[Place, ...]],
    counted: Counter[str],
    countries: frozenset[str],
    *,
    box: Bounds | None,
    fought: frozenset[str],
    regions: Collection[str],
) -> dict[str, Place]:
    """Which bearer each name means; names without one that fits are left out."""
    if box is not None:
        wide = Bounds(box.west - 0.5, box.south - 0.5, box.east + 0.5, box.north + 0.5)
        inside = {name: [one for one in some if wide.holds(one.lon, one.lat)] for name, some in options.items()}
        return {name: some[0] for name, some in inside.items() if some}
    if countries:
        wider = countries | neighbours(countries)
        across = any(_in(some, wider) and not _in(some, countries) for some in options.values())
        told = countries if not across or len(countries) > 1 else wider
        options = {name: _in(some, told) or _in(some, wider) for name, some in options.items()}
        options = {name: some for name, some in options.items() if some}
    least = DOMINANT_ABROAD if countries else DOMINANT
    if len(options) < 2:
        return {name: some[0] for name, some in options.items() if _dominates(name, some, least=least)}
    return _gathered(options, counted, fought if countries else frozenset(), least=least, regions=regions)


def _in(some: Iterable[Place], countries: frozenset[str]) -> tuple[Place, ...]:
    return tuple(one for one in some if one.country in countries)


def _dominates(name: str, some: tuple[Place, ...], *, least: float = DOMINANT) -> bool:
    """Whether the first bearer of a name is so much larger than the next that it is meant where nothing else tells.

    `least` is how many times, where the next lies in another country.
    """
    if len(some) == 1:
        return True
    times = least if some[0].country != some[1].country else DOMINANT
    return _weight(some[0], (name,)) >= times * _weight(some[1], (name,))


def _gathered(
    options: Mapping[str, tuple[Place, ...]],
    counted: Counter[str],
    fought: frozenset[str],
    *,
    least: float,
    regions: Collection[str],
) -> dict[str, Place]:
    """Each name's bearer with the most other names near it, where those gather that have the most of all."""
    names = list(options)
    every = [(k, place) for k, name in enumerate(names) for place in options[name]]
    owner = np.array([k for k, _ in every])
    at = np.array([(place.lon, place.lat) for _, place in every])
    weight = np.array([(1.0 if counted[name] else 0.3) / len(options[name]) ** 0.5 for name in names])
    support = np.array([_support(at, owner, weight, k) for k in range(len(every))])
    people = np.array([np.log10(1 + (place.population or 0)) for _, place in every])
    best = int(np.lexsort((people, np.round(support, 6)))[-1])
    far = _km(at, at[best])
    meant_by = Counter(place.id for _, place in every)
    rank = support + 0.3 * people + VARIANT * np.array([meant_by[place.id] for _, place in every])
    limit = _limit(
        far, owner, every, [counted[name] > 0 or _is_town(options[name][0]) for name in names], every[best][1].country
    )
    chosen: dict[str, Place] = {}
    for k, name in enumerate(names):
        own = np.flatnonzero(owner == k)
        town = _is_town(options[name][0]) and _dominates(name, options[name])
        mine = [
            i for i in own if (far[i] <= THEATRE_KM or (i == own[0] and town and far[i] <= limit)) and support[i] > 0
        ]
        largest = float(far[own[0]])
        if mine:
            chosen[name] = every[max(mine, key=lambda i: (round(float(rank[i]), 6), -i))][1]
        elif (
            _dominates(name, options[name], least=least)
            and _is_town(options[name][0])
            and largest <= (min(COUNTRY_KM, FOUGHT * limit) if name in fought else limit)
        ):
            chosen[name] = options[name][0]
    kept = _in_company(chosen, options, COMPANY_KM * limit / LONE_KM, least=least, regions=regions)
    dropped = {name: options[name] for name in names if name in chosen and name not in kept}
    chosen = kept | _towns_beside(dropped, kept)
    return chosen | _joining({name: options[name] for name in names if counted[name] and name not in chosen}, chosen)


def _in_company(
    chosen: Mapping[str, Place],
    options: Mapping[str, tuple[Place, ...]],
    within_km: float,
    *,
    least: float,
    regions: Collection[str],
) -> dict[str, Place]:
    """The choice without villages that lie alone: namesakes of those that the gazetteer lacks.

    One of several bearers needs a place beside it that is sure: a town, or the only one of its name. For the only one
    of its name it is enough that the text names its region.
    """
    every = list(chosen.items())
    if len(every) <= JOINING:
        return dict(chosen)
    at = np.array([(one.lon, one.lat) for _, one in every])
    ids = np.array([one.id for _, one in every])
    towns = [_is_town(one) and _dominates(name, options[name], least=least) for name, one in every]
    sure = np.array(towns) | np.array([len(options[name]) == 1 for name, _ in every])
    of_region = np.array([name in regions for name, _ in every])
    kept = {}
    for k, (name, place) in enumerate(every):
        beside = (_km(at, at[k]) <= within_km) & (ids != place.id)
        region = len(options[name]) == 1 and (_km(at, at[k]) <= NEAR_KM)[of_region].any()
        if towns[k] or region or (beside & (sure | sure[k])).any():
            kept[name] = place
    return kept


def _towns_beside(dropped: Mapping[str, tuple[Place, ...]], kept: Mapping[str, Place]) -> dict[str, Place]:
    """The towns that names mean whose village lay alone: those with several of the text's places close by."""
    at = np.array([(one.lon, one.lat) for one in kept.values()]).reshape(-1, 2)
    towns = {name: some[0] for name, some in dropped.items() if _is_town(some[0])}
    return {
        name: town
        for name, town in towns.items()
        if (_km(at, np.array((town.lon, town.lat))) <= BESIDE_KM).sum() >= JOINING
    }


def _limit(
    far: np.ndarray, owner: np.ndarray, every: Sequence[tuple[int, Place]], led: Sequence[bool], country: str
) -> float:
    """How far from where the names gather one is still placed, in km: farther in a wide, thinly settled country."""
    times = np.bincount(owner)
    sure = [far[i] for i, (k, place) in enumerate(every) if times[k] == 1 and led[k] and place.country == country]
    return float(np.clip(REACH * np.median(sure), LONE_KM, COUNTRY_KM)) if len(sure) > JOINING else LONE_KM


def _is_town(place: Place) -> bool:
    return (place.population or 0) >= TOWN


def _joining(options: Mapping[str, tuple[Place, ...]], chosen: Mapping[str, Place]) -> dict[str, Place]:
    """The names whose one bearer lies near several places that are placed already: the far end of a long front."""
    joined: dict[str, Place] = {}
    for _ in range(len(options)):
        at = np.array([(one.lon, one.lat) for one in {**chosen, **joined}.values()]).reshape(-1, 2)
        more = {}
        for name in options.keys() - joined.keys():
            near = [one for one in options[name] if (_km(at, np.array((one.lon, one.lat))) <= NEAR_KM).sum() >= JOINING]
            if len(near) == 1:
                more[name] = near[0]
        if not more:
            break
        joined |= more
    return joined


def _support(at: np.ndarray, owner: np.ndarray, weight: np.ndarray, k: int) -> float:
    """The weight of the other names that have a bearer near a place."""
    near = np.unique(owner[_km(at, at[k]) <= NEAR_KM])
    return float(weight[near].sum() - weight[owner[k]])


def _km(at: np.ndarray, centre: np.ndarray) -> np.ndarray:
    east, north = (at - centre).T
    return np.asarray(np.hypot(east * np.cos(np.radians(centre[1])), north) * KM_PER_DEGREE)
