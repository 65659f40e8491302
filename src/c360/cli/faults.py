"""Faults at the border: an exception in, a message on stderr (or a JSON object on stdout) and an exit code out."""

from __future__ import annotations

import errno
import functools
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from c360.errors import C360Error

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
STOPS = (signal.SIGTERM, signal.SIGHUP)
GLOBAL_OPTIONS = ("--workspace", "-w", "--data", "--lang", "--quiet", "-q", "--verbose", "--threads", "--memory", "--timeout")

COMPLETION = "_C360_COMPLETE"  # set by the shell that asks for completions


class Stopped(BaseException):
    """A signal asks to stop; no handler of ordinary faults may catch it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; without arguments show the help."""
    try:
        _heed_signals()
        code = _run(arguments or ["--help"])
        sys.stdout.flush()
        return code
    except BaseException as fault:
        return _ended(fault, arguments)


def _run(arguments: list[str]) -> int:
    import typer

    command = _command()
    if os.environ.get(COMPLETION):
        command.main(arguments, prog_name="c360")  # answers the shell and exits
    # Not through the command's own main(): it keeps Ctrl-C and a broken pipe to itself.
    try:
        with command.make_context("c360", list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as left:
        return left.exit_code
    return 0


@functools.cache
def _command() -> Any:
    """Return the commands, built once however often a process runs them."""
    from c360.cli.app import app
    from c360.cli.lazily import group_of

    return group_of(app)


def _heed_signals() -> None:
    if threading.current_thread() is threading.main_thread():
        for number in STOPS:
            signal.signal(number, _stop)


def _stop(number: int, _: FrameType | None) -> None:
    raise Stopped(number)


def _ended(fault: BaseException, arguments: list[str]) -> int:
    """Tell a fault in the one form it has, and return its exit code."""
    from c360.errors import C360Error

    match fault:
        case C360Error():
            return _told(fault, arguments)
        case KeyboardInterrupt() | Stopped():
            print("stopped; nothing published, no file left half written", file=sys.stderr)
            return 128 + (fault.number if isinstance(fault, Stopped) else signal.SIGINT)
        case BrokenPipeError():
            _forget_stdout()
            return 0
        case SystemExit():
            return fault.code if isinstance(fault.code, int) else 0
        case OSError():
            _forget_stdout()
            return _told(_of_the_system(fault), arguments)
    return _told(_of_the_parser(fault) or _of_ours(fault, arguments), arguments)


def _told(error: C360Error, arguments: list[str]) -> int:
    if "--json" in arguments:
        with suppress(OSError):
            print(json.dumps(error.as_json(), ensure_ascii=False), flush=True)
    print(error, file=sys.stderr)
    if type(error).__name__ == "NoProgress":
        sys.stderr.flush()
        os._exit(error.exit_code)  # a thread that hangs would keep the process
    return error.exit_code


def _forget_stdout() -> None:
    """Let nothing more be written where nobody reads or nothing fits, so that Python's own last flush stays silent."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _of_the_system(fault: OSError) -> C360Error:
    from c360.errors import ResourceError, UsageError

    reason = os.strerror(fault.errno) if fault.errno else type(fault).__name__
    place = str(fault.filename) if fault.filename else "the output"
    if fault.errno in FULL:
        return ResourceError("the disk is full", hint="free some space and run again", where=place)
    return UsageError(f"{place} cannot be used: {reason}", hint="look at the rights of the file and its folder")


def _of_the_parser(fault: BaseException) -> C360Error | None:
    """Return what the parser of the command line says; it has no exception type of its own to import."""
    if not hasattr(fault, "format_message"):
        return None
    from c360.errors import UsageError

    command = getattr(getattr(fault, "ctx", None), "command_path", "c360")
    option = getattr(fault, "option_name", None)
    if option in GLOBAL_OPTIONS and command != "c360":
        return UsageError(f"{option} stands before the command", hint=f"c360 {option} … {command.removeprefix('c360 ')} …")
    return UsageError(fault.format_message(), hint=f"{command} --help shows what it takes")


def _of_ours(fault: BaseException, arguments: list[str]) -> C360Error:
    """Return the error for a bug of c360: its kind and place, never its text, which can hold values."""
    from c360.errors import InternalError, ResourceError

    if isinstance(fault, MemoryError):
        return ResourceError("memory ran out", hint="ask for less at once, or give the machine more")
    if "--verbose" in arguments:
        import traceback

        traceback.print_exception(fault, file=sys.stderr)
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = None if trace is None else f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
    hint = "this is a bug of c360; run with --verbose and report it"
    return InternalError(f"{type(fault).__name__} was not expected", hint=hint, where=place)
