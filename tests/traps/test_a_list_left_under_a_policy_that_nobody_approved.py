"""What was approved did not say under which policy: with consent taken out of it afterwards, more left under the same yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from c360.errors import Refused
from contacting import Contacting

POLICY = """
[policy]
never = ["left_alone", "minors"]
[policy.purposes.offer]
consent = "offer_channels"
[policy.channels.sms]
[policy.approval]
rows = 1
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [('consent = "offer_channels"\n', ""), (', "minors"]', "]"), ('never = ["left_alone", "minors"]', "caps = []")],
    ids=["consent", "one never less", "no never"],
)
def test_a_list_under_another_policy_is_another_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    made = Contacting(tmp_path / "ours", policy=POLICY)
    made.folder.mkdir()
    made.make()

    def by(who: str) -> object:
        monkeypatch.setenv("C360_USER", who)
        return made.opened()

    proposal = by("li").propose("everybody", purpose="offer")  # type: ignore[attr-defined]
    by("wang").approve(proposal.id, max_rows=99)  # type: ignore[attr-defined]
    made.configure(POLICY.replace(old, new))
    with pytest.raises(Refused, match=f"changed since proposal {proposal.id}: .*policy_tables"):
        by("li").export("everybody", tmp_path / "a.csv", purpose="offer")  # type: ignore[attr-defined]
    made.configure(POLICY.replace("rows = 1", "rows = 1\nexpires_days = 30"))  # decides nobody's place
    assert by("li").export("everybody", tmp_path / "a.csv", purpose="offer").aim.treated == 3  # type: ignore[attr-defined]
