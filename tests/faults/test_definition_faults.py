"""A slip in a definition file: exit 3, the author's file and line, what was expected and one way to mend it."""

from __future__ import annotations

import pytest

from tiny import CommandLine, Workspace

# What is written at the end of segments/keeping.py, and what must be said of it.
SLIPS = {
    "a wrong column name": (
        "from tags.sources import Customer\nx = segment(Customer.vists > 1)\n",
        "UnknownName",
        ("column of Customer", "'vists'", "did you mean 'visits'?"),
    ),
    "a misspelt level": (
        'x = segment(value_tier == "hgih")\n',
        "TypeMismatch",
        ("'hgih'", "high"),
    ),
    "and instead of &": (
        "x = segment((value_tier >= 'low') and (risk > 0.1))\n",
        "DefinitionError",
        ("and", "&"),
    ),
    "if on an expression": (
        "x = segment(risk > 0.1 if risk > 0.2 else risk > 0.3)\n",
        "DefinitionError",
        ("when",),
    ),
    "a chained comparison": (
        "x = segment(0.1 < risk < 0.5)\n",
        "DefinitionError",
        ("between",),
    ),
    "an event column where a customer value belongs": (
        "from tags.sources import Bill\nx = segment((Bill.total > 100) & (risk > 0.1))\n",
        "GrainError",
        ("bill", "sum"),
    ),
    "rows of two sources mixed": (
        "from tags.sources import Bill, Ticket\nx = segment(Bill.total.sum() > Ticket.where(Bill.total > 1).count())\n",
        "GrainError",
        ("ticket", "bill"),
    ),
    "a text compared with a number": ('x = segment(risk > "much")\n', "TypeMismatch", ("number", "text")),
    "a rule that is no yes or no": ("x = segment(risk)\n", "TypeMismatch", ("yes/no", "number")),
    "a tag nobody wrote": ("x = segment(value_teir >= 'low')\n", "UnknownName", ("'value_teir'", "value_tier")),
    "a name written twice": ("active = segment(risk > 0.5)\n", "DuplicateName", ("'active'", "segments/keeping.py:6")),
    "no Python": ("x = segment((risk > 0.5)\n", "DefinitionError", ("this is not Python",)),
    "a fault in the author's own code": ("y = 1 / 0\n", "DefinitionError", ("ZeroDivisionError",)),
    "a module that is not there": ("import pandsa\n", "DefinitionError", ("'pandsa' is not installed",)),
    "an exit": ("raise SystemExit(0)\n", "DefinitionError", ("SystemExit",)),
    "a name that SQL has": ("select = segment(risk > 0.5)\n", "DefinitionError", ("'select'", "SQL keyword")),
}


@pytest.mark.parametrize(("text", "kind", "told"), SLIPS.values(), ids=SLIPS)
def test_a_slip_names_its_line_and_a_fix(
    c360: CommandLine, workspace: Workspace, text: str, kind: str, told: tuple[str, ...]
) -> None:
    before = len((workspace.folder / "segments" / "keeping.py").read_text(encoding="utf-8").splitlines())
    workspace.add("segments/keeping.py", text)
    answer = c360("size", "active", "--json")
    assert answer.code == 3, answer.err
    assert answer.json["kind"] == kind
    assert answer.json["where"] == f"segments/keeping.py:{before + len(text.splitlines())}"
    for part in told:
        assert part in answer.err
    assert "Traceback" not in answer.err


def test_every_command_ends_in_the_same_error(c360: CommandLine, workspace: Workspace) -> None:
    workspace.add("segments/keeping.py", "x = segment(value_teir >= 'low')\n")
    said = {
        (answer.code, answer.err)
        for answer in (
            c360("check"), c360("tags"), c360("segments", "active"), c360("plan", "active"), c360("sql", "active"),
            c360("size", "active"), c360("export", "active", "--dry-run"), c360("sources"),
        )
    }  # fmt: skip
    assert len(said) == 1
    assert said.pop()[0] == 3


def test_d03_cycle_of_files(c360: CommandLine, workspace: Workspace) -> None:
    workspace.replace("tags/value.py", "from c360 import", "from tags.trouble import worry\nfrom c360 import")
    workspace.add("tags/trouble.py", "from tags.value import risk\nworry = risk > 0.5\n")
    answer = c360("check", "--json")
    assert answer.code == 3
    assert answer.json["kind"] == "CycleError"
    assert "tags/trouble.py → tags/value.py → tags/trouble.py" in answer.json["message"]
    assert answer.json["where"] == "tags/trouble.py:1"
    assert "a file of its own" in answer.json["hint"]


