"""The last list's rows were counted with the company's own customer in it, so the same list was a fifth shorter than itself."""

from __future__ import annotations

from pathlib import Path

from contacting import Contacting

POLICY = """
[policy]
never = ["left_alone", "minors"]
canaries = "canaries.csv"
max_change = 0.1
[policy.purposes.care]
[policy.channels.sms]
"""


def test_a_list_with_a_canary_may_leave_again(tmp_path: Path) -> None:
    made = Contacting(tmp_path / "ours", policy=POLICY)
    made.folder.mkdir()
    made.make().file("canaries.csv", "recipient,customer_id\nshop,OUR-OWN\n")
    opened = made.opened()
    for name in ("a.csv", "b.csv"):
        result = opened.export("everybody", tmp_path / name, purpose="care", recipient="shop")
        assert (result.aim.treated, result.frame.height) == (4, 5)
    opened.close()
