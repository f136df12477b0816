from __future__ import annotations

import atexit
import errno
import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from isofront import __version__, cli
from isofront.cli import COMMANDS, RUBBISH, main
from isofront.errors import BadInputError, IntegrityError, Interrupted, IsofrontError, TheatreError, UsageError
from isofront.front import frame_km
from isofront.theatre import load, read_anchor

ANCHOR = b'{"type":"Polygon","coordinates":[[[37.2,47.9],[38.1,47.9],[38.1,48.9],[37.1,48.9],[37.2,47.9]]]}'
INIT = [
    *("--bounds", "36.4", "47.9", "38.1", "48.9", "--crs", "EPSG:32637", "--cell", "250", "--protect", "none"),
    *("--side", "ru=Russia", "--side", "ua=Ukraine"),
    *("--anchor", "start.geojson", "--anchor-date", "2025-08-01", "--anchor-holder", "ru"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "start.geojson").write_bytes(ANCHOR)
    return tmp_path


def without(option: str, n_values: int = 1) -> list[str]:
    at = INIT.index(option)
    return INIT[:at] + INIT[at + 1 + n_values :]


def test_help_names_every_command_in_the_order_of_the_datas_way(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    page = capsys.readouterr().out
    spots = [page.index(f"\n  {command.name} ") for command in COMMANDS]
    assert spots == sorted(spots)
    assert "Exit codes" in page


def test_help_and_version_load_none_of_the_heavy_rooms() -> None:
    heavy = ["numpy", "shapely", "pyproj", "typer", "geopandas", "matplotlib"]
    code = (
        f"import sys; from isofront.cli import main; main(['--help']); sys.exit(any(m in sys.modules for m in {heavy}))"
    )
    before = os.times()
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
    after = os.times()
    assert after.children_user + after.children_system - before.children_user - before.children_system < 2


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_has_its_module_and_its_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert f"isofront {command}" in capsys.readouterr().out


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"isofront {__version__}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "no command given"),
        (["inti"], "command 'inti' is not known; nearest: init"),
        (["xyzzy"], "command 'xyzzy' is not known"),
        (["--frobnicate"], "option --frobnicate is not known"),
        (["init"], "NAME"),
        (["init", "x", "--bounds", "1", "2"], "--bounds"),
        (["init", "x", "--frobnicate"], "--frobnicate"),
        (["init", "x", *INIT, "--bounds", "a", "b", "c", "d"], "--bounds: read 'a'"),
        (["init", "x", *without("--protect")], "--protect is missing, wanted none, ru, ua or both"),
        (["init", "x", *INIT, "--protect", "us"], "--protect 'us', wanted none, ru, ua or both"),
        (["init", "x", *INIT, "--side", "us=USA"], "--side was given 3 times, wanted twice"),
        (["init", "x", *without("--side")], "--side was given once, wanted twice"),
        (["init", "x", *INIT, "--crs", "EPSG:4326"], "--crs: crs 'EPSG:4326' (WGS 84) is not flat in metres"),
        (["init", "x", *INIT, "--cell", "1"], "--cell: cells of 1 m"),
        (["init", "x", *INIT, "--bounds", "38", "47", "36", "48"], "--bounds: west 38.0 is not west of east 36.0"),
        (["init", "x", *INIT, "--bounds", "nan", "47", "36", "48"], "--bounds: (nan, 47.0) is not finite"),
        (["init", "x", *INIT, "--bounds", "33", "45", "41", "52", "--cell", "25"], "--cell: a grid of"),
        (["init", "x", *INIT, "--anchor-date", "soon"], "--anchor-date 'soon', wanted a day"),
        (["init", "x", *INIT, "--anchor-holder", "us"], "--anchor-holder: side 'us' is not in this theatre"),
        (["init", "start.geojson", *INIT], "is a file, wanted a folder"),
    ],
)
def test_wrong_use_is_exit_2_and_one_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("isofront: ")
    assert said in err
    assert err.count("\n") == 1
    assert not Path("x").exists()


