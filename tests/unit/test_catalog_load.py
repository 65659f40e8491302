"""Loading definition files: what they define, the faults of their authors, and what stays as it was."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from c360.catalog import LoadedDefinitions, findings, load
from c360.catalog.model import assemble
from c360.errors import (
    C360Error,
    CycleError,
    DefinitionError,
    DuplicateName,
    Refused,
    TypeMismatch,
    UnknownName,
    UsageError,
)

SOURCES = """\
from c360 import Date, Entity, Facts, Key, Money, Month, fixed, since

class Customer(Entity):
    default = True
    joined_on: Date = since()

class Line(Entity):
    customer: Key[Customer] = fixed()

class Bill(Facts):
    line: Key[Line]
    month: Month
    total: Money
"""
SPEND = """\
from c360 import months, tag
from tags.sources import Bill

arpu_3m = tag(Bill.last(months(3)).total.sum().or_zero() / 3)
bills = tag(Bill.count())
"""


def workspace(folder: Path, **files: str) -> Path:
    """Write a workspace: ``tags__spend="…"`` becomes tags/spend.py; contracts are there unless given."""
    for name, text in {"tags__sources": SOURCES, **files}.items():
        path = folder / (name.replace("__", "/", 1) + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def fault(folder: Path, **files: str) -> C360Error:
    with pytest.raises(C360Error) as caught:
        load(workspace(folder, **files))
    return caught.value


def names(loaded: LoadedDefinitions) -> list[str]:
    return [definition.name for definition in loaded.definitions]


# What files define.


def test_every_file_of_both_folders_is_read_in_order(tmp_path: Path) -> None:
    rule = "from c360 import segment\nfrom tags.spend import arpu_3m\n\nhigh_value = segment(arpu_3m >= 100)\n"
    loaded = load(workspace(tmp_path, tags__spend=SPEND, segments__value=rule))
    assert names(loaded) == ["arpu_3m", "bills", "high_value"]
    assert list(loaded.schema.sources) == ["customer", "line", "bill"]
    assert loaded.definitions[0].where == "tags/spend.py:4"
    assert loaded.schema.source("bill").where == "tags/sources.py:10"


def test_files_with_an_underscore_are_read_only_when_imported(tmp_path: Path) -> None:
    helper = "from c360 import months\n\ndef total(rows, n):\n    return rows.last(months(n)).total.sum().or_zero()\n"
    spend = (
        "from c360 import tag\nfrom tags._shared import total\nfrom tags.sources import Bill\n\nspend_6m = tag(total(Bill, 6))\n"
    )
    loaded = load(workspace(tmp_path, tags___shared=helper, tags___draft="this is no Python", tags__spend=spend))
    assert names(loaded) == ["spend_6m"]


def test_packages_may_have_an_init_file_and_relative_imports(tmp_path: Path) -> None:
    spend = "from c360 import tag\nfrom .sources import Bill\nfrom . import FACTOR\n\nbills = tag(Bill.count() * FACTOR)\n"
    loaded = load(workspace(tmp_path, tags____init__="FACTOR = 2\n", tags__spend=spend))
    assert names(loaded) == ["bills"]


def test_a_workspace_without_definitions_is_empty(tmp_path: Path) -> None:
    assert load(tmp_path) == LoadedDefinitions(load(tmp_path).schema, ())
    with pytest.raises(UsageError):
        load(tmp_path / "nowhere")


def test_an_annotated_file_with_postponed_annotations_loads(tmp_path: Path) -> None:
    sources = "from __future__ import annotations\n" + SOURCES
    loaded = load(workspace(tmp_path, tags__sources=sources, tags__spend="n: int = 3\n" + SPEND))
    assert str(loaded.schema.source("bill").column("total").type) == "money"


def test_names_may_be_given_in_a_loop(tmp_path: Path) -> None:
    looped = """\
from c360 import months, tag
from tags.sources import Bill

for n in (3, 6):
    globals()[f"arpu_{n}m"] = tag(Bill.last(months(n)).total.sum().or_zero() / n)