def test_d12_world_writable_defs_are_not_run(c360: CommandLine, workspace: Workspace) -> None:
    workspace.add("segments/keeping.py", "raise SystemExit('this must not run')\n")
    (workspace.folder / "segments" / "keeping.py").chmod(0o666)
    answer = c360("check")
    assert answer.code == 5
    assert "segments/keeping.py may be written by everyone (mode 666)" in answer.err
    assert "chmod o-w segments/keeping.py" in answer.err
    assert "must not run" not in answer.err


def test_d11_shadow_stdlib(c360: CommandLine, workspace: Workspace) -> None:
    workspace.add("tags/csv.py", "from c360 import tag\nfrom tags.value import risk\n\nworry = tag(risk)\n")
    workspace.add("csv.py", "raise RuntimeError('not this one')\n")
    answer = c360.apart("tags", "worry", cwd=workspace.folder)
    assert answer.code == 0, answer.err


def test_values_of_the_wrong_entity_are_not_mixed_in_one_request(c360: CommandLine) -> None:
    answer = c360("plan", "arpu_3m", "line_bill")
    assert answer.code == 2
    assert "these are values of customer and line" in answer.err


# c360.toml.

SETTINGS = {
    "no TOML": ('time_zone = "Asia/Shanghai"', "time_zone = Asia", "c360.toml:1", "this is not TOML"),
    "an unknown setting": ("data_folder", "data_foldr", "c360.toml:2", "did you mean 'data_folder'?"),
    "an unknown setting of a source": ("path = \"bill", "pth = \"bill", "c360.toml:11", "did you mean 'path'?"),
    "an unknown source": ("[sources.bill]", "[sources.bil]", "c360.toml [sources]", "did you mean 'bill'?"),
    "an unknown zone": ("Asia/Shanghai", "Asia/Shangai", "c360.toml:1", "no time zone"),
    "two places for one source": (
        'path = "bill.parquet"', 'path = "bill.parquet"\ntable = "bill"', "c360.toml:10", "exactly one of path, table, sql"
    ),
    "an unknown column": (
        'path = "bill.parquet"', 'path = "bill.parquet"\ncolumns = { totl = "total" }',
        "c360.toml [sources.bill]", "did you mean 'total'?",
    ),
    "an unknown key of a column": (
        'path = "bill.parquet"', 'path = "bill.parquet"\ncolumns = { total = { from = "total", unti = "fen" } }',
        "c360.toml:12", "did you mean 'unit'?",
    ),
    "a unit nothing turns": (
        'path = "bill.parquet"', 'path = "bill.parquet"\ncolumns = { total = { from = "total", unit = "ton" } }',
        "c360.toml [sources.bill]", "no rule turns ton into",
    ),
    "a parameter of the wrong type": (
        'path = "score.parquet"', 'path = "score.parquet"\n[params.value]\nhigh = "much"',
        "c360.toml [params]", "parameter 'value.high' expects a number",
    ),
    "an unknown parameter": (
        'path = "score.parquet"', 'path = "score.parquet"\n[params.value]\nhihg = 3',
        "c360.toml [params]", "did you mean 'value.high'?",
    ),
    "cuts out of order": (
        'path = "score.parquet"', 'path = "score.parquet"\n[params.value]\nhigh = 10', "tags/value.py:10", "found 10 before 20"
    ),
    "a number that is none": (
        'path = "score.parquet"', 'path = "score.parquet"\n[engine]\nthreads = "two"', "c360.toml:19", "valid integer"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "told"), SETTINGS.values(), ids=SETTINGS)
def test_a_slip_in_the_settings(c360: CommandLine, workspace: Workspace, old: str, new: str, where: str, told: str) -> None:
    workspace.settings(old, new)
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 3, answer.err
    assert answer.json["where"] == where
    assert told in answer.err


def test_settings_that_are_not_utf8(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.folder / "c360.toml").write_bytes("# 设置\n".encode("gb18030"))
    answer = c360("check")
    assert answer.code == 3
    assert "save it as UTF-8" in answer.err
