"""`check`: definitions, examples and sources of a workspace in, one report out; repairs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from c360.bindings.places import FILE
from c360.catalog import Finding, findings
from c360.catalog.examples import ExampleResult, run_examples
from c360.catalog.findings import NOTE, WARNING
from c360.errors import SourceError
from c360.expr.nodes import SegmentRef, walk
from c360.markup import html_table

if TYPE_CHECKING:
    from c360.engines.references import KeyFinding
    from c360.engines.sources import SourceStatus
    from c360.workspace import Workspace


@dataclass(frozen=True)
class Swallowed:
    """Rows of unknown membership that the complement of *segment* takes in, where *used_by* asks for it."""

    segment: str
    used_by: str
    count: int

    @property
    def message(self) -> str:
        """Say what was found."""
        told = f"{self.count:,} rows whose membership of {self.segment} is unknown"
        return f"~{self.segment} in {self.used_by} takes in {told}"


@dataclass(frozen=True)
class CheckReport:
    """What a check found; *ok* when nothing is wrong."""

    definitions: int
    examples: tuple[ExampleResult, ...]
    findings: tuple[Finding, ...]
    sources: tuple[SourceStatus, ...]
    unavailable: dict[str, str]
    keys: tuple[KeyFinding, ...] = ()
    swallowed: tuple[Swallowed, ...] = ()
    campaigns: int = 0

    @property
    def ok(self) -> bool:
        """Whether no example failed, no finding is an error and no bound source is broken."""
        return not self.failed_examples and not self.errors and not self.broken_sources

    def _repr_html_(self) -> str:
        failed = [("example", e.name, "; ".join(e.failures)) for e in self.failed_examples]
        found = [(f.severity, f.name, f.message) for f in self.findings]
        broken = [("source", s.name, "; ".join(s.problems)) for s in self.broken_sources]
        told = f"{self.definitions} definitions, {len(self.examples)} examples: {'all well' if self.ok else 'not well'}"
        return html_table(told, ("kind", "name", "found"), [*failed, *found, *broken])

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
    overrides = (Finding(NOTE, "overrides", "", FILE, told) for told in workspace.settings.overrides)
    # An example is written for the defaults; a workspace that sets a parameter has changed the rule, not broken it.
    changed = any(parameter.is_overridden for parameter in catalog.parameters.values())
    examples = tuple(run_examples(workspace.catalog_with({}) if changed else catalog))
    found = (*overrides, *findings(catalog))
    if not data:
        return CheckReport(len(catalog.definitions), examples, found, (), {}, campaigns=len(catalog.campaigns))
    from c360.engines.references import key_findings

    unavailable = workspace.unavailable()
    keys = tuple(key_findings(workspace.bindings, catalog.schema, workspace.engine))
    swallowed = tuple(_swallowed(workspace, unavailable))
    sources = tuple(workspace.sources())
    hint = "mend them at their source; c360 outcomes lists what was imported"
    wrong = ((f"source {name}" if name else "contacts", line) for name, line in workspace.data_problems())
    told = [Finding(WARNING, "contacts", "", place, line, hint) for place, line in wrong]
    found = (*found, *told)
    return CheckReport(len(catalog.definitions), examples, found, sources, unavailable, keys, swallowed, len(catalog.campaigns))


def _swallowed(workspace: Workspace, unavailable: dict[str, str]) -> Iterator[Swallowed]:
    """Yield the complements that take in rows of unknown membership; what cannot run here is passed over."""
    for name, definition in workspace.catalog.definitions.items():
        for part in walk(definition.node):
            if isinstance(part, SegmentRef) and part.outside and part.name not in unavailable:
                try:
                    unknown = workspace.size(part.name, allow_current=True, allow_stale=True, snapshot=False).unknown
                except SourceError:
                    continue
                if unknown:
                    yield Swallowed(part.name, name, unknown)
