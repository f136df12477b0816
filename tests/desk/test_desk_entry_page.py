"""Entry at the desk, in Chromium against a real ledger: thirty clips at speed, and nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

import pytest
from desk_page import KEYS, READY_MS, SETTLED, Mapper, rows_of, sit_down
from desk_posts import posts
from desk_war import NOW, make_war
from playwright.sync_api import Page

from isofront.cli import main
from isofront.desk import Desk, Opened

pytestmark = pytest.mark.browser
MOST_ACTS = 8


@pytest.fixture(scope="module")
def war(tmp_path_factory) -> Path:
    return make_war(tmp_path_factory.mktemp("entry") / "war")


@pytest.fixture(scope="module")
def seated(browser, war) -> Iterator[Mapper]:
    with Opened(Desk(war, now=lambda: NOW)) as opened:
        one = sit_down(browser, opened, viewport={"width": 920, "height": 520})  # a small map is drawn sooner
        yield one
        one.context.close()


@pytest.fixture
def mapper(seated) -> Iterator[Mapper]:
    """The one mapper of these tests, before an empty row."""
    seated.page.keyboard.press("Escape")
    seated.page.keyboard.press("Delete")
    yield seated
    assert seated.requests == []
    assert seated.complaints == []


def verified(folder: Path) -> bool:
    return main(["ledger", "verify", "--theatre", str(folder)]) == 0


POST = "Удар FPV 18.05.2021 14:20 https://t.me/alder_watch_tv/999 50.10123, 10.19876 SIMULATED"


@pytest.mark.slow
def test_thirty_clips_take_at_most_eight_acts_each_and_land_in_the_ledger(mapper, war, capsys):
    began, counts = time.monotonic(), []
    for text, _, _, wanted in posts():
        counts.append(mapper.enter(text, wanted))
    seconds = time.monotonic() - began
    with capsys.disabled():
        mean, slowest = sum(counts) / len(counts), max(counts)
        print(f"\n30 clips: {mean:.1f} acts a clip (most {slowest}), {seconds:.0f} s without the mapper's thinking")
    assert max(counts) <= MOST_ACTS, counts
    told = rows_of(war)
    for _, link, (lon, lat), wanted in posts():
        report = told[link]
        assert (abs(report.lon - lon) < 3e-5, abs(report.lat - lat) < 3e-5) == (True, True)
        got = {
            "kind": report.kind.value, "seen": report.seen or "", "by": report.by or "",
            "means": report.means and report.means.value, "posture": report.posture and report.posture.value,
            "precision": report.precision, "location_of": report.location_of and report.location_of.value,
        }  # fmt: skip
        assert {column: got[column] for column in wanted} == wanted
        assert report.simulated
    assert told["https://t.me/alder_watch_tv/5000"].source == "alder_watch"
    assert verified(war)


def test_the_row_reads_itself_back_in_both_languages(mapper):
    mapper.paste(POST)
    for key in ("KeyQ", "KeyA", "KeyJ"):
        mapper.press(key)
    mapper.page.wait_for_function("() => document.querySelector('#entry-sentence')?.innerText.includes('exact')")
    said = mapper.text("#entry-sentence")
    assert "east seen here; hit by west with FPV; near Alder; exact; 18 May 14:20" in said
    assert "тут видно: east; удару завдали: west (FPV); поблизу: Вільха; точно; 18 травня 14:20" in said


def test_a_near_duplicate_is_shown_before_it_is_saved(mapper):
    mapper.enter(POST, {"kind": "strike", "seen": "east", "means": "fpv", "precision": "exact"})
    mapper.paste("https://t.me/alder_watch_tv/999 50.1013, 10.1988 18.05.2021")
    mapper.press("Digit2")
    mapper.page.wait_for_selector("#entry-like")
    assert "same link" in mapper.text("#entry-like")


def test_undo_is_a_retraction_in_the_ledger_and_the_row_can_be_entered_again(mapper, war):
    wanted = {"kind": "strike", "seen": "east", "means": "mine", "precision": "exact"}
    post = "https://t.me/alder_watch_tv/777 50.03, 10.05 17.05.2021"
    mapper.enter(post, wanted)
    mapper.press("Control+z")
    mapper.page.wait_for_selector("#entry-recent li.undone")
    assert "undone" in mapper.text("#entry-recent")
    assert "https://t.me/alder_watch_tv/777" not in rows_of(war)
    mapper.enter(post, wanted)
    assert "https://t.me/alder_watch_tv/777" in rows_of(war)
    assert verified(war)


def kept_on_disk(page: Page, file: Path, column: str, value: str) -> bool:
    """Whether a column is on disk without another key being pressed, at once or when the machine comes to it."""
    for _ in range(READY_MS // 50):
        if file.exists() and json.loads(file.read_bytes()).get("cells", {}).get(column) == value:
            return True
        page.wait_for_timeout(50)
    return False


def test_each_key_is_on_disk_before_another_is_pressed(mapper, war):
    file = war / "desk" / "entry.json"
    mapper.paste(POST)
    mapper.page.wait_for_selector("#entry-spot .mono")
    for column, value in (("kind", "strike"), ("means", "mine"), ("posture", "wreck"), ("precision", "street")):
        mapper.press(KEYS[column][value])
        assert kept_on_disk(mapper.page, file, column, value), f"{column} is lost by a crash"
    mapper.press("Minus")
    mapper.page.keyboard.type("behind the mill", delay=30)
    assert kept_on_disk(mapper.page, file, "note", "behind the mill")
    assert kept_on_disk(mapper.page, file, "kind", "strike")
    assert file.stat().st_mode & 0o077 == 0


@contextmanager
def killed_at_last(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A running command that gets no chance to tidy up, however the block ends."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            os.kill(process.pid, signal.SIGKILL)


@pytest.mark.slow
def test_a_killed_desk_opens_with_the_row_that_was_being_written(browser, tmp_path):
    war = make_war(tmp_path / "war")
    command = [sys.executable, "-m", "isofront", "desk", "--theatre", str(war), "--no-browser", "--json"]
    for round_ in range(2):
        with killed_at_last(command) as process:
            context = browser.new_context()
            page = context.new_page()
            page.goto(json.loads(process.stdout.readline())["url"])
            page.wait_for_selector("html[data-ready]", timeout=READY_MS)
            if round_ == 0:
                page.keyboard.press("/")
                page.keyboard.insert_text("https://t.me/alder_watch_tv/1 50.11, 10.2")
                page.wait_for_selector("#entry-spot .mono")
                page.keyboard.press("Escape")
                page.keyboard.press("2")
                assert kept_on_disk(page, war / "desk" / "entry.json", "kind", "strike")
            else:
                page.wait_for_function(SETTLED)
                assert page.input_value("#entry-box").startswith("https://t.me/alder_watch_tv/1")
                assert page.inner_text("[aria-checked=true][data-value=strike]").endswith("strike")
        context.close()


def test_hostile_posts_are_text(mapper, war):
    mapper.page.on("dialog", lambda one: pytest.fail(f"a post opened a dialog: {one.message}"))
    evil = (
        "<script>alert(1)</script><img src=x onerror=alert(2)> \u202e gpj.exe \u202c \x00 "
        'https://t.me/alder_watch_tv/13 javascript:alert(3) "><svg/onload=alert(4)> 50.09, 10.21'
    )
    mapper.paste(evil + " " + "x" * 60_000)
    mapper.page.wait_for_selector("#entry-spot .mono")
    mapper.press("Digit1")
    mapper.page.wait_for_function(SETTLED)
    mapper.press("Enter")
    mapper.page.wait_for_function("() => document.querySelector('#entry-box').value === ''")
    assert mapper.page.locator("#panel script, #panel img, #panel a").count() == 0
    mapper.paste("50.08, 10.22 " + " ".join(f"https://t.me/many/{i}" for i in range(1000)))
    mapper.page.wait_for_selector("#entry-spot .note")
    assert "1000" in mapper.text("#entry-spot") or "200" in mapper.text("#entry-spot")
    mapper.press("Digit1")
    mapper.page.wait_for_function(SETTLED)
    mapper.press("Enter")
    mapper.page.wait_for_function("() => document.querySelector('#entry-box').value === ''")
    assert len(rows_of(war)["https://t.me/many/0"].links) == 8


def test_hands_may_be_faster_than_the_disk(mapper, war):
    for i in range(3):
        mapper.paste(f"https://t.me/quick/{i} 50.0{i}1, 10.3{i} 16.05.2021")
        for key in ("Digit1", "KeyA", "Enter"):
            mapper.press(key)
    mapper.page.wait_for_function("() => document.querySelector('#entry-recent').innerText.split('16 May').length > 3")
    told = rows_of(war)
    quick = [told[f"https://t.me/quick/{i}"] for i in range(3)]
    assert [(round(one.lon, 2), one.seen, len(one.links)) for one in quick] == [
        (10.3, "east", 1), (10.31, "east", 1), (10.32, "east", 1),
    ]  # fmt: skip


def test_a_short_link_is_refused_with_its_reason(mapper):
    mapper.paste("https://maps.app.goo.gl/AbCd1234")
    mapper.page.wait_for_selector("#entry-spot .unread")
    assert "tell its maker who looks" in mapper.text("#entry-spot")


def test_a_click_on_the_map_gives_the_spot(mapper):
    mapper.click("#map canvas")
    mapper.page.wait_for_selector("#entry-spot .mono")
    lat, lon = map(float, mapper.text("#entry-spot .mono").split(","))
    assert (50 < lat < 50.2, 10 < lon < 10.4) == (True, True)


def test_pasted_rows_are_previewed_with_their_rejects_and_added_as_by_add(mapper, war):
    rows = ["Date\tWho\tWhere\tWhat\tLink"]
    rows += [f"{10 + i}.05.2021\teast\t50.1{i}, 10.2{i}\tposition\thttps://t.me/table/{i}" for i in range(1, 5)]
    rows += [
        "19.05.2021\tnorth\t50.1, 10.1\tposition\thttps://t.me/table/9",
        "\teast\tnowhere\tposition\thttps://t.me/table/10",
    ]
    mapper.paste("\n".join(rows))
    mapper.page.wait_for_selector("#entry-rejects")
    assert "4 of 6 rows" in mapper.text("#entry-bulk-count")
    assert "'north' is no side" in mapper.text("#entry-rejects")
    mapper.click("#entry-bulk-save")
    mapper.page.wait_for_function("() => document.querySelector('#said').innerText.includes('4 added')")
    told = rows_of(war)
    assert told["https://t.me/table/1"].happened.start.astimezone(UTC).day == 11
    assert "https://t.me/table/9" not in told
    assert "table/9" in (war / "rejects.ndjson").read_text(encoding="utf-8")
    assert verified(war)


def test_no_place_ever_stands_in_the_address_line(mapper):
    mapper.enter(POST, {"kind": "position", "seen": "east"})
    assert "50.1" not in mapper.page.url
    assert "token" not in mapper.page.url


def test_a_row_is_saved_as_it_was_typed_however_soon_enter_comes(mapper, war):
    mapper.press("/")
    mapper.page.keyboard.type("https://t.me/typed/1 16.05.2021 50.06, 10.20", delay=1)
    mapper.page.wait_for_selector("#entry-spot .mono")
    mapper.press("Escape")
    mapper.press("Digit1")
    mapper.press("/")
    mapper.press("Control+End")
    mapper.page.evaluate(
        """() => {
            const box = document.querySelector('#entry-box'), press = { code: 'Enter', key: 'Enter', ctrlKey: true };
            box.value += '789';
            box.dispatchEvent(new InputEvent('input', { bubbles: true }));
            box.dispatchEvent(new KeyboardEvent('keydown', { ...press, bubbles: true, cancelable: true }));
        }"""
    )
    mapper.page.wait_for_function("() => document.querySelector('#entry-box').value === ''")
    assert round(rows_of(war)["https://t.me/typed/1"].lon, 5) == 10.20789


def test_what_another_program_adds_comes_onto_the_map(mapper, war, tmp_path):
    file = tmp_path / "more.csv"
    file.write_text(
        "happened_at,lon,lat,error_m,kind,seen,source,note\n2021-05-16,10.11,50.11,50,position,east,x,SIMULATED\n",
        encoding="utf-8",
    )

    def has_it(answer):  # not the answer that the ledger is being read
        return "/api/reports" in answer.url and 10.11 in answer.json().get("lon", ())

    with mapper.page.expect_response(has_it):
        assert main(["add", str(file), "--theatre", str(war)]) == 0
        mapper.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
