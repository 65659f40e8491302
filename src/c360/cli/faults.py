"""Faults at the border: an exception in, a message on stderr (or a JSON object on stdout) and an exit code out."""

from __future__ import annotations

import json
import os
import sys

INTERRUPTED, TERMINATED = 130, 143


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    import signal

    from typer.main import get_command

    from c360.cli.app import app
    from c360.errors import C360Error

    signal.signal(signal.SIGTERM, _stop)
    try:
        code = get_command(app).main(arguments, prog_name="c360", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except C360Error as error:
        return _told(error, arguments)
    except (KeyboardInterrupt, EOFError):
        print("stopped; nothing was written", file=sys.stderr)
        return INTERRUPTED
    except _Terminated:
        print("stopped; nothing was written", file=sys.stderr)
        return TERMINATED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 0
    except Exception as error:
        return _unexpected(error, arguments)


class _Terminated(Exception):
    """SIGTERM arrived."""


def _stop(*_: object) -> None:
    raise _Terminated


def _told(error: object, arguments: list[str]) -> int:
    from c360.errors import C360Error

    assert isinstance(error, C360Error)
    if "--json" in arguments:
        print(json.dumps(error.as_json(), ensure_ascii=False))
    print(error, file=sys.stderr)
    return error.exit_code


def _unexpected(error: Exception, arguments: list[str]) -> int:
    """Tell usage faults of the parser as they are; anything else is a bug of ours, told without values."""
    exit_code = getattr(error, "exit_code", None)
    if hasattr(error, "format_message") and isinstance(exit_code, int):
        from c360.errors import UsageError

        context = getattr(error, "ctx", None)
        command = getattr(context, "command_path", "c360")
        return _told(UsageError(error.format_message(), hint=f"{command} --help shows what it takes"), arguments)
    if type(error).__name__ in {"Abort", "Exit"}:
        return exit_code if isinstance(exit_code, int) else 1
    if "--verbose" in arguments or os.environ.get("C360_VERBOSE"):
        import traceback

        traceback.print_exc(file=sys.stderr)
    from c360.errors import InternalError

    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = "" if frame is None else f"{frame.tb_frame.f_globals.get('__name__')}:{frame.tb_lineno}"
    return _told(InternalError(f"{type(error).__name__} at {place}", hint="this is a bug of c360; run with --verbose and report it"), arguments)
