"""QGIS beside the desk: a round trip changes nothing, and what is edited comes back as decisions with reasons."""

from __future__ import annotations

import json
from dataclasses import replace

import pyogrio
import pytest
import shapely
from gis_hands import DAY, NOW, SIGNED

from isofront.desk.gis_columns import layers_for
from isofront.desk.gis_grounds import GisRefusedError, verdict_of
from isofront.desk.gis_in import read_edits, same_place
from isofront.engine import drafts
from isofront.engine.review import review_of
from isofront.errors import BadInputError, UsageError
from isofront.evidence import Ledger, Offer, ledger_path, verify
from isofront.evidence.decision import Judge, Verdict, shape_of
from isofront.ground.polygons import project_km
from isofront.theatre import load


def reasons(done):
    return [one.reason for one in done.rejects]


# Nothing edited


def test_a_round_trip_without_edits_changes_nothing(work):
    before = work.head()
    done = work.take()
    assert (done.edits, done.head) == (0, before[0])
    assert work.head() == before


def test_what_saving_alone_changes_is_no_edit(work):
    shape = work.shape("areas", 1)
    ring = shapely.get_parts(shape)[0].exterior.coords[:-1]
    turned = shapely.MultiPolygon([shapely.Polygon([*ring[3:], *ring[:3]]), *list(shapely.get_parts(shape))[1:]])
    work.edit("areas", 1, turned, reason="")
    work.edit("proposals", 1, shapely.transform(work.shape("proposals", 1), lambda at: at + 3e-9), reason="  ")
    work.edit("reports", 1, error_m=work.sql("SELECT error_m FROM reports WHERE fid = 1")[0][0] * (1 + 1e-9))
    assert work.take().edits == 0


def test_a_file_that_gdal_rewrote_in_place_is_no_edit(work):
    """As QGIS does it: through GDAL, each feature set anew under its fid."""
    frame = pyogrio.read_dataframe(work.file, layer="proposals", fid_as_index=True)
    for fid, row in frame.iterrows():
        work.edit("proposals", fid, row.geometry, km2=row["km2"], near=row["near"])
    assert work.take().edits == 0


# Decisions


@pytest.mark.parametrize(
    "word", ["accept", pytest.param("reject", marks=pytest.mark.slow), pytest.param("hold", marks=pytest.mark.slow)]
)
def test_a_verdict_comes_back_as_a_decision_with_its_reason(work, word):
    report = work.draft.reports[0].id
    until = "2021-05-20" if word == "hold" else None
    work.edit("proposals", 1, verdict=word, until=until, evidence=report, **SIGNED)
    done = work.take()
    ((_, verdict, about),) = done.decisions
    (decision,) = work.head()[2]
    assert (verdict, about) == (word, review_of(work.draft).proposals[0].id)
    assert (decision.verdict.value, decision.proposal) == (word, about)
    assert (decision.reason, decision.by, len(decision.evidence)) == ("looked at the clips", "nadia", 1)
    assert verify(ledger_path(work.folder)).holds


@pytest.mark.slow
def test_the_same_file_again_adds_nothing(work):
    work.edit("proposals", 1, verdict="accept", **SIGNED)
    work.edit("reports", 2, kind="assault", note="seen again", **SIGNED)
    work.edit("reports", 3, act="retract", **SIGNED)
    work.add("reports", shapely.Point(10.21, 50.11), kind="position", seen="west", source="alder_watch",
             happened_at="2021-05-15")  # fmt: skip
    first = work.take()
    assert (len(first.decisions), first.corrections, first.retracted, first.added) == (1, 1, ["w2"], 1)
    again = work.take()
    assert (again.already, again.head, again.rejects) == (4, first.head, [])


