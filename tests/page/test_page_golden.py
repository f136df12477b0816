"""Five views of the invented war against kept pictures, with a tolerance for other browsers and their letters.

After a change that is meant to be seen: `ISOFRONT_UPDATE_GOLDEN=1 pytest tests/page/test_page_golden.py`, then look at
each picture in tests/page/golden before it is committed.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GOLDEN = Path(__file__).with_name("golden")
WIDTH, HEIGHT = 480, 360
BLOCK = 6
"""Pictures are compared by the means of blocks of so many pixels: letters and edges that another browser smooths in
another way weigh little, a class in another colour or a line in another place a lot."""
MEAN, WORST = 2.5, 45.0
"""The largest mean difference, and that of one block in a thousand, of 255."""

ALL = "held.grey.infiltration.unobserved.out_of_range.bands.edges.pockets.reports.settlements.roads.barriers"
VIEWS = {
    "whole": f"layers={ALL}&view=10.6,50.42,8.2",
    "dark-near": f"layers={ALL}&view=10.62,50.4,10.2&theme=dark&spot=10.62,50.38",
    "print": f"layers={ALL}&view=10.6,50.42,8.6&palette=print",
    "struck": "layers=held.edges.even_odds.interdicted.routes.settlements&view=10.5,50.45,9&palette=safe",
    "changed": "layers=held.grey.edges&view=10.6,50.42,8.6&compare=2031-05-08&differences=1",
}


def shot(opened: Any) -> Image.Image:
    """The middle of the map, where no panel reaches."""
    box = opened.page.locator("#map").bounding_box()
    clip = {"x": box["x"] + (box["width"] - WIDTH) // 2, "y": box["y"] + (box["height"] - HEIGHT) // 2}
    content = opened.page.screenshot(clip=clip | {"width": WIDTH, "height": HEIGHT})
    return Image.open(io.BytesIO(content)).convert("RGB")


def differences(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Mean difference of the blocks, and that of the worst in a thousand."""
    size = (WIDTH // BLOCK, HEIGHT // BLOCK)
    small = [np.asarray(picture.resize(size, Image.Resampling.BOX), float) for picture in (one, other)]
    apart = np.abs(small[0] - small[1]).max(axis=2)
    return float(apart.mean()), float(np.quantile(apart, 0.999))


def test_the_views_look_as_they_did(visit: Any, war_site: Any) -> None:
    opened = visit(f"{war_site.url}offline.html#{VIEWS['whole']}", reduced_motion="reduce")
    apart = {}
    for name, address in VIEWS.items():
        opened.page.evaluate("address => { location.hash = address; }", address)
        if "compare=" in address:
            opened.page.wait_for_selector("#curtain-map canvas")
        opened.settle()
        seen, path = shot(opened), GOLDEN / f"{name}.png"
        if os.environ.get("ISOFRONT_UPDATE_GOLDEN"):
            seen.quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)
        with Image.open(path) as kept:
            apart[name] = differences(seen, kept.convert("RGB"))
    bad = {name: found for name, found in apart.items() if found[0] > MEAN or found[1] > WORST}
    assert bad == {}, f"mean and worst differences of 255 from the pictures in {GOLDEN.name}"


def test_the_tolerance_tells_the_views_apart() -> None:
    kept = {name: Image.open(GOLDEN / f"{name}.png").convert("RGB") for name in VIEWS}
    for one in VIEWS:
        for other in VIEWS:
            assert one == other or differences(kept[one], kept[other])[0] > 3 * MEAN
