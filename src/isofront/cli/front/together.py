"""The polygons of a file that `front` takes as one area: those of one date; a mixture is told."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from isofront.cli.front.dated import DATE_KEYS, mended, source_at

if TYPE_CHECKING:
    from isofront.ground.polygons import Feature

_log = logging.getLogger("isofront.cli")


def polygons_at(path: Path) -> tuple[Feature, ...]:
    """The polygons of a file, of `FILE@DATE` those of that date; what was mended is said.

    Raises:
        BadInputError: there is nothing that can be used.
        UsageError: what follows the @ is no date, or the file has no map so early.
    """
    if "@" in path.name and not path.exists():
        source, moment = source_at(str(path))
        return source.at(moment).read().features
    return mended(path)


def tell_mixture(path: Path, features: Sequence[Feature]) -> None:
    """Say so where polygons of several dates or sides, or of other classes than held, are all taken for held."""
    days = _words(features, DATE_KEYS)
    if len(days) > 1:
        _log.warning(
            "%s: holds polygons of %d dates, all taken together; %s@DATE takes those of one",
            path.name, len(days), path.name,
        )  # fmt: skip
    classes, sides = _words(features, ("class",)), _words(features, ("side",))
    if set(classes) - {"", "held"} or len(set(sides) - {""}) > 1:
        _log.warning(
            "%s: --held reads no properties: every polygon counts as held by the enemy, here %s",
            path.name, "; ".join(filter(None, (_counted("class", classes), _counted("side", sides)))),
        )  # fmt: skip


def _words(features: Sequence[Feature], keys: Sequence[str]) -> Counter[str]:
    """How many features have each value of the first of some properties that they have; none is empty."""
    return Counter(
        next((str(value) for key in keys if (value := one.properties.get(key)) not in (None, "")), "").casefold()
        for one in features
    )


def _counted(name: str, words: Counter[str]) -> str:
    known = ", ".join(f"{n:,} × {word[:40] or 'none'}" for word, n in words.most_common(6))
    return f"{name} {known}" if set(words) - {""} else ""
