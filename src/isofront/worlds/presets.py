"""Named invented wars: each is a script of moves drawn with a generator."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from isofront.worlds.moves import Effect, Move, Path, Script

Rng = np.random.Generator
SPAN_KM = 40.0
"""Moves start within this distance north or south of the middle."""
NEWS_DAYS = 10.0
"""How long what is sudden stays news."""


def _sectors(n: int, rng: Rng) -> list[float]:
    """n spots along the front (km north of the middle), spread evenly with some chance."""
    step = 2 * SPAN_KM / n
    return [-SPAN_KM + step * (k + 0.5) + float(rng.uniform(-0.2, 0.2)) * step for k in range(n)]


def _westward(north: float, deep_km: float, rng: Rng, *, start_km: float = 5.0) -> Path:
    """A bent path from behind the attacker's line to `deep_km` beyond it."""
    bends = np.cumsum(rng.normal(0, deep_km / 9, 3))
    stops = np.linspace(start_km, -deep_km, 4)
    return tuple((float(x), float(y)) for x, y in zip(stops, [north, *(north + bends)], strict=True))


def _assaults(sectors: list[float], n_days: int, rng: Rng) -> list[Move]:
    moves = []
    for north in sectors:
        begin = float(rng.uniform(0, 0.5)) * n_days
        lasts = float(rng.uniform(0.3, 0.5)) * n_days
        path = _westward(north, float(rng.uniform(6, 13)), rng)
        moves.append(Move(Effect.GAIN, path, begin, begin + lasts, float(rng.uniform(2.5, 5))))
    return moves


def _infiltrations(
    sectors: list[float], n_days: int, rng: Rng, *, deep_km: tuple[float, float] = (6.0, 11.0)
) -> list[Move]:
    """Grey first, two to five weeks later held ground along the same path, not as deep."""
    moves = []
    for north in sectors:
        begin = float(rng.uniform(0.05, 0.4)) * n_days
        path = _westward(north, float(rng.uniform(*deep_km)), rng)
        width = float(rng.uniform(2.2, 4))
        moves.append(Move(Effect.GREY, path, begin, begin + 0.2 * n_days, width + 1.5))
        later = begin + float(rng.uniform(14, 35))
        moves.append(Move(Effect.GAIN, path[:3], later, later + 0.35 * n_days, width))
    return moves


def assault(n_days: int, rng: Rng) -> Script:
    """Four slow thrusts, a narrow grey band."""
    return Script(tuple(_assaults(_sectors(4, rng), n_days, rng)), grey_km=1.0)


def infiltration(n_days: int, rng: Rng) -> Script:
    """Grey grows deep before anything is held."""
    return Script(tuple(_infiltrations(_sectors(4, rng), n_days, rng)), grey_km=1.6)


def mixed(n_days: int, rng: Rng) -> Script:
    """Two assaults, two infiltrations and a counter-attack: the general case."""
    sectors = _sectors(5, rng)
    moves = _assaults([sectors[0], sectors[3]], n_days, rng)
    moves += _infiltrations([sectors[1], sectors[4]], n_days, rng, deep_km=(3.5, 7.0))
    return Script((*moves, *_thrust_and_cut(sectors[2], n_days, rng, deep_km=(7.0, 11.0))), grey_km=1.5)


def pincers(n_days: int, rng: Rng) -> Script:
    """Two thrusts bend round a town 9 km behind the line; the gap narrows to a few km, late it may close."""
    north = float(rng.uniform(-12, 12))
    half = float(rng.uniform(6.5, 8.5))
    moves: list[Move] = []
    for arm in (1, -1):
        y = north + arm * half
        tip = north + arm * float(rng.uniform(2.2, 3.5))
        path: Path = ((5.0, y), (-4.0, y), (-9.0, y - arm * 0.8), (-13.0, (y + tip) / 2), (-14.0, tip))
        begin = float(rng.uniform(0.05, 0.15)) * n_days
        moves.append(Move(Effect.GREY, path, begin, 0.6 * n_days, 3.0))
        moves.append(Move(Effect.GAIN, path[:4], begin + 0.1 * n_days, 0.75 * n_days, 2.0))
    if rng.random() < 0.5:
        moves.append(Move(Effect.GREY, ((-14.0, north - 4), (-14.0, north + 4)), 0.8 * n_days, 0.9 * n_days, 2.5))
    return Script((*moves, *_assaults([north - 30, north + 30], n_days, rng)), grey_km=1.4)


