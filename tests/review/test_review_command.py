"""What `review` lists, records and refuses, and what that does to maps."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from engine_war import add, rows
from review_editors import SIGNED, areas, changed, day_of, drafted, square, taken_by

from isofront.cli import main
from isofront.engine import sheet
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import read_history
from isofront.front import changed_km2
from isofront.publish import State

DAY, NEXT = "2024-05-25", "2024-05-26"


def test_proposals_say_what_where_how_sure_and_why(fought, review):
    code, said = review(fought)
    assert code == 0
    assert said["previous"]["state"] == "anchor"
    one = taken_by(said, "red")
    assert one["from"] == "blue"
    assert one["p"] > 0.5 > one["p_before"]
    assert one["near"].endswith(" of Midtown")
    assert one["geometry"]["type"] == "MultiPolygon"
    sizes = [push["km"] for push in one["reports"]]
    assert sizes == sorted(sizes, reverse=True)
    assert all(push["seen"] == "red" for push in one["reports"])
    assert one["would_settle"]["seen"] == "blue"
    assert one["would_settle"]["p_after"] < one["p"]


def test_listing_twice_says_the_same_and_writes_nothing(fought, review):
    before = ledger_path(fought).read_bytes()
    assert review(fought) == review(fought)
    assert ledger_path(fought).read_bytes() == before


def test_approving_an_unchanged_draft_moves_no_mean_and_shrinks_no_band(war, review):
    before = drafted(war)
    assert review(war, "--accept", "all", "--approve", *SIGNED)[0] == 0
    after = drafted(war)
    assert np.array_equal(before.posterior.mean(), after.posterior.mean())
    assert np.array_equal(before.posterior.variance(), after.posterior.variance())
    assert np.array_equal(before.field.p_held, after.field.p_held)
    assert len(before.used) == len(after.used) > 0


def test_where_nothing_new_came_in_the_approved_map_is_drawn_vertex_for_vertex(war, review):
    review(war, "--accept", "all", "--approve", *SIGNED)
    first, later = drafted(war), drafted(war, "2024-06-03")
    assert areas(first) == areas(later)
    assert not np.array_equal(first.field.p_held, later.field.p_held)
    assert changed(later) == 0
    assert review(war, day="2024-06-03")[1]["proposals"] == []


def test_the_map_of_a_day_says_approved_while_it_is_the_approved_one_and_draft_once_something_came_in(war, review):
    assert drafted(war).state is State.DRAFT
    review(war, "--accept", "all", "--approve", *SIGNED)
    assert [drafted(war, day).state for day in (DAY, NEXT)] == [State.APPROVED, State.DRAFT]
    assert sheet(drafted(war)).summary["state"] == "approved"
    add(war, rows(20, lon=20.15, lat=50.03, seen="blue", day=12), name="late.csv")
    assert drafted(war).state is State.DRAFT


def test_approving_the_same_unchanged_day_again_records_nothing_and_says_who_approved_it(war, review, capsys):
    asked = review(war)[1]["proposals"]
    _, first = review(war, "--accept", asked[0]["id"], "--approve", *SIGNED)
    assert first["approved"]["new"] is True
    again = ("--by", "omar", "--reason", "a second look")
    _, told = review(war, "--approve", *again)
    assert (told["head"], told["approved"]["id"]) == (first["head"], first["approved"]["id"])
    assert (told["approved"]["new"], told["approved"]["by"]) == (False, "nadia")
    assert main(["review", str(war), "--as-of", DAY, "--approve", *again]) == 0
    assert "is approved already, by nadia; nothing changed since, so nothing was recorded" in capsys.readouterr().out
    add(war, rows(2, lon=20.15, lat=50.03, seen="blue"), name="late.csv")
    _, more = review(war, "--approve", *again)
    assert (more["approved"]["new"], more["approved"]["by"]) == (True, "omar")
    square(war / "lock.geojson", 20.1, 50.1, 20.2, 50.2)
    assert review(war, "--lock", war / "lock.geojson", "--approve", *SIGNED)[1]["approved"]["new"] is True


def test_ground_drawn_or_locked_twice_in_the_same_words_is_recorded_once(war, review, monkeypatch):
    seconds = iter(range(60))
    monkeypatch.setattr(
        "isofront.engine.review.known_when", lambda *_: (day_of(f"{DAY}T12:00:{next(seconds):02d}"), True)
    )
    mine, kept = (
        square(war / "a.geojson", 20.1, 50.18, 20.2, 50.22),
        square(war / "b.geojson", 20.25, 50.2, 20.3, 50.25),
    )
    words = ("--edit", "new", mine, "--class", "red", "--until", "2024-07-01", "--lock", kept, *SIGNED)
    _, first = review(war, *words)
    _, again = review(war, *words)
    assert ([one["new"] for one in first["recorded"]], first["head"]) == ([True, True], again["head"])
    assert [(one["id"], one["new"]) for one in again["recorded"]] == [(one["id"], False) for one in first["recorded"]]
    assert review(war, "--release", first["recorded"][0]["id"], *SIGNED)[1]["recorded"][0]["new"] is True


def test_the_approved_map_is_the_draft_that_was_accepted(war, review):
    before = drafted(war)
    review(war, "--accept", "all", "--approve", *SIGNED)
    off = changed_km2(before.drawing.areas, drafted(war).drawing.areas)
    assert sum(off.values()) < 0.2


@pytest.mark.slow
def test_what_is_left_undecided_is_drawn_as_it_was_and_asked_about_again(war, review):
    asked = review(war)[1]["proposals"]
    _, told = review(war, "--accept", asked[0]["id"], "--approve", *SIGNED)
    assert told["approved"]["undecided"]
    assert changed(drafted(war, NEXT)) == 0
    again = review(war, day=NEXT)[1]["proposals"]
    assert [(one["from"], one["to"]) for one in again][:1] == [(one["from"], one["to"]) for one in asked[1:]]
    assert again[0]["km2"] == pytest.approx(asked[1]["km2"], rel=0.25)
    assert sum(one["km2"] for one in again[1:]) < 0.2 * again[0]["km2"], (
        "what waited because it was small may have grown"
    )


def test_a_late_report_about_an_earlier_day_still_acts(war, review, tmp_path):
    review(war, "--accept", "all", "--approve", *SIGNED)
    before = drafted(war)
    add(war, rows(3, lon=20.13, lat=50.05, seen="blue", day=8), name="late.csv")
    after = drafted(war)
    assert np.abs(after.posterior.mean() - before.posterior.mean()).max() > 0.05
    assert after.fresh.any()
    assert not before.fresh.any()


@pytest.mark.slow
def test_a_report_taken_back_reopens_the_ground_it_moved(war, review):
    review(war, "--accept", "all", "--approve", *SIGNED)
    for k in range(20):
        assert main(["retract", f"red{k}", "--theatre", str(war), "--reason", "another place"]) == 0
    later = drafted(war, known_by="2999-01-01")
    assert later.fresh.any()
    _, said = review(war, "--known-by", "2999-01-01")
    assert {(one["from"], one["to"]) for one in said["proposals"]} <= {("red", "blue"), ("grey", "blue")}


def test_a_reject_is_evidence_from_then_on_and_explained_under_its_id(war, review, capsys):
    asked = review(war)[1]["proposals"][0]
    before = drafted(war)
    _, told = review(war, "--reject", asked["id"], *SIGNED)
    name = told["recorded"][0]["id"]
    after = drafted(war)
    assert (after.posterior.mean() < before.posterior.mean() - 0.05).any()
    assert name in after.posterior.used
    assert asked["id"] not in {one["id"] for one in review(war)[1]["proposals"]}
    cell = np.argwhere(after.posterior.mean() < before.posterior.mean() - 0.2)[0]
    grid = after.field.grid
    spot = grid.to_lonlat(float(grid.east_km[cell[1]]), float(grid.north_km[cell[0]]))
    capsys.readouterr()
    assert main(["why", *map(str, spot), "--on", DAY, "--theatre", str(war), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    shares = {one["id"]: one for one in said["reports"]}
    assert shares[name]["kind"] == "decision"
    assert shares[name]["toward"] == "blue"
    total = said["prior_km"] + sum(one["km"] for one in said["reports"]) + said["others_km"]
    assert total == pytest.approx(said["latent_km"], abs=1e-6)


@pytest.mark.slow
def test_known_by_before_a_decision_does_not_see_it(war, review):
    asked = review(war)[1]["proposals"][0]
    review(war, "--reject", asked["id"], *SIGNED)
    review(war, "--approve", *SIGNED)
    assert drafted(war, known_by="2024-05-25").standing.nothing
    assert not drafted(war).standing.nothing
    with Ledger.open(ledger_path(war)) as ledger:
        ((_, decision),) = read_history(ledger).decisions
    assert decision.known_inferred
    assert f"{decision.known_at:%Y-%m-%d}" == DAY


@pytest.mark.slow
def test_an_edit_is_drawn_as_given_and_stays_until_released(war, review, tmp_path):
    file = square(tmp_path / "edit.geojson", 20.1, 50.18, 20.14, 50.22)
    _, told = review(war, "--edit", "new", file, "--class", "red", *SIGNED)
    name = told["recorded"][0]["id"]
    draft = drafted(war)
    drawn = shapely.transform(
        shapely.box(20.1, 50.18, 20.14, 50.22), lambda spots: np.array([draft.ground.grid.to_km(*one) for one in spots])
    )
    held = shapely.union_all([area.geometry for area in draft.drawing.areas if area.side == "red"])
    assert shapely.difference(drawn, held).area < 1e-6
    assert review(war, day="2024-06-05")[1]["asks_again"][0]["id"] == name
    assert not review(war, day="2024-06-04")[1]["asks_again"]
    assert review(war, "--release", name, *SIGNED, day="2024-06-06")[0] == 0
    assert not review(war, day="2024-06-06")[1]["decisions"]


def test_no_rim_of_the_old_map_is_left_about_an_editors_polygon(war, review, tmp_path):
    """He gives to red, inside ground that the field gives to red, what it gives to red too: all of it is red then."""
    red = next(area.geometry for area in drafted(war).drawing.areas if area.side == "red")
    asked = next(one for one in review(war)[1]["proposals"] if one["to"] == "red")
    middle = shapely.point_on_surface(shapely.geometry.shape(asked["geometry"]))
    file = square(tmp_path / "in.geojson", middle.x - 0.004, middle.y - 0.004, middle.x + 0.004, middle.y + 0.004)
    review(war, "--edit", "new", file, "--class", "red", *SIGNED)
    after = drafted(war, NEXT)
    spot = shapely.Point(*after.ground.grid.to_km(middle.x, middle.y))
    about = shapely.intersection(shapely.buffer(spot, 2.0), red)
    held = shapely.union_all([area.geometry for area in after.drawing.areas if area.side == "red"])
    assert about.area > 3
    assert shapely.difference(about, held).area < 0.05 * about.area


def test_the_plain_list_shows_what_stands_with_its_ground_and_its_end(war, review, tmp_path, capsys):
    edit, kept = (
        square(tmp_path / "edit.geojson", 20.1, 50.18, 20.14, 50.22),
        square(tmp_path / "lock.geojson", 20.2, 50.2, 20.3, 50.25),
    )
    _, told = review(war, "--edit", "new", edit, "--class", "red", "--until", "2024-07-01", "--lock", kept, *SIGNED)
    drawn, locked = (one["id"] for one in told["recorded"])
    assert main(["review", str(war), "--as-of", DAY]) == 0
    plain = capsys.readouterr().out.splitlines()[-2:]
    assert plain[0].startswith(f"{drawn}  edit: red  12.")
    assert plain[0].endswith(" of Midtown; until 2024-07-01; by nadia: looked at the clips")
    assert plain[1].startswith(f"{locked}  lock  39.")
    assert plain[1].endswith(" of Midtown; by nadia: looked at the clips")
    assert main(["review", str(war), "--as-of", "2024-06-29"]) == 0
    assert f"{drawn}  edit: red" in (later := capsys.readouterr().out)
    assert later.count("asks again, until 2024-07-01") == later.count("until") == 1


def test_an_edit_does_not_propose_ground_that_the_editor_never_named(war, review, tmp_path):
    file = square(tmp_path / "edit.geojson", 20.1, 50.18, 20.14, 50.22)
    before = {(one["from"], one["to"]) for one in review(war)[1]["proposals"]}
    review(war, "--edit", "new", file, "--class", "red", *SIGNED)
    after = review(war)[1]["proposals"]
    assert {(one["from"], one["to"]) for one in after} <= before
    assert all(not push["id"].startswith("d-") for one in after for push in one["reports"][:1])


@pytest.mark.slow
def test_a_hold_keeps_the_ground_and_asks_before_its_end(war, review, tmp_path):
    asked = taken_by(review(war)[1], "red")
    _, told = review(war, "--hold", asked["id"], "--until", "2024-06-10", *SIGNED)
    name = told["recorded"][0]["id"]
    assert all(one["from"] != "blue" or one["to"] != "red" for one in review(war)[1]["proposals"])
    assert [one["id"] for one in review(war, day="2024-06-20")[1]["asks_again"]] == [name]
    review(war, "--hold", name, "--until", "2024-07-10", *SIGNED, day="2024-06-20")
    assert not review(war, day="2024-06-20")[1]["asks_again"]


@pytest.mark.slow
def test_locked_ground_keeps_its_state_and_the_lock_is_in_no_file(war, review, tmp_path):
    file = square(tmp_path / "lock.geojson", 20.0, 50.0, 20.4, 50.2)
    _, told = review(war, "--lock", file, "--by", "nadia", "--reason", "zzlockedzz")
    name = told["recorded"][0]["id"]
    assert main(["map", "--theatre", str(war), "--as-of", DAY, "--out", str(tmp_path / "out")]) == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["changed_km2"] == pytest.approx(0, abs=0.3)
    assert review(war)[1]["proposals"] == []
    for path in sorted((tmp_path / "out").iterdir()):
        content = path.read_bytes()
        assert name.encode() not in content, path.name
        assert b"zzlockedzz" not in content, path.name
        assert b'"lock' not in content.replace(b'"locked"', b""), path.name
    review(war, "--unlock", name, *SIGNED)
    assert review(war)[1]["proposals"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--accept", "p-0000000000", *SIGNED), 2),
        (("--accept", "all", "--reason", "x"), 2),
        (("--accept", "all", "--by", " ", "--reason", "x"), 2),
        (("--accept", "all", "--by", "x"), 2),
        (("--edit", "new", "{far}", "--class", "red", *SIGNED), 3),
        (("--edit", "new", "{near}", "--class", "green", *SIGNED), 2),
        (("--edit", "new", "{near}", *SIGNED), 2),
        (("--edit", "new", "{near}", "--class", "red", "--until", "2024-05-20", *SIGNED), 2),
        (("--edit", "new", "{broken}", "--class", "red", *SIGNED), 3),
        (("--edit", "new", "{absent}", "--class", "red", *SIGNED), 3),
        (("--unlock", "l-1", *SIGNED), 2),
        (("--release", "d-1", *SIGNED), 2),
        (("--accept", "all", "--until", "2024-06-01", *SIGNED), 2),
    ],
)
def test_wrong_answers_are_refused_in_one_line_and_change_nothing(fought, review, tmp_path, words, code):
    square(tmp_path / "far", 60, 10, 61, 11)
    square(tmp_path / "near", 20.1, 50.18, 20.14, 50.22)
    (tmp_path / "broken").write_text("{", encoding="utf-8")
    before = ledger_path(fought).read_bytes()
    given = [word.format(**{name: tmp_path / name for name in ("far", "near", "broken", "absent")}) for word in words]
    got, said = review(fought, *given)
    assert got == code
    assert said["error"]
    assert ledger_path(fought).read_bytes() == before


def test_an_older_day_than_the_approved_one_cannot_be_approved(war, review):
    assert review(war, "--approve", *SIGNED, day=NEXT)[0] == 0
    code, said = review(war, "--approve", *SIGNED)
    assert code == 2
    assert NEXT in said["error"]


def test_accepted_ground_does_not_creep_on_with_no_new_report(war, review):
    """Neither between the answer and the approval, nor on the day after."""
    assert review(war, "--accept", "all", *SIGNED)[0] == 0
    assert review(war)[1]["proposals"] == []
    assert review(war, "--approve", *SIGNED)[1]["approved"]["undecided"] == []
    assert review(war, day=NEXT)[1]["proposals"] == []


def test_what_knows_nothing_of_an_approval_cannot_be_approved_over_it(war, review):
    assert review(war, "--accept", "all", "--approve", *SIGNED)[0] == 0
    before = ledger_path(war).read_bytes()
    code, said = review(war, "--approve", "--known-by", "2024-05-20", *SIGNED, day=NEXT)
    assert code == 2
    assert "leaves out the map of 2024-05-25" in said["error"]
    assert ledger_path(war).read_bytes() == before


def test_an_answer_to_a_queue_that_somebody_else_answered_meanwhile_is_refused(war, review, monkeypatch):
    """Two reviewers look at the same queue; the second's draft was made before the first's answers were written."""
    name = review(war)[1]["proposals"][0]["id"]
    stale = drafted(war)
    assert review(war, "--accept", name, *SIGNED)[0] == 0
    before = ledger_path(war).read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("isofront.engine.drafts", lambda *args, **more: iter([stale]))
        code, said = review(war, "--reject", name, "--by", "oleh", "--reason", "not seen")
    assert code == 2
    assert "meanwhile" in said["error"]
    assert ledger_path(war).read_bytes() == before


def test_a_polygon_that_had_to_be_mended_is_said(war, review, tmp_path, capsys, caplog):
    bow = [[20.1, 50.18], [20.14, 50.22], [20.14, 50.18], [20.1, 50.22], [20.1, 50.18]]
    (tmp_path / "bow").write_text(json.dumps({"type": "Polygon", "coordinates": [bow]}), encoding="utf-8")
    assert review(war, "--edit", "new", tmp_path / "bow", "--class", "red", *SIGNED)[0] == 0
    assert "made valid" in caplog.text


def test_the_chain_verifies_after_all_of_it(war, review):
    review(war, "--accept", "all", "--approve", *SIGNED)
    assert main(["ledger", "verify", "--theatre", str(war)]) == 0


@pytest.mark.parametrize("words", [("--lock",), ("--class", "red", "--edit", "new")])
def test_ground_drawn_lat_before_lon_is_refused_and_told_so(fought, review, tmp_path, words):
    inside, turned = (
        square(tmp_path / "far.geojson", 60, 10, 61, 11),
        square(tmp_path / "t.geojson", 50.1, 20.1, 50.2, 20.2),
    )
    code, told = review(fought, *words, inside, *SIGNED)
    assert code == 3
    assert "lat before lon" not in told["error"]
    code, told = review(fought, *words, turned, *SIGNED)
    assert code == 3
    assert (
        told["error"]
        == "t.geojson: lies outside the theatre's bounds, wanted ground inside them; lat before lon, it seems"
    )
