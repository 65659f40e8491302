"""Several files under their names: all, or none, wherever between them something goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from c360.deliver import writers
from c360.deliver.publishing import publish
from c360.deliver.writers import Prepared, prepare
from c360.errors import ResourceError, TargetExists

NAMES = ("list.csv.manifest.json", "list-1.csv", "list-2.csv")
SEAMS = [(name, moment) for name in NAMES for moment in ("before", "after")]


def made(folder: Path, content: bytes = b"new") -> list[Prepared]:
    """Return three files of one list, the manifest first."""
    return [prepare(folder / name, lambda file: file.write(content) * 0) for name in NAMES]


def standing(folder: Path) -> dict[str, bytes]:
    """Return what stands in the folder, private files too."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def fail_at(monkeypatch: pytest.MonkeyPatch, name: str, moment: str, fault: BaseException) -> None:
    """Let publishing fail before or after the file *name* gets its name."""
    publish_one = Prepared.publish

    def failing(one: Prepared, *, force: bool) -> None:
        if one.path.name == name and moment == "before":
            raise fault
        publish_one(one, force=force)
        if one.path.name == name:
            raise fault

    monkeypatch.setattr(Prepared, "publish", failing)


def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a disk that knows no links."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refused)


@pytest.mark.parametrize("force", [False, True])
def test_all_appear(tmp_path: Path, force: bool) -> None:
    publish(made(tmp_path), force=force)
    assert standing(tmp_path) == dict.fromkeys(NAMES, b"new")
    publish(made(tmp_path, b"newer"), force=True)
    assert standing(tmp_path) == dict.fromkeys(NAMES, b"newer")


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(("name", "moment"), SEAMS)
def test_none_appears_where_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, moment: str, force: bool, links: bool
) -> None:
    if not links:
        no_links(monkeypatch)
    fail_at(monkeypatch, name, moment, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        publish(made(tmp_path), force=force)
    assert standing(tmp_path) == {}


@pytest.mark.parametrize(("name", "moment"), SEAMS)
def test_what_was_replaced_stands_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, moment: str) -> None:
    *forerunners, last = made(tmp_path, b"old")
    last.discard()  # the last file of the new list has no forerunner
    publish(forerunners, force=False)
    fail_at(monkeypatch, name, moment, ResourceError("the disk is full"))
    with pytest.raises(ResourceError):
        publish(made(tmp_path), force=True)
    assert standing(tmp_path) == dict.fromkeys(NAMES[:2], b"old")


def test_without_links_what_was_replaced_stays_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(made(tmp_path, b"old"), force=False)
    no_links(monkeypatch)
    fail_at(monkeypatch, NAMES[2], "before", ResourceError("the disk is full"))
    with pytest.raises(ResourceError):
        publish(made(tmp_path), force=True)
    assert standing(tmp_path) == {NAMES[0]: b"new", NAMES[1]: b"new", NAMES[2]: b"old"}


@pytest.mark.parametrize("taken", NAMES)
def test_a_file_that_appears_meanwhile_is_anothers(tmp_path: Path, taken: str) -> None:
    prepared = made(tmp_path)
    (tmp_path / taken).write_bytes(b"another's")
    with pytest.raises(TargetExists):
        publish(prepared, force=False)
    assert standing(tmp_path) == {taken: b"another's"}


def test_a_folder_that_cannot_be_synced_takes_the_name_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = made(tmp_path)

    def fails(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writers, "sync_folder", fails)
    with pytest.raises(ResourceError, match="the disk is full"):
        publish(prepared, force=False)
    assert standing(tmp_path) == {}


def test_what_a_killed_process_kept_is_cleared_by_the_next_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writers.private_name(tmp_path / "list-1.csv", "before").write_bytes(b"old")
    monkeypatch.setattr(writers, "_is_alive", lambda process: False)
    prepare(tmp_path / "list-1.csv", lambda file: file.write(b"new") * 0).publish(force=False)
    assert [name for name in standing(tmp_path) if name.endswith("before")] == []
