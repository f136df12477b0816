"""How fast the public page is: bytes first sent, time to the first map, what each step of the slider costs.

    python bench/bench_page.py [--site DIR] [--slow 4] [--moves 240] [--firsts 5]

DIR is a published site; without it an invented one of sixty editions is made, as large as the demo's theatre makes them
(all SIMULATED). It is served from this machine and opened in headless Chromium, with the processor as it is and slowed
down `--slow` times (by the browser's own throttle). Scrubbing is a real mouse that draws the slider's thumb from end to
end and back, with all days already fetched; a step is a day that the page tells. For each step it is said what the
page's thread, the renderer's others (the map's worker) and the graphics process worked, in ms of processor time, which
other work on the machine changes little; frames, long tasks and how long the picture trails the hand are in ms of the
clock.

`gl` names the renderer: with a software one (SwiftShader, llvmpipe) the graphics process paints with the processor.
`pan` is the same map moved without new data: what the drawing costs alone. Two other pages under the same mouse tell
what the machine takes: an empty one, and one with a bare canvas of the map's size that changes its colour.
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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "page"))

from browser import chromium_path, launch
from reference_site import reference_site

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
WATCH = """() => {
    window.frames_ms = []; window.long_ms = []; window.n_steps = 0;
    let last = performance.now();
    const step = (now) => { window.frames_ms.push(now - last); last = now; requestAnimationFrame(step); };
    if (window.is_watched) return;
    window.is_watched = true;
    requestAnimationFrame(step);
    const tell = (list) => { for (const one of list.getEntries()) window.long_ms.push(one.duration); };
    new PerformanceObserver(tell).observe({ type: 'longtask' });
    const day = document.querySelector('#asof');
    if (day) new MutationObserver(() => window.n_steps++).observe(day, { childList: true });
}"""
RENDERER = """() => {
    const gl = document.createElement('canvas').getContext('webgl2');
    const more = gl && gl.getExtension('WEBGL_debug_renderer_info');
    return gl ? String(gl.getParameter(more ? more.UNMASKED_RENDERER_WEBGL : gl.RENDERER)) : 'none';
}"""
AT_REST = "() => document.documentElement.dataset.map === 'still'"
READY_MS = 240_000


class _Packing(http.server.SimpleHTTPRequestHandler):
    """Sends every file gzipped, as site servers do, from memory."""

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return self.send_error(404)
        body = _sent(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@functools.cache
def _sent(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6, mtime=0)


def main() -> None:
    """Print one JSON document."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = asked.site or Path(made) / "site"
        if asked.site is None:
            folder.mkdir()
            reference_site(folder)
        for name, text in {"empty.html": EMPTY, "bare.html": BARE}.items():
            (Path(made) / name).write_text(text, encoding="utf-8")
        browser = launch(playwright, str(chromium_path()))
        bench = Bench(browser, browser.new_browser_cdp_session(), _serve(folder), _serve(Path(made)))
        _sent(folder / "index.html")
        found = {
            f"slowed_{slow:g}x": bench.measured(slow, asked.moves, asked.firsts)
            for slow in dict.fromkeys((1.0, asked.slow))
        }
        json.dump({"gl": bench.renderer(), "transfer": _transfer(folder)} | found, sys.stdout, indent=2)
        print()
        browser.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path)
    parser.add_argument("--slow", type=float, default=4.0)
    parser.add_argument("--moves", type=int, default=240)
    parser.add_argument("--firsts", type=int, default=5)
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
        "page_gzipped": len(gzip.compress(page, 6, mtime=0)),
        "without_data_gzipped": len(gzip.compress(head + mark + rest[end:], 6, mtime=0)),
        "page": len(page),
    }


