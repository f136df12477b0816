"""`isofront serve`: approved maps to the tools on this machine, read-only, as OGC API – Features."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.errors import BadInputError

if TYPE_CHECKING:
    from isofront.evidence.decision import Approval, ApprovedMap
    from isofront.server import Shelf


def register(app: typer.Typer) -> None:
    """Add `serve`."""
    app.command("serve")(serve)


def serve(
    folder: Annotated[Path, typer.Argument(help="a theatre's folder (its approved maps), or a folder written by map")],
    *,
    host: Annotated[str, typer.Option(help="address of this machine alone: 127.0.0.1, ::1 or localhost")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one", min=0, max=65535)] = 8730,
    drafts: Annotated[bool, typer.Option("--drafts", help="of map folders also drafts, marked as such")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document: where, and what is served")] = False,
) -> None:
    """Serve approved maps read-only, on this machine alone, stamped PRIVATE; Ctrl-C ends it."""
    from isofront.server import Served

    shelf = shelf_of(folder, drafts=drafts)
    served = Served(shelf, host=host, port=port)
    _say(shelf, served.url, as_json=as_json)
    served.run()


def shelf_of(folder: Path, *, drafts: bool = False) -> Shelf:
    """What a folder has to serve: a theatre's approved maps, or the files that `map` wrote."""
    from isofront.server import read_folder

    if (folder / "theatre.toml").is_file():
        return _approved(folder)
    return read_folder(folder, drafts=drafts)


def _approved(folder: Path) -> Shelf:
    """Every day's last approved map of a theatre, from its ledger."""
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
    return Shelf.of(theatre.name, {"areas": features})


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
        print(json.dumps(document | {"collections": names}, ensure_ascii=False), flush=True)
        return
    listed = ", ".join(f"{name} ({n:,})" for name, n in names.items())
    print(f"{shelf.stamp}  {shelf.title}: {len(shelf.days)} days; {listed}")
    print(f"{url}/  read-only, this machine alone; Ctrl-C ends it", flush=True)
