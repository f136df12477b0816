"""The command line: a thin row of commands, in the order in which data flow.

In: words typed by a person or a script. Out: what the command prints, and an exit code. This page knows every command
by name and one line, imports only the one that is called, sets up logging, and is the one place where an error becomes
an exit code. A command's module has `register(app)`, which adds it to a Typer app.
"""

from __future__ import annotations

import atexit
import contextlib
import difflib
import errno
import gc
import io
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from isofront import __version__
from isofront.cli.beside_site import refuse_in_site
from isofront.cli.names import without_names
from isofront.errors import Interrupted, IsofrontError, UsageError
from isofront.heap import share_one_heap
from isofront.late_modules import load_late

__all__ = ["COMMANDS", "Command", "main"]


@dataclass(frozen=True, slots=True)
class Command:
    """A command's name, the module whose `register(app)` brings it, and what it does in one line."""

    name: str
    module: str
    does: str


COMMANDS: tuple[Command, ...] = (
    Command("init", "isofront.cli.init", "start a theatre: sides, bounds, grid and the map to begin from"),
    Command("add", "isofront.cli.add", "add evidence files to the ledger"),
    Command("check", "isofront.cli.add", "say what add would do with files, and write nothing"),
    Command("map", "isofront.cli.map", "draw who holds what on a day, with doubt and reasons"),
    Command("why", "isofront.cli.why", "say which reports made a spot what it is"),
    Command("review", "isofront.cli.review", "decide what the draft would change against the approved map"),
    Command("desk", "isofront.cli.desk", "open the mapper's page: enter evidence, decide, draw"),
    Command("publish", "isofront.cli.publish", "make a public edition of an approved day and write the site"),
    Command("correct", "isofront.cli.publish", "put a published edition right, and say so"),
    Command("pull", "isofront.cli.publish", "take a published edition out of the public's sight at once"),
    Command("claim", "isofront.cli.claim", "keep what somebody said: a number, a ratio, who holds a place"),
    Command("claims", "isofront.cli.claims", "list what was said, side by side, beside the map"),
    Command("assess", "isofront.cli.assess", "keep a judgement with its probability word, and later what came of it"),
    Command("brief", "isofront.cli.brief", "write the day's situation brief, each sentence with its sources"),
    Command("retract", "isofront.cli.ledger", "take a report back"),
    Command("redact", "isofront.cli.ledger", "destroy a report's bytes and leave a tombstone"),
    Command("ledger", "isofront.cli.ledger", "verify the ledger"),
    Command("handover", "isofront.cli.handover", "say on one screen what the next person must know"),
    Command("bundle", "isofront.cli.bundle", "carry reports and decisions between two ledgers of one theatre"),
    Command("demo", "isofront.cli.demo", "map the embedded, simulated scenario"),
    Command("front", "isofront.cli.front", "measure pockets, necks and enclosure on any polygons"),
    Command("read-map", "isofront.cli.read_map", "read other makers' maps into held, grey and the other classes"),
    Command("compare", "isofront.cli.compare", "hold two mappers' maps side by side"),
    Command("read-events", "isofront.cli.read_events", "read other people's event feeds into evidence files"),
    Command("read", "isofront.cli.read", "read an article: places, numbers and who says them, as drafts"),
    Command("export", "isofront.cli.export", "write a map in the formats that other tools open"),
    Command("serve", "isofront.cli.serve", "serve a published site, or approved maps to the tools on this machine"),
    Command("demo-real", "isofront.cli.demo_real", "map and score real ground, if its data lie beside the checkout"),
    Command("score", "isofront.cli.score", "measure maps against a reference that drew the same days"),
    Command("learn", "isofront.cli.learn", "learn from a theatre's own past maps and reports"),
    Command("simulate", "isofront.cli.simulate", "make an invented war whose truth is known"),
)
"""In the order of the data's way: first what fills a theatre, then what reads it, then what other files hold."""

_WITHIN = {"verify": "ledger", "corridor": "front", "pincers": "front", "routes": "front", "regions": "front",
           "change": "front", "in": "bundle", "out": "bundle"}  # fmt: skip
"""Commands of a second word, by that word."""

RUBBISH = (100_000, 50, 100)
"""How seldom Python looks for objects that hold each other, counted in new objects and in such searches."""

