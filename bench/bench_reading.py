"""How well `isofront read` reads: precision and recall over invented articles with an answer key each.

    python bench/bench_reading.py [dev|held] [--show] [--only NAME,NAME] [--folder FOLDER]

bench/articles/*.txt: a first line `SIMULATED day group`, the article (all words and numbers invented), `---`, the key,
written before the article was first read. `held` articles were not looked at while rules were written. A key's line is
`p|places`, `q|value|bound|unit|about|place|speaker|said_on`, `r|value|bound|place|speaker`,
`c|value|place|speaker|said_on` or `a|value|speaker`; `b|west,south,east,north` is where the article's places lie: one
that the gazetteer has only outside of it is not asked, and one that is placed outside of it is too much. An empty field
is not asked, `-` wants none; a line with `?` may be found and need not be.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from isofront.ground.grid import Bounds
from isofront.ground.naming import bearers
from isofront.ground.places import Places
from isofront.reading import Draft, What, read_text

ARTICLES = Path(__file__).with_name("articles")
EARTH = Bounds(-180.0, -90.0, 180.0, 90.0)
FIELDS = {
    "q": ("value", "bound", "unit", "about", "place", "speaker", "said_on"),
    "r": ("value", "bound", "place", "speaker"),
    "c": ("value", "place", "speaker", "said_on"),
    "a": ("value", "speaker"),
}
KIND = {"q": What.QUANTITY, "r": What.RATIO, "c": What.CONTROL, "a": What.ASSESSMENT}
DECIDES = {"q": ("value", "unit"), "r": ("value",), "c": ("value", "place"), "a": ("value",)}
"""The fields in which a draft must agree with a line of the key to be the one it means."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of a key."""

    kind: str
    fields: dict[str, str]
    optional: bool


@dataclass(frozen=True, slots=True)
class Article:
    """An article with its key."""

    name: str
    group: str
    published: date
    text: str
    places: frozenset[str]
    may_be: frozenset[str]
    box: Bounds
    wanted: tuple[Wanted, ...]


def articles(folder: Path) -> Iterator[Article]:
    """Every article of a folder, in the order of names."""
    for file in sorted(folder.glob("*.txt")):
        head, rest = file.read_text(encoding="utf-8").split("\n", 1)
        text, key = rest.split("\n---\n", 1)
        _, day, group = head.split()
        lines = [line.split("|") for line in key.split("\n") if line]
        places = {mark: _places(lines, mark) for mark in ("p", "?p")}
        wanted = tuple(_wanted(line) for line in lines if line[0].lstrip("?") in FIELDS)
        box = next((Bounds(*map(float, line[1].split(","))) for line in lines if line[0] == "b"), EARTH)
        yield Article(file.stem, group, date.fromisoformat(day), text, places["p"], places["?p"], box, wanted)


def _places(lines: Iterable[list[str]], mark: str) -> frozenset[str]:
    return frozenset(name.strip() for line in lines if line[0] == mark for name in line[1].split(","))


def _wanted(line: list[str]) -> Wanted:
    kind = line[0].lstrip("?")
    fields = {name: text for name, text in zip(FIELDS[kind], line[1:], strict=False) if text}
    return Wanted(kind, fields, line[0].startswith("?"))


def agrees(one: Draft, field: str, asked: str) -> bool:
    """Whether a draft's field is what a key asks: names may be led by a title or followed by a few words."""
    if field == "value":
        low, _, high = asked.partition("..")
        number = (float(low), float(high)) if high else float(low) if low.replace(".", "").isdigit() else low
        return one.value == number
    has = {
        "bound": one.bound.value if one.bound else "",
        "unit": one.unit or "",
        "about": one.about,
        "place": one.place.name if one.place else "",
        "speaker": one.speaker.name if one.speaker else "",
        "said_on": str(one.said_on or ""),
    }[field]
    if asked == "-":
        return not has
    if field == "speaker":
        stem = asked[: max(5, len(asked) - 2)].casefold()
        return stem in has.casefold() and len(has.split()) <= len(asked.split()) + 5
    return has == asked


