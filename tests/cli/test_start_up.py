"""What starting costs: no engine before one is needed, and a help page for at most twice the parser's own price."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys

import pytest

from tiny import CommandLine, environment

HEAVY = ("duckdb", "polars", "sqlglot", "rich", "xlsxwriter", "numpy", "pyarrow", "pandas")
TOLD = f"import sys; print([m for m in {HEAVY!r} if m in sys.modules])"
HELP = "import sys; sys.argv = ['c360', '--help']; from c360.cli import main; main()"
PAIRS = 5


@pytest.mark.parametrize("code", ["import c360", "import c360; c360.Workspace", "from c360 import errors"])
def test_importing_the_library_loads_no_engine(c360: CommandLine, code: str) -> None:
    answer = c360.python(f"{code}\n{TOLD}")
    assert answer.out.strip() == "[]", answer.err


@pytest.mark.parametrize("arguments", [["--help"], ["export", "--help"], ["sise"], ["size"]])
def test_help_and_slips_load_no_engine(c360: CommandLine, arguments: list[str]) -> None:
    answer = c360.python(f"from c360.cli.faults import run\nrun({arguments!r})\n{TOLD}")
    assert answer.out.splitlines()[-1] == "[]", answer.err


@pytest.mark.thorough
def test_counting_loads_no_frames(c360: CommandLine) -> None:
    folder = str(c360.workspace.folder) if c360.workspace else ""
    answer = c360.python(f"from c360.cli.faults import run\nrun(['-w', {folder!r}, 'size', 'active'])\n{TOLD}")
    assert "polars" not in answer.out.splitlines()[-1]


@pytest.mark.thorough
def test_help_costs_at_most_twice_the_parser() -> None:
    """Processor time, not the clock's, in pairs so that a busy machine slows both."""
    ratios = [cpu(HELP) / cpu("import typer") for _ in range(PAIRS)]
    assert statistics.median(ratios) <= 2, ratios


def cpu(code: str) -> float:
    """Return the processor time of a Python process that runs *code*."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-P", "-c", code], stdout=subprocess.DEVNULL, timeout=60, check=True, env=environment(None))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def test_no_color_is_honoured(c360: CommandLine) -> None:
    assert os.environ["NO_COLOR"] == "1"
    assert "\x1b" not in c360("export", "worth_keeping", "--dry-run").err
