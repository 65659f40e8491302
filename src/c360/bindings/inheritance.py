"""The settings of a workspace and of the one it extends in, both as one out, with what the nearer one changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from c360.bindings.places import FILE
from c360.bindings.settings import EngineSettings, Settings, read_settings
from c360.errors import CycleError, DefinitionError


def read_with_parents(folder: Path) -> Settings:
    """Return the settings of the workspace *folder*, over those of the workspace it extends, and so on."""
    return _read(folder, ())


def _read(folder: Path, trail: tuple[Path, ...]) -> Settings:
    own = read_settings(folder / FILE)
    if not own.extends:
        return own
    place = Path(os.path.normpath(folder / own.extends))
    seen = (*trail, folder.resolve())
    if place.resolve() in seen:
        told = " → ".join(path.name for path in (*seen, place))
        raise CycleError(f"workspaces extend each other in a circle: {told}", hint="take out one extends", where=FILE)
    if not (place / FILE).is_file():
        raise DefinitionError(
            f"extends names '{own.extends}', where there is no {FILE}",
            hint="write the folder of the other workspace, from this one on: ../hq",
            where=FILE,
        )
    try:
        parent = _read(place, seen)
    except DefinitionError as error:
        error.where = os.path.join(own.extends, error.where or FILE)
        raise
    return _over(own, parent, place)


def _over(own: Settings, parent: Settings, place: Path) -> Settings:
    """Return *own* over *parent*: sources and parameters one by one, each other setting as a whole.

    The parent's data folder is told from the parent's place; its relative source paths start in the data folder in force.
    """
    update: dict[str, Any] = {name: getattr(parent, name) for name in parent.model_fields_set - own.model_fields_set}
    if "data_folder" in update:
        update["data_folder"] = os.path.normpath(os.path.join(own.extends, parent.data_folder))
    update["sources"] = {**parent.sources, **own.sources}
    update["params"] = _merged(parent.params, own.params)
    engines = {**parent.engine.model_dump(exclude_unset=True), **own.engine.model_dump(exclude_unset=True)}
    update["engine"] = EngineSettings.model_validate(engines)
    update.pop("extends", None)
    overrides = (*parent.overrides, *_overrides(own, parent))
    return own.model_copy(update=update).inheriting((*parent.parents, place), overrides)


def _merged(parent: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    both = {**parent, **own}
    for name in parent.keys() & own.keys():
        if isinstance(parent[name], dict) and isinstance(own[name], dict):
            both[name] = _merged(parent[name], own[name])
    return both


def _overrides(own: Settings, parent: Settings) -> Iterator[str]:
    """Yield what *own* says otherwise than *parent*, in words."""
    above = own.extends
    for name in sorted(own.model_fields_set & parent.model_fields_set - {"sources", "params", "engine", "extends", "data_folder"}):
        if getattr(own, name) != getattr(parent, name):
            yield f"{name} is {getattr(own, name)}, in {above} {getattr(parent, name)}"
    for name in sorted(own.sources.keys() & parent.sources.keys()):
        if own.sources[name] != parent.sources[name]:
            yield f"source {name} is bound anew, over the binding in {above}"
    theirs = parent.flat_params()
    for name, value in sorted(own.flat_params().items()):
        if name in theirs and theirs[name] != value:
            yield f"parameter {name} is {value}, in {above} {theirs[name]}"
