"""Drafts bear the numbers by which `claim --accept` takes them."""

from __future__ import annotations

import json
import re

from isofront.cli import main

ARTICLE = "An official said that about 200 Russian soldiers were inside Pokrovsk. Russian forces entered Myrnohrad.\n"


def test_a_draft_is_printed_with_its_place_in_the_list(tmp_path, capsys):
    article = tmp_path / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    assert main(["read", str(article), "--published", "2025-11-04"]) == 0
    shown = re.findall(r"^ *(\d+)  (\w+) ", capsys.readouterr().out, re.MULTILINE)
    assert main(["read", str(article), "--published", "2025-11-04", "--json"]) == 0
    drafts = json.loads(capsys.readouterr().out)
    assert shown == [(str(number), one["type"]) for number, one in enumerate(drafts, start=1)]


def test_a_draft_without_a_speaker_says_which_option_names_one(tmp_path, capsys):
    article, drafts, theatre = tmp_path / "article.txt", tmp_path / "drafts.json", tmp_path / "war"
    article.write_text("About 200 Russian soldiers were inside Pokrovsk.\n", encoding="utf-8")
    assert main(["read", str(article), "--published", "2025-11-04", "--json"]) == 0
    drafts.write_text(capsys.readouterr().out, encoding="utf-8")
    start = tmp_path / "start.geojson"
    start.write_text(
        '{"type":"Polygon","coordinates":[[[37.2,47.9],[38.1,47.9],[38.1,48.9],[37.1,48.9],[37.2,47.9]]]}', "utf-8"
    )
    begin = ["init", str(theatre), "--bounds", "36.4", "47.9", "38.1", "48.9", "--protect", "none", "--cell", "1000"]
    begin += ["--side", "ru=Russia", "--side", "ua=Ukraine", "--anchor", str(start), "--anchor-date", "2025-08-01"]
    assert main([*begin, "--anchor-holder", "ru"]) == 0
    assert main(["claim", str(drafts), "--accept", "1", "--theatre", str(theatre)]) == 3
    assert "--speaker NAME tells it for all rows" in capsys.readouterr().err
