"""The policy's holdout was drawn by household where a list takes one of each: others were held out than by every other list."""

from __future__ import annotations

from pathlib import Path

from contacting import Contacting

POLICY = """
[policy]
[policy.purposes.offer]
[policy.channels.sms]
[policy.holdout]
share = 0.3
"""
MANY = [f"M{number:02}" for number in range(40)]


def test_whom_the_policy_holds_out_no_list_of_households_contacts(tmp_path: Path) -> None:
    made = Contacting(tmp_path, policy=POLICY).make()
    made.add("customer", *(f"{key} 2020-01-01 40 house{int(key[1:]) // 2:02}" for key in MANY))
    opened = made.opened()
    everybody = opened.export("everybody", purpose="offer", dry_run=True).members
    houses = opened.export("everybody", purpose="offer", one_per="city", dry_run=True).members
    assert everybody is not None
    assert houses is not None
    held = set(everybody.filter(arm="holdout")["key"])
    assert len(held) > 5
    assert not held & set(houses.filter(arm="treated")["key"])
    assert set(houses.filter(arm="holdout")["key"]) <= held
    opened.close()
