"""Lists for analysis were sorted by personal columns and real keys, others by sensitive ones; strata told personal values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from c360.errors import Refused
from c360.workspace import Workspace
from contacting import Contacting

MANY = [f"M{number:02}" for number in range(40)]
TAGS = '''"""Tags."""

from c360 import tag
from tags.sources import Customer

ailing = tag(Customer.age > 60, title="Ailing", sensitivity="sensitive")
'''


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Contacting(tmp_path / "ours")
    made.folder.mkdir()
    made.make()
    made.add("customer", *(f"{key} 2020-01-01 {40 + int(key[1:]) // 20} south" for key in MANY))
    (made.folder / "tags" / "health.py").write_text(TAGS, encoding="utf-8")
    opened = made.opened()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"purpose": "analysis", "order": ("city",)}, "'city' is a key or personal"),
        ({"purpose": "analysis", "order": ("-customer_id",)}, "'customer_id' is a key or personal"),
        ({"purpose": "analysis", "order": ("-ailing",)}, "'ailing' is sensitive"),
        ({"purpose": "care", "order": ("-ailing",)}, "'ailing' is sensitive"),
        ({"purpose": "care", "strata": "city"}, "the strata are personal"),
        ({"purpose": "analysis", "strata": "city"}, "the strata are personal"),
        ({"purpose": "care", "strata": "ailing"}, "the strata are sensitive"),
    ],
)
def test_what_would_tell_it_is_refused(workspace: Workspace, tmp_path: Path, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        workspace.export("everybody", tmp_path / "a.csv", columns=("age",), **asked)
    assert not list(tmp_path.glob("a.csv*"))


def test_rows_equal_in_their_order_do_not_stand_in_that_of_their_keys(workspace: Workspace) -> None:
    result = workspace.export("everybody", purpose="analysis", columns=("asked_alone",), order=("-age",))
    hashes = dict(zip(workspace.records.secret.hashes(result.members["key"]), result.members["key"], strict=True))  # type: ignore[index]
    keys = [hashes[one] for one in result.frame["customer_id"]]
    older, younger = sorted(MANY[20:]), sorted(MANY[:20])
    assert sorted(keys[:20]) == older
    assert keys[:20] != older
    assert [hashes[one] for one in sorted(result.frame["customer_id"][:20])] == keys[:20]
    assert set(younger) < set(keys[20:46])
    assert keys[-1] == "AGELESS"
    assert result.frame.columns == ["customer_id", "asked_alone"]
