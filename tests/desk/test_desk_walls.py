"""The desk answers its own page on this machine, and nobody else."""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from isofront.cli.desk import _way_in
from isofront.desk.access import Door, refusal
from isofront.desk.answers import policy
from isofront.desk.table import ROUTES
from isofront.errors import UsageError


@pytest.fixture
def caller(war, desk_at):
    return desk_at(war)


def test_the_page_and_its_files_are_sent_under_a_policy_that_allows_nothing_foreign(caller):
    for path in ("/", "/desk.js", "/desk.css"):
        status, headers, body = caller.ask("GET", path)
        assert (status, len(body) > 200) == (200, True)
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in headers["content-security-policy"]
        assert "http" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"


def test_the_printed_address_leaves_a_strict_cookie_and_goes_on_without_the_token(caller):
    status, headers, _ = caller.ask("GET", caller.opened.url.removeprefix(caller.opened.address), cookie=None)
    assert (status, headers["location"]) == (303, "/")
    assert "HttpOnly; SameSite=Strict" in headers["set-cookie"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "localhost", "127.0.0.1.evil.example", ""])
@pytest.mark.parametrize("target", ["/", "/api/desk"])
def test_a_name_that_points_here_is_refused(caller, host, target):
    assert caller.ask("GET", target, host=host)[0] == 421


def test_the_token_opens_nothing_under_another_name(caller):
    target = caller.opened.url.removeprefix(caller.opened.address)
    status, headers, _ = caller.ask("GET", target, host="evil.example")
    assert status == 421
    assert "set-cookie" not in headers


@pytest.mark.parametrize("token", ["", "wrong", "ю" * 5, "x" * 4000])
def test_without_this_runs_token_nothing_is_told(caller, token):
    cookie = f"{caller.opened.door.cookie}={token}"
    for target in ("/", "/desk.js", "/api/desk", "/api/reports"):
        status, _, told = caller.ask("GET", target, cookie=cookie.encode("utf-8").decode("latin-1"))
        assert status == 401
        assert "token" in told["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"x_isofront_desk": None},
    ],
)
def test_what_another_sites_page_sends_is_refused(caller, headers):
    assert caller.ask("PUT", "/api/editor", {"name": "Mallory"}, **headers)[0] == 403
    assert caller.get("/api/desk")["editor"] == ""


def test_another_site_may_not_even_open_the_page(caller):
    assert caller.ask("GET", "/", sec_fetch_site="cross-site")[0] == 403
    assert caller.ask("GET", "/", sec_fetch_site="none")[0] == 200


def test_every_route_stands_behind_the_same_walls():
    door = Door(8000, "secret")
    for route in ROUTES:
        assert refusal(door, route.path, {"host": "127.0.0.1:8000"}) is not None


def test_a_form_or_a_picture_cannot_reach_a_route(caller):
    assert caller.ask("POST", "/api/editor", b"name=x", content_type="text/plain")[0] == 415
    assert caller.ask("GET", "/api/editor")[0] == 405
    assert caller.ask("GET", "/api/nothing")[0] == 404
    assert caller.ask("GET", "/../../etc/passwd")[0] == 404
    assert caller.ask("DELETE", "/")[0] == 405


def test_a_body_that_is_too_long_or_of_no_length_is_refused(caller):
    assert caller.ask("PUT", "/api/editor", b"", content_length="99999999999")[0] == 413
    assert caller.ask("PUT", "/api/editor", b"", content_length="-1")[0] == 411
    assert caller.ask("PUT", "/api/editor", b"", transfer_encoding="chunked")[0] == 411


def test_a_stranger_s_body_is_not_even_read(caller):
    status, headers, _ = caller.ask("PUT", "/api/editor", b"x", cookie=None, content_length="50000000")
    assert (status, headers["connection"]) == (401, "close")


@pytest.mark.parametrize(
    "target", ["//[", "/api/desk?" + "a=1&" * 60, "/api/%ff%00", "/api/" + "x" * 9000, "*", "/%2e%2e/"]
)
def test_an_address_that_cannot_be_read_is_answered_plainly(caller, target):
    assert caller.ask("GET", target)[0] in (400, 403, 404, 414)


