"""Answers from a snapshot: the same as from the sources, said so, and not given where the snapshot does not hold them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import c360 as library
from c360.quick import Place, stored_sizes
from c360.workspace import Workspace as Opened
from tiny import CommandLine, Workspace

D = date(2026, 11, 29)
FROM = "from the snapshot of 2026-11-29, generation 2026-11-29-1"
HEAVY = ("c360.catalog", "c360.expr", "c360.engines.sources", "polars", "sqlglot", "rich")


@pytest.fixture
def built(c360: CommandLine, workspace: Workspace) -> Workspace:
    """Return the workspace with a snapshot of all that can be built."""
    assert c360("build").code == 0
    return workspace


@pytest.fixture
def opened(built: Workspace) -> Iterator[Opened]:
    """Open it."""
    found = library.open(built.folder)
    yield found
    found.close()


def quick(workspace: Workspace, *names: str, as_of: date | None = None, data: Path | None = None) -> bool:
    """Whether sizes are told without opening the workspace."""
    return stored_sizes(Place(workspace.folder, data), names, as_of) is not None


# The same answers.


def test_every_size_and_overlap_is_that_of_the_sources(opened: Opened) -> None:
    stored, computed = opened.sizes(), opened.sizes(snapshot=False)
    assert stored == computed
    assert all(size.origin is not None and str(size.origin) == FROM for size in stored.sizes)
    assert all(size.origin is None for size in computed.sizes)
    overlap = opened.overlap()
    assert overlap == opened.overlap(snapshot=False)
    assert str(overlap.origin) == FROM


def test_a_rule_of_stored_tags_is_answered_from_them(opened: Opened) -> None:
    for rule in ("worth_keeping or tickets_90d > 1", "not active", "value_tier is null", "lines_active > 0 and risk > 0.3"):
        found = opened.size(where=rule)
        assert found == opened.size(where=rule, snapshot=False)
        assert found.origin is not None, rule


def test_tables_are_those_of_the_sources(opened: Opened) -> None:
    names = [tag.name for tag in opened.catalog.tags("customer")]
    for asked in ({}, {"segment": "worth_keeping"}, {"where": "visits > 0", "limit": 2}):
        stored, computed = opened.table(*names, **asked), opened.table(*names, snapshot=False, **asked)  # type: ignore[arg-type]
        assert stored.equals(computed) and stored.schema == computed.schema
    assert opened.table("line_bill").equals(opened.table("line_bill", snapshot=False))


def test_a_list_is_that_of_the_sources_and_says_where_it_comes_from(opened: Opened) -> None:
    stored = opened.export("worth_keeping", dry_run=True, columns=("arpu_3m", "called"), order=("-arpu_3m",))
    computed = opened.export("worth_keeping", dry_run=True, columns=("arpu_3m", "called"), order=("-arpu_3m",), snapshot=False)
    assert stored.frame.equals(computed.frame) and stored.waterfall == computed.waterfall
    assert stored.masked == ("called",)
    assert stored.origin is not None and computed.origin is None
    assert stored.as_json()["snapshot"] == stored.origin.as_json()


def test_a_lists_manifest_holds_the_snapshot_and_its_sources(c360: CommandLine, built: Workspace, tmp_path: Path) -> None:
    answer = c360("export", "worth_keeping", "-o", str(tmp_path / "list.csv"))
    assert FROM in answer.err
    account = (tmp_path / "list.csv.manifest.json").read_text(encoding="utf-8")
    assert '"generation": "2026-11-29-1"' in account and '"fingerprint"' in account


def test_a_contract_column_is_no_stored_tag_so_all_comes_from_the_sources(c360: CommandLine, built: Workspace) -> None:
    answer = c360("--verbose", "export", "worth_keeping", "-c", "arpu_3m,kind", "--dry-run")
    assert answer.code == 0 and FROM not in answer.err
    assert "from the sources: customer.kind is no stored tag" in answer.err


# What is said.


def test_the_command_says_where_a_size_comes_from(c360: CommandLine, built: Workspace) -> None:
    answer = c360("size", "active")
    assert FROM in answer.err
    assert c360("size", "active", "--json").json["sizes"][0]["snapshot"]["generation"] == "2026-11-29-1"
    assert FROM in c360("overlap", "active", "worth_keeping").err


@pytest.mark.thorough
def test_no_snapshot_asks_the_sources(c360: CommandLine, built: Workspace) -> None:
    for command in (("size", "active"), ("overlap", "active", "worth_keeping"), ("export", "active", "--dry-run")):
        assert FROM in c360(*command).err
        answer = c360(*command, "--no-snapshot")
        assert answer.code == 0 and "snapshot" not in answer.err


def test_a_source_that_changed_is_told(c360: CommandLine, built: Workspace) -> None:
    frame = pl.read_parquet(built.data / "score.parquet")
    frame.with_columns(pl.lit(0.0).alias("risk")).write_parquet(built.data / "score.parquet")
    answer = c360("size", "worth_keeping")
    assert f"{FROM}; changed since: score" in answer.err
    assert answer.rows[0]["members"] == "3"
    assert c360("size", "worth_keeping", "--json").json["sizes"][0]["snapshot"]["changed_since"] == ["score"]
    assert c360("size", "worth_keeping", "--no-snapshot").rows[0]["members"] == "0"
    assert "changed since" not in c360("size", "active").err  # nothing of it rests on the scores


def test_a_source_that_was_only_touched_has_not_changed(c360: CommandLine, built: Workspace) -> None:
    os.utime(built.data / "score.parquet", (1, 1))
    answer = c360("size", "worth_keeping")
    assert FROM in answer.err and "changed" not in answer.err


def test_a_source_read_in_another_way_has_changed(c360: CommandLine, built: Workspace) -> None:
    built.settings('path = "score.parquet"', 'path = "score.parquet"\n[sources.score.columns]\nrisk = { nulls = ["0.2"] }')
    assert "changed since: score" in c360("size", "worth_keeping").err


# What a snapshot does not answer.


def test_another_day_is_asked_of_the_sources(c360: CommandLine, built: Workspace) -> None:
    answer = c360("--verbose", "size", "active", "--as-of", "2026-11-28")
    assert answer.code == 0 and "from the snapshot" not in answer.err
    assert "from the sources: no snapshot of 2026-11-28 holds tags of customer" in answer.err


def test_a_changed_definition_is_computed_from_the_sources(c360: CommandLine, built: Workspace) -> None:
    built.replace("tags/value.py", "Ticket.last(days(90)).count()", "Ticket.last(days(9)).count()")
    answer = c360("--verbose", "size", "worth_keeping", "active")
    assert "from the sources: worth_keeping" not in answer.err  # the two are counted together, from one place
    assert "from the sources" in answer.err and FROM not in answer.err
    assert FROM in c360("size", "active").err


def test_a_comment_changes_nothing(c360: CommandLine, built: Workspace) -> None:
    built.add("tags/value.py", "# a remark\n")
    assert not quick(built, "active")
    assert FROM in c360("size", "active").err


def test_other_data_is_not_answered_from_the_snapshot(c360: CommandLine, built: Workspace, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for file in built.data.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    assert FROM in c360("--data", str(other), "size", "active").err  # a copy is the same data
    lines = (other / "line.csv").read_text(encoding="utf-8").splitlines()
    (other / "line.csv").write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    answer = c360("--verbose", "--data", str(other), "size", "active")
    assert FROM not in answer.err and "built from other data" in answer.err
    assert answer.rows[0]["members"] == "1"


def test_what_was_let_pass_at_the_build_must_be_let_pass_again(c360: CommandLine, workspace: Workspace) -> None:
    assert c360("build", "--as-of", "2026-10-31", "--tags", "grade", "--allow-current").code == 0
    told = c360("size", "--where", "grade = 'high'", "--as-of", "2026-10-31")
    assert told.code == 3 and "current values, without history" in told.err
    answer = c360("size", "--where", "grade = 'high'", "--as-of", "2026-10-31", "--allow-current")
    assert "from the snapshot of 2026-10-31" in answer.err
    assert "note: current values used for 2026-10-31: score.grade" in answer.err


@pytest.mark.thorough
def test_segments_are_computed_over_tags_where_only_these_were_built(c360: CommandLine, workspace: Workspace) -> None:
    assert c360("build", "--tags", "lines_active,value_tier,tickets_90d,risk").code == 0
    answer = c360("size", "worth_keeping", "active")
    assert FROM in answer.err
    assert [row["members"] for row in answer.rows] == ["3", "4"]


# Without loading definitions.


@pytest.mark.thorough
def test_a_size_of_what_has_not_changed_loads_no_definition(built: Workspace, c360: CommandLine) -> None:
    told = f"import sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    arguments = ["-w", str(built.folder), "size", "active", "worth_keeping"]
    answer = c360.python(f"from c360.cli.faults import run\nrun({arguments!r})\n{told}")
    assert answer.out.splitlines()[1].startswith("active,4,2,0,6,0.6667,2026-11-29")
    assert answer.out.splitlines()[-1] == "[]"
    assert FROM in answer.err


def test_the_quick_way_gives_what_the_workspace_gives(built: Workspace, opened: Opened) -> None:
    found = stored_sizes(Place(built.folder), ("worth_keeping", "active", "active"), None)
    assert found is not None
    assert found.sizes == (*opened.sizes("worth_keeping", "active", snapshot=False).sizes, opened.size("active", snapshot=False))
    assert stored_sizes(Place(built.folder), ("active",), D) is not None


def test_the_quick_way_is_left_where_anything_is_another(built: Workspace, tmp_path: Path) -> None:
    assert quick(built, "active")
    assert not quick(built, "nobody") and not quick(built, "visits")
    assert not quick(built, "active", as_of=date(2026, 10, 31))
    assert not quick(built, "active", data=tmp_path)
    (built.data / "ticket.csv").write_text("customer_id,opened_on,topic\n", encoding="utf-8")
    assert not quick(built, "active")


@pytest.mark.parametrize("file", ["c360.toml", "tags/value.py", "segments/keeping.py", "tags/new.py"])
def test_the_quick_way_is_left_where_a_definition_is_another(built: Workspace, file: str) -> None:
    built.add(file, "\n")
    assert not quick(built, "active")


def test_a_damaged_snapshot_is_told_not_passed_over(c360: CommandLine, built: Workspace) -> None:
    manifest = built.folder / ".c360/snapshots/generations/2026-11-29-1/manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"bit": 1', '"bit": 0'), encoding="utf-8")
    answer = c360("size", "worth_keeping")
    assert answer.code == 8 and "manifest.json is damaged" in answer.err
    assert c360("size", "worth_keeping", "--no-snapshot").code == 0


@pytest.mark.thorough
def test_a_new_file_of_a_pattern_is_seen(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.data / "score").mkdir()
    (workspace.data / "score.parquet").rename(workspace.data / "score" / "a.parquet")
    workspace.settings('path = "score.parquet"', 'path = "score/*.parquet"')
    assert c360("build").code == 0
    assert quick(workspace, "active")
    pl.read_parquet(workspace.data / "score" / "a.parquet").head(0).write_parquet(workspace.data / "score" / "b.parquet")
    assert not quick(workspace, "active")
    assert "changed since: score" in c360("size", "worth_keeping").err


@pytest.mark.thorough
def test_a_later_month_of_a_source_does_not_concern_an_earlier_day(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.data / "bill").mkdir()
    (workspace.data / "bill.parquet").rename(workspace.data / "bill" / "until_october.parquet")
    workspace.settings('path = "bill.parquet"', 'path = "bill/*.parquet"')
    assert c360("build").code == 0
    old = pl.read_parquet(workspace.data / "bill" / "until_october.parquet")
    later = old.filter(pl.col("month") == date(2026, 10, 1)).with_columns(pl.lit(date(2026, 11, 1)).alias("month"))
    later.write_parquet(workspace.data / "bill" / "november.parquet")
    asked = ("size", "--where", "arpu_3m > 50", "--as-of", "2026-11-29")
    assert FROM in c360(*asked).err and "changed" not in c360(*asked).err
    late = old.filter(pl.col("line_id") == "L1").with_columns(pl.lit("L3").alias("line_id"))
    late.head(1).write_parquet(workspace.data / "bill" / "late.parquet")
    assert f"{FROM}; changed since: bill" in c360(*asked).err


@pytest.mark.thorough
def test_names_and_folders_that_look_like_stored_columns(c360: CommandLine, workspace: Workspace, tmp_path: Path) -> None:
    workspace.add("tags/value.py", '\nmask_0 = tag(Customer.visits + 1, title="A tag called like a word of masks")\n')
    moved = tmp_path / "mask_0=7" / "work"
    moved.parent.mkdir()
    workspace.folder.rename(moved)
    place = ("-w", str(moved))
    assert c360(*place, "build", bare=True).code == 0
    for command in (("size", "active", "worth_keeping"), ("size", "--where", "active and mask_0 >= 3 and visits > 1")):
        answer, computed = (c360(*place, *command, *more, bare=True) for more in ((), ("--no-snapshot",)))
        assert FROM in answer.err and answer.rows == computed.rows


def test_a_list_from_a_damaged_snapshot_is_refused_and_says_so(c360: CommandLine, workspace: Workspace) -> None:
    assert c360("build").code == 0
    for path in (workspace.folder / ".c360" / "snapshots" / "generations").rglob("*.parquet"):
        path.write_bytes(path.read_bytes()[:40].ljust(path.stat().st_size, b"x"))
    answer = c360("export", "worth_keeping")
    assert (answer.code, answer.out) == (8, "")
    assert "cannot be read" in answer.err and "c360 build --full --replace" in answer.err
