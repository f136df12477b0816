"""A published site on a port: files over the line, and clients that ask too much, too slowly or too long."""

from __future__ import annotations

import json
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from isofront import loopback
from isofront.errors import UsageError
from isofront.server import Doorway, Served, Site, port
from isofront.server.rate import Buckets, client, is_this_machine

TIF = "/editions/0001-2030-01-01/control.tif"


def connection(url: str) -> HTTPConnection:
    host, at = url.removeprefix("http://").split(":")
    return HTTPConnection(host, int(at), timeout=10)


def test_one_line_carries_files_parts_and_answers_one_after_the_other(public_url, folder):
    whole = (folder / TIF[1:]).read_bytes()
    line = connection(public_url)
    for headers, status, body in (
        ({}, 200, whole),
        ({"Range": "bytes=4-9"}, 206, whole[4:10]),
        ({"Range": "bytes=999999-"}, 416, None),
        ({}, 200, whole),
    ):
        line.request("GET", TIF, headers=headers)
        answer = line.getresponse()
        found = answer.read()
        assert answer.status == status
        assert body is None or found == body
    line.request("HEAD", TIF)
    answer = line.getresponse()
    assert (answer.read(), answer.headers["Content-Length"]) == (b"", str(len(whole)))
    line.request("OPTIONS", "/editions")
    answer = line.getresponse()
    assert (answer.status, answer.read()) == (204, b"")
    line.request("GET", "/healthz")
    assert json.loads(line.getresponse().read())["status"] == "ok"
    line.close()


def test_a_file_longer_than_a_chunk_arrives_whole(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(port, "CHUNK", 100)
    with Served(Site(folder)) as served, urlopen(f"{served.url}{TIF}") as answer:
        assert answer.read() == (folder / TIF[1:]).read_bytes()


def test_a_client_that_asks_too_often_is_told_how_long_to_wait(folder, monkeypatch):
    monkeypatch.setattr(port, "is_this_machine", lambda address: False)  # as if it came from elsewhere
    with Served(Site(folder), Doorway(rate=0.1)) as served:
        with urlopen(f"{served.url}/healthz") as answer:
            assert answer.status == 200
        with pytest.raises(HTTPError) as caught:
            urlopen(f"{served.url}/healthz")
        with caught.value as fault:
            assert fault.code == 429
            assert 1 <= int(fault.headers["Retry-After"]) <= 10
            assert json.load(fault)["title"] == "Too many requests"


def test_behind_a_proxy_each_of_its_clients_has_a_bucket(folder):
    def status(url: str, forwarded: str) -> int:
        try:
            with urlopen(Request(f"{url}/healthz", headers={"X-Forwarded-For": forwarded})) as answer:
                return int(answer.status)
        except HTTPError as fault:
            with fault:
                return fault.code

    with Served(Site(folder), Doorway(rate=0.1, behind_proxy=True)) as served:
        asked = ("192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.9, 192.0.2.2", "192.0.2.2, 192.0.2.9", "127.0.0.1")
        assert [status(served.url, one) for one in asked] == [200, 200, 429, 429, 200, 200]
    with Served(Site(folder), Doorway(rate=0.1)) as served:  # no proxy: the header is anybody's to write
        assert [status(served.url, "192.0.2.1") for _ in range(3)] == [200, 200, 200]


def test_what_is_private_is_never_put_behind_another_address(shelf):
    for door in (Doorway("0.0.0.0"), Doorway("::"), Doorway("192.0.2.1")):
        with pytest.raises(UsageError, match="stay on this machine"):
            Served(shelf, door)
    with Served(shelf, Doorway(url="https://maps.example.org")) as served, pytest.raises(HTTPError) as caught:
        urlopen(Request(f"{served.url.replace('https', 'http')}/", headers={"Host": "maps.example.org"}))
    with caught.value as fault:
        assert fault.code == 421


def test_a_head_longer_than_it_may_be_is_refused(public_url):
    for extra, status in ((b"X: " + b"a" * 40_000, b"431"), (b"X: a\r\n" * 6_000, b"431")):
        assert said(public_url, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + extra + b"\r\n\r\n").split()[1] == status


def said(url: str, raw: bytes) -> bytes:
    host, at = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(at)), timeout=10) as line:
        line.sendall(raw)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_clients_that_dribble_shut_nobody_out(folder, monkeypatch):
    monkeypatch.setattr(port._Server, "most_lines", 8)
    monkeypatch.setattr(loopback, "REQUEST_S", 0.5)
    with Served(Site(folder)) as served:
        host, at = served.url.removeprefix("http://").split(":")
        slow = [socket.create_connection((host, int(at)), timeout=5) for _ in range(12)]
        for line in slow:
            line.sendall(b"GET / HTTP/1.1\r\nX-")
        with urlopen(f"{served.url}/healthz", timeout=5) as answer:
            assert answer.status == 200
        assert all(hung_up(line) for line in slow)


