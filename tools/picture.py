"""Make the README's picture from the demo's own (SIMULATED) map: smaller, in few colours, under 200 kB.

python tools/picture.py build/demo/2025-11-04/map.png docs/images/first-map.png
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from PIL import Image

WIDTH = 1200
MOST_BYTES = 200_000


def shrunk(picture: Image.Image, *, n_colours: int) -> bytes:
    """The picture at the README's width, as a PNG with a palette."""
    height = round(picture.height * WIDTH / picture.width)
    small = picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    content = io.BytesIO()
    small.quantize(n_colours, dither=Image.Dither.NONE).save(content, "PNG", optimize=True)
    return content.getvalue()


def main() -> int:
    """Take the most colours that fit."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("source", type=Path)
    asked.add_argument("target", type=Path)
    told = asked.parse_args()
    with Image.open(told.source) as picture:
        for n_colours in (128, 64, 32, 16):
            content = shrunk(picture, n_colours=n_colours)
            if len(content) <= MOST_BYTES:
                told.target.write_bytes(content)
                print(f"{told.target}: {len(content):,} bytes, {n_colours} colours")
                return 0
    print(f"{told.source}: does not fit into {MOST_BYTES:,} bytes", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
