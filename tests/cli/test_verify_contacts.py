"""`verify` of lists to contact: made again as was known then, whatever consent, contacts and other lists there are by now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from c360.deliver.verification import Verification
from contacting import Contacting

POLICY = """
[policy]
never = ["left_alone", "minors"]
never_lists = ["court.csv"]
caps = [{ most = 1, days = 30 }]

[policy.purposes.offer]
consent = "offer_channels"

[policy.purposes.care]

[policy.channels.sms]
cost = 0.1
[policy.channels.call]

[policy.contacts]
channel = "way"
campaign = "campaign"
where = "direction = 'out'"
"""
CAMPAIGNS = '''"""Campaigns."""

from c360 import Offer, campaign
from segments.all import everybody
from tags.consent import age, grown

sell = campaign(
    segment=everybody, purpose="offer", channels=("sms", "call"), priority=1, title="Sell", score=age, strata=grown, holdout=0.3,
    salt="b", offer=Offer("gift", cost=5), columns=(age,), order=("age",),
)
'''


@pytest.fixture
def made(tmp_path: Path) -> Contacting:
    """C1 to C3 may be contacted by SMS, C1 by call too; nobody was."""
    work = Contacting(tmp_path / "ours", policy=POLICY)
    work.folder.mkdir()
    work.make()
    work.file("court.csv", "customer_id\nC4\n")
    (work.folder / "segments" / "campaigns.py").write_text(CAMPAIGNS, encoding="utf-8")
    return work


def export(made: Contacting, path: Path, segment: str | None = "everybody", **options: Any) -> Any:
    workspace = made.opened()
    try:
        told = {"purpose": "offer"} if "campaign" not in options else {}
        return workspace.export(segment, path, **{**told, **options})
    finally:
        workspace.close()


def verify(made: Contacting, path: Path) -> Verification:
    workspace = made.opened()
    try:
        return workspace.verify(path)
    finally:
        workspace.close()


def found(what: Verification, kind: str) -> list[str]:
    return [one.name for one in what.of(kind)]


@pytest.fixture
def listed(made: Contacting, tmp_path: Path) -> Path:
    """A list of three."""
    path = tmp_path / "list.csv"
    assert sorted(export(made, path).frame["customer_id"].to_list()) == ["C1", "C2", "C3"]
    return path


def replaced(made: Contacting, file: str, old: str, new: str) -> None:
    path = made.folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# All the same.


@pytest.mark.thorough
@pytest.mark.parametrize(
    "options",
    [
        {"segment": "everybody", "holdout": 0.4, "strata": "grown"},
        {"segment": "everybody", "channels": ("call", "sms"), "limit": 2, "order": ("-age",)},
        {"segment": None, "campaign": "sell"},
        {"segment": "everybody", "purpose": "analysis"},
        {"segment": "everybody", "purpose": "care", "one_per": "city", "columns": ("age",)},
        {"segment": "everybody", "split_by": "channel"},
        {"segment": None, "where": "customer.city = 'north' or customer.city = 'south'", "entity": "line"},
    ],
    ids=["holdout", "limit", "campaign", "analysis", "one per", "split", "lines"],
)
def test_every_kind_of_list_can_be_made_again(made: Contacting, tmp_path: Path, options: dict[str, Any]) -> None:
    path = tmp_path / ("list.xlsx" if options.keys() & {"campaign", "split_by", "one_per"} else "list.csv")
    result = export(made, path, **options)
    assert result.frame.height
    told = verify(made, result.manifest)
    assert told.ok and told.remade is not None and told.remade.is_same, told.lines()


@pytest.mark.thorough
def test_the_very_list_is_not_in_its_own_way(made: Contacting, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    export(made, path)
    made.add("contact", "C1 2026-11-02 sms out offer everybody")  # what came of it
    told = verify(made, path)
    assert found(told, "data") == ["contact"]
    assert told.remade is not None and told.remade.has_same_rows


@pytest.mark.thorough
def test_a_list_that_left_since_does_not_count(made: Contacting, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    export(made, first, "northern")
    assert export(made, second).frame["customer_id"].to_list() != []
    workspace = made.opened()
    assert [one.name for one in workspace.records.ledger.lists()] == ["northern", "everybody"]
    workspace.close()
    told = verify(made, first)
    assert told.ok, told.lines()


@pytest.mark.thorough
def test_a_list_that_left_before_counts_as_it_did(made: Contacting, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    export(made, first, "northern")
    result = export(made, second)
    assert "C1" not in result.frame["customer_id"].to_list()  # contacted by the first
    assert verify(made, second).ok
    workspace = made.opened()
    workspace.records.ledger.remove(workspace.records.ledger.lists()[0].list_id)
    workspace.close()
    told = verify(made, second)
    assert found(told, "data") == ["lists"]
    assert told.remade is not None and told.remade.changes is not None and told.remade.changes.added == 2


# What was learnt since.


def test_consent_taken_back_after_what_was_known_is_changed_data_and_the_same_rows(made: Contacting, listed: Path) -> None:
    made.add("consent", "C2 2026-11-20 sms no -")
    told = verify(made, listed)
    assert told.kinds == ("data",) and found(told, "data") == ["consent"]
    assert told.remade is not None and told.remade.has_same_rows
    assert "8 rows then, 9 now" in told.differences[0].words


def test_consent_taken_back_before_is_other_rows(made: Contacting, listed: Path) -> None:
    made.add("consent", "C2 2026-10-01 sms no -")
    told = verify(made, listed)
    assert told.kinds == ("data",) and told.remade is not None and told.remade.changes is not None
    assert (told.remade.changes.added, told.remade.changes.removed) == (0, 1)


def test_a_contact_that_was_not_known(made: Contacting, listed: Path) -> None:
    made.add("contact", "C3 2026-10-20 sms out offer other")
    told = verify(made, listed)
    assert found(told, "data") == ["contact"] and not told.remade.has_same_rows  # type: ignore[union-attr]


def test_another_list_of_those_never_contacted(made: Contacting, listed: Path) -> None:
    made.file("court.csv", "customer_id\nC4\nC2\n")
    told = verify(made, listed)
    assert found(told, "data") == ["court.csv"] and str(told.remade.changes) == "0 added, 1 removed"  # type: ignore[union-attr]


@pytest.mark.thorough
def test_a_canary_is_part_of_the_list(made: Contacting, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    made.configure(canaries='"canaries.csv"')
    made.file("canaries.csv", "recipient,customer_id\nagency,SEED\n")
    assert "SEED" in export(made, path, recipient="agency").frame["customer_id"]
    assert verify(made, path).ok
    made.file("canaries.csv", "recipient,customer_id\nagency,SPY\n")
    told = verify(made, path)
    assert found(told, "data") == ["canaries"] and str(told.remade.changes) == "1 added, 1 removed"  # type: ignore[union-attr]


def test_who_was_erased_since(made: Contacting, listed: Path) -> None:
    workspace = made.opened()
    workspace.erase(["C2"])
    workspace.close()
    told = verify(made, listed)
    assert found(told, "data") == ["erased"] and not told.of("file"), told.lines()
    assert told.remade is not None and told.remade.has_same_rows
    assert any("erased" in note for note in told.notes)


# Changed policy and campaigns.


def test_a_changed_cap_is_a_changed_definition(made: Contacting, listed: Path) -> None:
    replaced(made, "c360.toml", "most = 1, days = 30", "most = 0, days = 30")
    told = verify(made, listed)
    assert told.kinds == ("definitions",) and found(told, "definitions") == ["policy.caps"]
    assert told.remade is not None and told.remade.changes is not None and told.remade.changes.removed >= 3


def test_a_policy_changed_where_the_list_does_not_look_is_a_note(made: Contacting, listed: Path) -> None:
    replaced(made, "c360.toml", "[policy.purposes.care]", "[policy.purposes.care]\nkeep_days = 9")
    told = verify(made, listed)
    assert told.ok and any("policy" in note for note in told.notes)


def test_a_definition_of_the_policy(made: Contacting, listed: Path) -> None:
    replaced(made, "segments/all.py", "age < 18", "age < 41")
    told = verify(made, listed)
    assert found(told, "definitions") == ["minors"]


@pytest.mark.thorough
def test_a_changed_campaign(made: Contacting, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    export(made, path, None, campaign="sell")
    replaced(made, "segments/campaigns.py", 'order=("age",)', 'order=("-age",)')
    told = verify(made, path)
    assert found(told, "definitions") == ["sell"]
    replaced(made, "segments/campaigns.py", "sell = campaign(", "other = campaign(")
    told = verify(made, path)
    assert found(told, "definitions") == ["sell"] and told.remade is None


def test_a_policy_that_is_gone(made: Contacting, listed: Path) -> None:
    made.configure("\n")
    told = verify(made, listed)
    assert found(told, "definitions") == ["policy"] and told.remade is None


@pytest.mark.thorough
def test_another_arbitration_of_the_month(made: Contacting, tmp_path: Path) -> None:
    workspace = made.opened()
    workspace.arbitrate("2026-11", folder=tmp_path)
    workspace.close()
    path = next(tmp_path.glob("*.csv"))
    assert verify(made, path).ok, verify(made, path).lines()
    made.add("consent", "C3 2026-10-01 sms no -")
    workspace = made.opened()
    workspace.arbitrate("2026-11")
    workspace.close()
    assert found(verify(made, path), "data") == ["consent", "decision"]
