"""The picture: legible, stamped, named layers, hostile names harmless, and nothing over anything it should not hide."""

from __future__ import annotations

import io
from dataclasses import replace

import msgspec
import numpy as np
import pytest
import shapely
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from isofront.front import Class
from isofront.ground.grid import Bounds
from isofront.publish import palette
from isofront.publish.brief_pictures import locator_png
from isofront.publish.degrees import degree_text, lettered
from isofront.publish.palette import mix, side_colours
from isofront.publish.picture import map_png, map_svg
from isofront.publish.picture_text import Place, _Edges, placed, text_size, wrapped
from isofront.publish.sheet import SettlementStatus
from isofront.publish.words import LANGUAGES, WORDS, clean, number_text, read_from_left
from isofront.theatre.model import Mapping, Settlement, Side

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "</text><script>alert(1)</script>",
    "$\\frac{1}{2}$ & more",
    "tab\tbell\x07null\x00\nline",
    "<img src=x onerror=alert(1)>",
    "\u202egnorw eht yaw",
    "مدينة الاختبار",
    "Llan" + "fair" * 120,
    "中文地名",
    "\U0001f4a3",
    "\u200b",
)


def texts_of(svg: bytes) -> list[str]:
    return ["".join(node.itertext()) for node in fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def svg(a_sheet) -> bytes:
    return map_svg(a_sheet)


@pytest.fixture(scope="module")
def png(a_sheet) -> Image.Image:
    return Image.open(io.BytesIO(map_png(a_sheet)))


def test_the_svg_names_its_layers(svg):
    names = {node.get("id") for node in fromstring(svg).iter(f"{SVG}g")}
    assert {
        *("held-red", "held-blu", "grey-zone", "unobserved", "infiltration-red", "edge-red", "edge-blu"),
        *("band-red", "band-blu", "even-odds", "roads", "barriers", "settlements", "labels", "labels-halo"),
        *("watermark", "stamp", "panel-scale-bar", "panel-credit", "panel-legend-grey"),
    } <= names


def test_the_svg_keeps_text_as_text_and_says_what_the_map_is(svg):
    texts = texts_of(svg)
    for words in ("Verkhne", "Battle of Verkhne", "As of 9 May 2031, 00:00 UTC", "PRIVATE", "SIMULATED", "Grey zone"):
        assert words in texts
    assert any(text.endswith("km") for text in texts)
    assert any(text.endswith("miles") for text in texts)
    assert "Invented ground" in texts


@pytest.mark.parametrize(
    ("degrees", "letters", "signed", "text"),
    [(36.5, "EW", False, "36.5°"), (-3.25, "EW", True, "3.25° W"), (2.0, "EW", True, "2° E"), (0.0, "NS", True, "0°"),
     (-16.5, "NS", True, "16.5° S")],
)  # fmt: skip
def test_degrees_west_and_south_have_letters_and_no_sign(degrees, letters, signed, text):
    assert degree_text(degrees, letters, lettered=signed) == text
    assert lettered(Bounds(-0.5, 51.0, 1.0, 52.0))
    assert not lettered(Bounds(36.0, 47.0, 38.0, 48.0))


def test_a_locator_of_a_theatre_in_the_west_is_drawn():
    assert locator_png(Bounds(-3.2, -15.6, -2.0, -14.4), [], stamp="PRIVATE").startswith(b"\x89PNG")


def test_the_reasons_of_grey_ground_are_told_as_alternatives(make_sheet, a_sheet):
    grey = [one for one in a_sheet.drawing.areas if one.cls is Class.GREY]
    both = tuple(replace(grey[0], grey_reason=reason) for reason in ("mixed_presence", "neither_present"))
    drawing = replace(a_sheet.drawing, areas=(*(one for one in a_sheet.drawing.areas if one not in grey), *both))
    told = " ".join(texts_of(map_svg(make_sheet(drawing=drawing))))
    assert "held by neither: both are present or neither is present" in told


def test_the_gazetteer_is_credited_where_its_places_are_drawn(make_sheet, a_sheet):
    from isofront.publish.words import credit_line

    bare = msgspec.structs.replace(a_sheet.theatre, settlements=())
    assert credit_line(a_sheet) == "Invented ground"
    assert credit_line(make_sheet(theatre=bare)) == "© GeoNames CC BY 4.0 · Invented ground"
    assert any("GeoNames" in text for text in texts_of(map_svg(make_sheet(theatre=bare))))


def test_a_map_of_real_reports_has_no_watermark(make_sheet):
    made = map_svg(make_sheet(simulated=False))
    assert b'id="watermark"' not in made
    assert "SIMULATED" not in texts_of(made)
    assert "PRIVATE" in texts_of(made)


@pytest.mark.parametrize("name", [*HOSTILE[:3], *(pytest.param(name, marks=pytest.mark.slow) for name in HOSTILE[3:])])
def test_a_hostile_name_is_plain_text_and_cannot_break_the_svg(make_sheet, a_sheet, name):
    place = Settlement(names={"en": name}, at=(30.3, 48.3), population=70_000)
    theatre = msgspec.structs.replace(a_sheet.theatre, settlements=(place,), title=name, name="x")
    status = (SettlementStatus(place, "grey", 0.5),)
    svg = map_svg(make_sheet(theatre=theatre, settlements=status))
    root = fromstring(svg)
    assert not list(root.iter(f"{SVG}script"))
    assert not list(root.iter(f"{SVG}img"))
    assert clean(name) in [*texts_of(svg), ""]
    map_png(make_sheet(theatre=theatre, settlements=status))


def test_the_png_is_large_stamped_and_shows_both_sides_and_the_grey_zone(png, a_sheet):
    assert 1400 <= png.width <= 2400
    assert png.info["Stamp"] == "PRIVATE SIMULATED"
    colours = {tuple(pixel) for pixel in np.asarray(png.convert("RGB")).reshape(-1, 3)[::7]}
    first, second = side_colours(a_sheet.theatre)
    for wanted in (first.line, second.line, palette.GREY_FILL):
        assert tuple(bytes.fromhex(wanted[1:])) in colours


def test_the_two_sides_differ_in_print_without_colour(make_sheet, a_sheet):
    for colours in (("", ""), ("#cc0000", "#00cc00"), ("#123", "#112233")):
        sides = tuple(Side(s.id, s.names, c) for s, c in zip(a_sheet.theatre.sides, colours, strict=True))
        first, second = side_colours(msgspec.structs.replace(a_sheet.theatre, sides=sides))
        assert abs(_grey_of(first.fill) - _grey_of(second.fill)) > 15


def test_a_colour_that_is_none_gives_way_to_the_default(a_sheet):
    sides = tuple(Side(s.id, s.names, "url(x)") for s in a_sheet.theatre.sides)
    made = side_colours(msgspec.structs.replace(a_sheet.theatre, sides=sides))
    assert tuple(one.base for one in made) == palette.DEFAULT_SIDES


def _grey_of(colour: str) -> float:
    red, green, blue = bytes.fromhex(colour[1:])
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_mixing_goes_from_one_colour_to_the_other():
    assert mix("#000000", "#ffffff", 0.0) == "#000000"
    assert mix("#000000", "#ffffff", 1.0) == "#ffffff"
    assert mix("#204060", "#406080", 0.5) == "#305070"


@pytest.mark.parametrize("bounds", [(30.0, 48.0, 33.0, 48.4), (30.0, 47.0, 30.4, 49.0), (30.0, 48.0, 30.05, 48.03)])
def test_low_tall_and_tiny_theatres_still_fit(make_sheet, a_sheet, bounds):
    theatre = msgspec.structs.replace(a_sheet.theatre, bounds=bounds)
    image = Image.open(io.BytesIO(map_png(make_sheet(theatre=theatre))))
    assert 700 <= image.width <= 2600
    assert 900 <= image.height <= 2400


def test_a_busy_part_of_the_front_is_shown_larger_in_a_corner_free_of_front(make_sheet, a_sheet):
    from dataclasses import replace

    from isofront.front.shapes import Line, Role
    from isofront.publish.picture_inset import inset_of
    from isofront.publish.picture_view import view_of

    west, south, east, _ = a_sheet.field.grid.box_km
    x, y = west + 30, south + 30
    knot = shapely.MultiLineString([[(x + k, y), (x + k, y + 10)] for k in range(9)])
    straight = shapely.LineString([(west, y), (east, y)])
    knotted = replace(a_sheet.drawing, lines=(Line(Role.EDGE, "red", knot.union(straight)),))
    sheet = make_sheet(drawing=knotted, settlements=())
    view = view_of(sheet, width_pt=400.0)
    inset = inset_of(sheet, view)
    assert inset is not None
    left, low, right, high = inset.view.box_km
    assert left < x + 4 < right
    assert low < y + 5 < high
    assert not shapely.box(*inset.box).intersects(view.in_points(straight))
    assert inset.view.size[0] == pytest.approx(inset.box[2] - inset.box[0])
    plain = make_sheet(drawing=replace(a_sheet.drawing, lines=(Line(Role.EDGE, "red", straight),)), settlements=())
    assert inset_of(plain, view) is None
    assert {"inset-labels", "inset-scale-bar", "inset-outline", "inset-watermark"} <= {
        node.get("id") for node in fromstring(map_svg(sheet)).iter(f"{SVG}g")
    }


def test_a_contested_city_draws_the_inset_to_itself(make_sheet, a_sheet):
    from dataclasses import replace

    from isofront.front.shapes import Line, Role
    from isofront.publish.picture_inset import inset_of
    from isofront.publish.picture_view import view_of

    east_km, north_km = a_sheet.field.grid.to_km(30.62, 48.47)
    west, _, east, _ = a_sheet.field.grid.box_km
    line = shapely.LineString([(west, north_km + 1), (east, north_km + 1)])
    sheet = make_sheet(drawing=replace(a_sheet.drawing, areas=(), lines=(Line(Role.EDGE, "red", line),)))
    inset = inset_of(sheet, view_of(sheet, width_pt=400.0))
    assert inset is not None
    assert shapely.box(*inset.view.box_km).contains(shapely.Point(east_km, north_km))


def test_no_two_parts_of_the_svg_share_an_id(svg):
    ids = [node.get("id") for node in fromstring(svg).iter() if node.get("id")]
    assert len(ids) == len(set(ids))


def test_infiltration_inside_mixed_grey_is_not_hatched_twice(a_sheet):
    from isofront.publish.picture_layers import raids_of, ready_to_draw, shown_infiltration

    grey = [area.geometry for area in a_sheet.drawing.areas if area.grey_reason == "mixed_presence"]
    shown = shown_infiltration(a_sheet)
    assert set(shown) == {"red"}
    assert shapely.intersection(shown["red"], shapely.union_all(grey)).area < 1e-6
    assert raids_of(ready_to_draw(a_sheet)) == shown


def test_land_leaves_the_outside_blank(make_sheet, a_sheet):
    west, south, east, north = a_sheet.field.grid.box_km
    svg = map_svg(make_sheet(land=shapely.box(west, south + 30, east, north)))
    assert "outside" in {node.get("id") for node in fromstring(svg).iter(f"{SVG}g")}


def test_a_users_own_matplotlib_settings_do_not_change_the_picture(a_sheet, png):
    import matplotlib

    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black", "savefig.dpi": 37, "hatch.linewidth": 9}):
        again = Image.open(io.BytesIO(map_png(a_sheet)))
        assert matplotlib.rcParams["font.size"] == 30
    assert np.array_equal(np.asarray(again), np.asarray(png))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0.0, 400.0), st.floats(0.0, 300.0), st.sampled_from([2.1, 3.5, 7.0])),
        min_size=1,
        max_size=40,
    )
)
def test_labels_never_cover_each_other_or_another_dot_and_stay_on_the_map(spots):
    places = [Place(f"Place {n}", x, y, size, 6.0, False) for n, (x, y, size) in enumerate(spots)]
    labels = placed(places, (400.0, 300.0), shapely.LineString([(0, 0), (400, 300)]))
    boxes = [shapely.box(*label.box) for label in labels]
    dots = [shapely.Point(one.place.x, one.place.y).buffer(one.place.size / 2) for one in labels]
    for n, box in enumerate(boxes):
        assert shapely.box(0, 0, 400, 300).contains(box)
        assert not any(box.intersection(other).area > 1e-9 for other in boxes[n + 1 :])
        assert not any(box.intersection(dot).area > 1e-9 for m, dot in enumerate(dots) if m != n)


