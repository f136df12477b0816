"""A command that was typed wrongly, told so that the next try is right: what is missing, and what was wanted.

Typer carries its own copy of Click's errors, so they are known by their names and looked into, never imported.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

_FILE = "theatre.toml"
_EXTRA = "Got unexpected extra argument"
_NO_COMMAND = "No such command"
_ALIKE = 0.7
_DAY = ("--as-of", "--on")
"""What a day is called where something is made of it, and where something is asked of it."""


def misused(fault: Any) -> str:
    """One line on what is wrong with the words of a command, and what was wanted."""
    said = str(getattr(fault, "format_message", fault.__str__)())
    return _told(fault, said, getattr(fault, "ctx", None)) or said


def _told(fault: Any, said: str, context: Any) -> str | None:
    kind, told = type(fault).__name__, None
    if kind == "MissingParameter":
        told = _missing(getattr(fault, "param", None))
    elif kind == "BadParameter":
        told = _no_number(fault)
    elif context is None:
        pass
    elif kind == "NoArgsIsHelpError":
        told = f"{_called(context)}: no command given, wanted one of: {_commands(context)}"
    elif kind == "NoSuchOption":
        told = _theatre_first(context, str(fault.option_name)) or _no_option(context, str(fault.option_name))
    elif said.startswith(_NO_COMMAND):
        word = said.removeprefix(_NO_COMMAND).split(".")[0].strip()
        told = f"{_called(context)} {word}: no such command, wanted one of: {_commands(context)}"
    elif said.startswith(_EXTRA):
        told = _extra(said) + _swallowed(context)
    return told


def _called(context: Any) -> str:
    """The command as it is typed, without the program's name."""
    return str(context.command_path).partition(" ")[2] or str(context.command_path)


def _commands(context: Any) -> str:
    found = {name: context.command.get_command(context, name) for name in context.command.list_commands(context)}
    return ", ".join(name for name, command in found.items() if command is not None and not command.hidden)


def _missing(parameter: Any) -> str | None:
    """Which word is missing and what its help says of it."""
    name, wanted = _name(parameter), getattr(parameter, "help", None)
    return f"{name} is missing, wanted: {wanted}" if name and wanted else None


def _name(parameter: Any) -> str | None:
    """An option's name, or what stands for a word in the help."""
    if getattr(parameter, "param_type_name", "") == "option":
        return str(max(parameter.opts, key=len))
    name: str | None = getattr(parameter, "metavar", None) or getattr(parameter, "name", None)
    return name and name.upper()


def _no_number(fault: Any) -> str | None:
    """What was read where numbers were wanted, and how many are."""
    parameter = getattr(fault, "param", None)
    told: list[dict[str, Any]] = getattr(fault.__cause__, "errors", list)()
    if parameter is None or not told or not str(told[0]["type"]).startswith(("float_", "int_")):
        return None
    many = getattr(parameter, "nargs", 1)
    wanted = f"{many} numbers with spaces between" if many > 1 else "a number"
    return f"{_name(parameter)}: read {str(told[0]['input'])[:40]!r}, wanted {wanted}: {parameter.help}"


def _extra(said: str) -> str:
    """Words that nothing takes; a theatre among them is named by an option."""
    words = said.partition("(s) (")[2].removesuffix(")").split()
    theatres = [word for word in words if _is_theatre(word)]
    hint = f"; a theatre is named by --theatre {theatres[0]}" if theatres else ""
    return f"{', '.join(words) or said}: nothing more was wanted here{hint}"


def _no_option(context: Any, name: str) -> str:
    """What means the same or is written most like an option that is not there, else all that the command takes."""
    words = [one for one in context.command.params if getattr(one, "param_type_name", "") == "argument"]
    options = [opt for one in context.command.params if one not in words for opt in one.opts if opt.startswith("--")]
    near = [f"--{one}" for one in difflib.get_close_matches(name[2:], [opt[2:] for opt in options], n=2, cutoff=_ALIKE)]
    near = [opt for opt in _DAY if name in _DAY and opt in options] or near
    takes = [str(_name(one)) for one in words] + options
    hint = f"nearest: {', '.join(near)}" if near else f"it takes {', '.join(takes) or f'one of: {_commands(context)}'}"
    return f"{_called(context)} has no {name}; {hint}"


def _theatre_first(context: Any, name: str) -> str | None:
    """Where a theatre is named by a word alone."""
    if name != "--theatre":
        return None
    first = next((one for one in context.command.params if one.name == "theatre"), None)
    if first is None or getattr(first, "param_type_name", "") != "argument":
        return None
    return f"{_called(context)} has no --theatre: the folder is a word alone, as in isofront {_called(context)} FOLDER"


def _swallowed(context: Any) -> str:
    """An option that took another one's name for its own second word."""
    for one in context.command.params:
        words = context.params.get(one.name)
        if isinstance(words, tuple) and any(str(word).startswith("--") for word in words):
            return f"; {_name(one)} took {' and '.join(map(repr, words))}, wanted {len(words)} words: {one.help}"
    return ""


def _is_theatre(word: str) -> bool:
    try:
        return (Path(word) / _FILE).is_file()
    except (OSError, ValueError):
        return False
