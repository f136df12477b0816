"""What is said and what we say: rival claims side by side, control claims against evidence, assessments, the brief.

In: claims, drafts' measures and plain records that the engine hands down. Out: lists, ranges and sentences, each with
the ids of what it rests on. Nothing is averaged unless asked for, and then the method is named. Pure.
"""

from isofront.findings.calibration import AuthorRecord, WordRecord, author_records
from isofront.findings.control_table import Stated, Support, control_table
from isofront.findings.likelihood import WORDS, likelihood_named, likelihood_of
from isofront.findings.on_map import MapState, OnMap, Seen, Shares
from isofront.findings.pooled import Pooled, pooled
from isofront.findings.rivals import Rivals, Row, against_interest, range_of, rival_groups, rivals
from isofront.findings.saying import about_words, as_told, range_words, rounded, speaker_words, value_words
from isofront.findings.track_record import Fate, Scored, SpeakerRecord, track_records, wilson

__all__ = [
    "WORDS",
    "AuthorRecord",
    "Fate",
    "MapState",
    "OnMap",
    "Pooled",
    "Rivals",
    "Row",
    "Scored",
    "Seen",
    "Shares",
    "SpeakerRecord",
    "Stated",
    "Support",
    "WordRecord",
    "about_words",
    "against_interest",
    "as_told",
    "author_records",
    "control_table",
    "likelihood_named",
    "likelihood_of",
    "pooled",
    "range_of",
    "range_words",
    "rival_groups",
    "rivals",
    "rounded",
    "speaker_words",
    "track_records",
    "value_words",
    "wilson",
]
