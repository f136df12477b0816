"""What `desk out` writes for QGIS: layers, styles and forms; and what it never writes over."""

from __future__ import annotations

import json
import shutil
import sqlite3
from xml.etree import ElementTree

import pyogrio
import pytest
from gis_hands import SIGNED

from isofront.cli import main
from isofront.desk.gis_again import put_aside
from isofront.desk.gis_columns import layers_for
from isofront.desk.gis_in import read_edits
from isofront.desk.gis_out import gis_out
from isofront.engine.review import review_of
from isofront.theatre import load


def test_every_layer_is_there_styled_with_a_form_and_stamped(handed_out):
    _, file, draft = handed_out
    layers = {name: kind for name, kind in pyogrio.list_layers(file) if kind}
    assert layers == {
        "areas": "MultiPolygon",
        "proposals": "MultiPolygon",
        "edges": "MultiLineString",
        "reports": "Point",
    }
    with sqlite3.connect(file) as db:
        styles = dict(db.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault = 1"))
        assert {stamp for (stamp,) in db.execute("SELECT description FROM layer_styles")} == {"PRIVATE SIMULATED"}
    assert set(styles) == set(layers)
    for layer in layers_for(draft.ground.theatre):
        root = ElementTree.fromstring(styles[layer.name].split("\n", 1)[1])
        assert root.find("renderer-v2") is not None
        assert [field.get("name") for field in root.find("fieldConfiguration")] == list(layer.names)
    assert pyogrio.read_info(file, layer="reports")["layer_metadata"]["stamp"] == "PRIVATE SIMULATED"
    assert file.stat().st_mode & 0o077 == 0


def test_lists_offer_what_the_theatre_knows_and_nothing(handed_out):
    with sqlite3.connect(handed_out[1]) as db:
        ((qml,),) = db.execute("SELECT styleQML FROM layer_styles WHERE f_table_name = 'reports'").fetchall()
    root = ElementTree.fromstring(qml.split("\n", 1)[1])
    seen = root.find("fieldConfiguration/field[@name='seen']/editWidget")
    assert seen.get("type") == "ValueMap"
    offered = {one.get("name"): one.get("value") for one in seen.iter("Option") if one.get("type") == "QString"}
    assert offered == {
        "<NULL>": "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}", "Eastland": "east", "Westland": "west",
    }  # fmt: skip
    fixed = root.find("editable/field[@name='known_at']")
    assert fixed.get("editable") == "0"


def test_gdal_reads_every_feature_and_qgis_will_see_no_other_tables(handed_out):
    _, file, draft = handed_out
    assert len(pyogrio.read_dataframe(file, layer="reports")) == len(draft.reports)
    assert len(pyogrio.read_dataframe(file, layer="proposals")) == len(review_of(draft).proposals) > 0
    assert {name for name, _ in pyogrio.list_layers(file)} == {"areas", "proposals", "edges", "reports", "layer_styles"}


def test_the_same_draft_gives_the_same_file(handed_out, tmp_path):
    again = tmp_path / "again.gpkg"
    gis_out(handed_out[2], again)
    for layer in ("areas", "proposals", "edges", "reports"):
        one, other = (pyogrio.read_dataframe(file, layer=layer) for file in (handed_out[1], again))
        assert one.equals(other)


@pytest.mark.slow
def test_the_commands_go_there_and_back(handed_out, tmp_path, capsys):
    folder, file = shutil.copytree(handed_out[0], tmp_path / "war"), tmp_path / "x.gpkg"
    capsys.readouterr()
    assert main(["desk", "out", str(file), "--theatre", str(folder), "--as-of", "2021-05-16", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["features"]["reports"] == 60
    assert main(["desk", "in", str(file), "--theatre", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["edits"] == 0


# Written again


def test_a_file_with_edits_is_put_aside_before_it_is_written_anew(work):
    layers = layers_for(load(work.folder))
    assert put_aside(work.file, layers) is None
    work.edit("proposals", 1, verdict="accept", **SIGNED)
    kept, n_edits = put_aside(work.file, layers)
    assert (kept.name, n_edits, work.file.exists()) == ("work-edited-1.gpkg", 1, False)
    assert len(read_edits(kept, layers)[1]) == 1
    shutil.copy(kept, work.file)
    assert put_aside(work.file, layers)[0].name == "work-edited-2.gpkg"


def test_nothing_but_a_file_of_desk_out_is_written_over(work, capfd):
    words = ["desk", "out", "--theatre", str(work.folder), "--as-of", "2021-05-16"]
    evidence = work.folder.parent / "evidence.csv"
    evidence.write_text("id", encoding="utf-8")
    assert main([*words, str(evidence)]) == 2
    assert evidence.read_text(encoding="utf-8") == "id"
    assert main([*words, str(work.folder)]) == 2
    work.file.with_name("work.gpkg-wal").write_bytes(b"")
    assert main([*words, str(work.file)]) == 2
    told = capfd.readouterr().err.splitlines()
    assert [" ".join(line.split(": ", 2)[2].split()[:4]) for line in told] == [
        "is there and is",
        "is a folder, wanted",
        "is open in another",
    ]
