"""Lists under fire: killed, out of disk, in the way of other files; a list stands whole under its name or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from pathlib import Path

import pytest

from tiny import CommandLine, Workspace

# Runs a command and is killed at a place: while a list is half written, or before or after a call that matters.
KILLED = """
import signal
from c360.deliver import writers

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def dying(original, moment):
    def call(*arguments, **options):
        if moment == "before":
            die()
        result = original(*arguments, **options)
        die()
    return call

def half(frame, file, *rest):
    file.write(b"customer_id,value_tier\\n00017")
    file.flush()
    die()

def prepared(place, *command):
    name, moment = place.split(":")
    if name == "half":
        writers.WRITERS["csv"] = half
    else:
        home = os if hasattr(os, name) else writers.Prepared
        setattr(home, name, dying(getattr(home, name), moment))
    return run(list(command))
"""
PLACES = ("half:", "fsync:before", "fsync:after", "publish:before", "publish:after", "link:after")
PLACES_WITH_FORCE = ("half:", "publish:before", "publish:after", "replace:before", "replace:after")

# Runs a command where no file may grow over so many bytes: what a full disk does, without one.
FULL = """
import resource

def prepared(limit, stdout, *command):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    if stdout == "full":
        os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
    elif stdout == "left":
        reader, writer = os.pipe()
        os.close(reader)
        os.dup2(writer, 1)
    return run(list(command))
"""
ENOUGH = "100000"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the list goes, alone in its folder."""
    (tmp_path / "lists").mkdir()
    return tmp_path / "lists" / "list.csv"


def beside(target: Path) -> list[str]:
    """Return what stands in the list's folder."""
    return sorted(path.name for path in target.parent.iterdir())


def export(workspace: Workspace, target: Path, *options: str) -> list[str]:
    return ["-w", str(workspace.folder), "export", "worth_keeping", "-o", str(target), *options]


