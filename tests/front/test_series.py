"""Series: the nearest earlier map stands in and says so; gaps stay gaps; the picture is the same every time."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from shapely.geometry import box

from isofront.front import Disc, Ladder, Rung
from isofront.front.series import Measured, gap_days, lead_maps, measure, newest_before, series_of
from isofront.publish.series_plot import series_png, series_svg

START = datetime(2030, 1, 1, tzinfo=UTC)


def day(number: float | int) -> datetime:
    return START + timedelta(days=number)


def said(neck: float | int | None, rung: Rung = Rung.POCKET) -> Measured:
    neck = None if neck is None else float(neck)
    return Measured(rung, neck, neck, neck, neck, 0.0, 100.0, 90.0, 110.0, (0.1, 0.5, 0.9), (300.0, 200.0, 10.0), 1.0)


def necks(series) -> list[float | None]:
    return [None if point.measured is None else point.measured.neck_km for point in series.points]


def test_a_day_without_a_map_takes_the_nearest_earlier_one_and_says_how_old_it_is():
    days = [day(k) for k in range(6)]
    found = series_of("m", days, [day(1), day(2), day(4)], [said(9), said(8), said(7)])
    assert necks(found) == [None, 9, 8, 8, 7, 7]
    assert [point.own for point in found.points] == [False, True, True, False, True, False]
    assert [point.age_days for point in found.points] == [None, 0, 0, 1, 0, 1]


def test_where_the_band_reaches_other_rungs_all_of_them_are_said():
    wide = replace(said(6.6), low_km=4.4, high_km=None)
    assert wide.rungs(Ladder()) == (Rung.OPEN, Rung.POCKET, Rung.GAP_2_5)
    assert said(6.6).rungs(Ladder()) == (Rung.POCKET,)
    assert said(6.6, Rung.SEMI_ENCLOSED).rungs(Ladder(pocket_km=6)) == (Rung.SEMI_ENCLOSED,)
    assert replace(wide, rung=Rung.TAKEN).rungs(Ladder()) == (Rung.TAKEN,)


def test_a_map_that_is_too_old_stands_for_nothing():
    found = series_of("m", [day(0), day(5), day(9)], [day(0)], [said(9)], max_age_days=5.0)
    assert necks(found) == [9, 9, None]
    assert newest_before([day(0)], day(-1), 5.0) is None


def test_a_gap_in_the_maps_breaks_the_line_and_a_weekly_habit_does_not():
    daily = [day(k) for k in (0, 1, 2, 9, 10)]
    found = series_of("m", [day(k) for k in range(12)], daily, [said(9)] * 5)
    assert found.runs == ((0, 1, 2), (9, 10))
    weekly = [day(7 * k) for k in range(4)]
    assert gap_days(weekly) > 7
    assert len(series_of("m", [day(k) for k in range(28)], weekly, [said(9)] * 4).runs) == 1


def test_a_rung_is_stated_once_the_maps_of_three_days_agree():
    days = [day(k) for k in range(6)]
    rungs = [Rung.POCKET, Rung.GAP_2_5, Rung.POCKET, Rung.GAP_2_5, Rung.GAP_2_5, Rung.GAP_2_5]
    found = series_of("m", days, days, [said(6, rung) for rung in rungs])
    assert [point.stated for point in found.points][:5] == [Rung.POCKET] * 5
    assert found.points[1].measured.rung is Rung.GAP_2_5


def test_a_map_is_measured_as_front_corridor_does_and_grey_widens_the_band():
    west, east = box(-60, -11, -2, -10), box(2, -11, 60, -10)
    sides = box(-60, -60, -12, -11).union(box(12, -60, 60, -11))
    enemy, land = west.union(east).union(sides), box(-60, -60, 60, 80)
    found = measure(enemy, box(-2.5, -11, -1, -10), land, Disc(0.0, -30.0, 1.5))
    assert found.neck_km == pytest.approx(4, abs=0.01)
    assert (found.low_km, found.high_km) == pytest.approx((3, 4), abs=0.01)
    alone = measure(enemy, None, land, Disc(0.0, -30.0, 1.5))
    assert (alone.low_km, alone.high_km) == pytest.approx((4, 4), abs=0.01)
    assert len(found.enclosure) == len(found.free_arc_deg) == 3


def test_the_picture_is_the_same_every_time_and_names_every_mapper():
    days = [day(k) for k in range(9)]
    first = series_of("One", days, [day(k) for k in (0, 1, 2, 8)], [said(9), said(None, Rung.OPEN), said(7), said(1)])
    second = series_of("Two", days, days, [said(4)] * 8 + [said(None, Rung.TAKEN)])
    svg = series_svg([first, second], title="Town", stamp="PRIVATE SIMULATED")
    assert svg == series_svg([first, second], title="Town", stamp="PRIVATE SIMULATED")
    text = " ".join(ET.fromstring(svg).itertext())
    assert all(word in text for word in ("One", "Two", "PRIVATE SIMULATED", "Two: taken", "One: open", "pocket, km²"))
    assert series_png([first], title="Town", stamp="PRIVATE").startswith(b"\x89PNG")


def test_names_and_titles_are_words_and_no_formulas():
    one = series_of(r"A$\frac$", [day(0)], [day(0)], [said(4)])
    text = " ".join(ET.fromstring(series_svg([one], title=r"$\Town$", stamp="PRIVATE")).itertext())
    assert r"A$\frac$" in text
    assert r"$\Town$" in text


def test_the_key_of_the_picture_lies_above_the_panel_and_covers_no_line():
    from isofront.publish.series_plot import _drawn

    days = [day(k) for k in range(9)]
    lines = [series_of(f"Mapper {k}", days, days, [said(None, Rung.OPEN)] * 4 + [said(9)] * 5) for k in range(5)]
    figure = _drawn(lines, "Town", "PRIVATE")
    figure.draw_without_rendering()
    panel = figure.axes[0]
    assert panel.get_legend().get_window_extent().y0 >= panel.get_window_extent().y1 - 1
    assert panel.get_legend().get_window_extent().y1 <= figure.bbox.y1, "and it lies in the picture"


def test_a_series_without_any_map_still_makes_a_picture():
    empty = series_of("m", [day(0), day(1)], [], [])
    assert necks(empty) == [None, None]
    assert b"<svg" in series_svg([empty], title="Town", stamp="PRIVATE")


def test_where_a_series_starts_moves_no_stated_rung_and_the_first_of_the_data_is_unconfirmed():
    days = [day(k) for k in range(12)]
    rungs = [Rung.POCKET] * 5 + [Rung.GAP_2_5, Rung.POCKET, Rung.GAP_2_5, Rung.GAP_2_5] + [Rung.POCKET] * 3
    maps = [said(6, rung) for rung in rungs]
    whole = series_of("m", days, days, maps)
    assert [point.confirmed for point in whole.points[:5]] == [False] * 3 + [True] * 2
    for start in range(5, 12):
        first = max(0, start - lead_maps(3))
        part = series_of("m", days[start:], days[first:], maps[first:], lead=start - first)
        for mine, other in zip(part.points, whole.points[start:], strict=True):
            assert mine.stated is other.stated or not mine.confirmed
        assert part.points[0].confirmed == (start in (5, 6))
        assert part.runs == (tuple(range(12 - start)),)
