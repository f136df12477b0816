"""What is said and what we say: rival claims side by side, assessments, the brief.

In: claims, drafts' measures and plain records that the engine hands down. Out: lists, ranges and sentences, each with
the ids of what it rests on. Nothing is averaged unless asked for, and then the method is named. Pure.
"""

from isofront.findings.pooled import Pooled, pooled
from isofront.findings.rivals import Rivals, Row, against_interest, range_of, rivals

__all__ = ["Pooled", "Rivals", "Row", "against_interest", "pooled", "range_of", "rivals"]
