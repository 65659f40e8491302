"""The functions of the language, one family a file: each a record in the registry and an author method; knows no engine."""

from c360.operators import aggregates, arithmetic, choice, comparison, dates, logic, nulls, text

FAMILIES = (arithmetic, comparison, logic, nulls, choice, text, dates, aggregates)


class OperatorMethods(
    arithmetic.ArithmeticMethods,
    comparison.ComparisonMethods,
    logic.LogicMethods,
    nulls.NullMethods,
    text.TextMethods,
    dates.DateMethods,
    aggregates.AggregateMethods,
):
    """Every author method of every family."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # an expression is no value: == builds a comparison
