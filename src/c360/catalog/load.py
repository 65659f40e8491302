"""A workspace folder in, its contracts and definitions out: runs the files of `tags/` and `segments/`; knows no data.

While they run, the names `tags` and `segments` stand for this workspace and for nothing else. The folder is never put
on `sys.path`, so that a `csv.py` in it does not hide the standard library's; afterwards nothing of it stays in
`sys.modules`, so that two workspaces can be open at once.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

from c360.catalog.faults import as_definition_error
from c360.catalog.files import FOLDERS, DefinitionFiles
from c360.catalog.findings import NOTE, Finding
from c360.errors import C360Error, DefinitionError, DuplicateName, TypeMismatch
from c360.expr.schema import Schema, SourceSpec
from c360.language.campaigns import Campaign
from c360.language.definitions import Definition, Draft, Named, Naming
from c360.language.plays import Play
from c360.language.sources import Source

# Loading changes sys.modules for a moment; a file that opens another workspace takes the lock again.
_LOADING = threading.RLock()
Use = TypeVar("Use", bound=Play | Campaign)


@dataclass(frozen=True)
class LoadedDefinitions:
    """What the files of a workspace say, in the order they were run; parameters still open."""

    schema: Schema
    definitions: tuple[Definition, ...]
    notices: tuple[Finding, ...] = ()
    plays: tuple[Play, ...] = ()
    campaigns: tuple[Campaign, ...] = ()


def load(folder: Path, parents: Sequence[Path] = ()) -> LoadedDefinitions:
    """Run every definition file of the workspace *folder* and return what they define.

    Those of the workspaces it extends, *parents*, run first; a definition goes before one of its name there.

    Raises DefinitionError (or one of its kinds) at the author's line for whatever is wrong with a file. Raises Refused,
    before anything runs, where everyone may write a file or folder. KeyboardInterrupt passes.
    """
    files = DefinitionFiles(folder, parents)
    importer = DefinitionImporter(files)
    with _LOADING:
        files.check()
        with _installed(importer):
            for layer in files.layers():
                importer.inherit()
                for module in layer:
                    importlib.import_module(module)
    definitions = [_finished(draft) for draft in (*importer.inherited.values(), *importer.drafts)]
    notices = [*files.unread(), *(found for file in files.known() for found in file.nameless())]
    notices += [_overriding(_finished(old), _finished(new)) for old, new in importer.overridden]
    plays, campaigns = importer.plays.all(), importer.campaigns.all()
    return LoadedDefinitions(_schema(importer.sources), tuple(definitions), tuple(notices), plays, campaigns)


class Uses(Generic[Use]):
    """What files say of the use of definitions, by name: their plays, or their campaigns."""

    def __init__(self) -> None:
        self._own: dict[str, Use] = {}
        self._inherited: dict[str, Use] = {}

    def inherit(self) -> None:
        """Take what was noted so far for that of a workspace that is extended."""
        self._inherited |= self._own
        self._own = {}

    def note(self, found: Use) -> None:
        """Note one; it goes before an inherited one of its name. Raises DuplicateName."""
        first = self._own.get(found.name)
        if first is not None:
            raise DuplicateName(f"'{found.name}' is defined twice, first at {first.where}", where=found.where)
        self._inherited.pop(found.name, None)
        self._own[found.name] = found

    def all(self) -> tuple[Use, ...]:
        """Return all of them, those of extended workspaces first."""
        return (*self._inherited.values(), *self._own.values())


class DefinitionImporter(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and runs the modules `tags` and `segments` of one workspace, and notes what they define."""

    def __init__(self, files: DefinitionFiles) -> None:
        self.drafts: list[Draft] = []
        self.by_name: dict[str, Draft] = {}
        self.sources: list[type[Source]] = []
        self.inherited: dict[str, Draft] = {}
        self.overridden: list[tuple[Draft, Draft]] = []
        self.plays: Uses[Play] = Uses()
        self.campaigns: Uses[Campaign] = Uses()
        self._files = files
        self._running: list[str] = []

    def inherit(self) -> None:
        """Take what was defined so far for the definitions of a workspace that is extended: the next may override them."""
        self.inherited |= {draft.name: draft for draft in self.drafts}
        self.drafts, self.by_name = [], {}
        self.plays.inherit()
        self.campaigns.inherit()

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return where *fullname* is; for another name than ours None, so that Python looks further."""
        if fullname.partition(".")[0] not in FOLDERS:
            return None
        file = self._files.path_of(fullname)
        if fullname in FOLDERS:
            spec = ModuleSpec(fullname, self, origin=str(file) if file else None, is_package=True)
        elif file is not None:
            spec = ModuleSpec(fullname, self, origin=str(file))
        else:
            # Not None: another finder might know a package called tags.
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        spec.has_location = file is not None
        return spec

    def exec_module(self, module: ModuleType) -> None:
        """Run the file of *module*; what it raises comes out as a definition error at the author's line."""
        file = self._files.file(module.__name__)
        if file is None:
            return
        names = Noting(module, self)
        self._running.append(module.__name__)
        try:
            exec(file.code, vars(module), names)
            # What was written past the namespace, as globals()["arpu_3m"] = tag(…) does.
            for name, value in list(vars(module).items()):
                names[name] = value
        except (C360Error, KeyboardInterrupt):
            raise
        except BaseException as fault:
            raise as_definition_error(fault, self._files, self._running) from None
        finally:
            self._running.pop()


