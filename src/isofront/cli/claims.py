"""`isofront claims`: what is said of a place, side by side; control claims against evidence; what a word was worth."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.map import moment, steps
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from isofront.engine.claims import Look
    from isofront.evidence.claim import Claim
    from isofront.evidence.claim_index import Wanted
    from isofront.findings import Pooled, Rivals
    from isofront.theatre.model import Theatre

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A theatre's folder, its file, and the claims that were asked for."""

    folder: Path
    theatre: Theatre
    wanted: Wanted
    on: datetime | None
    place: str | None

    @property
    def sides(self) -> dict[str, str]:
        """The sides' names."""
        return {side.id: side.name() for side in self.theatre.sides}

    def claims(self) -> list[Claim]:
        """The claims, by the time they were said; none where there is no ledger yet."""
        from isofront.evidence.claim_index import claims_wanted
        from isofront.evidence.ledger import ledger_path

        path = ledger_path(self.folder)
        return claims_wanted(path, self.wanted) if path.exists() else []


def register(app: typer.Typer) -> None:
    """Add `claims`."""
    app.command("claims")(claims)


def claims(
    place: Annotated[
        str | None, typer.Argument(help="the settlement, in any spelling; all if none", metavar="PLACE")
    ] = None,
    *,
    theatre: Annotated[Path, typer.Option("--theatre", help="the theatre's folder")] = Path(),
    about: Annotated[str | None, typer.Option(help="one subject: attackers-inside, residents-remaining, …")] = None,
    speaker: Annotated[str | None, typer.Option(help="a part of the speaker's name")] = None,
    interest: Annotated[str | None, typer.Option(help="the side that the speaker serves, or none")] = None,
    first: Annotated[str | None, typer.Option("--from", help="said on this day or later")] = None,
    last: Annotated[str | None, typer.Option("--to", help="said on this day or before")] = None,
    known_by: Annotated[str | None, typer.Option(help="only what was known before this moment")] = None,
    on: Annotated[
        str | None, typer.Option(help="beside the draft of this day; else beside the last approved map")
    ] = None,
    pool: Annotated[
        bool, typer.Option("--pool", help="after each list of numbers, the interval that they leave together")
    ] = False,
    control: Annotated[
        bool, typer.Option("--control", help="who is said to hold what, against the map and what was seen since")
    ] = False,
    record: Annotated[
        bool, typer.Option("--record", help="each speaker's past control claims against later maps")
    ] = False,
    against: Annotated[
        list[Path] | None, typer.Option(help="with --record: a mapper's dated polygons, not the approved maps")
    ] = None,
    side: Annotated[
        str | None, typer.Option(help="with --against: whose held ground polygons without a side are")
    ] = None,
    after: Annotated[int, typer.Option(help="with --record: after so many days a claim was never borne out")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """List what was said, side by side, with who said it and how it sits with the map. Nothing is averaged. PRIVATE."""
    _refuse_mixed(control=control, record=record, pool=pool, about=about, against=against or [], after=after)
    said = {"about": about, "speaker": speaker, "interest": interest, "known_by": known_by, "from": first, "to": last}
    asked = _asked(theatre, place, said, on)
    from isofront.cli import claims_told as told

    if record:
        document = _record(asked, against or [], side=side, after=after)
        text = told.record_lines
    elif control:
        document, text = _control(asked), told.control_lines
    else:
        document, text = _list(asked, pool=pool), told.list_lines
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        sys.stdout.write("\n".join(text(document)) + "\n")


def _refuse_mixed(
    *, control: bool, record: bool, pool: bool, about: str | None, against: Sequence[Path], after: int
) -> None:
    if control + record + pool > 1:
        raise UsageError("claims: wanted one of --control, --record and --pool")
    if against and not record:
        raise UsageError("--against goes with --record")
    if (control or (record and against)) and about not in (None, "control"):
        raise UsageError(f"--about {about}: --control and --record --against are about control")
    if after < 1:
        raise UsageError(f"--after {after}: wanted a day or more")


def _asked(theatre: Path, place: str | None, said: Mapping[str, str | None], on: str | None) -> Asked:
    from isofront.evidence.claim_index import Wanted
    from isofront.theatre import home_of, load

    folder = home_of(theatre)
    found = load(theatre)
    first, last, known_by = (_moment(said[key], option=key) for key in ("from", "to", "known_by"))
    if first is not None and last is not None and last < first:
        raise UsageError(f"--from {said['from']} --to {said['to']}: ends before it begins")
    end = None if last is None else _end(last)
    interest = None if said["interest"] is None else _interest(found, said["interest"])
    about = _about(said["about"])
    wanted = Wanted(_places(found, place), about, said["speaker"], interest, first, end, known_by)
    return Asked(folder, found, wanted, _moment(on, option="on"), place)


def _moment(word: str | None, *, option: str) -> datetime | None:
    return None if word is None else moment(word, option=f"--{option.replace('_', '-')}")


def _end(last: datetime) -> datetime:
    """A day is asked for as a whole, a moment as itself."""
    return last + DAY if (last.hour, last.minute, last.second) == (0, 0, 0) else last


def _about(about: str | None) -> str | None:
    from isofront.evidence.claim import SUBJECTS

    if about is None or about in SUBJECTS:
        return about
    near = difflib.get_close_matches(about, SUBJECTS, n=3, cutoff=0.4)
    raise UsageError(f"--about {about!r}: wanted {', '.join(near or SUBJECTS)}")


def _interest(theatre: Theatre, word: str) -> str:
    if word.casefold() == "none":
        return "none"
    side = theatre.side_words.get(word.casefold())
    if side is None:
        raise UsageError(f"--interest {word!r}: wanted one of {', '.join(theatre.side_ids)}, none")
    return side


def _places(theatre: Theatre, place: str | None) -> tuple[str, ...]:
    """The names under which claims of a place are kept: those of the settlements so called, and the word itself."""
    if place is None:
        return ()
    from isofront.ground.places import folded
    from isofront.theatre import settlements_of

    wanted = folded(place)
    spelt = (
        one.name
        for one in settlements_of(theatre)
        if wanted in {folded(name) for name in (*one.names.values(), *one.spellings)}
    )
    return (*dict.fromkeys(spelt), place)


def _nothing(asked: Asked) -> str:
    """What to say where nothing fits: what else there is, or the nearest places."""
    from isofront.evidence.claim_index import Wanted, claims_wanted
    from isofront.evidence.ledger import ledger_path
    from isofront.theatre import settlements_of

    path = ledger_path(asked.folder)
    if not path.exists():
        return "nothing has been claimed yet (isofront claim keeps what somebody said)"
    here = claims_wanted(path, Wanted(asked.wanted.places))
    if here:
        abouts = sorted({one.about for one in here})
        return f"no claim that fits; of {asked.place or 'all places'} there are claims about {', '.join(abouts)}"
    near = difflib.get_close_matches(asked.place or "", [one.name for one in settlements_of(asked.theatre)], n=3)
    hint = f", nearest: {', '.join(near)}" if near and near[0] != asked.place else ""
    return f"no claim of {asked.place or 'any place'}{hint}"


# The list


def _list(asked: Asked, *, pool: bool) -> dict[str, Any]:
    from isofront.cli.claims_documents import group_document
    from isofront.findings import rival_groups

    some = asked.claims()
    groups = rival_groups(some)
    if not groups:
        print(f"isofront: {_nothing(asked)}", file=sys.stderr)
    look = _look(asked) if groups else None
    return {
        "stamp": _stamp(asked, some, look),
        "place": asked.place,
        "found": len(some),
        "groups": [
            group_document(one, asked.sides, _pooled(one) if pool else None, _place_on_map(look, one, asked))
            for one in groups
        ],
    }


def _look(asked: Asked) -> Look:
    from isofront.engine.claims import look

    with steps(1) as say:
        return look(asked.folder, on=asked.on, known_by=asked.wanted.known_by, progress=say)


def _stamp(asked: Asked, some: Sequence[Claim], look: Look | None) -> str:
    drawn = look is not None and look.map.draft is not None and look.map.draft.simulated
    return "PRIVATE SIMULATED" if drawn or asked.theatre.simulated or any(one.simulated for one in some) else "PRIVATE"


def _place_on_map(look: Look | None, group: Rivals, asked: Asked) -> dict[str, Any] | None:
    """The map and what was seen in the days before; before the day asked for, else the day after the last was said."""
    if look is None:
        return None
    from isofront.cli.claims_documents import on_map_document
    from isofront.engine.claims import window

    said = max(row.claim.said_at for row in group.rows).replace(hour=0, minute=0, second=0, microsecond=0)
    since, until = window(asked.on or max(said + DAY, look.map.as_of))
    return on_map_document(look.on_map(group.lon, group.lat, group.place, since=since, until=until))


def _pooled(group: Rivals) -> Pooled | str:
    """The pooled interval of what stands, or why there is none."""
    from isofront.findings import pooled

    try:
        return pooled([row.claim for row in group.rows if row.revised_by is None])
    except UsageError as fault:
        return str(fault)


# Control claims against evidence


def _control(asked: Asked) -> dict[str, Any]:
    from dataclasses import replace

    from isofront.cli.claims_documents import stated_document
    from isofront.findings import control_table

    until = None if asked.on is None else asked.on + DAY
    last = asked.wanted.last if until is None else min(until, asked.wanted.last or until)
    asked = replace(asked, wanted=replace(asked.wanted, about="control", last=last))
    some = asked.claims()
    if not some:
        print(f"isofront: {_nothing(asked)}", file=sys.stderr)
        return {"stamp": _stamp(asked, some, None), "map": None, "rows": []}
    look = _look(asked)
    end = asked.on or max(look.map.as_of, max(one.said_at for one in some) + DAY)
    rows = control_table(some, lambda claim: _since(look, claim, end))
    return {
        "stamp": _stamp(asked, some, look),
        "map": {"state": look.map.state.value, "as_of": f"{look.map.as_of:%Y-%m-%dT%H:%M:%SZ}"},
        "until": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "rows": [stated_document(row, asked.sides) for row in rows],
    }


def _since(look: Look, claim: Claim, end: datetime) -> Any:
    since = datetime.combine(claim.day, datetime.min.time(), end.tzinfo)
    return look.on_map(float(claim.lon), float(claim.lat), claim.place, since=since, until=max(end, since + DAY))


# What a word was worth


def _record(asked: Asked, against: Sequence[Path], *, side: str | None, after: int) -> dict[str, Any]:
    from isofront.cli.claims_documents import record_document
    from isofront.engine import ground_of
    from isofront.engine.claims import approved_maps, held_by_side, shares_over_time
    from isofront.findings import track_records

    ground, some = ground_of(asked.folder), asked.claims()
    if against:
        maps = _others_maps(against, ground.theatre, side)
    else:
        known_by = asked.wanted.known_by
        maps = [(one.as_of.date(), held_by_side(one.areas)) for one in approved_maps(ground, known_by=known_by)]
    if not some:
        print(f"isofront: {_nothing(asked)}", file=sys.stderr)
    if not maps:
        print("isofront: no approved map to hold claims against; --against FILE takes a mapper's", file=sys.stderr)
    shares: Callable[[Claim, str], Sequence[tuple[date, float]]] = shares_over_time(ground, some, maps)
    records = track_records(some, shares, days=after)
    return {
        "stamp": _stamp(asked, some, None),
        "maps": {
            "of": ", ".join(path.name for path in against) or "approved maps",
            "n": len(maps),
            "first": None if not maps else f"{maps[0][0]}",
            "last": None if not maps else f"{maps[-1][0]}",
        },
        "after_days": after,
        "speakers": [
            record_document(one, asked.sides)
            for one in records
            if one.claims or one.other_statements or one.revised_numbers
        ],
    }


def _others_maps(
    paths: Sequence[Path], theatre: Theatre, side: str | None
) -> list[tuple[date, Mapping[str, BaseGeometry]]]:
    """A mapper's dated maps as each side's held ground (km), in order of time."""
    from isofront.cli.front.dated import source_of
    from isofront.cli.front.flat import dated

    plain = side or theatre.anchor.holder or theatre.side_ids[0]
    if plain not in theatre.side_ids:
        raise UsageError(f"--side {plain!r}: wanted one of {', '.join(theatre.side_ids)}")
    source = source_of(list(paths), name=None)
    found = []
    for entry in source.entries:
        if entry.date is None:
            raise BadInputError(f"{entry.label}: no date in the file or its name; a record needs dated maps")
        held = dated(entry.read(), theatre.crs, side=plain).held
        if not set(held) & set(theatre.side_ids):
            raise BadInputError(f"{entry.label}: ground of {', '.join(held)}, wanted {', '.join(theatre.side_ids)}")
        found.append((entry.date.date(), held))
    return sorted(found, key=lambda pair: pair[0])
