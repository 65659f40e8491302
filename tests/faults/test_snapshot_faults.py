"""The snapshot store under fire: killed, failing, full, locked, read-only, linked away; what was current stays current."""

from __future__ import annotations

import errno
import os
import resource
import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from c360.errors import Busy, C360Error, Refused, ResourceError
from c360.snapshots.store import Store
from stored import Counted, D, apart, build, die, fork, read, states, store_in, without_privileges
from tiny import CommandLine, Workspace


def calls_of_a_build(folder: Path) -> list[str]:
    """Return every operation that a second build does to the disk."""
    build(store_in(folder), "old")
    counted = Counted()
    build(store_in(folder, counted), "new")
    return counted.calls


# How many there are, so that a test is made of each; the first test says when it must be mended.
CALLS = 14


@pytest.fixture
def store(workspace: Workspace) -> Store:
    """A store with one snapshot, which says "old"."""
    made = store_in(workspace.folder)
    build(made, "old")
    return made


def test_every_operation_of_a_build_is_tried_below(tmp_path: Path) -> None:
    assert len(calls_of_a_build(tmp_path)) == CALLS


@pytest.mark.parametrize("number", range(1, CALLS + 1))
@pytest.mark.parametrize("moment", ["before", "after"])
def test_b01_kill_build_at_any_step_of_publishing(store: Store, workspace: Workspace, number: int, moment: str) -> None:
    dying = store_in(workspace.folder, Counted(number, **{moment: die}))
    code, _ = apart(lambda: build(dying, "new"))
    assert code == -signal.SIGKILL
    whole = read(store)
    assert whole in {"old", "new"}
    assert store.verify(current(store)).files == 2
    build(store, "newer")
    assert read(store) == "newer"
    assert store.leftovers() == []


def test_b01_kill_build_is_told_by_the_next(store: Store, workspace: Workspace) -> None:
    def killed() -> None:
        with store.lock(doing="build"), store.begin(*run("new")) as draft:
            draft.path("half.parquet").write_bytes(b"half")
            die()

    apart(killed)
    (left,) = store.leftovers()
    with store.lock(doing="build") as notes, store.begin(*run("other")) as draft:
        assert "was ended before it was done" in notes[0]
        assert draft.notes == (f"removed what a build that was ended left: {left}",)
    assert store.leftovers() == []
    assert read(store) == "old"


def test_b01_kill_build_goes_on_from_what_was_finished(store: Store) -> None:
    def killed() -> None:
        with store.lock(), store.begin(*run("new")) as draft:
            for part in range(2):
                draft.path(f"part-{part}.parquet").write_text(str(part), encoding="utf-8")
                draft.finish(f"part-{part}.parquet", rows=1, part=part)
            draft.path("part-2.parquet").write_text("half", encoding="utf-8")
            draft.path("part-1.parquet").write_text("changed after", encoding="utf-8")
            die()

    apart(killed)
    with store.lock(), store.begin(*run("new")) as draft:
        assert {name: details for name, (_, details) in draft.finished.items()} == {"part-0.parquet": {"part": 0}}
        assert [path.name for path in draft.folder.glob("*.parquet")] == ["part-0.parquet"]
        assert draft.finished["part-0.parquet"][0].path == f"{draft.generation}/part-0.parquet"


def test_b01_kill_build_leaves_nothing_that_the_next_has_no_use_for(store: Store) -> None:
    def killed() -> None:
        with store.lock(), store.begin(*run("new")) as draft:
            draft.path("part-of-three.parquet").write_text("1", encoding="utf-8")
            draft.finish("part-of-three.parquet", rows=1)
            die()

    apart(killed)
    name = build(store, "new")
    assert sorted(path.name for path in (store.root / name).iterdir()) == [
        "customer-keys.parquet",
        "customer-value.parquet",
        "manifest.json",
    ]


def test_b02_kill_between_rename_and_pointer(store: Store, workspace: Workspace, c360: CommandLine) -> None:
    calls = Counted()
    build(store_in(workspace.folder, calls), "kept")
    apart(lambda: build(store_in(workspace.folder, Counted(calls.calls.index("rename") + 1, after=die)), "new"))
    assert read(store) == "kept"
    (orphan,) = [name for name, state in states(store).items() if state == "orphan"]
    told = [row for row in c360("doctor").rows if row["area"] == "snapshots" and row["state"] == "warn"]
    assert orphan in told[0]["found"] and "c360 snapshots --prune" in told[0]["fix"]
    assert {row["generation"]: row["state"] for row in c360("snapshots").rows}[orphan] == "orphan"


