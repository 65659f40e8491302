"""The rest of the namespace operators receive: aggregates, spreads, lists and ranks over the terms of `terms.py`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError

from c360.datatypes import BOOLEAN, INTEGER, LIST, NUMBER, RATE, TEXT, DataType
from c360.errors import DefinitionError
from c360.expr.nodes import Call
from c360.operators.raw_sql import LARGEST
from c360.sql.terms import DIALECTS, Sql, Term, cast, wrapped

MARK = "c360_argument_"
COMBINE: dict[str, type[exp.Func]] = {"count": exp.Count, "sum": exp.Sum, "min": exp.Min, "max": exp.Max}


class Namespace(Sql):
    """Everything that an operator record's SQL builder may call."""

    def only(self, condition: Term | None, value: Term) -> Term:
        """Return *value* where *condition* holds, else null."""
        return value if condition is None else self.case([(condition, value)])

    def count(self, condition: Term | None) -> Term:
        """Return the number of rows where *condition* holds."""
        return Term(exp.Count(this=exp.Star() if condition is None else self.only(condition, self.one).ast), INTEGER)

    def every(self, condition: Term | None) -> Term:
        """Return what a count counts: every row, or those where *condition* holds."""
        return Term(exp.Star(), INTEGER) if condition is None else self.only(condition, self.one)

    def met(self, value: Term, condition: Term | None) -> Term:
        """Return something where *value* is true for a row that counts."""
        return self.only(value if condition is None else self.and_(condition, value), self.one)

    def combined(self, how: str, term: Term) -> Term:
        """Return the count, sum, least or greatest of *term* over rows."""
        return Term(COMBINE[how](this=term.ast), INTEGER if how == "count" else term.type)

    def above_zero(self, a: Term) -> Term:
        """Say whether *a* is more than 0."""
        return self.op(">", a, self.literal(0, INTEGER))

    def summed(self, value: Term) -> Term:
        """Return what a sum that no row order changes adds up: decimals as they are, floats as integers of millionths."""
        if value.type.is_exact:
            return value
        millionths = exp.Cast(this=self.millionths(value), to=exp.DataType.build("DECIMAL(38, 0)"))
        return Term(millionths, value.type)

    def unsummed(self, total: Term, type: DataType) -> Term:
        """Return the sum of values of *type* from the total of what `summed` gives."""
        if type.is_exact:
            return Term(total.ast, type)
        number = cast(total.ast, NUMBER)
        return Term(exp.Div(this=number, expression=exp.Literal.number(1000000), typed=False, safe=False), type)

    def exact_sum(self, value: Term, type: DataType) -> Term:
        """Return a sum that no row order changes."""
        return self.unsummed(self.combined("sum", self.summed(value)), value.type)

    def count_distinct(self, value: Term) -> Term:
        """Return the number of different values."""
        return Term(exp.Count(this=exp.Distinct(expressions=[value.ast])), INTEGER)

    def quantile(self, value: Term, share: object, first: int) -> Term:
        """Return the interpolated quantile, rounded to whole parts of *first* and then to 6 decimals."""
        exact = exp.Anonymous(this="QUANTILE_CONT", expressions=[self.double(value).ast, exp.Literal.number(repr(share))])
        return self.round6(self.rounded(Term(exact, RATE), first))

    def stddev(self, known: Term, total: Term, squares: Term, scale: int) -> Term:
        """Return the sample standard deviation from exact n, sum and sum of squares."""
        n = known.ast
        spread = exp.Sub(
            this=exp.Mul(this=n, expression=squares.ast), expression=exp.Mul(this=total.ast, expression=total.ast.copy())
        )
        pairs = exp.Mul(this=n.copy(), expression=exp.Paren(this=exp.Sub(this=n.copy(), expression=exp.Literal.number(1))))
        variance = self.divide(Term(spread, NUMBER), Term(exp.Paren(this=pairs), INTEGER))
        return self._unscaled(Term(exp.Sqrt(this=variance.ast), NUMBER), scale)

    def slope(self, value: Term, month: Term, condition: Term | None, scale: int) -> Term:
        """Return the least-squares slope of monthly totals from exact sums over the months that have a value."""
        dated, valued = self.not_(self.is_null(month)), self.not_(self.is_null(value))
        known = self.and_(*(() if condition is None else (condition,)), dated, valued)
        at = self.only(known, month).ast
        unit = self.units(self.only(known, value), scale).ast
        n, months = exp.Count(this=exp.Distinct(expressions=[at])), exp.Sum(this=exp.Distinct(expressions=[at.copy()]))
        squares = exp.Sum(this=exp.Distinct(expressions=[exp.Mul(this=at.copy(), expression=at.copy())]))
        total, weighted = exp.Sum(this=unit), exp.Sum(this=exp.Mul(this=at.copy(), expression=unit.copy()))
        above = exp.Sub(this=exp.Mul(this=n, expression=weighted), expression=exp.Mul(this=months, expression=total))
        below = exp.Sub(
            this=exp.Mul(this=n.copy(), expression=squares),
            expression=exp.Mul(this=months.copy(), expression=months.copy()),
        )
        return self._unscaled(self.divide(Term(above, NUMBER), Term(exp.Paren(this=below), INTEGER)), scale)

    def units(self, value: Term, scale: int) -> Term:
        """Return a number as an exact integer of its smallest unit."""
        wide = exp.DataType.build("DECIMAL(38, 0)")
        if not value.type.is_exact:
            return Term(exp.Cast(this=self.millionths(value), to=wide), value.type)
        product = value.ast if scale == 1 else exp.Mul(this=wrapped(value), expression=exp.Literal.number(scale))
        return Term(exp.Cast(this=product, to=wide), value.type)

    def squared(self, unit: Term) -> Term:
        """Return the square of a unit."""
        return Term(exp.Mul(this=unit.ast, expression=unit.ast.copy()), unit.type)

    def _unscaled(self, value: Term, scale: int) -> Term:
        return self.round6(value if scale == 1 else self.divide(value, Term(exp.Literal.number(scale), INTEGER)))

    # Lists.

    def list_of(self, slots: Sequence[Term]) -> Term:
        """Return the list of the slots that are filled; slots fill from the first."""
        pairs = [
            (
                self.not_(self.is_null(slots[i])),
                Term(exp.Array(expressions=[s.ast.copy() for s in slots[: i + 1]]), LIST),
            )
            for i in reversed(range(len(slots)))
        ]
        return self.case(pairs, self.empty_list())

    def list_of_met(self, items: Sequence[str], conditions: Sequence[Term]) -> Term:
        """Return the list of the *items* whose condition holds."""
        parts = [
            self.case([(met, Term(exp.Array(expressions=[self.text(item).ast]), LIST))], self.empty_list()).ast
            for item, met in zip(items, conditions, strict=True)
        ]
        return Term(parts[0] if len(parts) == 1 else exp.ArrayConcat(this=parts[0], expressions=parts[1:]), LIST)

    def empty_list(self) -> Term:
        """Return the list without items."""
        return Term(cast(exp.Array(expressions=[]), LIST), LIST)

    def list_has(self, a: Term, item: Term) -> Term:
        """Say whether a list holds *item*; a missing list holds nothing."""
        held = exp.ArrayContains(this=a.ast, expression=item.ast)
        return Term(exp.Coalesce(this=held, expressions=[exp.false()]), BOOLEAN)

    def list_size(self, a: Term) -> Term:
        """Return the number of items; 0 for a missing list."""
        size = exp.Coalesce(this=exp.ArraySize(this=a.ast), expressions=[exp.Literal.number(0)])
        return Term(cast(size, INTEGER), INTEGER)

    def list_item(self, a: Term, place: Term) -> Term:
        """Return the item at *place* from 1; null where the list is shorter."""
        found = exp.Bracket(this=wrapped(a), expressions=[exp.Literal.number(int(place.ast.name) - 1)])
        long_enough = self.op(">=", self.list_size(a), place)
        return self.case([(long_enough, Term(found, TEXT))])

    def list_overlaps(self, a: Term, b: Term) -> Term:
        """Say whether two lists share an item."""
        shared = exp.ArrayOverlaps(this=a.ast, expression=b.ast)
        return Term(exp.Coalesce(this=shared, expressions=[exp.false()]), BOOLEAN)

    def _argument(self, term: Term) -> Term:
        """Return a term as the meaning of raw SQL sees it: whole numbers of 64 bits, any other number floating."""
        if term.type == INTEGER:
            return Term(cast(term.ast, INTEGER), INTEGER) if term.is_literal else term
        return self.double(term) if term.type.is_number else term

    def raw(self, node: Call, terms: Sequence[Term]) -> Term:
        """Return an author's own SQL with the arguments in their places, in its type; null where an argument is null.

        Each engine has its own way to say that there is no number (NaN, infinity, an error); here it is null.
        """
        names = node.option("names")
        assert isinstance(names, tuple)
        text = str(node.option("template")).format(**{name: f"{MARK}{name}" for name in names})
        places = {f"{MARK}{name}": wrapped(self._argument(term)) for name, term in zip(names, terms, strict=True)}
        tree = _scalar(text)
        filled = tree.transform(
            lambda part: places[part.name].copy() if isinstance(part, exp.Column) and part.name in places else part
        )
        written = exp.Paren(this=filled)
        written.meta[DIALECTS] = node.option("dialects")
        known = [self.not_(self.is_null(term)) for term in terms]
        if node.type.is_number:
            known.append(Term(_between(cast(written.copy(), NUMBER), LARGEST), BOOLEAN))
        value: exp.Expr = exp.Floor(this=written) if node.type == INTEGER else written
        made = Term(cast(value, node.type), node.type)
        return self.case([(self.and_(*known), self.round6(made) if node.type == RATE else made)])

    # Ranks, over the narrow population.

    def percentile(self, value: Term, split: list[exp.Expr]) -> Term:
        """Return the percent of the population with a lower value."""
        order = exp.Order(expressions=[exp.Ordered(this=value.ast, desc=False, nulls_first=False)])
        rank = exp.Window(this=exp.Anonymous(this="RANK"), partition_by=split, order=order)
        below = exp.Mul(
            this=exp.Paren(this=exp.Sub(this=rank, expression=exp.Literal.number(1))),
            expression=exp.Literal.number(100),
        )
        everyone = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[part.copy() for part in split])
        return self.round6(self.divide(Term(below, INTEGER), Term(everyone, INTEGER)))

    def ntile(self, value: Term, key: Term, split: list[exp.Expr], parts: object) -> Term:
        """Return the part of the population, 1 the lowest."""
        made = exp.Anonymous(this="NTILE", expressions=[exp.Literal.number(str(parts))])
        return Term(exp.Window(this=made, partition_by=split, order=_by(value, key, falling=False)), INTEGER)

    def position(self, value: Term, key: Term, split: list[exp.Expr]) -> Term:
        """Return the place from the greatest value."""
        return Term(exp.Window(this=exp.RowNumber(), partition_by=split, order=_by(value, key, falling=True)), INTEGER)

    def cumulative_share(self, value: Term, key: Term, split: list[exp.Expr], scale: int) -> Term:
        """Return the share of the total that rows before this one hold, the greatest first."""
        unit = self.units(value, scale).ast
        frame = exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
        running = exp.Window(this=exp.Sum(this=unit), partition_by=split, order=_by(value, key, falling=True), spec=frame)
        total = Term(exp.Window(this=exp.Sum(this=unit.copy()), partition_by=[part.copy() for part in split]), INTEGER)
        before = exp.Paren(this=exp.Sub(this=running, expression=unit.copy()))
        above_zero = self.op(">", total, self.literal(0, INTEGER))
        return self.round6(self.divide(Term(before, INTEGER), self.only(above_zero, Term(total.ast.copy(), INTEGER))))


def _scalar(text: str) -> exp.Expr:
    """Return an author's SQL as a tree; refuse what is no expression on one row."""
    try:
        found = [tree for tree in parse(text, read="duckdb") if tree is not None]
    except SqlglotError:
        found = []
    tree = found[0] if len(found) == 1 else None
    if not isinstance(tree, exp.Condition) or tree.find(exp.AggFunc, exp.Query, exp.Window) is not None:
        raise DefinitionError(
            "a raw SQL expression is one value of one row, without sums, windows and queries",
            hint="sum rows up with .sum(), place them with .percentile(); check the SQL of sql_expr(…)",
            where="sql_expr",
        )
    return tree


def _between(ast: exp.Expr, largest: float) -> exp.Expr:
    low, high = exp.Neg(this=exp.Literal.number(largest)), exp.Literal.number(largest)
    return exp.Between(this=ast, low=low, high=high)


def _by(value: Term, key: Term, *, falling: bool) -> exp.Order:
    terms = [(value.ast, falling), (key.ast, False)]
    return exp.Order(expressions=[exp.Ordered(this=ast.copy(), desc=down, nulls_first=False) for ast, down in terms])
