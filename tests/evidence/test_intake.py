"""Files into the ledger: nothing lost, nothing twice, nothing half; also when killed, crowded out or out of room."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from isofront.errors import IsofrontError, UsageError
from isofront.evidence import Ledger, ledger_path, rejects_count, verify
from isofront.intake import add_files, check_files
from isofront.sources import Doubt

HEADER = "id,happened_at,published_at,lon,lat,error_m,kind,seen,by,source,reliability,credibility,url,note"
BAD = [
    "x,,,,,,,,,,,,,",
    "y,2031-05-01,,45.3,20.5,60,strike,red,,alpha,,,,",
    "z,2031-05-01,,20.5,45.3,60,strike,green,,alpha,,,,",
]

CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import isofront.intake as intake
from isofront.theatre.model import Anchor, Side, Theatre
intake.BATCH_ROWS = int(sys.argv[3])
theatre = Theatre("vale", (Side("red", {"en": "Redland"}), Side("blue", {"en": "Bluemark"})), (),
                  (20.0, 45.0, 21.0, 45.6),
                  "EPSG:32634", Anchor("anchor.geojson", datetime(2031, 1, 1, tzinfo=UTC), "red"))
tally = intake.add_files(
    Path(sys.argv[1]), [Path(sys.argv[2])], now=datetime(2031, 6, 1, tzinfo=UTC), theatre=theatre,
    progress=lambda at: print(at.rows_acknowledged, flush=True),
    waiting=lambda: print("waiting", file=sys.stderr, flush=True))
print("added", tally.total("added"), flush=True)
"""


def evidence(path: Path, n: int, *, start: int = 0, bad: int = 0) -> Path:
    rng = random.Random(start)
    rows = []
    for number in range(start, start + n):
        at = datetime(2031, 2, 1, tzinfo=UTC) + timedelta(minutes=number)
        place = f"{rng.uniform(20, 21):.5f},{rng.uniform(45, 45.6):.5f}"
        rows.append(f"r-{number},{at:%Y-%m-%dT%H:%M:%SZ},,{place},60,strike,red,blue,alpha,B,,,SIMULATED")
    rows += [BAD[each % 3] for each in range(bad)]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8", newline="\n")
    return path