"""
    assert names(load(workspace(tmp_path, tags__spend=looped))) == ["arpu_3m", "arpu_6m"]


def test_a_definition_with_a_name_of_its_own_is_kept(tmp_path: Path) -> None:
    spend = 'from c360 import tag\nfrom tags.sources import Bill\n\nshort = tag(Bill.count(), name="number_of_bills")\n'
    assert names(load(workspace(tmp_path, tags__spend=spend))) == ["number_of_bills"]


def test_a_definition_thrown_away_is_a_finding(tmp_path: Path) -> None:
    loaded = load(workspace(tmp_path, tags__spend=SPEND + "\ntag(Bill.total.sum())\n"))
    (finding,) = [f for f in findings(assemble(loaded.schema, loaded.definitions, {}, loaded.notices)) if f.code == "unnamed"]
    assert (finding.severity, finding.where) == ("warning", "tags/spend.py:7")


def test_a_folder_inside_tags_is_a_finding(tmp_path: Path) -> None:
    workspace(tmp_path, tags__spend=SPEND)
    (tmp_path / "tags" / "telecom").mkdir()
    (tmp_path / "tags" / "telecom" / "more.py").write_text("1 / 0\n")
    assert [f.where for f in load(tmp_path).notices] == ["tags/telecom/"]


# What stays as it was.


def test_definition_files_do_not_hide_the_standard_library(tmp_path: Path) -> None:
    kept, search = sys.modules.pop("csv", None), list(sys.path)
    spend = "import csv\nfrom csv import DictReader\n" + SPEND
    try:
        loaded = load(workspace(tmp_path, tags__csv="from tags.spend import arpu_3m\n", tags__spend=spend))
        import csv

        assert names(loaded) == ["arpu_3m", "bills"]
        assert hasattr(csv, "reader") and sys.path == search
    finally:
        sys.modules.update({} if kept is None else {"csv": kept})


def test_nothing_stays_in_the_interpreter(tmp_path: Path) -> None:
    mine, finders = type(sys)("tags"), list(sys.meta_path)
    sys.modules["tags"] = mine
    try:
        load(workspace(tmp_path / "good", tags__spend=SPEND))
        fault(tmp_path / "bad", tags__spend="1 / 0\n")
        assert sys.modules["tags"] is mine
        assert not [name for name in sys.modules if name.startswith(("tags.", "segments"))]
        assert sys.meta_path == finders
    finally:
        del sys.modules["tags"]


def test_loading_leaves_no_file_behind(tmp_path: Path) -> None:
    load(workspace(tmp_path, tags__spend=SPEND))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["sources.py", "spend.py", "tags"]


def test_two_workspaces_are_open_at_once(tmp_path: Path) -> None:
    north = load(workspace(tmp_path / "north", tags__spend=SPEND))
    south = load(workspace(tmp_path / "south", tags__spend=SPEND.replace("months(3)", "months(6)")))
    assert names(north) == names(south)
    assert north.definitions[0].node != south.definitions[0].node
    assert north == load(tmp_path / "north")


def test_workspaces_load_in_threads(tmp_path: Path) -> None:
    folders = [workspace(tmp_path / str(n), tags__spend=SPEND.replace("months(3)", f"months({n})")) for n in range(1, 9)]
    loaded: dict[Path, LoadedDefinitions] = {}
    threads = [threading.Thread(target=lambda f=folder: loaded.update({f: load(f)})) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [loaded[folder].definitions[0].node for folder in folders] == [load(f).definitions[0].node for f in folders]


def test_a_file_may_open_another_workspace(tmp_path: Path) -> None:
    inner = workspace(tmp_path / "inner", tags__spend=SPEND)
    opening = f"from pathlib import Path\nfrom c360.catalog import load\nload(Path({str(inner)!r}))\n" + SPEND
    assert names(load(workspace(tmp_path / "outer", tags__spend=opening))) == ["arpu_3m", "bills"]


# Faults of authors.


def test_a_syntax_error_names_the_line_and_runs_nothing(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    error = fault(tmp_path, tags__a=f"open({str(ran)!r}, 'w')\n", tags__spend="x = 1\ny = (\n")
    assert isinstance(error, DefinitionError) and error.exit_code == 3
    assert error.where == "tags/spend.py:2" and "never closed" in error.message
    assert not ran.exists()


def test_a_file_that_is_not_utf8_or_holds_a_stray_return_is_a_syntax_error(tmp_path: Path) -> None:
    assert fault(tmp_path, tags__spend="\n\nreturn 1\n").where == "tags/spend.py:3"
    (tmp_path / "tags" / "spend.py").write_bytes("名 = 1\n".encode("gbk"))
    with pytest.raises(DefinitionError, match="this is not Python") as caught:
        load(tmp_path)
    assert caught.value.where is not None and caught.value.where.startswith("tags/spend.py:")


def test_an_import_cycle_names_its_path(tmp_path: Path) -> None:
    error = fault(tmp_path, tags__a="from tags.b import y\nx = 1\n", tags__b="\nfrom tags.a import x\ny = 2\n")
    assert isinstance(error, CycleError)
    assert "tags/a.py → tags/b.py → tags/a.py" in error.message
    assert error.where == "tags/a.py:1"


def test_an_import_cycle_over_folders_and_relative_imports_is_found(tmp_path: Path) -> None:
    files = {"tags__a": "from .b import y\n", "tags__b": "import segments.c\n", "segments__c": "from tags import a\n"}
    assert "tags/a.py → tags/b.py → segments/c.py → tags/a.py" in fault(tmp_path, **files).message


def test_an_import_cycle_inside_a_function_is_found_when_it_bites(tmp_path: Path) -> None:
    hidden = "def late():\n    from tags.a import x\n    return x\n\ny = late()\n"
    error = fault(tmp_path, tags__a="from tags.b import y\nx = 1\n", tags__b=hidden)
    assert isinstance(error, CycleError) and error.where == "tags/b.py:2"
    assert "tags/a.py → tags/b.py → tags/a.py" in error.message
    for imported, module in (("import tags.a", "tags.a"), ("import tags.a as a", "a")):
        late = f"def late():\n    {imported}\n    return {module}.x\n\ny = late()\n"
        assert isinstance(fault(tmp_path, tags__b=late), CycleError)


def test_a_misspelt_import_names_the_nearest(tmp_path: Path) -> None:
    error = fault(tmp_path, tags__spend=SPEND, tags__value="\nfrom tags.spend import arpu_bnad, arpu_3n\n")
    assert isinstance(error, UnknownName) and error.exit_code == 3
    assert "'arpu_bnad' is not in tags/spend.py" in error.message and error.where == "tags/value.py:2"
    assert fault(tmp_path, tags__value="from tags.spend import arpu_3n\n").hint == "did you mean 'arpu_3m'?"
    assert fault(tmp_path, tags__value="import tags.spend\nx = tags.spend.arpu_3n\n").hint == "did you mean 'arpu_3m'?"
    assert fault(tmp_path, tags__value="from c360 import month\n").hint == "did you mean 'months'?"


def test_a_name_from_another_file_says_what_to_import(tmp_path: Path) -> None:
    error = fault(tmp_path, tags__spend=SPEND, segments__value="from c360 import segment\nrich = segment(arpu_3m > 1)\n")
    assert isinstance(error, UnknownName) and error.where == "segments/value.py:2"
    assert error.hint == "write from tags.spend import arpu_3m"
    assert fault(tmp_path, segments__value="x = months(3)\n").hint == "write from c360 import months"
    assert fault(tmp_path, segments__value="from tags.sources import arpu_3m\n").hint == "write from tags.spend import arpu_3m"


def test_an_unknown_name_names_the_nearest(tmp_path: Path) -> None:
    assert fault(tmp_path, tags__spend=SPEND + "x = arpu_3n * 2\n").hint == "did you mean 'arpu_3m'?"
    assert fault(tmp_path, tags__spend=SPEND + "x = tga(bills)\n").hint == "did you mean 'tag'?"
    assert "further down" in str(fault(tmp_path, tags__spend="x = y\ny = 1\n").hint)


def test_a_missing_module_is_named(tmp_path: Path) -> None:
    error = fault(tmp_path, tags__spend="\nimport numpyy.linalg\n")
    assert isinstance(error, DefinitionError) and "module 'numpyy' is not installed" in error.message
    assert error.where == "tags/spend.py:2"
    assert fault(tmp_path, tags__spend="import sources\n").hint == "write from tags.sources import …"


def test_a_missing_definition_file_names_the_nearest(tmp_path: Path) -> None:
    error = fault(tmp_path, tags__spend="from tags.source import Bill\n")
    assert isinstance(error, UnknownName) and error.message == "unknown definition file 'tags/source.py'"
    assert error.hint == "did you mean 'tags/sources.py'?"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import sys; sys.exit('bye')", "SystemExit: bye"),
        ("raise RuntimeError", "RuntimeError"),
        ("import json; json.loads('{')", "JSONDecodeError"),
    ],
)
def test_whatever_a_file_raises_is_a_definition_error_at_its_line(tmp_path: Path, code: str, told: str) -> None:
    error = fault(tmp_path, tags__spend=f"secret = 'do not show'\n{code}\n")
    assert isinstance(error, DefinitionError) and error.exit_code == 3
    assert told in error.message and error.where == "tags/spend.py:2"
    assert "do not show" not in str(error) and error.__suppress_context__


def test_the_innermost_line_of_the_author_counts(tmp_path: Path) -> None:
    error = fault(tmp_path, tags___shared="def half(x):\n    return x / 0\n", tags__a="from tags._shared import half\nhalf(2)\n")
    assert error.where == "tags/_shared.py:2"


def test_an_interrupt_passes(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        load(workspace(tmp_path, tags__spend="raise KeyboardInterrupt\n"))
    assert not [name for name in sys.modules if name.startswith("tags")]


def test_errors_of_the_language_pass_with_their_place(tmp_path: Path) -> None:
    error = fault(tmp_path, tags__spend=SPEND + "wrong = tag(bills + 'x')\n")
    assert isinstance(error, TypeMismatch) and error.where == "tags/spend.py:6"


def test_one_name_is_given_once_over_all_files(tmp_path: Path) -> None:
    again = "from c360 import segment, tag\nfrom tags.sources import Bill\n\n"
    error = fault(tmp_path, tags__spend=SPEND, segments__value=again + "bills = segment(Bill.count() > 1)\n")
    assert isinstance(error, DuplicateName)
    assert error.where == "segments/value.py:4" and "tags/spend.py:5" in error.message
    error = fault(tmp_path, segments__value=again + "x = tag(Bill.count(), name='bills')\n")
    assert isinstance(error, DuplicateName) and "tags/spend.py:5" in error.message


def test_one_source_is_declared_once(tmp_path: Path) -> None:
    again = "from c360 import Entity, Facts, Key, Month\nfrom tags.sources import Line\n\nclass Bill(Facts):\n"
    again += "    line: Key[Line]\n    month: Month\n"
    error = fault(tmp_path, tags__zz=again)
    assert isinstance(error, DuplicateName)
    assert error.where == "tags/zz.py:4" and "tags/sources.py:10" in error.message
    error = fault(tmp_path / "one_file", tags__sources=SOURCES + "\nclass Bill(Entity):\n    pass\n")
    assert error.where == "tags/sources.py:15" and "tags/sources.py:10" in error.message


def test_a_universe_without_a_name_is_refused_at_its_place(tmp_path: Path) -> None:
    value = "from c360 import segment\nfrom tags.spend import bills\n\n"
    value += "busy = segment(bills > 2, universe=segment(bills > 1))\n"
    error = fault(tmp_path, tags__spend=SPEND, segments__value=value)
    assert error.where == "segments/value.py:4" and "'busy' has no name" in error.message


# What everyone may write is not run.


@pytest.mark.skipif(os.name != "posix", reason="file modes of POSIX")
@pytest.mark.parametrize(("path", "mode"), [("tags/spend.py", 0o666), ("segments", 0o777), ("tags", 0o1777), (".", 0o777)])
def test_what_everyone_may_write_is_refused_before_anything_runs(tmp_path: Path, path: str, mode: int) -> None:
    ran = tmp_path / "ran"
    workspace(tmp_path, tags__a=f"open({str(ran)!r}, 'w')\n", tags__spend=SPEND, segments__value="")
    (tmp_path / path).chmod(mode)
    with pytest.raises(Refused) as caught:
        load(tmp_path)
    assert caught.value.exit_code == 5
    assert path in str(caught.value) and f"mode {mode:o}" in caught.value.message
    assert not ran.exists()
    (tmp_path / path).chmod(0o700)


@pytest.mark.skipif(os.name != "posix", reason="file modes of POSIX")
def test_a_workspace_right_in_a_sticky_folder_is_fine(tmp_path: Path) -> None:
    workspace(tmp_path, tags__spend=SPEND).chmod(0o1777)
    assert names(load(tmp_path)) == ["arpu_3m", "bills"]