def test_what_is_wrong_with_a_body_is_said(caller):
    assert "name" in caller.ask("PUT", "/api/editor", {"name": 5})[2]["detail"]
    assert caller.ask("PUT", "/api/editor", b"{")[0] == 400


def test_only_this_machine_is_listened_to(caller):
    address = socket.gethostbyname(socket.gethostname())
    if address.startswith("127."):
        pytest.skip("this machine has no other address")
    with pytest.raises(OSError, match=r"refused|timed out"):
        socket.create_connection((address, caller.opened.door.port), timeout=2).close()


def test_nothing_that_is_asked_is_logged(caller, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        caller.get("/api/ground?as_of=2021-05-04")
        caller.ask("GET", "/api/ground?as_of=50.12345,10.54321")
    assert "as_of" not in caplog.text + "".join(capfd.readouterr())


def test_a_background_is_allowed_by_its_origin_alone():
    assert "img-src 'self' data: blob: https://tiles.example;" in policy(("https://tiles.example",))
    with pytest.raises(UsageError, match="no origin"):
        policy(("https://tiles.example; script-src *",))


def test_the_draft_comes_once_it_is_ready_and_is_kept(caller):
    drawn = caller.get("/api/draft?as_of=2021-05-15")
    assert drawn["dates"][0]["state"] == "draft"
    assert caller.ask("GET", "/api/draft?as_of=2021-05-15")[0] == 200
    assert "before the anchor" in caller.ask("GET", "/api/draft?as_of=2020-01-01")[2]["detail"]
    assert caller.ask("GET", "/api/draft?as_of=soon")[0] == 400


def test_the_frame_knows_theatre_ledger_and_map(caller):
    about = caller.get("/api/desk")
    assert [side["id"] for side in about["sides"]] == ["east", "west"]
    assert about["count"] >= 24
    assert len(caller.get("/api/reports")["id"]) == 24
    ground = caller.get("/api/ground")
    classes = {one["properties"]["side"] for one in ground["dates"][0]["areas"]["features"]}
    assert {"east", "west"} <= classes


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_the_ends_of_the_calendar_are_no_days_of_work(caller, day):
    cells = {"lat": "50.1", "lon": "10.2", "kind": "strike", "source": "x"}
    for method, target, body in (
        ("GET", f"/api/draft?as_of={day}", None),
        ("GET", f"/api/ground?as_of=2021-05-04&known_by={day}", None),
        ("POST", "/api/entry/row", {"cells": cells, "day": day, "part": "night"}),
        ("POST", "/api/queue/answer", {"as_of": day, "head": "", "verdict": "accept", "id": "p", "reason": "r"}),
    ):
        assert caller.ask(method, target, body)[0] == 400


def test_a_body_that_is_no_utf_8_is_the_callers_fault(caller):
    status, _, told = caller.ask("POST", "/api/entry/read", b'{"text": "\xff"}')
    assert (status, told["detail"]) == (400, "the body is not UTF-8")


def test_the_browser_is_shown_in_by_a_private_file_and_never_by_a_key_on_its_command_line(caller, war):
    with _way_in(caller.opened.url, war) as address:
        file = Path(url2pathname(urlsplit(address).path))
        assert caller.opened.door.token not in address
        assert caller.opened.url in file.read_text(encoding="utf-8")
        assert os.name != "posix" or file.stat().st_mode & 0o077 == 0
    assert not file.exists()


def test_a_file_that_knows_the_key_is_let_in_and_a_site_that_does_not_is_not(caller):
    target = caller.opened.url.removeprefix(caller.opened.address)
    elsewhere = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "cookie": None}
    status, headers, _ = caller.ask("GET", target, **elsewhere)
    assert (status, headers["refresh"]) == (200, "0; url=/")
    assert "SameSite=Strict" in headers["set-cookie"]
    assert caller.ask("GET", "/?token=wrong", **elsewhere)[0] == 403
    assert caller.ask("GET", target, **elsewhere, host="evil.example")[0] == 421
    assert caller.ask("GET", "/", sec_fetch_site="cross-site", sec_fetch_mode="navigate")[0] == 403