@pytest.mark.slow
def test_an_edit_without_a_reason_or_a_name_is_a_reject_and_listed(work):
    work.edit("proposals", 1, verdict="accept", reviewer="nadia")
    work.edit("reports", 1, kind="assault", reason="seen again")
    before = work.head()
    done = work.take()
    assert reasons(done) == ["no reason given: fill in `reason`", "nobody decides: fill in `reviewer`, or give --by"]
    assert (done.usable, work.head()) == (False, before)
    assert "fill in `reason`" in (work.folder / "rejects.ndjson").read_text(encoding="utf-8")
    assert work.take(by="nadia").corrections == 1


@pytest.mark.slow
def test_ground_drawn_over_a_proposal_is_an_edit(work):
    spot = shapely.point_on_surface(work.shape("proposals", 1))
    work.edit("proposals", 1, shapely.MultiPolygon([spot.buffer(0.01)]), **SIGNED)
    done = work.take()
    (decision,) = work.head()[2]
    assert reasons(done) == []
    assert (decision.verdict, decision.proposal) == (Verdict.EDIT, review_of(work.draft).proposals[0].id)
    assert decision.becomes[0].side or decision.becomes[0].grey_reason


def test_an_area_that_grew_is_an_edit_of_what_it_gained_and_its_neighbour_follows(work):
    names = dict(work.sql("SELECT becomes, fid FROM areas"))
    east, west = (work.shape("areas", names[side]) for side in ("east", "west"))
    bulge = shapely.box(10.19, 50.08, 10.21, 50.1)
    work.edit("areas", names["east"], shapely.union(east, bulge), **SIGNED)
    work.edit("areas", names["west"], shapely.difference(west, bulge))
    done = work.take()
    assert (len(done.decisions), done.following, done.rejects) == (1, 1, [])
    (decision,) = work.head()[2]
    gained = shapely.difference(bulge, east)
    flat = project_km(gained, crs=work.draft.ground.theatre.crs)
    drawn = shapely.union_all([shape_of(one.polygons) for one in decision.becomes])
    assert shapely.symmetric_difference(flat, drawn).area < 0.01 * flat.area
    assert {one.side for one in decision.becomes} == {"east"}
    again = next(iter(drafts(work.folder, [DAY])))
    assert shapely.coverage_is_valid([area.geometry for area in again.decided])
    assert work.take().head == done.head, "the same file again adds nothing"


@pytest.mark.slow
def test_an_area_that_gave_ground_up_to_nobody_is_a_reject(work):
    names = dict(work.sql("SELECT becomes, fid FROM areas"))
    bulge = shapely.box(10.19, 50.08, 10.21, 50.1)
    work.edit("areas", names["west"], shapely.difference(work.shape("areas", names["west"]), bulge), **SIGNED)
    (reason,) = reasons(work.take())
    assert "to nobody" in reason


@pytest.mark.slow
def test_new_ground_wants_a_class_and_a_place_inside_the_theatre(work):
    here = shapely.MultiPolygon([shapely.box(10.05, 50.05, 10.07, 50.07)])
    work.add("areas", here, becomes="grey", **SIGNED)
    work.add("proposals", here, **SIGNED)
    work.add("areas", shapely.MultiPolygon([shapely.box(30, 50, 31, 51)]), becomes="east", **SIGNED)
    work.add("areas", here, becomes="north", **SIGNED)
    done = work.take()
    assert len(done.decisions) == 1
    told = " | ".join(reasons(done))
    for words in ("choose in `becomes`", "outside the theatre's bounds", "'north'"):
        assert words in told


