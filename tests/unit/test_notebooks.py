"""What a notebook shows of results: tables with everything escaped, and never a customer's row."""

from __future__ import annotations

import c360 as library
from tiny import Workspace, c360, no_canary, workspace  # noqa: F401 - fixtures


def test_a_size(workspace: Workspace) -> None:  # noqa: F811
    shown = library.open(workspace.folder).size("worth_keeping")._repr_html_()
    assert "<caption>worth_keeping, customer, as of 2026-11-29</caption>" in shown
    assert "<th>unknown</th>" in shown


def test_a_list_shows_its_waterfall_and_no_row(workspace: Workspace, no_canary: None) -> None:  # noqa: F811
    opened = library.open(workspace.folder)
    made = opened.export("active", columns=("called", "note"), dry_run=True)
    shown = made._repr_html_()
    assert "<caption>active, as of 2026-11-29: 4 rows" in shown and "nothing written" in shown
    assert "张" not in shown and "C2" not in shown


def test_a_check_says_whether_all_is_well(workspace: Workspace) -> None:  # noqa: F811
    assert "definitions, 0 examples: all well" in library.open(workspace.folder).check()._repr_html_()
    workspace.replace("c360.toml", 'path = "ticket.csv"', 'path = "gone.csv"')
    shown = library.open(workspace.folder).check()._repr_html_()
    assert "not well" in shown and "<td>ticket</td>" in shown


def test_words_are_escaped(workspace: Workspace) -> None:  # noqa: F811
    shown = library.open(workspace.folder).export("worth_keeping", dry_run=True)._repr_html_()
    assert "&lt; 2" in shown or "below 2" in shown
    assert "<script" not in shown
