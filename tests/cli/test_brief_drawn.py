"""The brief's second process: only `isofront` itself starts one, and a picture comes with it or without."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from isofront.cli.elsewhere import Elsewhere, elsewhere, is_own_program
from isofront.cli.map import FEW_DAYS, _writers, write_day
from isofront.publish.brief_pdf import _fonts


def test_a_script_that_calls_us_is_not_run_again_by_a_second_process(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    lines = ("from isofront.cli.elsewhere import elsewhere", "with elsewhere() as pen:")
    script.write_text("\n".join((*lines, "    print('drawn', pen.begin(bytes, 3)())")), encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["drawn b'\\x00\\x00\\x00'"]


@pytest.mark.parametrize(
    ("name", "spec"), [("/usr/bin/isofront", None), ("/x/isofront/__main__.py", "isofront.__main__")]
)
def test_isofront_itself_may_have_one(name: str, spec: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    program = ModuleType("__main__")
    program.__file__ = name
    program.__spec__ = None if spec is None else ModuleSpec(spec, None)
    monkeypatch.setitem(sys.modules, "__main__", program)
    assert is_own_program()


def test_without_another_process_pictures_are_drawn_here() -> None:
    assert Elsewhere(None).begin(bytes, 2)() == b"\0\0"
    with elsewhere() as pen:
        assert pen.begin(bytes, 2)() == b"\0\0"


@pytest.mark.parametrize(
    "fault", [OSError(30, "Read-only file system"), ImportError("no sem_open"), NotImplementedError()]
)
def test_where_processes_can_share_no_lock_all_is_done_here(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("isofront.cli.elsewhere.is_own_program", lambda: True)
    monkeypatch.setattr("isofront.cli.elsewhere.ProcessPoolExecutor", none)
    with elsewhere() as pen:
        assert pen.begin(bytes, 2)() == b"\0\0"
    with _writers(FEW_DAYS + 1) as write:
        assert write is write_day


def test_what_was_begun_still_comes_once_nothing_more_is_begun() -> None:
    with ThreadPoolExecutor(1) as pool:
        pen = Elsewhere(pool)
        drawn = [pen.begin(bytes, n) for n in (1, 2)]
        pen.done()
        assert [one() for one in drawn] == [b"\0", b"\0\0"]


def test_this_process_loads_nothing_that_only_drawing_takes() -> None:
    parts = ("isofront.cli.brief", "isofront.engine.brief", "isofront.engine.brief_gap", "isofront.publish.brief_pdf")
    told = f"import sys, {', '.join(parts)}; print(sorted({{'matplotlib', 'scipy.optimize'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_process_that_draws_loads_nothing_that_only_measuring_takes() -> None:
    """The model alone would take it longer to load than a picture takes it to draw."""
    load = "from isofront.cli.elsewhere import wake; wake(); import isofront.publish.brief_pictures, sys"
    told = f"{load}; print(sorted({{'numba', 'scipy', 'isofront.evidence.ledger'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_interrupt_is_left_to_the_process_that_asked_for_pictures() -> None:
    told = "from isofront.cli.elsewhere import wake; import signal; wake(); signal.raise_signal(2); print(1)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("1", "")


def test_the_typeface_of_the_pdf_is_found_without_loading_what_draws() -> None:
    assert (Path(_fonts()) / "DejaVuSans.ttf").is_file()
