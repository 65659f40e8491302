"""`check`: definitions, examples and sources of a workspace in, one report out; repairs nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from c360.catalog import Finding, findings
from c360.catalog.examples import ExampleResult, run_examples

if TYPE_CHECKING:
    from c360.engines.sources import SourceStatus
    from c360.workspace import Workspace


@dataclass(frozen=True)
class CheckReport:
    """What a check found; *ok* when nothing is wrong."""

    definitions: int
    examples: tuple[ExampleResult, ...]
    findings: tuple[Finding, ...]
    sources: tuple[SourceStatus, ...]
    unavailable: dict[str, str]

    @property
    def ok(self) -> bool:
        """Whether no example failed, no finding is an error and no bound source is broken."""
        return not self.failed_examples and not self.errors and not self.broken_sources

    @property
    def failed_examples(self) -> list[ExampleResult]:
        """Examples that gave something else."""
        return [e for e in self.examples if not e.ok]

    @property
    def errors(self) -> list[Finding]:
        """Findings that are errors."""
        return [f for f in self.findings if f.severity == "error"]

    @property
    def broken_sources(self) -> list[SourceStatus]:
        """Bound sources that are missing or break their contract."""
        return [s for s in self.sources if s.state == "broken"]

    def as_json(self) -> dict[str, object]:
        """Return the report as plain data."""
        return {**asdict(self), "ok": self.ok}


def check(workspace: Workspace, *, data: bool) -> CheckReport:
    """Run every check of *workspace*; sources only with *data*."""
    catalog = workspace.catalog
    return CheckReport(
        len(catalog.definitions),
        tuple(run_examples(catalog)),
        tuple(findings(catalog)),
        tuple(workspace.sources()) if data else (),
        workspace.unavailable() if data else {},
    )
