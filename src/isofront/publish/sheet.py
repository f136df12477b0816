"""All that one map sheet shows; every writer in this room takes a Sheet and writes one file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry

from isofront.control.field import Field
from isofront.front.shapes import Drawing
from isofront.theatre.model import Settlement, Theatre

if TYPE_CHECKING:  # who draws a sheet without them need not load what measures them
    from isofront.control.interdicted import Interdicted
    from isofront.evidence.report import Report
    from isofront.front.exposed import Exposed
    from isofront.front.rules import Pockets


class State(Enum):
    """What a map is worth: the engine's run, an editor's word, or a published edition."""

    DRAFT = "draft"
    APPROVED = "approved"
    EDITION = "edition"


@dataclass(frozen=True, slots=True)
class SettlementStatus:
    """A settlement's class today: held_<side id> or grey, with the probability of that class."""

    settlement: Settlement
    status: str
    p: float


@dataclass(frozen=True, slots=True)
class Push:
    """How one report moved the control latent at a spot: km, positive toward side 1."""

    report_id: str
    km: float


@dataclass(frozen=True, slots=True)
class Why:
    """Why a spot is what it is: prior + pushes (largest first) + the sum of the smaller ones = latent, in km."""

    lon: float
    lat: float
    prior_km: float
    pushes: tuple[Push, ...]
    others_km: float
    n_others: int
    latent_km: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One date of a map. `summary` is what `summary.json` holds; what stands after it may be None (`land` in km)."""

    theatre: Theatre
    as_of: datetime
    known_by: datetime
    state: State
    simulated: bool
    field: Field
    drawing: Drawing
    settlements: tuple[SettlementStatus, ...]
    reports: tuple[Report, ...]
    why: tuple[Why, ...]
    summary: dict[str, Any]
    land: BaseGeometry | None = None
    pockets: Pockets | None = None
    interdicted: Interdicted | None = None
    exposed: Exposed | None = None
