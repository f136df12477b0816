"""Why ground is grey: both are there, sources contradict each other, or nobody is there any more."""

from __future__ import annotations

from typing import no_type_check

from isofront.control.field import GreyReason
from isofront.kept_code import njit

LEAST_GREY = 0.35
"""Below this P(grey) ground is grey only because neither side is sure to hold it: the evidence is what is in doubt."""
CONTRADICTED = 0.3
"""From this weight of statements for either side on, they contradict each other."""
GONE = 0.25
"""From this weight of reports on, a side is taken to have left."""
NOBODY = 0.1
"""Below this weight of what was seen of both sides, nobody was seen for long."""
LOOKED = 0.5
"""Below this degree of unobserved somebody would have been seen."""


NONE, MIXED, DISPUTED, NEITHER = (
    int(one)
    for one in (
        GreyReason.NONE, GreyReason.MIXED_PRESENCE, GreyReason.DISPUTED_EVIDENCE, GreyReason.NEITHER_PRESENT,
    )
)  # fmt: skip


@njit(cache=True, nogil=True)
@no_type_check
def reasons(p_held, seen, said, left, unobserved, out):  # noqa: PLR0917 - numba takes no keywords
    """Write the reason of every cell in a row that neither side holds with one half; 0 for others.

    Disputed: statements that one side holds (claims, flags, the other left) stand against as many for the other, and
    outweigh what was seen of both; or neither class is likely. Neither present: both were told to have left, or nobody
    was seen for long though somebody would have been. Else mixed presence.
    """
    for i in range(out.shape[0]):
        if max(p_held[0, i], p_held[1, i]) >= 0.5:
            out[i] = NONE
            continue
        both = min(seen[0, i], seen[1, i])
        against = min(said[0, i] + left[1, i], said[1, i] + left[0, i])
        disputed = against > max(both, CONTRADICTED) or 1 - (p_held[0, i] + p_held[1, i]) < LEAST_GREY
        gone = min(left[0, i], left[1, i]) > max(both, GONE) and max(said[0, i], said[1, i]) < CONTRADICTED
        empty = seen[0, i] + seen[1, i] < NOBODY and unobserved[i] < LOOKED
        out[i] = NEITHER if gone or (empty and not disputed) else DISPUTED if disputed else MIXED
