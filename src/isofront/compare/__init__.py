"""How good a map is: probabilities and lines scored against a reference that was held out.

In go one side's P(held) on a grid, the polygons a mapper drew for that day, and the anchor the model started from.
Out come scores per day, means by area and by days since the anchor, a reliability table, and skill against two
yardsticks: the old map kept as it was, and a kernel vote of the reports. Nothing on the way to a map imports this room.
"""

from isofront.compare.calibrate import Reliability, reliability
from isofront.compare.edge_lines import LineDistance
from isofront.compare.ground import ScoredGround, held_cells, held_cells_lonlat, scored_ground
from isofront.compare.score import ChangedGround, Scores, score_control

__all__ = [
    "ChangedGround",
    "LineDistance",
    "Reliability",
    "ScoredGround",
    "Scores",
    "held_cells",
    "held_cells_lonlat",
    "reliability",
    "score_control",
    "scored_ground",
]
