"""What may go public: for each report and layer cleared or held back, with why in words; pure.

A report is cleared for a layer once its delay is over,

    max(end of what happened, publication, when it was known) + delay(side seen, layer) <= the moment of publication,

unless something else stands against it. The delay is the theatre's; where one is set for the side or for the layer the
longer of those two is taken instead. What is not cleared has no part in any byte of that layer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from isofront.evidence.claim import Claim
from isofront.evidence.report import Report
from isofront.publish.web import link_words, tells_place
from isofront.theatre.model import Policy, Theatre


class Release(Enum):
    """What a report's keeper allows.

    WITHHELD has no part in anything public. PRIVATE informs the public map from its cell, without link. PUBLIC also
    shows its link. What states none has the theatre's.
    """

    WITHHELD = "withheld"
    PRIVATE = "private"
    PUBLIC = "public"


class Cause(Enum):
    """Why a report, or its link, is held back."""

    DELAY = "the delay is not over"
    RELEASE_CLASS = "its release class withholds it"
    PROTECTED = "it shows a protected side's presence"
    UNSAID = "it does not say whom it shows, and a side is protected"
    TAKEN_BACK = "it was taken back or corrected"
    CORRECTED = "an edition showed its ground wrongly, and it was corrected"
    NO_PLACE = "its place is no settlement that is shown"
    UNDECIDED = "its ground waits for an editor: the approved map does not show what it would change"
    LINK_CLASS = "its link: the release class does not allow it"
    LINK_UNIT = "its link: it or the report names a unit"
    LINK_PLACE = "its link: it tells a place"

    def words(self, until: datetime | None) -> str:
        """Why, and from when on not, as a person reads it."""
        return self.value if until is None else f"{self.value} (until {until:%Y-%m-%dT%H:%MZ})"


LEAST_DELAY = {"interdicted": timedelta(days=7), "routes": timedelta(days=7)}
"""Layers that are never younger, whatever the theatre says."""

_KINDS_OF_UNIT = (
    r"brigade|regiment|battalion|division|corps|company|platoon|squad|bde|bn|омбр|обр|одшбр|бригад\w*|полк\w*|"
    r"батальйон\w*|батальон\w*|дивізі\w*|дивизи\w*"
)
_UNIT = re.compile(
    rf"\b\d++\W*(\w{{1,3}}\W+)?(\w+\W+){{0,2}}({_KINDS_OF_UNIT})\b|\b(unit|call ?sign|позивн\w+|позывн\w+)\W+\w+",
    re.IGNORECASE,
)
"""A number before a kind of unit, with at most a few words between; or a call sign."""
_KINDS_IN_LINKS = (
    r"brigade|brigada|bryhada|regiment|battalion|batalion|batalyon|bataljon|polk|ombr|omsbr|omsp|oshb|odshbr|obr"
)
_UNIT_IN_LINK = re.compile(
    rf"\b(\d+ ?(\w{{1,9}} ){{0,2}}({_KINDS_IN_LINKS})|({_KINDS_IN_LINKS}) ?\d+)\b", re.IGNORECASE
)
"""The same in an address: in Latin letters, run together, in either order."""


@dataclass(frozen=True, slots=True)
class Held:
    """A report that has no part in a layer: why, and from when on it might."""

    report: Report
    layer: str
    cause: Cause
    until: datetime | None = None

    @property
    def words(self) -> str:
        """Why, as a person reads it."""
        return self.cause.words(self.until)


@dataclass(frozen=True, slots=True)
class Cleared:
    """What a policy makes of reports for one layer, each in the order given."""

    layer: str
    reports: tuple[Report, ...]
    held: tuple[Held, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Ids of the cleared reports."""
        return frozenset(one.id for one in self.reports)


