"""NZZ: features by what became of the ground since the day before (nochange, gains, losses)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from isofront.makers.areas import Drawn, Fault
from isofront.makers.dates import moment_in_name
from isofront.makers.features import features_of, raw_features
from isofront.makers.opened import Opened

_TYPES = {"nochange", "gains", "losses"}


def claims(opened: Opened) -> str | None:
    """Why a document is NZZ's, or None."""
    features = features_of(_collection(opened.document))
    if any(_type(feature) in _TYPES for feature in features[:50]):
        return "features of type nochange, gains or losses"
    return None


def read(opened: Opened) -> Iterator[Drawn | Fault]:
    """The areas, with the maker's own date."""
    in_name = moment_in_name(opened.name)
    for one in raw_features(_collection(opened.document)):
        if isinstance(one, Fault):
            yield one
            continue
        day = one.text("date", "_dateto") or in_name
        texts = {"type": (one.text("type"),)}
        yield Drawn(one.number, texts, one.polygons, day=day, id=one.id, left_out=one.left_out)


def _collection(document: object) -> Any:
    inner = document.get("value") if isinstance(document, dict) else None
    return inner if isinstance(inner, dict) else document


def _type(feature: object) -> object:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    found = properties.get("type") if isinstance(properties, dict) else None
    return found if isinstance(found, str) else None
