"""The post kit: for each change of an edition a folder with one picture in three sizes, and words in each language.

edition, the one before, facts      post_kit      files by name: pictures, posts, words for who cannot see them

A change is a settlement whose class turned, or an edge that moved by `LEAST_POST_KM2` or more. What is drawn and said
stands in the two editions; with nothing changed, or no edition before that may be shown, there are no posts, and why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import shapely

from isofront.findings.brief_public import edge_moved, turned
from isofront.findings.brief_public_facts import EdgeMoved, PublicFacts
from isofront.findings.brief_sentence import Sentence
from isofront.findings.brief_words import Book
from isofront.publish.brief_ground import Ground, Spot, changed_at, cluster_at
from isofront.publish.brief_public import edge_of
from isofront.publish.brief_public_pictures import SIZES, Change, Words, change_picture
from isofront.publish.brief_seen import Seen
from isofront.publish.brief_site import PublicDay, Site

LEAST_POST_KM2 = 1.0
"""A smaller change of an edge is less than a cell, and has no post of its own."""
TOWN_KM = 8.0
"""Ground that changed farther from a settlement is not that settlement's."""
POSTS = "posts"
MOST_LINKS = 5


@dataclass(frozen=True)
class Kit:
    """Files by name, the folders of posts, how many changes were left out as too small, and why there are none."""

    files: Mapping[str, bytes]
    folders: tuple[str, ...]
    left_out: int
    why_none: str


@dataclass(frozen=True)
class _Post:
    """One change: a name for its folder, its sentence, where and what ground, which settlement."""

    slug: str
    sentence: Sentence
    title_key: str
    values: Mapping[str, object]
    spot: Spot
    ground: shapely.Geometry
    first: tuple[str, ...]


def post_kit(
    site: Site, told: PublicDay, facts: PublicFacts, books: Mapping[str, Book], *, language: str, words: Words
) -> Kit:
    """The kit of an edition; pictures in one language, posts in all that there are books for."""
    changes = told.day.public.changes
    left_out = sum(one.km2 < LEAST_POST_KM2 for one in changes.lines)
    earlier = site.named(changes.since_edition)
    if earlier is None or facts.edition.put_right or not (changes.settlements or changes.lines):
        return Kit({}, (), left_out, books[language].page(_why_none(earlier, facts)))
    before, here = Ground(earlier), Seen(told)
    posts = [*_towns(before, here, facts), *_edges(before, here, facts)]
    files: dict[str, bytes] = {}
    folders = []
    for n, post in enumerate(posts, start=1):
        folder = f"{POSTS}/{n:02d}-{post.slug}"
        folders.append(folder)
        made = _files(before, here, post, books, language=language, words=words)
        files |= {f"{folder}/{name}": content for name, content in made.items()}
    return Kit(files, tuple(folders), left_out, "" if folders else books[language].page("posts_none"))


def _why_none(earlier: PublicDay | None, facts: PublicFacts) -> str:
    """What differs from a map that was wrong is no movement, and a map that was withdrawn is not shown."""
    if earlier is None:
        return "posts_no_before"
    return "posts_put_right" if facts.edition.put_right else "posts_none"


def _towns(before: Ground, here: Seen, facts: PublicFacts) -> Iterator[_Post]:
    for one in facts.towns:
        sentence = turned(facts, one.place, one.before, one.after, here.town_ids(one.place, one.after))
        number = here.number(one.place, one.after)
        if number is None:
            continue
        x, y = here.ground.towns_km[number]
        spot = (float(x), float(y))
        ground = _turned_ground(before, here.ground, one.after, spot)
        values = {"place": one.place, "before": one.before, "after": one.after}
        yield _Post(_slug(one.place), sentence, "post_town", values, spot, ground, (one.place,))


def _turned_ground(before: Ground, after: Ground, status: str, spot: Spot) -> shapely.Geometry:
    """The ground round a settlement that has its new class in one of two editions alone."""
    gone = shapely.difference(after.of_status(status), before.of_status(status))
    return cluster_at(shapely.intersection(gone, shapely.Point(spot).buffer(TOWN_KM)), spot)


def _edges(before: Ground, here: Seen, facts: PublicFacts) -> Iterator[_Post]:
    for line in here.told.day.public.changes.lines:
        if line.km2 < LEAST_POST_KM2:
            continue
        edge = edge_of(here, line)
        x, y = here.ground.spots_km([line.at])[0]
        place = "" if edge.where is None else edge.where.place
        key = "post_came" if edge.came else "post_went"
        values = {"side": edge.side, "place": place, "km2": edge.km2}
        ground = changed_at(before, here.ground, line)
        slug = _slug(f"{line.side} {line.kind} {place}")
        yield _Post(slug, edge_moved(facts, edge), key, values, (float(x), float(y)), ground, _near(edge))


def _near(edge: EdgeMoved) -> tuple[str, ...]:
    return () if edge.where is None else (edge.where.place,)


def _files(
    before: Ground, here: Seen, post: _Post, books: Mapping[str, Book], *, language: str, words: Words
) -> dict[str, bytes]:
    own = books[language]
    days = {"before": before.told.about.as_of, "after": here.told.about.as_of}
    change = Change(
        own.page(post.title_key, **post.values),
        own.page("post_before", day=days["before"]),
        own.page("post_after", day=days["after"]),
        post.spot,
        post.ground,
        post.first,
    )
    files = {
        f"before-after-{wide}x{high}.png": change_picture(before, here.ground, change, words, size=(wide, high))
        for wide, high in SIZES
    }
    for name, book in books.items():
        files[f"post.{name}.txt"] = _text(here, post, book, days).encode()
        files[f"alt.{name}.txt"] = _alt(here, post, book, days).encode()
    return files


def _text(here: Seen, post: _Post, book: Book, days: Mapping[str, object]) -> str:
    """The sentence with both days, the caution, and what it rests on: edition, reports' numbers, cleared links."""
    about = here.told.about
    first = f"{book.page('simulated')} " if about.simulated else ""
    reports = [name for name in post.sentence.ids if "#" in name]
    numbers = {here.report_id(n): one for n, one in here.reports.items()}
    links = list(dict.fromkeys(link for name in reports if (link := numbers[name].link)))[:MOST_LINKS]
    rests = book.page("post_sources", edition=about.id, numbers=[name.split("#")[1] for name in reports])
    tail = links or [book.page("post_no_links")]
    said = f"{first}{book.said(post.sentence)} {book.page('post_days', **days)}"
    return "\n".join([said, "", _note(here, book), "", rests, *tail]) + "\n"


def _alt(here: Seen, post: _Post, book: Book, days: Mapping[str, object]) -> str:
    """What the picture shows, for who cannot see it: its caution too."""
    first = f"{book.page('simulated')} " if here.told.about.simulated else ""
    told = book.page("post_alt", title=book.page(post.title_key, **post.values), **days)
    return f"{first}{told} {_note(here, book)}\n"


def _note(here: Seen, book: Book) -> str:
    """As of when, how late, how far lines move in such a time, and what it is not for."""
    about = here.told.about
    return book.page("public_note", as_of=about.as_of, hours=float(about.delay_hours), moved=about.moved_km_95)


def _slug(name: str) -> str:
    """A name for a folder: small Latin letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48] or "change"
