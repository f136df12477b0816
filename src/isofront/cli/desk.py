"""`isofront desk`: the mapper's page over a theatre's ledger and drafts, on this machine alone."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from isofront.cli.desk_gis import desk_in, desk_out
from isofront.cli.serve import until_ctrl_c
from isofront.errors import IsofrontError, UsageError


class _OpenUnlessTold(TyperGroup):
    """`desk` alone, or with options, is `desk open`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The words, with `open` before them if they name no other command."""
        told = bool(args) and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if told else ["open", *args])


def register(app: typer.Typer) -> None:
    """Add `desk`, `desk out` and `desk in`."""
    group = typer.Typer(help="the mapper's page, and QGIS beside it", cls=_OpenUnlessTold, rich_markup_mode=None)
    group.callback()(lambda: None)
    group.command("open")(desk)
    group.command("out")(desk_out)
    group.command("in")(desk_in)
    app.add_typer(group, name="desk")


def desk(
    *,
    theatre: Annotated[Path, typer.Option("--theatre", help="the theatre's folder")] = Path(),
    port: Annotated[int, typer.Option(help="0 takes a free one", min=0, max=65535)] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="only print the address")] = False,
    by: Annotated[str, typer.Option("--by", help="the name or pseudonym on what you decide")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document: the address")] = False,
) -> None:
    """Open the desk: enter evidence, work through the queue, draw, decide. PRIVATE; Ctrl-C ends it."""
    if not (theatre / "theatre.toml").is_file():
        raise UsageError(f"--theatre {theatre}: holds no theatre.toml, wanted a theatre's folder (isofront init)")
    from isofront.desk import Desk, Opened

    opened = Opened(Desk(theatre, editor=by), port=port)
    if as_json:
        print(json.dumps({"url": opened.url, "stamp": "PRIVATE"}), flush=True)
    else:
        print("PRIVATE  the desk is open, on this machine alone; the address is a key, keep it. Ctrl-C ends it")
        print(opened.url, flush=True)
    with contextlib.ExitStack() as until_closed:
        if not no_browser:
            _show(until_closed.enter_context(_way_in(opened.url, theatre)))
        with until_ctrl_c("what was saved is in the ledger, and a row being written comes back"):
            opened.run()


def _show(url: str) -> None:
    import webbrowser

    if not webbrowser.open(url):
        print("isofront: no browser could be started; open the address above", file=sys.stderr)


@contextlib.contextmanager
def _way_in(url: str, folder: Path) -> Iterator[str]:
    """The address of a private file that leads on to the desk, for as long as the desk is open.

    A browser's command line is read by everybody on this machine, and the desk's address holds its key. In a folder
    that cannot be written it is the desk's own address.
    """
    from isofront.desk.desk import PRIVATE_FOLDER
    from isofront.ground.files import write_atomically

    file = folder.resolve() / PRIVATE_FOLDER / f"open-{os.getpid()}.html"
    page = (
        f'<!doctype html><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url={url}">'
    )
    try:
        write_atomically(file, page.encode(), private=True)
    except (OSError, IsofrontError):
        yield url
        return
    try:
        yield file.as_uri()
    finally:
        file.unlink(missing_ok=True)
