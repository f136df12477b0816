"""`isofront brief --public`: the brief for everybody, out of the folder of a published site and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from isofront.cli.brief_written import say_page, write_files, write_page
from isofront.cli.map import steps
from isofront.counts import counted
from isofront.errors import UsageError

if TYPE_CHECKING:
    from isofront.findings.brief_public_facts import PublicFacts
    from isofront.findings.brief_words import Book, Worded
    from isofront.publish.brief_notes import Note
    from isofront.publish.brief_pages import BriefPage, Picture
    from isofront.publish.brief_posts import Kit
    from isofront.publish.brief_public_pictures import Words
    from isofront.publish.brief_site import PublicDay


@dataclass(frozen=True)
class PublicAsked:
    """What the command was asked for."""

    site: Path | None
    day: datetime
    out: Path
    language: str
    templates: Path | None
    formats: Sequence[str]
    post_kit: bool


def public_command(asked: PublicAsked, *, as_json: bool) -> None:
    """Write the public brief of a day, and the post kit if asked."""
    if asked.site is None:
        raise UsageError("--public: --site is missing, wanted the folder that isofront publish wrote")
    if asked.out.resolve().is_relative_to(asked.site.resolve()):
        raise UsageError(f"--out {asked.out}: lies in the site, wanted a folder beside it")
    from isofront.publish.brief_notes import notes_of
    from isofront.publish.brief_public import public_facts
    from isofront.publish.brief_site import Site

    with steps(1) as say:
        say("reading the site")
        site = Site.of(asked.site)
        told = site.day_of(asked.day)
        facts = public_facts(site, told)
        say("pages")
        page, worded = _page(told, facts, notes_of(site, told, facts), asked)
        written = write_page(page, asked.out, asked.formats, asked.templates, private=False)
        kit = None
        if asked.post_kit:
            from isofront.publish.brief_posts import post_kit

            say("posts")
            books = {language: _book(told, language, asked.templates) for language in _languages(asked.language)}
            kit = post_kit(site, told, facts, books, language=asked.language, words=_words(told, books[asked.language]))
            written += write_files(kit.files, asked.out, private=False)
    more = (
        {}
        if kit is None
        else {"posts": list(kit.folders), "posts_left_out": kit.left_out, "posts_none_because": kit.why_none or None}
    )
    say_page(page, worded, written, as_json=as_json, **more)
    if kit is not None and not as_json:
        _say_kit(kit)


def _languages(own: str) -> list[str]:
    """Posts are in English and Ukrainian, and in the brief's own language."""
    from isofront.findings.brief_words import LANGUAGES

    return list(dict.fromkeys([*LANGUAGES, own]))


def _say_kit(kit: Kit) -> None:
    few = f"; {counted(kit.left_out, 'change')} too small for one" if kit.left_out else ""
    sys.stdout.write(f"{counted(len(kit.folders), 'post')}{few}\n" if kit.folders else f"0 posts: {kit.why_none}\n")


def _page(told: PublicDay, facts: PublicFacts, notes: dict[str, Note], asked: PublicAsked) -> tuple[BriefPage, Worded]:
    from isofront.findings.brief_public import public_brief
    from isofront.publish.brief_pages import BriefPage, numbered

    book = _book(told, asked.language, asked.templates)
    worded = book.worded(public_brief(facts))
    words = _words(told, book)
    title = book.page("public_title", theatre=told.page.titled(asked.language), as_of=told.about.as_of)
    described = [(book.page(notes[name].key, **notes[name].values), notes[name].url) for name in worded.ids]
    page = BriefPage(
        asked.language, words.stamp, title, words.note, worded.sections, book.page("sources"),
        book.page("public_columns"), numbered(worded.ids, described),
        tuple(_pictures(told, book, words, title)), f"{words.note} {words.credit}",
    )  # fmt: skip
    return page, worded


def _book(told: PublicDay, language: str, templates: Path | None) -> Book:
    from isofront.findings.brief_phrases import Names
    from isofront.findings.brief_words import book_of
    from isofront.publish.brief_site import names_in

    names = Names(names_in(told.page.sides, language), names_in(told.page.settlements, language))
    return book_of(language, names, folder=templates)


def _words(told: PublicDay, book: Book) -> Words:
    """What every picture says, in a book's language."""
    from isofront.publish.brief_pages import stamp_of
    from isofront.publish.brief_public_pictures import Words
    from isofront.publish.words import word

    about, sides = told.about, book.names.sides
    note = book.page("public_note", as_of=about.as_of, hours=float(about.delay_hours), moved=about.moved_km_95)
    legend = {f"held:{side}": word("held", language=book.language).format(side=name) for side, name in sides.items()}
    legend |= {key: word(key, language=book.language) for key in ("grey", "unobserved")}
    for side, name in sides.items():
        legend[f"infiltration:{side}"] = f"{word('infiltration', language=book.language)}: {name}"
    legend |= {key: word(key, language=book.language) for key in ("pocket", "neck", "out_of_range")}
    legend["changed_ground"] = book.page("changed_ground")
    stamp = stamp_of(simulated=about.simulated, public=True)
    unit, north = (word(key, language=book.language) for key in ("km", "north"))
    return Words(stamp, note, _credit(told, book.language), unit, north, book.names.places, legend)


def _credit(told: PublicDay, language: str) -> str:
    from isofront.publish.words import read_from_left

    edition = read_from_left(f"{told.page.titled(language)} · {told.about.id}")
    return " · ".join(part for part in (edition, told.page.credited(language)) if part)


def _pictures(told: PublicDay, book: Book, words: Words, title: str) -> list[Picture]:
    from isofront.ground.grid import Bounds
    from isofront.publish.brief_ground import Ground
    from isofront.publish.brief_pages import Picture
    from isofront.publish.brief_pictures import cities_about, locator_png
    from isofront.publish.brief_public_pictures import map_picture

    box = Bounds(*map(float, told.page.bounds))
    cities = cities_about(box, language=book.language)
    locator = locator_png(box, cities, stamp=words.stamp, note=words.note)
    return [
        Picture("locator.png", "locator", book.page("locator_caption"), locator),
        Picture(
            "map.png", "map", book.page("public_map_caption", as_of=told.about.as_of),
            map_picture(Ground(told), words, title=title),
        ),
    ]  # fmt: skip