def test_the_most_important_place_keeps_its_label_and_stands_right_of_its_dot():
    places = [Place("City", 200.0, 150.0, 7.0, 9.0, True), Place("Hamlet", 210.0, 150.0, 2.0, 5.0, False)]
    labels = placed(places, (400.0, 300.0), shapely.LineString())
    assert labels[0].place.name == "City"
    assert all(label.place.name != "Hamlet" or label.box[0] > labels[0].box[2] for label in labels[1:])


def test_a_label_moves_off_the_edge_of_held_ground():
    line = shapely.LineString([(205, 0), (205, 300)])
    (label,) = placed([Place("Town", 200.0, 150.0, 4.0, 7.0, False)], (400.0, 300.0), line)
    assert label.box[2] < 200


@given(st.text(max_size=200))
def test_cleaned_text_is_one_line_without_control_letters(text):
    import unicodedata

    made = clean(text)
    assert len(made) <= 36
    assert not any(unicodedata.category(letter)[0] == "C" for letter in made)
    assert clean(made) == made


def test_wrapped_lines_fit_even_when_a_word_does_not():
    for line in wrapped("short words and a " + "very" * 40 + " long one", 6.0, 100.0):
        assert text_size(line, 6.0)[0] <= 100


def test_every_language_has_every_word_and_the_same_blanks():
    english = WORDS["en"]
    for language in LANGUAGES:
        words = WORDS[language]
        assert set(words) == set(english)
        for key, text in words.items():
            assert ("{" in text) == ("{" in english[key])


