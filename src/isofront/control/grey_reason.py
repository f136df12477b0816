"""Why ground is grey: both are there, sources contradict each other, or nobody is there any more."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, UInt8

from isofront.control.field import GreyReason
from isofront.control.presence import Presence

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


def grey_reasons(
    p_held: Float[np.ndarray, "2 ny nx"], there: Presence, unobserved: Float[np.ndarray, "ny nx"]
) -> UInt8[np.ndarray, "ny nx"]:
    """The reason in every cell that neither side holds with one half; 0 elsewhere.

    Disputed: statements that one side holds (claims, flags, the other left) stand against as many for the other, and
    outweigh what was seen of both; or neither class is likely. Neither present: both were told to have left, or nobody
    was seen for long though somebody would have been. Else mixed presence.
    """
    both = there.seen.min(axis=0)
    against = (there.said + there.left[::-1]).min(axis=0)
    disputed = (against > np.maximum(both, CONTRADICTED)) | (1 - p_held.sum(axis=0) < LEAST_GREY)
    gone = (there.left.min(axis=0) > np.maximum(both, GONE)) & (there.said.max(axis=0) < CONTRADICTED)
    empty = (there.seen.sum(axis=0) < NOBODY) & (unobserved < LOOKED)
    reason = np.full(both.shape, GreyReason.MIXED_PRESENCE, np.uint8)
    reason[disputed] = GreyReason.DISPUTED_EVIDENCE
    reason[gone | (empty & ~disputed)] = GreyReason.NEITHER_PRESENT
    reason[p_held.max(axis=0) >= 0.5] = GreyReason.NONE
    return reason