@dataclass(frozen=True)
class Bench:
    """A browser and two servers: the site, and the pages it is compared with."""

    browser: Browser
    session: CDPSession
    site: str
    other: str

    def renderer(self) -> str:
        """Who draws WebGL."""
        page = self._page(1)
        page.goto(f"{self.other}empty.html")
        found: str = page.evaluate(RENDERER)
        page.context.close()
        return found

    def measured(self, slow: float, moves: int, firsts: int) -> dict[str, Any]:
        """All of one throttle."""
        first = sorted(self._first_map_ms(slow) for _ in range(firsts))
        others = {name: self._idle(f"{self.other}{name}.html", slow, moves) for name in ("empty", "bare")}
        return {"first_map_ms": first} | self._moved(slow, moves) | others

    def _page(self, slow: float) -> Page:
        page = self.browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slow})
        return page

    def _first_map_ms(self, slow: float) -> float:
        """From the request to a map that has drawn all it has."""
        page = self._page(slow)
        start = time.perf_counter()
        page.goto(self.site, wait_until="commit")
        page.wait_for_selector("html[data-ready]", timeout=READY_MS)
        taken = round((time.perf_counter() - start) * 1000)
        page.context.close()
        return taken

    def _moved(self, slow: float, moves: int) -> dict[str, Any]:
        """The slider drawn from the newest day to the first and back, days fetched before; then the map itself."""
        page = self._page(slow)
        page.goto(self.site)
        page.wait_for_selector("html[data-ready]", timeout=READY_MS)
        found: dict[str, Any] = {"scrub": None}  # a single day has no slider
        if page.locator("#date-slider").count():
            self._drag(page, self._slider(page), moves)
            found = {"scrub": self._drag(page, self._slider(page), moves)}
        found["pan"] = self._drag(page, self._map(page), moves)
        page.context.close()
        return found

    def _slider(self, page: Page) -> tuple[float, float, float]:
        box = page.locator("#date-slider").bounding_box()
        assert box is not None
        return box["x"] + box["width"] - 11, box["x"] + 11, box["y"] + box["height"] / 2

    def _map(self, page: Page) -> tuple[float, float, float]:
        box = page.locator("#map").bounding_box()
        assert box is not None
        middle = box["x"] + box["width"] / 2
        return middle + 30, middle - 30, box["y"] + box["height"] / 2

    def _drag(self, page: Page, way: tuple[float, float, float], moves: int) -> dict[str, Any]:
        """There and back with the button held."""
        start, end, y = way
        page.wait_for_function(AT_REST, timeout=READY_MS)
        page.evaluate(WATCH)
        work = Work(page, self.session)
        page.mouse.move(start, y)
        page.mouse.down()
        for k in range(moves):
            page.mouse.move(start + (1 - abs(2 * k / (moves - 1) - 1)) * (end - start), y)
            page.wait_for_timeout(16)
        page.mouse.up()
        let_go = time.perf_counter()
        page.wait_for_function(AT_REST, timeout=READY_MS)
        trail = round((time.perf_counter() - let_go) * 1000)
        steps = int(page.evaluate("window.n_steps"))
        return work.since(steps or moves) | {"steps": steps or moves, "trails_ms": trail} | _clock(page)

    def _idle(self, url: str, slow: float, moves: int) -> dict[str, Any]:
        """Frames of a page that does nothing with the same mouse."""
        page = self._page(slow)
        page.goto(url)
        page.evaluate(WATCH)
        work = Work(page, self.session)
        for k in range(moves):
            page.mouse.move(100 + 4 * k % 1000, 400)
            page.wait_for_timeout(16)
        found = work.since(moves) | _clock(page)
        page.context.close()
        return found


class Work:
    """Processor time from now on: of the page's thread, and of the browser's processes."""

    def __init__(self, page: Page, browser: CDPSession) -> None:
        self._page, self._browser = page.context.new_cdp_session(page), browser
        self._page.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._before = self._now()

    def since(self, steps: int) -> dict[str, float]:
        """In ms for each step."""
        gone = {name: value - self._before.get(name, 0.0) for name, value in self._now().items()}
        each = {name: round(1000 * value / steps, 1) for name, value in gone.items()}
        return {"main_ms": each["main"], "worker_ms": round(each["renderer"] - each["main"], 1), "gpu_ms": each["GPU"]}

    def _now(self) -> dict[str, float]:
        told = self._page.send("Performance.getMetrics")["metrics"]
        found = {"main": next(one["value"] for one in told if one["name"] == "TaskDuration"), "GPU": 0.0}
        for one in self._browser.send("SystemInfo.getProcessInfo")["processInfo"]:
            found[one["type"]] = found.get(one["type"], 0.0) + one["cpuTime"]
        return found


def _clock(page: Page) -> dict[str, float]:
    """Frames and tasks over 50 ms, by the clock."""
    times, long = np.array(page.evaluate("window.frames_ms"))[2:], page.evaluate("window.long_ms")
    tall = {"median_ms": np.median(times), "p95_ms": np.percentile(times, 95), "slowest_ms": times.max()}
    return {name: round(float(value), 1) for name, value in tall.items()} | {
        "frames": len(times),
        "long_tasks": len(long),
        "longest_task_ms": round(max(long, default=0)),
    }


if __name__ == "__main__":
    main()