def test_b02_kill_between_rename_and_pointer_is_reused_or_pruned(store: Store, workspace: Workspace) -> None:
    def orphaned() -> str:
        calls = Counted()
        build(store_in(workspace.folder, calls), "kept")
        apart(lambda: build(store_in(workspace.folder, Counted(calls.calls.index("rename") + 1, after=die)), "new"))
        return next(name for name, state in states(store).items() if state == "orphan")

    orphan = orphaned()
    assert store.reusable(*run("new")) == orphan
    assert store.reusable(*run("another")) is None
    with store.lock():
        store.adopt(orphan)
    assert (read(store), states(store)[orphan]) == ("new", "current")
    orphan = orphaned()
    assert orphan in store.prune().removed
    assert orphan not in states(store)
    assert build(store, "next") > orphan  # its name is never used again


@pytest.mark.parametrize("number", range(1, CALLS + 1))
def test_b03_nth_write_fails(store: Store, workspace: Workspace, number: int) -> None:
    def fail() -> None:
        raise OSError(errno.EIO, "anything", "some.parquet")

    failing = Counted(number, before=fail)
    with pytest.raises(ResourceError) as told:
        build(store_in(workspace.folder, failing), "new")
    assert told.value.exit_code == 7
    assert "some.parquet" in str(told.value) and os.strerror(errno.EIO) in str(told.value)
    is_published = "replace" in failing.calls[: number - 1]  # only the last sync failed: new, and whole
    assert read(store) == ("new" if is_published else "old")
    assert store.verify(current(store)).files == 2
    build(store, "newer")
    assert (read(store), store.leftovers()) == ("newer", [])


def full_disk(store: Store) -> None:
    """Let no file grow beyond 4 kB and build one that must; the limit ends with the process."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    with store.lock(), store.begin(*run("new")) as draft:
        draft.path("large.parquet").write_bytes(b"x" * 100_000)


def test_b04_disk_full_build(store: Store) -> None:
    code, said = apart(lambda: full_disk(store))
    assert code == 7
    assert "the disk is full: needs more than 4,096 bytes, " in said and " bytes are free" in said
    assert str(store.root) in said
    assert (read(store), store.leftovers()) == ("old", [])


def test_b04_disk_full_build_is_told_before_it_starts(store: Store) -> None:
    wanted = "needs more than 1,125,899,906,842,624 bytes"
    with store.lock(), pytest.raises(ResourceError, match=wanted), store.begin(*run("new")) as draft:
        draft.check_room(1 << 50)
    assert store.leftovers() == []


def held(store: Store, act: Callable[[], object]) -> int:
    """Run *act* while another process holds the lock; return that process's id."""
    ready, go = os.pipe(), os.pipe()
    child = fork()
    if child == 0:
        with store.lock(doing="build"):
            os.write(ready[1], b"x")
            os.read(go[0], 1)
        os._exit(0)
    try:
        os.read(ready[0], 1)
        act()
    finally:
        os.write(go[1], b"x")
        os.waitpid(child, 0)
    return child


def test_b12_concurrent_build(store: Store) -> None:
    said: list[C360Error] = []

    def second() -> None:
        with pytest.raises(Busy) as told:
            build(store, "second")
        said.append(told.value)
        assert read(store) == "old"  # a reader needs no lock

    holder = held(store, second)
    (error,) = said
    assert error.exit_code == 6
    assert f"c360 build (pid {holder} on {os.uname().nodename}, since 2026-11-01T08:00:00+00:00)" in error.message
    build(store, "second")
    assert read(store) == "second"


def test_b12_concurrent_build_by_the_command(store: Store, c360: CommandLine) -> None:
    answers = []
    holder = held(store, lambda: answers.append((c360("snapshots", "--prune"), c360("snapshots"))))
    pruned, listed = answers[0]
    assert pruned.code == 6 and f"pid {holder}" in pruned.err
    assert listed.code == 0 and f"pid {holder}" in listed.err


