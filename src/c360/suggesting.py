"""`sources --suggest`: a workspace and a user's files in, drafted bindings out, each tried on its file; writes nothing."""

from __future__ import annotations

import copy
import os
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.bindings.contract_draft import contract_for
from c360.bindings.matching import SourceMatch, matched, nearest
from c360.bindings.profiles import FileProfile
from c360.bindings.settings import SourceBinding
from c360.bindings.suggest import Draft, drafted
from c360.errors import C360Error, NothingMatched, UsageError

if TYPE_CHECKING:
    from c360.workspace import Workspace


@dataclass(frozen=True)
class Suggestion:
    """What came of one file: its draft, a contract where none fits, and what a check of the draft would say.

    *beside* names another file that is drafted for the same source; only one of them can be bound. *nearest* says why
    the nearest contract does not fit.
    """

    draft: Draft
    contract: str = ""
    problems: tuple[str, ...] = ()
    beside: str = ""
    nearest: str = ""

    @property
    def toml(self) -> str:
        """The draft for c360.toml, behind a # where another file is bound already or its contract is not yet there."""
        if not self.beside and not self.contract:
            return self.draft.toml
        why = f"# {self.beside} is drafted for {self.draft.source} too; bind one of them, or both by a pattern.\n"
        if self.contract:
            why = "# No contract fits; this binding needs the class that --contract prints, in tags/sources.py.\n"
        lines = (line if line.startswith("#") else f"# {line}".rstrip() for line in self.draft.toml.splitlines())
        return why + "".join(f"{line}\n" for line in lines)

    def as_json(self) -> dict[str, Any]:
        """Return the suggestion as plain data."""
        told = {
            "contract": self.contract or None,
            "problems": list(self.problems),
            "beside": self.beside or None,
            "nearest": self.nearest or None,
        }
        return {**self.draft.as_json(), "toml": self.toml, **told}


@dataclass(frozen=True)
class Suggestions:
    """The suggestions for some files, and the tags and segments that they would make available."""

    files: tuple[Suggestion, ...]
    lights_up: tuple[str, ...]
    still_missing: int

    def as_json(self) -> dict[str, Any]:
        """Return the suggestions as plain data."""
        told = {"lights_up": list(self.lights_up), "still_missing": self.still_missing}
        return {"files": [s.as_json() for s in self.files], **told, "toml": "\n".join(s.toml for s in self.files)}


def suggest(workspace: Workspace, files: Sequence[Path], source: str | None = None) -> Suggestions:
    """Draft a binding for each of *files*: for the contract *source*, else for the nearest one."""
    if not files:
        raise UsageError("--suggest takes files", hint="c360 sources --suggest bills.csv")
    if source is not None and len(files) > 1:
        raise UsageError("--as names the source of one file", hint="give the files one by one")
    schema = workspace.catalog.schema
    if source is not None and source not in schema.sources:
        raise NothingMatched(f"unknown source '{source}'", hint=f"sources: {', '.join(sorted(schema.sources)) or 'none'}")
    made: list[Suggestion] = []
    for profile in [_profile(workspace, file) for file in files]:
        made.append(_suggested(workspace, profile, source, made))
    sound = {s.draft.source: s.draft for s in made if not s.beside and not s.contract}
    before = workspace.unavailable()
    trial = _with(workspace, sound)
    try:
        tried = tuple(_tried(trial, s) if sound.get(s.draft.source) is s.draft else s for s in made)
        after = trial.unavailable()
    finally:
        trial.__dict__.pop("bindings").close()
    return Suggestions(tried, tuple(name for name in before if name not in after), len(after))


def _profile(workspace: Workspace, file: Path) -> FileProfile:
    from c360.engines.profile import profile_of

    if not file.is_file():
        raise NothingMatched(f"the file {file} is not there", hint="give a CSV or Parquet file")
    return profile_of(workspace.engine, workspace.bindings.decoded, file)


def _suggested(workspace: Workspace, profile: FileProfile, source: str | None, others: list[Suggestion]) -> Suggestion:
    specs = workspace.catalog.schema.sources
    path = _path(workspace, profile.file)
    best = matched(profile, specs[source]) if source is not None else _nearest(profile, specs.values(), others)
    if best is None or (source is None and not best.fits):
        contract = contract_for(profile, specs.values())
        return Suggestion(drafted(profile, contract.match, path), contract.python, nearest=_why_not(best))
    twin = next((s.draft.profile.file.name for s in others if s.draft.source == best.spec.name and not s.contract), "")
    return Suggestion(drafted(profile, best, path), beside=twin)


def _nearest(profile: FileProfile, specs: Iterable[Any], others: list[Suggestion]) -> SourceMatch | None:
    """Return the nearest contract that the file fits; one no other file is drafted for, if it is nearly as near."""
    ranked = nearest(profile, specs)
    if not ranked:
        return None
    taken = {s.draft.source for s in others}
    free = next((match for match in ranked if match.fits and match.spec.name not in taken), None)
    return free if free is not None and free.score > 0.8 * ranked[0].score else ranked[0]


def _why_not(match: SourceMatch | None) -> str:
    """Return why a file is not taken for what it is nearest to."""
    if match is None or not (match.columns or match.misfits):
        return ""
    found = f"{len(match.columns)} of {len(match.spec.columns)} columns found"
    told = [f"without {match.lacks}"] if match.lacks else []
    return f"nearest is {match.spec.name}: " + "; ".join([found, *told, *match.misfits.values()])


def _path(workspace: Workspace, file: Path) -> str:
    """Return the file's place as c360.toml tells it: from the data folder where it lies below it, else in full."""
    folder, place = workspace.data_folder.resolve(), file.resolve()
    return os.path.relpath(place, folder) if place.is_relative_to(folder) else str(place)


def _with(workspace: Workspace, drafts: dict[str, Draft]) -> Workspace:
    """Return the workspace as it would be with *drafts* in its c360.toml."""
    trial = copy.copy(workspace)
    bound = dict(workspace.settings.sources)
    for name, draft in drafts.items():
        bound[name] = SourceBinding.model_validate(tomllib.loads(draft.toml)["sources"][name])
    trial.settings = workspace.settings.model_copy(update={"sources": bound})
    trial.__dict__.pop("bindings", None)
    _ = trial.bindings
    return trial


def _tried(trial: Workspace, suggestion: Suggestion) -> Suggestion:
    """Return the suggestion with what the contract check says of its file."""
    name = suggestion.draft.source
    try:
        status = trial.bindings.status(name)
    except C360Error as error:
        return Suggestion(suggestion.draft, problems=(error.message,))
    return Suggestion(suggestion.draft, problems=status.problems if status.state == "broken" else ())
