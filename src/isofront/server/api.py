"""The server's own description as OpenAPI 3.0: what can be asked, and what comes back. It says no more than is true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from isofront.server.message import GEOJSON, JSON, PROBLEM
from isofront.server.query import DEFAULT_LIMIT, FORMATS, MOST_LIMIT, MOST_OFFSET
from isofront.server.schemas import reference, schemas
from isofront.server.shelf import Shelf

Json = dict[str, Any]
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
_SPAN = ("from", "to", "limit", "offset")


@dataclass(frozen=True, slots=True)
class _Page:
    """One address: what it is called, what it answers, what it reads."""

    operation: str
    summary: str
    schema: str
    parameters: tuple[str, ...] = ()
    kind: str = JSON


_PATHS = {
    "/": _Page("getLandingPage", "What there is", "landing"),
    "/conformance": _Page("getConformance", "What this server conforms to", "conformance"),
    "/collections": _Page("getCollections", "The collections", "collections"),
    "/collections/{collectionId}": _Page("describeCollection", "One collection", "collection", ("collectionId",)),
    "/collections/{collectionId}/items": _Page(
        "getFeatures", "Features of a collection", "features",
        ("collectionId", "bbox", "datetime", "limit", "offset"), GEOJSON,
    ),
    "/collections/{collectionId}/items/{featureId}": _Page(
        "getFeature", "One feature", "feature", ("collectionId", "featureId"), GEOJSON
    ),
    "/editions": _Page("getEditions", "Editions, oldest first, with what became of each", "editions", _SPAN),
    "/editions/{editionId}": _Page(
        "getEdition", "One edition, with the hash of each of its files", "edition", ("editionId",)
    ),
    "/changes": _Page(
        "getChanges", "What changed from edition to edition; corrections and withdrawals too", "changes", _SPAN
    ),
    "/claims": _Page(
        "getClaims", "Who said what, side by side; none is averaged", "claims", ("place", "about", *_SPAN)
    ),
    "/pockets": _Page("getPockets", "Pockets of the days asked for, of the newest if none is", "pockets", _SPAN),
    "/api": _Page("getApi", "This description", "object", kind=OPENAPI),
    "/openapi.json": _Page("getOpenApi", "This description", "object"),
    "/healthz": _Page("getHealth", "Whether the server is up", "health"),
}  # fmt: skip


def api_document(shelf: Shelf, base: str) -> Json:
    """The document at `/api`."""
    who = "Public editions, read-only." if shelf.public else "Approved maps, read-only, on this machine alone."
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"Isofront: {shelf.title}",
            "version": "1",
            "description": f"{shelf.stamp}. {who} {shelf.notice}",
        },
        "servers": [{"url": base}],
        "paths": {path: _operation(shelf, page) for path, page in _PATHS.items()},
        "components": {
            "parameters": _parameters(shelf),
            "schemas": schemas(shelf),
            "headers": _headers(),
            "responses": _problems(),
        },
    }


def _operation(shelf: Shelf, page: _Page) -> Json:
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _headers()}
    content = {page.kind: {"schema": reference(page.schema)}}
    if shelf.public and page.operation == "getLandingPage":
        content["text/html"] = {"schema": {"type": "string"}}
    return {
        "get": {
            "operationId": page.operation,
            "summary": page.summary,
            "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in (*page.parameters, "f")],
            "responses": {
                "200": {"description": page.summary, "headers": headers, "content": content},
                "304": {"description": "Not changed since the ETag that was sent", "headers": headers},
                **_other_answers(shelf, page),
                "default": {"$ref": "#/components/responses/Problem"},
            },
        }
    }


def _other_answers(shelf: Shelf, page: _Page) -> Json:
    found = {"400": "BadRequest"}
    found |= {"404": "NotFound"} if any(name.endswith("Id") for name in page.parameters) else {}
    found |= {"429": "TooMany"} if shelf.public else {}
    if "editionId" in page.parameters:
        found |= {"308": "Moved", "410": "Withdrawn"} if shelf.public else {"410": "Withdrawn"}
    return {status: {"$ref": f"#/components/responses/{name}"} for status, name in found.items()}


def _headers() -> Json:
    text = {"type": "string"}
    told = {
        "ETag": "Names these bytes; sent back as If-None-Match it is answered with 304 while nothing changed",
        "Cache-Control": "How long it may be kept",
        "X-Isofront-Stamp": "Whom the map is for, and SIMULATED where it applies",
    }
    return {name: {"description": sentence, "schema": text} for name, sentence in told.items()}


def _parameters(shelf: Shelf) -> Json:
    collections = list(shelf.collections)
    named = {"type": "string", "enum": collections} if collections else {"type": "string"}
    text = {"type": "string"}
    day = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}([Tt].*)?$"}
    return {
        "collectionId": _path_parameter("collectionId", named),
        "featureId": _path_parameter("featureId", {"type": "string"}),
        "editionId": _path_parameter("editionId", {"type": "string"}),
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
            exploded=False,
        ),
        "from": _query_parameter("from", "first day, or a time", day),
        "to": _query_parameter("to", "last day, or a time", day),
        "place": _query_parameter("place", "a settlement, by any of its names", text),
        "about": _query_parameter("about", "the subject: residents-remaining, control, …", text),
        "limit": _query_parameter(
            "limit",
            f"so many a page; more than {MOST_LIMIT} is taken for that",
            {"type": "integer", "minimum": 1, "default": DEFAULT_LIMIT},
            exploded=False,
        ),
        "offset": _query_parameter(
            "offset",
            "so many to pass over; links named next lead on",
            {"type": "integer", "minimum": 0, "maximum": MOST_OFFSET, "default": 0},
        ),
        "f": _query_parameter("f", "format; both are JSON", {"type": "string", "enum": list(FORMATS)}),
    }


def _path_parameter(name: str, schema: Json) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameter(name: str, text: str, schema: Json, *, exploded: bool | None = None) -> Json:
    style = {} if exploded is None else {"style": "form", "explode": exploded}
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema} | style


def _problems() -> Json:
    content = {PROBLEM: {"schema": reference("problem")}}
    wait = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
    return {
        "BadRequest": {"description": "A parameter that is not known or cannot be used", "content": content},
        "NotFound": {"description": "No such collection, feature or edition", "content": content},
        "Moved": {"description": "To the edition's page, for clients that prefer text/html"},
        "Withdrawn": {
            "description": "The edition was pulled; nothing of it is handed out",
            "content": content,
        },
        "TooMany": {"description": "Asked too often from one address", "headers": wait, "content": content},
        "Problem": {"description": "Refused: what, in detail", "content": content},
    }
