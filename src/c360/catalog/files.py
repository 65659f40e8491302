"""Definition files: a workspace folder in, its Python files read, guarded and parsed out; runs none of them.

What a file says of itself without being run is told here: the names it assigns, the definition files it imports,
and the definitions it makes without giving them a name.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from c360.catalog.findings import WARNING, Finding
from c360.errors import CycleError, DefinitionError, DuplicateName, Refused, UsageError

FOLDERS = ("tags", "segments")
MAKERS = ("tag", "segment", "play", "campaign")


@dataclass(frozen=True)
class DefinitionFile:
    """One parsed file: *module* is what others import it as, *shown* what authors call it (``tags/spend.py``)."""

    module: str
    path: Path
    shown: str
    tree: ast.Module
    code: CodeType

    @property
    def names(self) -> list[str]:
        """The names that statements of the file itself assign or declare, imports left out."""
        found: dict[str, None] = {}
        for statement in self.tree.body:
            if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                stores = (part for part in ast.walk(statement) if isinstance(part, ast.Name))
                found.update((part.id, None) for part in stores if isinstance(part.ctx, ast.Store))
            elif isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
                found[statement.name] = None
        return list(found)

    def nameless(self) -> Iterator[Finding]:
        """Find the definitions that are made and thrown away."""
        for statement in self.tree.body:
            call = statement.value if isinstance(statement, ast.Expr) else None
            maker = call.func if isinstance(call, ast.Call) else None
            name = maker.id if isinstance(maker, ast.Name) else maker.attr if isinstance(maker, ast.Attribute) else ""
            if name in MAKERS:
                yield Finding(
                    WARNING, "unnamed", "", f"{self.shown}:{statement.lineno}",
                    f"this {name} is assigned to no variable, so it has no name and is left out",
                    f"write a_name = {name}(…), or delete it",
                )  # fmt: skip


class DefinitionFiles:
    """The files of one workspace by module name, those of the workspaces it extends first; each read when asked for, once."""

    def __init__(self, folder: Path, parents: Sequence[Path] = ()) -> None:
        self._layers = [path.absolute() for path in (*parents, folder)]
        self._read: dict[str, DefinitionFile] = {}

    def layers(self) -> list[list[str]]:
        """Return the modules that make up the catalogue, workspace by workspace; ``_x.py`` and ``.x.py`` are left out."""
        return [self._listed(layer) for layer in self._layers]

    def listed(self) -> list[str]:
        """Return all of these modules."""
        return [module for layer in self.layers() for module in layer]

    def _listed(self, layer: Path) -> list[str]:
        found = []
        for folder in FOLDERS:
            paths = sorted((layer / folder).glob("*.py"), key=lambda path: path.name)
            found += [f"{folder}.{path.stem}" for path in paths if path.name[0] not in "_." and path.is_file()]
        return found

    def path_of(self, module: str) -> Path | None:
        """Return the file that *module* stands for, None where there is none."""
        folder, _, name = module.partition(".")
        if folder not in FOLDERS or "." in name:
            return None
        paths = (layer / folder / f"{name or '__init__'}.py" for layer in reversed(self._layers))
        return next((path for path in paths if path.is_file()), None)

    def shown(self, module: str) -> str:
        """Return what authors call the file of *module*."""
        path = self.path_of(module)
        return f"{path.parent.name}/{path.name}" if path is not None else module.replace(".", "/") + ".py"

    def file(self, module: str) -> DefinitionFile | None:
        """Return the parsed file of *module*, None where there is none; raises DefinitionError and Refused."""
        path = self.path_of(module)
        if path is not None and module not in self._read:
            self._read[module] = _parsed(module, path, self.shown(module))
        return self._read.get(module)

    def known(self) -> list[DefinitionFile]:
        """Return every file read so far."""
        return list(self._read.values())

    def check(self) -> None:
        """Refuse what everyone may write, files that do not parse, and files that import each other in a circle."""
        for place, layer in enumerate(self._layers):
            self._check_layer(layer, "" if layer == self._layers[-1] else f"{layer.name}/")
            for module in self._listed(layer):
                earlier = [other for other in self._layers[:place] if module in self._listed(other)]
                if earlier:
                    self._refuse_twice(module, earlier[0])
        cleared: set[str] = set()
        for module in self.listed():
            self._follow(module, [], cleared)

    def unread(self) -> Iterator[Finding]:
        """Find the folders inside ``tags/`` and ``segments/`` with files in them, which nobody reads."""
        for path in [path for folder in FOLDERS for path in sorted((self._layers[-1] / folder).glob("*/"))]:
            if path.name[0] not in "_." and any(path.glob("*.py")):
                shown = f"{path.parent.name}/{path.name}/"
                told = f"the files in {shown} are not read"
                yield Finding(WARNING, "unread", "", shown, told, f"move them to {path.parent.name}/ itself")

    def _check_layer(self, layer: Path, shown: str) -> None:
        if not layer.is_dir():
            raise UsageError(f"there is no folder {layer}")
        _refuse_open(layer.stat().st_mode, f"the workspace folder {shown}".strip(), shown or ".", sticky_is_safe=True)
        for folder in FOLDERS:
            if (layer / folder).is_dir():
                _refuse_open((layer / folder).stat().st_mode, f"{shown}{folder}/", f"{shown}{folder}/")

    def _refuse_twice(self, module: str, other: Path) -> None:
        shown = self.shown(module)
        raise DuplicateName(
            f"the workspace {other.name}/, which this one extends, has a file {shown} too",
            hint="give yours another name; a definition in it goes before the one of its name there, whatever its file",
            where=shown,
        )

    def _follow(self, module: str, trail: list[str], cleared: set[str]) -> None:
        if module in cleared:
            return
        if module in trail:
            circle = [*trail[trail.index(module) :], module]
            raise self.circle(circle, f"{self.shown(circle[0])}:{self._imports(circle[0])[circle[1]]}")
        for imported in self._imports(module):
            self._follow(imported, [*trail, module], cleared)
        cleared.add(module)

    def circle(self, modules: list[str], where: str) -> CycleError:
        """Return the error for *modules* that import each other, the first one again at the end."""
        told = " → ".join(self.shown(module) for module in modules)
        return CycleError(
            f"definition files import each other in a circle: {told}",
            hint="move what both need into a file of its own",
            where=where,
        )

    def _imports(self, module: str) -> dict[str, int]:
        """Return the definition files that *module* imports, each with the line."""
        file = self.file(module)
        found: dict[str, int] = {}
        for statement in file.tree.body if file is not None else ():
            for target in self._targets(statement, module):
                found.setdefault(target, statement.lineno)
        return found

    def _targets(self, statement: ast.stmt, module: str) -> list[str]:
        if isinstance(statement, ast.Import):
            return [alias.name for alias in statement.names if self.path_of(alias.name) is not None]
        if not isinstance(statement, ast.ImportFrom):
            return []
        try:
            written = "." * statement.level + (statement.module or "")
            base = importlib.util.resolve_name(written, module.partition(".")[0])
        except ImportError:
            return []
        below = [f"{base}.{alias.name}" for alias in statement.names]
        found = [target if self.path_of(target) is not None else base for target in below]
        return [target for target in found if self.path_of(target) is not None]


def _parsed(module: str, path: Path, shown: str) -> DefinitionFile:
    try:
        with path.open("rb") as opened:
            _refuse_open(os.fstat(opened.fileno()).st_mode, shown, shown)
            text = opened.read()
    except OSError as fault:
        raise DefinitionError(f"{shown} cannot be read: {fault.strerror}", where=shown) from None
    try:
        tree = ast.parse(text, str(path))
        code = compile(tree, str(path), "exec", dont_inherit=True)
    except SyntaxError as fault:
        line = fault.lineno or 1
        raise DefinitionError(f"this is not Python: {fault.msg}", where=f"{shown}:{line}") from None
    except (ValueError, RecursionError, MemoryError) as fault:
        raise DefinitionError(f"this is not Python: {str(fault) or type(fault).__name__}", where=f"{shown}:1") from None
    return DefinitionFile(module, path, shown, tree, code)


def _refuse_open(mode: int, told: str, shown: str, *, sticky_is_safe: bool = False) -> None:
    """Refuse what every user of the machine may write: c360 would run whatever they put there."""
    if os.name != "posix" or not mode & stat.S_IWOTH or (sticky_is_safe and mode & stat.S_ISVTX):
        return
    raise Refused(
        f"{told} may be written by everyone (mode {stat.S_IMODE(mode):o}), so no definition is run",
        hint=f"chmod o-w {shown}",
        where=shown,
    )
