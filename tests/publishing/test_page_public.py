"""What the page over all editions keeps of each."""

from __future__ import annotations

import json

from isofront.publish.page_public import stepped
from isofront.publish.site import FULL, joined


def test_the_page_over_all_editions_holds_reasons_of_the_newest_only_and_says_where_the_others_are() -> None:
    days = [f"2030-01-{day:02d}T00:00:00Z" for day in range(1, FULL + 4)]
    block = {"cells": [[0, 0]], "reports": [[1]], "why": [[0]], "elsewhere": False, "id": "x"}
    parts = [{"sides": [], "settlements": [], "stamp": [], "dates": [{"as_of": day, "public": block}]} for day in days]
    shown = [date["public"] for date in joined(parts)["dates"]]
    assert [one["elsewhere"] for one in shown] == [True] * 3 + [False] * FULL
    assert all(one["why"] == one["reports"] == one["cells"] == [] for one in shown[:3])
    assert all(one == block for one in shown[3:])


def test_the_page_tells_probabilities_of_settlements_in_twentieths(telling_files: dict[str, bytes]) -> None:
    [date] = json.loads(telling_files["page.json"])["dates"]
    told = [one["p"] for one in date["status"]]
    assert told == [stepped(p) for p in told]
    assert len(told) == 2
    assert stepped(None) is None
    edition = date["public"]
    assert all(0 <= row[1] < len(edition["cells"]) for row in edition["why"] + edition["reports"])
    assert [row[7] for row in edition["reports"] if row[7]] != []