def test_a_name_that_is_no_text_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "x", *INIT, "--title", "\udcff"]) == 2
    assert "bytes that are no text" in capsys.readouterr().err


def test_a_side_that_is_no_pair_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    for side in ("Russia", "=Russia", "ru=", "none=None", "ru=Russia/Росія"):
        assert main(["init", "x", *without("--side"), "--side", side]) == 2
        assert f"--side {side!r}" in capsys.readouterr().err


def test_init_makes_a_theatre_that_loads(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [word.replace("ru=Russia", "ru=Russia/uk:Росія") for word in INIT]
    assert main(["init", "wars/pokrovsk", *words]) == 0
    assert "next: isofront add --theatre" in capsys.readouterr().out
    theatre = load(folder / "wars" / "pokrovsk")
    assert theatre.name == "pokrovsk"
    assert theatre.side_ids == ("ru", "ua")
    assert theatre.sides[0].names == {"en": "Russia", "uk": "Росія"}
    assert theatre.protected_sides == ()
    assert theatre.anchor.date.isoformat() == "2025-08-01T00:00:00+00:00"
    assert read_anchor(theatre, folder / "wars" / "pokrovsk").held["ru"].area > 5_000
    assert sorted(file.name for file in (folder / "wars" / "pokrovsk").iterdir()) == ["anchor.geojson", "theatre.toml"]


def test_init_counts_the_anchors_ground_within_the_bounds_and_says_a_date_to_come(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "x", *INIT, "--json"]) == 0
    told = capsys.readouterr()
    theatre = load(folder / "x")
    assert "in the future" not in told.err
    within = frame_km(theatre.box, crs=theatre.crs).area
    assert sum(json.loads(told.out)["anchor_km2"].values()) == pytest.approx(within, abs=1)
    assert main(["init", "y", *INIT, "--anchor-date", "2999-01-01"]) == 0
    assert "--anchor-date 2999-01-01 lies in the future" in capsys.readouterr().err


@pytest.mark.parametrize(("protect", "sides"), [("none", ()), ("ru", ("ru",)), ("both", ("ru", "ua"))])
def test_init_protects_whom_it_is_told_to(folder: Path, protect: str, sides: tuple[str, ...]) -> None:
    assert main(["init", "x", *INIT, "--protect", protect]) == 0
    assert load(folder / "x").protected_sides == sides


def test_init_never_overwrites_a_theatre(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "x", *INIT]) == 0
    before = (folder / "x" / "theatre.toml").read_bytes()
    assert main(["init", "x", *INIT, "--cell", "500"]) == 2
    assert "a theatre is there already" in capsys.readouterr().err
    assert (folder / "x" / "theatre.toml").read_bytes() == before


def test_init_takes_land_and_settlements(folder: Path) -> None:
    (folder / "land.json").write_text(
        '{"type":"Polygon","coordinates":[[[30,40],[45,40],[45,55],[30,55],[30,40]]]}', encoding="utf-8"
    )
    (folder / "towns.csv").write_text("name;lon;lat\nTown;37;48.2\n", encoding="utf-8")
    assert main(["init", "x", *INIT, "--land", "land.json", "--settlements", "towns.csv", "--title", "A war"]) == 0
    theatre = load(folder / "x")
    assert (theatre.land, theatre.title, theatre.settlements[0].name) == ("land.geojson", "A war", "Town")


def test_without_a_crs_init_takes_the_utm_zone(folder: Path) -> None:
    assert main(["init", "x", *without("--crs")]) == 0
    assert load(folder / "x").crs == "EPSG:32637"


