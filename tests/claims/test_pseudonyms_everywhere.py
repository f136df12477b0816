"""A name in `pseudonyms.toml` is in no file and no word of the product, by whichever door it came."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from isofront.cli import main
from isofront.sources.pseudonyms import FILE_NAME

NAME, OTHER = "Іван Секретов", "Ivan Secretov"
ROWS = """id,source,kind,seen,lon,lat,error_m,happened_at,published_at,note
a1,{name},position,red,0.25,0.15,100,2020-05-06,2020-05-06T12:00Z,seen by {name}
a2,S,position,{name},0.25,0.15,100,2020-05-06,2020-05-06T12:00Z,
a3,S,position,red,{name},0.15,100,2020-05-06,2020-05-06T12:00Z,
"""
EVENT = {
    "event_id_cnty": "R1", "event_date": "2020-05-06", "time_precision": "1", "event_type": "Battles",
    "sub_event_type": "Armed clash", "actor1": "Military Forces of Redland", "actor2": "Military Forces of Blueland",
    "latitude": "0.15", "longitude": "0.25", "geo_precision": "1", "source": NAME, "notes": f"told by {NAME}",
}  # fmt: skip
OTHER_EVENT = EVENT | {"event_id_cnty": "R2", "event_date": NAME, "actor1": NAME}
ACLED = "\n".join(",".join(one) for one in (EVENT, EVENT.values(), OTHER_EVENT.values()))


@pytest.fixture
def theatre(empty: Path, tmp_path: Path) -> Path:
    folder = shutil.copytree(empty, tmp_path / "war")
    (folder / FILE_NAME).write_text(f'[names]\n"{NAME}" = "Soldier K"\n"{OTHER}" = "Soldier K"\n', encoding="utf-8")
    return folder


def refuse_traces(folder: Path, *said: str) -> None:
    """No byte of the folder and no word said holds a name, however it is written."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != FILE_NAME]
    everything = b"\n".join(path.read_bytes() + path.name.encode() for path in files) + "\n".join(said).encode()
    for name in (NAME, OTHER, NAME.split()[1], OTHER.split()[1]):
        for kind in (name, name.upper(), name.lower(), json.dumps(name)[1:-1]):
            assert kind.encode() not in everything
            assert kind.encode("utf-16-le") not in everything
            assert kind.encode("cp1251") not in everything


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251"])
def test_adding_rows_keeps_no_name(theatre: Path, tmp_path: Path, capsys, encoding: str) -> None:
    file = tmp_path / f"{OTHER}.csv"
    file.write_bytes(ROWS.format(name=NAME.upper()).encode(encoding))
    assert main(["check", str(file), "--theatre", str(theatre)]) == 0
    assert main(["add", str(file), "--theatre", str(theatre), "--source", OTHER, "--backfill"]) == 0
    assert main(["add", str(tmp_path / "no" / f"{OTHER}.csv"), "--theatre", str(theatre)]) == 2
    said = capsys.readouterr()
    assert (theatre / "rejects.ndjson").read_text(encoding="utf-8").count("Soldier K") >= 2
    refuse_traces(theatre, said.out, said.err)


def test_json_with_escapes_keeps_no_name(theatre: Path, tmp_path: Path, capsys) -> None:
    row = {"id": "a1", "source": NAME, "kind": "position", "seen": "red", "lon": 0.25, "lat": 0.15, "error_m": 100,
           "happened_at": "2020-05-06", "note": f"so\n{NAME}"}  # fmt: skip
    file = tmp_path / "rows.ndjson"
    file.write_text(json.dumps(row) + "\n" + json.dumps(row | {"id": "a2", "kind": NAME}) + "\n", encoding="utf-8")
    assert "\\u0406" in file.read_text(encoding="utf-8")
    assert main(["add", str(file), "--theatre", str(theatre), "--json"]) == 0
    said = capsys.readouterr()
    refuse_traces(theatre, said.out, said.err)


@pytest.mark.parametrize("packed", ["plain", "zip", "gz"])
def test_reading_events_for_a_theatre_keeps_no_name(theatre: Path, tmp_path: Path, capsys, packed: str) -> None:
    content = ACLED.encode()
    if packed == "zip":
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr(f"{OTHER}.csv", content)
        content = made.getvalue()
    file, out = tmp_path / f"{OTHER}.{packed}", theatre / "events.csv"
    file.write_bytes(gzip.compress(content) if packed == "gz" else content)
    words = (
        "--theatre",
        str(theatre),
        "--out",
        str(out),
        "--source",
        OTHER,
        "--side",
        "Military Forces of Redland=red",
    )
    assert main(["read-events", str(file), *words]) == 0
    said = capsys.readouterr()
    assert out.exists()
    refuse_traces(theatre, said.out, said.err)


def test_the_desks_entry_keeps_no_name(theatre: Path) -> None:
    from isofront.desk.answers import Received, _routed
    from isofront.desk.desk import Desk

    desk = Desk(theatre, "ana", lambda: datetime(2020, 5, 9, tzinfo=UTC))
    cells = {"source": NAME, "kind": "position", "seen": "red", "lon": "0.25", "lat": "0.15", "error_m": "100",
             "note": f"by {NAME.lower()}"}  # fmt: skip
    table = f"source\tlon\tlat\tseen\thappened_at\n{NAME}\t0.25\t0.15\tred\t2020-05-06\n{NAME}\tx\t0.15\tred\t{NAME}\n"
    said = []
    for method, path, body in (
        ("PUT", "/api/entry/draft", {"cells": cells, "text": NAME}),
        ("POST", "/api/entry/read", {"text": f"0.25 0.15 {NAME}", "source": NAME}),
        ("POST", "/api/entry/save", {"cells": cells, "day": "2020-05-06"}),
        ("POST", "/api/entry/save", {"cells": cells | {"kind": NAME}, "day": "2020-05-06"}),
        ("POST", "/api/entry/bulk", {"text": table}),
        ("GET", "/api/entry/draft", {}),
        ("GET", "/api/entry/recent", {}),
    ):
        answer = _routed(desk, Received(method, path, {}, json.dumps(body).encode()), path, {})
        said.append(answer.body.decode())
    assert any("Soldier K" in one for one in said)
    assert (theatre / "ledger.db").exists()
    refuse_traces(theatre, *said)


def test_reading_an_article_for_a_theatre_names_nobody_not_even_by_its_file(
    theatre: Path, tmp_path: Path, capsys
) -> None:
    file = tmp_path / f"{NAME}.txt"
    file.write_text(f"{NAME}, a spokesman, said that 300 soldiers were inside Oldtown.", encoding="utf-8")
    assert main(["read", str(file), "--theatre", str(theatre), "--json"]) == 0
    said = capsys.readouterr()
    assert NAME.casefold() not in (said.out + said.err).casefold()
