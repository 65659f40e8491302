"""One thing to measure in, done in this process: `python -m benchmarks.task KIND …`; imports only what that needs."""

from __future__ import annotations

import sys
from pathlib import Path


def main(kind: str, *given: str) -> None:
    """Do the task *kind*."""
    if kind == "c360":
        from c360.cli import main as command

        sys.argv = ["c360", *given]
        command()
    elif kind == "way":
        from benchmarks.ways import WAYS

        name, data, target = given
        WAYS[name](Path(data), Path(target))
    else:
        from benchmarks import tasks

        tasks.TASKS[kind](*given)


if __name__ == "__main__":
    main(*sys.argv[1:])
