"""The server's own description as OpenAPI 3.0: what can be asked, and what comes back. It says no more than is true."""

from __future__ import annotations

from typing import Any

from isofront.server.query import DEFAULT_LIMIT, FORMATS, MOST_LIMIT, MOST_OFFSET
from isofront.server.shelf import Shelf

Json = dict[str, Any]


def api_document(shelf: Shelf, base: str, *, notice: str) -> Json:
    """The document at `/api`."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"Isofront: {shelf.title}",
            "version": "1",
            "description": f"{shelf.stamp}. Approved maps, read-only, on this machine alone. {notice}",
        },
        "servers": [{"url": base}],
        "paths": {
            "/": _page("getLandingPage", "What there is", "application/json", "link"),
            "/conformance": _page("getConformance", "What this server conforms to", "application/json", "conformance"),
            "/collections": _page("getCollections", "The collections", "application/json", "collections"),
            "/collections/{collectionId}": _page(
                "describeCollection", "One collection", "application/json", "collection", "collectionId"
            ),
            "/collections/{collectionId}/items": _page(
                "getFeatures", "Features of a collection", "application/geo+json", "features",
                "collectionId", "bbox", "datetime", "limit", "offset",
            ),
            "/collections/{collectionId}/items/{featureId}": _page(
                "getFeature", "One feature", "application/geo+json", "feature", "collectionId", "featureId"
            ),
            "/api": _page("getApi", "This description", "application/vnd.oai.openapi+json;version=3.0", "object"),
            "/healthz": _page("getHealth", "Whether the server is up", "application/json", "health"),
        },
        "components": {"parameters": _parameters(shelf), "schemas": _schemas(), "responses": _problems()},
    }  # fmt: skip


def _page(operation: str, summary: str, kind: str, schema: str, *parameters: str) -> Json:
    missing = {"404": {"$ref": "#/components/responses/NotFound"}} if "collectionId" in parameters else {}
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in (*parameters, "f")],
            "responses": {
                "200": {"description": summary, "content": {kind: {"schema": _ref(schema)}}},
                "304": {"description": "Not changed since the ETag that was sent"},
                "400": {"$ref": "#/components/responses/BadRequest"},
                **missing,
            },
        }
    }


def _parameters(shelf: Shelf) -> Json:
    return {
        "collectionId": _path_parameter("collectionId", {"type": "string", "enum": list(shelf.collections)}),
        "featureId": _path_parameter("featureId", {"type": "string"}),
        "bbox": _query_parameter(
            "bbox",
            "west,south,east,north in degrees (CRS84); six numbers with heights are read, heights not used",
            {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
            exploded=False,
        ),
        "datetime": _query_parameter(
            "datetime",
            "a time, a day, or an interval A/B; an end may be open: ../B, A/..",
            {"type": "string"},
        ),
        "limit": _query_parameter(
            "limit",
            f"features a page; {MOST_LIMIT} at most, more is taken for that",
            {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": DEFAULT_LIMIT},
            exploded=False,
        ),
        "offset": _query_parameter(
            "offset",
            "features to pass over; links named next lead on",
            {"type": "integer", "minimum": 0, "maximum": MOST_OFFSET, "default": 0},
        ),
        "f": _query_parameter("f", "format", {"type": "string", "enum": list(FORMATS)}),
    }


def _path_parameter(name: str, schema: Json) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameter(name: str, text: str, schema: Json, *, exploded: bool | None = None) -> Json:
    style = {} if exploded is None else {"style": "form", "explode": exploded}
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema} | style


def _ref(schema: str) -> Json:
    return {"$ref": f"#/components/schemas/{schema}"}


def _object(required: tuple[str, ...], **properties: Json) -> Json:
    return {"type": "object", "required": list(required), "properties": properties}


def _schemas() -> Json:
    text: Json = {"type": "string"}
    number: Json = {"type": "integer", "minimum": 0}
    links = {"type": "array", "items": _ref("alink")}
    return {
        "object": {"type": "object"},
        "alink": _object(("href", "rel"), href=text, rel=text, type=text, title=text),
        "link": _object(("links",), title=text, description=text, stamp=text, notice=text, links=links),
        "conformance": _object(("conformsTo",), conformsTo={"type": "array", "items": text}),
        "collection": _object(("id", "links"), id=text, title=text, description=text, links=links),
        "collections": _object(
            ("links", "collections"), links=links, collections={"type": "array", "items": _ref("collection")}
        ),
        "feature": _object(
            ("type", "id", "geometry", "properties"),
            type={"type": "string", "enum": ["Feature"]},
            id=text,
            geometry={"type": "object"},
            properties={"type": "object"},
            links=links,
        ),
        "features": _object(
            ("type", "features"),
            type={"type": "string", "enum": ["FeatureCollection"]},
            features={"type": "array", "items": _ref("feature")},
            links=links,
            numberMatched=number,
            numberReturned=number,
            stamp=text,
            notice=text,
        ),
        "health": _object(
            ("status",), status={"type": "string", "enum": ["ok"]}, stamp=text, collections=number, items=number,
            days=number,
        ),
        "problem": _object(("title", "status"), type=text, title=text, status=number, detail=text),
    }  # fmt: skip


def _problems() -> Json:
    content = {"application/problem+json": {"schema": _ref("problem")}}
    return {
        "BadRequest": {"description": "A parameter that is not known or cannot be used", "content": content},
        "NotFound": {"description": "No such collection or feature", "content": content},
    }
