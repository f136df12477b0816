"""The layers of the desk's GeoPackage: their columns, which of them can be edited, and the lists to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from isofront.evidence.report import Kind, LocationOf, Means, Posture
from isofront.theatre.model import RELEASE_CLASSES, Theatre

TEXT, REAL = "str", "float64"
REPORTS, PROPOSALS, AREAS, EDGES = "reports", "proposals", "areas", "edges"
RETRACT = "retract"
VERDICTS = ("accept", "reject", "hold", "edit")
SAID = ("reason", "reviewer", "evidence")
"""Why an edit was made, by whom, and on which reports: columns of every layer that can be edited."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type, whether it can be edited, what QGIS calls it, and what can be chosen (value, label)."""

    name: str
    kind: str = TEXT
    editable: bool = False
    alias: str = ""
    values: tuple[tuple[str, str], ...] = ()
    lines: bool = False


@dataclass(frozen=True, slots=True)
class GisLayer:
    """A layer: one geometry type, its columns in order."""

    name: str
    geometry: str
    columns: tuple[Column, ...]
    title: str

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)


Row = dict[str, Any]
"""A feature's values by column; None where there is none."""


def layers_for(theatre: Theatre) -> tuple[GisLayer, ...]:
    """The layers of a theatre, lowest first: its sides and sources are what can be chosen."""
    language = theatre.map.language
    sides = tuple((side.id, side.name(language)) for side in theatre.sides)
    classes = (*sides, ("grey", "grey"))
    said = (
        Column("reason", editable=True, alias="why (wanted for every edit)", lines=True),
        Column("reviewer", editable=True, alias="who decides"),
        Column("evidence", editable=True, alias="ids of reports it rests on"),
    )
    return (
        GisLayer(
            AREAS, "MultiPolygon", (*_area_columns(classes), *said), "the approved map with what was decided since"
        ),
        GisLayer(PROPOSALS, "MultiPolygon", (*_proposal_columns(classes), *said), "what the draft would change"),
        GisLayer(EDGES, "MultiLineString", _edge_columns(), "the draft's edges; they follow from the areas"),
        GisLayer(REPORTS, "Point", (*_report_columns(theatre, sides), *said), "evidence; exact places"),
    )


def _area_columns(classes: Sequence[tuple[str, str]]) -> tuple[Column, ...]:
    return (
        Column("id"),
        Column("becomes", editable=True, alias="whose ground", values=tuple(classes)),
        Column("grey_reason"),
        Column("km2", REAL),
    )


def _proposal_columns(classes: Sequence[tuple[str, str]]) -> tuple[Column, ...]:
    return (
        Column("id"),
        Column("near"),
        Column("was", alias="from"),
        Column("becomes", editable=True, alias="to (of an edit: what it is)", values=tuple(classes)),
        Column("km2", REAL),
        Column("sure", REAL, alias="how sure (0 to 1)"),
        Column("reports_for"),
        Column("reports_against"),
        Column("verdict", editable=True, values=tuple((word, word) for word in VERDICTS)),
        Column("until", editable=True, alias="asks again on (hold: wanted)"),
    )


def _edge_columns() -> tuple[Column, ...]:
    return (Column("role"), Column("side"))


def _report_columns(theatre: Theatre, sides: Sequence[tuple[str, str]]) -> tuple[Column, ...]:
    grades, numbers = (tuple((one, one) for one in word) for word in ("ABCDEF", "123456"))
    sources = tuple((source.id, f"{source.id} ({source.reliability})") for source in theatre.sources)
    return (
        Column("id", editable=True, alias="id (of a new report: empty, or your own)"),
        Column("happened_at", editable=True, alias="happened (2025-11-04, a time, or from/to)"),
        Column("published_at", editable=True),
        Column("kind", editable=True, values=_words(Kind)),
        Column("seen", editable=True, alias="who was there", values=tuple(sides)),
        Column("by", editable=True, alias="who acted", values=tuple(sides)),
        Column("source", editable=True, values=sources if len(sources) > 1 else ()),
        Column("reliability", editable=True, values=grades),
        Column("credibility", editable=True, values=numbers),
        Column("error_m", REAL, editable=True, alias="error of the place, m"),
        Column("precision", editable=True),
        Column("means", editable=True, values=_words(Means)),
        Column("target", editable=True),
        Column("posture", editable=True, values=_words(Posture)),
        Column("location_of", editable=True, values=_words(LocationOf)),
        Column("url", editable=True),
        Column("media_hash", editable=True),
        Column("release", editable=True, values=tuple((word, word) for word in RELEASE_CLASSES)),
        Column("note", editable=True, lines=True),
        Column("wkt", alias="shape"),
        Column("known_at"),
        Column("act", editable=True, alias="take it back", values=((RETRACT, "retract"),)),
    )


def _words(words: type[Enum]) -> tuple[tuple[str, str], ...]:
    return tuple((word.value, word.value) for word in words)


REPORT_SAID = (
    "id", "happened_at", "published_at", "kind", "seen", "by", "source", "reliability", "credibility", "error_m",
    "precision", "means", "target", "posture", "location_of", "url", "media_hash", "release", "note", "wkt",
)  # fmt: skip
"""Columns of a report that `add` reads too."""
