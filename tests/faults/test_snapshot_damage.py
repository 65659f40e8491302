"""Snapshots that were tampered with, and readers while others publish, prune and roll back: one whole generation each time."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from c360.errors import SnapshotError, UsageError
from c360.snapshots.store import Store
from stored import D, build, publishing, read, states, store_in
from tiny import CommandLine, Workspace

FIRST = f"{D}-1"


@pytest.fixture
def store(workspace: Workspace) -> Store:
    """A store with one snapshot, which says "old"."""
    made = store_in(workspace.folder)
    build(made, "old")
    return made


def tampered(store: Store, change: Callable[[dict[str, object]], object]) -> None:
    """Change the document of the first generation's manifest."""
    path = store.root / FIRST / "manifest.json"
    document = json.loads(path.read_bytes())
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def refused(c360: CommandLine, store: Store, told: str) -> None:
    """Assert that reading the store fails with 8, names the generation and says what to do."""
    with pytest.raises(SnapshotError) as error:
        read(store)
    assert told in error.value.message
    assert f"c360 build --full --replace --as-of {D}" in str(error.value) and "restore it from a copy" in str(error.value)
    answer = c360("snapshots", "--verify")
    assert answer.code == 8
    assert told in answer.err and answer.rows[0]["state"] == "damaged"


def test_n01_manifest_missing(store: Store, c360: CommandLine) -> None:
    (store.root / FIRST / "manifest.json").unlink()
    refused(c360, store, "manifest.json is missing")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": "one"}'])
