"""Whole builds under fire: killed at any moment, two at once, repeated, contradicted, with wrong definitions."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from builds import corrected, left, options, values

from c360.snapshots.store import Store
from stored import store_in
from tiny import MAIN, CommandLine, Workspace, environment, make

# Runs a command in a process that is killed so many seconds after it began.
KILLED = """
import signal, threading, time

def prepared(seconds, *command):
    def kill():
        time.sleep(float(seconds))
        os.kill(os.getpid(), signal.SIGKILL)
    if float(seconds):
        threading.Thread(target=kill, daemon=True).start()
    return run(list(command))
"""


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.thorough)])
def test_b01_kill_build(c360: CommandLine, workspace: Workspace, built: Store, tmp_path: Path, kills: int) -> None:
    """At random moments: what was current stays readable, nothing half new is seen, the next build completes the same."""
    old = values(built)
    corrected(workspace)
    copies = [tmp_path / f"copy{number}" for number in range(kills + 1)]
    for copy in copies:
        shutil.copytree(workspace.folder, copy)
    begun = time.monotonic()
    whole = c360("-w", str(copies[kills]), "build", "--replace", bare=True)
    lasted = time.monotonic() - begun
    assert whole.code == 0, whole.err
    new = values(store_in(copies[kills]))
    assert new != old
    moments = random.Random(kills)
    forms = [("build", "--replace"), ("build", "--replace", "--partitions", "2")]  # the second has its working tables in a file
    cases = [(f"{moments.uniform(0.02, 1) * lasted:.3f}", "-w", str(copy), *forms[n % 2]) for n, copy in enumerate(copies[:kills])]
    killed = c360.forked(KILLED, cases)
    assert sum(answer.code == -signal.SIGKILL for answer in killed) >= kills / 3
    assert {answer.code for answer in killed} <= {0, -signal.SIGKILL}
    for copy in copies[:kills]:
        assert values(store_in(copy)) in (old, new)
    again = c360.forked(KILLED, [("0", "-w", str(copy), *forms[n % 2]) for n, copy in enumerate(copies[:kills])])
    assert {answer.code for answer in again} == {0}, [answer.err for answer in again if answer.code]
    for copy in copies[:kills]:
        assert values(store_in(copy)) == new
        assert store_in(copy).leftovers() == [] and left(Workspace(copy)) == []
    half = [answer.err for case, answer in zip(killed, again, strict=True) if case.code and "unchanged" not in answer.err]
    assert all("was ended before it was done" in said or "build that was ended" in said or "as of" in said for said in half)


def test_b12_concurrent_build_of_one_day(c360: CommandLine, workspace: Workspace, built: Store) -> None:
    """Two at once: one publishes, the other fails at once and names the first."""
    with built.lock(doing="build"):
        answer = c360("build", "--full")
    assert answer.code == 6
    assert f"c360 build (pid {os.getpid()} on {os.uname().nodename}" in answer.err


@pytest.mark.thorough
def test_b12_concurrent_build_started_at_once(workspace: Workspace) -> None:
    command = [sys.executable, "-P", "-c", MAIN, *options(workspace, ("build",))]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(None)) for _ in range(2)]
    said = [one.communicate(timeout=60)[1].decode() for one in both]
    codes = sorted(one.returncode for one in both)
    assert codes in ([0, 6], [0, 0]), said  # the second is refused, or comes after the first and finds nothing to build
    assert len(store_in(workspace.folder).generations()) == 1
    values(store_in(workspace.folder))


def test_b14_future_as_of(c360: CommandLine, workspace: Workspace) -> None:
    day = date.today() + timedelta(days=400)
    answer = c360("build", "--as-of", str(day), "--tags", "lines_active")
    assert answer.code == 2
    assert f"{day} has not come: today is {date.today()}"[:30] in answer.err and "--allow-future" in answer.err
    assert not store_in(workspace.folder).generations()
    answer = c360("build", "--as-of", str(day), "--tags", "lines_active", "--allow-future")
    assert answer.code == 0, answer.err


def test_b14_clock_back(c360: CommandLine, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the data says that the day has come, it is the clock that is wrong."""
    from c360.builds import building

    class Early(building.datetime):
        @classmethod
        def now(cls, tz: object = None) -> building.datetime:
            return cls(2020, 1, 1, tzinfo=tz)

    monkeypatch.setattr(building, "datetime", Early)
    assert c360("build", "--as-of", "2026-11-29").code == 0
    answer = c360("build", "--as-of", "2027-01-15", "--tags", "lines_active")
    assert answer.code == 2
    assert "2027-01-15 has not come: today is 2020-01-01" in answer.err


def test_b15_rebuild_same(c360: CommandLine, built: Store) -> None:
    before = built.current()
    again = c360("build")
    assert again.code == 0
    assert "unchanged" in again.err
    after = built.current()
    assert before is not None and after is not None
    assert (after.generation, after.manifest.digest) == (before.generation, before.manifest.digest)
    assert len(built.generations()) == 1


@pytest.mark.thorough
def test_b16_rebuild_differs(c360: CommandLine, workspace: Workspace, built: Store) -> None:
    old = values(built)
    corrected(workspace)
    answer = c360("build")
    assert answer.code == 1
    assert "would say otherwise: customer: 1 rows differ in 1 tags (tickets_90d)" in answer.err
    assert "--replace" in answer.err
    assert values(built) == old
    assert c360("build", "--replace").code == 0
    assert values(built) != old
    assert built.leftovers() == []


