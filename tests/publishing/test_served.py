"""A site as `publish` wrote it, served: all it links to answers, and nothing in it tells what must not get out."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser import rest
from playwright.sync_api import expect
from publishing_war import NOW, SECRET, released

from isofront.engine.edition import Asked
from isofront.engine.site import publish_release, pull_edition
from isofront.server import Request, Response, Served, Site, answered

pytestmark = pytest.mark.slow
HOST = {"host": "127.0.0.1:8730"}
HIDDEN = (
    SECRET,
    "Oksana",
    "private-id",
    "81st Brigade",
    "Blue staff",
    "our people",
    "blue-1",
    "hidden",
    "PRIVATE",
    "nadia",
)
SPOTS = re.compile(rb"(20\.1234|20\.2511|20\.1611)\d*,\s*(50\.0876|50\.1543|50\.0321)")
"""Exact places, as any file would write them; either number alone may turn up in a line by chance."""
IN_PAGES = ("hidden", "PRIVATE")


@pytest.fixture(scope="module")
def published(telling_war: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    home = tmp_path_factory.mktemp("served")
    war = Path(shutil.copytree(telling_war, home / "war"))
    publish_release(released(war), home / "site", Asked())
    return war, home / "site"


def get(site: Site, target: str) -> Response:
    response = answered(site.snapshot().shelf, Request("GET", target, HOST), site=site)
    if response.part is None:
        return response
    with response.part.handle as handle:
        handle.seek(response.part.start)
        return Response(response.status, response.headers, handle.read(response.part.n_bytes))


def crawled(site: Site) -> dict[str, bytes]:
    """Every answer that links lead to from the landing page, and every file of the site."""
    waiting = ["/", *(f"/{name}" for name in site.snapshot().files)]
    found: dict[str, bytes] = {}
    while waiting:
        target = waiting.pop()
        if target in found:
            continue
        response = get(site, target)
        if response.status == 404 and target.strip("/") in site.snapshot().files:
            continue  # such as the status of an edition of which nothing became
        assert response.status == 200, target
        found[target] = response.body
        if target.strip("/") not in site.snapshot().files and "json" in response.headers["Content-Type"]:
            waiting += [_target(link["href"]) for link in _links(json.loads(response.body))]
    return found


def _target(href: str) -> str:
    split = urlsplit(href)
    return f"{split.path}?{split.query}" if split.query else split.path


def _links(value: Any) -> list[dict[str, str]]:
    if isinstance(value, dict):
        own = value["links"] if isinstance(value.get("links"), list) else []
        return [*own, *(link for key, inner in value.items() if key != "links" for link in _links(inner))]
    return [link for inner in value for link in _links(inner)] if isinstance(value, list) else []


def test_all_that_a_site_links_to_answers_and_none_of_it_tells_what_must_not_get_out(published):
    site = Site(published[1])
    found = crawled(site)
    assert {"/editions", "/changes", "/claims", "/pockets", "/collections/reports/items", "/index.html"} <= set(found)
    assert len(found) > 30
    for target, body in found.items():
        # A page's own script and style have these two words.
        words = [word for word in HIDDEN if b"<html" not in body or word not in IN_PAGES]
        for word in words:
            assert word.encode() not in body, (target, word)
        assert not SPOTS.search(body), target


def test_reports_are_whole_cells_and_nothing_is_told_by_cell(published):
    site = Site(published[1])
    features = json.loads(get(site, "/collections/reports/items?limit=1000").body)["features"]
    assert features
    for one in features:
        (ring,) = one["geometry"]["coordinates"]
        lats, lons = [lat for _, lat in ring], [lon for lon, _ in ring]
        assert max(lats) - min(lats) > 0.008  # a kilometre is .009 of a degree
        assert max(lons) - min(lons) > 0.012
        assert not {"weight", "share", "km", "error_m", "log_odds"} & set(one["properties"])


def test_a_pull_takes_an_edition_out_of_every_answer(published, tmp_path):
    war, folder = (Path(shutil.copytree(one, tmp_path / one.name)) for one in published)
    site = Site(folder)
    assert json.loads(get(site, "/collections").body)["collections"]
    pull_edition(war, "0001-2024-05-25", folder, reason="shows a place", now=NOW)
    assert get(site, "/editions/0001-2024-05-25").status == 410
    assert get(site, "/editions/0001-2024-05-25/areas.geojson").status == 410
    assert get(site, "/editions/0001-2024-05-25/control.tif").status == 410
    assert json.loads(get(site, "/collections").body)["collections"] == []
    assert json.loads(get(site, "/changes").body)["changes"][0]["kind"] == "withdrawal"


@pytest.mark.browser
def test_the_page_runs_under_the_servers_headers_and_asks_nobody_else(published, browser):
    with Served(Site(published[1])) as served:
        context = browser.new_context()
        page = context.new_page()
        complaints: list[str] = []
        asked: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{served.url}/editions/0001-2024-05-25")
        page.wait_for_selector("html[data-ready]")
        rest(page)
        assert page.url.startswith(f"{served.url}/editions/0001-2024-05-25/")
        expect(page.locator("#facts")).to_contain_text("Edition 1")
        context.close()
    assert complaints == []
    assert all(url.startswith((f"{served.url}/", "blob:", "data:")) for url in asked)