def test_n01_manifest_missing_or_no_json(store: Store, text: str) -> None:
    (store.root / FIRST / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(SnapshotError) as error:
        read(store)
    assert error.value.exit_code == 8


def test_n01_manifest_missing_a_letter(store: Store, c360: CommandLine) -> None:
    tampered(store, lambda document: document.update(time_zone="Asia/Shanghai"))
    refused(c360, store, "manifest.json is damaged: it is not what was published")


def test_n01_pointer_damaged(store: Store, c360: CommandLine) -> None:
    (store.folder / "current.json").write_text("{", encoding="utf-8")
    answer = c360("snapshots")
    assert answer.code == 8
    assert "current.json is damaged" in answer.err


def test_n02_hash_mismatch(store: Store, c360: CommandLine) -> None:
    (store.root / FIRST / "customer-value.parquet").write_text("odd", encoding="utf-8")  # as long as it was
    with pytest.raises(SnapshotError, match="2026-10-31-1/customer-value.parquet is not what was published: its hash differs"):
        store.verify(FIRST)
    answer = c360("snapshots", "--verify", "--json")
    assert (answer.code, answer.json["ok"]) == (8, False)
    assert "c360 snapshots --rollback 2026-10-31 goes back" in answer.err


@pytest.mark.parametrize(("change", "told"), [("cut", "has 1 bytes, expected 3"), ("gone", "is missing")])
def test_n02_hash_mismatch_of_size_is_seen_by_every_reader(store: Store, c360: CommandLine, change: str, told: str) -> None:
    path = store.root / FIRST / "customer-value.parquet"
    if change == "cut":
        path.write_text("o", encoding="utf-8")
    else:
        path.unlink()
    refused(c360, store, f"{FIRST}/customer-value.parquet {told}")


def test_n03_extra_file(store: Store, c360: CommandLine) -> None:
    (store.root / FIRST / "extra.parquet").write_text("not ours", encoding="utf-8")
    answer = c360("snapshots", "--verify")
    assert answer.code == 0
    assert answer.rows[0]["found"] == "ignored, no part of it: extra.parquet"
    assert read(store) == "old"


def test_n04_newer_format(store: Store, c360: CommandLine) -> None:
    tampered(store, lambda document: document.update(format=2))
    with pytest.raises(SnapshotError, match="is of format 2, this c360 reads up to 1"):
        read(store)
    assert c360("snapshots", "--verify").code == 8


def test_n04_newer_format_of_the_pointer(store: Store) -> None:
    (store.folder / "current.json").write_text('{"format": 2}', encoding="utf-8")
    with pytest.raises(SnapshotError, match="is of format 2, this c360 reads up to 1"):
        read(store)


def test_a_later_field_within_the_format_is_passed_over(store: Store) -> None:
    """A later version may add to the format what this one need not know; the digest still counts it."""
    from c360.snapshots.manifest import digest_of

    def added(document: dict[str, object]) -> None:
        document["later"] = {"anything": 1}
        document["digest"] = digest_of(document)

    tampered(store, added)
    assert read(store) == "old"


def test_a_path_out_of_the_store_is_no_path(store: Store) -> None:
    from c360.snapshots.manifest import digest_of

    def added(document: dict[str, object]) -> None:
        text = json.dumps(document["entities"]).replace(f"{FIRST}/customer-value.parquet", "../../../data/customer.csv")
        document["entities"] = json.loads(text)
        document["digest"] = digest_of(document)

    tampered(store, added)
    with pytest.raises(SnapshotError, match="expected <generation>/<file>"):
        read(store)


@pytest.mark.thorough
def test_n05_reader_during_publish(store: Store) -> None:
    """A thousand readings while another process publishes and prunes: each sees one generation, and all of it."""
    publisher = publishing(store)
    try:
        seen: list[str] = []
        until = time.monotonic() + 60
        while len(seen) < 1000 or (len(set(seen)) <= 10 and time.monotonic() < until):
            snapshot = store.current()
            assert snapshot is not None
            with snapshot:
                (table,) = snapshot.manifest.entities
                assert snapshot.path(table.keys).stat().st_size == table.keys.bytes
                value = snapshot.path(table.families[0].files[0]).read_text(encoding="utf-8")
            assert table.tags[0].value_key == value
            seen.append(value)
            if len(seen) % 50 == 0:  # a list of all is no picture of one moment, but never a fault
                assert {found.state for found in store.generations()} <= {"current", "kept", "orphan", "parts"}
    finally:
        os.kill(publisher, 9)
        os.waitpid(publisher, 0)
    published = [value for value in seen if value != "old"]
    assert published == sorted(published)  # and no generation comes back
    assert len(set(published)) >= 10


def test_n06_vacuum_in_use(store: Store) -> None:
    """A reader keeps the generation it opened, and the files that lie in older ones."""
    build(store, "mid", reuse_keys=True)
    reader = store.current()
    assert reader is not None
    build(store, "new")
    done = store.prune(1)
    assert (done.in_use, done.removed) == ((f"{D}-2",), (FIRST,))
    (table,) = reader.manifest.entities
    assert reader.path(table.keys).read_text(encoding="utf-8") == "K1 K2 of old"
    assert reader.path(table.families[0].files[0]).read_text(encoding="utf-8") == "mid"
    reader.close()
    done = store.prune(1)
    assert done.in_use == () and f"{D}-2" in done.removed
    assert states(store) == {f"{D}-3": "current"}


def test_n06_vacuum_in_use_by_the_command(store: Store, c360: CommandLine) -> None:
    build(store, "new")
    reader = store.open(FIRST)
    answer = c360("snapshots", "--prune", "--keep", "1")
    assert answer.code == 0
    assert f"{FIRST} stays: somebody reads it" in answer.err
    reader.close()
    assert c360("snapshots", "--prune", "--keep", "1", "--json").json["removed"] == [FIRST]


def test_n06_vacuum_in_use_of_a_day_that_is_dropped(store: Store) -> None:
    later = D.replace(month=11, day=30)
    build(store, "november", later)
    reader = store.current(D)
    assert reader is not None
    assert store.prune(1, before=later).in_use == (FIRST,)
    assert read(store, D) == "old"
    reader.close()
    assert store.prune(1, before=later).removed == (FIRST,)
    assert (read(store, D), read(store)) == (None, "november")


def test_pruning_never_takes_what_a_kept_manifest_lists(store: Store) -> None:
    for value in ("b", "c", "d"):
        build(store, value, reuse_keys=True)
    done = store.prune(2)
    assert done.kept == (f"{D}-3", f"{D}-4")
    assert states(store) == {FIRST: "parts", f"{D}-3": "kept", f"{D}-4": "current"}
    assert store.verify(f"{D}-4").files == 2
    assert [path.name for path in (store.root / FIRST).iterdir()] == ["customer-keys.parquet"]
    build(store, "e")
    store.prune(1)
    assert states(store) == {f"{D}-5": "current"}


def test_n07_rollback(store: Store, c360: CommandLine) -> None:
    before = (store.folder / "current.json").read_bytes()
    build(store, "new")
    answer = c360("snapshots", "--rollback", str(D))
    assert answer.code == 0, answer.err
    assert read(store) == "old"
    after = json.loads((store.folder / "current.json").read_bytes())
    assert {**after, "aside": [], "number": 1} == json.loads(before)
    assert states(store) == {FIRST: "current", f"{D}-2": "set aside"}


def test_n07_rollback_goes_back_through_what_was_current(store: Store) -> None:
    for value in ("b", "c"):
        build(store, value)
    store.rollback(D)
    build(store, "d")
    assert [store.rollback(D), store.rollback(D)] == [f"{D}-2", FIRST]
    with pytest.raises(UsageError, match="no snapshot before the current one"):
        store.rollback(D)
    assert read(store) == "old"


def test_n07_rollback_of_a_day_without_snapshot(store: Store, c360: CommandLine) -> None:
    answer = c360("snapshots", "--rollback", "2020-01-01")
    assert answer.code == 2
    assert "there is no snapshot of 2020-01-01" in answer.err


def test_n07_rollback_to_a_damaged_one_is_refused(store: Store) -> None:
    build(store, "new")
    (store.root / FIRST / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(SnapshotError):
        store.rollback(D)
    assert read(store) == "new"


def test_each_as_of_date_has_its_own_current(store: Store, workspace: Workspace) -> None:
    later = D.replace(month=11, day=30)
    build(store, "november", later)
    assert (read(store), read(store, D), read(store, later)) == ("november", "old", "november")
    assert read(store, D.replace(day=1)) is None


def test_nothing_built_is_nothing(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert read(store) is None
    assert store.generations() == [] and store.writer() is None
    assert not (tmp_path / ".c360").exists()
