# ruff: noqa: E501 - rows of tables are as long as they are
"""`isofront read-events`: in any folder, with no theatre and no network."""

from __future__ import annotations

import json
from pathlib import Path

from isofront.cli import main

ACLED = """event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,civilian_targeting,latitude,longitude,geo_precision,tags
XX1,05 May 2031,1,Battles,Armed clash,Military Forces of Redland,Military Forces of Bluemark,,45.31,20.52,1,
XX2,2031-05-06,2,Protests,Peaceful protest,Protesters (Redland),,,45.31,20.52,1,
XX3,2031-05-06,1,Battles,Armed clash,Military Forces of Redland,,,95.31,20.52,1,
"""


def test_a_table_is_recognised_and_written_as_evidence_with_rejects_beside_it(tmp_path: Path, capsys) -> None:
    source, out = tmp_path / "events.csv", tmp_path / "out.csv"
    source.write_text(ACLED.replace("2031", "2025"), encoding="utf-8")
    sides = ["--side", "Military Forces of Redland=red", "--side", "Military Forces of Bluemark=blue"]
    assert main(["read-events", str(source), "--out", str(out), *sides, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["feed"] == "acled"
    assert said["entries"] == said["events"] + said["rejects"] + sum(said["left_out"].values()) == 3
    assert said["seen"] == {"red": 1, "blue": 1}
    assert json.loads((tmp_path / "out.rejects.json").read_text(encoding="utf-8"))["rejects"][0]["row"] == 4


def test_a_large_file_read_by_other_processes_comes_out_as_one_read_here(tmp_path: Path, monkeypatch, capsys) -> None:
    head, *rows = ACLED.replace("2031", "2025").splitlines()
    table = [row.replace("XX", f"X{k}-") for k in range(7) for row in rows] + [rows[0].replace("XX", "X3-")]
    table += [rows[0].replace("XX", "X3-").replace("45.31", "45.32")]  # another event of the same id
    source = tmp_path / "events.csv"
    source.write_text("\n".join([head, *table]) + "\n", encoding="utf-8")
    said = []
    for where, least in (("here", 10**9), ("apart", 1)):
        monkeypatch.setattr("isofront.apart.FROM_BYTES", least)
        words = ["--side", "Military Forces of Redland=red", "--json"]
        assert main(["read-events", str(source), "--out", str(tmp_path / f"{where}.csv"), *words]) == 0
        said.append(json.loads(capsys.readouterr().out) | {"out": "", "rejects_file": ""})
    assert said[0] == said[1]
    assert said[0]["entries"] == 23
    assert (tmp_path / "here.csv").read_bytes() == (tmp_path / "apart.csv").read_bytes()
    assert (tmp_path / "here.rejects.json").read_bytes() == (tmp_path / "apart.rejects.json").read_bytes()


def test_where_no_other_process_can_be_had_a_large_file_is_read_here(tmp_path: Path, monkeypatch, capsys) -> None:
    source = tmp_path / "events.csv"
    source.write_text(ACLED.replace("2031", "2025"), encoding="utf-8")
    monkeypatch.setattr("isofront.apart.FROM_BYTES", 1)
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-python"))
    assert main(["read-events", str(source), "--out", str(tmp_path / "out.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"] == 3


def test_a_feed_that_is_read_is_never_overwritten(tmp_path: Path, capsys) -> None:
    source = tmp_path / "events.csv"
    source.write_text(ACLED.replace("2031", "2025"), encoding="utf-8")
    before = source.read_bytes()
    assert main(["read-events", str(source), "--out", str(source)]) == 2
    assert "would overwrite" in capsys.readouterr().err
    assert source.read_bytes() == before
