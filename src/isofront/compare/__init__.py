"""How good a map is: probabilities and lines scored against a reference that was held out.

In go one side's P(held) on a grid, the polygons a mapper drew for that day, and the anchor the model started from.
Out come scores per day, means by area and by days since the anchor, a reliability table, and skill against two
yardsticks: the old map kept as it was, and a kernel vote of the reports. Nothing on the way to a map imports this room.
"""

from typing import TYPE_CHECKING

from isofront.rooms import given_by

if TYPE_CHECKING:
    from isofront.compare.calibrate import Reliability, reliability
    from isofront.compare.edge_lines import LineDistance
    from isofront.compare.grey import GreyScores, score_grey
    from isofront.compare.ground import ScoredGround, held_cells, held_cells_lonlat, scored_ground
    from isofront.compare.plot import scorecard_svg
    from isofront.compare.score import ChangedGround, Scores, score_control
    from isofront.compare.scorecard import TABLE_COLUMNS, Scorecard, as_document, table_rows
    from isofront.compare.trial import (
        DayScore,
        Drafter,
        Shown,
        Trial,
        midnight,
        recalibrations,
        scored_drafts,
        scored_persistence,
        scored_vote,
        vote_sample,
    )
    from isofront.compare.truth import read_dated, read_grey, read_truth
    from isofront.compare.yardsticks import Kernel, Recalibration, Votes, kernel_vote, persistence, votes
else:
    __getattr__ = given_by(__name__)

__all__ = [
    "TABLE_COLUMNS",
    "ChangedGround",
    "DayScore",
    "Drafter",
    "GreyScores",
    "Kernel",
    "LineDistance",
    "Recalibration",
    "Reliability",
    "Scorecard",
    "ScoredGround",
    "Scores",
    "Shown",
    "Trial",
    "Votes",
    "as_document",
    "held_cells",
    "held_cells_lonlat",
    "kernel_vote",
    "midnight",
    "persistence",
    "read_dated",
    "read_grey",
    "read_truth",
    "recalibrations",
    "reliability",
    "score_control",
    "score_grey",
    "scorecard_svg",
    "scored_drafts",
    "scored_ground",
    "scored_persistence",
    "scored_vote",
    "table_rows",
    "vote_sample",
    "votes",
]
