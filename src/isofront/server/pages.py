"""The pages of one address each: landing page, conformance, the list of collections, the description, health."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from isofront.server.api import OPENAPI, api_document
from isofront.server.features import Asked, about_collection, head_of, link
from isofront.server.message import JSON
from isofront.server.query import checked
from isofront.server.records import changes_page, claims_page, editions_page, pockets_page
from isofront.server.shelf import compact

CONFORMS = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "geojson")
)
Answer = tuple[str, bytes]


def _landing(asked: Asked) -> Answer:
    checked(asked.parameters)
    shelf, base = asked.shelf, asked.base
    links = [
        link(f"{base}/", "self", JSON, "This page"),
        link(f"{base}/api", "service-desc", OPENAPI, "What can be asked, as OpenAPI"),
        link(f"{base}/conformance", "conformance", JSON, "What this server conforms to"),
        link(f"{base}/collections", "data", JSON, "The collections"),
        link(f"{base}/editions", "related", JSON, "Editions"),
        link(f"{base}/changes", "related", JSON, "What changed from edition to edition"),
        link(f"{base}/claims", "related", JSON, "Who said what of a place"),
        link(f"{base}/pockets", "related", JSON, "Pockets, with necks and tips"),
    ]
    if asked.html:
        links.append(link(f"{base}/index.html", "alternate", "text/html; charset=utf-8", "The map to look at"))
    about = {"title": f"Isofront: {shelf.title}", "description": f"{shelf.stamp}. {shelf.notice}", "links": links}
    return JSON, compact(about | head_of(shelf))


def _conformance(asked: Asked) -> Answer:
    checked(asked.parameters)
    return JSON, compact({"conformsTo": list(CONFORMS)})


def _collections(asked: Asked) -> Answer:
    checked(asked.parameters)
    links = [link(f"{asked.base}/collections", "self", JSON, "The collections")]
    return JSON, compact(
        {"links": links, "collections": [about_collection(asked, one) for one in asked.shelf.collections.values()]}
    )


def _api(asked: Asked) -> Answer:
    checked(asked.parameters)
    return OPENAPI, compact(api_document(asked.shelf, asked.base))


def _health(asked: Asked) -> Answer:
    checked(asked.parameters)
    shelf = asked.shelf
    n_items = sum(len(one.items) for one in shelf.collections.values())
    counts = {"collections": len(shelf.collections), "items": n_items, "days": len(shelf.days)}
    return JSON, compact({"status": "ok", "stamp": shelf.stamp, "editions": len(shelf.editions)} | counts)


PAGES: Mapping[str, Callable[[Asked], Answer]] = {
    "": _landing,
    "conformance": _conformance,
    "collections": _collections,
    "editions": lambda asked: (JSON, editions_page(asked)),
    "changes": lambda asked: (JSON, changes_page(asked)),
    "claims": lambda asked: (JSON, claims_page(asked)),
    "pockets": lambda asked: (JSON, pockets_page(asked)),
    "api": _api,
    "openapi.json": lambda asked: (JSON, _api(asked)[1]),
    "healthz": _health,
}
