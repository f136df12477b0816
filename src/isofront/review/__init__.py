"""Between a draft and an approved map: what an editor is asked, and what the answers mean.

In: two coverages (the last approved map and the draft), the field, shares of reports, and the history of decisions.
Out: pieces of ground that differ, proposals in the order of their size, the coverage after decisions, and what stands
at a moment: the approved map, editors' statements, fixed and locked ground, what asks again. All pure.
"""

from isofront.review.pieces import Piece, differences, overlaid
from isofront.review.proposal import Proposal, Push, Settling, core_km2, proposal_id, sure_in, worth_asking
from isofront.review.standing import ASK_DAYS, NOTHING, Acting, Approved, Standing, standing

__all__ = [
    "ASK_DAYS",
    "NOTHING",
    "Acting",
    "Approved",
    "Piece",
    "Proposal",
    "Push",
    "Settling",
    "Standing",
    "core_km2",
    "differences",
    "overlaid",
    "proposal_id",
    "standing",
    "sure_in",
    "worth_asking",
]
