"""Queue, line and why at the desk, clicked through in Chromium against a real ledger on an invented war."""

from __future__ import annotations

import json
import math
import shutil
from datetime import UTC, datetime

import pytest
from browser import rest
from contested import DAY
from desk_access import AUDIT
from desk_page import Mapper, sit_down

from isofront.desk import Desk, Opened
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import read_history

pytestmark = pytest.mark.browser
LATE = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def war(contested, tmp_path):
    return shutil.copytree(contested, tmp_path / "war")


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
    assert page.evaluate(AUDIT) == []
    mapper.press("KeyJ")
    assert page.get_attribute('.queue-item[aria-current="true"]', "data-id") != first
    mapper.press("KeyK")
    mapper.press("KeyA")
    with page.expect_response(lambda one: "/api/queue?" in one.url and one.status == 200):
        mapper.press("Enter")
    page.wait_for_selector(f'[data-id="{first}"]', state="detached")
    page.wait_for_function("() => document.querySelector('.queue-settle')?.textContent.includes('turn it')")
    assert page.evaluate("document.activeElement.matches('.queue-item[aria-current=true]')")
    mapper.press("KeyH")
    page.keyboard.type("two sources disagree")
    mapper.press("Enter")
    page.wait_for_selector("#queue-none")
    page.wait_for_selector('[data-section="stands"]')
    mapper.press("Shift+KeyA")
    page.keyboard.type("the day's map")
    mapper.press("Enter")
    page.wait_for_function("() => document.querySelector('#said').textContent.includes('is approved')")
    assert page.evaluate("document.querySelector('#queue').contains(document.activeElement)")
    accept, hold = decisions(war)
    assert (accept.verdict.value, accept.proposal, len(accept.evidence)) == ("accept", first, 6)
    assert (hold.verdict.value, hold.reason, f"{hold.until:%Y-%m-%d}") == ("hold", "two sources disagree", "2024-06-08")
    assert len(approvals(war)) == 1


@pytest.mark.slow
def test_a_proposal_is_drawn_otherwise_and_a_post_stays_text(sits, war):
    mapper = sits("queue")
    page = mapper.page
    page.wait_for_selector('.queue-item[aria-current="true"]')
    few = page.locator(".queue-source").count()
    page.click("[data-more]")
    page.wait_for_function("few => document.querySelectorAll('.queue-source').length > few", arg=few)
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
    page.click("#queue-record")
    page.wait_for_function("() => document.querySelector('#said').textContent.includes('recorded')")
    (edit,) = decisions(war)
    assert (edit.verdict.value, edit.becomes[0].side, edit.reason) == ("edit", None, "the hamlet only")


def screen_of(page, lonlat):
    """Where a place lies on the screen, from what two clicks of the panel "why" ask for: the map is Mercator's."""
    box = page.locator("#map canvas").bounding_box()
    clicks = [(box["x"] + f * box["width"], box["y"] + f * box["height"]) for f in (0.25, 0.75)]
    asked = []
    for x, y in clicks:
        with page.expect_request("**/api/why") as request:
            page.mouse.click(x, y)
        asked.append(mercator(json.loads(request.value.post_data)["at"]))
    (a, b), place = asked, mercator(lonlat)
    return [c0 + (p - a0) / (b0 - a0) * (c1 - c0) for c0, c1, a0, b0, p in zip(*clicks, a, b, place, strict=True)]


def mercator(lonlat):
    return lonlat[0], math.log(math.tan(math.pi / 4 + math.radians(lonlat[1]) / 2))


@pytest.mark.slow
def test_a_vertex_is_dragged_seen_recorded_and_stands_fixed(sits, war):
    mapper = sits("why")
    page = mapper.page
    x, y = screen_of(page, [20.21, 50.12])
    page.click("#tab-line")
    page.wait_for_function("() => document.querySelector('#line-base').textContent.includes('6 vertices')")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y + 5, steps=5)
    page.mouse.up()
    page.wait_for_selector("#line-form")
    assert "would change" in page.inner_text("#line-km2")
    assert page.evaluate(AUDIT) == []
    page.keyboard.type("seen from the ridge")
    mapper.press("Enter")
    page.wait_for_selector("#line-fixed")
    (edit,) = decisions(war)
    assert (edit.act, edit.verdict.value, edit.becomes[0].side) == ("move", "edit", "red")


@pytest.mark.slow
def test_the_line_is_moved_and_ground_held_by_the_keyboard_alone(sits, war):
    mapper = sits("line")
    page = mapper.page
    page.wait_for_function("() => document.querySelector('#line-base').textContent.includes('6 vertices')")
    mapper.press("BracketRight")
    mapper.press("BracketRight")
    mapper.press("Alt+KeyM")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
        rest(page)
    mapper.press("Enter")
    page.wait_for_selector("#line-form")
    page.keyboard.type("by keys")
    mapper.press("Enter")
    page.wait_for_selector("#line-fixed")
    mapper.press("KeyH")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        mapper.press("Space")
        page.keyboard.press(key)
        rest(page)
    mapper.press("Enter")
    page.wait_for_selector("#line-form")
    page.keyboard.type("until we know more")
    mapper.press("Enter")
    page.wait_for_function("() => document.querySelector('#said').textContent.includes('Hold here')")
    assert [one.act for one in decisions(war)] == ["move", "hold"]


@pytest.mark.slow
def test_a_spot_tells_its_parts_and_what_is_left_without_a_report(sits):
    mapper = sits("why")
    page = mapper.page
    page.mouse.click(*screen_of(page, [20.16, 50.06]))
    page.wait_for_selector("#why-parts")
    assert page.locator(".why-part").count() == 12
    page.focus(".why-part [data-without]")
    mapper.press("Enter")
    page.wait_for_selector("#why-left")
    assert page.evaluate("document.activeElement.hasAttribute('data-without')"), "what was pressed keeps the focus"
    assert "A fit without" in page.inner_text("#why-left")
    page.check(".why-part input >> nth=0")
    page.check(".why-part input >> nth=1")
    page.click("#why-without")
    page.wait_for_function("() => /without \\w+, \\w+:/.test(document.querySelector('#why-left').textContent)")
    page.fill("#why-earlier", "2024-05-14")
    page.click("#why-compare")
    page.wait_for_selector("#why-differ")
    assert page.evaluate("document.activeElement.id") == "why-compare"
    assert page.input_value("#why-earlier") == "2024-05-14"
    assert "reports came" in page.inner_text("#why-differ")
    assert page.evaluate(AUDIT) == []
    page.click("#language")
    page.click("#theme")
    rest(page)
    assert page.evaluate(AUDIT) == []