def test_b16_rebuild_differs_by_rows(c360: CommandLine, workspace: Workspace, built: Store) -> None:
    workspace.add("data/customer.csv", "C9,2024-01-01,person,甲,13700137001,110101197005055556,1970-05-05,x,1,yes\n")
    answer = c360("build")
    assert answer.code == 1
    assert "customer: 1 rows are new" in answer.err


def test_b16_rebuild_differs_not_where_the_definition_changed(c360: CommandLine, workspace: Workspace, built: Store) -> None:
    workspace.replace("tags/value.py", "Ticket.last(days(90)).count()", "Ticket.last(days(30)).count()")
    answer = c360("build")
    assert answer.code == 0, answer.err


@pytest.mark.thorough
def test_a_damaged_snapshot_is_built_anew(c360: CommandLine, workspace: Workspace, built: Store) -> None:
    """What the message of N01 and N02 says to do."""
    old = values(built)
    for name in ("manifest.json", "customer-keys.parquet"):
        current = built.current()
        assert current is not None
        (built.root / current.generation / name).write_bytes(b"{")
        current.close()
        assert c360("snapshots", "--verify").code == 8
        answer = c360("build")
        assert answer.code == 0, answer.err
        assert "the snapshot that stood is damaged and not used" in answer.err
        assert values(built) == old


def test_a_build_goes_on_after_a_stop_with_what_was_finished(c360: CommandLine, workspace: Workspace, built: Store) -> None:
    corrected(workspace)
    assert c360("build").code == 1  # finished, and refused
    answer = c360("build", "--replace")
    assert answer.code == 0
    assert "finished files of a build that was ended" in answer.err


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Workspace]:
    """Another workspace of the same six customers."""
    yield make(tmp_path / "other")


def test_two_workspaces_of_one_data_hold_the_same(c360: CommandLine, built: Store, other: Workspace) -> None:
    assert c360("-w", str(other.folder), "build", bare=True).code == 0
    assert values(store_in(other.folder)) == values(built)


# Definitions that are wrong: no SQL runs, nothing is published.


def refused(c360: CommandLine, store: Store, *command: str) -> str:
    """Assert that a build ends with 3 and publishes nothing; return what it said."""
    answer = c360("build", *command)
    assert answer.code == 3, answer.err
    assert len(store.generations()) == 1
    return answer.err


def test_d05_type_mismatch(c360: CommandLine, workspace: Workspace, built: Store) -> None:
    workspace.add("tags/value.py", 'wrong = tag(value_tier == "hgih")\n')
    said = refused(c360, built)
    assert "tags/value.py" in said and "'hgih'" in said and "did you mean 'high'" in said


def test_d06_wrong_grain(c360: CommandLine, workspace: Workspace, built: Store) -> None:
    workspace.add("tags/value.py", "wrong = tag(Bill.total.sum() / Ticket.where(Bill.total > 1).count())\n")
    said = refused(c360, built)
    assert "tags/value.py" in said and "bill" in said and "ticket" in said


def test_d07_future_leak(c360: CommandLine, workspace: Workspace, built: Store) -> None:
    """What is known only today says nothing of September; what comes after D is of no list and no table."""
    said = refused(c360, built, "--as-of", "2026-09-30", "--tags", "grade")
    assert "score.grade" in said and "without history" in said and "--allow-current" in said
    workspace.add("tags/value.py", "from c360 import outcome\nlater = tag(outcome(Ticket.count(), within=days(30)) > 0)\n")
    answer = c360("size", "--where", "later")
    assert answer.code == 3
    assert "looks past 2026-11-29" in answer.err
    answer = c360("build")
    assert answer.code == 0, answer.err
    assert "later (an outcome: it looks past the as-of date)" in answer.err


def flipped(path: Path) -> None:
    """Change a byte in the middle of a file, which stays as long as it was."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.thorough
@pytest.mark.parametrize("command", [("build", "--replace"), ("build", "--full", "--replace")], ids=["increment", "full"])
def test_n02_hash_mismatch_is_never_copied_on(
    c360: CommandLine, workspace: Workspace, built: Store, command: tuple[str, ...], tmp_path: Path
) -> None:
    """Values of a damaged file must not come back under a good hash."""
    for path in (built.root / "2026-11-29-1").glob("*.parquet"):
        flipped(path)
    workspace.replace("tags/value.py", "Ticket.last(days(90)).count()", "Ticket.last(days(60)).count()")
    workspace.replace("tags/value.py", "visits = tag(Customer.visits,", "visits = tag(Customer.visits + 0,")
    answer = c360(*command)
    assert answer.code == 0, answer.err
    other = make(tmp_path / "other")
    for name in ("tags/value.py",):
        shutil.copy(workspace.folder / name, other.folder / name)
    assert c360("-w", str(other.folder), "build", bare=True).code == 0
    assert values(built) == values(store_in(other.folder))


def test_p02_file_modes_while_building(workspace: Workspace) -> None:
    """Working tables hold values too: nobody else may look into any folder, and no published file."""
    import c360 as library

    seen: dict[str, str] = {}

    def look(step: str, done: int, total: int) -> None:
        private = workspace.folder / ".c360"
        seen.update({str(p.relative_to(private)): oct(p.stat().st_mode & 0o777) for p in private.rglob("*") if p.is_dir()})

    before = os.umask(0o022)
    try:
        library.open(workspace.folder).build(told=look, parts=2)  # so that working tables lie in a file
    finally:
        os.umask(before)
    assert any(name.startswith("work/") for name in seen) and any(".tmp-" in name for name in seen)
    assert set(seen.values()) == {"0o700"}, seen
    published = [path for path in (workspace.folder / ".c360" / "snapshots").rglob("*") if path.is_file()]
    assert {oct(path.stat().st_mode & 0o777) for path in published} == {"0o600"}
