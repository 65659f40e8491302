"""Lists under a contact policy that must not leave, and customers that must not be on one (rows E06, E08 to E12)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from contacting import Contacting
from tiny import Answer, CommandLine

WIDE = """
[policy]
never = ["left_alone", "minors"]

[policy.purposes.offer]
consent = "offer_channels"

[policy.purposes.care]

[policy.channels.sms]
[policy.channels.call]
"""


@pytest.fixture
def made(tmp_path: Path) -> Contacting:
    """Seven customers; the policy counts no contacts."""
    found = Contacting(tmp_path / "contacting", policy=WIDE).make()
    return found


@pytest.fixture
def pull(made: Contacting, c360: CommandLine) -> Iterator[CommandLine]:
    """The command line over them."""
    c360.workspace = made  # type: ignore[assignment]
    yield c360


def export(pull: CommandLine, *options: str, segment: str = "everybody", on: str = "2026-11-02") -> Answer:
    """Pull the list ``list.csv`` of everybody for offers."""
    return pull("export", segment, "--purpose", "offer", "--on", on, "-o", str(place(pull)), *options)


def place(pull: CommandLine) -> Path:
    """Return where the list is written."""
    assert pull.workspace is not None
    return pull.workspace.folder.parent / "list.csv"


def listed(pull: CommandLine) -> list[str]:
    """Return the keys in the list."""
    return [line.split(",")[0] for line in place(pull).read_text(encoding="utf-8-sig").splitlines()[1:]]


def removed(pull: CommandLine) -> dict[str, int]:
    """Return how many each stage of the list removed, by its name."""
    manifest = json.loads(place(pull).with_name("list.csv.manifest.json").read_text(encoding="utf-8"))
    return {stage["name"]: stage["removed"] for stage in manifest["results"]["waterfall"] if stage["removed"]}


def test_a_list_under_the_policy_leaves_out_whom_it_must(pull: CommandLine) -> None:
    assert export(pull).code == 0
    assert listed(pull) == ["C1", "C2", "C3"]
    assert removed(pull) == {"left_alone": 1, "minors": 2, "consent": 1}


def test_e06_size_jump_names_the_sizes_the_limit_and_the_condition_that_did_it(made: Contacting, pull: CommandLine) -> None:
    made.configure(max_change="0.3")
    assert export(pull, segment="northern").code == 0
    before = place(pull).read_bytes()
    made.add("customer", *(f"N{n} 2020-01-01 40 north" for n in range(4)))
    made.add("consent", *(f"N{n} 2026-02-01 sms yes -" for n in range(4)))
    refused = export(pull, "--force", segment="northern", on="2026-11-03")
    assert refused.code == 5
    for told in ("has 6 rows", "had 2 (+200.0%", "at most 30.0%", "top cause: 'all customer", "--accept-size 6"):
        assert told in refused.err
    assert place(pull).read_bytes() == before
    assert export(pull, "--force", "--accept-size", "5", segment="northern", on="2026-11-03").code == 5
    assert export(pull, "--force", "--accept-size", "6", segment="northern", on="2026-11-03").code == 0


@pytest.mark.parametrize(
    ("limits", "told"), [({"max_rows": "2"}, "at most 2 are allowed"), ({"max_share": "0.4"}, "of the base of 7, at most 40.0%")]
)
def test_e08_over_cap_is_refused_until_its_size_is_named(
    made: Contacting, pull: CommandLine, limits: dict[str, str], told: str
) -> None:
    made.configure(**limits)
    refused = export(pull)
    assert refused.code == 5 and told in refused.err and "--accept-size 3" in refused.err
    assert not place(pull).exists() and not place(pull).with_name("list.csv.manifest.json").exists()
    assert export(pull, "--accept-size", "3").code == 0


def test_e08_over_cap_a_list_too_short_is_refused_too(made: Contacting, pull: CommandLine) -> None:
    made.configure(min_rows="4")
    refused = export(pull)
    assert refused.code == 5 and "has 3 rows: at least 4 are asked for" in refused.err
    assert not place(pull).exists()


@pytest.mark.parametrize("day", [["--on", "2026-11-02"], []])
def test_e09_suppression_missing_consent_is_named(made: Contacting, pull: CommandLine, day: list[str]) -> None:
    (made.folder / "data" / "consent.csv").unlink()
    refused = pull("export", "everybody", "--purpose", "offer", *day, "-o", str(place(pull)))
    assert refused.code == 5 and "who must not be contacted cannot be told" in refused.err and "consent.csv" in refused.err
    assert not place(pull).exists()


def test_e09_suppression_missing_an_unbound_source_is_named(made: Contacting, pull: CommandLine) -> None:
    settings = made.folder / "c360.toml"
    text = settings.read_text(encoding="utf-8").replace('[sources.consent]\npath = "consent.csv"\nallow_empty = true\n', "")
    settings.write_text(text, encoding="utf-8")
    refused = export(pull)
    assert refused.code == 5 and "source consent is not bound" in refused.err
    assert not place(pull).exists()


def test_e09_suppression_missing_a_list_of_keys_is_named(made: Contacting, pull: CommandLine) -> None:
    made.configure(never_lists='["staff.csv"]')
    refused = export(pull)
    assert refused.code == 5 and "the list staff.csv is not there" in refused.err
    made.file("staff.csv", "customer_id\nC1\n")
    assert export(pull).code == 0
    assert listed(pull) == ["C2", "C3"] and removed(pull)["staff.csv"] == 1


def test_e09_suppression_missing_past_contacts_are_named(made: Contacting, pull: CommandLine) -> None:
    made.configure(made.policy + '[policy.contacts]\nchannel = "way"\n', caps="[{ most = 1, days = 30 }]")
    (made.folder / "data" / "contact.csv").unlink()
    refused = export(pull)
    assert refused.code == 5 and "how often somebody was contacted cannot be told" in refused.err and "contact.csv" in refused.err


def test_e10_stale_consent_is_refused_with_its_age(made: Contacting, pull: CommandLine) -> None:
    made.configure(max_age_days="10")
    refused = export(pull)
    assert refused.code == 5 and "source consent is of 2026-10-20, 13 days before the contact on 2026-11-02" in refused.err
    assert not place(pull).exists()
    made.add("consent", "C1 2026-10-25 sms yes -")
    assert export(pull).code == 0


def test_e10_stale_list_of_keys_is_refused_with_its_age(made: Contacting, pull: CommandLine) -> None:
    made.configure(max_age_days="20", never_lists='["staff.csv"]')
    made.file("staff.csv", "customer_id,date\nC1,2026-10-01\n")
    refused = export(pull)
    assert refused.code == 5 and "the list staff.csv is of 2026-10-01, 32 days before" in refused.err


def test_e11_consent_null_is_no_and_is_counted(made: Contacting, pull: CommandLine) -> None:
    made.add("customer", "NULLED 2020-01-01 40 north")
    made.add("consent", "NULLED 2026-01-01 sms - -")
    assert export(pull).code == 0
    assert "NULLED" not in listed(pull) and "SILENT" not in listed(pull)
    assert removed(pull)["consent"] == 2


def test_e11_consent_null_a_segment_of_unknown_is_no_too(made: Contacting, pull: CommandLine) -> None:
    made.configure(made.policy.replace(', "minors"]', "]").replace("[policy.purposes.care]", 'suppress = ["minors"]'))
    assert export(pull).code == 0
    assert "AGELESS" not in listed(pull) and removed(pull)["minors"] == 2


def test_e12_suppression_changed_after_build_is_seen(made: Contacting, pull: CommandLine) -> None:
    assert pull("build", "--as-of", "2026-10-31").code == 0
    made.add("consent", "C2 2026-11-01 sms no -")
    answer = export(pull)
    assert answer.code == 0 and listed(pull) == ["C1", "C3"]
    assert "1 removed since the snapshot of 2026-10-31" in answer.err


def test_a_contact_on_a_quiet_day_is_refused_and_an_open_day_is_named(made: Contacting, pull: CommandLine) -> None:
    made.configure(quiet_weekdays='["sunday"]', quiet_days="[2026-11-02]")
    refused = export(pull, on="2026-11-01")
    assert refused.code == 5 and "2026-11-01 (sunday) is a quiet day" in refused.err and "--on 2026-11-03" in refused.err


def test_a_cap_of_none_closes_a_channel_for_everybody(made: Contacting, pull: CommandLine) -> None:
    made.configure(caps='[{ most = 0, days = 1, channel = "sms" }]')
    assert export(pull).code == 0
    assert listed(pull) == ["C1"]  # the only one who agreed to calls
