"""The command line: parse, call one workspace method, print; knows no rule and no data."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; every fault ends in one message and its exit code, never in a traceback."""
    from c360.cli.faults import run

    sys.exit(run(sys.argv[1:]))
