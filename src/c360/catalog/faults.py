"""What an author's code raises in, the definition error that names the author's own line out; shows no locals."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from types import ModuleType, TracebackType

from c360.catalog.files import FOLDERS, DefinitionFiles
from c360.errors import DefinitionError, UnknownName, did_you_mean

LONGEST_MESSAGE = 200


def as_definition_error(fault: BaseException, files: DefinitionFiles, running: Sequence[str]) -> DefinitionError:
    """Return the error for *fault*, raised while the modules *running* were executed, the last one innermost."""
    where, is_own = _authors_place(fault.__traceback__, files, running[-1])
    started = _half_loaded(fault, running)
    if started:
        return files.circle([*running[running.index(started) :], started], where)
    match fault:
        case ModuleNotFoundError(name=str() as name):
            return _missing_module(name, files, where)
        case AttributeError(name=str() as name, obj=ModuleType() as module) if _is_told_of(module.__name__):
            return _not_in_module(name, module.__name__, files, where)
        case ImportError(name=str() as module) if _is_told_of(module) and _imported_name(fault):
            return _not_in_module(_imported_name(fault), module, files, where)
        case NameError(name=str() as name) if is_own and name:
            return _unknown_name(name, files, running[-1], where)
    lines = str(fault).splitlines() or [""]
    told = ": ".join(part for part in (type(fault).__name__, lines[0][:LONGEST_MESSAGE]) if part)
    return DefinitionError(
        f"the definition file stops with {told}",
        hint=None
        if isinstance(fault, (TypeError, ValueError))
        else "definition files import and assign; nothing else belongs in them",
        where=where,
    )


def _half_loaded(fault: BaseException, running: Sequence[str]) -> str:
    """Return the module of *running* that *fault* found half loaded; empty for none, and for the innermost."""
    asked: list[str] = []
    match fault:
        case ImportError(name=str() as module):
            asked = [module]
        case AttributeError(name=str() as name, obj=ModuleType() as module):
            asked = [f"{module.__name__}.{name}", module.__name__]
    return next((module for module in asked if module in running[:-1]), "")


def _authors_place(trace: TracebackType | None, files: DefinitionFiles, running: str) -> tuple[str, bool]:
    """Return the innermost place in a definition file, and whether the fault arose right there."""
    shown = {str(file.path): file.shown for file in files.known()}
    where, is_own = files.shown(running), False
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        is_own = path in shown
        if is_own:
            where = f"{shown[path]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where, is_own


def _missing_module(name: str, files: DefinitionFiles, where: str) -> DefinitionError:
    if name.partition(".")[0] in FOLDERS:
        known = [files.shown(module) for module in files.listed()]
        return UnknownName.among("definition file", files.shown(name), known, where=where)
    beside = [module for module in files.listed() if module.endswith(f".{name}")]
    hint = f"write from {beside[0]} import …" if beside else "install it, or do without: definitions need c360 only"
    return DefinitionError(f"module '{name}' is not installed where c360 runs", hint=hint, where=where)


def _not_in_module(name: str, module: str, files: DefinitionFiles, where: str) -> UnknownName:
    elsewhere = _importable(name, files)
    if elsewhere:
        return UnknownName(f"'{name}' is not in {_told(module, files)}", hint=elsewhere, where=where)
    known = _exports() if module == "c360" else _names_in(module, files)
    return UnknownName(f"'{name}' is not in {_told(module, files)}", hint=did_you_mean(name, known), where=where)


def _unknown_name(name: str, files: DefinitionFiles, module: str, where: str) -> UnknownName:
    own = files.file(module)
    if own is not None and name in own.names:
        return UnknownName(f"'{name}' is not there yet", hint="it is assigned further down; move it up", where=where)
    known = {*_exports(), *_loaded_names(module), *(n for file in files.known() for n in file.names)}
    hint = _importable(name, files) or did_you_mean(name, known)
    return UnknownName(f"unknown name '{name}'", hint=hint, where=where)


def _importable(name: str, files: DefinitionFiles) -> str | None:
    """Return the import that an author forgot, where *name* is there to be imported."""
    if name in _exports():
        return f"write from c360 import {name}"
    homes = [file.module for file in files.known() if name in file.names]
    return f"write from {homes[0]} import {name}" if homes else None


def _is_told_of(module: str) -> bool:
    """Whether c360 knows which names *module* has: a definition file, or c360 itself."""
    return module == "c360" or module.partition(".")[0] in FOLDERS


def _imported_name(fault: BaseException) -> str:
    # Python 3.12 has it as `name_from`; before, only the message says it.
    found = re.match(r"cannot import name '(\w+)'", str(fault))
    return found.group(1) if found else ""


def _names_in(module: str, files: DefinitionFiles) -> Iterable[str]:
    file = files.file(module)
    if file is not None:
        return file.names
    return [name.partition(".")[2] for name in files.listed() if name.startswith(f"{module}.")]


def _loaded_names(module: str) -> Iterable[str]:
    return [name for name in vars(sys.modules[module]) if not name.startswith("_")] if module in sys.modules else ()


def _told(module: str, files: DefinitionFiles) -> str:
    return files.shown(module) if files.path_of(module) is not None else module


def _exports() -> Sequence[str]:
    # The package above this one: loaded already, and not to be imported from below.
    exports: Sequence[str] = sys.modules["c360"].__all__
    return exports
