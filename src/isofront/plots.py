"""How matplotlib is set for plots: the same bytes every time, text as text in SVG, and no word read as a formula."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

_SETTINGS: Mapping[str, Any] = {
    "svg.hashsalt": "isofront",
    "svg.fonttype": "none",
    "font.size": 9,
    "timezone": "UTC",
    "text.parse_math": False,
}


def plot_settings(**more: object) -> AbstractContextManager[None]:
    """While inside, matplotlib draws so; `more` are further settings, with `_` for the point in their names."""
    import matplotlib as mpl

    own: Any = dict(_SETTINGS) | {name.replace("_", ".", 1): value for name, value in more.items()}
    return mpl.rc_context(own)
