"""`isofront front`: the shape of a front, on any polygons or on a theatre's own drafts: no network.

In: polygon files of any mapper, or a theatre's folder and a day. Out: what each command prints, as words or as one JSON
document. `corridor`, `pincers`, `change`, `regions`, `routes`, `series` are the commands; a file that ends in `_told`
says what was found. `dated`, `flat` and `reach` read dated maps of any mapper, `ground` the polygons of one day.
"""

from __future__ import annotations

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands of `front`; `corridor` with --from and --to is a series."""
    from isofront.cli.front.change import change
    from isofront.cli.front.corridor import corridor
    from isofront.cli.front.pincers import pincers
    from isofront.cli.front.regions import regions
    from isofront.cli.front.routes import routes
    from isofront.cli.front.series import SERIES, FrontGroup, corridor_series

    group = typer.Typer(cls=FrontGroup, help="the shape of the front: necks, pockets, enclosure", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("corridor")(corridor)
    group.command("pincers")(pincers)
    group.command("change")(change)
    group.command("regions")(regions)
    group.command("routes")(routes)
    group.command(SERIES, hidden=True)(corridor_series)
    app.add_typer(group, name="front")
