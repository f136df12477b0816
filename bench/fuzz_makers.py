"""Bad inputs by the thousand for every reader of maps: none may crash it, hang it over a second, or vanish unsaid.

    python bench/fuzz_makers.py [--each 2000] [--seed 1]

Files are built to shape (tests/makers/makers_fuzz.py): a good file of each maker, with wrongs where they hurt. For the
formats that GDAL and Arrow read, bytes of good files are spoilt. Prints a line a reader.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "makers"))

import makers_files
import makers_fuzz

from isofront.makers import Wish

LAYERS = {"gpkg": "GPKG", "fgb": "FlatGeobuf", "shp": "ESRI Shapefile", "parquet": ""}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        bad = sum(_case(case, asked.each, asked.seed, Path(folder)) for case in makers_fuzz.cases())
        bad += sum(_layer(ending, asked.each, asked.seed, Path(folder)) for ending in LAYERS)
    return 1 if bad else 0


def _case(case: makers_fuzz.Case, each: int, seed: int, folder: Path) -> int:
    places = makers_files.put(folder / "places.csv", makers_files.PLACES)
    tally: Counter[str] = Counter()
    began = time.perf_counter()
    for number, content in enumerate(makers_fuzz.bad_files(case, each, seed)):
        try:
            tally[makers_fuzz.judged(case, content, Wish(places=places))] += 1
        except Exception as fault:
            tally["WRONG"] += 1
            kept = makers_files.put(Path(tempfile.gettempdir()) / "isofront-fuzz" / f"{number}-{case.name}", content)
            print(f"  {type(fault).__name__}: {fault!s:.200}: {kept}")
    return _said(case.reader, case.name, tally, began)


def _layer(ending: str, each: int, seed: int, folder: Path) -> int:
    rng, path = random.Random(seed), folder / f"layer.{ending}"
    table = makers_files.layer_table().rename(columns={"status": "class"})
    table["class"] = ["held", "grey"]
    table.to_parquet(path) if ending == "parquet" else table.to_file(path, driver=LAYERS[ending])
    whole, tally, began = path.read_bytes(), Counter[str](), time.perf_counter()
    for number in range(each):
        wrong = bytearray(whole[: rng.randrange(len(whole))] if rng.random() < 0.2 else whole)
        for _ in range(rng.randint(1, 12)):
            if wrong:
                wrong[rng.randrange(len(wrong)) if rng.random() < 0.5 else rng.randrange(min(len(wrong), 2_000))] = (
                    rng.randrange(256)
                )
        path.write_bytes(bytes(wrong))
        try:
            tally[makers_fuzz.judged_layer(path)] += 1
        except Exception as fault:
            tally["WRONG"] += 1
            kept = makers_files.put(Path(tempfile.gettempdir()) / "isofront-fuzz" / f"{number}.{ending}", bytes(wrong))
            print(f"  {type(fault).__name__}: {fault!s:.200}: {kept}")
    return _said("layers", path.name, tally, began)


def _said(reader: str, name: str, tally: Counter[str], began: float) -> int:
    took = time.perf_counter() - began
    print(f"{reader:16} {name:36} {sum(tally.values()):6,} files in {took:5.1f} s: {dict(tally)}", flush=True)
    return tally["WRONG"]


if __name__ == "__main__":
    sys.exit(main())
