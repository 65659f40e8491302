"""`doctor`: what is well and what is not, one line each, with the fix; and where each setting came from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from c360.cli import show
from c360.cli.options import Json, common

if TYPE_CHECKING:
    from c360.diagnosis import Setting

FLAGS = {"workspace": "workspace", "data": "data_folder", "threads": "threads", "memory": "memory", "lang": "lang"}
VARIABLES = {
    "workspace": "C360_WORKSPACE",
    "data": "C360_DATA",
    "threads": "C360_THREADS",
    "memory": "C360_MEMORY",
    "lang": "C360_LANG",
}


def doctor(
    context: typer.Context,
    data: Annotated[bool, typer.Option("--data", help="Hold the sources against their contracts too.")] = False,
    settings: Annotated[bool, typer.Option("--settings", help="Show where each setting came from instead.")] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of c360.toml, for editors, and nothing else.")
    ] = False,
    json: Json = False,
) -> None:
    """Look at everything c360 needs here, one line each, with the fix where something is not well."""
    from c360.bindings.settings import settings_schema
    from c360.diagnosis import diagnose

    if schema:
        return show.data(show.dumps(settings_schema()))
    options = common(context)
    found = diagnose(options.open, _given(context), place=options.workspace, data=data)
    if json:
        show.data(show.dumps(found.as_json()))
    elif settings:
        show.table(("setting", "value", "origin", "where"), [(s.name, s.value, s.origin, s.where) for s in found.settings])
    else:
        show.table(("area", "state", "found", "fix"), [(line.area, line.state, line.found, line.fix) for line in found.lines])
        bad = sum(line.state == "fail" for line in found.lines)
        show.talk(options, "all well" if not bad else f"{bad} of {len(found.lines)} fail")
    if not found.ok:
        raise typer.Exit(1)
    return None


def _given(context: typer.Context) -> dict[str, Setting]:
    """Return the settings that a flag or the environment gave, the flag first."""
    from c360.diagnosis import Setting

    root = context.find_root()
    found = {}
    for flag, name in FLAGS.items():
        source = root.get_parameter_source(flag)
        value, variable = root.params.get(flag), VARIABLES[flag]
        if source is not None and source.name == "COMMANDLINE":
            found[name] = Setting(name, str(value), "flag", f"--{flag}")
        elif os.environ.get(variable):
            found[name] = Setting(name, os.environ[variable], "environment", variable)
    return found
