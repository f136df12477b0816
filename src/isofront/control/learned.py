"""What was learned, as a file that travels: written once, read by the engine, and wary of another kind of war."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import numpy as np

from isofront.arrays import Float
from isofront.control.learning import Kindred
from isofront.control.motion import Motion
from isofront.control.posterior import Config
from isofront.control.weigh import N_CATEGORIES, STEPS, Table, normalised
from isofront.errors import BadInputError

VERSION = 1
"""Of the file's layout: a file of another version is refused."""
MIX_LIMIT = 0.3
"""Half the sum of differences between two mixes of kinds; past this it is another way of reporting."""
PAST_LINE_LIMIT = 0.25
RATE_LIMIT, PACE_LIMIT = 4.0, 3.0
"""Factors by which the rate of reports may differ, and the pace lie outside the months learned from, either way."""
MOST_LOG = 1.5
"""What covariates may say of the log activity, at most, either way."""


class Scored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Held-out scores of P(control) in the band: means over the days of a block, then over blocks."""

    log_loss: float
    brier: float
    ece: float
    accuracy: float


class Range(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data it was learned from: first and last day of the maps, their number, and that of reports that speak."""

    first_map: str
    last_map: str
    n_maps: int
    n_reports: int


class Factor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A covariate: log activity per standard deviation, its mean and spread, its held-out gain (nats a displacement).

    `coefficient` is 0 where the gain was not positive: then it has no say.
    """

    coefficient: float
    mean: float
    spread: float
    held_out_gain: float


class Learned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `isofront learn` found. `used` names the parts that won on held-out days; the others are as shipped."""

    version: int
    made_by: str
    simulated: bool
    sides: tuple[str, str]
    drawn: str
    learned_from: Range
    used: tuple[str, ...]
    motion: Motion
    link_slope: float
    scores: dict[str, Scored]
    n_held_out: int
    kind_of_war: Kindred
    covariates: dict[str, Factor]
    table: list[list[float]]

    def config(self, config: Config) -> Config:
        """A configuration with what was learned in its place."""
        link = msgspec.structs.replace(config.link, slope=self.link_slope)
        found = with_motion(config, self.motion) if "motion" in self.used else config
        return msgspec.structs.replace(found, link=link)

    def tables(self, sides: tuple[str, str]) -> tuple[Table, ...]:
        """The table as the theatre counts its sides, mirrored if it names them the other way round; none if unused."""
        if "table" not in self.used:
            return ()
        table = Table(normalised(np.array(self.table, float)))
        return (table.mirrored() if sides == self.sides[::-1] else table,)

    @property
    def wanted(self) -> frozenset[str]:
        """Names of the covariates that have a say."""
        return frozenset(name for name, one in self.covariates.items() if one.coefficient)

    def lively(self, layers: Mapping[str, Float[np.ndarray, "ny nx"]]) -> Float[np.ndarray, "ny nx"]:
        """The activity that covariates alone lead one to expect in each cell; 1 where they are average."""
        said = [(one, layers[name]) for name, one in self.covariates.items() if one.coefficient and name in layers]
        logs = sum(one.coefficient * (layer - one.mean) / max(one.spread, 1e-9) for one, layer in said)
        return np.asarray(np.exp(np.clip(logs, -MOST_LOG, MOST_LOG)))


def written(learned: Learned) -> bytes:
    """The file's bytes, a row of the table a line."""
    head = msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(learned, table=[])), indent=1)
    rows = ",\n".join(msgspec.json.encode(row).decode() for row in learned.table)
    return head.decode().replace('"table": []', f'"table": [\n{rows}\n]').encode() + b"\n"


def read(content: bytes, *, name: str) -> Learned:
    """The file's bytes as a record, checked.

    Raises:
        BadInputError: it is not such a file, or of another version.
    """
    try:
        version = msgspec.json.decode(content, type=_Head).version
        if version != VERSION:
            raise BadInputError(f"{name}: version {version}, wanted {VERSION}; run `isofront learn` again")
        learned = msgspec.json.decode(content, type=Learned)
    except msgspec.MsgspecError as fault:
        raise BadInputError(f"{name}: {fault}, wanted what `isofront learn` writes") from fault
    except UnicodeDecodeError as fault:
        raise BadInputError(f"{name}: byte {fault.start} is not UTF-8, wanted what `isofront learn` writes") from fault
    if fault_there := next(_faults(learned), None):
        raise BadInputError(f"{name}: {fault_there}")
    return learned


