"""The development protocol: three real areas, anchor of 3 March 2025, scored on the Mondays to 28 July.

    python bench/development.py DATA likereal12 [AREA…]      (likereal12, likereal3 or tame)

Makes each theatre with plain `init` and `add --backfill` under build/bench/, unless it is there, then runs
`isofront score` on all of them. DATA is the folder of real polygons and simulated reports; none of it is kept in git.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from shapely.geometry import mapping

from isofront.compare import read_truth
from isofront.ground.polygons import clip_to_box

HERE = Path(__file__).resolve().parent.parent / "build" / "bench"
AREAS = {
    "pokrovsk": (36.4, 47.9, 38.1, 48.9),
    "kupiansk": (37.35, 49.45, 38.05, 49.95),
    "huliaipole": (35.9, 47.4, 36.7, 47.95),
}
ANCHOR, LAST, CRS = "2025-03-03", "2025-07-28", "EPSG:32637"
PREFIX = {"likereal12": "evidence-likereal12", "likereal3": "evidence-likereal3", "tame": "evidence"}


def isofront(*words: object) -> None:
    """Run the command of this very installation."""
    subprocess.run([str(Path(sys.executable).with_name("isofront")), *map(str, words)], check=True)


def anchor_file(data: Path, box: tuple[float, float, float, float]) -> Path:
    """The real polygons of the anchor's day near a box, as plain GeoJSON."""
    held = next(shape for day, shape in read_truth(data, side="ru").items() if day.isoformat() == ANCHOR)
    near = clip_to_box(held, (box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1))
    path = HERE / "anchor.geojson"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": mapping(near)}), encoding="utf-8")
    return path


def made(data: Path, kind: str, area: str) -> Path:
    """The theatre of one area and one set of reports."""
    folder, box = HERE / kind / area, AREAS[area]
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        anchor = anchor_file(data / "deepstate_public.parquet", box)
        isofront(
            "init", folder, "--bounds", *box, "--crs", CRS, "--protect", "none", "--side", "ru=Russia", "--side",
            "ua=Ukraine", "--anchor", anchor, "--anchor-date", ANCHOR, "--anchor-holder", "ru",
        )  # fmt: skip
        isofront("add", "--theatre", folder, "--backfill", data / f"{PREFIX[kind]}-{area}-2025-03_07.csv")
        (folder / "done").touch()
    return folder


def main(data: Path, kind: str, *areas: str) -> None:
    """Make what is not there yet, then score."""
    folders = [made(data, kind, area) for area in areas]
    theatres = [word for folder in folders for word in ("--theatre", folder)]
    isofront(
        "score", "--truth", data / "deepstate_public.parquet", *theatres, "--side", "ru",
        "--days", f"2025-03-04/{LAST}", "--weekday", "mon", "--out", HERE / kind,
    )  # fmt: skip


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("data", type=Path)
    asked.add_argument("kind", choices=PREFIX)
    asked.add_argument("area", nargs="*", choices=AREAS, default=list(AREAS))
    told = asked.parse_args()
    main(told.data, told.kind, *told.area)
