"""A list that nobody was contacted by is taken back: caps count it no more, the audit log keeps it and the reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contacting import Contacting
from tiny import CommandLine

ONE_A_MONTH = """
[policy]
[policy.purposes.offer]
consent = "offer_channels"
[policy.channels.sms]
[policy.channels.call]
[[policy.caps]]
most = 1
days = 30
"""


@pytest.fixture
def pull(tmp_path: Path, c360: CommandLine) -> CommandLine:
    """The command line over customers who may be contacted once a month."""
    c360.workspace = Contacting(tmp_path / "contacting", policy=ONE_A_MONTH).make()  # type: ignore[assignment]
    return c360


def rows(pull: CommandLine, on: str, *options: str) -> int:
    answer = pull("export", "everybody", "--purpose", "offer", "--on", on, "--allow-empty", "--json", *options)
    assert answer.code == 0, answer.err
    return int(json.loads(answer.out)["rows"])


@pytest.mark.thorough
def test_a_withdrawn_list_is_not_counted(pull: CommandLine) -> None:
    first = rows(pull, "2026-11-02")
    assert first > 0
    assert rows(pull, "2026-11-09") == 0, "everybody was contacted a week ago"
    (made,) = [one for one in json.loads(pull("campaigns", "--past", "--json").out)["lists"] if one["rows"]]
    answer = pull("campaigns", "--withdraw", made["list_id"], "--reason", "made to look at, nobody was called")
    assert answer.code == 0
    assert "caps count its" in answer.err
    assert rows(pull, "2026-11-09") == first
    (line,) = json.loads(pull("audit", "--event", "withdrawn", "--json").out)["lines"]
    assert line["reason"] == "made to look at, nobody was called"


@pytest.mark.parametrize(("options", "code", "told"), [(("abc", "--reason", "never used at all"), 2, "no list"), ((), 5, "reason")])
def test_what_cannot_be_withdrawn(pull: CommandLine, options: tuple[str, ...], code: int, told: str) -> None:
    rows(pull, "2026-11-02")
    (made,) = json.loads(pull("campaigns", "--past", "--json").out)["lists"]
    answer = pull("campaigns", "--withdraw", *(options or (made["list_id"],)))
    assert answer.code == code
    assert told in answer.err
    assert json.loads(pull("campaigns", "--past", "--json").out)["lists"] == [made]
