"""How fast the public page is: bytes first sent, time to the first map, frames while sixty editions are scrubbed.

    python bench/bench_page.py [--site DIR] [--slow 4] [--moves 240]

DIR is a published site; without it an invented one of sixty editions (all SIMULATED) is made. It is served from this
machine and opened in headless Chromium on software rendering, with the processor as it is and slowed down `--slow`
times (by the browser's own throttle). Scrubbing is a real mouse that draws the slider's thumb from end to end; frames
are counted in the page. Two other pages under the same mouse tell what the machine itself takes: an empty one, and one
with a bare canvas of the map's size that changes its colour, which is the floor of any map drawn in software.
`busy_ms_per_move` is the main thread's own work, whatever draws.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import http.server
import json
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "page"))

from browser import chromium_path, launch
from told_war import site, sixty_days

EMPTY = "<!doctype html><title>empty</title><body style='height:100vh'>"
BARE = """<!doctype html><title>bare</title><canvas width=908 height=637></canvas><script>
const gl = document.querySelector('canvas').getContext('webgl2', { preserveDrawingBuffer: true, stencil: true });
let n = 0;
const step = () => {
    gl.clearColor((n++ % 60) / 60, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    requestAnimationFrame(step);
};
step();
</script>"""
FRAMES = """() => { window.frames_ms = []; let last = performance.now();
    const step = (now) => { window.frames_ms.push(now - last); last = now; requestAnimationFrame(step); };
    requestAnimationFrame(step); }"""


class _Packing(http.server.SimpleHTTPRequestHandler):
    """Sends every file gzipped, as site servers do."""

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return self.send_error(404)
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Print one JSON document."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = asked.site or Path(made)
        if asked.site is None:
            site(folder, sixty_days())
        for name, text in {"empty.html": EMPTY, "bare.html": BARE}.items():
            (Path(made) / name).write_text(text, encoding="utf-8")
        urls = [_serve(one) for one in (folder, Path(made))]
        browser = launch(playwright, str(chromium_path()))
        found = {
            f"slowed_{slow:g}x": _measured(browser, urls[0], urls[1], slow=slow, moves=asked.moves)
            for slow in (1.0, asked.slow)
        }
        json.dump({"transfer": _transfer(folder)} | found, sys.stdout, indent=2)
        print()
        browser.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path)
    parser.add_argument("--slow", type=float, default=4.0)
    parser.add_argument("--moves", type=int, default=240)
    return parser.parse_args()


def _serve(folder: Path) -> str:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Packing, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def _transfer(folder: Path) -> dict[str, int]:
    """Bytes of the first page as sent, and of the part of it that is no map data."""
    page = (folder / "index.html").read_bytes()
    head, mark, rest = page.partition(b'id="data">')
    end = rest.index(b"</script>")
    return {
        "page_gzipped": _gzipped(page),
        "without_data_gzipped": _gzipped(head + mark + rest[end:]),
        "page": len(page),
    }


def _gzipped(content: bytes) -> int:
    return len(gzip.compress(content, 6, mtime=0))


def _measured(browser: Browser, url: str, other: str, *, slow: float, moves: int) -> dict[str, Any]:
    first = sorted(_first_map_ms(browser, url, slow) for _ in range(3))
    scrub = _scrubbed(browser, url, slow, moves)
    others = {name: _idle(browser, f"{other}{name}.html", slow, moves) for name in ("empty", "bare")}
    ratios = {f"median_over_{name}": round(scrub["median_ms"] / one["median_ms"], 2) for name, one in others.items()}
    return {"first_map_ms": first, "scrub": scrub} | others | ratios


def _page(browser: Browser, slow: float) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slow})
    return page


def _first_map_ms(browser: Browser, url: str, slow: float) -> float:
    """From the request to a map that has drawn all it has."""
    page = _page(browser, slow)
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector("html[data-ready]", timeout=120_000)
    taken = round((time.perf_counter() - start) * 1000)
    page.context.close()
    return taken


def _scrubbed(browser: Browser, url: str, slow: float, moves: int) -> dict[str, float]:
    """Draw the thumb from the newest day to the first and back, twice: once fetching, once with all days there."""
    page = _page(browser, slow)
    page.goto(url)
    page.wait_for_selector("html[data-ready]", timeout=120_000)
    box = page.locator("#date-slider").bounding_box()
    assert box is not None
    left, right, y = box["x"] + 11, box["x"] + box["width"] - 11, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    busy = 0.0
    for counted in (False, True):
        page.wait_for_timeout(1500)
        busy = _busy_ms(session)
        page.mouse.move(right, y)
        page.mouse.down()
        if counted:
            page.evaluate(FRAMES)
        for k in range(moves):
            share = 1 - abs(2 * k / (moves - 1) - 1)
            page.mouse.move(right - share * (right - left), y)
            page.wait_for_timeout(16)
        page.mouse.up()
    found = _frames(page) | {"busy_ms_per_move": round((_busy_ms(session) - busy) / moves, 1)}
    page.context.close()
    return found


def _busy_ms(session: CDPSession) -> float:
    """What the main thread has worked so far, in wall-clock ms."""
    told = session.send("Performance.getMetrics")["metrics"]
    return 1000 * float(next(one["value"] for one in told if one["name"] == "TaskDuration"))


def _idle(browser: Browser, url: str, slow: float, moves: int) -> dict[str, float]:
    """Frames of a page that does nothing with the same mouse."""
    page = _page(browser, slow)
    page.goto(url)
    page.evaluate(FRAMES)
    for k in range(moves):
        page.mouse.move(100 + 4 * k % 1000, 400)
        page.wait_for_timeout(16)
    found = _frames(page)
    page.context.close()
    return found


def _frames(page: Page) -> dict[str, float]:
    times = np.array(page.evaluate("window.frames_ms"))[2:]
    tall = {"median_ms": np.median(times), "p95_ms": np.percentile(times, 95), "slowest_ms": times.max()}
    return {name: round(float(value), 1) for name, value in tall.items()} | {
        "frames": len(times),
        "over_100_ms": int((times > 100).sum()),
    }


if __name__ == "__main__":
    main()
