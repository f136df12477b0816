"""Nothing is fetched unless the user names an address and says so; what is fetched stays within limits."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import makers_files as good
import pytest

from isofront.cli import main
from isofront.errors import BadInputError, UsageError
from isofront.network import _whole, fetched


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/deepstatemap_data_20251104.geojson":
            self._say(200, json.dumps(good.daily()).encode())
        elif self.path == "/near":
            self._lead("/deepstatemap_data_20251104.geojson")
        elif self.path == "/far":
            self._lead("http://localhost:1/x")
        elif self.path == "/file":
            self._lead("file:///etc/passwd")
        elif self.path == "/round":
            self._lead("/round")
        elif self.path == "/large":
            self._say(200, b" " * 100_000)
        else:
            self._say(404, b"no")

    def _say(self, code: int, content: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _lead(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as serving:
        threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_address[1]}"
        serving.shutdown()


def test_an_address_is_read_only_if_fetching_was_asked_for(server, tmp_path, capsys):
    words = ["read-map", f"{server}/deepstatemap_data_20251104.geojson", "--out", str(tmp_path / "o.geojson")]
    assert main(words) == 2
    assert "nothing is fetched without --fetch" in capsys.readouterr().err
    assert main([*words, "--fetch"]) == 0
    assert "taken for deepstate-daily" in capsys.readouterr().err


def test_a_redirect_on_the_same_host_is_followed(server):
    assert json.loads(fetched(f"{server}/near")[1]) == good.daily()


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/far", "leads on to http://localhost"), ("/file", "file"), ("/round", "redirect"), ("/absent", "404")],
)
def test_what_leads_elsewhere_or_nowhere_is_refused(server, path, reason):
    with pytest.raises(BadInputError, match=reason):
        fetched(server + path)


def test_size_and_time_have_an_end(server):
    with pytest.raises(BadInputError, match="more than 1,000 bytes"):
        fetched(f"{server}/large", max_bytes=1_000)
    with pytest.raises(BadInputError, match="not whole in time"):
        _whole(_Endless(), server, max_bytes=10**9, end=0.0)


class _Endless:
    def read1(self, n: int) -> bytes:
        return b" " * n


@pytest.mark.parametrize("address", ["ftp://x/y", "file:///etc/passwd", "http://u:p@x/y", "http://"])
def test_only_plain_web_addresses_are_fetched(address):
    with pytest.raises(UsageError, match="wanted a plain http or https address"):
        fetched(address)


@pytest.mark.parametrize("address", ["http://[", "http://[::1", "https://", "ftp://x.example/a"])
def test_an_address_that_is_none_is_wrong_use(address):
    with pytest.raises(UsageError, match="wanted a plain http or https address"):
        fetched(address)
