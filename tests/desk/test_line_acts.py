"""Acts on the line over the desk's port: seen first, recorded with reason and reports, and kept by `map`."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import shapely
from contested import DAY, answer
from engine_war import add, draw, rows

from isofront.desk.line_snap import Guide, snapped
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import cited, read_history

VERTEX, GOAL = [20.21, 50.12], [20.225, 50.12]


@pytest.fixture
def war(contested, tmp_path):
    return shutil.copytree(contested, tmp_path / "war")


def decisions(war):
    with Ledger.open(ledger_path(war)) as ledger:
        return [one for _, one in read_history(ledger).decisions]


def act(name="move", **more):
    return {"as_of": DAY, "act": name, "at": VERTEX, "to": GOAL} | more


def signed(count=20, **more):
    return {"reason": "footage from the ridge", "evidence": ["red3"], "count": count, **more}


def test_an_act_is_seen_before_it_is_recorded(caller, war):
    told = caller.post("/api/line/preview", act())
    assert told["km2"] > 1
    assert {one["holder"] for one in told["changed"]} == {"blue"}
    assert decisions(war) == []


def test_a_moved_vertex_is_in_the_ledger_with_reason_reports_and_end(caller, war):
    told = caller.post("/api/line", act() | signed(until="2024-06-20"))
    (decision,) = decisions(war)
    assert (decision.id, decision.act, decision.verdict.value) == (told["id"], "move", "edit")
    assert decision.evidence == (cited("red3"),)
    assert f"{decision.until:%Y-%m-%d}" == "2024-06-20"
    assert decision.version == 2
    line = caller.get(f"/api/line?as_of={DAY}")
    corners = np.round(shapely.get_coordinates(shapely.geometry.shape(line["edges"])), 5).tolist()
    assert GOAL in corners
    assert VERTEX not in corners
    assert line["fixed"][0]["id"] == told["id"]


def holder(out, lon, lat):
    """Who holds a spot by a map's file; None where it is grey."""
    areas = json.loads((out / "areas.geojson").read_text(encoding="utf-8"))["features"]
    spot = shapely.Point(lon, lat)
    return next(
        (one["properties"]["side"] for one in areas if shapely.geometry.shape(one["geometry"]).contains(spot)), None
    )


@pytest.mark.slow
def test_what_an_editor_fixed_stays_in_every_map_until_its_end_comes_up_and_they_let_go(caller, war, tmp_path):
    made = caller.post("/api/line", act() | signed(until="2024-06-05"))
    add(
        war,
        [one | {"id": f"more{k}"} for k, one in enumerate(rows(20, lon=20.19, lat=50.13, seen="red", day=18))],
        name="more.csv",
    )
    later = draw(war, tmp_path / "later", "2024-06-10")
    assert holder(later, 20.2, 50.12) != "blue", "the new reports would turn this ground"
    assert holder(later, 20.219, 50.12) == "blue", "past its end it stands, and asks"
    queue = caller.get("/api/queue?as_of=2024-06-10")
    assert [one["id"] for one in queue["asks_again"]] == [made["id"]]
    assert queue["asks_again"][0]["evidence"] == ["red3"]
    body = answer(queue, "release", made["id"]) | {"as_of": "2024-06-10"}
    caller.post("/api/queue/answer", body)
    assert caller.get("/api/queue?as_of=2024-06-10")["asks_again"] == []
    assert caller.get("/api/line?as_of=2024-06-10")["fixed"] == []


def test_an_act_that_says_the_opposite_lets_go_of_the_earlier_one(caller, war):
    first = caller.post("/api/line", act() | signed())
    back = act(at=GOAL, to=VERTEX)
    seen = caller.post("/api/line/preview", back)
    assert [one["id"] for one in seen["lets_go"]] == [first["id"]]
    second = caller.post("/api/line", back | signed(count=seen["count"]))
    assert [one.verdict.value for one in decisions(war)] == ["edit", "edit", "release"]
    assert [one["id"] for one in caller.get(f"/api/line?as_of={DAY}")["fixed"]] == [second["id"]]


def test_ground_is_held_as_it_is_whoever_holds_which_part(caller, war):
    square = shapely.geometry.mapping(shapely.box(20.16, 50.08, 20.24, 50.16))
    status, _, problem = caller.settled(
        "POST", "/api/line", {"as_of": DAY, "act": "hold", "polygon": square} | signed()
    )
    assert (status, "--until" in problem["detail"]) == (400, True)
    hold = {"as_of": DAY, "act": "hold", "polygon": square} | signed(until="2024-07-01")
    caller.post("/api/line", hold)
    (decision,) = decisions(war)
    assert {decision.ground.side, *(one.side for one in decision.also)} == {"red", "blue"}
    told = caller.post("/api/why", {"at": [20.18, 50.12], "as_of": DAY})
    assert decision.id in {part["id"] for part in told["parts"]}


