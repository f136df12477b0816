"""`isofront read`: what an article seems to say, as drafts for a person to accept; no theatre needed.

Nothing goes over the network unless `--second-opinion` names an address.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.read_second import asking, opinion
from isofront.counts import counted
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from isofront.ground.grid import Bounds
    from isofront.reading import Draft, Reading, Spot

MAX_BYTES = 20_000_000
SAY_EVERY_S = 2.0
DIGITS = 5
_SEEN = {"rules": "", "both": " [also in the second opinion]", "second": " [second opinion alone]"}


def register(app: typer.Typer) -> None:
    """Add `read`."""
    app.command("read")(read)


def read(
    file: Annotated[Path, typer.Argument(help="an article as plain text (UTF-8)", metavar="FILE")],
    *,
    published: Annotated[
        str | None, typer.Option(help="the day it was published, for 'on Tuesday'", metavar="DATE")
    ] = None,
    theatre: Annotated[
        Path | None, typer.Option("--theatre", help="a theatre's folder: places are sought in it")
    ] = None,
    second: Annotated[
        str | None,
        typer.Option(
            "--second-opinion",
            help="SEND the text to this OpenAI-compatible address and list what it sees besides",
            metavar="URL",
        ),
    ] = None,
    model: Annotated[str | None, typer.Option(help="with --second-opinion: the model's name there")] = None,
    key_env: Annotated[
        str | None,
        typer.Option(help="with --second-opinion: the environment variable that holds the key", metavar="NAME"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Read an article: places, numbers with their speakers, who is said to hold what, judgements. Drafts, no facts."""
    from isofront.ground.places import Places
    from isofront.reading import read_text

    if second is None and (model or key_env):
        raise UsageError("--model and --key-env: wanted --second-opinion URL with them")
    day, box = _day(published), _box(theatre)
    ask = None if second is None else asking(second, model=model, key_env=key_env, published=day)
    text = _without_names(_text(file), theatre)
    name = _without_names(file.name, theatre)
    reading = read_text(text, places=Places.load(), published=day, box=box, tick=_progress(name, len(text)))
    _tell(reading, text, name, published=day)
    seen: Sequence[tuple[Draft, str]] = [(draft, "rules") for draft in reading.drafts]
    if second is not None and ask is not None:
        seen = opinion(reading, text, ask=ask, address=second).drafts
    if as_json:
        print(json.dumps([record(one, text, day) | {"seen_by": by} for one, by in seen], ensure_ascii=False))
    else:
        _print(seen, text)


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published) if published else None
    except ValueError as fault:
        raise UsageError(f"--published {published!r}: wanted a day such as 2025-11-04") from fault


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise BadInputError(f"{file}: more than {MAX_BYTES:,} bytes, wanted an article")
        content = file.read_bytes()
    except OSError as fault:
        raise BadInputError(f"{file}: cannot be read ({fault.strerror or fault}), wanted an article") from fault
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInputError(
            f"{file}: byte {fault.start:,} is no UTF-8, wanted an article as plain text in UTF-8"
        ) from fault
    if "\x00" in text:
        raise BadInputError(f"{file}: holds a NUL character, wanted an article as plain text")
    if not text.strip():
        raise BadInputError(f"{file}: holds no words, wanted an article")
    return text


def _without_names(text: str, theatre: Path | None) -> str:
    """The text without the names that must stay unknown, where the theatre has such a list."""
    if theatre is None:
        return text
    from isofront.sources.pseudonyms import Pseudonyms

    return Pseudonyms.of(theatre).text(text)


def _box(theatre: Path | None) -> Bounds | None:
    if theatre is None:
        return None
    from isofront.theatre import load

    return load(theatre).box


def _progress(name: str, letters: int) -> Callable[[int], None]:
    last = [time.monotonic()]

    def tick(read: int) -> None:
        if time.monotonic() - last[0] > SAY_EVERY_S:
            last[0] = time.monotonic()
            print(f"isofront: {name}: {100 * read / letters:.0f} % read", file=sys.stderr, flush=True)

    return tick


def _tell(reading: Reading, text: str, name: str, *, published: date | None) -> None:
    print(f"isofront: {name}: read as {reading.language}; {counted(len(reading.drafts), 'draft')}", file=sys.stderr)
    if published is None:
        print("isofront: without --published, days such as 'on Tuesday' stay unresolved", file=sys.stderr)
    for one in reading.unread:
        words = " ".join(text[max(0, one.start - 30) : one.end + 30].split())
        print(f"isofront: not understood: …{words}… ({one.why})", file=sys.stderr)


def record(draft: Draft, text: str, published: date | None) -> dict[str, Any]:
    """A draft as the JSON that scripts rely on; `quote` is `text[start:end]`, counted in Unicode code points."""
    place: Spot | None = draft.place
    return {
        "type": draft.what.value,
        "about": draft.about,
        "place": place.name if place else None,
        "lon": _rounded(place.lon if place else None),
        "lat": _rounded(place.lat if place else None),
        "value": list(draft.value) if isinstance(draft.value, tuple) else draft.value,
        "unit": draft.unit,
        "bound": draft.bound.value if draft.bound else None,
        "speaker": draft.speaker.name if draft.speaker else None,
        "said_on": draft.said_on.isoformat() if draft.said_on else None,
        "quote": text[draft.start : draft.end],
        "start": draft.start,
        "end": draft.end,
        "state": "draft",
        "published": published.isoformat() if published else None,
        "named_as": draft.speaker.named_as if draft.speaker else None,
        "sides": list(draft.sides),
        "vague": draft.vague,
        "gazetteer": place.known_as if place else None,
    }


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DIGITS)


def _print(seen: Sequence[tuple[Draft, str]], text: str) -> None:
    for number, (draft, by) in enumerate(seen, start=1):
        speaker = f" — {draft.speaker.name}" if draft.speaker else ""
        said = f", {draft.said_on}" if draft.said_on else ""
        place = f" · {draft.place.name}" if draft.place else ""
        print(f"{number:>3}  {draft.what.value:<10} {_value(draft)}{place}{speaker}{said}{_SEEN[by]}")
        print(f"                {' '.join(text[draft.start : draft.end].split())}")
    print("drafts: nothing was stored; a person accepts or drops each: with --json into a file, then")
    print("        isofront claim FILE --accept and their numbers")


def _value(draft: Draft) -> str:
    if draft.value is None or isinstance(draft.value, str):
        return draft.value or draft.about
    number = " to ".join(f"{one:,g}" for one in (draft.value if isinstance(draft.value, tuple) else (draft.value,)))
    bound = (
        ""
        if draft.bound is None or draft.bound.value in ("exact", "range")
        else f"{draft.bound.value.replace('_', ' ')} "
    )
    return f"{draft.about}: {bound}{number} {draft.unit or ''}".rstrip()