def test_what_cannot_be_told_is_refused_feature_by_feature(work):
    work.delete("proposals", 1)
    work.delete("reports", 1)
    work.delete("edges", 1)
    work.edit("reports", 2, id="other", **SIGNED)
    work.edit("reports", 3, act="retract", kind="flag", **SIGNED)
    work.edit("reports", 4, **SIGNED)
    work.edit("reports", 5, kind="nonsense", **SIGNED)
    work.edit("reports", 6, evidence="ghost", kind="flag", **SIGNED)
    work.edit("areas", 1, becomes="grey", evidence="ghost", **SIGNED)
    work.sql("UPDATE reports SET geom = ? WHERE fid = 7", b"GP\x00\x01junk")
    work.add("reports", shapely.Point(10.2, 50.1), id="w9", kind="flag", seen="east", source="alder_watch",
             happened_at="2021-05-09")  # fmt: skip
    work.add("reports", shapely.Point(10.2, 50.1), kind="flag", seen="east", source="alder_watch")
    done = work.take()
    told = " | ".join(reasons(done))
    for words in ("deleted: ground goes", "set `act` to retract", "edges follow", "id: not to be edited",
                  "one or the other", "nothing changed", "nonsense", "ghost: no such report", "cannot be read",
                  "'w9' is another report's", "happened_at: empty"):  # fmt: skip
        assert words in told, words
    parts = len(done.decisions) + done.added + done.corrections + len(done.retracted) + done.already + done.following
    assert done.edits == parts + len(done.rejects)


def test_until_and_verdicts_that_do_not_go_together_are_refused(work):
    ((near,),) = work.sql("SELECT near FROM proposals WHERE fid = 1")
    for cells, words in (
        ({"verdict": "hold"}, "a hold wants a day"),
        ({"verdict": "accept", "until": "2021-05-20"}, "no end"),
        ({"verdict": "reject", "until": "soon"}, "no date"),
        ({"verdict": "reject", "until": "2021-05-01"}, "not after the day"),
        ({"verdict": "perhaps"}, "'perhaps'"),
        ({}, "choose one"),
        ({"near": "elsewhere", "verdict": "accept"}, "near: not to be edited"),
    ):
        work.edit("proposals", 1, **({"verdict": None, "until": None, "near": near} | SIGNED | cells))
        (edit,) = read_edits(work.file, layers_for(work.draft.ground.theatre))[1]
        with pytest.raises((GisRefusedError, UsageError), match=words):
            verdict_of(work.draft, edit, [], judge=Judge("nadia", "clips", NOW))


# Reports


def test_a_new_point_is_a_report_through_the_same_intake(work):
    work.add("reports", shapely.Point(10.2123, 50.1123), id="new-1", kind="strike", seen="east", by="west",
             source="alder_watch", happened_at="2021-05-15T10:20:30Z", error_m=40.0)  # fmt: skip
    done = work.take()
    report = next(one for one in work.head()[1] if one.id == "new-1")
    assert (done.added, report.lon, report.lat, report.reliability) == (1, 10.2123, 50.1123, "B")
    assert (report.known_at, report.simulated) == (NOW, True)


def test_a_moved_point_is_a_correction_known_now_that_keeps_all_else(work):
    before = {one.id: one for one in work.draft.reports}["w5"]
    work.edit("reports", 6, shapely.Point(10.22, 50.12), **SIGNED)
    assert work.take().corrections == 1
    with Ledger.open(ledger_path(work.folder)) as ledger:
        after = {one.id: one for one in ledger.reports()}["w5"]
        assert {one.id: one for one in ledger.reports(NOW)}["w5"].lon == before.lon
        (raw,) = [ledger.raw(n) for n, kind, _ in ledger.records("correction")]
    assert (after.lon, after.lat, after.kind, after.happened, after.links, after.error_m) == (
        10.22, 50.12, before.kind, before.happened, before.links, before.error_m,
    )  # fmt: skip
    assert json.loads(raw)["reason"] == "looked at the clips"


def test_a_correction_of_what_somebody_else_corrected_meanwhile_is_refused(work):
    work.edit("reports", 6, kind="flag", **SIGNED)
    work.edit("reports", 7, kind="flag", **SIGNED)
    with Ledger.open(ledger_path(work.folder), write=True) as ledger:
        other = replace(
            {one.id: one for one in ledger.reports()}["w5"], note="seen from the road SIMULATED", known_at=NOW
        )
        ledger.take([Offer(other, b"x" * 32, b"")], correct=True, now=NOW)
        ledger.retract("w6", "an old clip", now=NOW)
    assert reasons(work.take()) == [
        "somebody corrected it since the file was written: write the file anew with `desk out`",
        "it was taken back or redacted since the file was written",
    ]


