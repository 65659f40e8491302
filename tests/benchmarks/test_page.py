"""What `make bench` says of a goal: met, missed and by how much, or not measured; at the largest size that was measured."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


@pytest.mark.parametrize(
    ("limit", "at_least", "value", "said"),
    [
        (1.1, False, 1.1, "met"),
        (1.1, False, 2.2, "missed by 2.00×"),
        (8, True, 8.5, "met"),
        (8, True, 2, "missed by 4.00×"),
        (0, False, 0, "met"),
        (0, False, 2, "missed"),
    ],
)
def test_a_goal_says_by_how_much_it_is_missed(limit: float, at_least: bool, value: float, said: str) -> None:
    from benchmarks.goals import Goal
    from benchmarks.rows import Figure

    assert Goal("a build", "build/best", limit, at_least=at_least).verdict(Figure(value, value, value)) == said


def test_a_goal_nobody_measured_is_not_measured() -> None:
    from benchmarks.goals import Goal

    assert Goal("a build", "build/best", 1.1).verdict(None) == "not measured"


def test_the_largest_size_counts() -> None:
    from benchmarks.goals import best_known
    from benchmarks.rows import Figure

    small, large = Figure(1, 1, 1), Figure(2, 2, 2)
    assert best_known({"1m": {"a": large}, "100k": {"a": small, "b": small}}, "a") == ("1m", large)
    assert best_known({"1m": {"a": large}, "100k": {"a": small, "b": small}}, "b") == ("100k", small)
    assert best_known({"1m": {}}, "a") is None


def test_every_group_and_figure_has_a_name_once() -> None:
    from benchmarks.goals import GOALS

    figures = [goal.figure for goal in GOALS]
    assert len(figures) == len(set(figures)) == 22


def test_the_page_is_made_between_its_marks_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.rows import Figure

    from benchmarks import page

    written = tmp_path / "performance.md"
    written.write_text(f"before\n{page.START}\nstale words\n{page.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(page, "PAGE", written)
    monkeypatch.setattr(page, "RESULTS", tmp_path / "results.json")
    page.keep(
        "100k",
        {"build/best": Figure(1.05, 1.01, 1.2), "cpu/c360": Figure(4, 4, 4), "memory/c360": Figure(0.4, 0.4, 0.4)},
        date(2026, 11, 22),
    )
    page.keep("100k", {"full/nothing": Figure(60, 55, 70)}, date(2026, 11, 23))
    page.render()
    text = written.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("after\n") and "stale words" not in text
    assert "| full build, by the best SQL written by hand | ≤ 1.1 | 1.05 | 1.01 to 1.2 | 100,000 | met |" in text
    assert "| nothing changed, times faster than full | ≥ 50 | 60 | 55 to 70 | 100,000 | met |" in text
    assert "Measured 2026-11-23" in text
