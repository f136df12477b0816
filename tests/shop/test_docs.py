"""Nothing public goes undocumented, and no link leads nowhere."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
import typer

from isofront.cli import COMMANDS, Command
from isofront.theatre import model

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "isofront"
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
BESIDE = sorted([*ROOT.glob("spec/*.md"), *ROOT.glob("bench/*.md"), *ROOT.glob("web/desk/*.md")])
COMMAND_PAGE = ROOT / "docs" / "commands.md"


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_says_in_a_few_lines_what_goes_in_and_out(room):
    lines = (importlib.import_module(f"isofront.{room}").__doc__ or "").strip().splitlines()
    assert 3 <= len(lines) <= 8, f"{room}/__init__.py: docstring of {len(lines)} lines, wanted 3 to 8"


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_lists_its_public_names_in_order(room):
    names = importlib.import_module(f"isofront.{room}").__all__
    assert list(names) == sorted(names, key=_isort_key), f"{room}.__all__ is not sorted"


def _isort_key(name: str) -> tuple[int, str]:
    """CONSTANTS, then Classes, then functions: the order that ruff keeps."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_is_documented(room):
    module = importlib.import_module(f"isofront.{room}")
    bare = [name for name in module.__all__ if not _documented(module, name)]
    assert not bare, f"isofront.{room}: no docstring for {bare}"


def _documented(module: object, name: str) -> bool:
    value = getattr(module, name)
    if inspect.isclass(value) or inspect.isroutine(value) or inspect.ismodule(value):
        doc = inspect.getdoc(value) or ""
        return bool(doc) and not doc.startswith(f"{name}(")
    return name in _told_constants()


@cache
def _told_constants() -> set[str]:
    """Constants whose assignment is followed by a sentence, or that a module's docstring or a page names."""
    told: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for here, after in pairwise(body):
            if isinstance(here, ast.Assign | ast.AnnAssign) and isinstance(after, ast.Expr):
                targets = here.targets if isinstance(here, ast.Assign) else [here.target]
                told |= {target.id for target in targets if isinstance(target, ast.Name)}
    return told | set(re.findall(r"`(\w+)`", "".join(page.read_text(encoding="utf-8") for page in PAGES)))


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_has_its_place(command):
    assert re.search(rf"^## {command}$", COMMAND_PAGE.read_text(encoding="utf-8"), re.MULTILINE), (
        f"`{command}`: no heading"
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_option_is_told_of_under_its_command(command):
    sections = re.split(r"^## ", COMMAND_PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    section = next((text for text in sections if text.startswith(f"{command.name}\n")), "")
    untold = sorted(option for option in _options(command) if option not in section)
    assert not untold, f"docs/commands.md, {command.name}: not told of {untold}"


def _options(command: Command) -> set[str]:
    app = typer.Typer(add_completion=False)
    app.callback()(lambda: None)
    importlib.import_module(command.module).register(app)
    return set(_options_of(typer.main.get_command(app).commands[command.name]))


def _options_of(command: object) -> list[str]:
    found = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
    for inner in getattr(command, "commands", {}).values():
        found += _options_of(inner)
    return found


def test_every_key_of_the_theatre_file_is_documented():
    page = (ROOT / "docs" / "theatre.md").read_text(encoding="utf-8")
    structs = [value for value in vars(model).values() if inspect.isclass(value) and issubclass(value, msgspec.Struct)]
    keys = {
        field.name for struct in structs if struct is not msgspec.Struct for field in msgspec.structs.fields(struct)
    }
    tables = {"sides", "sources", "barriers", "crossings", "settlements", "roads", "policy", "map", "anchor"}
    missing = sorted(key for key in keys - tables if f"`{key}`" not in page)
    assert not missing, f"docs/theatre.md lacks {missing}"
    assert all(re.search(rf"\[{key}\]|\.{key}\]", page) for key in tables)


def test_every_bench_is_told_of():
    told = (ROOT / "bench" / "README.md").read_text(encoding="utf-8")
    missing = [script.name for script in (ROOT / "bench").glob("*.py") if f"`{script.name}`" not in told]
    assert not missing, f"bench/README.md lacks {missing}"


def test_every_script_says_what_it_does_before_it_does_it():
    """`--help` must not begin a run of hours, nor write over the lock files."""
    scripts = [path for folder in ("bench", "tools") for path in sorted((ROOT / folder).glob("*.py"))]
    told = {path.name: path.read_text(encoding="utf-8") for path in scripts}
    run = {name: text for name, text in told.items() if 'if __name__ == "__main__":' in text}
    assert len(run) > 20
    assert [name for name, text in run.items() if "description=__doc__" not in text] == []


def test_every_script_that_a_page_names_is_there():
    pages = {page.name: page.read_text(encoding="utf-8") for page in [*PAGES, *BESIDE]}
    named = {
        (page, script) for page, text in pages.items() for script in re.findall(r"\b(?:bench|tools)/\w+\.py", text)
    }
    assert len(named) > 20
    assert sorted(one for one in named if not (ROOT / one[1]).is_file()) == []


@pytest.mark.parametrize("page", [*PAGES, *BESIDE], ids=lambda page: page.name)
def test_no_link_leads_nowhere(page):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    lost = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not lost, f"{page.name}: {lost}"


def test_the_readme_begins_with_a_sentence_a_picture_and_two_commands():
    first_screen = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40]
    assert any(line.startswith("![") for line in first_screen)
    assert {"make demo", "make test"} <= {line.split("#")[0].strip() for line in first_screen}


def test_the_changelog_opens_with_what_moved_on_the_map():
    headings = re.findall(r"^### (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "Maps"
