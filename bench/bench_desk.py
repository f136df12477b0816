"""How the desk feels on a theatre of 200,000 reports: frames a second while panning, and how long answers take.

    python bench/bench_desk.py [--reports N] [--folder DIR]

Makes an invented theatre (all SIMULATED) in DIR or a temporary folder, opens its desk in headless Chromium on software
rendering, and pans the map with the reports clustered, near and far, with each panel's layers on it. Prints the median
and the slowest frames, what reading the ledger and the line take, and peak memory of the server.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "desk"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "page"))

from browser import chromium_path, launch
from desk_war import EAST, HEAD, NORTH, SOUTH, WEST, make_war

from isofront.desk import Desk, Opened
from isofront.intake import add_files

NOW = datetime(2021, 12, 31, 12, tzinfo=UTC)
PAN = """(frames) => new Promise((done) => {
    const map = document.querySelector('#map canvas'), box = map.getBoundingClientRect(), times = [];
    const mid = [box.x + box.width / 2, box.y + box.height / 2];
    const fire = (type, dx, dy) => (type === 'mousedown' ? map : window).dispatchEvent(new MouseEvent(type,
        { bubbles: true, clientX: mid[0] + dx, clientY: mid[1] + dy, button: 0, buttons: type === 'mouseup' ? 0 : 1 }));
    let last = performance.now(), n = 0;
    fire('mousedown', 0, 0);
    const step = (now) => {
        times.push(now - last); last = now; n += 1;
        fire('mousemove', Math.round(220 * Math.sin(n / 25)), Math.round(120 * Math.sin(n / 40)));
        if (n < frames) requestAnimationFrame(step); else { fire('mouseup', 0, 0); done(times.slice(10)); }
    };
    requestAnimationFrame(step);
})"""


def theatre(folder: Path, n: int) -> Path:
    """The small invented war with so many reports along its front, over half a year."""
    war = make_war(folder / "war", n_reports=4)
    rng = np.random.default_rng(4)
    lon = np.clip(rng.normal(10.2, 0.03, n), WEST + 0.01, EAST - 0.01)
    lat = rng.uniform(SOUTH + 0.005, NORTH - 0.005, n)
    days = rng.integers(0, 200, n)
    path = folder / "many.csv"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEAD + "\n")
        for k in range(n):
            when = datetime(2021, 5, 2, 9, tzinfo=UTC) + timedelta(days=int(days[k]))
            side = "east" if lon[k] > 10.2 + rng.normal(0, 0.01) else "west"
            file.write(
                f"m{k},{when:%Y-%m-%dT%H:%M:%SZ},{when + timedelta(hours=12):%Y-%m-%dT%H:%M:%SZ},{lon[k]:.5f},"
                f"{lat[k]:.5f},exact,strike,{side},,alder_watch,2,https://t.me/alder_watch_tv/{k},SIMULATED\n"
            )
    began = time.perf_counter()
    add_files(war, [path], backfill=True, now=NOW)
    print(f"{n:,} reports added in {time.perf_counter() - began:.0f} s", flush=True)
    return war


def told(name: str, times: list[float]) -> None:
    """One line on frames."""
    some = np.array(times)
    print(
        f"{name:>28}: {1000 / np.median(some):5.1f} frames/s (median), {1000 / np.quantile(some, 0.95):5.1f} at the "
        f"95th percentile, slowest {some.max():.0f} ms",
        flush=True,
    )


def panned(page: Page, name: str, frames: int = 150) -> None:
    """Pan twice; the second counts, when glyphs and tiles are there."""
    page.evaluate(PAN, 40)
    page.wait_for_timeout(800)
    told(name, page.evaluate(PAN, frames))


def measured(war: Path) -> None:
    """All measurements."""
    with Opened(Desk(war, editor="bench", now=lambda: NOW)) as opened, sync_playwright() as playwright:
        path = chromium_path()
        assert path is not None, "no Chromium"
        browser = launch(playwright, path)
        page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
        began = time.perf_counter()
        with page.expect_response(lambda one: "/api/reports" in one.url and one.status == 200, timeout=600_000) as got:
            page.goto(opened.url)
        print(f"all reports on the page after {time.perf_counter() - began:.1f} s", flush=True)
        print(f"{len(got.value.body()) / 1e6:.1f} MB of columns, {len(json.loads(got.value.text())['id']):,} reports")
        page.wait_for_selector("html[data-ready]", timeout=120_000)
        page.wait_for_timeout(8000)
        panned(page, "the whole theatre")
        for panel in ("line", "why"):
            page.click(f"#tab-{panel}")
            page.wait_for_timeout(1500)
            panned(page, f"with the panel {panel}")
        page.locator("#map canvas").focus()
        for _ in range(3):
            page.keyboard.press("+")
            page.wait_for_timeout(1200)
        panned(page, "three steps nearer")
        browser.close()


def main() -> None:
    """Make it and measure it."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--reports", type=int, default=200_000)
    words.add_argument("--folder", type=Path)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        measured(folder / "war" if (folder / "war").exists() else theatre(folder, asked.reports))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
