"""Compiled functions that Numba kept in files, opened without what only compiling needs.

Before Numba runs the first function that it kept, it loads every rule by which it would compile; of each function it
opens it reads the bitcode, which is there to be compiled into others, and goes through its symbols one by one. A
command that opens 58 functions and compiles none waits for all of that. Here the machine code alone is taken in;
bitcode is read where a function that is compiled asks for it, and the rules are loaded by whoever compiles, as ever.

This leans on how Numba works inside. So it is done only for releases and systems that it was tried on (`TRIED`,
`SYSTEMS`); elsewhere Numba opens its functions itself, and only seconds are lost.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from typing import Any

import llvmlite.binding  # type: ignore[import-untyped]
import numba
import numba.core.caching
import numba.core.codegen
import numba.core.compiler
import numba.core.runtime

_llvm: Any = llvmlite.binding
_core: Any = numba.core
_Numbas: Any = getattr(_core.codegen, "JITCodeLibrary", object)

TRIED = ("0.68",)
"""The releases of Numba (first two numbers) whose insides are as this file takes them to be."""

SYSTEMS = ("linux",)


@cache
def open_at_once() -> bool:
    """From now on, in this process; whether it could be done."""
    if not _is_tried(numba.__version__) or sys.platform not in SYSTEMS:
        return False
    _core.caching.FunctionCache.load_overload = _found
    _core.caching.CompileResultCacheImpl.rebuild = _rebuilt
    return True


def _is_tried(version: str) -> bool:
    found = re.match(r"\d+\.\d+(?=\.|$)", version)
    return found is not None and found[0] in TRIED


def _found(self: Any, signature: Any, target: Any) -> Any:
    """What was kept for a signature; None if nothing was. The runtime is all that machine code needs to be there."""
    _core.runtime.rtsys.initialize(target)
    with self._guard_against_spurious_io_errors():
        return self._load_overload(signature, target)


def _rebuilt(self: Any, target: Any, kept: Any) -> Any:
    """What Numba's `CompileResult._rebuild` gives, its library opened by us."""
    named, described, *_ = kept
    if named[1] != "object":
        return _core.compiler.CompileResult._rebuild(target, *kept)
    library = _opened(target.codegen(), named, described)
    return _core.compiler.CompileResult._rebuild(_Opening(target, library), *kept)._replace(target_context=target)


def _opened(engine: Any, named: Any, described: Any) -> _Library:
    """A kept library whose machine code is in place and whose functions can be asked for by name."""
    name, _, (machine_code, bitcode) = named
    library = _Library(engine, name, machine_code, bitcode)
    engine._engine._ee.add_object_file(_llvm.ObjectFileRef.from_data(machine_code))
    engine._engine.finalize_object()
    engine._engine._defined_symbols |= {
        described.llvm_func_name,
        described.llvm_cpython_wrapper_name,
        described.llvm_cfunc_wrapper_name,
    }
    return library


class _Opening:
    """The target as `CompileResult._rebuild` asks it for one library, which is there already."""

    def __init__(self, target: Any, library: _Library) -> None:
        self._target, self._library, self.typing_context = target, library, target.typing_context

    def codegen(self) -> _Opening:
        return self

    def unserialize_library(self, _: Any) -> _Library:
        return self._library

    def get_executable(self, *asked: Any) -> Any:
        return self._target.get_executable(*asked)


class _Library(_Numbas):  # type: ignore[misc]
    """Machine code from a file; its modules are made when somebody compiles against them."""

    def __init__(self, engine: Any, name: str, machine_code: bytes, bitcode: bytes) -> None:
        _core.codegen.CodeLibrary.__init__(self, engine, name)
        self._linking_libraries: list[Any] = []
        self._bitcode = bitcode
        self.enable_object_caching()
        self._set_compiled_object(machine_code)
        self._finalized = True

    def __getattr__(self, name: str) -> Any:
        made = {"_shared_module": self._read, "_final_module": self._empty}.get(name)
        if made is None:
            raise AttributeError(name)
        setattr(self, name, made())
        return self.__dict__[name]

    def _read(self) -> Any:
        return _llvm.parse_bitcode(self._bitcode)

    def _empty(self) -> Any:
        return _llvm.parse_assembly(str(self._codegen._create_empty_module(self.name)))


open_at_once()

njit = numba.njit
"""Numba's own; who takes it from here opens at once what was kept."""