def test_b12_concurrent_build_may_wait(store: Store) -> None:
    order: list[str] = []

    def waiting() -> None:
        child = fork()
        if child == 0:
            with store.lock(waits=True) as notes:
                os._exit(0 if notes == () else 1)
        order.append(str(child))

    held(store, waiting)
    assert os.waitstatus_to_exitcode(os.waitpid(int(order[0]), 0)[1]) == 0


def test_b13_stale_lock(store: Store) -> None:
    def killed() -> None:
        with store.lock(doing="build"):
            die()

    apart(killed)
    assert store.writer() is None
    with store.lock() as notes:
        assert "c360 build (pid " in notes[0] and "was ended before it was done; nothing of it is visible" in notes[0]
    with store.lock() as notes:
        assert notes == ()


def test_b17_readonly_workspace(workspace: Workspace) -> None:
    (workspace.folder / ".c360").mkdir(exist_ok=True)
    (workspace.folder / ".c360").chmod(0o500)
    store = store_in(workspace.folder)

    def refused() -> None:
        without_privileges()
        build(store, "new")

    code, said = apart(refused)
    (workspace.folder / ".c360").chmod(0o700)
    if "capset" in said:
        pytest.skip("the rights of files do not hold for root, and root's cannot be laid down here")
    assert code == 7
    assert "Permission denied" in said and str(store.folder) in said and "chmod 700" in said


def test_b17_readonly_workspace_is_read(store: Store) -> None:
    def reading() -> str | None:
        without_privileges()
        return read(store)

    for folder in (store.folder, store.root):
        folder.chmod(0o500)
    code, said = apart(reading)
    for folder in (store.folder, store.root):
        folder.chmod(0o700)
    assert (code, said) == (0, "old")


def test_b18_path_is_symlink_out(workspace: Workspace, tmp_path: Path, c360: CommandLine) -> None:
    (tmp_path / "elsewhere").mkdir()
    (workspace.folder / ".c360").mkdir(exist_ok=True)
    (workspace.folder / ".c360" / "snapshots").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused) as told:
        build(store_in(workspace.folder), "new")
    assert told.value.exit_code == 5
    assert "leads out of the workspace through a symbolic link" in told.value.message
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert c360("snapshots").code == 5


def test_b18_path_is_symlink_out_unless_the_settings_say_where(workspace: Workspace, c360: CommandLine) -> None:
    workspace.settings('data_folder = "data"', 'data_folder = "data"\nsnapshots_folder = "../elsewhere"')
    answer = c360("build", "--tags", "visits")
    assert answer.code == 0, answer.err
    assert (workspace.folder.parent / "elsewhere" / "current.json").is_file()
    assert [row["state"] for row in c360("snapshots").rows] == ["current"]


@pytest.mark.parametrize("name", ["generations", "current.json", "lock"])
def test_b18_path_is_symlink_out_within_the_store(store: Store, tmp_path: Path, name: str) -> None:
    (store.folder / name).rename(tmp_path / "moved")
    (store.folder / name).symlink_to(tmp_path / "moved")
    with pytest.raises((Refused, ResourceError)) as told:
        build(store, "new")
    assert told.value.exit_code in {5, 7}
    assert str(store.folder) in str(told.value)


def test_b18_path_is_symlink_out_of_a_published_file(store: Store, tmp_path: Path) -> None:
    path = store.root / current(store) / "customer-value.parquet"
    path.rename(tmp_path / "moved")
    path.symlink_to(tmp_path / "moved")
    with pytest.raises(Refused, match="is a symbolic link"):
        read(store)


def test_p02_file_modes_of_snapshots(workspace: Workspace) -> None:
    before = os.umask(0o022)
    try:
        store = store_in(workspace.folder)
        build(store, "old")
    finally:
        os.umask(before)
    for path in store.folder.rglob("*"):
        assert oct(path.stat().st_mode & 0o777) == oct(0o700 if path.is_dir() else 0o600), path


def current(store: Store) -> str:
    """Return the name of the current generation."""
    return next(name for name, state in states(store).items() if state == "current")


def run(value: str) -> tuple[date, str]:
    """Return the as-of date and the run id of a build of *value*."""
    return D, f"run-{value}"
