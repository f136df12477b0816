"""How values are said: numbers, dates, names, necks, counts and claims in a language's way, out of its phrase book.

tables of a phrase book, names      filters_of      what its templates can put values through
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from isofront.findings.brief_facts import Where, Width
from isofront.findings.saying import RATIO, rounded, told_km2

AT_KM = 1.0
"""Nearer than this to a place's middle, something is at the place."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of sides by id, of places and roads by their kept name, in one language."""

    sides: Mapping[str, str]
    places: Mapping[str, str]
    roads: Mapping[str, str] = field(default_factory=dict)


def filters_of(language: str, tables: Mapping[str, Mapping[str, Any]], names: Names) -> dict[str, Callable[..., str]]:
    """The filters of a phrase book's templates, by name."""
    return _Phrases(language, tables, names).filters()


@dataclass(frozen=True)
class _Phrases:
    """One method for each filter, by its name."""

    language: str
    tables: Mapping[str, Mapping[str, Any]]
    names: Names

    def filters(self) -> dict[str, Callable[..., str]]:
        """Every filter by its name."""
        names = (
            "date", "number", "count", "km", "km2", "signed_km2", "percent", "side", "place", "places", "status",
            "compass", "where", "width", "widths", "near", "kinds", "sides", "reasons", "reason", "reports_of",
            "about", "amount", "range", "named", "interest", "control", "support", "likelihood", "confidence", "came",
            "held_by", "moment", "kind", "whole_km", "whole_width", "whole_widths", "near_whole", "layer",
            "road", "titled",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def _word(self, table: str, key: str) -> Any:
        return self.tables[table].get(key, key.replace("-", " ").replace("_", " "))

    # Numbers and dates

    def date(self, day: date | datetime) -> str:
        words = self.tables["words"]
        return str(words["date"]).format(day=day.day, month=words["months"][day.month - 1], year=day.year)

    def moment(self, at: datetime) -> str:
        return f"{self.date(at)}, {at:%H:%M} UTC"

    def number(self, value: float | int, digits: int = 0) -> str:
        """With the language's marks; whole unless digits are asked for."""
        words = self.tables["words"]
        text = f"{value:,.{digits}f}"
        if float(text.replace(",", "")) == 0:
            text = text.lstrip("-")
        return text.translate({ord(","): words["thousands"], ord("."): words["decimal"], ord("-"): "−"})

    def count(self, n: float | int, *forms: str) -> str:
        """A number with its noun: two forms, or three in Slavic languages (1, 2-4, 5 and more)."""
        whole = round(n)
        return f"{self.number(whole)} {forms[self._form(whole, len(forms))]}"

    def _form(self, n: int, n_forms: int) -> int:
        if self.tables["words"]["plural"] != "slavic" or n_forms < 3:
            return 0 if n == 1 else n_forms - 1
        if n % 10 == 1 and n % 100 != 11:
            return 0
        return 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2

    def _unit(self, unit: str) -> str:
        return str(self.tables["units"][unit][0])

    def km(self, value: float | int) -> str:
        return f"{self.number(value, 1)} {self._unit('km')}"

    def km2(self, value: float | int) -> str:
        """One digit below ten, none above: no more than the map is good for."""
        told = told_km2(value)
        return f"{self.number(told, 1 if 0 < abs(told) < 10 else 0)} {self._unit('km2')}"

    def signed_km2(self, value: float | int) -> str:
        return ("+" if value >= 0.05 else "") + self.km2(value)

    def percent(self, share: float | int) -> str:
        """Whole; what is not quite none or not quite all says so."""
        words, whole = self.tables["words"], round(100 * share)
        if 0 < share < 1 and whole in (0, 100):
            return str(words["over_99_percent" if whole else "under_1_percent"])
        return f"{self.number(whole)} %"

    # Names

    def side(self, name: str | None) -> str:
        return str(self.tables["words"]["nobody"]) if not name else self.names.sides.get(name, name)

    def titled(self, title: str, titles: Mapping[str, str]) -> str:
        """A theatre's title in this language, where it has one."""
        return titles.get(self.language) or title

    def place(self, name: str) -> str:
        return self.names.places.get(name, name)

    def road(self, name: str) -> str:
        return self.names.roads.get(name, name)

    def places(self, names: Sequence[str]) -> str:
        return self._list([self.place(name) for name in names])

    def _list(self, words: Sequence[str]) -> str:
        if len(words) < 2:
            return "".join(words)
        return ", ".join(words[:-1]) + str(self.tables["words"]["and"]) + words[-1]

    def status(self, name: str) -> str:
        if name.startswith("held_"):
            return str(self.tables["words"]["held_by"]).format(side=self.side(name.removeprefix("held_")))
        return str(self.tables["words"].get(name, name))

    def compass(self, bearing: float | int) -> str:
        winds = self.tables["words"]["winds"]
        return str(winds[round(bearing / (360 / len(winds))) % len(winds)])

    def where(self, one: Where) -> str:
        words = self.tables["words"]
        if one.km < AT_KM:
            return str(words["at_place"]).format(place=self.place(one.place))
        wind = words["winds"][2 * round(one.bearing_deg / 45) % 16]
        return str(words["from_place"]).format(place=self.place(one.place), km=self.whole_km(one.km), wind=wind)

    def whole_km(self, km: float | int) -> str:
        return f"{self.number(km)} {self._unit('km')}"

    # Necks and roads

    def width(self, km: float | int | None) -> str:
        words = self.tables["words"]
        if km is None:
            return str(words["open"])
        return self.km(km) if km > 0 else str(words["cut_off"])

    def widths(self, found: Mapping[str, Width]) -> str:
        return self._by_rule({rule: self._width_or_taken(one) for rule, one in found.items()})

    def _width_or_taken(self, one: Width) -> str:
        return str(self.tables["words"]["taken"]) if one.taken else self.width(one.km)

    def _by_rule(self, found: Mapping[str, str]) -> str:
        """Each rule with its width; rules of one width together, so that it is said once."""
        alike: dict[str, list[str]] = {}
        for rule, width in found.items():
            alike.setdefault(width, []).append(str(self.tables["rules"][rule]))
        told = []
        for width, rules in alike.items():
            first = [rule.format(width="").strip(" —") for rule in rules[:-1]]
            told.append(self._list([*first, rules[-1].format(width=width)]))
        return ", ".join(told)

    def whole_widths(self, found: Mapping[str, Width]) -> str:
        """Each rule's neck in whole km."""
        return self._by_rule({rule: self.whole_width(one) for rule, one in found.items()})

    def whole_width(self, one: Width) -> str:
        words = self.tables["words"]
        if one.taken or one.km is None:
            return str(words["taken" if one.taken else "open"])
        return self.whole_km(one.km) if one.km > 0 else str(words["under_1"])

    def near(self, found: Mapping[float | int, float | int]) -> str:
        return self._near(found, self.km)

    def near_whole(self, found: Mapping[float | int, float | int]) -> str:
        return self._near(found, self.whole_km)

    def _near(self, found: Mapping[float | int, float | int], km: Callable[[float | int], str]) -> str:
        """How much lies within so many km; farther distances that add nothing are left out."""
        words, told = str(self.tables["words"]["near"]), dict[str, float | int]()
        for within, long in found.items():
            if long >= 0.05:
                told.setdefault(km(long), within)
        return ", ".join(words.format(km=long, of=self.whole_km(within)) for long, within in told.items())

    # Counts by kind

    def kinds(self, found: Mapping[str, int]) -> str:
        return ", ".join(self.count(n, *self.tables["kinds"].get(kind, [kind])) for kind, n in found.items())

    def kind(self, name: str) -> str:
        return str(self.tables["kinds"].get(name, [name])[0])

    def layer(self, name: str) -> str:
        return str(self.tables["words"].get(f"layer_{name}", name))

    def sides(self, found: Mapping[str, int]) -> str:
        return self._of_sides({side: self.number(n) for side, n in found.items()})

    def reports_of(self, found: Mapping[str, int]) -> str:
        forms = self.tables["words"]["reports_of"]
        return self._of_sides({side: self.count(n, *forms) for side, n in found.items()})

    def _of_sides(self, told: Mapping[str, str]) -> str:
        of_side = str(self.tables["words"]["of_side"])
        return ", ".join(of_side.format(side=self.side(side), n=n) for side, n in told.items())

    def reasons(self, found: Mapping[str, float | int]) -> str:
        words = str(self.tables["words"]["reason_km2"])
        return ", ".join(words.format(km2=self.km2(km2), reason=self.reason(name)) for name, km2 in found.items())

    def reason(self, name: str) -> str:
        return str(self._word("reasons", name))

    def held_by(self, found: Mapping[str, float | int], names: Mapping[str, Mapping[str, str]]) -> str:
        told = []
        for side, km2 in found.items():
            own = names.get(side, {})
            told.append(f"{own.get(self.language) or own.get('en') or side} {self.km2(km2)}")
        return ", ".join(told)

    # Claims

    def about(self, name: str, whose: str | None = None) -> str:
        """A subject, and whose it is where that is to be told."""
        about = str(self._word("about", name))
        return about if not whose else str(self.tables["words"]["whose"]).format(about=about, side=self.side(whose))

    def amount(self, one: Mapping[str, Any]) -> str:
        """A number as it was said: bound, value, unit (its own too where that is another), both sides' counts."""
        low, high, unit = one["low"], one["high"], one["unit"]
        if low is None or high is None:
            return str(self.tables["words"]["range_none"])
        as_said = one.get("as_said")
        text = self._measured(*(as_said or (low, high, unit)), bound=one["bound"])
        if as_said:
            text += f" ({self._measured(low, high, unit, bound='exact')})"
        if one["counts"]:
            text += " (" + ", ".join(f"{self.side(s)} {self._said_number(n)}" for s, n in one["counts"].items()) + ")"
        elif unit == "to one" and one["side"]:
            other = self.tables["words"]["against_side"].format(side=self.side(one["other"]))
            text += f" ({self.side(one['side'])}{other if one['other'] else ''})"
        return text

    def _measured(self, low: float | int, high: float | int, unit: str, *, bound: str) -> str:
        """One number or two with its unit, as it is meant."""
        ends = [self._said_number(end) for end in (low, high)]
        value = ends[0] if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}"
        noun = self._noun(high, self.tables["units"].get(unit, [unit]), governed=bound == "about")
        return str(self.tables["bounds"][bound]).format(value=value) + f" {noun}"

    def _noun(self, n: float | int, forms: Sequence[str], *, governed: bool) -> str:
        """The noun after a number. `governed`: after a word that wants the genitive in Slavic languages ("about").

        Slavic nouns have the forms for 1, 2-4 and 5, and where it is another the genitive of one.
        """
        slavic = self.tables["words"]["plural"] == "slavic" and len(forms) > 2
        if not slavic:
            return forms[0 if n == 1 else -1]
        if not float(n).is_integer():
            return forms[-1]
        form = self._form(round(n), len(forms))
        return (forms[-1] if form == 0 else forms[2]) if governed else forms[form]

    def _said_number(self, value: float | int) -> str:
        whole = abs(value - round(value)) < 1e-6
        text = self.number(round(value)) if whole else self.number(value, 2)
        return text if whole else text.rstrip("0")

    def range(self, ends: Sequence[float | int | None], unit: str, about: str) -> str:
        words = self.tables["words"]
        low, high = (None if end is None else self._said_number(rounded(end, about)) for end in ends)
        forms = self.tables["units"].get(unit, [unit])
        many = forms[min(2, len(forms) - 1)]
        if low is None and high is None:
            return str(words["range_open"])
        if high is None:
            return str(words["range_open_above"]).format(low=f"{low} {many}")
        if low is None:
            return str(words["range_open_below"]).format(high=f"{high} {many}")
        key = "range_one" if low == high else "range_ratio" if unit == RATIO else "range"
        return str(words[key]).format(low=low if low != high else f"{low} {many}", high=f"{high} {many}")

    def named(self, how: str) -> str:
        return str(self.tables["words"].get(how, "")) if how in ("first_name", "described", "group") else ""

    def interest(self, side: str | None) -> str:
        words = self.tables["words"]
        return str(words["speaks_for_none"]) if side is None else str(words["speaks_for"]).format(side=self.side(side))

    def control(self, one: Mapping[str, Any]) -> str:
        table = self.tables["control"]
        side = str(table["side"]).format(side=self.side(one["side"])) if one["side"] else table["nobody"]
        return str(table[one["status"]]).format(side=side)

    def support(self, name: str) -> str:
        return str(self._word("support", name))

    def likelihood(self, name: str) -> str:
        return str(self._word("likelihood", name))

    def confidence(self, name: str) -> str:
        return str(self._word("confidence", name))

    def came(self, name: str) -> str:
        return str(self._word("came", name))
