"""Requests for a list that contradict themselves or cannot be meant: refused with exit code 2, and nothing written."""

from __future__ import annotations

from typing import Any

import pytest

from contacting import Contacting
from pulling import audited, export, keys, place
from tiny import CommandLine

REFUSED = {
    "a month without a campaign": (("--month", "2026-11"), "a month is that of a campaign, and none is named"),
    "two formats": (("--format", "xlsx"), "the ending .csv says one format, --format xlsx another"),
    "a channel twice": (("--channel", "sms,sms"), "channel named twice: sms"),
    "an empty channel": (("--channel", ""), "--channel names nothing"),
    "a day before the calendar": (("--as-of", "0001-01-01"), "expected a day from 1900 to 2999, found 0001-01-01"),
    "a day that a slip made": (
        ("--on", "2126-11-02"),
        "the day of contact, 2126-11-02, lies more than a year after the as-of date 2026-10-31",
    ),
    "a day at its end": (("--on", "9999-12-31"), "expected a day from 1900 to 2999, found 9999-12-31"),
}


@pytest.mark.parametrize("options,told", REFUSED.values(), ids=REFUSED)
def test_a_request_that_cannot_be_meant_is_refused(made: Contacting, pull: CommandLine, options: Any, told: str) -> None:
    answer = export(pull, "a.csv", *options, "--json")
    assert (answer.code, answer.json["message"]) == (2, told)
    assert not place(pull, "a.csv").exists()


def test_what_goes_to_stdout_is_not_split(made: Contacting, pull: CommandLine) -> None:
    answer = pull("export", "everybody", "--purpose", "care", "--split-by", "channel", "--json")
    assert (answer.code, answer.json["message"]) == (2, "only files can be split")


@pytest.mark.parametrize("month", ["0000-01", "9999-12", "2026-13"])
def test_a_month_that_is_none_is_refused(made: Contacting, pull: CommandLine, month: str) -> None:
    assert pull("arbitrate", "--month", month, "--preview").code == 2


@pytest.mark.parametrize("option", ["--only", "--without"])
def test_an_empty_choice_of_campaigns_is_refused(made: Contacting, pull: CommandLine, option: str) -> None:
    answer = pull("arbitrate", "--month", "2026-11", "--preview", option, "", "--json")
    assert (answer.code, answer.json["message"]) == (2, f"{option} names nothing")


@pytest.mark.thorough
def test_keys_given_are_a_share_of_all_rows(made: Contacting, pull: CommandLine) -> None:
    """Two customers who were asked for are not the whole of a list that is too long."""
    settings = made.folder / "c360.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("[policy]\n", "[policy]\nmax_share = 0.5\n", 1), encoding="utf-8"
    )
    chosen = place(pull, "keys.txt")
    chosen.write_text("C1\nC3\n", encoding="utf-8")
    assert export(pull, "a.csv", "--keys", str(chosen)).code == 0
    assert keys(pull, "a.csv") == ["C1", "C3"]
    assert export(pull, "b.csv", "--on", "2026-11-16").code == 5


def test_days_beyond_the_calendar_are_refused(made: Contacting, pull: CommandLine) -> None:
    assert pull("audit", "--expires-within", "99999999").code == 2


@pytest.mark.thorough
def test_a_list_of_nobody_names_what_took_the_last_of_them(made: Contacting, pull: CommandLine) -> None:
    """The week before, everybody was on a list: the rule is not to blame. On stdout it is refused like in a file."""
    assert export(pull, "a.csv").code == 0
    assert len(keys(pull, "a.csv")) > 0
    for output in (("-o", str(place(pull, "b.csv"))), ()):
        answer = pull("export", "everybody", "--purpose", "care", "--on", "2026-11-03", *output, "--json")
        assert answer.code == 5
        assert answer.json["hint"].startswith("'contacted too often: at most 1 in 7 days' removed the last ")
    assert [line["rows"] for line in audited(made, "export")] == [len(keys(pull, "a.csv"))]
