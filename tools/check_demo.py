"""Read a demo's output back and fail on the first thing that is not as promised: `check_demo.py build/demo`."""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

SUMMARY_KEYS = {
    "as_of", "known_by", "state", "simulated", "reports_used", "known_inferred", "rejects", "area_km2", "changed_km2",
    "settlements",
}  # fmt: skip
MAP_FILES = ("control.tif", "areas.geojson", "front.geojson", "summary.json", "map.png", "map.svg")
CHROMIUM_FLAGS = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
CHROMIUM_FLAGS += ["--no-sandbox", "--disable-dev-shm-usage"]


class WrongError(Exception):
    """Something in the output is not as promised."""


def require(holds: object, message: str) -> None:
    """Raise with the message unless it holds."""
    if not holds:
        raise WrongError(message)


def check_raster(path: Path) -> tuple[str, ...]:
    """control.tif: float32, five named bands, finite in [0, 1], the three p sum to one; returns the two side ids."""
    import rasterio

    with rasterio.open(path) as raster:
        names, bands = raster.descriptions, raster.read()
        require(raster.crs is not None and raster.crs.is_projected, f"{path}: no projected CRS")
        require(raster.transform.e < 0, f"{path}: not north up")
    require(len(names) == 5, f"{path}: {len(names)} bands, wanted 5")
    side1, side2 = names[1].removeprefix("p_"), names[3].removeprefix("p_")
    wanted = (f"control_{side1}", f"p_{side1}", "p_grey", f"p_{side2}", "unobserved")
    require(names == wanted, f"{path}: bands {names}, wanted {wanted}")
    require(bands.dtype == np.float32, f"{path}: {bands.dtype}, wanted float32")
    require(np.isfinite(bands).all() and bands.min() >= 0 and bands.max() <= 1, f"{path}: a value is not in [0, 1]")
    off = np.abs(bands[1:4].astype(float).sum(axis=0) - 1).max()
    require(off <= 1e-5, f"{path}: p bands miss one by {off:.1e}")
    control, held, grey = bands[0], bands[1], bands[2]
    require(
        (held <= control + 1e-6).all() and (control <= held + grey + 1e-6).all(), f"{path}: control out of its limits"
    )
    return side1, side2


def check_geojson(path: Path) -> None:
    """RFC 7946: a feature collection in degrees, finite, no crs member, valid non-empty shapes."""
    from shapely.geometry import shape

    collection = read_json(path)
    require(collection["type"] == "FeatureCollection" and "crs" not in collection, f"{path}: not plain RFC 7946")
    require(collection["features"], f"{path}: no features")
    for feature in collection["features"]:
        geometry = shape(feature["geometry"])
        west, south, east, north = geometry.bounds
        require(geometry.is_valid and not geometry.is_empty, f"{path}: a shape is empty or invalid")
        require(-180 <= west <= east <= 180 and -90 <= south <= north <= 90, f"{path}: not in degrees")


def read_json(path: Path) -> Any:
    """Strict JSON: NaN and Infinity are faults."""

    def refuse(constant: str) -> None:
        raise WrongError(f"{path}: holds {constant}")

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


def check_summary(path: Path, sides: tuple[str, ...]) -> dict[str, Any]:
    """summary.json has its keys, and km2 for each side, grey and unobserved."""
    summary: dict[str, Any] = read_json(path)
    require(summary.keys() >= SUMMARY_KEYS, f"{path}: lacks {sorted(SUMMARY_KEYS - summary.keys())}")
    require(summary["area_km2"].keys() >= {*sides, "grey", "unobserved"}, f"{path}: area_km2 lacks a class")
    require(summary["reports_used"] > 0, f"{path}: no report was used")
    require(summary["simulated"] is True, f"{path}: the demo must say that it is simulated")
    require(
        all(place.keys() >= {"name", "lon", "lat", "status", "p"} for place in summary["settlements"]),
        f"{path}: settlements",
    )
    return summary


def check_map_folder(folder: Path) -> None:
    """One date's folder: every file there and right, the pictures stamped."""
    for name in MAP_FILES:
        require((folder / name).is_file() and (folder / name).stat().st_size > 0, f"{folder / name}: missing or empty")
    sides = check_raster(folder / "control.tif")
    check_geojson(folder / "areas.geojson")
    check_geojson(folder / "front.geojson")
    check_summary(folder / "summary.json", sides)
    picture = (folder / "map.svg").read_text(encoding="utf-8")
    require("PRIVATE" in picture and "SIMULATED" in picture, f"{folder / 'map.svg'}: not stamped PRIVATE and SIMULATED")


def outside_references(page: str) -> Iterator[str]:
    """Whatever in a page would be fetched from elsewhere: src, link href, CSS url() and imports."""
    yield from re.findall(
        r"""<(?:script|img|iframe|link|source|object)\b[^>]*?\b(?:src|href|data)\s*=\s*["']?(?!data:|#|blob:)([^"'\s>]+)""",
        page,
    )
    yield from re.findall(
        r"""@import\s+["']?([^"';]+)""", "".join(re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL))
    )


def check_page(path: Path) -> None:
    """map.html stands alone and says what it is."""
    page = path.read_text(encoding="utf-8")
    found = list(outside_references(page))
    require(not found, f"{path}: refers to {found[:3]}")
    require("PRIVATE" in page and "SIMULATED" in page, f"{path}: not stamped PRIVATE and SIMULATED")


def check_rendered(path: Path) -> None:
    """Open the page in Chromium: no console error, no request but itself, and the picture is not blank."""
    from matplotlib.image import imread
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    errors: list[str] = []
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        browser = play.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1000, "height": 700})
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.goto(path.resolve().as_uri())
        page.wait_for_timeout(8000)
        page.screenshot(path=f"{folder}/page.png")
        browser.close()
        colours = len(np.unique((imread(f"{folder}/page.png")[..., :3] * 31).astype(int).reshape(-1, 3), axis=0))
    outside = [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    require(not outside, f"{path}: asked the network for {outside[:3]}")
    require(not errors, f"{path}: {errors[:3]}")
    require(colours > 20, f"{path}: renders {colours} colours, looks blank")


def chromium() -> str | None:
    """Where Chromium is, or None."""
    import shutil

    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def main() -> int:
    """Check every map folder under the given one, then the page."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    folder = asked.parse_args().folder
    try:
        maps = sorted({path.parent for path in folder.rglob("control.tif") if "editions" not in path.parts})
        require(maps, f"{folder}: no control.tif under it")
        for place in maps:
            check_map_folder(place)
        check_page(folder / "map.html")
        if chromium():
            check_rendered(folder / "map.html")
        else:
            print("CHROMIUM ABSENT: the page was not rendered")
    except (WrongError, OSError, KeyError, ValueError) as fault:
        print(f"check_demo: {fault or type(fault).__name__}", file=sys.stderr)
        return 1
    print(f"check_demo: {len(maps)} maps and the page are as promised")
    return 0


if __name__ == "__main__":
    sys.exit(main())
