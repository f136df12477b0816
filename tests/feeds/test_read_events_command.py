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
