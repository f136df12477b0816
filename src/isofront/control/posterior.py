"""The control room's answer: from an anchor and reports to the posterior of the line on a day, window by window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import RLock

import msgspec
import numpy as np

from isofront.arrays import Bool, Float, Int
from isofront.control.chain import Chain, Slow, mixed_reasons
from isofront.control.draws import drawn
from isofront.control.explain import Reasons, explain, explained
from isofront.control.items import Batch
from isofront.control.link import Link, standing
from isofront.control.local_rate import Weeks, about_few, few_say, line_about_km
from isofront.control.motion import Motion
from isofront.control.observing import ObservingTuning
from isofront.control.presence import PresenceTuning
from isofront.control.redistancing import LIMIT_KM
from isofront.control.setting import Setting, Tuning
from isofront.control.spared import Spared
from isofront.control.weigh import Seen, Table, blend, learn, plain_table, shipped_tables
from isofront.control.window import Surface, Trusted, Window, close_window, open_window, surface
from isofront.ground.distance import Distance
from isofront.ground.distance_field import contour_segments
from isofront.ground.grid import EVERYWHERE, Grid, Within
from isofront.ground.lattice import at_cells
from isofront.threads import every_lane, one_blas_thread, side_by_side

KEPT_CELLS = 8_000_000
"""How many cells' worth of maps between windows a model keeps of each chain: thirty of a town's battle, two (the least
with which days side by side can pass from one window to the next) of a long front.
"""
TAUGHT_DAYS = 30.0
"""Reports this long before the anchor teach the table: their depth is known from the anchor, nearly."""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the control room can be told."""

    motion: Motion = Motion()
    tuning: Tuning = Tuning()
    presence: PresenceTuning = PresenceTuning()
    observing: ObservingTuning = ObservingTuning()
    link: Link = Link()


@dataclass(frozen=True)
class Anchored:
    """The map that all starts from: depth (km) inside side 1's ground, whose ground was drawn, and the grey it showed.

    `drawn` is the side (0 or 1) whose held ground the maker draws; depth is distance to the edge of that ground.
    `grey_km` is the signed distance to the edge of the anchor's grey (positive inside), or None if it has none.
    """

    depth_km: Float[np.ndarray, "ny nx"]
    drawn: int
    grey_km: Float[np.ndarray, "ny nx"] | None = None


