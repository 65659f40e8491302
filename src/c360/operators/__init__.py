"""The functions of the language, one family a file: each a record in the registry and an author method; knows no engine."""

from c360.operators import (
    aggregates,
    arithmetic,
    choice,
    comparison,
    dates,
    distribution,
    lists,
    logic,
    nulls,
    ranks,
    raw_sql,
    runs,
    text,
)  # fmt: skip

FAMILIES = (arithmetic, comparison, logic, nulls, choice, text, dates, aggregates, distribution, lists, runs, ranks, raw_sql)


class OperatorMethods(
    arithmetic.ArithmeticMethods,
    comparison.ComparisonMethods,
    logic.LogicMethods,
    nulls.NullMethods,
    text.TextMethods,
    dates.DateMethods,
    aggregates.AggregateMethods,
    distribution.DistributionMethods,
    lists.ListMethods,
    ranks.RankMethods,
):
    """Every author method of every family."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # an expression is no value: == builds a comparison