@dataclass(frozen=True, slots=True)
class Terms:
    """A theatre's policy at one moment of publication. `standing` are ids of reports nobody took back; None: all."""

    policy: Policy
    protected: frozenset[str]
    now: datetime
    standing: Set[str] | None = None
    undecided: Set[str] = frozenset()
    corrected: Set[str] = frozenset()

    def cleared(self, reports: Iterable[Report], layer: str) -> Cleared:
        """The reports that may inform a layer, and the others with why not."""
        every = tuple(reports)
        found = {one.id: self.held(one, layer) for one in every}
        kept = tuple(one for one in every if found[one.id] is None)
        return Cleared(layer, kept, tuple(held for held in found.values() if held is not None))

    def held(self, report: Report, layer: str) -> Held | None:
        """Why a report has no part in a layer; None if it has."""
        free = self.free_at(report, layer)
        stands_against = {
            Cause.TAKEN_BACK: self.standing is not None and report.id not in self.standing,
            Cause.RELEASE_CLASS: self.release_of(report) is Release.WITHHELD,
            Cause.PROTECTED: report.seen in self.protected,
            Cause.UNSAID: report.seen is None and bool(self.protected),
            Cause.DELAY: free > self.now,
            Cause.CORRECTED: report.id in self.corrected,
            Cause.UNDECIDED: report.id in self.undecided,
        }
        cause = next((one for one, stands in stands_against.items() if stands), None)
        return None if cause is None else Held(report, layer, cause, free if cause is Cause.DELAY else None)

    def free_at(self, report: Report, layer: str) -> datetime:
        """When a report's delay for a layer is over."""
        told = (report.happened.end, report.published_at or report.happened.end, report.known_at)
        return max(told) + self.delay(report.seen, layer)

    def delay(self, side: str | None, layer: str) -> timedelta:
        """The delay of what shows a side, in a layer."""
        return delay(self.policy, side, layer)

    def release_of(self, said: Report | Claim) -> Release:
        """The release class of a report or claim, else the theatre's."""
        return Release(said.release or self.policy.release_class)

    def link_held(self, report: Report) -> Cause | None:
        """Why a cleared report's link does not show; None if it does."""
        if self.release_of(report) is not Release.PUBLIC:
            return Cause.LINK_CLASS
        return Cause.LINK_UNIT if names_a_unit(report) else link_held(report.links[0].url if report.links else "")


def terms_of(
    theatre: Theatre, now: datetime, *, standing: Set[str] | None = None, corrected: Set[str] = frozenset()
) -> Terms:
    """A theatre's policy at a moment, counted from the start of that hour."""
    return Terms(theatre.policy, frozenset(theatre.protected_sides), hour_start(now), standing, corrected=corrected)


def hour_start(moment: datetime) -> datetime:
    """The full hour at or before a moment: what a delay ends at, so that nothing tells its minute."""
    return moment.replace(minute=0, second=0, microsecond=0)


def delay(policy: Policy, side: str | None, layer: str) -> timedelta:
    """How long what shows a side is kept back from a layer: what is set for either (the longer), else the theatre's."""
    told = (policy.delay_h_by_side.get(side or ""), policy.delay_h_by_layer.get(layer))
    hours = max((one for one in told if one is not None), default=policy.delay_h)
    return max(timedelta(hours=hours), LEAST_DELAY.get(layer, timedelta(0)))


def stated_delay(policy: Policy, sides: Iterable[str]) -> timedelta:
    """What an edition may say of its age: nothing in its map and its claims is younger, whichever side it shows."""
    return min(delay(policy, None, "claims"), *(delay(policy, side, "areas") for side in (None, *sides)))


def free_at(policy: Policy, as_of: datetime, layer: str) -> datetime:
    """From when on a layer of a map of `as_of` may be shown at all."""
    return as_of + delay(policy, None, layer)


def names_a_unit(report: Report) -> bool:
    """Whether a report's words name a military unit or a call sign: then its post does, and is not linked."""
    return named_unit(f"{report.target or ''} {report.note}")


def named_unit(text: str) -> bool:
    """Whether a text names a military unit or a call sign."""
    return bool(_UNIT.search(text))


def link_held(url: str) -> Cause | None:
    """Why an address itself does not show, whatever the release class: it names a unit, or tells a place."""
    words = link_words(url)
    if named_unit(words) or _UNIT_IN_LINK.search(words):
        return Cause.LINK_UNIT
    return Cause.LINK_PLACE if tells_place(url) else None


def causes(held: Sequence[Held]) -> Mapping[str, int]:
    """How many reports each cause holds back, by its words, the most first."""
    found: dict[str, int] = {}
    for one in held:
        found[one.cause.value] = found.get(one.cause.value, 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
