"""What every vector format is written from: a geometry in degrees with its words, and many under one name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Feature:
    """One geometry in degrees and what is said of it."""

    geometry: BaseGeometry
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Layer:
    """Features of one kind under one name."""

    name: str
    features: tuple[Feature, ...]
