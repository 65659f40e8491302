"""Commands in, what they cost out: each run is a process of its own; CPU seconds of user and system, and the most memory.

A process is charged with the most memory of the one that started it, so nothing large is done or imported here.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
WORKSPACE = HERE / "workspace"


@dataclass(frozen=True)
class Cost:
    """What one run cost, and what it said."""

    cpu: float
    memory: int
    said: str = ""


@dataclass(frozen=True)
class Costs:
    """The runs of one command."""

    runs: tuple[Cost, ...]

    @property
    def cpu(self) -> float:
        """The median of CPU seconds."""
        return statistics.median(run.cpu for run in self.runs)

    @property
    def memory(self) -> float:
        """The median of the most bytes held."""
        return statistics.median(run.memory for run in self.runs)


@dataclass(frozen=True)
class Command:
    """What is run; *before* makes it ready and is not timed."""

    arguments: tuple[str, ...]
    before: Callable[[], object] = lambda: None


def run(command: Command) -> Cost:
    """Run a command to its end; a task may say itself what it cost. Raises RuntimeError with what it said where it fails."""
    command.before()
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        "POLARS_MAX_THREADS": "2",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with subprocess.Popen(
        command.arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, cwd=ROOT
    ) as process:
        said = (process.stdout.read() if process.stdout else b"").decode(errors="replace")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command.arguments)}\n{said[-2000:]}")
    told = re.findall(r"^cpu=([0-9.]+)$", said, re.MULTILINE)
    return Cost(float(told[-1]) if told else used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, said)


def in_turn(commands: Mapping[str, Command], times: int, told: Callable[[str], None] = lambda text: None) -> dict[str, Costs]:
    """Run each command *times* times, one after the other in turn, so that a slow minute falls on all."""
    runs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(times):
        for name, command in commands.items():
            cost = run(command)
            runs[name].append(cost)
            told(f"  {turn + 1}/{times} {name}: {cost.cpu:.2f} s, {cost.memory / 1e9:.2f} GB")
    return {name: Costs(tuple(made)) for name, made in runs.items()}


def python(*arguments: str) -> tuple[str, ...]:
    """Return a command of this interpreter."""
    return (sys.executable, *arguments)


def task(kind: str, *given: object) -> Command:
    """Return a task of `benchmarks.task`."""
    return Command(python("-m", "benchmarks.task", kind, *(str(one) for one in given)))


def answer(kind: str, *given: object) -> str:
    """Run a task and return the last line it says."""
    return run(task(kind, *given)).said.strip().splitlines()[-1]


def way(name: str, data: Path, target: Path) -> Command:
    """Return the command that builds the table in the way *name*."""
    return task("way", name, data, target)


def c360(folder: Path, data: Path, *arguments: str, before: Callable[[], object] = lambda: None) -> Command:
    """Return a command of c360 in the workspace *folder*, on two threads."""
    given = ("-w", str(folder), "--data", str(data), "--threads", "2")
    return Command(python("-m", "benchmarks.task", "c360", *given, *arguments), before)


def fresh(folder: Path) -> None:
    """Make *folder* a copy of the benchmark's workspace in which nothing was built yet."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(WORKSPACE, folder)


def ratios(above: Costs, below: Costs) -> tuple[float, float, float]:
    """Return the ratio of the medians of CPU, and the least and the greatest ratio of runs that were neighbours."""
    pairs: Sequence[float] = [a.cpu / b.cpu for a, b in zip(above.runs, below.runs, strict=True)]
    return above.cpu / below.cpu, min(pairs), max(pairs)
