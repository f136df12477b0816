"""`add`, `check`, `ledger verify`, `retract` and `redact` as typed: exit codes, one JSON document, one-line errors."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from isofront.cli import main
from isofront.evidence import Ledger, ledger_path
from isofront.theatre import dump

HEADER = "id,happened_at,lon,lat,kind,seen,source"
GOOD = "a-1,2031-02-01T10:20:30Z,20.5,45.3,strike,red,alpha"


@pytest.fixture
def folder(tmp_path, theatre) -> Path:
    (tmp_path / "theatre.toml").write_text(dump(theatre), encoding="utf-8")
    return tmp_path


@pytest.fixture
def typed(folder, capsys):
    """Types a command; gives its exit code, what it printed, and what it said on stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        code = main([*words, "--theatre", str(folder)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def file(folder):
    def write(*rows: str, name: str = "e.csv", header: str = HEADER) -> str:
        (folder / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return str(folder / name)

    return write


@pytest.fixture(autouse=True)
def _long_after(monkeypatch):
    """The rows here lie in a year that the machine's clock has not reached."""
    monkeypatch.setattr("isofront.sources.row.FUTURE", timedelta(days=40_000))


def test_add_prints_one_json_document_whose_counts_add_up(typed, file):
    code, out, _ = typed("add", file(GOOD, GOOD.replace("a-1", "a-2"), "x,,,,,,"), "--json", "--backfill")
    said = json.loads(out)
    assert code == 0
    assert said["read"] == said["added"] + said["duplicates"] + said["corrections"] + said["rejects"] == 3
    assert (said["linked"], said["known_inferred"], said["count"]) == (1, 2, 3)
    assert (said["unknown_sources"], said["outside"], said["swapped_suspects"]) == ({}, 0, 0)
    assert said["files"][0]["file"] == "e.csv"


def test_rejects_are_shown_with_reason_and_where_they_are_kept(typed, file, folder):
    code, out, _ = typed("add", file(GOOD, GOOD.replace("red", "green")))
    assert code == 0
    assert "e.csv row 3: seen: 'green' is no side" in out
    assert str(folder / "rejects.ndjson") in out


@pytest.mark.parametrize(
    ("rows", "header", "code"),
    [((), HEADER, 3), (("x,,,,,,",), HEADER, 3), ((GOOD,), "a,b,c,d,e,f,g", 3), ((GOOD,), HEADER, 0)],
)
def test_the_exit_code_is_3_only_where_nothing_was_usable(typed, file, rows, header, code):
    assert typed("add", file(*rows, header=header), "--json")[0] == code
    assert typed("check", file(*rows, header=header), "--json")[0] == code


def test_a_file_that_does_not_exist_is_wrong_use(typed):
    code, _, err = typed("add", "ghost.csv")
    assert (code, err) == (2, "isofront: ghost.csv: no such file\n")


def test_a_tampered_ledger_is_exit_4_and_one_document(typed, file, folder):
    import apsw

    typed("add", file(GOOD))
    assert typed("ledger", "verify")[0] == 0
    connection = apsw.Connection(str(ledger_path(folder)))
    connection.execute("UPDATE payload SET body = x'00'")
    connection.close()
    code, out, err = typed("ledger", "verify", "--json")
    assert (code, json.loads(out)["first_bad"]) == (4, 1)
    assert "line 1: its bytes were changed" in err


def test_a_head_that_is_nowhere_in_the_chain_is_exit_4(typed, file):
    typed("add", file(GOOD))
    assert typed("ledger", "verify", "--head", "ab" * 32)[0] == 4


def test_a_redaction_that_waits_for_another_command_says_so(typed, file, folder):
    typed("add", file(GOOD), "--backfill")
    reading = (
        "c = apsw.Connection('ledger.db'); c.execute('BEGIN'); c.execute('SELECT count(*) FROM payload').fetchall()"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", f"import apsw, time; {reading}; print('reads', flush=True); time.sleep(3)"],
        cwd=folder,
        stdout=subprocess.PIPE,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == b"reads\n"
    code, _, said = typed("redact", "a-1", "--reason", "asked by the source")
    reader.communicate()
    assert code == 0
    assert said.count("waiting for it to end") == 1
    left = b"".join(path.read_bytes() for path in folder.glob("ledger.db*"))
    assert b"a-1" not in left


def test_retract_and_redact_by_id(typed, file, folder):
    typed("add", file(GOOD, GOOD.replace("a-1", "a-2"), GOOD.replace("a-1", "a-3")))
    assert typed("retract", "a-1", "--reason", "old video")[0] == 0
    assert typed("redact", "a-2", "--reason", "asked by the source")[0] == 0
    assert typed("redact", "ghost", "--reason", "why not")[0] == 2
    assert typed("retract", "a-3", "--reason", " ")[0] == 2
    with Ledger.open(ledger_path(folder)) as ledger:
        assert [report.id for report in ledger.reports()] == ["a-3"]
    assert typed("ledger", "verify")[0] == 0


def test_a_report_is_taken_back_once(typed, file, folder):
    typed("add", file(GOOD))
    assert typed("retract", "a-1", "--reason", "old video")[0] == 0
    before = ledger_path(folder).read_bytes()
    code, out, _ = typed("retract", "a-1", "--reason", "old video, I said")
    assert code == 0
    assert "was retracted before; nothing was recorded" in out
    assert ledger_path(folder).read_bytes() == before


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_an_interrupted_import_says_what_is_safe(folder):
    rows = "".join(f"r-{n},2026-02-01T10:20:30Z,20.5,45.{n % 9}{n:06d},strike,red,alpha\n" for n in range(300_000))
    (folder / "big.csv").write_text(f"{HEADER}\n{rows}", encoding="utf-8")
    text = (folder / "theatre.toml").read_text(encoding="utf-8").replace("2031-01-01", "2026-01-01")
    (folder / "theatre.toml").write_text(text, encoding="utf-8")
    code = (  # where tests run in the background, what they start is deaf to an interrupt unless told otherwise
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        f"from isofront.cli import main; sys.exit(main(['add', 'big.csv', '--theatre', {str(folder)!r}]))"
    )
    running = subprocess.Popen([sys.executable, "-c", code], cwd=folder, stderr=subprocess.PIPE, text=True)
    while not ledger_path(folder).exists() or ledger_path(folder).stat().st_size < 100_000:
        assert running.poll() is None
        __import__("time").sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate()
    assert running.returncode == 130
    assert "rows are safe in the ledger" in err
    with Ledger.open(ledger_path(folder)) as ledger:
        assert len(ledger.reports()) % 4000 == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "cp1251"])
def test_check_takes_what_a_spreadsheet_saves_in_its_own_encoding(typed, folder, encoding):
    (folder / "e.csv").write_bytes(f"{HEADER},note\n{GOOD},Біля старого млина на околиці\n".encode(encoding))
    code, out, _ = typed("check", str(folder / "e.csv"), "--json")
    assert (code, json.loads(out)["added"]) == (0, 1)


@pytest.mark.parametrize(
    "words",
    [
        ["retract", "a-1", "--reason", "old"],
        ["redact", "a-1", "--reason", "old"],
        ["assess", "as-1", "--outcome", "yes", "--reason", "seen"],
    ],
)
def test_a_folder_without_a_ledger_is_left_as_it_is(tmp_path, capsys, words):
    assert main([*words, "--theatre", str(tmp_path / "nowhere")]) == 3
    assert "no ledger here" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()
