"""The words on a map, in each built-in language; neutral in every one of them."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Final

from isofront.publish.sheet import Sheet
from isofront.publish.stamp import utc_text

LANGUAGES: Final = ("en", "uk")
GAZETTEER_CREDIT: Final = "© GeoNames CC BY 4.0"

LONGEST = 36
"""Letters of a name that are drawn before it is cut off."""

_FROM_RIGHT: Final = r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
_RUN_FROM_RIGHT: Final = re.compile(rf"{_FROM_RIGHT}+(?:[ '’\"-]+{_FROM_RIGHT}+)*")

WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "as_of": "As of",
        "known_by": "Known by",
        "draft": "Draft",
        "approved": "Approved",
        "edition": "Edition",
        "draft_long": "made by the model, not yet reviewed",
        "approved_long": "accepted by an editor",
        "edition_long": "published edition",
        "held": "Held by {side}",
        "held_long": "its ground forces can operate without direct interference by the other's",
        "grey": "Grey zone",
        "grey_long": "held by neither",
        "mixed_presence": "both are present",
        "disputed_evidence": "the evidence disagrees",
        "neither_present": "neither is present",
        "or": "or",
        "infiltration": "Infiltration",
        "infiltration_long": "present where it does not hold",
        "unobserved": "Unobserved",
        "unobserved_long": "not seen of late; that is not empty",
        "out_of_range": "Moving, model out of range",
        "out_of_range_long": "reports disagree with this map beyond its test; do not trust the line here",
        "edge": "Edge of held ground",
        "edge_long": "with its 90 % band",
        "even_odds": "Even-odds line",
        "even_odds_long": "p = 0.5, for statistics only",
        "pocket": "Pocket",
        "pocket_long": 'ground nearly cut off, by the rule "held"',
        "by_rule": "by rule",
        "neck": "Neck and facing tips",
        "neck_long": "the narrowest way out; its span is by rule",
        "tip": "Tip",
        "road": "Road",
        "exposed_road": "Road near the other's ground",
        "exposed_road_long": "within 15, 5 and 3 km of what it holds",
        "barrier": "River or other barrier",
        "settlement": "Settlement, by people before the war",
        "area": "Area, km²",
        "changed": "{n} km² changed since the last approved map",
        "changed_start": "{n} km² changed since the start",
        "reports": "{n} reports used",
        "km": "km",
        "miles": "miles",
        "north": "N",
        "caution": "Held says nothing about safety. Not for navigation, evacuation or targeting.",
        "PRIVATE": "PRIVATE",
        "PRIVATE_long": "not for release",
        "SIMULATED": "SIMULATED",
        "SIMULATED_long": "made from invented reports",
    },
    "uk": {
        "as_of": "Станом на",
        "known_by": "За відомостями до",
        "draft": "Чернетка",
        "approved": "Затверджено",
        "edition": "Видання",
        "draft_long": "складена моделлю, не перевірена",
        "approved_long": "прийнято редактором",
        "edition_long": "оприлюднене видання",
        "held": "Утримує: {side}",
        "held_long": "її наземні сили діють без прямої протидії наземних сил іншої сторони",
        "grey": "Сіра зона",
        "grey_long": "не утримує жодна сторона",
        "mixed_presence": "присутні обидві сторони",
        "disputed_evidence": "свідчення суперечать одне одному",
        "neither_present": "немає жодної сторони",
        "or": "або",
        "infiltration": "Інфільтрація",
        "infiltration_long": "присутність там, де сторона не утримує",
        "unobserved": "Без спостереження",
        "unobserved_long": "давно не бачили; це не означає, що порожньо",
        "out_of_range": "Рух, поза межами моделі",
        "out_of_range_long": "повідомлення суперечать мапі понад її поріг; лінії тут не довіряйте",
        "edge": "Край утримуваної території",
        "edge_long": "зі смугою 90 %",
        "even_odds": "Лінія рівних шансів",
        "even_odds_long": "p = 0,5, лише для статистики",
        "pocket": "Кишеня",
        "pocket_long": "майже відрізана ділянка, за правилом «утримує»",
        "by_rule": "за правилами",
        "neck": "Горловина та її краї",
        "neck_long": "найвужчий вихід; розмах — за правилами",
        "tip": "Край",
        "road": "Дорога",
        "exposed_road": "Дорога поблизу іншої сторони",
        "exposed_road_long": "ближче 15, 5 і 3 км",
        "barrier": "Річка чи інша перешкода",
        "settlement": "Населений пункт, за довоєнним населенням",
        "area": "Площа, км²",
        "changed": "Змін від останньої затвердженої карти: {n} км²",
        "changed_start": "Змін від початку: {n} км²",
        "reports": "Використано повідомлень: {n}",
        "km": "км",
        "miles": "миль",
        "north": "Пн",
        "caution": "«Утримує» не означає безпечно. Не для навігації, евакуації чи наведення.",
        "PRIVATE": "НЕПУБЛІЧНО · PRIVATE",
        "PRIVATE_long": "не для поширення",
        "SIMULATED": "СИМУЛЯЦІЯ · SIMULATED",
        "SIMULATED_long": "складено з вигаданих повідомлень",
    },
}

_EN_MONTHS = "January February March April May June July August September October November December"
_UK_MONTHS = "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"
_MONTHS: Final = {"en": _EN_MONTHS.split(" "), "uk": _UK_MONTHS.split(" ")}


def word(key: str, *, language: str) -> str:
    """The word for a key in the language, else in English, else the key itself."""
    return WORDS.get(language, WORDS["en"]).get(key) or WORDS["en"].get(key, key)


def day_text(moment: datetime, *, language: str) -> str:
    """A moment as `4 November 2025, 00:00 UTC`."""
    text = utc_text(moment)
    months = _MONTHS.get(language, _MONTHS["en"])
    return f"{int(text[8:10])} {months[int(text[5:7]) - 1]} {text[:4]}, {text[11:16]} UTC"


def number_text(value: float, *, language: str, whole: bool = False) -> str:
    """A number, thousands set off by a thin space; below ten one decimal, unless whole, as the language writes it."""
    text = f"{value:,.0f}" if whole or abs(value) >= 9.95 else f"{value:,.1f}"
    return text.replace(",", "\u202f").replace(".", "," if language == "uk" else ".")


def credit_line(sheet: Sheet, *, language: str = "") -> str:
    """The theatre's own credit, in the language if it has words in it; before it the gazetteer's, if places are its."""
    own = sheet.theatre.map.credits.get(language) or sheet.theatre.map.credit
    named = {(one.name, one.at) for one in sheet.theatre.settlements}
    borrowed = (
        any((one.settlement.name, one.settlement.at) not in named for one in sheet.settlements)
        and "GeoNames" not in own
    )
    roads = "" if sheet.exposed is None or sheet.exposed.credit in own else sheet.exposed.credit
    return " · ".join(part for part in (GAZETTEER_CREDIT if borrowed else "", own, roads) if part)


def clean(text: str, *, longest: int = LONGEST) -> str:
    """The text on one line without control or direction-turning characters, cut at `longest` letters."""
    kept = "".join(letter if unicodedata.category(letter)[0] != "C" else " " for letter in text)
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def read_from_left(text: str) -> str:
    """The text with names that are written from the right set apart, so that dates and numbers beside them stay so.

    A line that begins with such a name would else run from the right as a whole: 0001-2022-11-22 read 22-11-2022-0001.
    Words from the right alone stay as they are (Unicode Standard Annex 9, isolates).
    """
    apart = _RUN_FROM_RIGHT.sub("\u2068\\g<0>\u2069", text)
    return text if apart == text or _RUN_FROM_RIGHT.fullmatch(text.strip()) else f"\u200e{apart}"
