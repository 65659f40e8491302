"""Factor importance on the demo operator: the numbers of scikit-learn and numpy from the same rows; the planted ones lead."""

from __future__ import annotations

import shutil
from datetime import date
from math import log

import polars as pl
import pytest

from c360 import C360Error, Workspace
from c360.cli.faults import run
from c360.demo import write_demo
from c360.plan import Output
from c360.running import computing
from project import ROOT

pytestmark = pytest.mark.thorough
FIRST, LATER = date(2026, 6, 30), date(2026, 7, 31)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("factors") / "work"
    for part in ("tags", "segments"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "c360.toml", folder)
    write_demo(folder / "c360-demo", customers=3000, seed=7)
    return Workspace(folder)


def rows_of(workspace: Workspace, day: date, names: list[str]) -> pl.DataFrame:
    """Return the values that the counts are of; an outcome is asked for as factors do."""
    outputs = tuple(Output(name, workspace.reference(name)) for name in ("churned_90d", "tenure_cluster", *names))
    ready = workspace.run(outputs, "customer", day, allow_outcomes=True)
    with computing(workspace, ready) as sql:
        return workspace.engine.frame(sql.table()).filter(pl.col("churned_90d").is_not_null())


@pytest.mark.oracle
def test_gains_and_correlations_are_those_of_others(workspace: Workspace) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is of the extra 'oracles'")
    numpy = pytest.importorskip("numpy")
    found = workspace.factors("churned_90d", by="tenure_cluster")
    assert (found.as_of, found.later) == (FIRST, LATER)
    names = sorted({f.signal for f in found.factors})
    frames = {day: rows_of(workspace, day, names) for day in (FIRST, LATER)}
    seen = 0
    for factor in found.factors:
        for day, gain in ((FIRST, factor.gain), (LATER, factor.later_gain)):
            rows = frames[day].filter(pl.col("tenure_cluster") == factor.cluster)
            values = rows[factor.signal].cast(pl.Int8).fill_null(2)
            expected = metrics.mutual_info_score(rows["churned_90d"].to_numpy(), values.to_numpy()) / log(2)
            assert gain == pytest.approx(expected, abs=1e-9), (factor.cluster, factor.signal, day)
            seen += 1
    assert seen == 2 * len(found.factors) >= 60
    for pair in found.correlations:
        rows = frames[FIRST].filter(pl.col("tenure_cluster") == pair.cluster)
        a, b = (rows[name].fill_null(False).cast(pl.Int8).to_numpy() for name in (pair.signal, pair.other))
        if pair.phi is None:
            assert min(a.std(), b.std()) == 0
        else:
            assert pair.phi == pytest.approx(numpy.corrcoef(a, b)[0, 1], abs=1e-9)


def test_counts_are_of_those_active_then(workspace: Workspace) -> None:
    found = workspace.factors("churned_90d")
    rows = rows_of(workspace, FIRST, [])
    assert {(f.rows, f.positive) for f in found.factors} == {(rows.height, rows["churned_90d"].sum())}
    assert {f.cluster for f in found.factors} == {None}


def test_what_was_planted_leads(workspace: Workspace) -> None:
    found = workspace.factors("churned_90d")
    first = [f.signal for f in found.factors if f.rank <= 5]
    assert {"signal_usage_drop", "signal_below_plan_fee"} <= set(first)
    assert all((f.lift or 0) > 2 for f in found.factors if f.high_risk)


def test_signals_without_a_history_stand_aside(workspace: Workspace) -> None:
    found = workspace.factors("churned_90d")
    assert "without history" in found.left_out["signal_competitor_campaign"]
    assert "signal_competitor_campaign" not in {f.signal for f in found.factors}


def test_an_outcome_that_is_not_known_yet_is_refused(workspace: Workspace) -> None:
    with pytest.raises(C360Error, match="the outcome of 2026-09-30 is not known before 2026-12-29"):
        workspace.factors("churned_90d", as_of="2026-09-30")
    alone = workspace.factors("churned_90d", as_of="2026-07-31", signals=["signal_usage_drop"])
    assert (alone.later, alone.factors[0].later_gain) == (None, None)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--target", "arpu_3m"), 2, "the target is a yes/no tag; arpu_3m is rate"),
        (("--target", "churned_90"), 2, "did you mean 'churned_90d'?"),
        (("--by", "arpu_3m"), 2, "--by is a category of customer"),
        (("--signals", "line_is_active"), 2, "line_is_active is not a value of customer"),
        (("--as-of", "2026-07-31", "--later", "2026-06-30"), 2, "is not after"),
    ],
)
def test_what_cannot_be_asked(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, told: str
) -> None:
    assert run(["-w", str(workspace.folder), "factors", *arguments]) == code
    assert told in capsys.readouterr().err


def test_the_command(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-w", str(workspace.folder), "factors", "--target", "churned_90d", "--by", "tenure_cluster"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("cluster,rank,signal,customers,shown,rate,")
    assert [line.split(",")[0] for line in said.out.splitlines()[1:]][:1] == ["to_6_months"]
    assert "churned_90d as of 2026-06-30, again as of 2026-07-31" in said.err
