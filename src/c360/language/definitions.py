"""Definitions: an expression and what people call it in, a named `Tag` or `Segment` out; the variable is the name."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from c360.datatypes import BOOLEAN, DataType
from c360.errors import DefinitionError, DuplicateName, GrainError, TypeMismatch, author_line
from c360.expr.describe import describe
from c360.expr.grain import Grain, bind_entity, combine, owner_of, row_of
from c360.expr.nodes import Node, SegmentRef, TagRef, walk
from c360.language.columns import SENSITIVITIES, level_names
from c360.language.example import Example
from c360.language.expression import Expression, apply, lift
from c360.language.sources import Entity, Source

SQL_WORDS = frozenset(
    "all and any as asc at between by case cast check column create cross current date default delete desc distinct drop else "
    "end except exists false fetch for from full group having in index inner insert intersect interval into is join left like "
    "limit natural not null of offset on or order outer primary references right rows select set some table then time to true "
    "union unique update user using values view when where window with year month day".split()
)


@dataclass(frozen=True)
class Definition:
    """One tag or segment as plain data; *node* may still hold parameters."""

    name: str
    kind: str
    entity: str
    node: Node
    universe: str = ""
    title: str = ""
    zh: str = ""
    description: str = ""
    unit: str = ""
    owner: str = ""
    source: str = ""
    sensitivity: str = ""
    example: Example | None = None
    levels_zh: tuple[tuple[str, str], ...] = ()
    where: str = ""

    @property
    def type(self) -> DataType:
        """The type of the value; a segment is a yes/no."""
        return self.node.type

    def describe(self, lang: str = "en") -> str:
        """Say in plain words what the definition means."""
        return describe(self.node, lang)


@dataclass(eq=False)
class Draft:
    """A definition before its variable gave it a name."""

    kind: str
    entity: str
    node: Node
    grain: Grain
    universe: Segment | None
    where: str
    name: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def named(self, name: str) -> None:
        """Give the draft its name; raises DefinitionError for a name that cannot be one."""
        check_name(name, self.kind, self.where)
        if name == f"{self.entity}_id":
            raise DefinitionError(f"'{name}' cannot name a {self.kind}: it is the key column of {self.entity}", where=self.where)
        self.name = name

    def finished(self) -> Definition:
        """Return the definition as plain data."""
        universe = "" if self.universe is None else self.universe.name
        return Definition(self.name, self.kind, self.entity, self.node, universe, where=self.where, **self.facts)


class Named(Expression):
    """What `Tag` and `Segment` share: an expression that stands for a definition."""

    __slots__ = ("_draft",)

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._depth = 1
        self._grain = row_of(draft.entity, draft.grain.specs)

    @property
    def name(self) -> str:
        """The name, given by the variable the definition is assigned to."""
        if not self._draft.name:
            raise DefinitionError(
                f"this {self._draft.kind} has no name yet",
                hint="assign it to a variable of a file in tags/ or segments/, or pass name=…",
            )
        return self._draft.name

    @property
    def draft(self) -> Draft:
        """The definition as written."""
        return self._draft

    def describe(self, lang: str = "en") -> str:
        """Say in plain words what the definition means."""
        return describe(self._draft.node, lang)


class Tag(Named):
    """A named value of every row of an entity."""

    __slots__ = ()

    @property
    def node(self) -> Node:
        """The reference that other expressions hold."""
        return TagRef(self._draft.node.type, self.name, self._draft.entity)

    def _repr_html_(self) -> str:
        return _card(self)


class Segment(Named):
    """A named set of rows within a universe; as an operand never unknown, and ``~`` is the universe minus it."""

    __slots__ = ()

    @property
    def node(self) -> Node:
        """The reference that other expressions hold."""
        return SegmentRef(BOOLEAN, self.name, self._draft.entity)

    def __invert__(self) -> Any:
        return Expression(SegmentRef(BOOLEAN, self.name, self._draft.entity, outside=True), self.grain)

    def __sub__(self, other: object) -> Any:
        """Members of this segment that are not members of *other*; where *other* is a rule, unknown is no member."""
        taken = other if isinstance(other, Segment) else apply("or_else", other, False)
        return apply("and", self, apply("not", taken))

    def _repr_html_(self) -> str:
        return _card(self)


def tag(
    value: Any,
    *,
    title: str = "",
    zh: str = "",
    description: str = "",
    unit: str = "",
    owner: str = "",
    source: str = "",
    entity: type[Source] | None = None,
    sensitivity: str = "",
    example: Example | None = None,
    levels_zh: Mapping[str, str] | None = None,
    name: str = "",
) -> Tag:
    """Define a tag: the value of *value* for every row of its entity.

    The variable it is assigned to is its name. An aggregate that several entities could own goes to the default entity
    unless *entity* says another. *levels_zh* gives a category's levels, or a list's items, Chinese names. Raises
    DefinitionError with the file and line.
    """
    where = author_line() or ""
    expression = lift(value)
    told = "this tag"
    facts = _facts(title, zh, description, unit, owner, source, sensitivity, example)
    facts["levels_zh"] = level_names(expression.type, levels_zh)
    owned_by = _owner(expression, entity, told)
    draft = Draft(
        "tag", owned_by, bind_entity(expression.node, owned_by), _with_specs(expression, entity), None, where, facts=facts
    )
    if name:
        draft.named(name)
    return Tag(draft)


def segment(
    rule: Any,
    *,
    universe: Segment | None = None,
    title: str = "",
    zh: str = "",
    description: str = "",
    owner: str = "",
    source: str = "",
    sensitivity: str = "",
    entity: type[Source] | None = None,
    example: Example | None = None,
    name: str = "",
) -> Segment:
    """Define a segment: the rows of *universe* for which *rule* is true; unknown is out.

    Without *universe* it is the one that the segments in the rule share, else all rows of the entity at D. Segments of two
    universes in one rule need *universe*.
    """
    where = author_line() or ""
    expression = lift(rule)
    if expression.type != BOOLEAN:
        raise TypeMismatch(f"a segment's rule is a yes/no expression; found {expression.type}", hint="compare it with something")
    if universe is not None and not isinstance(universe, Segment):
        raise DefinitionError("a universe is a segment", hint="write active = segment(…) and universe=active")
    facts = _facts(title, zh, description, "", owner, source, sensitivity, example)
    owned_by = _owner(expression, entity, "this segment's rule")
    draft = Draft(
        "segment", owned_by, bind_entity(expression.node, owned_by), _with_specs(expression, entity), universe, where, facts=facts
    )
    if name:
        draft.named(name)
    return Segment(draft)


class Naming(dict[str, Any]):
    """The namespace a definition file runs in: assigning a definition to a variable names it, at once.

    *drafts* lists every definition in the order written, so that a name given twice can be told.
    """

    def __init__(self, module: dict[str, Any], drafts: list[Draft]) -> None:
        super().__init__()
        self._module, self._drafts = module, drafts

    def __getitem__(self, name: str) -> Any:
        return self._module[name]

    def __setitem__(self, name: str, value: Any) -> None:
        if isinstance(value, Named) and not value.draft.name:
            value.draft.named(name)
            for other in self._drafts:
                if other.name == name:
                    raise DuplicateName(f"'{name}' is defined twice, first at {other.where}", where=value.draft.where)
            self._drafts.append(value.draft)
        self._module[name] = value

    def __delitem__(self, name: str) -> None:
        del self._module[name]


def check_name(name: str, kind: str, where: str) -> None:
    """Raise DefinitionError for what cannot name a *kind* of definition."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in SQL_WORDS or keyword.iskeyword(name):
        reason = "a SQL keyword" if name in SQL_WORDS else "not lower_snake_case"
        reason = "a word of Python" if keyword.iskeyword(name) and name not in SQL_WORDS else reason
        raise DefinitionError(f"'{name}' cannot name a {kind}: it is {reason}", where=where)


