"""The scorecard as a picture: who is how reliable, and how the loss grows as the anchor ages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from isofront.compare.calibrate import Reliability
from isofront.compare.scorecard import Means, Scorecard, day_means
from isofront.compare.trial import MAP
from isofront.plots import plot_settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK = {MAP: "#1b5e7a"}
_GREY_INK = "#6e6e6e"
_OTHERS = ("#9a9a9a", "#c98a2b", "#6d4c8d")


def scorecard_svg(card: Scorecard, *, title: str) -> bytes:
    """Reliability diagram, log loss by days since the anchor, grey where it was scored; the same bytes every time."""
    from matplotlib.figure import Figure

    with plot_settings():
        grey = card.grey_reliability()
        panels = 2 if grey is None else 3
        figure = Figure(figsize=(5 * panels, 4.6), layout="constrained")
        left, middle, *right = figure.subplots(1, panels)
        figure.suptitle(title)
        _draw_reliability(left, card)
        _draw_horizons(middle, card)
        if grey is not None:
            _draw_grey(right[0], grey, card.means(MAP))
        content = io.BytesIO()
        figure.savefig(content, format="svg", metadata={"Date": None, "Creator": "Isofront"})
    return content.getvalue()


def _colours(card: Scorecard) -> dict[str, str]:
    yardsticks = dict(zip((method for method in card.methods if method != MAP), _OTHERS, strict=False))
    return {method: _INK.get(method) or yardsticks[method] for method in card.methods}


def _draw_reliability(axes: Axes, card: Scorecard) -> None:
    axes.plot([0, 1], [0, 1], color="black", linewidth=0.8, linestyle=":")
    for method, colour in _colours(card).items():
        _draw_table(axes, card.reliability(method), colour, label=method)
    axes.set(
        xlabel="probability given", ylabel="share that the reference holds", xlim=(0, 1), ylim=(0, 1), aspect="equal"
    )
    axes.set_title("reliability (dot = share of cells)", fontsize=9)
    axes.legend(frameon=False, loc="upper left")


def _draw_table(axes: Axes, table: Reliability, colour: str, *, label: str) -> None:
    rows = table.rows()
    total = sum(row[2] for row in rows) or 1
    mean_p, share = [row[3] for row in rows], [row[4] for row in rows]
    axes.plot(mean_p, share, color=colour, linewidth=1.2, label=label)
    axes.scatter(mean_p, share, [8 + 160 * row[2] / total for row in rows], color=colour)


def _draw_grey(axes: Axes, table: Reliability, means: Means) -> None:
    axes.plot([0, 1], [0, 1], color="black", linewidth=0.8, linestyle=":")
    _draw_table(axes, table, _GREY_INK, label="P(grey)")
    named = {"AUC": "grey_auc", "by the anchor's line": "grey_auc_past_line", "away from it": "grey_auc_away_from_line"}
    known = [f"{word} {value:.3f}" for word, name in named.items() if (value := means[name]) is not None]
    axes.text(0.97, 0.04, "\n".join(known), ha="right", va="bottom", transform=axes.transAxes)
    axes.set(xlabel="P(grey) given", ylabel="share that is grey", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.set_title("grey within 10 km of the line", fontsize=9)


def _draw_horizons(axes: Axes, card: Scorecard) -> None:
    for method, colour in _colours(card).items():
        for area, style in zip(card.areas, ("-", "--", ":", "-.") * len(card.areas), strict=False):
            by_day = {day.horizon_days: day_means([day])["log_loss"] for day in card.of(method, area=area)}
            known = {horizon: loss for horizon, loss in sorted(by_day.items()) if loss is not None}
            label = f"{area}, {method}" if len(card.areas) > 1 else method
            axes.plot(list(known), list(known.values()), style, color=colour, linewidth=1.2, label=label)
    axes.set(xlabel="days since the anchor", ylabel="log loss in the band", ylim=(0, None))
    axes.set_title("log loss by day", fontsize=9)
    axes.legend(frameon=False, fontsize=7)
