"""Reads a catalogue over: levels nobody can reach, names that collide, what people will miss; computes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from c360.catalog.findings import ERROR, WARNING, Finding
from c360.catalog.model import Catalog
from c360.expr.nodes import Call, Literal, Node, walk
from c360.language.definitions import Definition


def findings(catalog: Catalog) -> list[Finding]:
    """Return what there is to say about *catalog*: what loading noticed, its choices, then what it lacks."""
    found = list(catalog.notices)
    for definition in catalog.definitions.values():
        for node in dict.fromkeys(walk(definition.node)):
            if isinstance(node, Call):
                found += _of_choice(definition, node)
    for definition in catalog.definitions.values():
        found += _incomplete(definition)
    return [*found, *_without_example(catalog)]


def _of_choice(definition: Definition, node: Call) -> Iterator[Finding]:
    if node.op == "case":
        told = [f"condition {n}" for n in range(1, len(node.args) // 2 + 1)]
        yield from _shadowed(definition, node.args[: len(told) * 2 : 2], told)
    elif node.op == "first_match":
        yield from _shadowed(definition, node.args, [f"level '{level}'" for level in _levels(node)])
        yield from _colliding(definition, node)
    elif node.op == "tiers":
        yield from _colliding(definition, node)


def _shadowed(definition: Definition, conditions: tuple[Node, ...], told: list[str]) -> Iterator[Finding]:
    """Find the conditions that can never decide: written before, behind one that is always true, or never true."""
    seen: dict[Node, str] = {}
    always = ""
    for condition, name in zip(conditions, told, strict=True):
        reason = ""
        if always:
            reason = f"{always} before it is always true"
        elif condition in seen:
            reason = f"it asks the same as {seen[condition]} before it"
        elif isinstance(condition, Literal) and condition.value is False:
            reason = "its condition is never true"
        if reason:
            message = f"{name} is never reached: {reason}"
            yield _finding(ERROR, "shadowed-level", definition, message, "take it out, or mend its condition")
        seen.setdefault(condition, name)
        if isinstance(condition, Literal) and condition.value is True:
            always = always or name


def _colliding(definition: Definition, node: Call) -> Iterator[Finding]:
    levels, otherwise, missing = _levels(node), node.option("otherwise"), node.option("missing")
    ordered = node.op == "tiers"
    for level in dict.fromkeys(level for level in levels if levels.count(level) > 1):
        message = f"level '{level}' is written twice"
        yield _finding(ERROR, "level-twice", definition, message, "give each level a name of its own")
    if otherwise in levels:
        yield _finding(
            WARNING, "otherwise-is-level", definition, f"otherwise is '{otherwise}', which is a level too",
            "give the rest a level of its own",
        )  # fmt: skip
    if missing in levels:
        yield _finding(
            ERROR if ordered else WARNING, "missing-is-level", definition,
            f"missing is '{missing}', which is a level too, so that unknown rows cannot be told from it",
            "give unknown rows a level of their own: missing=…",
        )  # fmt: skip
    elif ordered and missing == otherwise:
        yield _finding(
            WARNING, "missing-is-otherwise", definition,
            f"missing and otherwise are both '{missing}', so the lowest level falls out of the order",
            "give unknown rows a level of their own: missing=…",
        )  # fmt: skip


def _incomplete(definition: Definition) -> Iterator[Finding]:
    said = {"title": definition.title, "zh": definition.zh, "owner": definition.owner}
    if definition.type.is_number:
        said["unit"] = definition.unit
    lacking = [name for name, value in said.items() if not value]
    if lacking:
        yield _finding(
            WARNING, "incomplete", definition, f"{definition.kind} '{definition.name}' has no {', no '.join(lacking)}",
            "add " + ", ".join(f'{name}="…"' for name in lacking),
        )  # fmt: skip


def _without_example(catalog: Catalog) -> Iterator[Finding]:
    bare = [name for name, definition in catalog.definitions.items() if definition.example is None]
    if bare:
        yield Finding(
            WARNING, "no-example", "", "", f"{len(bare)} of {len(catalog.definitions)} definitions have no example",
            "add example=given(…).gives(…)",
        )  # fmt: skip


def _levels(node: Call) -> tuple[str, ...]:
    levels = node.option("levels")
    assert isinstance(levels, tuple)
    return levels


def _finding(severity: str, code: str, definition: Definition, message: str, hint: str) -> Finding:
    return Finding(severity, code, definition.name, definition.where, message, hint)
