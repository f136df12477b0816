"""`isofront serve`: a published site to everybody, or approved maps to the tools on this machine; read-only."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.errors import BadInputError, Interrupted, UsageError

if TYPE_CHECKING:
    from isofront.evidence.decision import Approval, ApprovedMap
    from isofront.server import Said, Shelf, Site
    from isofront.theatre.model import Theatre

LIST = "editions.json"


def register(app: typer.Typer) -> None:
    """Add `serve`."""
    app.command("serve")(serve)


def serve(
    folder: Annotated[
        Path, typer.Argument(help="a site written by publish; else a theatre's folder, or one written by map: PRIVATE")
    ],
    *,
    host: Annotated[
        str, typer.Option(help="address to listen on; of what is PRIVATE one of this machine alone")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one", min=0, max=65535)] = 8730,
    url: Annotated[str | None, typer.Option(help="of a site: the address that readers use, for links")] = None,
    rate: Annotated[
        float, typer.Option(help="of a site: requests a second that one address may keep up; 0 for no limit", min=0)
    ] = 50.0,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="count by the address that a proxy on this machine adds")
    ] = False,
    drafts: Annotated[bool, typer.Option("--drafts", help="of map folders also drafts, marked as such")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document: where, and what is served")] = False,
) -> None:
    """Serve a published site, or approved maps to this machine alone (stamped PRIVATE); read-only; Ctrl-C ends it."""
    from isofront.server import Doorway, Served

    what = what_of(folder, drafts=drafts)
    _refuse_public_words(what, url=url, behind_proxy=behind_proxy)
    served = Served(what, Doorway(host, port, url, rate, behind_proxy))
    _say(what if not hasattr(what, "snapshot") else what.snapshot().shelf, served.url, as_json=as_json)
    with until_ctrl_c("nothing is served any more"):
        served.run()


@contextmanager
def until_ctrl_c(what: str) -> Iterator[None]:
    """Ctrl-C is how this work ends: no fault, and no second document on stdout."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"isofront: ended; {what}", file=sys.stderr)
        raise SystemExit(Interrupted.exit_code) from None


def what_of(folder: Path, *, drafts: bool = False) -> Shelf | Site:
    """A published site where the folder is one, else what of it may be shown on this machine."""
    from isofront.server import Site

    if (folder / LIST).is_file():
        if drafts:
            raise UsageError(f"--drafts: {folder} is a published site, which has none")
        from isofront.cli.map import steps

        with steps(1) as say:
            return Site(folder, progress=say)
    return shelf_of(folder, drafts=drafts)


def _refuse_public_words(what: Shelf | Site, *, url: str | None, behind_proxy: bool) -> None:
    """What is private gets no address for others."""
    from isofront.server import Site

    if not isinstance(what, Site) and (url is not None or behind_proxy):
        word = "--url" if url is not None else "--behind-proxy"
        raise UsageError(f"{word}: what is served is PRIVATE and stays on this machine, wanted a published site")


def shelf_of(folder: Path, *, drafts: bool = False) -> Shelf:
    """What a folder has to serve: a theatre's approved maps, or the files that `map` wrote."""
    from isofront.server import read_folder

    if (folder / "theatre.toml").is_file():
        return _approved(folder)
    return read_folder(folder, drafts=drafts)


def _approved(folder: Path) -> Shelf:
    """Every day's last approved map of a theatre, from its ledger, and the claims in it."""
    from dataclasses import replace

    from isofront.evidence import Ledger, ledger_path
    from isofront.evidence.decision import read_approved, read_history
    from isofront.server import Shelf
    from isofront.theatre import load

    theatre, path = load(folder), ledger_path(folder)
    features: list[tuple[datetime, Mapping[str, Any]]] = []
    if path.exists():
        with Ledger.open(path) as ledger:
            latest = {one.as_of: (n, one) for n, one in read_history(ledger).approvals}
            for day, (n, one) in latest.items():
                features += [(day, feature) for feature in _features(read_approved(ledger, n), one)]
    if not features:
        raise BadInputError(f"{folder}: no approved map in its ledger, wanted one: isofront review {folder} --approve")
    shelf, claims = Shelf.of(theatre.name, {"areas": features}), _claims(path, theatre)
    simulated = "SIMULATED" in shelf.stamp or theatre.simulated or any(one.simulated for one in claims)
    return replace(shelf, claims=claims, stamp="PRIVATE SIMULATED" if simulated else "PRIVATE")


def _claims(path: Path, theatre: Theatre) -> tuple[Said, ...]:
    """What was said, a record each as `isofront claims --json` has them."""
    from isofront.cli.claims_documents import group_document
    from isofront.evidence.claim_index import Wanted, claims_wanted
    from isofront.findings import rival_groups
    from isofront.server import Said
    from isofront.theatre import settlements_of

    sides = {side.id: side.name() for side in theatre.sides}
    names = {one.name: (*one.names.values(), *one.spellings) for one in settlements_of(theatre)}
    return tuple(
        Said(
            (group.place, *names.get(group.place, ())),
            group.about,
            row.claim.said_at,
            {"place": group.place, "lon": group.lon, "lat": group.lat, "about": group.about} | told,
            row.claim.simulated,
        )
        for group in rival_groups(claims_wanted(path, Wanted()))
        for row, told in zip(group.rows, group_document(group, sides, None, None)["rows"], strict=True)
    )


def _features(found: ApprovedMap, approval: Approval) -> list[Mapping[str, Any]]:
    """An approved map's areas as GeoJSON features, one coverage still."""
    import shapely
    from shapely.geometry import mapping

    from isofront.publish.lonlat import coverage_in_lonlat

    shapes = [shapely.MultiPolygon([(rings[0], rings[1:]) for rings in one.polygons]) for one in found.areas]
    placed = coverage_in_lonlat(shapes, crs=found.crs)
    simulated = approval.simulated
    about = {"state": "approved", "simulated": simulated, "stamp": "PRIVATE SIMULATED" if simulated else "PRIVATE"}
    return [
        {
            "geometry": mapping(shape),
            "properties": {
                "class": "grey" if one.side is None else "held",
                "side": one.side,
                "grey_reason": one.grey_reason,
            }
            | about,
        }
        for shape, one in zip(placed, found.areas, strict=True)
        if not shape.is_empty
    ]


def _say(shelf: Shelf, url: str, *, as_json: bool) -> None:
    for note in shelf.notes:
        print(f"isofront: {note}", file=sys.stderr)
    names = {name: len(one.items) for name, one in shelf.collections.items()}
    if as_json:
        document = {"url": url, "stamp": shelf.stamp, "days": [f"{day:%Y-%m-%d}" for day in shelf.days]}
        counts = {"collections": names, "editions": len(shelf.editions), "claims": len(shelf.claims)}
        print(json.dumps(document | counts, ensure_ascii=False), flush=True)
        return
    listed = ", ".join(f"{name} ({n:,})" for name, n in names.items())
    days = f"{len(shelf.days)} day{'s' * (len(shelf.days) != 1)}"
    print(f"{shelf.stamp}  {shelf.title}: {days}; {listed or 'no edition stands'}")
    whom = "for everybody who reaches this address" if shelf.public else "this machine alone"
    print(f"{url}/  read-only, {whom}; Ctrl-C ends it", flush=True)