@pytest.mark.slow
def test_checking_writes_nothing(work):
    work.edit("proposals", 1, verdict="accept", **SIGNED)
    work.edit("reports", 3, act="retract", **SIGNED)
    before = work.head()
    done = work.take(check=True)
    assert (len(done.decisions), done.retracted) == (1, ["w2"])
    assert work.head() == before


# Files that are none


def test_files_that_are_not_ours_are_refused(work, tmp_path):
    layers = layers_for(load(work.folder))
    with pytest.raises(UsageError, match="no such file"):
        read_edits(tmp_path / "absent.gpkg", layers)
    (tmp_path / "text.gpkg").write_bytes(b"no database, but long enough to be looked at" * 40)
    with pytest.raises(BadInputError, match="cannot be read as a GeoPackage"):
        read_edits(tmp_path / "text.gpkg", layers)
    pyogrio.write_dataframe(pyogrio.read_dataframe(work.file, layer="reports"), tmp_path / "copy.gpkg", layer="reports")
    with pytest.raises(BadInputError, match="not a file of `isofront desk out`"):
        read_edits(tmp_path / "copy.gpkg", layers)
    work.sql("UPDATE isofront_file SET value = 'strait' WHERE key = 'theatre'")
    with pytest.raises(BadInputError, match="made from theatre 'strait', and this is 'alder'"):
        work.take()
    work.sql("ALTER TABLE reports DROP COLUMN kind")
    with pytest.raises(BadInputError, match="kind is gone"):
        work.take()


@pytest.mark.slow
def test_a_verdict_on_what_is_no_longer_asked_says_so(work):
    work.edit("proposals", 1, verdict="accept", **SIGNED)
    work.take()
    work.edit("proposals", 1, verdict="reject", reason="other thoughts")
    (reason,) = reasons(work.take())
    assert "not in the queue any more" in reason


@pytest.mark.parametrize("noise", [0, 1e-9, 5e-8])
def test_noise_is_the_same_place_and_a_metre_is_not(noise):
    one = shapely.box(10, 50, 10.1, 50.1)
    assert same_place(one, shapely.transform(one, lambda at: at + noise))
    assert not same_place(one, shapely.transform(one, lambda at: at + 1e-5))
    assert not same_place(shapely.Point(10, 50), shapely.Point(10 + 1e-5, 50))


def test_a_name_that_must_stay_unknown_is_in_no_decision_no_retraction_and_no_reject(work):
    (work.folder / "pseudonyms.toml").write_text('[names]\n"Ivan Petrenko" = "Soldier K"\n', encoding="utf-8")
    told = {"reason": "IVAN  PETRENKO called", "reviewer": "Ivan Petrenko"}
    work.edit("proposals", 1, verdict="accept", **told)
    work.edit("reports", 1, act="retract", **told)
    spot = shapely.Point(20.1, 50.1)
    work.add("reports", spot, happened_at="2021-05-10", kind="Ivan Petrenko", seen="red", source="s", error_m=100.0)
    work.file = work.file.rename(work.file.with_name("ivan_petrenko.gpkg"))
    done = work.take()
    (decision,) = work.head()[2]
    assert (decision.by, decision.reason) == ("Soldier K", "Soldier K called")
    assert (len(done.retracted), len(done.rejects)) == (1, 1)
    written = b"".join(one.read_bytes() for one in work.folder.iterdir() if one.name != "pseudonyms.toml")
    assert b"petrenko" not in f"{done}".encode().lower() + written.lower()


def test_a_file_written_before_a_name_had_to_stay_unknown_holds_no_edits_for_it(work):
    (source,) = {one for (one,) in work.sql("SELECT DISTINCT source FROM reports WHERE fid = 1")}
    (work.folder / "pseudonyms.toml").write_text(f'[names]\n"{source}" = "another"\n', encoding="utf-8")
    assert work.take().edits == 0