def _thrust_and_cut(north: float, n_days: int, rng: Rng, *, deep_km: tuple[float, float] = (11.0, 15.0)) -> list[Move]:
    """A narrow thrust, then the defender cuts its neck from both sides, then clears what is left."""
    deep = float(rng.uniform(*deep_km))
    path: Path = ((5.0, north), (-deep / 2, north + 1.0), (-deep, north))
    quick = max(3.0, 0.06 * n_days)
    begin = float(rng.uniform(0.1, 0.2)) * n_days
    moves = [
        Move(Effect.GREY, path, begin, begin + quick, 4.5),
        Move(Effect.GAIN, path, begin + 0.02 * n_days, begin + 1.5 * quick, 2.6),
    ]
    neck = -deep * 0.35
    for arm in (1, -1):
        cut: Path = ((neck, north + arm * 9), (neck, north + arm * 0.5))
        moves.append(Move(Effect.LOSS, cut, begin + 0.2 * n_days, begin + 0.4 * n_days, 2.5))
    clear: Path = ((neck, north), (-deep - 2, north))
    moves.append(Move(Effect.LOSS, clear, begin + 0.42 * n_days, begin + 0.65 * n_days, 4.5))
    return moves


def counterattack(n_days: int, rng: Rng) -> Script:
    """Two salients are made, cut off and cleared."""
    sectors = _sectors(3, rng)
    moves = _thrust_and_cut(sectors[0], n_days, rng) + _thrust_and_cut(sectors[2], n_days, rng)
    return Script((*moves, *_assaults([sectors[1]], n_days, rng)), grey_km=1.4)


def quiet(n_days: int, rng: Rng) -> Script:
    """Nothing moves but the line's own small wobble."""
    del n_days, rng
    return Script((), grey_km=1.2, wobble_km=0.15, step_days=5.0)


def rapid_advance(n_days: int, rng: Rng) -> Script:
    """30 km a day along one road for two days; flanks are neither side's for a week, then fill."""
    north = float(rng.uniform(-15, 15))
    begin = float(rng.uniform(0.4, 0.6)) * n_days
    path: Path = ((4.0, north), (-12.0, north + 3), (-26.0, north - 2), (-44.0, north + 4))
    hours = (44 + 4) / 30.0
    return Script(
        (
            Move(Effect.GREY, path, begin, begin + hours, 5.0),
            Move(Effect.GAIN, path, begin, begin + hours, 1.2),
            Move(Effect.GAIN, path[:3], begin + 7, begin + 20, 5.0),
        ),
        grey_km=1.2,
        step_days=0.5,
        news_days=NEWS_DAYS,
    )


def air_landing(n_days: int, rng: Rng) -> Script:
    """A detached area appears 20-30 km behind the line; after two weeks it is relieved or cleared."""
    at = (-float(rng.uniform(20, 30)), float(rng.uniform(-25, 25)))
    begin = float(rng.uniform(0.3, 0.5)) * n_days
    moves = [Move(Effect.GREY, (at,), begin, begin + 3, 5.0), Move(Effect.GAIN, (at,), begin, begin + 3, 3.2)]
    if rng.random() < 0.5:
        moves.append(Move(Effect.GAIN, ((4.0, at[1]), at), begin + 12, begin + 30, 3.0))
    else:
        moves.append(Move(Effect.LOSS, ((at[0] - 6, at[1]), at), begin + 14, begin + 24, 6.0))
    return Script(tuple(moves), grey_km=1.2, step_days=1.0, news_days=NEWS_DAYS)


RIVER_EAST_KM = 0.0
"""Where the river of `bridgehead` runs, km east of the middle, in the grey between the banks."""


def bridgehead(n_days: int, rng: Rng) -> Script:
    """The line is a river; the attacker crosses at one place and widens it."""
    north = float(rng.uniform(-20, 20))
    begin = float(rng.uniform(0.25, 0.4)) * n_days
    landing: Path = ((RIVER_EAST_KM, north), (RIVER_EAST_KM - 2.5, north))
    wider: Path = ((RIVER_EAST_KM - 2, north - 5), (RIVER_EAST_KM - 2.5, north), (RIVER_EAST_KM - 2, north + 6))
    return Script(
        (
            Move(Effect.GREY, landing, begin, begin + 3, 3.0),
            Move(Effect.GAIN, landing, begin + 1, begin + 5, 1.8),
            Move(Effect.GAIN, wider, begin + 20, begin + 0.4 * n_days, 2.8),
        ),
        grey_km=0.9,
        meander_km=0.0,
        wobble_km=0.0,
        step_days=1.0,
        news_days=NEWS_DAYS,
    )


SCRIPTS: dict[str, Callable[[int, Rng], Script]] = {
    "tame": mixed,
    "likereal": mixed,
    "assault": assault,
    "infiltration": infiltration,
    "pincers": pincers,
    "counterattack": counterattack,
    "quiet": quiet,
    "rapid_advance": rapid_advance,
    "air_landing": air_landing,
    "bridgehead": bridgehead,
}
"""Presets by name; `skirmish` has its own generator."""
