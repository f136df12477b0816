"""`isofront brief`: the situation brief of a day, as Markdown, HTML and PDF, every sentence with what it rests on."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from isofront.cli.brief_drawn import Begun, Gap, Located
from isofront.cli.brief_public import PublicAsked, public_command
from isofront.cli.brief_written import look_at_templates, say_page, write_page
from isofront.cli.elsewhere import Drawn, elsewhere, is_own_program
from isofront.cli.map import moment, steps
from isofront.errors import BadInputError, UsageError
from isofront.heap import keep_what_is_freed

if TYPE_CHECKING:
    from datetime import datetime

    from isofront.engine import Draft
    from isofront.engine.brief import Measured, OthersMap, SourceNote, Told
    from isofront.findings.brief_phrases import Names
    from isofront.findings.brief_words import Book, Worded
    from isofront.publish.brief_pages import BriefPage, Picture
    from isofront.theatre.model import Theatre

FORMATS = ("md", "html", "pdf")


def register(app: typer.Typer) -> None:
    """Add `brief`."""
    app.command("brief")(brief)


def brief(
    *,
    on: Annotated[str, typer.Option("--on", help="the day: 00:00 UTC at its start", metavar="DATE")],
    out: Annotated[
        Path | None, typer.Option(help="folder for the brief's files; here, named after day and language, if none")
    ] = None,
    theatre: Annotated[
        Path | None, typer.Option("--theatre", help="the theatre's folder; the current one if none")
    ] = None,
    known_by: Annotated[str | None, typer.Option(help="use only what was known before")] = None,
    language: Annotated[str, typer.Option(help="en or uk, or one that --templates has a phrase book of")] = "en",
    templates: Annotated[
        Path | None, typer.Option(help="folder with your own phrase books and pages; what it lacks is as shipped")
    ] = None,
    against: Annotated[
        list[str] | None, typer.Option(help="another mapper's polygons, NAME=FILE; several times")
    ] = None,
    also: Annotated[
        list[Path] | None, typer.Option(help="another theatre's folder, told in a line; several times")
    ] = None,
    formats: Annotated[list[str] | None, typer.Option("--format", help="md, html, pdf; else all")] = None,
    public: Annotated[
        bool, typer.Option("--public", help="a brief for everybody, from the files of a published site alone")
    ] = False,
    site: Annotated[Path | None, typer.Option(help="with --public: the folder that publish wrote")] = None,
    post_kit: Annotated[
        bool, typer.Option("--post-kit", help="with --public: pictures and words for a post on each change")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Write the day's brief: what changed, what is not known, what is said, each sentence with its sources. PRIVATE.

    With --public it is written from a published site alone, and nothing of a ledger or a theatre is opened.
    """
    wanted = _wanted(formats)
    day = moment(on, option="--on")
    out = out or _folder(day, language, public=public)
    if templates is not None:
        look_at_templates(templates, language)
    if public:
        private = {"--theatre": theatre, "--known-by": known_by, "--against": against, "--also": also}
        _refuse("--public", "is written from the site alone, without", private)
        public_command(PublicAsked(site, day, out, language, templates, wanted, post_kit), as_json=as_json)
        return
    _refuse("the private brief", "cannot take", {"--site": site, "--post-kit": post_kit})
    theatre = theatre or Path()
    _let_memory_be()
    known = None if known_by is None else moment(known_by, option="--known-by")
    with elsewhere() as pen, steps(1) as say:
        from isofront.theatre.loading import load

        war = load(theatre)
        located, book = Located.of(war, language, pen), _book(war, language, templates)
        from isofront.engine import drafts
        from isofront.engine.brief import measured_of, told_of

        draft = next(iter(drafts(theatre, [day], None if known is None else [known], progress=say)))
        begun = Begun.of(draft, located)
        others = _others(against or [], draft)
        say("what changed, and pockets")
        measured = measured_of(draft)
        begun = begun.with_gap(_gap(measured, book))
        say("what was said, and pages")
        found = told_of(measured, against=others, also=also or [])
        page, worded = _page(found, book, begun, measured.gap_place)
        written = write_page(page, out, wanted, templates, private=True)
    say_page(page, worded, written, as_json=as_json)


def _let_memory_be() -> None:
    """For the few seconds of this command memory is kept, not sought and given back: its peak is the same."""
    if is_own_program():
        keep_what_is_freed()
        gc.disable()


def _folder(day: datetime, language: str, *, public: bool) -> Path:
    """A folder where the user is, another one for each day and language, and for what is public."""
    from isofront.publish.stamp import folder_of

    return Path(f"brief-{folder_of(day)}-{language}{'-public' if public else ''}")


