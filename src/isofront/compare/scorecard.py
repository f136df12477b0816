"""Many days' scores in one table: means by area and then over areas, by days since the anchor, and skill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from isofront.compare.calibrate import Reliability, pooled
from isofront.compare.score import Scores
from isofront.compare.trial import MAP, PERSISTENCE, VOTE, DayScore

HORIZONS = ((0, 30), (31, 60), (61, 90), (91, 150), (151, 10_000))
"""Days since the anchor, both ends included."""

MEASURES: Mapping[str, Callable[[Scores], float | None]] = {
    "log_loss": lambda s: s.log_loss,
    "brier": lambda s: s.brier,
    "ece": lambda s: s.ece,
    "accuracy": lambda s: s.accuracy,
    "iou": lambda s: s.iou,
    "line_km": lambda s: s.line.mean_km if s.line else None,
    "line_p95_km": lambda s: s.line.p95_km if s.line else None,
    "drawn_to_true_km": lambda s: s.line.drawn_to_true_km if s.line else None,
    "true_to_drawn_km": lambda s: s.line.true_to_drawn_km if s.line else None,
    "changed_precision": lambda s: s.changed.precision,
    "changed_recall": lambda s: s.changed.recall,
    "changed_f1": lambda s: s.changed.f1,
    "grey_ece": lambda s: s.grey.reliability.ece if s.grey else None,
    "grey_bias": lambda s: s.grey.bias if s.grey else None,
    "grey_drawn_bias": lambda s: s.grey.drawn_bias if s.grey else None,
    "grey_auc": lambda s: s.grey.auc if s.grey else None,
    "grey_auc_past_line": lambda s: s.grey.auc_past if s.grey else None,
    "grey_auc_away_from_line": lambda s: s.grey.auc_away if s.grey else None,
}
Means = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Every method's scores on every area and day."""

    days: tuple[DayScore, ...]

    @property
    def methods(self) -> list[str]:
        """The map first, then the yardsticks."""
        return list(dict.fromkeys(day.method for day in self.days))

    @property
    def areas(self) -> list[str]:
        """In the order in which they were scored."""
        return list(dict.fromkeys(day.area for day in self.days))

    def of(self, method: str, *, area: str | None = None, horizon: tuple[int, int] = (0, 10_000)) -> list[DayScore]:
        """One method's days, in one area or all, between two horizons."""
        return [
            day
            for day in self.days
            if day.method == method and area in (None, day.area) and horizon[0] <= day.horizon_days <= horizon[1]
        ]

    def means(self, method: str, *, horizon: tuple[int, int] = (0, 10_000)) -> Means:
        """Means over days in each area, then over areas. None: nothing to measure."""
        per_area = [day_means(self.of(method, area=area, horizon=horizon)) for area in self.areas]
        return {name: _mean(means[name] for means in per_area) for name in MEASURES}

    def worst_day(self, method: str) -> DayScore | None:
        """The area and day with the highest log loss."""
        scored = [day for day in self.of(method) if day.scores.log_loss is not None]
        return max(scored, key=lambda day: day.scores.log_loss or 0.0, default=None)

    def reliability(self, method: str) -> Reliability:
        """All areas and days in one reliability table."""
        return pooled(day.scores.reliability for day in self.of(method))

    def grey_reliability(self) -> Reliability | None:
        """The map's P(grey), all areas and days in one table; None where grey was not scored."""
        tables = [day.scores.grey.reliability for day in self.of(MAP) if day.scores.grey]
        return pooled(tables) if tables else None

    def skill(self, against: str, measure: str = "log_loss") -> float | None:
        """1 − the map's mean loss / the yardstick's: 0 is no better, 1 is perfect."""
        ours, theirs = (self.means(method)[measure] for method in (MAP, against))
        return None if ours is None or not theirs else 1 - ours / theirs


def day_means(days: Iterable[DayScore]) -> Means:
    """Mean of every measure over days, leaving out days that have none."""
    scores = [day.scores for day in days]
    return {name: _mean(measure(score) for score in scores) for name, measure in MEASURES.items()}


def as_document(card: Scorecard, *, recalibrated: str) -> dict[str, Any]:
    """The whole scorecard for `scores.json`; `recalibrated` says on what the kernel vote's scale was learned."""
    return {
        "methods": {method: _method_document(card, method) for method in card.methods},
        "skill": {
            yardstick: {measure: card.skill(yardstick, measure) for measure in ("log_loss", "brier")}
            for yardstick in (PERSISTENCE, VOTE)
            if MAP in card.methods and yardstick in card.methods
        },
        "kernel_vote_recalibrated": recalibrated,
        "grey": _grey_document(card),
        "days": [_day_document(day) for day in card.days],
    }


def _method_document(card: Scorecard, method: str) -> dict[str, Any]:
    worst = card.worst_day(method)
    table = card.reliability(method)
    return {
        "means": card.means(method),
        "by_area": {area: day_means(card.of(method, area=area)) for area in card.areas},
        "by_days_since_anchor": {
            span_words(span): card.means(method, horizon=span) for span in HORIZONS if card.of(method, horizon=span)
        },
        "worst_day": worst and {"area": worst.area, "day": worst.day.isoformat(), "log_loss": worst.scores.log_loss},
        "ece_pooled": table.ece,
        "reliability": _rows(table, "share_held"),
    }


def _grey_document(card: Scorecard) -> dict[str, Any] | None:
    table = card.grey_reliability()
    if table is None:
        return None
    means = card.means(MAP)
    return {
        **{name.removeprefix("grey_"): means[name] for name in MEASURES if name.startswith("grey_")},
        "ece_pooled": table.ece,
        "reliability": _rows(table),
    }


def _rows(table: Reliability, share: str = "share_grey") -> list[dict[str, float]]:
    return [dict(zip(("from", "to", "n", "mean_p", share), row, strict=True)) for row in table.rows()]


def _day_document(day: DayScore) -> dict[str, Any]:
    measures = {name: measure(day.scores) for name, measure in MEASURES.items()}
    cells = {"band": day.scores.n_band, **{f"changed_{name}": n for name, n in asdict(day.scores.changed).items()}}
    return {
        "area": day.area,
        "method": day.method,
        "day": day.day.isoformat(),
        "horizon_days": day.horizon_days,
        **measures,
        "cells": cells,
    }


def table_rows(card: Scorecard) -> list[tuple[str, list[float | None]]]:
    """(label, the numbers of `TABLE_COLUMNS`): every method over all days, then by days since the anchor."""
    spans = [HORIZONS[0][:1] + HORIZONS[-1][1:], *HORIZONS]
    return [
        (method if k == 0 else f"{method}, {span_words(span)}", _table_row(card, method, span))
        for k, span in enumerate(spans)
        for method in card.methods
        if card.of(method, horizon=span)
    ]


def span_words(span: tuple[int, int]) -> str:
    """Days since the anchor in words: 31-60 d, or 151+ d."""
    return f"{span[0]}-{span[1]} d" if span[1] < HORIZONS[-1][1] else f"{span[0]}+ d"


TABLE_COLUMNS = (
    "log_loss",
    "brier",
    "ece",
    "accuracy",
    "iou",
    "line_km",
    "line_p95_km",
    "changed_precision",
    "changed_recall",
    "changed_f1",
)
"""The measures that the printed table shows, in order."""


def _table_row(card: Scorecard, method: str, horizon: tuple[int, int]) -> list[float | None]:
    means = card.means(method, horizon=horizon)
    return [means[name] for name in TABLE_COLUMNS]


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
