"""A snapshot held lines by their table; without the table lines are those that bills name, and the snapshot still answered."""

from __future__ import annotations

from tiny import CommandLine, Workspace, c360, no_canary, workspace  # noqa: F401 - fixtures

LINES = '\n[sources.line]\npath = "line.csv"\n'


def test_rows_that_other_sources_name_now_are_not_those_of_the_snapshot(c360: CommandLine, workspace: Workspace) -> None:  # noqa: F811
    asked = ("size", "--where", "line_bill is null or line_bill >= 0", "--entity", "line")
    assert c360("build").code == 0
    assert [row["members"] for row in c360(*asked).rows] == ["6"]
    workspace.replace("c360.toml", LINES, "")
    assert [row["members"] for row in c360(*asked, "--no-snapshot").rows] == ["5"]
    answer = c360("--verbose", *asked)
    assert [row["members"] for row in answer.rows] == ["5"]
    assert "other sources say now which rows there are" in answer.err
