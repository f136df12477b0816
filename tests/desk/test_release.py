"""The release panel over the desk's own port: what would be public, what is held back and why, publishing in steps."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import pytest
from publishing_war import DAY, NOW, approve, begun, row

from isofront.engine.edition import Asked
from isofront.engine.publish import release_of
from isofront.engine.site import publish_release
from isofront.evidence import Ledger, ledger_path, verify
from isofront.evidence.edition import read_published

ON = "2024-05-25"
URL = f"/api/release?on={ON}"


@pytest.fixture(scope="session")
def approved(tmp_path_factory):
    """A theatre with an approved day, reports of several fates: never to be written to, only copied."""
    told = [row(f"red{n}", 20.13 + 0.002 * n, 50.02 + 0.002 * n) for n in range(12)]
    told[0] |= {"release": "withheld", "note": "SIMULATED the mill"}
    told[1] |= {"release": "public", "url": "https://t.me/alder_watch_tv/7"}
    told[2] |= {"url": "https://t.me/alder_watch_tv/8"}
    told[3] |= {"release": "public", "url": "https://t.me/alder_watch_tv/9", "note": "the 61st Brigade there"}
    war = begun(tmp_path_factory.mktemp("approved"), reports=told)
    approve(war)
    return war


@pytest.fixture(scope="module")
def reading(approved, read_desk_at):
    """A desk that is only read from: its release is drawn up once."""
    desk = read_desk_at(approved, now=NOW)
    desk.post("/api/editor", {"name": "olena"}, method="PUT")
    return desk


@pytest.fixture
def war(approved, tmp_path):
    return shutil.copytree(approved, tmp_path / "war")


@pytest.fixture
def caller(war, desk_at):
    desk = desk_at(war, now=NOW)
    desk.post("/api/editor", {"name": "olena"}, method="PUT")
    return desk


def editions(war):
    with Ledger.open(ledger_path(war)) as ledger:
        return [one for _, one in read_published(ledger).editions]


def asked(told, site, **more):
    return {"on": ON, "head": told["head"], "site": str(site), **more}


def fates(caller, **more):
    return caller.post("/api/release/reports", {"on": ON, **more})


def test_approved_days_are_listed_and_a_folder_beside_the_theatre_is_proposed(reading, approved):
    told = reading.get("/api/release/days")
    assert [(one["as_of"][:10], one["by"], one["editions"]) for one in told["days"]] == [(ON, "nadia", [])]
    assert told["editions"] == []
    assert told["proposed_site"] == f"{approved}-site"


def test_the_panel_tells_what_the_bytes_of_the_edition_hold_and_the_ledger_stays_as_it_was(reading, approved):
    before = reading.get("/api/head")
    told = reading.get(URL)
    assert told["edition"] == f"0001-{ON}"
    assert told["ready"]
    counts = {one["file"]: one["n"] for one in told["contents"]}
    assert counts["reports.geojson"] == 11 == len(told["public"]["reports"]["features"])
    assert told["changes"]["changed_km2"] > 0
    assert all(one["names"]["en"] == one["name"] for one in told["changes"]["settlements"])
    assert told["private"]["features"]
    assert not any("red" in json.dumps(one["properties"].get("link")) for one in told["public"]["reports"]["features"])
    assert reading.get("/api/head") == before
    assert editions(approved) == []


def test_each_report_says_what_becomes_of_it_and_is_found_by_its_words(reading):
    told = fates(reading)
    assert (told["n"], sum(told["counts"].values())) == (12, 12)
    assert told["counts"]["release_class"] == 1
    found = {one["id"]: one for one in told["reports"]}
    assert (found["red0"]["group"], found["red0"]["class"]) == ("release_class", "withheld")
    assert found["red1"]["group"] == "with_link"
    assert (found["red2"]["group"], found["red2"]["link_held"]) == ("informs", "link_class")
    assert (found["red3"]["group"], found["red3"]["link_held"]) == ("informs", "link_unit")
    assert [one["id"] for one in fates(reading, words="MILL simulated")["reports"]] == ["red0"]
    assert {one["group"] for one in fates(reading, group="informs")["reports"]} == {"informs"}


def test_a_delay_that_is_not_over_is_told_with_its_end_and_nothing_is_published(war, desk_at, tmp_path):
    early = desk_at(war, now=NOW - timedelta(days=4))
    told = early.get(URL)
    assert not told["ready"]
    assert told["ready_at"] > told["counted_to"]
    assert told["groups"]["delay"] > 0
    status, _, problem = early.ask("POST", "/api/release/prepare", asked(told, tmp_path / "site"))
    while status == 202:
        status, _, problem = early.ask("POST", "/api/release/prepare", asked(told, tmp_path / "site"))
    assert status == 400
    assert "delay ends" in problem["detail"]
    assert not (tmp_path / "site").exists()


def test_a_class_set_by_hand_is_a_correction_and_acts_on_the_day_at_once(caller, war):
    caller.post("/api/release/class", {"id": "red5", "release": "withheld", "reason": "he asked us to"})
    caller.post("/api/release/class", {"id": "red2", "release": "public", "reason": "it is public anyway"})
    caller.get(URL)
    found = {one["id"]: one for one in fates(caller)["reports"]}
    assert found["red5"]["group"] == "release_class"
    assert found["red2"]["group"] == "with_link"
    with Ledger.open(ledger_path(war)) as ledger:
        assert ledger.counts()["correction"] == 2
        raw = [ledger.raw(line.n) for line, _ in ledger.lines("correction")]
    assert b"he asked us to" in raw[0]
    assert b"olena" in raw[0]
    caller.post("/api/release/class", {"id": "red5", "release": "", "reason": "he says it may"})
    caller.get(URL)
    found = {one["id"]: one for one in fates(caller)["reports"]}
    assert (found["red5"]["group"], found["red5"]["class"]) == ("informs", "private")
    assert verify(ledger_path(war)).holds


def test_a_class_needs_a_reason_and_a_report_that_stands(reading):
    body = {"id": "red5", "release": "withheld", "reason": " "}
    assert reading.ask("POST", "/api/release/class", body)[0] == 400
    assert reading.ask("POST", "/api/release/class", body | {"reason": "so", "id": "nobody"})[0] == 404
    assert reading.ask("POST", "/api/release/class", body | {"reason": "so", "release": "free"})[0] == 400


@pytest.mark.slow
def test_publishing_takes_a_prepared_step_once_and_none_that_was_prepared_before_the_ledger_grew(caller, war, tmp_path):
    site, told = tmp_path / "site", caller.get(URL)
    ready = caller.post("/api/release/prepare", asked(told, site, reason="the day"))
    assert (ready["made"]["edition"], ready["made"]["new"], ready["site_is_there"]) == (f"0001-{ON}", True, False)
    other = caller.post("/api/release/prepare", asked(told, site, reason="another word"))
    assert other["step"] != ready["step"]
    assert not site.exists()
    assert editions(war) == []
    made = caller.post("/api/release/publish", {"step": ready["step"]})
    assert caller.post("/api/release/publish", {"step": ready["step"]}) == made
    status, problem = 202, {}
    while status == 202:
        status, _, problem = caller.settled("POST", "/api/release/publish", {"step": other["step"]})
    assert (status, "ledger grew meanwhile" in problem["detail"]) == (400, True)
    (edition,) = editions(war)
    assert edition.reason == "the day"
    assert (site / "editions" / edition.id / "areas.geojson").is_file()
    assert made["lies"] == str(site / "editions" / edition.id)
    assert caller.get("/api/release/days")["site"] == str(site)
    shown = json.loads((site / "editions" / edition.id / "reports.geojson").read_text(encoding="utf-8"))
    assert len(shown["features"]) == len(told["public"]["reports"]["features"])
    assert shown["features"] == told["public"]["reports"]["features"]


def test_nothing_is_published_without_a_step(reading):
    assert reading.ask("POST", "/api/release/publish", {"step": "guessed"})[0] == 404
    assert reading.ask("POST", "/api/release/publish", {})[0] == 400


def test_a_site_that_holds_private_files_or_something_else_is_refused(reading, approved, tmp_path):
    told = reading.get(URL)
    (tmp_path / "strange").mkdir()
    (tmp_path / "strange" / "letter.txt").write_text("dear", encoding="utf-8")
    for site in (
        "",
        "site",
        str(approved),
        str(approved.parent),
        str(approved / "desk" / "site"),
        str(tmp_path / "strange"),
    ):
        assert reading.ask("POST", "/api/release/prepare", asked(told, site))[0] in (400, 409), site


@pytest.mark.slow
def test_a_large_change_wants_another_name_or_a_public_reason(war, desk_at, tmp_path):
    file = war / "theatre.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n[policy]\nsecond_name_over_km2 = 0.0\n", encoding="utf-8")
    site = tmp_path / "site"
    publish_release(release_of(war, DAY, now=NOW), site, Asked())
    caller = desk_at(war, now=NOW)
    caller.post("/api/editor", {"name": "olena"}, method="PUT")
    with Ledger.open(ledger_path(war), write=True) as ledger:
        for n in range(4, 12):
            ledger.retract(f"red{n}", "a mistake", now=NOW)
    told = caller.get(URL)
    assert told["second_name"]
    assert told["changes"]["since_edition"] == f"0001-{ON}"
    for more in ({}, {"second": "Nadia "}, {"bypass": True, "reason": " "}):
        assert caller.settled("POST", "/api/release/prepare", asked(told, site, **more))[0] == 400
    ready = caller.post("/api/release/prepare", asked(told, site, bypass=True, reason="nobody else is awake"))
    assert ready["made"]["bypass"] == "nobody else is awake"
    two = caller.post("/api/release/prepare", asked(told, site, second="petro"))
    assert two["made"]["names"] == ["nadia", "petro"]
    assert (two["made"]["edition"], two["site_is_there"]) == (f"0002-{ON}", True)
    assert len(editions(war)) == 1
