"""Queue, line and why at the desk, clicked through in Chromium against a real ledger on an invented war."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from browser import chromium_path, launch
from contested import DAY, make_contested
from desk_page import Mapper, sit_down
from playwright.sync_api import Browser, sync_playwright

from isofront.desk import Desk, Opened
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import read_history

pytestmark = pytest.mark.browser
LATE = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("NO CHROMIUM: install chromium or google-chrome")
    with sync_playwright() as playwright:
        started = launch(playwright, path)
        yield started
        started.close()


@pytest.fixture(scope="module")
def contested_page(tmp_path_factory):
    return make_contested(tmp_path_factory.mktemp("page"))


@pytest.fixture
def war(contested_page, tmp_path):
    return shutil.copytree(contested_page, tmp_path / "war")


@pytest.fixture
def sits(browser, war):
    """Sit down at a panel of the desk."""
    opened: list[Opened] = []
    mappers: list[Mapper] = []

    def at(panel: str) -> Mapper:
        one = Opened(Desk(war, editor="nadia", now=lambda: LATE))
        one.__enter__()
        opened.append(one)
        mappers.append(sit_down(browser, one, hash_=f"#panel={panel}&day={DAY}&lang=en"))
        return mappers[-1]

    yield at
    for mapper in mappers:
        assert mapper.requests == []
        assert mapper.complaints == []
        mapper.context.close()
    for one in opened:
        one.__exit__(None, None, None)


def decisions(war):
    with Ledger.open(ledger_path(war)) as ledger:
        return [one for _, one in read_history(ledger).decisions]


def approvals(war):
    with Ledger.open(ledger_path(war)) as ledger:
        return read_history(ledger).approvals


def test_the_queue_is_worked_through_and_the_map_approved_with_the_keyboard_alone(sits, war):
    mapper = sits("queue")
    page = mapper.page
    page.wait_for_selector('.queue-item[aria-current="true"]')
    page.wait_for_selector("#queue-looks")
    page.wait_for_function("() => document.querySelector('.queue-settle')?.textContent.includes('turn it')")
    first = page.get_attribute('.queue-item[aria-current="true"]', "data-id")
    mapper.press("KeyJ")
    assert page.get_attribute('.queue-item[aria-current="true"]', "data-id") != first
    mapper.press("KeyK")
    mapper.press("KeyA")
    mapper.press("Enter")
    page.wait_for_selector(f'[data-id="{first}"]', state="detached")
    mapper.press("KeyH")
    page.keyboard.type("two sources disagree")
    mapper.press("Enter")
    page.wait_for_selector("#queue-none")
    page.wait_for_selector('[data-section="stands"]')
    mapper.press("Shift+KeyA")
    page.keyboard.type("the day's map")
    mapper.press("Enter")
    page.wait_for_function("() => document.querySelector('#said').textContent.includes('is approved')")
    accept, hold = decisions(war)
    assert (accept.verdict.value, accept.proposal, len(accept.evidence)) == ("accept", first, 6)
    assert (hold.verdict.value, hold.reason, f"{hold.until:%Y-%m-%d}") == ("hold", "two sources disagree", "2024-06-08")
    assert len(approvals(war)) == 1


def test_a_proposal_is_drawn_otherwise_and_a_post_stays_text(sits, war):
    mapper = sits("queue")
    page = mapper.page
    page.wait_for_selector('.queue-item[aria-current="true"]')
    assert "<b>two</b>" in page.inner_text(".queue-sources")
    assert page.locator(".queue-sources a").count() == 0
    page.click('[data-verdict="edit"]')
    box = page.locator("#map canvas").bounding_box()
    for x, y in ((0.3, 0.4), (0.6, 0.4), (0.6, 0.7)):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.wait_for_function("() => document.querySelector('#queue-drawing').textContent.startsWith('3 corners')")
    mapper.press("Enter")
    page.fill("#queue-reason", "the hamlet only")
    page.select_option("#queue-holder", "grey")
    mapper.press("Enter")
    page.click("#queue-record") if page.locator("#queue-record").count() else None
    page.wait_for_function("() => document.querySelector('#said').textContent.includes('recorded')")
    (edit,) = decisions(war)
    assert (edit.verdict.value, edit.becomes[0].side, edit.reason) == ("edit", None, "the hamlet only")