def main() -> None:
    """Read all articles of a group and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("group", nargs="?", choices=("dev", "held"))
    parser.add_argument("--show", action="store_true", help="print what was missed, wrong or too much")
    parser.add_argument("--only", help="some articles, by name, with commas between")
    parser.add_argument("--folder", type=Path, default=ARTICLES, help="articles of your own")
    options = parser.parse_args()
    tally: Counter[tuple[str, str]] = Counter()
    places = Places.load()
    only = options.only and options.only.split(",")
    for article in articles(options.folder):
        if options.group in (None, article.group) and (not only or article.name in only):
            for kind, what, line in judged(article, places):
                tally[kind, what] += 1
                if options.show and line:
                    print(f"{article.name}: {what} {kind}: {line}")
    table(tally)


def judged(article: Article, places: Places) -> Iterator[tuple[str, str, str]]:
    """(type, right | missed | too_much | field_right | field_wrong, what to show) for all that is asked and found."""
    drafts = read_text(article.text, places=places, published=article.published).drafts
    yield from _places_judged(article, drafts, places)
    for kind, what in KIND.items():
        left = [one for one in drafts if one.what is what]
        asked = sorted((one for one in article.wanted if one.kind == kind), key=lambda one: one.optional)
        for want in asked:
            some = [
                one for one in left if all(agrees(one, f, want.fields[f]) for f in DECIDES[kind] if f in want.fields)
            ]
            if some:
                best = max(some, key=lambda one: sum(agrees(one, f, v) for f, v in want.fields.items()))
                left.remove(best)
                yield from _fields(kind, best, want, article)
            elif not want.optional:
                yield kind, "missed", "|".join(want.fields.values())
        for one in left:
            place = one.place.name if one.place else None
            yield (
                kind,
                "too_much",
                f"{one.about} {one.value} {one.unit} {place} «{article.text[one.start : one.end][:150]}»",
            )


def _places_judged(article: Article, drafts: Iterable[Draft], places: Places) -> Iterator[tuple[str, str, str]]:
    placed = [one.place for one in drafts if one.place and one.what is What.PLACE]
    named = {one.name for one in placed if _inside(one.lon, one.lat, article.box)}
    known = bearers(places, article.places).items()
    findable = {name for name, some in known if any(_inside(one.lon, one.lat, article.box) for one in some)}
    for one in placed:
        if not _inside(one.lon, one.lat, article.box) and one.name not in article.may_be:
            yield "p", "too_much", f"{one.name} at {one.lon} {one.lat}"
    for name in named | article.places:
        if name in article.places:
            if name not in findable and name not in named:
                continue  # the gazetteer lacks it: it cannot be placed
            yield "p", "right" if name in named else "missed", "" if name in named else name
        elif name not in article.may_be:
            yield "p", "too_much", name


def _inside(lon: float | None, lat: float | None, box: Bounds) -> bool:
    return lon is not None and lat is not None and box.holds(lon, lat)


def _fields(kind: str, one: Draft, want: Wanted, article: Article) -> Iterator[tuple[str, str, str]]:
    if not want.optional:
        yield kind, "right", ""
        for field in ("bound", "about", "place", "speaker", "said_on"):
            if field in want.fields and field not in DECIDES[kind]:
                right = agrees(one, field, want.fields[field])
                has = one.speaker.name if field == "speaker" and one.speaker else getattr(one, field)
                words = f"{field} of {one.value}: {has!r}, wanted {want.fields[field]!r}"
                yield "speaker" if field == "speaker" else field, "right" if right else "wrong", "" if right else words


def table(tally: Counter[tuple[str, str]]) -> None:
    """Print precision and recall per type, and how often a field of what was found is right."""
    names = {"p": "place", "q": "quantity", "r": "ratio", "c": "control", "a": "assessment"}
    for kind, name in names.items():
        right, missed, more = (tally[kind, what] for what in ("right", "missed", "too_much"))
        precision, recall = right / max(1, right + more), right / max(1, right + missed)
        counts = f"({right} right, {missed} missed, {more} too much)"
        print(f"{name:<11} precision {precision:.2f}  recall {recall:.2f}  {counts}")
    for field in ("speaker", "bound", "about", "place", "said_on"):
        right, wrong = tally[field, "right"], tally[field, "wrong"]
        print(f"{field:<11} right in {right / max(1, right + wrong):.2f} of {right + wrong}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