def hung_up(line: socket.socket) -> bool:
    with line:
        try:
            return line.recv(100) == b""
        except ConnectionError:
            return True


def test_more_lines_than_there_is_room_for_are_told_to_come_again(folder, monkeypatch):
    monkeypatch.setattr(port, "MOST_LINES", 0)
    with Served(Site(folder)) as served:
        answer = said(served.url, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After" in answer


@pytest.mark.skipif(sys.platform != "linux", reason="a second address of this machine")
def test_lines_that_are_refused_and_say_nothing_hold_up_nobody(folder, monkeypatch):
    monkeypatch.setattr(port, "MOST_LINES_EACH", 0)
    monkeypatch.setattr(port, "is_this_machine", lambda address: address == "127.0.0.1")
    with Served(Site(folder)) as served, ExitStack() as lines:
        host, at = served.url.removeprefix("http://").split(":")
        began = time.monotonic()
        refused = [
            lines.enter_context(socket.create_connection((host, int(at)), 20, source_address=("127.0.0.2", 0)))
            for _ in range(120)
        ]
        with urlopen(f"{served.url}/healthz") as answer:
            assert answer.status == 200
        assert time.monotonic() - began < 3, "each of them cost everybody 50 ms"
        assert refused[-1].recv(100).startswith(b"HTTP/1.1 503 ")


def test_a_place_is_free_again_when_a_line_ends(folder):
    with Served(Site(folder)) as served:
        for _ in range(5):
            with urlopen(f"{served.url}/healthz") as answer:
                answer.read()
        deadline = time.monotonic() + 20
        while served._server._count.total() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert served._server._count.total() == 0


def test_a_line_for_which_no_thread_can_be_started_keeps_no_place(folder, monkeypatch):
    def no_thread(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(loopback.Loopback, "process_request", no_thread)
    with Served(Site(folder)) as served:
        assert said(served.url, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") == b""
        assert served._server._count.total() == 0


def test_many_clients_at_once_are_all_answered_alike(public_url, folder):
    whole = (folder / TIF[1:]).read_bytes()

    def one(_: int) -> bytes:
        with urlopen(f"{public_url}{TIF}", timeout=20) as answer:
            return bytes(answer.read())

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(one, range(48))) == {whole}


def test_a_fault_of_ours_is_told_without_its_words(folder: Path, monkeypatch, caplog):
    def broken(*_: object) -> None:
        raise ValueError("30.1234 48.5678")

    monkeypatch.setattr(port, "answered", broken)
    with Served(Site(folder)) as served, pytest.raises(HTTPError) as caught:
        urlopen(f"{served.url}/editions")
    with caught.value as fault:
        assert fault.code == 500
        assert b"30.1234" not in fault.read()
    assert "30.1234" not in caplog.text


# The bucket


def test_a_bucket_gives_so_many_at_once_and_then_so_many_a_second():
    buckets = Buckets(2.0, burst=4.0)
    assert [buckets.wait_s("192.0.2.1", 0.0) for _ in range(4)] == [0, 0, 0, 0]
    assert buckets.wait_s("192.0.2.1", 0.0) == pytest.approx(0.5)
    assert buckets.wait_s("192.0.2.2", 0.0) == 0
    assert buckets.wait_s("192.0.2.1", 0.6) == 0
    assert sum(buckets.wait_s("192.0.2.1", t / 100) == 0 for t in range(60, 1060)) == 20


def test_an_address_is_a_client_of_ipv6_the_first_half_is():
    assert client("2001:db8:1:2:3:4:5:6") == client("2001:db8:1:2::1") != client("2001:db8:1:3::1")
    assert client("::ffff:192.0.2.1") == client("192.0.2.1")
    assert client("fe80::1%eth0") == client("fe80::2")
    assert client("nobody") == client("elsewhere")


def test_buckets_of_many_addresses_do_not_pile_up():
    buckets = Buckets(1.0, most=100)
    for k in range(10_000):
        buckets.wait_s(f"192.0.{k // 256 % 256}.{k % 256}", float(k))
    assert len(buckets) == 100


def test_which_addresses_are_this_machine():
    assert all(is_this_machine(one) for one in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"))
    assert not any(is_this_machine(one) for one in ("192.0.2.1", "::", "2001:db8::1", "?", "::ffff:192.0.2.1"))
