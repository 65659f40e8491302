"""Pages for callers: commands from their own help, Python names from docstrings, rules as text from their tests."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from typing import Any

import typer
from typer.testing import CliRunner

import c360
from c360 import errors
from c360.cli.app import app
from c360.language.predicates import functions
from reference import ROOT
from reference.specs import double_quoted
from reference.tables import markdown_table
from reference.topics import docstring, flat
from reference.words import spellings

WIDTH = 90
COMMANDS = """What `c360 --help` and `c360 COMMAND --help` print. Data goes to stdout, messages go to stderr; exit
codes stand in [Python names](python.md#errors-and-exit-codes)."""
PYTHON = "Every command is a method of a workspace. `import c360` loads no engine; the first question to data does."
TEXT = """The command line takes a rule about tags and segments as text: `c360 size --where "value_tier >= 'mid' and
not on_contract"`. It becomes the same tree as a rule in a definition file. Texts stand in single quotes, names
without; a date is `date '2026-01-31'`, the day of the run `as_of()`. What would sum up rows, a window, a rank or a
shift in time belongs in a tag."""
NAMES = """A name is a tag or a segment of the entity, else a column of its contracts; a column that two contracts
have needs the contract's name (`services.rating`), and a key leads on (`plan.monthly_fee`). Names are exact. A fault
is shown with a caret and ends with exit code 3."""
ERRORS = """Everything that goes wrong is a `C360Error` with `message`, `hint`, `where` and `exit_code`; its text
never holds a customer's values. 0 is success, 1 says that a check found something, 130 that somebody pressed Ctrl-C."""
INSIDE = ("node", "draft", "grain", "depth", "in_window")  # of tags and segments: nothing that authors write
RULES = ROOT / "tests" / "unit" / "test_text_predicates.py"


def commands_page() -> str:
    """Return the page of commands: every help text as it is printed."""
    parts = ["# Commands", flat(COMMANDS)]
    parts += [f"## `{' '.join(('c360', *words))}`\n\n```text\n{help_of(words)}\n```" for words in _commands()]
    return "\n\n".join(parts) + "\n"


def help_of(words: tuple[str, ...]) -> str:
    """Return the help text of a command in lines of a fixed width."""
    answer = CliRunner().invoke(app, [*words, "--help"], prog_name="c360", terminal_width=WIDTH)
    if answer.exit_code:
        raise RuntimeError(f"c360 {' '.join(words)} --help ended with {answer.exit_code}")
    return "\n".join(line.rstrip() for line in answer.output.strip().splitlines())


def python_page() -> str:
    """Return the page of names that callers use."""
    example = '```python\nimport c360\n\nworkspace = c360.open(".")\nprint(workspace.size("worth_keeping"))\n```'
    parts = ["# Python names for callers", flat(PYTHON), example, f"## `c360.open(path)`\n\n{docstring(c360.open)}"]
    rows = [[f"`{name}{_signature(thing)}`", docstring(thing).split("\n\n")[0]] for name, thing in _members(c360.Workspace)]
    parts.append(f"## `Workspace`\n\n{docstring(c360.Workspace)}\n\n{markdown_table(('method', 'does'), rows)}")
    for kind in (c360.Tag, c360.Segment):
        rows = [[f"`{name}{_signature(thing)}`", docstring(thing).split("\n\n")[0]] for name, thing in _members(kind, deep=True)]
        parts.append(f"## `{kind.__name__}`\n\n{docstring(kind)}\n\n{markdown_table(('name', 'is'), rows)}")
    parts.append(_errors())
    return "\n\n".join(parts) + "\n"


def text_page() -> str:
    """Return the page of rules as text."""
    rules = [[f"`{text}`", f"`{source}`"] for text, source in _rules()]
    called = {op: said[0].text for op, said in spellings().items() if said}
    rows = [[f"`{name}(…)`", f"`{called[op]}`"] for name, op in sorted(functions().items())]
    rows += [["`coalesce(a, b, …)`", f"`{called['or_else']}`"], ["`as_of()`", "`as_of()`"]]
    parts = [
        "# Rules as text",
        flat(TEXT),
        flat(NAMES),
        "## Signs, words and what they say\n\nEvery line is a test: both sides make the same tree.",
        markdown_table(("text", "Python"), rules),
        "## Functions",
        markdown_table(("text", "Python"), rows),
    ]
    return "\n\n".join(parts) + "\n"


def _rules() -> Iterator[tuple[str, str]]:
    """Yield text and Python of the rules that the tests hold together."""
    for line in ast.parse(RULES.read_text(encoding="utf-8")).body:
        if isinstance(line, ast.AnnAssign) and ast.unparse(line.target) == "GOOD" and isinstance(line.value, ast.Dict):
            for key, value in zip(line.value.keys, line.value.values, strict=True):
                if isinstance(key, ast.Constant) and len(str(key.value)) <= WIDTH and not re.search(r"\n|\\|--", str(key.value)):
                    yield str(key.value), double_quoted(ast.unparse(value))
            return
    raise LookupError(f"{RULES.name} has no table GOOD of texts and expressions")


def _commands() -> Iterator[tuple[str, ...]]:
    waiting: list[tuple[tuple[str, ...], Any]] = [((), typer.main.get_command(app))]
    while waiting:
        words, command = waiting.pop(0)
        yield words
        waiting += [((*words, name), inner) for name, inner in getattr(command, "commands", {}).items()]


def _members(kind: type, *, deep: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield the public methods and properties of a class; of an expression only its own, not every operator's."""
    homes = kind.__mro__ if deep else [home for home in kind.__mro__ if home is not object]
    seen: set[str] = set()
    for home in homes:
        if deep and not home.__module__.endswith(("definitions", "expression")):
            continue
        for name, thing in vars(home).items():
            wanted = isinstance(thing, (property, classmethod)) or inspect.isfunction(thing) or hasattr(thing, "attrname")
            if wanted and not name.startswith("_") and name not in (*INSIDE, *seen):
                seen.add(name)
                yield name, getattr(thing, "func", getattr(thing, "fget", None)) or thing


def _signature(thing: Any) -> str:
    function = thing.__func__ if isinstance(thing, classmethod) else thing
    if not inspect.isfunction(function):
        return ""
    parameters = list(inspect.signature(function).parameters)
    told = [name for name in parameters if name not in {"self", "cls"}]
    if not told and parameters and _is_property(function):
        return ""
    return f"({', '.join(told)})"


def _is_property(function: Any) -> bool:
    owner = function.__qualname__.split(".")[0]
    found = inspect.getattr_static(getattr(inspect.getmodule(function), owner, None), function.__name__, None)
    return isinstance(found, property) or hasattr(found, "attrname")


def _errors() -> str:
    rows = []
    for name, kind in vars(errors).items():
        if inspect.isclass(kind) and issubclass(kind, errors.C360Error):
            told = "the base of all" if kind is errors.C360Error else docstring(kind).split("\n\n")[0]
            rows.append([f"`{name}`", f"C360-{kind.code}", str(kind.exit_code), told])
    table = markdown_table(("class", "code", "exit", "when"), rows)
    return f"## Errors and exit codes\n\n{flat(ERRORS)}\n\n{table}"
