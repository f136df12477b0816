"""A published site behind a server on this machine, and pages of it."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import READY_MS, OpenMap
from playwright.sync_api import Browser
from told_war import site, told_war
from two_maps import two_maps

BAD = ("error", "warning")
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; worker-src blob:; "
    "img-src 'self' data: blob:; connect-src 'self' data: blob:; base-uri 'none'; form-action 'none'"
)
"""What a careful server sends; the page's own policy, with the hashes of its script and style, holds too."""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@dataclass(frozen=True, slots=True)
class Site:
    """A site's folder and where it is served."""

    folder: Path
    url: str


def serve(folder: Path) -> http.server.ThreadingHTTPServer:
    """The folder on a free port of this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="session")
def war_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The invented war published: eight days, one of them corrected."""
    folder = tmp_path_factory.mktemp("site")
    site(folder, told_war())
    server = serve(folder)
    yield Site(folder, f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def two_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same with a second mapper's maps in all editions but one."""
    folder = tmp_path_factory.mktemp("two")
    two_maps(folder)
    server = serve(folder)
    yield Site(folder, f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()
    server.server_close()


Visitor = Callable[..., OpenMap]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visitor]:
    """Open an address; at the end nothing may have left its host and nothing been complained of."""
    opened: list[OpenMap] = []

    def visitor(address: str, **options: Any) -> OpenMap:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"} | options))
        one = OpenMap(context.new_page(), context)
        opened.append(one)
        own = address.partition("#")[0].rpartition("/")[0]
        one.page.on("request", lambda asked: one.requests.append(asked.url) if _leaves(asked.url, own) else None)
        one.page.on(
            "console", lambda told: one.complaints.append(told.text) if told.type in ("error", "warning") else None
        )
        one.page.on("pageerror", lambda fault: one.complaints.append(str(fault)))
        one.page.goto(address)
        one.page.wait_for_selector("html[data-ready]", timeout=READY_MS)
        return one

    yield visitor
    for one in opened:
        one.context.close()
        assert one.requests == []
        assert one.complaints == []


def _leaves(url: str, own: str) -> bool:
    return not url.startswith(("blob:", "data:", own))