@dataclass
class Closed:
    """Windows that chains of one kind have closed, under what they were fitted to; one chain at a time adds to them."""

    windows: dict[bytes, tuple[Window, Trusted | None]] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    def copied(self) -> Closed:
        """The same to add to by itself."""
        return Closed(dict(self.windows))

    def __getstate__(self) -> dict[str, object]:
        """What is kept in a file: all but the lock."""
        return {"windows": self.windows}

    def __setstate__(self, kept: dict[str, object]) -> None:
        self.__dict__.update(kept, lock=RLock())

    def keep(self, key: bytes, closed: Window, start: Trusted) -> None:
        """Keep a closed window, and of the maps after windows as many as there is room for."""
        self.windows[key] = (closed, start)
        room = max(2, KEPT_CELLS // start.depth_km.size)
        with_map = [name for name, (_, after) in self.windows.items() if after is not None]
        for name in with_map[:-room]:
            self.windows[name] = (self.windows[name][0], None)


@dataclass
class Model:
    """Fits windows one after the other; closed ones are kept, so that days share work, also days in work at once.

    `tables` are what reports are taken to look like before any is heard; none: the plain one and those that ship.
    `lively` multiplies the activity that cells start with; none: it is the same everywhere.
    """

    grid: Grid
    anchored: Anchored
    config: Config = field(default_factory=Config)
    distance: Distance = field(default_factory=Distance)
    progress: Callable[[str], None] | None = None
    tables: tuple[Table, ...] = ()
    lively: Float[np.ndarray, "ny nx"] | None = None
    _quick: Closed = field(default_factory=Closed)
    _slow: Closed = field(default_factory=Closed)
    _starts: dict[tuple[float, bytes], Trusted] = field(default_factory=dict)
    _taught_tables: dict[bytes, Table] = field(default_factory=dict)
    _weeks: Weeks = field(default_factory=Weeks)

    def apart(self) -> Model:
        """The same without a word of progress, whose further windows are kept by itself."""
        return replace(self, progress=None, _quick=self._quick.copied(), _slow=self._slow.copied())

    @cached_property
    def setting(self) -> Setting:
        """The grid with its lattices and scales."""
        return Setting.of(self.grid, distance=self.distance, motion=self.config.motion, tuning=self.config.tuning)

    def posterior(self, batch: Batch, *, as_of: float, known_by: float) -> Posterior:
        """The posterior on a day from the reports known by a day; both in days since the anchor."""
        with one_blas_thread():
            known = batch.where(batch.known_days < known_by)
            return self._posterior(known, as_of=max(as_of, 0.0))

    def _posterior(self, batch: Batch, *, as_of: float) -> Posterior:
        setting, taught = self.setting, self._taught(batch)
        say, _ = side_by_side(
            lambda: few_say(setting, batch, self._line_about_km, as_of=as_of, weeks=self._weeks),
            lambda: self._first_table(taught),
        )
        if not say.any():
            quick = self._chained(self._quick, setting, batch, taught, as_of=as_of)
            return Posterior(self, quick, None, quick.end, batch, as_of)
        few, heard = replace(setting, tuning=setting.tuning.where_sparse()), about_few(setting, batch, say)
        quick, wide = side_by_side(
            lambda: self._chained(self._quick, setting, batch, taught, as_of=as_of),
            lambda: self._chained(self._slow, few, heard, taught, as_of=as_of),
        )
        slow = Slow.of(wide, say, setting.tuning.few_most)
        return Posterior(self, quick, slow, slow.mixed(quick.end), batch, as_of)

    def _chained(self, closed: Closed, setting: Setting, batch: Batch, taught: Seen, *, as_of: float) -> Chain:
        """The windows up to a day and the latent on it."""
        length = setting.tuning.window_days
        n_closed = int(max(0.0, np.ceil(as_of - 1) // length)) if as_of > 1 else 0
        with closed.lock:
            first = self._first_table(taught)
            windows, start = self._chain(closed, setting, batch, taught, first, n=n_closed)
        opened = n_closed * length
        here = batch.where(_acting(batch, opened, as_of + self.config.tuning.after_days))
        last = open_window(setting, start, here, opened=opened, days=as_of - opened, taught=taught, first=first)
        end = surface(last)
        return Chain((*windows, replace(last, fit=last.fit.settled())), end)

    def _chain(
        self, closed: Closed, setting: Setting, batch: Batch, taught: Seen, first: Table, *, n: int
    ) -> tuple[list[Window], Trusted]:
        """The first n windows, each fitted with what was known when it ended, and the map that the next starts from.

        Of large grids the maps between windows are let go of but the last few; if one is asked for again, all are made
        again.
        """
        windows: list[Window] = []
        start: Trusted | None = self._start(setting, first)
        length, before = setting.tuning.window_days, first.log.tobytes() + setting.tuning.start_activity.hex().encode()
        for number in range(n):
            opened, closes = number * length, (number + 1) * length
            here = batch.where(_acting(batch, opened, closes) & (batch.known_days < closes))
            before = here.digest(before + opened.hex().encode() + closes.hex().encode())
            if before not in closed.windows and start is not None:
                if self.progress is not None:
                    self.progress(f"fitting {length:.0f} days from day {opened:.0f} on")
                with every_lane():
                    window = open_window(setting, start, here, opened=opened, days=length, taught=taught, first=first)
                    closed.keep(before, *close_window(window, surface(window), opened=opened))
            if before not in closed.windows:
                break
            window, start = closed.windows[before]
            windows.append(window)
        if start is None:
            closed.windows.clear()
            return self._chain(closed, setting, batch, taught, first, n=n)
        return windows, start

    @cached_property
    def _line_about_km(self) -> Float[np.ndarray, "banks ry rx"]:
        """How much of the anchor's line lies about each place."""
        return line_about_km(self.setting, contour_segments(self.grid, self.anchored.depth_km))

    def _first_table(self, taught: Seen) -> Table:
        """What reports look like in this war, from those before the anchor and from invented wars."""
        tuning, key = self.config.tuning, taught.fingerprint()
        if key not in self._taught_tables:
            tables = self.tables or (plain_table(), *shipped_tables(self.anchored.drawn))
            blended = blend(tables, taught, pseudo=tuning.pseudo_items)
            self._taught_tables[key] = learn(blended, taught, freedom=tuning.freedom)
        return self._taught_tables[key]

    def _taught(self, batch: Batch) -> Seen:
        """Reports from before the anchor, at the depth the anchor gives them."""
        days = batch.happened_days
        old = batch.where((days < 0) & (days > -TAUGHT_DAYS) & (batch.known_days < 0) & batch.in_table)
        depth = at_cells(self.grid, self.anchored.depth_km, old.at_km)
        spread = np.sqrt(0.05 - self.config.motion.jitter_km2_day * old.happened_days)
        return Seen(old.category, depth, spread, old.weight * self.config.tuning.temper)

    def _start(self, setting: Setting, table: Table) -> Trusted:
        key = (setting.tuning.start_activity, table.log.tobytes())
        if key not in self._starts:
            depth = self.anchored.depth_km
            if depth.size and np.abs(depth).max() > LIMIT_KM:
                depth = np.clip(depth, -LIMIT_KM, LIMIT_KM)
            self._starts[key] = Trusted(
                depth,
                depth,
                np.full(setting.lattice.shape, setting.tuning.start_doubt_km),
                np.zeros((len(setting.banks), *setting.lattice.shape)),
                self._first_activity(setting),
                table,
                np.full(setting.lattice.shape, setting.tuning.start_doubt_km**2),
                Spared.nothing(len(setting.banks), setting.lattice.shape),
            )
        return self._starts[key]

    def _first_activity(self, setting: Setting) -> Float[np.ndarray, "ly lx"]:
        lattice, start = setting.lattice, setting.tuning.start_activity
        if self.lively is None:
            return np.full(lattice.shape, start)
        return start * at_cells(self.grid, self.lively, lattice.nodes_km()).reshape(lattice.shape)


def _acting(batch: Batch, opened: float, until: float) -> Bool[np.ndarray, " n"]:
    """Reports of what happened since the anchor that no closed window could know of."""
    days = batch.happened_days
    fresh = (days >= opened) | (batch.known_days >= opened)
    return np.asarray((days >= 0) & (days < until) & fresh & (batch.category >= 0))


@dataclass(frozen=True)
class Posterior:
    """The latent on a day: its mean and variance, correlated samples, and each report's share in it.

    `quick` is the chain of short windows, `slow` the one for few reports where it has a say; `end` is both as one.
    """

    model: Model
    quick: Chain
    slow: Slow | None
    end: Surface
    batch: Batch
    as_of: float

    @property
    def windows(self) -> tuple[Window, ...]:
        """The short windows, the last of them open."""
        return self.quick.windows

    @property
    def chains(self) -> tuple[Chain, ...]:
        """All chains that have a say."""
        return (self.quick,) if self.slow is None else (self.quick, self.slow.chain)

    def mean(self) -> Float[np.ndarray, "ny nx"]:
        """Depth inside side 1's ground as the anchor's maker draws it, km."""
        return self.end.depth_km

    def variance(self) -> Float[np.ndarray, "ny nx"]:
        """Variance of the depth, km²."""
        return self.end.variance_km2

    def with_reports(self, told: Batch) -> Posterior:
        """The same day with a few more reports, at once: only what lies within their reach is worked out again.

        Activity, table, closed windows and the say of few reports stay as they are: a posterior from scratch differs
        by some metres.
        """
        with one_blas_thread():
            quick, *others = (self._with(chain, told) for chain in self.chains)
            slow = None if self.slow is None else replace(self.slow, chain=others[0])
        end = quick.end if slow is None else slow.mixed(quick.end)
        return replace(self, quick=quick, slow=slow, end=end, batch=self.batch.and_(told))

    def _with(self, chain: Chain, told: Batch) -> Chain:
        opened = self.as_of - chain.windows[-1].days
        acting = told.where(_acting(told, opened, self.as_of + self.model.config.tuning.after_days))
        return chain.with_reports(acting, opened=opened)

    def sample(self, n: int, rng: np.random.Generator, *, within: Within = EVERYWHERE) -> Float[np.ndarray, "n ny nx"]:
        """Depth fields (km) drawn from the posterior, correlated in space as the covariance says.

        `within` cuts rows and columns out: the same draws, at the memory of the cells asked for.
        """
        setting = self.model.setting
        nodes = setting.lattice.nodes_km()
        moved = np.zeros((n, len(nodes)))
        with one_blas_thread():
            if self.slow is None:
                near = self.windows[-1].near(nodes)
                moved[:, near] = drawn(self.windows[-1].fit, self.windows[-1].spots_at(nodes[near]), n, rng)
            else:
                near = self.near(nodes)
                spread = np.sqrt(at_cells(self.model.grid, self.end.variance_km2, nodes[near]))
                moved[:, near] = spread * self.sample_at(nodes[near], n, rng)
        part, depth = setting.grid.part(*within), self.end.depth_km[within]
        out = np.empty((n, *depth.shape))
        for number, one in enumerate(moved):
            out[number] = depth + setting.lattice.to_cells(one.reshape(setting.lattice.shape), part)
        return out

    def near(self, spots_km: Float[np.ndarray, "n 2"]) -> Bool[np.ndarray, " n"]:
        """Which spots lie near enough to the line for reports to act there, by any chain."""
        return np.asarray(np.any([chain.windows[-1].near(spots_km) for chain in self.chains], axis=0))

    def sample_at(
        self, spots_km: Float[np.ndarray, "m 2"], n: int, rng: np.random.Generator
    ) -> Float[np.ndarray, "n m"]:
        """How far samples stray from the mean depth at spots, in standard deviations: correlated standard normals.

        Of two chains each is drawn by itself, and √(1 - w) and √w of them are added.
        """
        with one_blas_thread():
            if self.slow is None:
                return self.quick.sample_at(spots_km, n, rng)
            w = self.say_at(spots_km)
            quick, slow = (chain.sample_at(spots_km, n, rng) for chain in self.chains)
            return np.asarray(np.sqrt(1 - w) * quick + np.sqrt(w) * slow)

    def say(self, within: Within = EVERYWHERE) -> Float[np.ndarray, "ny nx"] | float:
        """How much the setting for few reports has to say in cells (of some rows and columns)."""
        return 0.0 if self.slow is None else self.slow.in_cells[within]

    def say_at(self, spots_km: Float[np.ndarray, "m 2"]) -> Float[np.ndarray, " m"]:
        """How much the setting for few reports has to say at spots."""
        if self.slow is None:
            return np.zeros(len(spots_km))
        say = self.model.setting.spots_of_banks(self.slow.say, spots_km)
        return np.asarray(np.clip(say, 0.0, self.model.config.tuning.few_most))

    def explain(self, cells: Int[np.ndarray, "cells 2"]) -> Reasons:
        """The anchor's depth and each report's share in the depth of cells (row, column), km; they sum to it."""
        at = cells[:, 0], cells[:, 1]
        with one_blas_thread():
            found = [explain(chain.windows, chain.end.depth_km[at], cells) for chain in self.chains]
        return found[0] if self.slow is None else mixed_reasons(found[0], found[1], self.slow.in_cells[at])

    def explained(self, cells: Int[np.ndarray, "cells 2"]) -> Iterator[tuple[Int[np.ndarray, " some"], Reasons]]:
        """The same tile by tile, by the reports near each alone: which of the cells, and their reasons."""
        at = cells[:, 0], cells[:, 1]
        with one_blas_thread():
            found = [explained(chain.windows, chain.end.depth_km[at], cells) for chain in self.chains]
            if self.slow is None:
                yield from found[0]
                return
            for (rows, quick), (_, slow) in zip(*found, strict=True):
                yield rows, mixed_reasons(quick, slow, self.slow.in_cells[at][rows])

    def prior_km(self, within: Within = EVERYWHERE) -> Float[np.ndarray, "ny nx"]:
        """What the depth would be if every report's share were taken out, km, in cells (of some rows and columns)."""
        kept = self.quick.prior_km(within)
        if self.slow is None:
            return kept
        return np.asarray(kept + self.slow.in_cells[within] * (self.slow.chain.prior_km(within) - kept))

    @property
    def used(self) -> tuple[str, ...]:
        """Ids of the reports that acted."""
        return tuple(sorted({name for chain in self.chains for one in chain.windows for name in one.batch.ids}))

    def roamed_km2(self, within: Within = EVERYWHERE) -> Float[np.ndarray, "ny nx"]:
        """How far, squared, the line was expected to have come from the anchor, in cells."""
        lattice, part = self.model.setting.lattice, self.model.grid.part(*within)
        quick, *slow = (lattice.to_cells(chain.windows[-1].roamed_km2(), part) for chain in self.chains)
        return quick if not slow else np.asarray(quick + self.say(within) * (slow[0] - quick))

    def stands(self, within: Within = EVERYWHERE) -> Float[np.ndarray, "ny nx"]:
        """P(the line here is still the anchor's), see `standing`."""
        moved_km = self.end.depth_km[within] - self.prior_km(within)
        variance, roamed = self.end.variance_km2[within], self.roamed_km2(within)
        return standing(moved_km, variance, roamed, self.model.config.link)
