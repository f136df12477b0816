"""What editors' decisions come to at a moment: the approved map, statements that act, fixed ground, what asks again.

The posterior is always computed from the anchor with every report once, so a decision can add no evidence twice: an
accepted or approved change adds none at all. Only a reject, an edit or a hold is evidence, from its day on, until it is
released; past its end it asks, and goes on acting until somebody answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from isofront.evidence.decision import Approval, ApprovedMap, Decision, History, Lock, Verdict

ASK_DAYS = 3.0
"""A decision asks again this many days before its end."""
STATES = (Verdict.REJECT, Verdict.EDIT, Verdict.HOLD)
"""Verdicts that are evidence."""
SETTLES = (Verdict.ACCEPT, *STATES)
"""Verdicts after which the ground stands as decided until something new comes in."""


@dataclass(frozen=True, slots=True)
class Approved:
    """The last approved map, and in which line of the ledger it stands."""

    n: int
    approval: Approval
    map: ApprovedMap


@dataclass(frozen=True, slots=True)
class Acting:
    """A reject, edit or hold, its end as last extended, and since when it is released, if it is."""

    decision: Decision
    until: datetime
    released: datetime | None = None

    @property
    def fixed(self) -> bool:
        """Whether its ground is not redrawn at all: what an editor drew or held stays until they let go."""
        return self.released is None and self.decision.verdict is not Verdict.REJECT

    def asks(self, as_of: datetime) -> bool:
        """Whether its end is near or past, and nobody has answered."""
        return self.released is None and as_of >= self.until - timedelta(days=ASK_DAYS)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at a moment. `since` are the verdicts on ground given after the last approval, oldest first."""

    approved: Approved | None = None
    since: tuple[Decision, ...] = ()
    acting: tuple[Acting, ...] = ()
    locks: tuple[Lock, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nobody has decided anything."""
        return self.approved is None and not (self.since or self.acting or self.locks)

    def asking(self, as_of: datetime) -> tuple[Acting, ...]:
        """What asks again on a day, the soonest end first."""
        return tuple(sorted((one for one in self.acting if one.asks(as_of)), key=lambda one: one.until))


NOTHING = Standing()
"""Where nobody has decided anything."""


def standing(
    history: History, read_map: Callable[[int], ApprovedMap], *, as_of: datetime, known_by: datetime
) -> Standing:
    """What was decided about days up to `as_of` and known before `known_by`; `read_map` gives an approval's map."""
    approvals = [(one.as_of, n, one) for n, one in history.approvals if one.as_of <= as_of and one.known_at < known_by]
    last = max(approvals, key=lambda found: found[:2], default=None)
    approved = None if last is None else Approved(last[1], last[2], read_map(last[1]))
    decided = [(n, one) for n, one in history.decisions if one.as_of <= as_of and one.known_at < known_by]
    knew = None if approved is None else history.knew.get(approved.approval.id)
    since = tuple(one for n, one in decided if one.verdict in SETTLES and _after(approved, n, one, knew))
    return Standing(approved, since, _acting([one for _, one in decided]), _locks(history, known_by))


def _after(approved: Approved | None, n: int, one: Decision, knew: frozenset[str] | None) -> bool:
    """Whether a verdict came after the approval: later in the chain, and about no earlier day.

    Of an approval made in another ledger it is told which verdicts its maker `knew` of; all others came after it.
    """
    if approved is None:
        return True
    later = n > approved.n if knew is None else one.id not in knew
    return later and one.as_of >= approved.approval.as_of


def _acting(decided: list[Decision]) -> tuple[Acting, ...]:
    found: dict[str, Acting] = {}
    for one in decided:
        if one.verdict in STATES and one.until is not None:
            found[one.id] = Acting(one, one.until)
        elif one.of in found and one.verdict is Verdict.EXTEND and one.until is not None:
            found[one.of] = Acting(found[one.of].decision, one.until)
        elif one.of in found and one.verdict is Verdict.RELEASE:
            found[one.of] = Acting(found[one.of].decision, found[one.of].until, one.as_of)
    return tuple(found.values())


def _locks(history: History, known_by: datetime) -> tuple[Lock, ...]:
    found: dict[str, Lock] = {}
    for _, one in history.locks:
        if one.known_at >= known_by:
            continue
        if one.of is None:
            found[one.id] = one
        else:
            found.pop(one.of, None)
    return tuple(found.values())
