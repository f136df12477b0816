"""Rows that came in a bundle and lie unsaved: listed at the desk, finished or discarded, none lost in silence."""

from __future__ import annotations

import json

import pytest
from desk_access import AUDIT
from desk_page import rows_of, sit_down
from desk_war import NOW

from isofront.cli.bundle import UNSAVED
from isofront.desk import Desk, Opened
from isofront.desk.unsaved import UNSAVED_FILE

URL = "https://t.me/alder_watch_tv/900"
FIRST = {
    "draft": "u-1", "kind": "position", "seen": "east", "lon": "10.21", "lat": "50.11", "precision": "exact",
    "source": "alder_watch", "happened_at": "2021-05-18", "url": URL, "pasted": f"{URL} 50.11, 10.21",
}  # fmt: skip
SECOND = {"draft": "u-2", "kind": "strike", "note": "<img src=x onerror=alert(1)>", "happened_at": "2021-05-17"}


@pytest.fixture
def handed(war):
    """A theatre with two rows of a colleague, and a line that is none."""
    lines = [json.dumps(FIRST), "{torn", json.dumps(SECOND)]
    (war / "desk").mkdir()
    (war / "desk" / UNSAVED_FILE).write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
    return war


def left(war):
    return (war / "desk" / UNSAVED_FILE).read_text(encoding="utf-8").splitlines()


def test_the_desk_looks_where_bundles_put_unsaved_rows():
    assert UNSAVED_FILE == UNSAVED


def test_rows_are_told_as_drafts_with_their_cells_set_and_torn_lines_are_counted(handed, desk_at):
    told = desk_at(handed).get("/api/entry/unsaved")
    assert [one["id"] for one in told["rows"]] == ["u-1", "u-2"]
    assert told["unread"] == 1
    draft = told["rows"][0]["draft"]
    assert (draft["day"], draft["cells"]["lon"], draft["cells"]["url"]) == ("2021-05-18", "10.21", URL)
    assert {"kind", "spot", "day"} <= set(draft["touched"])
    assert "happened_at" not in draft["cells"]


def test_a_discarded_row_goes_alone_and_what_cannot_be_read_stays(handed, desk_at):
    desk = desk_at(handed)
    before = desk.get("/api/head")
    desk.post("/api/entry/unsaved/u-2/discard")
    assert left(handed) == [json.dumps(FIRST), "{torn"]
    assert desk.ask("POST", "/api/entry/unsaved/u-2/discard", {})[0] == 404
    assert desk.get("/api/head") == before


def test_a_theatre_without_such_rows_has_none(war, desk_at):
    assert desk_at(war).get("/api/entry/unsaved") == {"rows": [], "unread": 0}


@pytest.mark.browser
@pytest.mark.slow
def test_a_colleagues_row_is_finished_in_the_form_and_another_discarded(browser, handed):
    with Opened(Desk(handed, editor="nadia", now=lambda: NOW)) as opened:
        mapper = sit_down(browser, opened, hash_="#panel=entry&lang=en")
        page = mapper.page
        page.wait_for_selector("[data-unsaved]")
        assert "onerror" in page.inner_text('[data-unsaved="u-2"]')
        assert page.locator("#entry-unsaved img").count() == 0
        assert page.evaluate(AUDIT) == []
        page.click('[data-unsaved="u-1"] [data-act="unsaved_finish"]')
        page.wait_for_selector("#entry-sentence .first")
        page.click('[data-unsaved="u-2"] [data-act="unsaved_finish"]')
        assert "Save or clear" in mapper.text("#said")
        page.focus("#entry")
        mapper.press("Enter")
        page.wait_for_selector('[data-unsaved="u-1"]', state="detached")
        page.click('[data-unsaved="u-2"] [data-act="unsaved_discard"]')
        page.wait_for_selector('[data-unsaved="u-2"]', state="detached")
        assert left(handed) == ["{torn"]
        saved = rows_of(handed)[URL]
        assert (saved.seen, saved.lon, f"{saved.happened.start:%Y-%m-%d}") == ("east", 10.21, "2021-05-18")
        assert mapper.complaints == []
        mapper.context.close()
