"""Scale bars of round lengths."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D

from isofront.publish import palette


def bar(length: float, y: float, *, up: bool, left: float = 0.4) -> list[Artist]:
    """Half a scale bar: a line with ticks at its ends and middle, in points."""
    tick = 3.2 if up else -3.2
    stops = (left, left + length / 2, left + length)
    ends = [Line2D([x, x], [y, y + tick], color=palette.INK, linewidth=0.7) for x in stops]
    return [Line2D([left, left + length], [y, y], color=palette.INK, linewidth=0.9), *ends]


def round_below(length: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not longer."""
    power = 10.0 ** float(np.floor(np.log10(length)))
    return float(max(step * power for step in (1, 2, 5) if step * power <= length * (1 + 1e-9)))