def test_the_map_speaks_ukrainian_when_asked(make_sheet, a_sheet):
    theatre = msgspec.structs.replace(a_sheet.theatre, map=Mapping(language="uk"))
    texts = texts_of(map_svg(make_sheet(theatre=theatre)))
    assert "Сіра зона" in texts
    assert "Verkhne (укр.)" in texts
    assert any(text.startswith("Станом на 9 травня 2031") for text in texts)


def test_before_any_approval_the_change_is_since_the_start(make_sheet):
    for since, words in (("start", "changed since the start"), ("approved", "changed since the last approved map")):
        sheet = make_sheet()
        sheet.summary["changed_since"] = since
        assert words in " ".join(texts_of(map_svg(sheet)))


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [(1234567.4, "en", "1\u202f234\u202f567"), (3.14, "uk", "3,1"), (9.96, "en", "10"), (0.0, "en", "0.0")],
)
def test_numbers_read_as_the_language_writes_them(value, language, text):
    assert number_text(value, language=language) == text


def test_a_name_from_the_right_turns_no_date_round():
    assert read_from_left("حرب الوادي · 0001-2022-11-22") == "\u200e\u2068حرب الوادي\u2069 · 0001-2022-11-22"
    assert read_from_left("Held by الثوار") == "\u200eHeld by \u2068الثوار\u2069"
    assert read_from_left("حرب الوادي") == "حرب الوادي"
    assert read_from_left("Held by Російська армія, 10 km") == "Held by Російська армія, 10 km"


def test_a_label_hides_as_much_of_the_edges_as_lies_under_its_box():
    rng = np.random.default_rng(4)
    lines = shapely.MultiLineString([rng.uniform(0, 100, (n, 2)) for n in (2, 40, 7)])
    edges = _Edges.of(lines)
    for low in rng.uniform(-20, 100, (30, 2)):
        box = (low[0], low[1], low[0] + 25.0, low[1] + 8.0)
        assert edges.within(box) == pytest.approx(shapely.clip_by_rect(lines, *box).length)


def test_what_is_simply_public_is_stamped_in_ink_and_all_else_in_red() -> None:
    assert palette.stamp_colour("PUBLIC") == palette.INK
    for words in ("PRIVATE", "SIMULATED", "PRIVATE SIMULATED", "PUBLIC SIMULATED", "PUBLIC · SIMULATED"):
        assert palette.stamp_colour(words) == palette.STAMP