def test_bad_anchors_are_exit_3_and_leave_no_theatre(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for content in (b"", b"\x00\xff", b"[" * 100_000, ANCHOR.replace(b"37.2", b"500037.2"), b'{"type":"Point"}'):
        (folder / "start.geojson").write_bytes(content)
        assert main(["init", "x", *INIT]) == 3
        assert capsys.readouterr().err.startswith("isofront: start.geojson")
        assert not (folder / "x").exists()


def test_under_json_stdout_is_one_document_for_good_and_bad(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "x", *INIT, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sides"] == ["ru", "ua"]
    assert main(["init", "x", *INIT, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["exit_code"] == 2


class Failing:
    """A command's module that raises what it is told to."""

    def __init__(self, fault: BaseException) -> None:
        self.fault = fault

    def register(self, app: typer.Typer) -> None:
        @app.command("fail")
        def fail() -> None:
            raise self.fault


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (IsofrontError("no"), 1, "isofront: no\n"),
        (UsageError("no"), 2, "isofront: no\n"),
        (BadInputError("no"), 3, "isofront: no\n"),
        (TheatreError("two\nlines"), 3, "isofront: two lines\n"),
        (IntegrityError("no"), 4, "isofront: no\n"),
        (Interrupted("no"), 130, "isofront: no\n"),
        (typer.Abort(), 130, "isofront: interrupted; what was acknowledged is safe\n"),
        (KeyboardInterrupt(), 130, "isofront: interrupted; what was acknowledged is safe\n"),
        (typer.BadParameter("no"), 2, "no"),
        (typer.Exit(3), 3, ""),
        (SystemExit(4), 4, ""),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "out.tif"), 1, "isofront: out.tif: the disk is full\n"),
        (PermissionError(errno.EACCES, "Permission denied", "out.tif"), 1, "isofront: out.tif: Permission denied\n"),
        (MemoryError(), 1, "isofront: out of memory"),
        (ZeroDivisionError("oops"), 1, "unexpected ZeroDivisionError: oops"),
    ],
)
def test_every_kind_of_error_has_its_exit_code_and_its_line(
    fault: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(cli, "import_module", lambda name: Failing(fault))
    monkeypatch.setattr(cli, "COMMANDS", (cli.Command("fail", "none", "fails"),))
    assert main(["fail"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert ("Traceback" in err) == isinstance(fault, ZeroDivisionError)


def test_names_in_every_script_are_printed_where_the_console_is_not_utf8(folder: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    words = [word.replace("ru=Russia", "ru=Росія") for word in INIT]
    done = subprocess.run(
        [sys.executable, "-m", "isofront", "init", "x", *words],
        check=False,
        capture_output=True,
        env=environment,
        cwd=folder,
    )
    assert done.returncode == 0
    assert "Росія" in done.stdout.decode("utf-8")


@pytest.mark.skipif(os.name != "posix", reason="closes a pipe as a shell does")
def test_a_reader_that_goes_away_ends_the_command_quietly() -> None:
    code = "import sys, time; from isofront.cli import main; time.sleep(0.3); sys.exit(main(['--help']))"
    done = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.stdout is not None
    assert done.stderr is not None
    done.stdout.close()
    complaint = done.stderr.read()
    done.stderr.close()
    assert done.wait() == 1
    assert complaint == b""


@pytest.mark.skipif(os.name != "posix", reason="closes a stream as a shell does")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_stream_that_was_closed_changes_no_exit_code(closed: str) -> None:
    for words, code in (("--version", 0), ("nosuch", 2)):
        run = f'"{sys.executable}" -m isofront {words} {closed}'
        done = subprocess.run(run, shell=True, check=False, capture_output=True, text=True)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr


def test_a_command_seldom_looks_for_rubbish_and_never_at_its_end(monkeypatch):
    before, at_end = gc.get_threshold(), []
    monkeypatch.setattr(atexit, "register", at_end.append)
    try:
        assert main(["--version"]) == 0
        assert gc.get_threshold() == RUBBISH
        assert at_end == [gc.freeze]
    finally:
        gc.set_threshold(*before)
