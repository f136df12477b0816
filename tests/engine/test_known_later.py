"""A map that knows nothing, though the ledger does: it is said, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine_war import COLUMNS, rows

from isofront.evidence import Ledger, ledger_path


def _file(folder: Path, found: list[dict[str, object]]) -> Path:
    path = folder / "late.csv"
    lines = [",".join(COLUMNS), *(",".join(str(one.get(name, "")) for name in COLUMNS) for one in found)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_old_evidence_added_as_live_is_missed_by_the_map_of_its_day_and_both_commands_say_so(
    quiet_war: Path, unpictured: Any, told: Any
) -> None:
    late = _file(quiet_war.parent, rows(6, lon=20.15, lat=50.03))
    code, out, _ = told("add", late, "--theatre", quiet_war)
    assert code == 0
    assert (
        "6 over a week old and known only from now: maps of earlier days leave them out (old evidence: --backfill)"
        in out
    )
    code, out, err = told("map", "--theatre", quiet_war, "--as-of", "2024-05-20", "--out", quiet_war.parent / "out")
    assert (code, "0 reports" in out) == (0, True)
    assert "2024-05-20: no report was known before 2024-05-21; 6 reports from before this day became known" in err
    with Ledger.open(ledger_path(quiet_war)) as ledger:
        assert f"from {ledger.reports()[0].known_at:%Y-%m-%d} on: --known-by takes them in" in err


def test_a_map_of_a_day_before_anything_happened_says_nothing_of_it(
    quiet_war: Path, unpictured: Any, told: Any
) -> None:
    late = _file(quiet_war.parent, rows(6, lon=20.15, lat=50.03))
    assert told("add", late, "--theatre", quiet_war, "--backfill")[0] == 0
    *_, err = told("map", "--theatre", quiet_war, "--as-of", "2024-05-03", "--out", quiet_war.parent / "out")
    assert "known" not in err