def learned_from(path: Path) -> Learned:
    """The record in a file that `isofront learn` wrote.

    Raises:
        BadInputError: it cannot be used.
    """
    try:
        return read(path.read_bytes(), name=path.name)
    except OSError as fault:
        raise BadInputError(
            f"{path}: cannot be read ({fault.strerror or fault}); `isofront learn` writes it"
        ) from fault


def warnings(
    learned: Learned,
    *,
    sides: tuple[str, str],
    drawn: str,
    here: Kindred | None,
    covariates: frozenset[str] = frozenset(),
) -> tuple[str, ...]:
    """Where this war differs from the one the file was learned on, a sentence each; none if it is alike."""
    missing = (f"no covariate {name!r} here, which had a say there" for name in sorted(learned.wanted - covariates))
    found = (*_differences(learned, sides, drawn, here), *missing)
    return tuple(f"learned file used on another kind of war: {one}" for one in found)


def with_motion(config: Config, motion: Motion) -> Config:
    """A configuration with a learned motion, whose scales hold where activity is 1: it starts from there."""
    tuning = msgspec.structs.replace(config.tuning, start_activity=1.0, sparse_activity=1.0)
    return msgspec.structs.replace(config, motion=motion, tuning=tuning)


class _Head(msgspec.Struct, frozen=True):
    version: int


def _faults(learned: Learned) -> Iterator[str]:
    shape = (len(learned.table), *{len(row) for row in learned.table})
    if shape != (N_CATEGORIES, len(STEPS)):
        yield f"table of shape {shape}, wanted {N_CATEGORIES} rows of {len(STEPS)}"
    elif not np.allclose(np.exp(np.minimum(learned.table, 1.0)).sum(axis=0), 1.0, atol=0.01):
        yield "table whose columns are no log-probabilities that sum to one: run `isofront learn` again"
    if not 0.2 <= learned.link_slope <= 5:
        yield f"link_slope {learned.link_slope}, wanted 0.2 to 5"
    if not all(0 < value < 1e4 for value in msgspec.structs.astuple(learned.motion)):
        yield f"motion {msgspec.structs.asdict(learned.motion)}, wanted numbers over 0 and under 10000"
    if learned.drawn not in learned.sides:
        yield f"drawn {learned.drawn!r}, wanted one of {', '.join(learned.sides)}"


def _differences(learned: Learned, sides: tuple[str, str], drawn: str, here: Kindred | None) -> Iterator[str]:
    if set(sides) != set(learned.sides):
        yield f"sides {' and '.join(sides)}, learned on {' and '.join(learned.sides)}"
    elif drawn != learned.drawn:
        yield f"the anchor draws what {drawn} holds, learned on maps that draw {learned.drawn}"
    if here is None:
        return
    there = learned.kind_of_war
    apart = 0.5 * sum(abs(here.mix.get(kind, 0.0) - there.mix.get(kind, 0.0)) for kind in {*here.mix, *there.mix})
    if apart > MIX_LIMIT:
        yield f"kinds of reports differ by {apart:.0%}, stated limit {MIX_LIMIT:.0%}"
    for side in sorted(here.past_line.keys() & there.past_line.keys()):
        if abs(here.past_line[side] - there.past_line[side]) > PAST_LINE_LIMIT:
            yield (
                f"{here.past_line[side]:.0%} of what shows {side} lies past its line, learned on "
                f"{there.past_line[side]:.0%}, stated limit {PAST_LINE_LIMIT:.0%} apart"
            )
    rate, pace = here.per_day_100km, here.pace_km2_day[0]
    yield from _by_factor("reports a day and 100 km", rate, (there.per_day_100km, there.per_day_100km), RATE_LIMIT)
    yield from _by_factor("km2 a day of movement", pace, there.pace_km2_day, PACE_LIMIT)


def _by_factor(what: str, here: float, there: tuple[float, float], limit: float) -> Iterator[str]:
    low, high = there
    if here > 0 and low > 0 and not low / limit <= here <= high * limit:
        learned = f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
        yield f"{here:.3g} {what}, learned on {learned}, stated limit a factor of {limit:g}"
