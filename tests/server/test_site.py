"""A published site: what is reachable and what is not, pages and files as HTTP has them, what was pulled."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from server_site import POLICY, pull, put_list, sha, told_in

from isofront.errors import BadInputError, UsageError
from isofront.server import Request, Response, Site, answered

HOST = {"host": "127.0.0.1:8730"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FIRST = "0001-2030-01-01"


def get(site: Site, target: str, method: str = "GET", **headers: str) -> Response:
    """The answer, with what would be sent of a file as its body."""
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    response = answered(site.snapshot().shelf, Request(method, target, HOST | asked), site=site)
    if response.part is None:
        return response
    with response.part.handle as handle:
        handle.seek(response.part.start)
        return Response(response.status, response.headers, handle.read(response.part.n_bytes))


def body(response: Response) -> bytes:
    """What would be sent."""
    return response.body


def told(response: Response) -> dict[str, Any]:
    """What an answer in JSON says."""
    found: dict[str, Any] = json.loads(response.body)
    return found


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """A copy to write to."""
    return Path(shutil.copytree(folder, tmp_path / "site"))


# What is reachable


def test_everything_that_publish_wrote_is_handed_out_byte_for_byte(site, folder):
    for name, file in site.snapshot().files.items():
        if file.gone or not file.path.exists():
            continue
        response = get(site, f"/{name}")
        assert response.status == 200, name
        assert body(response) == (folder / name).read_bytes()


@pytest.mark.parametrize(
    "target",
    [
        "/../theatre.toml", "/editions/../../secret.json", "/%2e%2e/secret.json", "/editions/..%2f..%2fsecret.json",
        "/editions/%2e%2e/editions.json", "//secret.json", "/.git/config", "/.new-0009/areas.geojson", "/_headers",
        "/ledger.db", "/theatre.toml", "/secret.json", "/map.html", "/index.html/", "/index.html%00", "/INDEX.HTML",
        "/editions.json.gz", "/index.html.gz", f"/editions/{FIRST}/areas.geojson.gz", f"/editions/{FIRST}/secret.json",
        "/editions\\0001-2030-01-01\\areas.geojson", f"/editions/{FIRST}/./areas.geojson", "/file:///etc/passwd",
        f"/editions//{FIRST}/areas.geojson", "/etc/passwd", f"/editions/{FIRST}/.hidden.json", "/C:/windows/win.ini",
        "/editions/0002-2030-01-08/../../secret.json",
    ],
)  # fmt: skip
def test_what_publish_did_not_write_is_not_there(own, target):
    secret = b'{"secret": "a spot"}'
    inside = (f"editions/{FIRST}/secret.json", f"editions/{FIRST}/.hidden.json", ".new-0009/areas.geojson")
    for name in ("secret.json", ".git/config", "../secret.json", "../theatre.toml", *inside):
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        (own / name).write_bytes(secret)
    response = get(Site(own), target)
    assert response.status in (400, 404)
    assert b"a spot" not in response.body


def test_a_file_that_is_not_what_was_published_is_not_handed_out_and_that_is_said(own, caplog):
    site = Site(own)
    file = own / "editions" / FIRST / "areas.geojson"
    assert get(site, f"/editions/{FIRST}/areas.geojson").status == 200
    file.write_bytes(file.read_bytes().replace(b"held", b"lost"))
    assert get(site, f"/editions/{FIRST}/areas.geojson").status == 404
    assert get(Site(own), "/collections/areas/items?datetime=2030-01-01").status == 200
    assert told(get(Site(own), "/collections/areas/items?datetime=2030-01-01"))["numberMatched"] == 0
    assert caplog.messages[0].startswith(f"{file.resolve()}: is not what was published")


@pytest.mark.parametrize("stamp", [b'{"stamp":["PRIVATE"]}', b'{"stamp": "PRIVATE SIMULATED"}', b'{"stamp":"PRIVATE"}'])
def test_a_private_page_laid_over_the_public_one_is_not_handed_out(own, stamp):
    (own / "index.html").write_bytes(b"<!doctype html>" + b" " * 300_000 + stamp)
    assert get(Site(own), "/", accept=BROWSER).status == 404
    assert get(Site(own), "/index.html").status == 404


@pytest.mark.parametrize("state", ["published", "pulled"])
@pytest.mark.parametrize("way", ["{outside}", "../../outside", ""])
def test_an_edition_that_lies_elsewhere_is_none(own, tmp_path, state, way):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "index.html").write_bytes(b"a spot")
    (outside / "edition.json").write_bytes(b'{"a": "spot"}')
    telling = told_in(own)[0] | {"id": way.format(outside=outside), "state": state}
    put_list(own, [telling])
    with pytest.raises(BadInputError, match="an edition called"):
        Site(own)


@pytest.mark.skipif(os.name != "posix", reason="links need a right there")
def test_links_lead_nowhere(own, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "page.html").write_bytes(b"a spot")
    (own / "index.html").unlink()
    (own / "index.html").symlink_to(outside / "page.html")
    moved = outside / FIRST
    (own / "editions" / FIRST).rename(moved)
    (own / "editions" / FIRST).symlink_to(moved, target_is_directory=True)
    site = Site(own)
    assert get(site, "/index.html").status == 404
    assert get(site, f"/editions/{FIRST}/areas.geojson").status == 404


@pytest.mark.parametrize("name", ["theatre.toml", "ledger.db", "summary.json", "control.tif", "map.html"])
def test_a_site_in_one_folder_with_what_is_private_is_refused(own, name):
    (own / name).write_bytes(b"")
    with pytest.raises(BadInputError, match=f"holds {name}"):
        Site(own)


def test_a_folder_without_a_list_of_editions_is_no_site(maps):
    with pytest.raises(BadInputError, match=r"no editions\.json"):
        Site(maps)


# Pages and files as HTTP has them


def test_a_browser_is_shown_the_page_and_a_program_the_landing_page(site, folder):
    assert body(get(site, "/", accept=BROWSER)) == (folder / "index.html").read_bytes()
    for accept in ("*/*", "application/json", "", "application/json, text/html;q=0.5"):
        said = told(get(site, "/", accept=accept))
        assert said["stamp"] == "PUBLIC SIMULATED"
        assert {"rel": "alternate"}.items() <= said["links"][-1].items()
    assert "Accept" in get(site, "/").headers["Vary"]


def test_an_editions_address_is_its_page_for_a_browser_and_its_record_for_a_program(site, folder):
    moved = get(site, f"/editions/{FIRST}", accept=BROWSER)
    assert (moved.status, moved.headers["Location"]) == (308, f"{FIRST}/")
    assert body(get(site, f"/editions/{FIRST}/")) == (folder / "editions" / FIRST / "index.html").read_bytes()
    said = told(get(site, f"/editions/{FIRST}"))
    assert said["files"]["areas.geojson"] == sha((folder / "editions" / FIRST / "areas.geojson").read_bytes())


def test_a_page_keeps_its_own_strict_policy_and_may_be_embedded(site):
    headers = get(site, "/index.html").headers
    assert headers["Content-Security-Policy"] == f"{POLICY}; frame-ancestors *"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "geolocation=()" in headers["Permissions-Policy"]
    other = get(site, f"/editions/{FIRST}/areas.geojson").headers
    assert other["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize(
    "policy",
    [
        "default-src *",
        "default-src 'none'; script-src 'unsafe-inline'",
        "default-src 'none'; img-src https:",
        "",
        "default-src 'none'\r\nSet-Cookie: a=b",
        "default-src 'none'; ї",
    ],
)
def test_a_page_with_a_loose_policy_may_do_nothing(own, policy):
    (own / "index.html").write_text(f'<meta http-equiv="Content-Security-Policy" content="{policy}">', encoding="utf-8")
    assert get(Site(own), "/index.html").headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors *"


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-99", 206, 0, 100), ("bytes=100-", 206, 100, None), ("bytes=-50", 206, -50, None),
        ("bytes=0-99999999", 206, 0, None), ("bytes=5-5", 206, 5, 6), ("bytes=-99999999", 206, 0, None),
        ("bytes=0-1,5-6", 200, 0, None), ("bytes=9-2", 200, 0, None), ("lines=1-2", 200, 0, None),
        ("bytes=-", 200, 0, None), ("bytes=a-b", 200, 0, None),
    ],
)  # fmt: skip
def test_ranges_of_a_file(site, folder, asked, status, start, end):
    whole = (folder / "editions" / FIRST / "control.tif").read_bytes()
    response = get(site, f"/editions/{FIRST}/control.tif", range=asked, accept_encoding="gzip")
    part = whole[start:end]
    assert (response.status, body(response)) == (status, part)
    if status == 206:
        first = len(whole) - len(part) if start < 0 else start
        assert response.headers["Content-Range"] == f"bytes {first}-{first + len(part) - 1}/{len(whole)}"


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_beyond_the_file_is_told_its_length(site, folder, asked):
    response = get(site, f"/editions/{FIRST}/control.tif", range=asked)
    assert response.status == 416
    assert (
        response.headers["Content-Range"] == f"bytes */{(folder / 'editions' / FIRST / 'control.tif').stat().st_size}"
    )


def test_a_range_of_another_version_of_the_file_is_the_whole_file(site):
    target = f"/editions/{FIRST}/control.tif"
    tag = get(site, target).headers["ETag"]
    assert get(site, target, range="bytes=0-9", if_range=tag).status == 206
    assert get(site, target, range="bytes=0-9", if_range='"older"').status == 200
    assert get(site, target, "HEAD", range="bytes=0-9").status == 200


def test_packed_siblings_are_sent_to_those_who_take_them(site, folder):
    plain = get(site, "/index.html")
    packed = get(site, "/index.html", accept_encoding="br, gzip;q=0.8")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert body(packed) == (folder / "index.html.gz").read_bytes()
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert get(site, "/index.html", accept_encoding="gzip;q=0").headers.get("Content-Encoding") is None
    assert get(site, "/index.html", range="bytes=0-9", accept_encoding="gzip").headers.get("Content-Encoding") is None


@pytest.mark.parametrize(
    "beside",
    [b"not gzip", gzip.compress(b"a spot", mtime=0), gzip.compress(b" " * 50_000_000, mtime=0), b""],
    ids=["not gzip", "another", "huge", "empty"],
)
def test_a_packed_sibling_that_holds_something_else_is_not_sent(own, beside):
    (own / "index.html.gz").write_bytes(beside)
    response = get(Site(own), "/index.html", accept_encoding="gzip")
    assert "Content-Encoding" not in response.headers
    assert body(response) == (own / "index.html").read_bytes()


def test_what_the_client_holds_is_not_sent_again(site):
    answers = ("/editions", "/collections/areas/items", "/openapi.json")
    for target in ("/index.html", f"/editions/{FIRST}/areas.geojson", *answers):
        for encoding in ("", "gzip"):
            first = get(site, target, accept_encoding=encoding)
            body(first)
            again = get(site, target, accept_encoding=encoding, if_none_match=f'"x", {first.headers["ETag"]}')
            assert (again.status, again.body, again.part) == (304, b"", None), target
            assert again.headers["ETag"] == first.headers["ETag"]
            assert get(site, target, if_none_match='"x"').status == 200


def test_an_editions_files_are_immutable_for_a_minute_at_a_time_and_lists_are_asked_for_anew(site):
    assert (
        get(site, f"/editions/{FIRST}/areas.geojson").headers["Cache-Control"]
        == "public, max-age=60, must-revalidate, immutable"
    )
    for target in (
        "/index.html",
        f"/editions/{FIRST}/",
        "/editions.json",
        "/editions",
        f"/editions/{FIRST}",
        "/collections",
    ):
        assert get(site, target).headers["Cache-Control"] == "public, max-age=60, must-revalidate"
    assert get(site, "/nowhere").headers["Cache-Control"] == "no-store"


def test_any_page_elsewhere_may_read_and_none_may_write(site):
    for target in ("/", "/index.html", "/editions", "/collections/areas/items", "/nowhere"):
        assert get(site, target).headers["Access-Control-Allow-Origin"] == "*"
    asked = get(site, "/editions", "OPTIONS", origin="https://example.org", access_control_request_method="GET")
    assert asked.status == 204
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert get(site, "/editions", method).status == 405


def test_a_private_map_is_read_by_no_page_elsewhere(shelf):
    response = answered(shelf, Request("GET", "/collections", HOST | {"origin": "https://example.org"}))
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answered(shelf, Request("OPTIONS", "/collections", HOST)).status == 405


# What was pulled


def test_what_was_pulled_is_gone_at_every_address_and_kept_by_nobody(site):
    for target in (
        "",
        "/",
        "/index.html",
        "/areas.geojson",
        "/edition.json",
        "/page.json",
        "/control.tif",
        "/why.json",
    ):
        response = get(site, f"/editions/0004-2030-01-15{target}")
        assert (response.status, response.headers["Cache-Control"]) == (410, "no-store"), target
        assert b"control" not in body(response)
    said = told(get(site, "/editions/0004-2030-01-15"))
    assert said["title"] == "Withdrawn"
    assert "showed a place" in said["detail"]
    assert get(site, "/collections/areas/items?datetime=2030-01-15").status == 200
    assert told(get(site, "/collections/areas/items?datetime=2030-01-15"))["numberMatched"] == 0


def test_of_an_edition_that_the_list_says_was_pulled_nothing_is_handed_out_that_still_lies_there(own):
    editions = told_in(own)
    put_list(own, [editions[0] | {"state": "pulled", "sha256": None, "reason": "showed a place"}, *editions[1:]])
    (own / "editions" / FIRST / "index.html").write_bytes(b'<!doctype html><script type="application/json">[]</script>')
    site, names = Site(own), [one.name for one in (own / "editions" / FIRST).iterdir()]
    assert {"areas.geojson", "index.html", "edition.json"} <= set(names)
    for name in ("", *names):
        response = get(site, f"/editions/{FIRST}/{name}", accept="text/html")
        assert (response.status, told(response)["title"]) == (410, "Withdrawn"), name


def test_what_is_kept_of_files_may_be_thrown_away_while_others_ask(own, monkeypatch):
    monkeypatch.setattr("isofront.server.site.MOST_HASHES", 1)
    site, names = Site(own), ("areas.geojson", "control.tif", "front.geojson", "changes.json")
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(lambda k: get(site, f"/editions/{FIRST}/{names[k % 4]}").status, range(400))
        assert set(asked) == {200}


def test_a_pull_is_seen_with_the_next_request(own):
    site = Site(own)
    assert get(site, f"/editions/{FIRST}/areas.geojson").status == 200
    editions = told_in(own)
    pull(own, editions[0])  # the list still names it: its files are no longer what the list says
    assert get(site, f"/editions/{FIRST}/areas.geojson").status in (404, 410)
    put_list(own, editions)
    assert get(site, f"/editions/{FIRST}/areas.geojson").status == 410
    assert get(site, f"/editions/{FIRST}/control.tif").status == 410
    assert told(get(site, "/collections/areas/items?datetime=2030-01-01"))["numberMatched"] == 0


@pytest.mark.parametrize(
    "content", [b"{", b'{"editions": 3}', b'{"editions": [{"as_of": "2030-01-01"}]}', b'{"editions": [{"id": "a"}]}']
)
def test_a_list_that_cannot_be_read_leaves_what_was_served_before(own, content):
    site = Site(own)
    (own / "editions.json").write_bytes(content)
    with pytest.raises(BadInputError, match=r"editions\.json: "):
        Site(own)
    assert get(site, "/editions").status == 200
    assert told(get(site, "/editions"))["numberMatched"] == 4


def test_a_site_of_which_nothing_stands_says_so(own):
    editions = told_in(own)
    for one in editions[:3]:
        pull(own, one)
    put_list(own, editions)
    site = Site(own)
    assert told(get(site, "/collections"))["collections"] == []
    assert told(get(site, "/healthz"))["status"] == "ok"
    assert told(get(site, "/pockets"))["pockets"] == []
    assert told(get(site, "/editions"))["latest"] is None


def test_the_latest_edition_is_that_of_the_newest_day_in_whatever_order_days_were_published(own):
    before = told(get(Site(own), "/editions"))["latest"]
    put_list(own, told_in(own)[::-1])
    assert told(get(Site(own), "/editions"))["latest"] == before


def test_names_of_a_public_server(site):
    from isofront.server.names import names_of

    names = names_of("0.0.0.0", "https://maps.example.org/war/")
    assert names.base("maps.example.org") == "https://maps.example.org/war"
    shelf = site.snapshot().shelf
    for host, status in (("maps.example.org", 200), ("127.0.0.1:1", 200), ("other.example", 421), ("10.0.0.1", 421)):
        response = answered(shelf, Request("GET", "/collections", {"host": host}), names, site)
        assert response.status == status
        assert answered(shelf, Request("GET", "/healthz", {"host": host}), names, site).status == 200
    found = json.loads(answered(shelf, Request("GET", "/editions", {"host": "maps.example.org"}), names, site).body)
    assert found["links"][0]["href"] == "https://maps.example.org/war/editions"
    with pytest.raises(UsageError, match="wanted --url"):
        names_of("0.0.0.0", None)
    for bad in ("maps.example.org", "ftp://x", "https://a b", "https://x/?q", "https://user@x", "javascript:1"):
        with pytest.raises(UsageError, match="--url"):
            names_of("127.0.0.1", bad)
    assert names_of("192.168.1.4", None).knows("192.168.1.4:8730")


def test_an_edition_tells_whose_other_maps_it_holds_on_what_terms_and_hands_out_their_ground(site):
    name = "0003-2030-01-08"
    (mapper,) = told(get(site, f"/editions/{name}"))["mappers"]
    assert (mapper["licence"], mapper["credit"], mapper["only_km2"]) == (
        "CC BY 4.0",
        "Hill maps",
        {"south": [1.5, 20.0]},
    )
    assert told(get(site, f"/editions/{name}/mappers.json"))["mappers"][0]["shapes"]["digits"] == 4
    assert "mappers" not in told(get(site, "/editions/0001-2030-01-01"))