class Noting(Naming):
    """The namespace a file runs in: names definitions as they are assigned, and notes them and the contracts."""

    def __init__(self, module: ModuleType, importer: DefinitionImporter) -> None:
        super().__init__(vars(module), importer.drafts)
        self._home, self._importer = module.__name__, importer

    def __setitem__(self, name: str, value: Any) -> None:
        if isinstance(value, Play) and not value.name:
            value = value.named(name)
            self._importer.plays.note(value)
        elif isinstance(value, Campaign) and not value.name:
            value = value.named(name)
            self._importer.campaigns.note(value)
        came_named = isinstance(value, Named) and bool(value.draft.name)
        super().__setitem__(name, value)
        if isinstance(value, Named):
            self._note_definition(value.draft, came_named)
        elif self._is_own_contract(value) and value not in self._importer.sources:
            self._importer.sources.append(value)

    def _is_own_contract(self, value: Any) -> bool:
        is_contract = isinstance(value, type) and issubclass(value, Source) and "_spec" in vars(value)
        return is_contract and value.__module__ == self._home

    def _note_definition(self, draft: Draft, came_named: bool) -> None:
        """Note a definition; one that came with a name of its own (``name=…``) has not been listed yet."""
        inherited = self._importer.inherited.get(draft.name)
        if inherited is draft or any(draft is old for old, _ in self._importer.overridden):
            return  # imported from the workspace that this one extends
        first = self._importer.by_name.get(draft.name)
        if first is None:
            self._importer.by_name[draft.name] = draft
            if inherited is not None:
                self._importer.overridden.append((self._importer.inherited.pop(draft.name), draft))
            if came_named:
                self._importer.drafts.append(draft)
        elif first is not draft:
            raise DuplicateName(f"'{draft.name}' is defined twice, first at {first.where}", where=draft.where)


@contextmanager
def _installed(importer: DefinitionImporter) -> Iterator[None]:
    saved = {name: sys.modules.pop(name) for name in _workspace_modules()}
    sys.meta_path.insert(0, importer)
    try:
        yield
    finally:
        sys.meta_path.remove(importer)
        for name in _workspace_modules():
            del sys.modules[name]
        sys.modules.update(saved)


def _workspace_modules() -> list[str]:
    return [name for name in list(sys.modules) if name.partition(".")[0] in FOLDERS]


def _schema(sources: list[type[Source]]) -> Schema:
    specs: dict[str, SourceSpec] = {}
    for source in sources:
        spec = source.spec()
        if spec.name in specs:
            first = specs[spec.name].where
            raise DuplicateName(f"source '{spec.name}' is declared twice, first at {first}", where=spec.where)
        specs[spec.name] = spec
    return Schema(specs)


def _overriding(old: Definition, new: Definition) -> Finding:
    """Return what to say of a definition that goes before an inherited one; both must be of one kind and type."""
    if (old.kind, old.entity, old.type) != (new.kind, new.entity, new.type):
        raise TypeMismatch(
            f"'{new.name}' overrides a {old.kind} of {old.entity}, {old.type}; found a {new.kind} of {new.entity}, {new.type}",
            hint="what the other workspace builds on it needs the same kind and type; give yours another name",
            where=new.where,
        )
    return Finding(NOTE, "overrides", new.name, new.where, f"overrides the {old.kind} of the extended workspace, {old.where}")


def _finished(draft: Draft) -> Definition:
    if draft.universe is not None and not draft.universe.draft.name:
        raise DefinitionError(
            f"the universe of '{draft.name}' has no name",
            hint="assign it to a variable first: active = segment(…), then universe=active",
            where=draft.where,
        )
    return draft.finished()
