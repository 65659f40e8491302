"""A list of whom not to contact, typed by hand, had a blank behind a key: that customer was contacted."""

from __future__ import annotations

from pathlib import Path

import pytest

from contacting import Contacting

POLICY = """
[policy]
never_lists = ["stop.csv"]
[policy.purposes.care]
[policy.channels.sms]
"""


@pytest.mark.parametrize("key", ["C1 ", " C1", '"C1\t"', "C1\u3000", "\u00a0C1"])
def test_blanks_around_a_key_make_no_other_key(tmp_path: Path, key: str) -> None:
    made = Contacting(tmp_path, policy=POLICY).make()
    made.file("stop.csv", f"customer_id\n{key}\nC4\n")
    opened = made.opened()
    result = opened.export("northern", purpose="care", dry_run=True)
    assert result.frame["customer_id"].to_list() == ["AGELESS", "C2", "MINOR"]
    opened.close()
