"""The audit log: one chain whoever writes, and whatever is done to it is found."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from c360.errors import InternalError, Refused, ResourceError
from c360.records import keeping
from c360.records.audit import AuditLog, hash_of
from records import made

OCTOBER, NOVEMBER = "2026-10-31T23:59:59+00:00", "2026-11-01T00:00:00+00:00"


def written(folder: Path) -> AuditLog:
    """Write four lines over two months."""
    log = made(folder, OCTOBER, OCTOBER, NOVEMBER, NOVEMBER).audit
    for number in range(4):
        log.append("export", name=f"list-{number}", list_id=f"id{number}", rows=number)
    return log


def lines(folder: Path, month: str) -> list[str]:
    return (folder / "audit" / f"{month}.jsonl").read_text().splitlines()


def test_a_line_says_when_who_and_what(tmp_path: Path) -> None:
    log = written(tmp_path)
    first = next(iter(log.lines()))
    assert first.place == "audit/2026-10.jsonl:1"
    assert {n: first.facts[n] for n in ("n", "at", "who", "event", "name")} == {
        "n": 1, "at": OCTOBER, "who": "li", "event": "export", "name": "list-0",
    }  # fmt: skip


def test_the_chain_goes_on_over_the_month(tmp_path: Path) -> None:
    found = written(tmp_path).verify()
    assert found.ok and (found.lines, found.files) == (4, 2)
    assert json.loads(lines(tmp_path, "2026-11")[0])["before"] == json.loads(lines(tmp_path, "2026-10")[-1])["hash"]


def test_lines_are_found_by_what_they_say(tmp_path: Path) -> None:
    log = written(tmp_path)
    log.append("refused", name="list-0", list_id="id0", why="too many rows")
    assert [line.facts["rows"] for line in log.lines(since=date(2026, 11, 1), event="export")] == [2, 3]
    assert [line.facts["event"] for line in log.lines(name="list-0")] == ["export", "refused"]
    assert [line.facts["n"] for line in log.lines(list_id="id0")] == [1, 5]
    assert not list(log.lines(who="wang")) and len(list(log.lines(who="li"))) == 5


SPOILED: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "changed": (lambda old: [old[0].replace('"rows":0', '"rows":9'), old[1]], "audit/2026-10.jsonl:1: the line was changed"),
    "removed": (lambda old: old[1:], "audit/2026-10.jsonl:1: the line before it was removed"),
    "last of a month removed": (lambda old: old[:1], "audit/2026-11.jsonl:1: the line before it was removed"),
    "put twice": (lambda old: [old[0], *old], "audit/2026-10.jsonl:2: the line before it"),
    "turned round": (lambda old: old[::-1], "audit/2026-10.jsonl:1: the line before it"),
    "no JSON": (lambda old: [old[0], "x", old[1]], "audit/2026-10.jsonl:2: is no line of the log"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_line_that_was_tampered_with_is_named(tmp_path: Path, how: str) -> None:
    log = written(tmp_path)
    spoil, told = SPOILED[how]
    path = tmp_path / "audit" / "2026-10.jsonl"
    path.write_text("\n".join(spoil(path.read_text().splitlines())) + "\n")
    findings = log.verify().findings
    assert any(finding.startswith(told) for finding in findings), findings


def test_a_tail_cut_off_is_found(tmp_path: Path) -> None:
    log = written(tmp_path)
    (tmp_path / "audit" / "2026-11.jsonl").unlink()
    assert log.verify().findings == ("audit/2026-10.jsonl:2: 2 lines after it were cut off",)


def test_a_line_forged_at_the_end_is_found(tmp_path: Path) -> None:
    log = written(tmp_path)
    before = json.loads(lines(tmp_path, "2026-11")[-1])["hash"]
    line = {"n": 5, "at": NOVEMBER, "who": "li", "event": "export", "before": before}
    with (tmp_path / "audit" / "2026-11.jsonl").open("a") as file:
        file.write(json.dumps({**line, "hash": hash_of(line)}) + "\n")
    assert log.verify().findings == ("audit/2026-11.jsonl:3: is not the last line that c360 wrote",)


def test_what_was_tampered_with_stays_found_when_more_is_written(tmp_path: Path) -> None:
    log = written(tmp_path)
    path = tmp_path / "audit" / "2026-11.jsonl"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    log.append("export", name="next")
    assert not log.verify().ok


def test_a_lost_head_is_found_and_stays_so_when_more_is_written(tmp_path: Path) -> None:
    log = written(tmp_path)
    (tmp_path / "audit" / "head.json").unlink()
    assert "tail may have been cut off" in log.verify().findings[0]
    log.append("export", name="next")
    assert [line.facts["event"] for line in log.lines()][-2:] == ["mended", "export"]
    assert log.verify().findings == ("audit/2026-11.jsonl:3: head.json had been lost here; lines before it may have been cut off",)


class Killed(BaseException):
    """Stands for a kill."""


@pytest.mark.parametrize("step", range(1, 8))
def test_a_kill_at_any_step_leaves_a_whole_chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    log = written(tmp_path)
    steps = iter(range(1, 100))

    def seam(name: str) -> None:
        real = getattr(keeping.OPS, name)

        def killing(*arguments: object) -> object:
            if next(steps) == step:
                raise Killed
            return real(*arguments)

        monkeypatch.setattr(keeping.OPS, name, killing)

    for name in ("write", "replace", "sync_folder"):
        seam(name)
    with pytest.raises(Killed):
        log.append("export", name="killed")
    monkeypatch.undo()
    assert log.verify().ok
    log.append("export", name="after")
    assert log.verify().ok and [line.facts["name"] for line in log.lines()][-1] == "after"


def test_half_a_line_of_a_killed_writer_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = written(tmp_path)

    def half(descriptor: int, data: bytes) -> None:
        os.write(descriptor, data[:20])
        raise Killed

    monkeypatch.setattr("c360.records.audit._written", half)
    with pytest.raises(Killed):
        log.append("export", name="killed")
    monkeypatch.undo()
    assert log.verify().ok
    log.append("export", name="after")
    assert log.verify().ok and len(lines(tmp_path, "2026-11")) == 3


def test_a_clock_that_goes_back_keeps_the_order(tmp_path: Path) -> None:
    log = made(tmp_path, NOVEMBER, OCTOBER).audit
    log.append("export")
    log.append("export")
    assert log.verify().ok and len(lines(tmp_path, "2026-11")) == 2


def _appending(folder: str, number: int) -> None:
    log = made(Path(folder), NOVEMBER, who=f"p{number}").audit
    for turn in range(5):
        log.append("export", turn=turn)


def test_writers_at_once_keep_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_appending, args=(str(tmp_path), number)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    log = made(tmp_path).audit
    assert log.verify().ok and [line.facts["n"] for line in log.lines()] == list(range(1, 21))
    assert len(list(log.lines(who="p2"))) == 5


def test_texts_that_look_like_a_customer_are_hidden(tmp_path: Path) -> None:
    log = made(tmp_path).audit
    log.append("export", reason="for 13900001111 and a.b@example.com, 330106199001011234", rows=13900001111, told=["8613900001111"])
    told = next(iter(log.lines())).facts
    assert told["reason"] == "for [hidden] and [hidden], [hidden]" and told["told"] == ["[hidden]"]


def test_dates_tuples_and_paths_are_kept_as_text(tmp_path: Path) -> None:
    log = made(tmp_path).audit
    log.append("export", on=date(2026, 12, 1), channels=("call",), file=Path("a/b.csv"), per={"call": 1})
    told = next(iter(log.lines())).facts
    assert (told["on"], told["channels"], told["file"], told["per"]) == ("2026-12-01", ["call"], "a/b.csv", {"call": 1})
    assert log.verify().ok


@pytest.mark.parametrize(("event", "facts"), [("exports", {}), ("export", {"hash": "x"})])
def test_an_unknown_event_or_a_name_of_the_logs_own_is_a_bug(tmp_path: Path, event: str, facts: dict[str, str]) -> None:
    with pytest.raises(InternalError):
        made(tmp_path).audit.append(event, **facts)


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "audit").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="symbolic link"):
        made(tmp_path / "records").audit.append("export")


def test_a_month_that_is_a_link_is_refused(tmp_path: Path) -> None:
    log = made(tmp_path, NOVEMBER).audit
    (tmp_path / "audit").mkdir(parents=True)
    (tmp_path / "audit" / "2026-11.jsonl").symlink_to(tmp_path / "other")
    with pytest.raises((Refused, ResourceError)):
        log.append("export")
    assert not (tmp_path / "other").exists()


def test_every_file_and_folder_is_private(tmp_path: Path) -> None:
    written(tmp_path / "records")
    for path in [tmp_path / "records", *(tmp_path / "records").rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