def referenced(node: Node) -> list[TagRef | SegmentRef]:
    """Return the definitions that *node* refers to, in order, each once."""
    found: dict[TagRef | SegmentRef, None] = {}
    for part in walk(node):
        if isinstance(part, (TagRef, SegmentRef)):
            found[part] = None
    return list(found)


def _owner(expression: Expression, entity: Any, told: str) -> str:
    if entity is None:
        return owner_of(expression.grain, told)
    if not (isinstance(entity, type) and issubclass(entity, Entity)):
        raise DefinitionError("entity= names the class of an entity", hint="entity=Customer")
    name = entity.spec().entity
    combine(row_of(name, entity.specs()), expression.grain, told)
    return name


def _with_specs(expression: Expression, entity: type[Source] | None) -> Grain:
    if entity is None:
        return expression.grain
    return combine(row_of(entity.spec().entity, entity.specs()), expression.grain, "this tag")


def _facts(
    title: str, zh: str, description: str, unit: str, owner: str, source: str, sensitivity: str, example: Example | None
) -> dict[str, Any]:
    if sensitivity and sensitivity not in SENSITIVITIES:
        raise DefinitionError(f"sensitivity is one of {', '.join(SENSITIVITIES)}, found '{sensitivity}'")
    if example is not None and not isinstance(example, Example):
        raise DefinitionError("an example is given(…).gives(…)", hint='example=given(Bill="line|month|total; …").gives(C1=40)')
    return {
        "title": title, "zh": zh, "description": description, "unit": unit, "owner": owner, "source": source,
        "sensitivity": sensitivity, "example": example,
    }  # fmt: skip


def _card(named: Named) -> str:
    import html

    facts = named.draft.facts
    title = facts.get("title") or named.draft.name or "(unnamed)"
    return f"<b>{html.escape(title)}</b> {html.escape(facts.get('zh') or '')}<br><small>{html.escape(named.describe())}</small>"


__all__ = ["Definition", "Draft", "GrainError", "Naming", "Segment", "Tag", "referenced", "segment", "tag"]