def test_a_piece_is_cut_off_and_given_another_class(caller, war):
    path = [[20.15, 50.25], [20.26, 50.25]]
    wanted = act("cut", at=[20.3, 50.28], path=path, holder="blue")
    refused = caller.settled("POST", "/api/line/preview", wanted)
    assert refused[0] == 400
    through = wanted | {"path": [[20.15, 50.25], [20.41, 50.25]]}
    told = caller.post("/api/line/preview", through)
    assert [one["holder"] for one in told["changed"]] == ["blue"]
    grey = caller.post("/api/line", through | {"holder": "grey"} | signed())
    assert [one["grey_reason"] for one in grey["changed"]] == ["disputed_evidence"]
    assert decisions(war)[0].act == "cut"


def test_a_reshaped_line_follows_the_river_where_the_map_is_of_two_minds(caller, war):
    path = [[20.2095, 50.121], [20.1926, 50.14], [20.1936, 50.2], [20.207, 50.2]]
    told = caller.post("/api/line/preview", act("reshape", path=path, snap=True))
    assert told["snapped"] in ([], ["river Rill"])
    plain = caller.post("/api/line/preview", act("reshape", path=path))
    assert plain["snapped"] == []
    assert caller.get(f"/api/line/band?as_of={DAY}")["band"]["type"] in ("Polygon", "MultiPolygon")


RIVER = Guide("river", "Rill", shapely.LineString([(0, 0), (5, 0.2), (10, 0)]))


def everywhere(spots):
    return np.ones(len(spots), bool)


def test_vertices_near_a_line_are_put_on_it_and_follow_it_between():
    found = snapped(np.array([(1.0, 0.1), (9.0, 0.2), (9.0, 5.0)]), [RIVER], everywhere)
    assert found.along == ("river Rill",)
    assert len(found.points) == 4, "the river's own bend lies between the first two"
    assert shapely.distance(RIVER.line, shapely.points(found.points[:3])).max() < 1e-5
    assert found.points[3].tolist() == [9.0, 5.0]


def test_outside_the_band_nothing_snaps_and_nothing_is_recorded():
    points = np.array([(1.0, 0.1), (9.0, 0.2)])
    found = snapped(points, [RIVER], lambda spots: np.zeros(len(spots), bool))
    assert found.along == ()
    assert np.array_equal(found.points, points)


def test_a_line_that_leaves_the_band_between_two_vertices_is_not_followed():
    found = snapped(np.array([(1.0, 0.1), (9.0, 0.2)]), [RIVER], lambda spots: np.abs(spots[:, 0] - 5) > 2)
    assert len(found.points) == 2


def test_the_lines_of_a_users_own_layer_are_drawn_along(war):
    from isofront.desk.line_snap import guides_of
    from isofront.engine import ground_of
    from isofront.theatre.micro import LAYERS

    folder = war / LAYERS
    folder.mkdir(parents=True)
    belt = {"type": "LineString", "coordinates": [[20.1, 50.1], [20.3, 50.1]]}
    trees = {"type": "Feature", "properties": {"name": "long belt", "kind": "tree line"}, "geometry": belt}
    document = {"type": "FeatureCollection", "features": [trees]}
    (folder / "trees.geojson").write_text(json.dumps(document), encoding="utf-8")
    assert [one.words for one in guides_of(ground_of(war))] == ["river Rill", "tree line long belt"]


def test_what_cannot_be_is_refused_and_nothing_is_recorded(caller, war):
    for wanted, words in (
        (act("paint"), "wanted move"),
        (act(at=None), "wanted a spot"),
        (act(at=[20.3, 50.2]), "no line within"),
        (act(to=[20.9, 50.12]), "bounds"),
        (act("reshape", path=[[20.2, 50.1]]), "two points"),
        (act("assign", at=[20.3, 50.2], holder="green"), "wanted red, blue or grey"),
        (act(as_of="2024-04-01"), "before the anchor"),
    ):
        status, _, problem = caller.settled("POST", "/api/line/preview", wanted)
        assert (status, words in problem["detail"]) == (400, True), problem
    for change, words in (
        ({"reason": " "}, "reason"),
        ({"evidence": ["nobody"]}, "no report"),
        ({"weight": 0}, "weight"),
    ):
        status, _, problem = caller.settled("POST", "/api/line", act() | signed() | change)
        assert (status, words in problem["detail"]) == (400, True), problem
    assert decisions(war) == []


def test_ground_that_somebody_changed_meanwhile_is_not_changed_again(caller):
    caller.post("/api/line", act() | signed())
    status, _, problem = caller.settled("POST", "/api/line", act(at=GOAL, to=VERTEX) | signed(count=20))
    assert status == 409, problem
    assert "meanwhile" in problem["detail"]


def test_locked_ground_is_not_drawn_in(caller):
    queue = caller.get(f"/api/queue?as_of={DAY}")
    square = shapely.geometry.mapping(shapely.box(20.19, 50.1, 20.23, 50.14))
    caller.post("/api/queue/answer", answer(queue, "lock", "new", geometry=square))
    status, _, problem = caller.settled("POST", "/api/line/preview", act())
    assert (status, "locked by nadia" in problem["detail"]) == (400, True)
