"""A list for analysis stands in no ledger: where its file could not be named, taking it out of there hid the fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from c360.deliver import writers
from pulling import export, made, place, pull
from tiny import CommandLine, c360

__all__ = ["c360", "made", "pull"]


def test_the_fault_is_told(pull: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    def full(self: writers.Prepared, *, force: bool) -> None:
        raise writers._told(28, self.path)

    monkeypatch.setattr(writers.Prepared, "publish", full)
    answer = export(pull, "a.csv", purpose="analysis")
    assert (answer.code, "the disk is full" in answer.err) == (7, True)
    assert not Path(place(pull, "a.csv")).exists()
