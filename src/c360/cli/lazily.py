"""The application in, its command group out, in which a command's options are built when it is called and not before."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterator, Mapping
from typing import Any, cast

from typer import Typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_command_from_info, get_command_name
from typer.models import CommandInfo

MARGIN = 6  # of the help page, as Typer draws it
SHORTEST = 24  # of a line of help, however narrow the terminal


class Commands(Mapping[str, Any]):
    """The commands by name, those of *groups* among them; one is built when it is asked for."""

    def __init__(self, infos: list[CommandInfo], groups: Mapping[str, Any]) -> None:
        self._infos = {info.name or get_command_name(_function(info).__name__): info for info in infos}
        self._built: dict[str, Any] = dict(groups)
        self._names = (*self._infos, *(name for name in groups if name not in self._infos))

    def line(self, name: str, room: int) -> str:
        """Return what a command does: the first sentences of its docstring, as far as they fit."""
        info = self._infos.get(name)
        bare = self._built[name] if info is None else TyperCommand(name, help=info.help or inspect.getdoc(_function(info)))
        return str(bare.get_short_help_str(room))

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            self._built[name] = get_command_from_info(self._infos[name], pretty_exceptions_short=False, rich_markup_mode=None)
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Group(TyperGroup):
    """The group; its help page takes each command's line from its docstring."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the table of commands."""
        commands = cast("Commands", self.commands)
        room = max(formatter.width - MARGIN - max(map(len, commands)), SHORTEST)
        with formatter.section("Commands"):
            formatter.write_dl([(name, commands.line(name, room)) for name in commands])


def group_of(app: Typer) -> Any:
    """Return the command group of *app*."""
    bare = copy.copy(app)
    bare.registered_commands = []
    bare.info = copy.copy(app.info)
    bare.info.cls = Group
    group: Any = get_command(bare)
    group.commands = Commands(app.registered_commands, group.commands)
    return group


def _function(info: CommandInfo) -> Any:
    return info.callback
