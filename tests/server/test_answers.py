"""OGC API – Features as pure answers: the pages, what can be asked of items, errors as problem+json."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isofront.errors import BadInputError
from isofront.server import Request, Response, Shelf, answered, read_folder

HOST = {"host": "127.0.0.1:8730"}
ITEMS = "/collections/areas/items"


def get(shelf: Shelf, target: str, **headers: str) -> Response:
    return answered(shelf, Request("GET", target, HOST | headers))


def document(shelf: Shelf, target: str) -> dict:
    response = get(shelf, target)
    assert response.status == 200, response.body
    return json.loads(response.body)


def ids(shelf: Shelf, query: str = "") -> list[str]:
    return [one["id"] for one in document(shelf, ITEMS + query)["features"]]


def test_only_approved_days_are_served_and_drafts_only_where_they_are_asked_for(maps, shelf):
    assert [f"{one:%d}" for one in shelf.days] == ["01", "08"]
    assert shelf.notes == ("1 draft not served",)
    assert len(read_folder(maps, drafts=True).days) == 3
    with pytest.raises(BadInputError, match="nothing approved"):
        read_folder(maps / "2030-01-09")


@pytest.mark.parametrize(
    "features",
    [
        "7", '[{"type":"Feature"}]', '["x"]', '[{"geometry":{"type":"","coordinates":[]},"properties":{}}]',
        '[{"geometry":{"type":"Point","coordinates":[1e400,2]},"properties":{}}]',
        '[{"geometry":{"type":"Point","coordinates":[1,2]},"properties":[1]}]',
        '[{"geometry":{"type":"Polygon","coordinates":"held"},"properties":{}}]',
    ],
)  # fmt: skip
def test_a_file_that_is_none_of_maps_is_one_clear_line(tmp_path, features):
    (tmp_path / "summary.json").write_text('{"as_of": "2030-01-01T00:00:00Z", "state": "approved"}', encoding="utf-8")
    (tmp_path / "areas.geojson").write_text(f'{{"features": {features}}}', encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        read_folder(tmp_path)
    assert "\n" not in str(caught.value)


def test_empty_layers_make_no_collection_and_settlements_come_from_the_summary(shelf):
    assert list(shelf.collections) == ["areas", "front", "settlements"]
    places = document(shelf, "/collections/settlements/items")["features"]
    assert places[0]["geometry"] == {"type": "Point", "coordinates": [30.4, 48.5]}
    assert places[0]["properties"]["status"] == "held_south"


def test_every_link_that_a_page_gives_leads_to_an_answer_of_its_type(shelf):
    waiting, seen = ["/"], set()
    while waiting:
        target = waiting.pop()
        if target in seen:
            continue
        seen.add(target)
        response = get(shelf, target)
        assert response.status == 200, target
        for link in _links(json.loads(response.body)):
            split = urlsplit(link["href"])
            assert split.netloc == HOST["host"]
            there = f"{split.path}?{split.query}" if split.query else split.path
            assert get(shelf, there).headers["Content-Type"] == link["type"]
            waiting.append(there)
    assert len(seen) >= 10


def _links(value: object) -> list[dict]:
    if isinstance(value, dict):
        own = value["links"] if isinstance(value.get("links"), list) else []
        return [*own, *(link for key, inner in value.items() if key != "links" for link in _links(inner))]
    return [link for inner in value for link in _links(inner)] if isinstance(value, list) else []


def test_every_page_says_private_and_simulated(shelf):
    for target in ("/", "/conformance", "/collections", "/collections/areas", ITEMS, "/api", "/healthz", "/nowhere"):
        assert get(shelf, target).headers["X-Isofront-Stamp"] == "PRIVATE SIMULATED"
    found = document(shelf, ITEMS)
    assert found["stamp"] == "PRIVATE SIMULATED"
    assert "navigation" in found["notice"]
    assert all(one["properties"]["stamp"] == "PRIVATE SIMULATED" for one in found["features"])


def test_core_geojson_and_openapi_are_what_it_conforms_to(shelf):
    names = {one.rsplit("/", 1)[1] for one in document(shelf, "/conformance")["conformsTo"]}
    assert names == {"core", "geojson", "oas30"}


def test_a_collection_tells_its_extent_in_space_and_time(shelf):
    extent = document(shelf, "/collections/areas")["extent"]
    assert extent["spatial"]["bbox"] == [[30, 48, 31, 49]]
    assert extent["temporal"]["interval"] == [["2030-01-01T00:00:00Z", "2030-01-08T00:00:00Z"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["2030-01-01.1", "2030-01-01.2", "2030-01-08.1", "2030-01-08.2"]),
        ("?bbox=30.1,48.1,30.2,48.2", ["2030-01-01.1", "2030-01-08.1"]),
        ("?bbox=30.1,48.1,-5,30.2,48.2,5", ["2030-01-01.1", "2030-01-08.1"]),
        ("?bbox=30.6,48.1,30.6,48.2", ["2030-01-01.2", "2030-01-08.1"]),
        ("?bbox=30.9,48,-170,49", ["2030-01-01.2", "2030-01-08.2"]),
        ("?bbox=10,10,11,11", []),
        ("?bbox=181,-90,-181,90", []),
        ("?bbox=181,-90,-180,90", []),
        ("?datetime=2030-01-01T00:00:00Z", ["2030-01-01.1", "2030-01-01.2"]),
        ("?datetime=2030-01-01T02:00:00%2B02:00", ["2030-01-01.1", "2030-01-01.2"]),
        ("?datetime=2030-01-08", ["2030-01-08.1", "2030-01-08.2"]),
        ("?datetime=2030-01-02/..", ["2030-01-08.1", "2030-01-08.2"]),
        ("?datetime=/2030-01-07T23:59:59Z", ["2030-01-01.1", "2030-01-01.2"]),
        ("?datetime=2031-01-01/..", []),
        ("?limit=1&offset=2", ["2030-01-08.1"]),
        ("?limit=999999", ["2030-01-01.1", "2030-01-01.2", "2030-01-08.1", "2030-01-08.2"]),
        ("?offset=9", []),
        ("?f=json&bbox=30.1,48.1,30.2,48.2&datetime=2030-01-08", ["2030-01-08.1"]),
    ],
)
def test_items_are_those_that_were_asked_for(shelf, query, found):
    assert ids(shelf, query) == found


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_paging_gives_each_item_once(shelf, limit):
    target, found = f"{ITEMS}?limit={limit}&datetime=2030-01-01/..", []
    while target:
        page = document(shelf, target)
        assert page["numberMatched"] == 4
        assert page["numberReturned"] == len(page["features"]) <= limit
        found += [one["id"] for one in page["features"]]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        split = urlsplit(following[0]) if following else None
        target = f"{split.path}?{split.query}" if split else None
    assert found == ids(shelf)


def test_an_item_alone_is_the_item_of_the_list(shelf):
    alone, listed = document(shelf, f"{ITEMS}/2030-01-08.2"), document(shelf, ITEMS)["features"][3]
    assert {key: alone[key] for key in listed} == listed
    assert get(shelf, f"{ITEMS}/2030-01-08.3").status == 404


@pytest.mark.parametrize(
    "query",
    [
        "?bbox=1,2,3", "?bbox=a,b,c,d", "?bbox=1,5,2,4", "?bbox=nan,1,2,3", "?bbox=1e999,1,2,3", "?limit=0",
        "?limit=-1", "?limit=ten", "?limit=1&limit=2", "?offset=-1", "?offset=99999999999999999999",
        "?datetime=yesterday", "?datetime=../..", "?datetime=/", "?datetime=2030-02-01/2030-01-01",
        "?datetime=2030-13-01", "?datetime=2030-01-01T00:00:00", "?datetime=9999-12-31T23:59:59-14:00",
        "?crs=x", "?f=html", "?bbox=", "?limit=", "?%FF=%FE",
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_a_problem_that_says_why(shelf, query):
    response = get(shelf, ITEMS + query)
    assert response.status == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    told = json.loads(response.body)
    assert told["status"] == 400
    assert told["detail"]


def test_a_target_may_be_a_whole_address_of_this_machine_and_of_no_other(shelf):
    assert get(shelf, "http://127.0.0.1:8730/healthz").body == get(shelf, "/healthz").body
    assert get(shelf, "http://127.0.0.1:8730?f=json").status == 200
    assert get(shelf, "http://example.org/healthz").status == 421


def test_other_hosts_names_are_refused_whatever_they_ask(shelf):
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example", "", "10.0.0.1", "localhost:x"):
        assert answered(shelf, Request("GET", "/", {"host": host})).status == 421
    for host in ("localhost", "LOCALHOST:1", "127.0.0.1:8730", "[::1]:8730"):
        assert answered(shelf, Request("GET", "/", {"host": host})).status == 200


def test_it_is_read_only(shelf):
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        response = answered(shelf, Request(method, ITEMS, HOST))
        assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")


def test_an_answer_that_the_client_holds_already_is_not_sent_again(shelf):
    first = get(shelf, ITEMS)
    again = get(shelf, ITEMS, **{"if-none-match": f'"other", W/{first.headers["ETag"]}'})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert get(shelf, ITEMS, **{"if-none-match": '"other"'}).status == 200
    assert "private" in first.headers["Cache-Control"]


def test_equal_folders_give_equal_bytes(maps, shelf):
    assert get(read_folder(maps), ITEMS).body == get(shelf, ITEMS).body


# The description is true


def test_every_path_of_the_description_answers_with_the_type_and_the_keys_that_it_states(shelf):
    api = document(shelf, "/api")
    for path, operations in api["paths"].items():
        if "{editionId}" in path:
            continue
        target = path.replace("{collectionId}", "front").replace("{featureId}", "2030-01-01.1")
        assert set(operations) == {"get"}
        kind, content = next(iter(operations["get"]["responses"]["200"]["content"].items()))
        response = get(shelf, target)
        assert response.headers["Content-Type"] == kind
        schema = _resolved(api, content["schema"])
        assert set(schema.get("required", ())) <= set(json.loads(response.body))


def test_every_parameter_of_the_description_is_read_and_no_other(shelf):
    api = document(shelf, "/api")
    samples = {"bbox": "1,2,3,4", "datetime": "2030-01-01", "limit": "5", "offset": "1", "f": "json"}
    samples |= {"from": "2030-01-01", "to": "2030-01-02T00:00:00Z", "place": "Midtown", "about": "control"}
    for path, operations in api["paths"].items():
        if "{editionId}" in path:
            continue
        target = path.replace("{collectionId}", "front").replace("{featureId}", "2030-01-01.1")
        listed = [_resolved(api, one) for one in operations["get"]["parameters"]]
        known = {one["name"] for one in listed if one["in"] == "query"}
        for name, value in samples.items():
            assert get(shelf, f"{target}?{name}={value}").status == (200 if name in known else 400)
        assert {one["name"] for one in listed if one["in"] == "path"} == set(re.findall(r"{(\w+)}", path))


def _resolved(api: dict, value: dict) -> dict:
    for step in value.get("$ref", "").removeprefix("#/").split("/") if "$ref" in value else ():
        api = api[step]
    return api if "$ref" in value else value


# Whatever is asked

WORDS = st.sampled_from(
    ["collections", "areas", "front", "items", "api", "healthz", "conformance", "2030-01-01.1", "..", "%2e%2e", "%00",
     "%ff", "//", "?", "&", "=", "bbox", "datetime", "limit", "offset", "f", "1,2,3,4", "-180,-90,180,90", "/..", "é",
     "2030-01-01", "9999-12-31T23:59:59Z", "0001-01-01", "1e308", "[", "]", "[::1", "@", ":", "#", ";", "\x00", "😀"]
)  # fmt: skip
TARGETS = st.one_of(
    st.lists(st.one_of(WORDS, st.sampled_from("/?&=,.%")), max_size=14).map("".join),
    st.text(max_size=40),
    st.builds(
        lambda name, value: f"{ITEMS}?{name}={value}",
        st.sampled_from(["bbox", "datetime", "limit", "offset", "f", "q"]),
        st.one_of(WORDS, st.text("0123456789,.-+eTZ:/ ", max_size=30), st.text(max_size=12)),
    ),
)


@settings(max_examples=300)
@given(TARGETS, st.booleans())
def test_whatever_is_asked_the_answer_is_a_plain_one(shelf, target, rooted):
    response = get(shelf, f"/{target}" if rooted else target)
    assert response.status in (200, 400, 404, 414)
    if response.body:
        told = json.loads(response.body)
        assert (response.status == 200) == ("status" not in told or told["status"] == "ok")


@given(
    st.tuples(*[st.floats(-200, 200)] * 2, *[st.floats(-95, 95)] * 2),
    st.datetimes(datetime(2029, 12, 30), datetime(2030, 1, 12), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_a_box_and_a_time_select_what_a_look_at_every_item_selects(shelf, box, first):
    west, east, (south, north) = box[0], box[1], sorted(box[2:])
    query = f"?bbox={west:.6f},{south:.6f},{east:.6f},{north:.6f}&datetime={first:%Y-%m-%dT%H:%M:%SZ}/.."
    wide = [(west, east)] if float(f"{west:.6f}") <= float(f"{east:.6f}") else [(west, 180), (-180, east)]
    meant = [
        one.id
        for one in shelf.collections["areas"].items
        if one.moment >= first.replace(microsecond=0)
        and south <= one.box[3]
        and north >= one.box[1]
        and any(w <= one.box[2] and e >= one.box[0] for w, e in wide)
    ]
    assert ids(shelf, query) == meant
