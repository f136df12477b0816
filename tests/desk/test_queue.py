"""The queue over the desk's own port: what it lists, what answers do to the ledger, what is refused."""

from __future__ import annotations

import re
import shutil

import pytest
import shapely
from contested import DAY, LATE, answer

from isofront.evidence import Ledger, ledger_path, verify
from isofront.evidence.decision import cited, read_history

URL = f"/api/queue?as_of={DAY}"


@pytest.fixture
def war(contested, tmp_path):
    return shutil.copytree(contested, tmp_path / "war")


def history(war):
    with Ledger.open(ledger_path(war)) as ledger:
        return read_history(ledger)


def taken_by_red(told):
    return next(one for one in told["proposals"] if one["to"] == "red")


def test_a_proposal_brings_its_ground_how_sure_it_is_and_the_posts_behind_it(caller):
    told = caller.get(URL)
    one = taken_by_red(told)
    assert one["from"] == "blue"
    assert one["p"] > 0.5 > one["p_before"]
    assert re.fullmatch(r"\d+ km [a-z-]+ of Midtown", one["near"]["en"])
    assert re.fullmatch(r"\d+ км на [а-яі ]+ від: Midtown", one["near"]["uk"])
    ground = shapely.geometry.shape(one["geometry"])
    assert ground.contains(shapely.Point(one["at"]))
    sizes = [push["km"] for push in one["reports"]]
    assert sizes == sorted(sizes, reverse=True)
    told_of = {push["id"]: push for push in one["reports"]}["red0"]
    assert told_of["note"] == "SIMULATED <b>two</b> men by the mill"
    assert told_of["links"] == ["https://t.me/alder_watch_tv/1"]
    assert told["overdue"]["review_days"] == 21


def test_what_would_settle_a_proposal_comes_after_the_list(caller):
    told = caller.get(URL)
    found = caller.get(f"/api/queue/settling?as_of={DAY}")["settling"]
    assert found.keys() == {one["id"] for one in told["proposals"]}
    for one in told["proposals"]:
        assert found[one["id"]]["seen"] == "blue"
        assert found[one["id"]]["p_after"] < one["p"]


def test_an_accepted_proposal_leaves_the_list_and_its_ground_is_in_the_approved_map(caller, war):
    told = caller.get(URL)
    one = taken_by_red(told)
    made = caller.post("/api/queue/answer", answer(told, "accept", one["id"], evidence=["red0", "red1"]))
    ((_, decision),) = history(war).decisions
    assert decision.evidence == (cited("red0"), cited("red1"))
    assert decision.by == "nadia"
    after = caller.get(URL)
    assert after["head"] == made["head"]
    assert one["id"] not in {left["id"] for left in after["proposals"]}
    approved = caller.post("/api/queue/approve", {"as_of": DAY, "reason": "the day's map"})
    assert approved["undecided"] == len(after["proposals"])
    again = caller.post("/api/queue/approve", {"as_of": DAY, "reason": "a second look"})
    assert (again["id"], again["head"], again["new"]) == (approved["id"], approved["head"], False)
    assert len(history(war).approvals) == 1
    ground = caller.get("/api/ground?as_of=2024-05-26")
    red = [
        shapely.geometry.shape(area["geometry"])
        for area in ground["dates"][0]["areas"]["features"]
        if area["properties"]["side"] == "red"
    ]
    assert shapely.union_all(red).contains(shapely.Point(one["at"]))
    assert verify(ledger_path(war)).holds


def test_answers_to_one_list_follow_each_other_without_waiting_for_drafts(caller, war):
    told = caller.get(URL)
    first, second = (one["id"] for one in told["proposals"][:2])
    caller.post("/api/queue/answer", answer(told, "accept", first))
    caller.post("/api/queue/answer", answer(told, "hold", second, until="2024-06-20"))
    assert [one.verdict.value for _, one in history(war).decisions] == ["accept", "hold"]
    assert [one["id"] for one in caller.get(URL)["stands"]] == [history(war).decisions[1][1].id]


def test_ground_that_was_answered_meanwhile_is_not_answered_again(caller):
    told = caller.get(URL)
    one = told["proposals"][0]["id"]
    caller.post("/api/queue/answer", answer(told, "accept", one))
    status, _, problem = caller.settled("POST", "/api/queue/answer", answer(told, "reject", one))
    assert status == 409
    assert "nadia answered about this ground meanwhile" in problem["detail"]


def test_a_rejected_proposal_is_not_proposed_again_and_asks_again_before_its_end(caller):
    told = caller.get(URL)
    one = told["proposals"][0]
    caller.post("/api/queue/answer", answer(told, "reject", one["id"], until="2024-05-28"))
    after = caller.get(URL)
    assert [asked["verdict"] for asked in after["asks_again"]] == ["reject"]
    assert after["asks_again"][0]["until"].startswith("2024-05-28")
    assert one["id"] not in {left["id"] for left in after["proposals"]}
    name = after["asks_again"][0]["id"]
    caller.post("/api/queue/answer", answer(after, "extend", name, until="2024-07-01"))
    later = caller.get(URL)
    assert later["asks_again"] == []
    assert [one["id"] for one in later["stands"]] == [name]
    caller.post("/api/queue/answer", answer(later, "release", name))
    assert caller.get(URL)["stands"] == []


def test_an_edited_proposal_takes_the_drawn_ground_instead(caller, war):
    told = caller.get(URL)
    one = told["proposals"][0]
    drawn = shapely.geometry.mapping(shapely.Point(one["at"]).buffer(0.02))
    caller.post("/api/queue/answer", answer(told, "edit", one["id"], geometry=drawn, holder="grey"))
    ((_, decision),) = history(war).decisions
    assert decision.becomes[0].side is None
    assert caller.get(URL)["stands"][0]["says"] == ["grey"]


REFUSED = (
    ({"reason": " "}, 400, "reason"),
    ({"verdict": "maybe"}, 400, "wanted accept"),
    ({"id": "p-0"}, 404, "not in the list"),
    ({"verdict": "hold"}, 400, "--until"),
    ({"verdict": "reject", "until": "2024-05-20"}, 400, "not after"),
    ({"verdict": "release", "id": "d-0"}, 404, "no such decision"),
    ({"verdict": "unlock", "id": "l-0"}, 400, "does not stand"),
    ({"evidence": ["nobody"]}, 400, "no report"),
    ({"head": "0" * 64}, 409, "too old"),
    ({"weight": 99}, 400, "weight"),
    ({"verdict": "edit"}, 400, "geometry"),
    ({"verdict": "edit", "geometry": {"type": "Point", "coordinates": [20, 50]}}, 422, "polygon"),
    ({"verdict": "edit", "geometry": {"type": "Polygon", "coordinates": "x"}}, 422, "polygon"),
    ({"as_of": "someday"}, 400, "as_of"),
    ({"extra": 1}, 400, "extra"),
)


def test_answers_that_cannot_be_are_refused_and_nothing_is_recorded(caller):
    told = caller.get(URL)
    for change, status, words in REFUSED:
        body = answer(told, "accept", told["proposals"][0]["id"]) | change
        got, _, problem = caller.settled("POST", "/api/queue/answer", body)
        assert got == status, (change, problem)
        assert words in problem["detail"]
    assert caller.get(URL)["head"] == told["head"]


def test_nobody_decides_without_a_name(war, desk_at):
    caller = desk_at(war, now=LATE)
    told = caller.get(URL)
    status, _, problem = caller.settled("POST", "/api/queue/answer", answer(told, "accept", told["proposals"][0]["id"]))
    assert status == 400
    assert "name or pseudonym" in problem["detail"]
