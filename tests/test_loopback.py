"""Slow clients of the small HTTP server: they hold up nobody, pile up nothing, and are hung up on."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from isofront import loopback
from isofront.loopback import Handler, Loopback, Running

MOST = 8


class _Echo(Handler):
    def do_GET(self) -> None:  # noqa: N802
        self.send(200, {}, b"here")

    def do_POST(self) -> None:  # noqa: N802
        self.send(200, {}, self.body(int(self.headers["content-length"])))


class _Few(Loopback):
    most_lines = MOST


@pytest.fixture
def port(monkeypatch) -> Iterator[int]:
    monkeypatch.setattr(loopback, "IDLE_S", 0.6)
    monkeypatch.setattr(loopback, "REQUEST_S", 0.3)
    server = _Few(("127.0.0.1", 0), _Echo)
    with Running(server):
        yield server.server_port


def asked(port: int, body: bytes = b"") -> bytes:
    line = HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(line):
        line.request("POST" if body else "GET", "/", body or None)
        return line.getresponse().read()


def ended(line: socket.socket) -> bool:
    """Whether the server hangs up, however the client drips a byte now and then."""
    line.settimeout(0.05)
    for _ in range(200):
        try:
            line.send(b"x")
            if not line.recv(1000):
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_a_request_that_comes_byte_by_byte_is_hung_up_on_however_it_drips(port):
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.send(b"GET / HT")
        assert ended(line)


def test_a_body_that_does_not_end_is_hung_up_on(port):
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n")
        assert ended(line)


def test_a_line_on_which_nothing_is_asked_any_more_is_closed(port):
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(20)
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        said = b"".join(iter(lambda: line.recv(1000), b""))
        assert said.endswith(b"here")


def test_many_slow_clients_shut_nobody_out_and_pile_up_no_threads(port, monkeypatch):
    monkeypatch.setattr(loopback, "IDLE_S", 600.0)
    monkeypatch.setattr(loopback, "REQUEST_S", 600.0)
    before = threading.active_count()
    with contextlib.ExitStack() as open_lines:
        for _ in range(10 * MOST):
            line = open_lines.enter_context(socket.create_connection(("127.0.0.1", port)))
            line.send(b"GET / HT")
        assert asked(port) == b"here"
        assert asked(port, b"a longer word" * 9000) == b"a longer word" * 9000
        for _ in range(400):
            if threading.active_count() - before <= MOST + 1:
                break
            time.sleep(0.05)
        assert threading.active_count() - before <= MOST + 1


def test_who_waits_for_an_answer_is_not_hung_up_on_for_others():
    answered, go = threading.Event(), threading.Event()

    class Slow(_Echo):
        def do_GET(self) -> None:  # noqa: N802
            answered.set()
            go.wait(20)
            self.send(200, {}, b"at last")

    server = _Few(("127.0.0.1", 0), Slow)
    with Running(server), contextlib.ExitStack() as open_lines:
        line = open_lines.enter_context(socket.create_connection(("127.0.0.1", server.server_port)))
        line.settimeout(20)
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answered.wait(20)
        for _ in range(3 * MOST):
            open_lines.enter_context(socket.create_connection(("127.0.0.1", server.server_port)))
        go.set()
        said = b"".join(iter(lambda: line.recv(1000), b""))
        assert said.endswith(b"at last")