_HELP = """Usage: isofront [-v] COMMAND [ARGS]...

Graded open-source evidence in, a map of who holds what out: with its doubt and its reasons.

Commands, in the order of the data's way:
{commands}

Options:
  -v, --verbose  say more on stderr; twice for everything
  --version      print the version
  --help         print this page, or after a command's name its own

Exit codes: 0 done, 1 failed, 2 wrong use, 3 bad input, 4 integrity, 130 interrupted.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code, with every error as one line on stderr."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # idle threads must not spin: others use this machine too
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")  # nor those of BLAS: by themselves each spins for 25 ms
    share_one_heap()
    load_late()
    seldom_look_for_rubbish()
    _have_somewhere_to_speak()
    _speak_utf8()
    try:
        code = _run(words)
        sys.stdout.flush()
        return code
    except BaseException as fault:
        code, message = _verdict(fault)
        _tell(message, code=code, as_json="--json" in words)
        return code


def seldom_look_for_rubbish() -> None:
    """A command is over soon: what nothing refers to any more is freed all the same, only rings of objects wait.

    By Python's own numbers such searches took a tenth of a brief's time, half of it at the very end, where the process
    gives everything back anyway.
    """
    gc.set_threshold(*RUBBISH)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)


def help_page() -> str:
    """What `isofront --help` prints."""
    width = max(len(command.name) for command in COMMANDS)
    return _HELP.format(commands="\n".join(f"  {command.name:<{width}}  {command.does}" for command in COMMANDS))


def _run(words: list[str]) -> int:
    loudness = 0
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word in ("--help", "-h"):
            return _printed(help_page())
        if word == "--version":
            return _printed(f"isofront {__version__}\n")
        if word not in ("-v", "-vv", "--verbose"):
            raise UsageError(f"option {word} is not known; `isofront --help` lists all")
        loudness += 2 if word == "-vv" else 1
    if not words:
        raise UsageError(f"no command given, wanted one of: {', '.join(command.name for command in COMMANDS)}")
    _log(loudness)
    command = _command(words[0])
    refuse_in_site(words)
    return _called(command, without_names(words))


def _printed(text: str) -> int:
    sys.stdout.write(text)
    return 0


def _log(loudness: int) -> None:
    """What the rooms log goes to stderr, in the voice of this program; other libraries keep theirs."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("isofront: %(message)s"))
    logger = logging.getLogger("isofront")
    logger.handlers[:] = [handler]
    logger.setLevel((logging.WARNING, logging.INFO, logging.DEBUG)[min(loudness, 2)])


def _command(name: str) -> Command:
    for command in COMMANDS:
        if command.name == name:
            return command
    close = difflib.get_close_matches(name, [command.name for command in COMMANDS], n=1)
    nearest = f"; nearest: {close[0]}" if close else "; `isofront --help` lists all"
    within = _WITHIN.get(name)
    nearest = f"; wanted: {within} {name}" if within else nearest
    raise UsageError(f"command {name!r} is not known{nearest}")


def _called(command: Command, words: list[str]) -> int:
    """The command's module is imported here and no sooner, so that no other waits for it."""
    import typer

    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback()(_no_options_of_its_own)
    import_module(command.module).register(app)
    result = typer.main.get_command(app).main(args=words, prog_name="isofront", standalone_mode=False)
    if result == Interrupted.exit_code:  # Typer takes Ctrl-C for an answer; the person is told what became of it
        raise KeyboardInterrupt
    return result if isinstance(result, int) else 0


def _no_options_of_its_own() -> None:
    """Makes the app a group of commands even if only one is in it."""


def _verdict(fault: BaseException) -> tuple[int, str | None]:
    """The exit code of an error and the line that tells it; None where there is nothing to say."""
    kinds = {kind.__name__ for kind in type(fault).__mro__}
    for kind, code, words in _VERDICTS:
        if kind in kinds:
            return getattr(fault, "exit_code", code) if kind == "IsofrontError" else code, words(fault)
    if isinstance(fault, SystemExit):
        return (fault.code if isinstance(fault.code, int) else 1), None
    traceback.print_exception(fault)
    return 1, f"unexpected {type(fault).__name__}: {fault} (a fault in Isofront; the lines above help to mend it)"


def _told(fault: BaseException) -> str:
    return str(fault)


def _stopped(_: BaseException) -> str:
    return "interrupted; what was acknowledged is safe"


def _short_of_memory(_: BaseException) -> str:
    return "out of memory; a larger cell_m or smaller bounds in theatre.toml need less"


def _on_files(fault: BaseException) -> str:
    where = getattr(fault, "filename", None) or "a file"
    full = getattr(fault, "errno", None) == errno.ENOSPC
    return f"{where}: the disk is full" if full else f"{where}: {getattr(fault, 'strerror', None) or fault}"


def _misused(fault: BaseException) -> str:
    from isofront.cli.misuse import misused

    return misused(fault)


def _nothing(_: BaseException) -> None:
    return None


_VERDICTS: tuple[tuple[str, int, Callable[[BaseException], str | None]], ...] = (
    ("IsofrontError", IsofrontError.exit_code, _told),
    ("ClickException", UsageError.exit_code, _misused),
    ("KeyboardInterrupt", Interrupted.exit_code, _stopped),
    ("Abort", Interrupted.exit_code, _stopped),
    ("BrokenPipeError", 1, _nothing),
    ("MemoryError", 1, _short_of_memory),
    ("OSError", 1, _on_files),
)
"""Kinds of error by name (Typer carries its own copy of Click's), the exit code of each, and how it is told."""


def _tell(message: str | None, *, code: int, as_json: bool) -> None:
    """One line on stderr; under --json the same as the one document on stdout."""
    if message is None:
        _forget_stdout()
        return
    line = " ".join(message.split())
    print(f"isofront: {line}", file=sys.stderr)
    if as_json:
        with contextlib.suppress(OSError):
            print(json.dumps({"error": line, "exit_code": code}, ensure_ascii=False), flush=True)


def _forget_stdout() -> None:
    """If the reader of a pipe went away, let what is left go nowhere, or Python complains when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _have_somewhere_to_speak() -> None:
    """Who closed a stream (`>&-`) wants nothing from it: what goes there is dropped, and the exit code still counts."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115, as long as the process


def _speak_utf8() -> None:
    """Names of places come in every script, also where the console's code page is an old one."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
