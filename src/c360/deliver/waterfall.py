"""The stages of a list in, counts that add up out: who came in, who was left out where and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from c360.errors import InternalError
from c360.expr.nodes import Call, Node
from c360.markup import html_table


class Told(Protocol):
    """What a stage is called: its name, its kind and its words."""

    @property
    def name(self) -> str:
        """A short name, unique in its list."""

    @property
    def kind(self) -> str:
        """What it does: universe, rule, suppression, cap, priority, one per, capacity, limit, holdout."""

    @property
    def words(self) -> str:
        """What it says, in the list's language."""


@dataclass(frozen=True)
class Stage:
    """One step of a list: *entered* rows, *removed* of them (*unknown* of these for want of a value), *left*."""

    name: str
    kind: str
    words: str
    entered: int
    removed: int
    unknown: int
    left: int


@dataclass(frozen=True)
class Waterfall:
    """The stages of one list in order; each enters with what the one before left."""

    stages: tuple[Stage, ...]

    @property
    def written(self) -> int:
        """The rows that remain."""
        return self.stages[-1].left

    def then(self, steps: Sequence[tuple[Told, int]]) -> Waterfall:
        """Return the waterfall with more stages behind, each with how many rows it removed."""
        stages = list(self.stages)
        for step, removed in steps:
            entered = stages[-1].left
            stages.append(Stage(step.name, step.kind, step.words, entered, removed, 0, entered - removed))
        return Waterfall(tuple(stages))

    def ended(self, words: str) -> Waterfall:
        """Return the waterfall with what is written as its last line."""
        return Waterfall((*self.stages, Stage("written", "written", words, self.written, 0, 0, self.written)))

    def as_json(self) -> list[dict[str, object]]:
        """Return the stages as plain data."""
        return [asdict(stage) for stage in self.stages]

    def _repr_html_(self) -> str:
        return self.as_html("")

    def as_html(self, caption: str, notes: Sequence[str] = ()) -> str:
        """Return the stages as an HTML table."""
        head = ("stage", "entered", "removed", "of these unknown", "left")
        rows = [(stage.words, stage.entered, stage.removed, stage.unknown, stage.left) for stage in self.stages]
        return html_table(caption, head, rows, notes)


def rule_steps(rule: Node) -> list[Node]:
    """Return the conditions that a rule joins with and, in the order written."""
    return list(rule.args) if isinstance(rule, Call) and rule.op == "and" else [rule]


def add_up(total: int, failed: dict[int, tuple[int, int]], labels: Sequence[tuple[str, str, str]], everyone: str) -> Waterfall:
    """Return the waterfall of *total* rows; *failed* gives for stage i = 1… the rows it removed and how many unknown.

    *labels* holds (name, kind, words) of each stage. Raises InternalError if the counts do not add up.
    """
    stages = [Stage("all", "all", everyone, total, 0, 0, total)]
    for i, (name, kind, words) in enumerate(labels, 1):
        removed, unknown = failed.get(i, (0, 0))
        entered = stages[-1].left
        stages.append(Stage(name, kind, words, entered, removed, unknown, entered - removed))
    if stages[-1].left != failed.get(0, (0, 0))[0]:
        raise InternalError("the stages of the list do not add up", hint="please report this")
    return Waterfall(tuple(stages))
