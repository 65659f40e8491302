"""Statements on stdin, run on an engine in a process of its own; knows no list.

DuckDB leaves what its memory held in the unused ends of a database's blocks (duckdb issue 23382). A process that has seen nothing
but a list cannot give away more than the list, and one whose memory starts as zeros writes the same bytes each time.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Sequence

from c360.errors import InternalError, ResourceError

# What glibc and the engine's own allocator fill new memory with; elsewhere bytes may differ from run to run.
ZEROS = {"MALLOC_PERTURB_": "255", "DUCKDB_JE_MALLOC_CONF": "zero:true", "PYTHONUTF8": "1"}


def run_in_own_process(statements: Sequence[str]) -> None:
    """Run *statements* in an engine of a new process; raises OSError where the disk is full, InternalError for other faults."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", __name__], input=json.dumps(list(statements)), text=True, encoding="utf-8",
        capture_output=True, env={**ZEROS, "PYTHONPATH": os.pathsep.join(sys.path)}, check=False,
    )  # fmt: skip
    if done.returncode == ResourceError.exit_code:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if done.returncode:
        raise InternalError(f"a process that writes a database ended with {done.returncode}", hint="please report this")


def main() -> int:
    """Run the statements on stdin; return 0, or the exit code of what went wrong. Nothing the engine says is passed on."""
    import duckdb

    from c360.engines.duckdb import connect
    from c360.engines.faults import translate

    connection = connect(threads=1)
    try:
        for statement in json.load(sys.stdin):
            connection.execute(statement)
    except duckdb.Error as error:
        return translate(error).exit_code
    finally:
        connection.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