def child(folder: Path, file: Path, batch: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(folder), str(file), str(batch)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_every_row_read_is_added_known_corrected_or_rejected(tmp_path, theatre, now):
    file = evidence(tmp_path / "e.csv", 50, bad=7)
    tally = add_files(tmp_path, [file], now=now, theatre=theatre)
    (of_file,) = tally.files
    assert (of_file.read, of_file.added, of_file.rejects) == (57, 50, 7)
    assert tally.doubts[Doubt.SWAPPED] == 2
    assert rejects_count(tmp_path) == 7


def test_adding_a_file_twice_adds_nothing_to_ledger_or_rejects(tmp_path, theatre, now):
    file = evidence(tmp_path / "e.csv", 50, bad=7)
    first = add_files(tmp_path, [file], now=now, theatre=theatre)
    again = add_files(tmp_path, [file, file], backfill=True, now=now + timedelta(days=3), theatre=theatre)
    assert (again.total("added"), again.total("duplicates"), again.head) == (0, 100, first.head)
    assert rejects_count(tmp_path) == 7


def test_rejects_are_private_and_name_file_row_column_reason_and_the_row(tmp_path, theatre, now):
    add_files(tmp_path, [evidence(tmp_path / "e.csv", 1, bad=2)], now=now, theatre=theatre)
    store = tmp_path / "rejects.ndjson"
    first, second = (json.loads(line) for line in store.read_text(encoding="utf-8").splitlines())
    assert (first["file"], first["row"], first["column"]) == ("e.csv", 3, "kind")
    assert (second["row"], second["column"], second["raw"]) == (4, "lon", BAD[1] + "\n")
    if os.name == "posix":
        assert (store.stat().st_mode & 0o777, ledger_path(tmp_path).stat().st_mode & 0o777) == (0o600, 0o600)


def test_a_conflicting_id_is_a_reject_and_with_correct_a_correction(tmp_path, theatre, now):
    one, other = evidence(tmp_path / "a.csv", 1), tmp_path / "b.csv"
    other.write_text(one.read_text(encoding="utf-8").replace("strike", "assault"), encoding="utf-8")
    add_files(tmp_path, [one], now=now, theatre=theatre)
    tally = add_files(tmp_path, [other], now=now, theatre=theatre)
    assert (tally.total("rejects"), tally.usable) == (1, False)
    assert "--correct" in next(iter(tally.reasons.values())).example
    assert add_files(tmp_path, [other], correct=True, now=now, theatre=theatre).total("corrections") == 1


def test_an_unusable_file_beside_a_good_one_is_named_and_does_not_stop_it(tmp_path, theatre, now):
    empty = tmp_path / "empty.csv"
    empty.touch()
    tally = add_files(tmp_path, [empty, evidence(tmp_path / "e.csv", 3)], now=now, theatre=theatre)
    assert tally.total("added") == 3
    assert "empty" in tally.files[0].fault


def test_a_missing_file_stops_the_run_before_it_begins(tmp_path, theatre, now):
    with pytest.raises(UsageError, match="no such file"):
        add_files(tmp_path, [evidence(tmp_path / "e.csv", 3), tmp_path / "ghost.csv"], now=now, theatre=theatre)
    assert not ledger_path(tmp_path).exists()


def test_check_writes_nothing(tmp_path, theatre, now):
    file = evidence(tmp_path / "e.csv", 5, bad=2)
    before = sorted(tmp_path.iterdir())
    tally, rejects = check_files(theatre, [file], backfill=False, now=now)
    assert (tally.total("added"), len(rejects), sorted(tmp_path.iterdir())) == (5, 2, before)


def test_check_tells_known_and_conflicting_ids_as_adding_would(tmp_path, theatre, now):
    known = evidence(tmp_path / "known.csv", 2)
    add_files(tmp_path, [known], backfill=True, now=now, theatre=theatre)
    rows = known.read_text(encoding="utf-8").splitlines()
    new = [row.replace("r-1,", "r-9,") for row in rows[2:]]
    other = [rows[1].replace(",60,", ",70,"), new[0].replace(",60,", ",80,")]
    file = tmp_path / "mixed.csv"
    file.write_text("\n".join([*rows, *new, *new, *other]) + "\n", encoding="utf-8", newline="\n")
    with Ledger.open(ledger_path(tmp_path)) as ledger:
        told, rejects = check_files(theatre, [file], backfill=True, now=now, ledger=ledger)
    came = add_files(tmp_path, [file], backfill=True, now=now, theatre=theatre)
    counts = ("read", "added", "duplicates", "corrections", "rejects")
    assert [told.total(count) for count in counts] == [came.total(count) for count in counts] == [6, 1, 3, 0, 2]
    assert [reject.row for reject in rejects] == [6, 7]


def test_a_folder_is_no_evidence_and_is_called_a_folder(tmp_path, theatre, now):
    with pytest.raises(UsageError, match="a folder, wanted the files in it"):
        check_files(theatre, [tmp_path], backfill=False, now=now)


def test_a_file_in_pieces_makes_the_same_reports_as_at_once(tmp_path, theatre, now):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    whole.mkdir()
    parts.mkdir()
    lines = evidence(tmp_path / "e.csv", 60).read_text(encoding="utf-8").splitlines()
    lines += [line.replace("r-", "copy-", 1) for line in lines[1:30]]
    (tmp_path / "e.csv").write_text("\n".join(lines), encoding="utf-8")
    add_files(whole, [tmp_path / "e.csv"], backfill=True, now=now, theatre=theatre)
    for number, start in enumerate(range(len(lines), 1, -20)):
        piece = tmp_path / f"piece{number}.csv"
        piece.write_text("\n".join([HEADER, *lines[max(1, start - 20) : start]]), encoding="utf-8")
        add_files(parts, [piece], backfill=True, now=now, theatre=theatre)
    read = []
    for folder in (whole, parts):
        with Ledger.open(ledger_path(folder)) as ledger:
            read.append(sorted(ledger.reports(), key=lambda report: report.id))
    assert read[0] == read[1]
    assert sum(report.group != report.id for report in read[0]) == 29


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_a_killed_import_loses_no_acknowledged_report(tmp_path):
    file, rng = evidence(tmp_path / "e.csv", 1500), random.Random(7)
    acknowledged = kills = 0
    while acknowledged < 1500 and kills < 12:
        running = child(tmp_path, file, 25)
        line = running.stdout.readline()
        time.sleep(rng.random() * 0.1)
        running.send_signal(signal.SIGKILL)
        rest, _ = running.communicate()
        said = [int(word) for word in (line + rest).split("added")[0].split() if word.isdigit()]
        acknowledged = max([acknowledged, *said])
        kills += 1
        assert verify(ledger_path(tmp_path)).holds
        with Ledger.open(ledger_path(tmp_path)) as ledger:
            assert {f"r-{n}" for n in range(acknowledged)} <= {report.id for report in ledger.reports()}
    last = child(tmp_path, file, 500)
    last.communicate()
    assert last.returncode == 0
    with Ledger.open(ledger_path(tmp_path)) as ledger:
        assert len(ledger.reports()) == 1500
        assert ledger.counts()["report"] == 1500


def test_a_second_import_waits_and_says_so(tmp_path):
    one, other = evidence(tmp_path / "a.csv", 400), evidence(tmp_path / "b.csv", 400, start=200)
    lock = tmp_path / "ledger.lock"
    lock.touch()
    holder = apsw.Connection(str(lock))
    holder.execute("BEGIN EXCLUSIVE")
    first, second = child(tmp_path, one, 50), child(tmp_path, other, 50)
    said = [first.stderr.readline(), second.stderr.readline()]
    holder.close()
    assert [first.wait(), second.wait()] == [0, 0]
    assert said == ["waiting\n", "waiting\n"]
    with Ledger.open(ledger_path(tmp_path)) as ledger:
        assert len(ledger.reports()) == 600
    assert verify(ledger_path(tmp_path)).holds
    for running in (first, second):
        running.stdout.close()
        running.stderr.close()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_said(tmp_path, theatre, now):
    file = evidence(tmp_path / "e.csv", 3)
    folder = tmp_path / "shut"
    folder.mkdir(mode=0o500)
    with pytest.raises(IsofrontError, match="cannot be made here"):
        add_files(folder, [file], now=now, theatre=theatre)


def test_a_full_disk_is_said_and_acknowledged_batches_stay(tmp_path, theatre, now, monkeypatch):
    import isofront.intake as intake
    from isofront.evidence import store

    prepare = store._prepare

    def small(connection: apsw.Connection, path: Path) -> None:
        prepare(connection, path)
        connection.execute("PRAGMA max_page_count=60")

    monkeypatch.setattr(store, "_prepare", small)
    monkeypatch.setattr(intake, "BATCH_ROWS", 20)
    acknowledged: list[int] = []
    with pytest.raises(IsofrontError, match="disk is full"):
        add_files(
            tmp_path,
            [evidence(tmp_path / "e.csv", 2000)],
            now=now,
            theatre=theatre,
            progress=lambda at: acknowledged.append(at.rows_acknowledged),
        )
    monkeypatch.undo()
    with Ledger.open(ledger_path(tmp_path)) as ledger:
        assert len(ledger.reports()) == acknowledged[-1] > 0
    assert verify(ledger_path(tmp_path)).holds


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="measures with getrusage")
def test_a_big_file_is_read_in_bounded_memory(tmp_path):
    """Four times the rows must not take noticeably more memory."""
    peaks = []
    for n in (20_000, 80_000):
        folder = tmp_path / str(n)
        folder.mkdir()
        code = CHILD + "\nimport resource; print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        file = evidence(tmp_path / f"{n}.csv", n)
        command = [sys.executable, "-c", code, str(folder), str(file), "4000"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        peaks.append(int(said.split("peak")[1]))
    assert peaks[1] < peaks[0] + 60_000


def test_rows_read_in_another_process_come_out_as_those_read_in_this_one(tmp_path, theatre, now, monkeypatch):
    file, here, apart = evidence(tmp_path / "e.csv", 90, bad=7), tmp_path / "here", tmp_path / "apart"
    one = add_files(here, [file], backfill=True, now=now, theatre=theatre)
    monkeypatch.setattr("isofront.apart.FROM_BYTES", 1)
    monkeypatch.setattr("isofront.intake.BATCH_ROWS", 20)
    other = add_files(apart, [file], backfill=True, now=now, theatre=theatre)
    assert (one.files, one.doubts, one.reasons) == (other.files, other.doubts, other.reasons)
    with Ledger.open(ledger_path(here)) as first, Ledger.open(ledger_path(apart)) as second:
        assert first.reports() == second.reports()
    assert verify(ledger_path(apart)).holds
    empty = tmp_path / "none.csv"
    empty.write_text("a,b\n", encoding="utf-8")
    assert "missing column" in (add_files(apart, [empty], now=now, theatre=theatre).files[0].fault or "")


def test_where_no_other_process_can_be_had_the_rows_are_read_in_this_one(tmp_path, theatre, now, monkeypatch):
    monkeypatch.setattr("isofront.apart.FROM_BYTES", 1)
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-python"))
    tally = add_files(tmp_path, [evidence(tmp_path / "e.csv", 9, bad=2)], now=now, theatre=theatre)
    assert (tally.total("added"), tally.total("rejects")) == (9, 2)