def whole(target: Path) -> bool:
    """Whether the list and its manifest fit each other."""
    told = json.loads(target.with_name(target.name + ".manifest.json").read_text(encoding="utf-8"))
    return bool(told["results"]["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest())


@pytest.mark.thorough
def test_e01_kill_export_leaves_no_short_list(c360: CommandLine, workspace: Workspace, tmp_path: Path) -> None:
    targets = {place: tmp_path / f"lists-{number}" / "list.csv" for number, place in enumerate(PLACES)}
    for target in targets.values():
        target.parent.mkdir()
    killed = c360.forked(KILLED, [(place, *export(workspace, target)) for place, target in targets.items()])
    assert [answer.code for answer in killed] == [-signal.SIGKILL] * len(PLACES)
    for place, target in targets.items():
        assert not target.exists() or whole(target), place
        if not target.exists():
            again = c360("export", "worth_keeping", "-o", str(target), "--force")
            assert again.code == 0, (place, again.err)
        assert whole(target), place
        assert beside(target) == ["list.csv", "list.csv.manifest.json"], f"{place}: something of the killed one is left"


@pytest.mark.thorough
def test_a_killed_export_over_a_list_leaves_one_of_the_two(c360: CommandLine, workspace: Workspace, tmp_path: Path) -> None:
    targets = {place: tmp_path / f"lists-{number}" / "list.csv" for number, place in enumerate(PLACES_WITH_FORCE)}
    for target in targets.values():
        target.parent.mkdir()
        assert c360("export", "active", "-o", str(target)).code == 0
    old = target.read_bytes()
    killed = c360.forked(KILLED, [(place, *export(workspace, t, "--force")) for place, t in targets.items()])
    assert [answer.code for answer in killed] == [-signal.SIGKILL] * len(PLACES_WITH_FORCE)
    for place, target in targets.items():
        assert target.read_bytes() == old, place
        assert c360("export", "worth_keeping", "-o", str(target), "--force").code == 0
        assert whole(target), place
        assert beside(target) == ["list.csv", "list.csv.manifest.json"], f"{place}: something of the killed one is left"


@pytest.mark.thorough
def test_e02_disk_full_export_leaves_nothing(c360: CommandLine, workspace: Workspace, target: Path) -> None:
    c360("export", "worth_keeping", "--dry-run")  # the sources are checked, so that only the list is written
    paths = [target.with_suffix(f".{kind}") for kind in ("csv", "parquet", "jsonl", "xlsx", "duckdb")]
    for path, answer in zip(paths, c360.forked(FULL, [("60", "", *export(workspace, p)) for p in paths]), strict=True):
        assert answer.code == 7, answer.err
        assert f"the disk is full; {path.name} was not written" in answer.err
        assert "free some space" in answer.err
    assert beside(target) == []


@pytest.mark.thorough
def test_a_full_disk_leaves_the_list_of_before(c360: CommandLine, workspace: Workspace, target: Path) -> None:
    assert c360("export", "active", "-o", str(target)).code == 0
    before = {name: (target.parent / name).read_bytes() for name in beside(target)}
    limits = ("60", "300")  # the list does not fit; its manifest does not fit
    for answer in c360.forked(FULL, [(limit, "", *export(workspace, target, "--force")) for limit in limits]):
        assert answer.code == 7, answer.err
    assert {name: (target.parent / name).read_bytes() for name in beside(target)} == before


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_stdout_that_takes_no_more(c360: CommandLine, workspace: Workspace) -> None:
    command = ("-w", str(workspace.folder), "--quiet", "export", "worth_keeping")
    kinds = [(*command, "--format", kind) for kind in ("csv", "parquet", "xlsx")]
    for answer in c360.forked(FULL, [(ENOUGH, "full", *kind) for kind in kinds]):
        assert answer.code == 7, answer.err
        assert "the disk is full" in answer.err
        assert "Exception ignored" not in answer.err
    # A reader that leaves, as head does, is no fault.
    for answer in c360.forked(FULL, [(ENOUGH, "left", *kind) for kind in kinds]):
        assert (answer.code, answer.err) == (0, "")


@pytest.mark.thorough
def test_a_workspace_that_cannot_remember_still_answers(c360: CommandLine, workspace: Workspace) -> None:
    (answer,) = c360.forked(FULL, [("20", "", "-w", str(workspace.folder), "sources")])
    assert answer.code == 0, answer.err
    assert [path.name for path in workspace.private_files()] == []


@pytest.mark.thorough
def test_e07_zero_rows(c360: CommandLine, workspace: Workspace, target: Path) -> None:
    target.write_text("of last month", encoding="utf-8")
    asked = ("export", "--where", "visits > 99", "-o", str(target), "--force")
    answer = c360(*asked, "--json")
    assert answer.code == 5
    assert answer.json["message"] == "the list of where has 0 rows; nothing was written"
    assert "removed the last 6" in answer.json["hint"] and "--allow-empty" in answer.json["hint"]
    assert (target.read_text(encoding="utf-8"), beside(target)) == ("of last month", ["list.csv"])
    assert c360("export", "--where", "visits > 99").code == 5  # on stdout too: a selector that matches nothing is no success
    assert c360("export", "--where", "visits > 99", "--dry-run").code == 0
    assert c360(*asked, "--allow-empty").code == 0
    assert target.read_text(encoding="utf-8-sig").splitlines() == ["customer_id,visits"]


def test_e03_target_exists(c360: CommandLine, target: Path) -> None:
    target.write_text("mine", encoding="utf-8")
    answer = c360("export", "worth_keeping", "-o", str(target))
    assert answer.code == 2
    assert "is there already" in answer.err and "--force" in answer.err
    assert target.read_text(encoding="utf-8") == "mine"
    assert beside(target) == ["list.csv"]
    assert c360("export", "worth_keeping", "-o", str(target), "--force").code == 0
    assert whole(target)


def test_a_manifest_that_is_there_is_not_overwritten(c360: CommandLine, target: Path) -> None:
    assert c360("export", "active", "-o", str(target)).code == 0
    target.unlink()
    before = {name: (target.parent / name).read_bytes() for name in beside(target)}
    answer = c360("export", "worth_keeping", "-o", str(target))
    assert answer.code == 2
    assert "list.csv.manifest.json is there already" in answer.err
    assert {name: (target.parent / name).read_bytes() for name in beside(target)} == before


def test_a_list_that_appears_meanwhile_is_not_overwritten(c360: CommandLine, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from c360.lists import handing

    def slow(frame: object, file: object, *rest: object) -> int:
        target.write_text("another's", encoding="utf-8")
        return 0

    monkeypatch.setitem(handing.WRITERS, "csv", slow)
    answer = c360("export", "worth_keeping", "-o", str(target))
    assert answer.code == 2
    assert target.read_text(encoding="utf-8") == "another's"
    assert beside(target) == ["list.csv"], "no manifest speaks of another's list"


@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize("name", ["list.csv", "list.csv.manifest.json"])
def test_e04_target_is_symlink(c360: CommandLine, target: Path, name: str, force: tuple[str, ...]) -> None:
    private = target.parent / "private.txt"
    private.write_text("mine", encoding="utf-8")
    (target.parent / name).symlink_to(private)
    answer = c360("export", "worth_keeping", "-o", str(target), *force)
    assert answer.code == 5
    assert "is a symbolic link" in answer.err
    assert private.read_text(encoding="utf-8") == "mine"
    assert beside(target) == sorted(["private.txt", name])


def test_a_folder_that_is_not_there(c360: CommandLine, target: Path) -> None:
    answer = c360("export", "worth_keeping", "-o", str(target.parent / "new" / "list.csv"))
    assert answer.code == 2
    assert "new is not there" in answer.err and "make it first" in answer.err
    assert beside(target) == []


def test_a_folder_as_target(c360: CommandLine, target: Path) -> None:
    answer = c360("export", "worth_keeping", "-o", str(target.parent), "--format", "csv")
    assert answer.code == 2
    assert "is a folder" in answer.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_nobody_may_write(c360: CommandLine, target: Path) -> None:
    target.parent.chmod(0o500)
    answer = c360("export", "worth_keeping", "-o", str(target))
    assert answer.code == 2
    assert "cannot be written: Permission denied" in answer.err


def test_a_fault_of_the_writer_leaves_nothing(c360: CommandLine, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from c360.lists import handing

    def broken(frame: object, file: object, *rest: object) -> int:
        raise ValueError("张金丝雀")

    monkeypatch.setitem(handing.WRITERS, "csv", broken)
    answer = c360("export", "worth_keeping", "-o", str(target), "--json")
    assert answer.code == 70
    assert answer.json["message"] == "ValueError was not expected"
    assert answer.json["where"].startswith("test_list_faults:")
    assert beside(target) == []
