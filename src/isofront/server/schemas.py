"""What comes back, as JSON schemas in OpenAPI 3.0's form; tests hold every answer against them."""

from __future__ import annotations

from typing import Any

from isofront.server.shelf import Shelf

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
COUNT: Json = {"type": "integer", "minimum": 0}
NUMBER: Json = {"type": "number"}
FLAG: Json = {"type": "boolean"}
MOMENT: Json = {"type": "string", "format": "date-time"}
SPOT: Json = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
BOX: Json = {"type": "array", "items": NUMBER, "minItems": 4, "maxItems": 4}
SHA: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def schemas(shelf: Shelf) -> Json:
    """Every schema by its name."""
    return _plain() | _features(shelf) | _records(shelf)


def reference(schema: str) -> Json:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{schema}"}


def _object(required: tuple[str, ...], **properties: Json) -> Json:
    return {"type": "object", "required": list(required), "properties": properties}


def _list(of: Json) -> Json:
    return {"type": "array", "items": of}


def _or_null(schema: Json) -> Json:
    return schema | {"nullable": True}


def _one_of(*words: str) -> Json:
    return {"type": "string", "enum": list(words)}


def _plain() -> Json:
    links = _list(reference("link"))
    return {
        "object": {"type": "object"},
        "link": _object(("href", "rel", "type", "title"), href=TEXT, rel=TEXT, type=TEXT, title=TEXT),
        "landing": _object(
            ("title", "description", "links", "stamp", "notice"), title=TEXT, description=TEXT, links=links, stamp=TEXT,
            notice=TEXT,
        ),
        "conformance": _object(("conformsTo",), conformsTo=_list(TEXT)),
        "health": _object(
            ("status", "stamp", "collections", "items", "days", "editions"), status=_one_of("ok"), stamp=TEXT,
            collections=COUNT, items=COUNT, days=COUNT, editions=COUNT,
        ),
        "problem": _object(
            ("type", "title", "status", "detail"), type=TEXT, title=TEXT,
            status={"type": "integer", "minimum": 400, "maximum": 599}, detail=TEXT, parameter=TEXT, edition=TEXT,
        ),
    }  # fmt: skip


def _features(shelf: Shelf) -> Json:
    links = _list(reference("link"))
    geometry = _object(
        ("type",), type=TEXT, coordinates={"type": "array", "items": {}}, geometries=_list({"type": "object"})
    )
    feature = {"type": _one_of("Feature"), "id": TEXT, "geometry": geometry, "properties": reference("properties")}
    spatial = _object(("bbox", "crs"), bbox=_list(BOX), crs=TEXT)
    interval = {"type": "array", "items": MOMENT, "minItems": 2, "maxItems": 2}
    temporal = _object(("interval", "trs"), interval=_list(interval), trs=TEXT)
    named = ("as_of", "stamp", "edition") if shelf.public else ("as_of",)
    return {
        "collection": _object(
            ("id", "title", "description", "extent", "crs", "itemType", "links"), id=TEXT, title=TEXT, description=TEXT,
            extent=_object(("spatial", "temporal"), spatial=spatial, temporal=temporal), crs=_list(TEXT),
            itemType=_one_of("feature"), links=links,
        ),
        "collections": _object(("links", "collections"), links=links, collections=_list(reference("collection"))),
        "properties": _object(named, as_of=MOMENT, stamp=_or_null(TEXT), edition=TEXT),
        "feature": _object(("type", "id", "geometry", "properties"), links=links, stamp=TEXT, notice=TEXT, **feature),
        "features": _object(
            ("type", "features", "links", "numberMatched", "numberReturned", "stamp", "notice"),
            type=_one_of("FeatureCollection"), features=_list(reference("feature")), links=links, numberMatched=COUNT,
            numberReturned=COUNT, stamp=TEXT, notice=TEXT,
        ),
    }  # fmt: skip


def _paged(name: str, of: str, **more: Json) -> Json:
    needed = (name, "links", "numberMatched", "numberReturned", "stamp", "notice", *more)
    return _object(
        needed, links=_list(reference("link")), numberMatched=COUNT, numberReturned=COUNT, stamp=TEXT, notice=TEXT,
        **{name: _list(reference(of))}, **more,
    )  # fmt: skip


def _records(shelf: Shelf) -> Json:
    links = _list(reference("link"))
    told: Json = {
        "id": TEXT, "as_of": MOMENT, "made_at": MOMENT, "state": _one_of("published", "corrected", "pulled"),
        "sha256": _or_null(SHA), "corrects": _or_null(TEXT), "corrected_by": _or_null(TEXT), "reason": TEXT,
        "without_second_name": _or_null(TEXT), "changed_km2": _or_null(NUMBER), "simulated": FLAG, "caution": TEXT,
        "links": links,
    }  # fmt: skip
    change = {
        "edition": TEXT, "as_of": MOMENT, "made_at": MOMENT, "kind": _one_of("edition", "correction", "withdrawal"),
        "state": told["state"], "corrects": _or_null(TEXT), "corrected_by": _or_null(TEXT), "reason": TEXT,
        "since": _or_null(MOMENT), "since_edition": _or_null(TEXT), "changed_km2": _or_null(NUMBER),
        "transitions_km2": {"type": "object", "additionalProperties": NUMBER, "nullable": True},
        "settlements": _or_null(_list({"type": "object"})), "lines": _or_null(_list(reference("line"))),
    }  # fmt: skip
    pocket = {
        "id": TEXT, "as_of": MOMENT, "pocket": COUNT, "side": TEXT, "enemy": TEXT, "inside": _list(TEXT),
        "neck_km": _or_null(NUMBER), "tips": _list(SPOT), "bbox": BOX, "links": links,
    }  # fmt: skip
    mapper = {
        "id": TEXT, "names": {"type": "object", "additionalProperties": TEXT}, "as_of": MOMENT, "days_older": NUMBER,
        "licence": TEXT, "credit": TEXT, "url": _or_null(TEXT), "draws": _list(TEXT), "says": TEXT,
        "only_km2": {"type": "object", "additionalProperties": _list(NUMBER)},
    }  # fmt: skip
    return {
        "mapper": _object(tuple(mapper), **mapper),
        "listed_edition": _object(tuple(told), **told),
        "edition": _object(
            (*told, "files", "stamp", "notice"), **told,
            files={"type": "object", "additionalProperties": SHA}, stamp=TEXT, notice=TEXT,
            mappers=_list(reference("mapper")),
        ),
        "editions": _paged("editions", "listed_edition", latest=_or_null(TEXT)),
        "line": _object(
            ("side", "kind", "km2", "at", "reports"), side=TEXT, kind=TEXT, km2=NUMBER, up_to_km=_or_null(NUMBER),
            at=SPOT, reports=_list(COUNT),
        ),
        "change": _object(tuple(change), **change),
        "changes": _paged("changes", "change"),
        "claim": _object(("place", "about"), place=_or_null(TEXT), about=TEXT),
        "claims": _paged("claims", "claim"),
        "pocket": _object(tuple(pocket), **pocket),
        "pockets": _paged("pockets", "pocket"),
    }  # fmt: skip
