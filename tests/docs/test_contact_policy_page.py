"""The page of the contact policy names every setting there is."""

from __future__ import annotations

import pytest

from c360.bindings.policy import Policy, policy_model
from project import ROOT

PAGE = (ROOT / "docs" / "how-to" / "contact-policy.md").read_text(encoding="utf-8")
TABLES = ("", "purposes", "channels", "caps", "contacts", "holdout", "approval", "offers")


@pytest.mark.parametrize("table", TABLES)
def test_every_setting_is_on_the_page(table: str) -> None:
    heads = {"": "| `[policy]`", "caps": "| `[[policy.caps]]`"}
    start = PAGE.index(heads.get(table, f"| `[policy.{table}"))
    rows = PAGE[start : PAGE.index("\n\n", start)]
    inner = set(TABLES) if not table else set()
    missing = [
        name for name in policy_model([table] if table else []).model_fields if f"`{name}`" not in rows and name not in inner
    ]
    assert not missing


def test_every_table_is_known() -> None:
    tables = {name for name in Policy.model_fields if policy_model([name]) is not Policy}
    assert tables == set(TABLES) - {""}
