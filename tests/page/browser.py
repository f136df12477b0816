"""A headless Chromium that draws WebGL in software, and a page in it that keeps count of what it must not do."""

from __future__ import annotations

import math
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

READY_MS = 60_000
"""What a state is waited for at the most: far longer than it takes, as other work may load the machine."""
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
AT_REST = "() => document.documentElement.dataset.map !== 'drawing'"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium_path() -> str | None:
    """Where this machine keeps a Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def launch(playwright: Playwright, path: str) -> Browser:
    """The browser."""
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


def rest(page: Page) -> None:
    """Wait until what was just done is drawn: two frames in which it may begin, then nothing read, moved or drawn."""
    page.evaluate(FRAMES)
    page.wait_for_function(AT_REST, timeout=READY_MS)


@dataclass
class OpenMap:
    """A page with its map drawn, what it asked of the network and what it complained about."""

    page: Page
    context: BrowserContext
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def hash(self) -> dict[str, str]:
        """The address's choices."""
        return {name: values[0] for name, values in parse_qs(self.page.url.partition("#")[2]).items()}

    def text(self, selector: str) -> str:
        """The text of an element; the spaces at which no line may end are as the others."""
        return self.page.inner_text(selector).replace("\u00a0", " ")

    def settle(self) -> None:
        """Wait until the map is at rest and two looks at it are the same."""
        before = ""
        for _ in range(60):
            rest(self.page)
            now = self.look()
            if now == before:
                return
            before = now
        raise AssertionError("the map does not come to rest")

    def look(self) -> str:
        """A picture of the map's canvas, as a data URL."""
        picture: str = self.page.evaluate("document.querySelector('#map canvas').toDataURL()")
        return picture

    def n_colours(self) -> int:
        """How many colours the map's canvas shows, counted on every 7th pixel."""
        script = """() => {
            const gl = document.querySelector('#map canvas'), flat = document.createElement('canvas');
            flat.width = gl.width; flat.height = gl.height;
            const brush = flat.getContext('2d'); brush.drawImage(gl, 0, 0);
            const pixels = new Uint32Array(brush.getImageData(0, 0, flat.width, flat.height).data.buffer);
            return new Set(pixels.filter((_, i) => i % 7 === 0)).size;
        }"""
        count: int = self.page.evaluate(script)
        return count

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a spot stands on the screen, from the view in the address (Web Mercator, 512 px tiles)."""
        box = self.page.locator("#map").bounding_box()
        assert box is not None
        at_lon, at_lat, zoom = map(float, self.hash["view"].split(","))
        size = 512 * 2**zoom
        (x, y), (x0, y0) = _mercator(lon, lat), _mercator(at_lon, at_lat)
        return box["x"] + box["width"] / 2 + (x - x0) * size, box["y"] + box["height"] / 2 + (y - y0) * size

    def click(self, lon: float, lat: float) -> None:
        """Click or tap the map at a spot."""
        self.page.mouse.click(*self.pixel(lon, lat))
        self.page.wait_for_selector("#spot:not([hidden])")


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    return lon / 360, -math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)


def open_map(browser: Browser, path: Path, *, hash_: str = "", **options: Any) -> OpenMap:
    """Open the file and wait until the map is drawn; every request but for the file itself is noted."""
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"} | options))
    page = context.new_page()
    opened = OpenMap(page, context)
    own = path.as_uri()
    page.on("request", lambda one: opened.requests.append(one.url) if _leaves(one.url, own) else None)
    page.on("console", lambda one: opened.complaints.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda one: opened.complaints.append(str(one)))
    page.goto(own + hash_)
    page.wait_for_selector("html[data-ready]", timeout=READY_MS)
    opened.settle()
    return opened


def _leaves(url: str, own: str) -> bool:
    return not url.startswith(("blob:", "data:", own))
