"""A list whose salt is the policy's draws the same customers twice: three quarters were told to be meant, half were held out."""

from __future__ import annotations

from pathlib import Path

import pytest

from contacting import Contacting

POLICY = """
[policy]
[policy.purposes.offer]
[policy.channels.sms]
[policy.holdout]
share = 0.5
"""
MANY = [f"M{number:03}" for number in range(400)]


@pytest.mark.parametrize(("salt", "share"), [("global", 0.5), ("another", 0.7)])
def test_the_share_told_is_the_share_held_out(tmp_path: Path, salt: str, share: float) -> None:
    made = Contacting(tmp_path / "ours", policy=POLICY)
    made.folder.mkdir()
    made.make().add("customer", *(f"{key} 2020-01-01 40 south" for key in MANY))
    opened = made.opened()
    result = opened.export("everybody", purpose="offer", holdout=0.4, salt=salt, dry_run=True)
    assert result.aim.held_out / (result.aim.held_out + result.aim.treated) == pytest.approx(share, abs=0.06)
    assert not [one for one in result.aim.told if "something moved the arms" in one]
    opened.close()
