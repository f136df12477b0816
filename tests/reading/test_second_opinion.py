"""A second opinion: nothing is sent without the flag, nothing is believed that the text does not say."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isofront.cli import main
from isofront.ground.places import Places
from isofront.reading import Reading, read_text
from isofront.reading.second import PIECE, answered, pieces, second_opinion

STORY = Path(__file__).with_name("story_en.txt")
DAY = date(2025, 11, 4)
LOAD = Places.load
SHORT = "About 200 soldiers are inside Pokrovsk, officials said."
SEEN = {
    "type": "quantity",
    "about": "Vehicles",
    "value": 30,
    "unit": "vehicles",
    "quote": "at least 30 armored vehicles",
}
NEW = {
    "type": "control", "about": "control", "place": "Pokrovsk", "value": "entered", "speaker": "Nobody Named",
    "quote": "The two Russian pincers, one from the center of Pokrovsk",
}  # fmt: skip
FALSE = [
    {"type": "quantity", "value": 3000, "quote": "at least 30 armored vehicles"},
    {"type": "quantity", "value": 5, "quote": "five tanks were burnt"},
    {"type": "control", "value": "destroyed", "quote": "The two Russian pincers"},
    {"type": "rumour", "value": 1, "quote": "The two Russian pincers"},
    {"type": "quantity", "value": 1, "quote": ""},
    {"quote": 3},
    "a string",
]


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Places, "load", world)


@cache
def world() -> Places:
    return LOAD()


@dataclass
class Model:
    """What was sent to it, and what it answers."""

    url: str
    sent: list[tuple[str, dict[str, Any], str | None]] = field(default_factory=list)
    answer: bytes = b""
    status: int = 200


def chat(*drafts: Any) -> bytes:
    words = f"Here you are: {json.dumps({'drafts': drafts})} Anything else?"
    return json.dumps({"choices": [{"message": {"content": words}}]}).encode()


@pytest.fixture
def model() -> Iterator[Model]:
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.sent.append((self.path, json.loads(body), self.headers["Authorization"]))
            self.send_response(found.status)
            self.send_header("Location", "http://example.org/")
            self.send_header("Content-Length", str(len(found.answer)))
            self.end_headers()
            self.wfile.write(found.answer)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as serving:
        threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True).start()
        found = Model(f"http://127.0.0.1:{serving.server_address[1]}/v1", answer=chat(SEEN, NEW, *FALSE))
        yield found
        serving.shutdown()


def asked(model: Model, *more: str) -> list[str]:
    words = ["read", str(STORY), "--published", "2025-11-04", "--json"]
    return [*words, "--second-opinion", model.url, "--model", "small", *more]


def test_without_the_flag_nothing_is_sent(model, capsys):
    assert main(["read", str(STORY), "--published", "2025-11-04", "--json"]) == 0
    assert {one["seen_by"] for one in json.loads(capsys.readouterr().out)} == {"rules"}
    assert not model.sent


def test_both_readings_stand_side_by_side_and_what_the_text_does_not_say_is_dropped(model, capsys, monkeypatch):
    monkeypatch.setenv("READ_KEY", "secret-key")
    assert main(asked(model, "--key-env", "READ_KEY")) == 0
    told = capsys.readouterr()
    drafts = json.loads(told.out)
    vehicles = next(one for one in drafts if one["about"] == "vehicles")
    assert (vehicles["seen_by"], vehicles["speaker"]) == ("both", "Ihor")
    (new,) = [one for one in drafts if one["seen_by"] == "second"]
    assert (new["value"], new["speaker"], round(new["lon"])) == ("entered", None, 37)
    text = STORY.read_text(encoding="utf-8")
    assert all(text[one["start"] : one["end"]] == one["quote"] for one in drafts)
    assert told.err.count("not believed") == len(FALSE)
    assert f"letters of the text to {model.url} (1 of 1)" in told.err
    assert "secret-key" not in told.err + told.out
    ((path, body, key),) = model.sent
    assert (path, body["model"], key) == ("/v1/chat/completions", "small", "Bearer secret-key")


@pytest.mark.parametrize(
    ("status", "answer", "code"), [(200, b"{}", 3), (200, chat()[:-9], 3), (500, b"no", 3), (302, b"", 3)]
)
def test_an_answer_that_is_none_is_an_error_in_one_line(model, tmp_path, capsys, status, answer, code):
    model.status, model.answer = status, answer
    (tmp_path / "short.txt").write_text(SHORT, encoding="utf-8")
    assert main(["read", str(tmp_path / "short.txt"), *asked(model)[2:]]) == code
    assert model.url in capsys.readouterr().err


def test_a_key_is_not_sent_over_the_network_in_the_clear(capsys, monkeypatch):
    monkeypatch.setenv("READ_KEY", "secret-key")
    words = ["read", str(STORY), "--second-opinion", "http://model.example/v1", "--model", "m", "--key-env", "READ_KEY"]
    assert main(words) == 2
    assert "https alone" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--model", "m"], ["--second-opinion", "ftp://x/", "--model", "m"]])
def test_what_makes_no_sense_is_refused(words, capsys):
    assert main(["read", str(STORY), *words]) == 2


def test_names_that_must_stay_unknown_are_not_sent(model, tmp_path, monkeypatch):
    (tmp_path / "pseudonyms.toml").write_text('[names]\n"Ivan Petrenko" = "Soldier K"\n', encoding="utf-8")
    monkeypatch.setattr("isofront.cli.read._box", lambda theatre: None)
    article = tmp_path / "article.txt"
    article.write_text("Ivan Petrenko said that 20 soldiers were inside Pokrovsk.", encoding="utf-8")
    words = ["read", str(article), "--theatre", str(tmp_path), "--second-opinion", model.url, "--model", "m"]
    assert main(words) == 0
    assert "Petrenko" not in json.dumps(model.sent)


@given(st.text(alphabet="ab .\n", max_size=3 * PIECE))
def test_pieces_are_the_text_and_none_is_too_long(text):
    found = pieces(text)
    assert all(len(one) <= PIECE for one in found)
    assert "".join(found).replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda some: st.lists(some, max_size=4) | st.dictionaries(st.sampled_from(["type", "quote", "value", "x"]), some),
    max_leaves=12,
)


@cache
def read_once() -> Reading:
    return read_text(SHORT, places=world(), published=DAY)


@given(st.lists(JSON, max_size=5), st.binary(max_size=40))
def test_no_answer_breaks_it(told, content):
    reading = read_once()
    found = second_opinion(reading, SHORT, told)
    assert len(found.drafts) >= len(reading.drafts)
    with pytest.raises(ValueError, match="drafts"):
        answered(content)
