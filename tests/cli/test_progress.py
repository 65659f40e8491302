"""Progress: one line on a terminal's stderr while a long query runs, nothing where nobody looks."""

from __future__ import annotations

import pytest

from c360.cli import progress
from c360.cli.progress import Line, said_speed
from c360.engines.duckdb import DuckDBEngine
from tiny import CommandLine

SLOW = "SELECT COUNT(*) FROM range(3000) AS a(i), range(3000) AS b(j), range(40) AS c(k) WHERE (i * j + k) % 7 = 3"


class Told:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.shares: list[float] = []
        self.rows: list[int] = []
        self.ended = 0

    def at(self, told: str, rows: int, share: float) -> None:
        self.shares.append(share)
        self.rows.append(rows)

    def end(self) -> None:
        self.ended += 1


@pytest.mark.thorough
def test_a_running_query_says_how_far_it_is() -> None:
    engine = DuckDBEngine()
    engine.watch = told = Told()
    engine.expected_rows = 360
    engine.rows(SLOW)
    engine.close()
    assert told.ended == 1
    assert told.shares and max(told.shares) <= 1.0 and set(told.rows) == {360}


def test_rows_a_second_are_said_where_both_are_known() -> None:
    assert said_speed(2_000_000, 0.5, 4.0) == "250,000 rows/s"
    assert said_speed(0, 0.5, 4.0) == said_speed(10, -0.01, 4.0) == ""


def test_a_short_query_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    line = Line()
    line.at("", 10, 0.5)
    line.end()
    assert capsys.readouterr().err == ""


def test_a_long_query_shows_its_speed_and_is_gone_afterwards(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 2.0, 4.0])
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
    monkeypatch.setenv("FORCE_COLOR", "1")  # as on a terminal
    monkeypatch.setenv("TERM", "xterm")
    line = Line()
    for share in (0.1, 0.2, 0.5):
        line.at("", 1000, share)
        if line._shown is not None:
            line._shown[0].refresh()
    line.end()
    assert "125 rows/s" in capsys.readouterr().err
    assert line._shown is None


def test_nothing_is_shown_where_nobody_looks(c360: CommandLine) -> None:
    assert progress.is_wanted(quiet=False) is False  # stderr is no terminal here
    answer = c360("size", "active")
    assert "rows/s" not in answer.err
