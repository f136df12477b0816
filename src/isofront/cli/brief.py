"""`isofront brief`: the situation brief of a day, as Markdown, HTML and PDF, every sentence with what it rests on."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.map import moment, steps
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from isofront.engine import Draft
    from isofront.engine_brief import OthersMap, SourceNote, Told
    from isofront.findings.brief_words import Names, Worded
    from isofront.publish.brief_pages import BriefPage, Picture
    from isofront.theatre.model import Theatre

FORMATS = ("md", "html", "pdf")


def register(app: typer.Typer) -> None:
    """Add `brief`."""
    app.command("brief")(brief)


def brief(
    *,
    on: Annotated[str, typer.Option("--on", help="the day: 00:00 UTC at its start", metavar="DATE")],
    out: Annotated[Path, typer.Option(help="folder for the brief's files")],
    theatre: Annotated[Path, typer.Option("--theatre", help="the theatre's folder")] = Path(),
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
    public: Annotated[bool, typer.Option("--public", help="refused: see below")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Write the day's brief: what changed, what is not known, what is said, each sentence with its sources. PRIVATE."""
    if public:
        raise UsageError(
            "--public: a brief cannot be written from cleared material yet, for its sentences rest on reports one by "
            "one; the public gets the edition (isofront publish)"
        )
    wanted = _wanted(formats)
    day = moment(on, option="--on")
    known = None if known_by is None else moment(known_by, option="--known-by")
    if templates is not None and not templates.is_dir():
        raise UsageError(f"--templates {templates}: no such folder")
    with steps(1) as say:
        from isofront.engine import drafts
        from isofront.engine_brief import told_of

        draft = next(iter(drafts(theatre, [day], None if known is None else [known], progress=say)))
        others = _others(against or [], draft)
        found = told_of(draft, against=others, also=also or [], say=say)
        say("pages")
        page, worded = _page(found, language, templates)
        written = _write(page, out, wanted, templates)
    _say(page, worded, written, as_json=as_json)


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
    from isofront.engine_brief import OthersMap

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


def _page(found: Told, language: str, templates: Path | None) -> tuple[BriefPage, Worded]:
    from isofront.findings.brief import brief as sentences
    from isofront.findings.brief_words import book_of
    from isofront.publish.brief_pages import BriefPage, numbered, stamp_of

    theatre, as_of = found.draft.ground.theatre, found.draft.as_of
    book = book_of(language, _names(theatre, language), folder=templates)
    worded = book.worded(sentences(found.facts))
    stamp = stamp_of(simulated=found.simulated)
    title = book.page("title", theatre=theatre.title or theatre.name, as_of=as_of)
    notes = [_note_words(found.notes.get(name)) for name in worded.ids]
    note = book.page("stamp_note")
    about = {"as_of": as_of, "place": _gap_place(found) or ""}
    captions = {key: book.page(f"{key}_caption", **about) for key in ("map", "locator", "gap")}
    page = BriefPage(
        language, stamp, title, note, worded.sections, book.page("sources"), book.page("columns"),
        numbered(worded.ids, notes), tuple(_pictures(found, captions, stamp)), f"{title}. {note}",
    )  # fmt: skip
    return page, worded


def _names(theatre: Theatre, language: str) -> Names:
    from isofront.findings.brief_words import Names
    from isofront.theatre import settlements_of

    sides = {one.id: one.names.get(language) or one.names.get("en") or one.id for one in theatre.sides}
    places = {one.name: one.names.get(language, one.name) for one in settlements_of(theatre)}
    return Names(sides, places)


def _note_words(note: SourceNote | None) -> tuple[str, str]:
    if note is None:
        return "", ""
    words = (note.kind, note.day, note.by, " ".join(note.what.split())[:120], note.grade)
    return " · ".join(word for word in words if word), note.url


# Pictures


def _pictures(found: Told, captions: dict[str, str], stamp: str) -> list[Picture]:
    from isofront.engine_brief import sheet_of
    from isofront.publish.brief_pages import Picture
    from isofront.publish.brief_pictures import locator_png
    from isofront.publish.picture import map_png

    sheet = sheet_of(found.draft)
    box = found.draft.ground.theatre.box
    made = [
        Picture("locator.png", "locator", captions["locator"], locator_png(box, _cities(found), stamp=stamp)),
        Picture("map.png", "map", captions["map"], map_png(sheet)),
    ]
    gap = _gap(found, stamp)
    return made if gap is None else [*made, Picture("gap.png", "gap", captions["gap"], gap, "pockets")]


def _cities(found: Told) -> list[tuple[str, float, float, int]]:
    from isofront.ground.places import Places
    from isofront.publish.brief_pictures import CITY_PEOPLE, around

    cities = Places.load().within(around(found.draft.ground.theatre.box), min_population=CITY_PEOPLE)
    return [(one.name, one.lon, one.lat, one.population or 0) for one in cities]


def _gap_place(found: Told) -> str | None:
    return next((one.measured_at for one in found.facts.pockets if one.measured_at), None)


def _gap(found: Told, stamp: str) -> bytes | None:
    from isofront.engine_brief import gap_series
    from isofront.publish.series_plot import series_png

    name = _gap_place(found)
    line = None if name is None else gap_series(found, name)
    return None if name is None or line is None else series_png([line], title=name, stamp=stamp)


# Writing


def _write(page: BriefPage, out: Path, wanted: Sequence[str], templates: Path | None) -> list[Path]:
    from isofront.ground.files import write_atomically
    from isofront.publish.brief_pages import html, markdown
    from isofront.publish.brief_pdf import brief_pdf

    files: dict[str, bytes] = {}
    if "md" in wanted:
        files["brief.md"] = markdown(page, folder=templates).encode()
        files |= {one.name: one.png for one in page.pictures}
    if "html" in wanted:
        files["brief.html"] = html(page, folder=templates).encode()
    if "pdf" in wanted:
        files["brief.pdf"] = brief_pdf(page, folder=templates)
    for name, content in files.items():
        write_atomically(out / name, content, private=True)
    return [out / name for name in files]


def _say(page: BriefPage, worded: Worded, written: Sequence[Path], *, as_json: bool) -> None:
    if not as_json:
        sys.stdout.write(f"{page.stamp} · {page.title}\n" + "".join(f"{path}\n" for path in written))
        return
    document: dict[str, Any] = {
        "stamp": page.stamp,
        "title": page.title,
        "language": page.language,
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "sentences": [
                    {"key": line.key, "text": line.text, "ids": [worded.ids[n - 1] for n in line.refs]}
                    for line in section.lines
                ],
            }
            for section in page.sections
        ],
        "files": [str(path) for path in written],
    }
    sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