def _refuse(what: str, why: str, options: Mapping[str, object]) -> None:
    given = [name for name, value in options.items() if value]
    if given:
        raise UsageError(f"{given[0]}: {what} {why} it")


def _wanted(formats: Sequence[str] | None) -> list[str]:
    names = [name.strip().casefold() for word in formats or () for name in word.split(",")] or list(FORMATS)
    unknown = [name for name in names if name not in FORMATS]
    if unknown:
        raise UsageError(f"--format {unknown[0]}: wanted {', '.join(FORMATS)}")
    return list(dict.fromkeys(names))


def _others(words: Sequence[str], draft: Draft) -> list[OthersMap]:
    """Other mappers' maps of the day or the nearest earlier one, on the theatre's flat map."""
    from isofront.cli.front.dated import named_source, source_of
    from isofront.cli.front.flat import dated
    from isofront.engine.brief import OthersMap

    theatre = draft.ground.theatre
    side = theatre.anchor.holder or theatre.side_ids[draft.ground.drawn]
    found = []
    for word in words:
        name, path = named_source(word)
        source = source_of([path], name=name)
        entry = source.at(draft.as_of if source.dates else None)
        made = dated(entry.read(), theatre.crs, side=side)
        if not set(made.held) & set(theatre.side_ids):
            raise BadInputError(
                f"--against {word}: ground of {', '.join(made.held) or 'nobody'}, wanted {', '.join(theatre.side_ids)}"
            )
        day = "" if made.date is None else f":{made.date:%Y-%m-%d}"
        found.append(OthersMap(f"map:{source.name}{day}", source.name, made))
    return found


# The page


def _book(theatre: Theatre, language: str, templates: Path | None) -> Book:
    from isofront.findings.brief_words import book_of

    return book_of(language, _names(theatre, language), folder=templates)


def _page(found: Told, book: Book, begun: Begun, gap_place: str | None) -> tuple[BriefPage, Worded]:
    from isofront.findings.brief import brief as sentences
    from isofront.publish.brief_pages import BriefPage, numbered, stamp_of

    theatre, as_of = found.draft.ground.theatre, found.draft.as_of
    stamp = stamp_of(simulated=found.simulated)
    drawn = begun.stamped(stamp).drawn()
    worded = book.worded(sentences(found.facts))
    title = book.page("title", theatre=theatre.titled(book.language), as_of=as_of)
    notes = [_note_words(found.notes.get(name), book) for name in worded.ids]
    note = book.page("stamp_note")
    about = {"as_of": as_of, "place": gap_place or ""}
    captions = {key: book.page(f"{key}_caption", **about) for key in SECTIONS}
    page = BriefPage(
        book.language, stamp, title, note, worded.sections, book.page("sources"), book.page("columns"),
        numbered(worded.ids, notes), tuple(_pictures(drawn, captions)), f"{title}. {note}",
    )  # fmt: skip
    return page, worded


def _names(theatre: Theatre, language: str) -> Names:
    from isofront.findings.brief_phrases import Names
    from isofront.theatre import settlements_of

    sides = {one.id: one.names.get(language) or one.names.get("en") or one.id for one in theatre.sides}
    places = {one.name: one.names.get(language, one.name) for one in settlements_of(theatre)}
    roads = {one.name: one.names.get(language, one.name) for one in theatre.roads}
    return Names(sides, places, roads)


def _note_words(note: SourceNote | None, book: Book) -> tuple[str, str]:
    if note is None:
        return "", ""
    sources, kinds = book.tables["sources"], book.tables["kinds"]
    what = " ".join(note.what.split())[:120]
    if note.kind == "report":
        what = str(kinds.get(what, [what])[0])
    elif note.kind == "claim" and what:
        what = str(sources["quoted"]).format(words=what)
    words = (str(sources.get(note.kind, note.kind)), note.day, note.by, what, note.grade)
    return " · ".join(word for word in words if word), note.url


# Pictures


SECTIONS = {"locator": "", "map": "", "gap": "pockets"}
"""The pictures in their order, and the section that each stands in; none for those at the top."""


def _pictures(drawn: Mapping[str, Drawn], captions: Mapping[str, str]) -> list[Picture]:
    from isofront.publish.brief_pages import Picture

    return [Picture(f"{key}.png", key, captions[key], made(), SECTIONS[key]) for key, made in drawn.items()]


def _gap(measured: Measured, book: Book) -> Gap | None:
    from isofront.engine.brief_gap import gap_series
    from isofront.publish.series_plot import PlotWords

    name = measured.gap_place
    line = None if name is None else gap_series(measured.here.draft, measured.necks, name, measured.stages)
    if name is None or line is None:
        return None
    words = PlotWords(**{key: book.page(f"plot_{key}") for key in PlotWords.__slots__})
    return Gap(line, book.names.places.get(name, name), words)
