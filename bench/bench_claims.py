"""100,000 claims: how long a query takes, against the index and against a full read of the chain.

    python bench/bench_claims.py [--claims 100000] [--repeat 9]

Invented claims of 60 places, 8 subjects and 40 speakers are written to a temporary ledger. Prints medians of wall clock
and CPU time in milliseconds: the first query after an import (which brings the index up to date), the same query again,
other queries, and the whole list of rivals from a query.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from isofront.evidence.claim import Bound, Claim, claim_entry, claims
from isofront.evidence.claim_index import Wanted, claims_wanted
from isofront.evidence.ledger import Ledger
from isofront.findings import rival_groups

TARGET_MS = 100.0
START = datetime(2025, 1, 1, tzinfo=UTC)
ABOUTS = (
    "attackers-inside",
    "losses",
    "killed",
    "vehicles-lost",
    "residents-remaining",
    "strikes",
    "attacks",
    "troops",
)
BATCH = 5000


def invented(n: int, rng: random.Random) -> Iterator[Claim]:
    """Claims of 60 places over a year, as they might be said."""
    for k in range(n):
        said = START + timedelta(minutes=5 * k)
        value = float(rng.randint(10, 900))
        side = rng.choice(("red", "blue"))
        place, bound = f"Place {rng.randrange(60)}", rng.choice((Bound.EXACT, Bound.ABOUT, Bound.AT_LEAST))
        yield Claim(
            f"c-{k}", f"Speaker {rng.randrange(40)}", said, said, ABOUTS[k % len(ABOUTS)], place,
            rng.uniform(20, 21), rng.uniform(45, 46), value, value, bound,
            side=side, interest=rng.choice((None, "red", "blue")), reliability=rng.choice("BCDEF"),
            quote="what was said, in about as many words as a newspaper gives to it on a usual day of the war",
        )  # fmt: skip


def filled(path: Path, n: int) -> None:
    """A ledger of so many claims."""
    some = list(invented(n, random.Random(7)))
    with Ledger.open(path, create=True) as ledger:
        for first in range(0, n, BATCH):
            ledger.append([claim_entry(one) for one in some[first : first + BATCH]], now=START)


def timed(does: Callable[[], object], repeat: int) -> tuple[float, float, object]:
    """Median wall clock and CPU time, ms, and what it gave."""
    walls, cpus, answer = [], [], None
    for _ in range(repeat):
        wall, cpu = time.perf_counter(), time.process_time()
        answer = does()
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    return statistics.median(walls), statistics.median(cpus), answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        filled(path, given.claims)
        usual = Wanted(("Place 7",), "attackers-inside")
        week = Wanted(first=START, last=START + timedelta(days=7))
        rows = (
            ("first query: index from nothing", lambda: claims_wanted(path, usual), 1),
            ("one place, one subject", lambda: claims_wanted(path, usual), given.repeat),
            ("the same as rivals, ranges, pairs", lambda: rival_groups(claims_wanted(path, usual)), given.repeat),
            ("one place, all subjects", lambda: claims_wanted(path, Wanted(("Place 7",))), given.repeat),
            ("one speaker", lambda: claims_wanted(path, Wanted(speaker="speaker 31")), given.repeat),
            ("one week", lambda: claims_wanted(path, week), given.repeat),
            ("full read of the chain", lambda: _whole(path), 1),
        )  # fmt: skip
        for name, does, repeat in rows:
            wall, cpu, answer = timed(does, repeat)
            size = len(answer) if isinstance(answer, list) else 0
            print(f"{name:36s} {wall:9.1f} ms wall {cpu:9.1f} ms CPU  {size:7,} found")
        print(f"target: a query under {TARGET_MS:g} ms")


def _whole(path: Path) -> list[Claim]:
    with Ledger.open(path) as ledger:
        return claims(ledger)


if __name__ == "__main__":
    main()
