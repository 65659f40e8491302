"""Nodes to terms: which column of which relation holds a node; a definition is a column by its name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlglot import exp

from c360.datatypes import BOOLEAN, DATE, DataType
from c360.expr.nodes import AsOf, Call, Literal, Node, SegmentRef, TagRef
from c360.expr.operator import OPERATORS
from c360.sql.namespace import Namespace
from c360.sql.terms import Term, refuse

Universes = Mapping[str, str]


def column(alias: str, name: str, type: DataType) -> Term:
    """Return the column *name* of the relation *alias*."""
    return Term(exp.column(name, table=alias), type)


class Scope:
    """What a SELECT can name: terms for nodes, and the relation whose columns are the definitions."""

    def __init__(self, day: date, universes: Universes | None = None, tags: str = "") -> None:
        self.day = day
        self._universes = universes or {}
        self._tags = tags
        self._known: dict[Node, Term] = {}

    def offer(self, node: Node, term: Term) -> None:
        """Let *term* stand for *node*."""
        self._known[node] = term

    def offer_columns(self, alias: str, leaves: Mapping[Node, str]) -> None:
        """Let the columns of a relation stand for the nodes they hold."""
        for node, name in leaves.items():
            self._known.setdefault(node, column(alias, name, node.type))

    def term(self, node: Node) -> Term:
        """Return the term of *node*."""
        if node in self._known:
            return self._known[node]
        match node:
            case Literal():
                return SQL.literal(node.value, node.type)
            case AsOf():
                return SQL.literal(self.day, DATE)
            case Call():
                made = OPERATORS[node.op].sql(SQL, node, *(self.term(arg) for arg in node.args))
                return Term(made.ast, node.type)
            case TagRef():
                return column(self._tags, node.name, node.type)
            case SegmentRef():
                return self._membership(node)
        raise refuse(node)

    def _membership(self, node: SegmentRef) -> Term:
        member = column(self._tags, node.name, BOOLEAN)
        if not node.outside:
            return member
        universe = self._universes.get(node.name, "")
        outside = SQL.not_(member)
        return SQL.and_(column(self._tags, universe, BOOLEAN), outside) if universe else outside


SQL = Namespace()
