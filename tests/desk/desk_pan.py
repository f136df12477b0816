"""Dragging the desk's map with a real mouse in Chromium: how many frames, which moved the picture, at what cost."""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from isofront.desk import Opened

LEGS = ((200, 60), (-150, 120), (-200, -140), (120, -160), (30, 120))
"""Corners of the mouse's way, in pixels from the map's middle."""
STEPS = 30
STILL_MS = 120_000
COUNT_DRAWS = """
window.n_drawn = 0; window.n_passes = 0;
const gl = WebGL2RenderingContext.prototype, { clear, drawElements } = gl;
gl.clear = function (what) { if (what & 0x4000) window.n_drawn += 1; clear.call(this, what); };
gl.drawElements = function (...all) { window.n_passes += 1; drawElements.apply(this, all); };
"""
RECORD = """() => {
    const canvas = document.querySelector('#map canvas'), map = document.querySelector('#map');
    const look = () => canvas.style.transform + window.n_drawn;
    const told = window.drag = { times: [], moved: 0, drawn: window.n_drawn, views: new Set(), on: true };
    let last = performance.now(), seen = look();
    const step = (now) => {
        const looks = look();
        told.times.push(now - last); told.moved += looks !== seen; told.views.add(map.dataset.view);
        [last, seen] = [now, looks];
        if (told.on) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
}"""
STOP = """() => {
    const told = window.drag;
    told.on = false;
    const { times, moved, drawn, views } = told;
    return { times: times.slice(1), moved, drawn: window.n_drawn - drawn, views: views.size };
}"""


def columns(n: int) -> dict[str, Any]:
    """So many invented reports all over the war of Alder, as `/api/reports` tells them."""
    rng = random.Random(4)
    return {
        "id": [f"r{i}" for i in range(n)],
        "lon": [round(10 + 0.4 * rng.random(), 6) for _ in range(n)],
        "lat": [round(50 + 0.2 * rng.random(), 6) for _ in range(n)],
        "kind": ["strike"] * n, "seen": [("east", "west")[i % 2] for i in range(n)], "day": ["2021-05-01"] * n,
        "last": "2021-05-01" if n else None, "simulated": True,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dragged:
    """What one drag took; `cpu_ms` is of the page's process and of the one that draws."""

    frames_ms: list[float]
    n_moved: int
    n_drawn: int
    n_views: int
    wall_ms: float
    cpu_ms: float

    @property
    def median_ms(self) -> float:
        """Half the frames took no longer."""
        return sorted(self.frames_ms)[len(self.frames_ms) // 2]

    @property
    def cpu_per_move_ms(self) -> float:
        """Processor time for each frame that moved the picture."""
        return self.cpu_ms / max(1, self.n_moved)

    def __str__(self) -> str:
        return (
            f"{1000 * len(self.frames_ms) / self.wall_ms:5.1f} frames/s (median {1000 / self.median_ms:4.1f}, slowest "
            f"{max(self.frames_ms):4.0f} ms), {1000 * self.n_moved / self.wall_ms:4.1f} moves/s, "
            f"{self.n_drawn:3d} drawn anew; CPU {self.cpu_per_move_ms:5.1f} ms a move"
        )


def dragged(page: Page) -> Dragged:
    """Drag the map about with the mouse, one way and back."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y, steps=4)
    page.evaluate(RECORD)
    cpu, began = cpu_ms(), time.perf_counter()
    for dx, dy in LEGS:
        page.mouse.move(x + dx, y + dy, steps=STEPS)
    wall, cpu = 1000 * (time.perf_counter() - began), cpu_ms() - cpu
    told: dict[str, Any] = page.evaluate(STOP)
    page.mouse.up()
    return Dragged(told["times"], told["moved"], told["drawn"], told["views"], wall, cpu)


def passes(page: Page) -> int:
    """How many times one drawing of the map calls on the renderer, with all of it read."""
    still(page)
    page.evaluate("void (window.n_passes = window.n_drawn = 0)")
    page.locator("#map canvas").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => window.n_drawn > 0")
    still(page)
    count: int = page.evaluate("Math.round(window.n_passes / window.n_drawn)")
    return count


def still(page: Page) -> None:
    """Wait until the map is at rest."""
    page.wait_for_selector("html[data-ready][data-map=still]", timeout=STILL_MS)


@contextmanager
def map_of(browser: Browser, opened: Opened, reports: dict[str, Any] | None, *, bare: bool = False) -> Iterator[Page]:
    """The desk with these reports instead of its own (None: its own); `bare`: without ground, lines and places too."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    page = context.new_page()
    page.add_init_script(COUNT_DRAWS)
    if reports is not None:
        body = json.dumps(reports)
        page.route("**/api/reports*", lambda route: route.fulfill(content_type="application/json", body=body))
    if bare:
        page.route("**/api/ground*", _emptied)
    page.goto(opened.url)
    still(page)
    yield page
    context.close()


def _emptied(route: Route) -> None:
    answer = route.fetch()
    if answer.status != 200:
        route.fulfill(response=answer)
        return
    document = answer.json()
    for sheet in document["dates"]:
        for name in ("areas", "front"):
            sheet[name]["features"] = []
    route.fulfill(response=answer, json=document)


def cpu_ms() -> float:
    """Processor time that Chromium's pages and its drawing have taken, in ms; of all that this process started."""
    return 1000 * sum(_seconds(pid) for pid in _started_by(os.getpid()) if _draws(pid))


def _draws(pid: int) -> bool:
    return re.search(r"--type=(renderer|gpu-process)", _read(pid, "cmdline")) is not None


def _seconds(pid: int) -> float:
    fields = _fields(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _started_by(root: int) -> list[int]:
    parents = {int(one.name): _fields(int(one.name)) for one in Path("/proc").iterdir() if one.name.isdigit()}
    found = [root]
    for pid in found:
        found += [one for one, fields in parents.items() if fields and int(fields[1]) == pid]
    return found


def _fields(pid: int) -> list[str]:
    return _read(pid, "stat").rpartition(")")[2].split()


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # it ended in the meantime
