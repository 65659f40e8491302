"""What holds for every command: data on stdout, talk on stderr, one JSON object when asked, fixed exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiny import CommandLine, Workspace

COMMANDS = {
    "check": ("check",),
    "tags": ("tags",),
    "tag": ("tags", "arpu_3m"),
    "segments": ("segments",),
    "segment": ("segments", "active"),
    "sources": ("sources",),
    "plan": ("plan", "worth_keeping"),
    "sql": ("sql", "worth_keeping"),
    "size": ("size", "active", "worth_keeping"),
    "export": ("export", "worth_keeping"),
    "snapshots": ("snapshots",),
    "audit": ("audit",),
    "approve": ("approve",),
    "dry run": ("export", "worth_keeping", "--dry-run"),
}
ERROR_KEYS = {"error", "kind", "message", "where", "hint", "exit_code"}


@pytest.mark.thorough
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_json_is_one_object_on_stdout(c360: CommandLine, arguments: tuple[str, ...]) -> None:
    answer = c360(*arguments, "--json")
    assert answer.code == 0, answer.err
    assert isinstance(answer.json, dict)


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_quiet_leaves_data_and_drops_the_talk(c360: CommandLine, arguments: tuple[str, ...]) -> None:
    loud, quiet = c360(*arguments), c360("--quiet", *arguments)
    assert quiet.out == loud.out
    assert quiet.err == ""


def test_init_tells_as_json_what_it_made(c360: CommandLine, tmp_path: Path) -> None:
    answer = c360("init", str(tmp_path / "new"), "--empty", "--json")
    assert answer.code == 0
    assert answer.json == {"folder": str(tmp_path / "new"), "made": ["c360.toml", "tags", "segments"]}


def test_init_overwrites_no_workspace(c360: CommandLine, tmp_path: Path) -> None:
    assert c360("init", str(tmp_path / "new"), "--empty").code == 0
    again = c360("init", str(tmp_path / "new"), "--empty")
    assert again.code == 2
    assert "holds c360.toml, tags, segments already" in again.err


def test_an_empty_workspace_has_nothing_to_list(c360: CommandLine, tmp_path: Path) -> None:
    c360("init", str(tmp_path / "new"), "--empty")
    answer = c360("-w", str(tmp_path / "new"), "tags", bare=True)
    assert answer.code == 2
    assert "no tag is defined" in answer.err


def test_a_pipe_gets_csv(c360: CommandLine) -> None:
    answer = c360("size", "active", "worth_keeping")
    assert answer.out.splitlines()[0] == "segment,members,outside,unknown,universe,share,as_of"
    assert [(row["segment"], row["members"], row["universe"]) for row in answer.rows] == [
        ("active", "4", "6"),
        ("worth_keeping", "3", "4"),
    ]


def test_a_terminal_gets_a_table(c360: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("c360.cli.show.sys.stdout.isatty", lambda: True)
    answer = c360("size", "active")
    assert "members" in answer.out and "─" in answer.out
    assert "," not in answer.out.splitlines()[1]


def test_sql_runs_where_it_says_it_does(c360: CommandLine, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    sql = c360("sql", "worth_keeping").out
    monkeypatch.chdir(workspace.folder)
    assert duckdb.connect().execute(sql).fetchall() == [("00017",), ("C2",), ("CANARY-KEY",)]


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (("size", "actve"), 2, "NothingMatched"),
        (("size", "active", "--as-of", "soon"), 2, "UsageError"),
        (("size",), 2, "UsageError"),
        (("sise", "active"), 2, "UsageError"),
        (("size", "active", "--jsn"), 2, "UsageError"),
        (("export", "active", "-c", "id_number"), 5, "Refused"),
        (("--memory", "much", "size", "active"), 2, "UsageError"),
        (("--lang", "fr", "size", "active"), 2, "UsageError"),
    ],
)
def test_an_error_is_one_json_object_too(c360: CommandLine, arguments: tuple[str, ...], code: int, kind: str) -> None:
    answer = c360(*arguments, "--json")
    assert answer.code == code
    assert set(answer.json) == ERROR_KEYS
    assert (answer.json["kind"], answer.json["exit_code"]) == (kind, code)
    assert answer.json["error"].startswith("C360-E")
    assert answer.json["message"] and answer.json["hint"]
    assert f"error[{answer.json['error']}]: {answer.json['message']}" in answer.err


def test_an_error_leaves_stdout_empty(c360: CommandLine) -> None:
    answer = c360("size", "actve")
    assert answer.out == ""
    assert answer.err == "error[C360-E021]: unknown tag or segment 'actve'\nhint: did you mean 'active'?\n"


def test_a_failed_check_still_prints_its_report(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.data / "ticket.csv").unlink()
    answer = c360("check", "--json")
    assert answer.code == 4
    assert answer.json["ok"] is False
    broken = [s["name"] for s in answer.json["sources"] if s["state"] == "broken"]
    assert broken == ["ticket"]


def test_a_failed_example_is_a_failed_check(c360: CommandLine, workspace: Workspace) -> None:
    workspace.add(
        "tags/value.py",
        'from c360 import given\nwrong = tag(Customer.visits, example=given(Customer="customer|visits; X|1").gives(X=2))\n',
    )
    answer = c360("check")
    assert answer.code == 1
    assert "tags/value.py" in answer.out


def test_titles_follow_the_language(c360: CommandLine) -> None:
    english, chinese = c360("tags"), c360("--lang", "zh", "tags")
    assert english.rows[0]["title"] == "Active lines"
    assert chinese.rows[0]["title"] == "在用号码数"


def test_an_option_for_all_commands_says_where_it_stands(c360: CommandLine) -> None:
    answer = c360("size", "active", "--quiet")
    assert answer.code == 2
    assert "--quiet stands before the command" in answer.err
    assert "c360 --quiet … size …" in answer.err


# Where the workspace and its data are.


def test_the_workspace_is_found_from_below(c360: CommandLine, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace.folder / "tags")
    assert c360("size", "active", bare=True).rows[0]["members"] == "4"
    monkeypatch.chdir("/")
    assert c360("-w", str(workspace.data), "size", "active", bare=True).rows[0]["members"] == "4"


def test_the_workspace_is_found_by_environment(c360: CommandLine, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    monkeypatch.setenv("C360_WORKSPACE", str(workspace.folder))
    assert c360("size", "active", bare=True).rows[0]["members"] == "4"


def test_no_workspace_says_how_to_make_one(c360: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nothing").mkdir()
    monkeypatch.chdir(tmp_path / "nothing")
    answer = c360("size", "active", bare=True)
    assert answer.code == 2
    assert "no c360.toml in . or above" in answer.err
    assert "c360 init" in answer.err


def test_a_workspace_that_is_not_there(c360: CommandLine, tmp_path: Path) -> None:
    answer = c360("-w", str(tmp_path / "gone"), "size", "active", bare=True)
    assert answer.code == 2
    assert "is not there" in answer.err


def test_data_folder_by_option_before_environment_before_settings(
    c360: CommandLine, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    workspace.data.rename(elsewhere)
    assert c360("size", "active").code == 4
    monkeypatch.setenv("C360_DATA", str(elsewhere))
    assert c360("size", "active").code == 0
    assert c360("--data", str(tmp_path / "gone"), "size", "active").code == 4
    monkeypatch.setenv("C360_DATA", str(tmp_path / "gone"))
    assert c360("--data", str(elsewhere), "size", "active").code == 0


# The help.


def test_alone_it_shows_the_help(c360: CommandLine) -> None:
    alone, asked = c360(bare=True), c360("--help", bare=True)
    assert alone == asked
    assert alone.code == 0
    assert "Usage: c360" in alone.out
    assert alone.err == ""


def test_every_command_explains_itself(c360: CommandLine) -> None:
    from typer.main import get_command

    from c360.cli.app import app

    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        assert command.help and len(command.help) > 20, name
        for parameter in command.params:
            assert parameter.name == "help" or getattr(parameter, "help", None), f"{name} {parameter.name}"
        answer = c360(name, "--help", bare=True)
        assert answer.code == 0
        assert command.help.split(";")[0].split("\n")[0][:30] in answer.out.replace("\n  ", " ")
