"""How values spread and move: distinct, quantiles, standard deviation, slope; composed from exact sums where they can be."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from c360.datatypes import INTEGER, RATE, SCALES, DataType
from c360.errors import DefinitionError, GrainError
from c360.expr import build
from c360.expr.nodes import Aggregate, Literal, Window
from c360.expr.operator import AggregateOperator, AuthorMethods, Composed, Part, option_of, option_value, register
from c360.operators.aggregates import KNOWN
from c360.operators.arithmetic import round6, rounded

MILLIONTHS = 1000000
BILLIONTHS = 1000000000


def scaled(value: Any) -> int:
    """Return a number as an exact integer: cents of money, thousandths of a volume, millionths of a float."""
    if isinstance(value, float):
        return math.floor(value * 1000000.0 + 0.5)
    if isinstance(value, Decimal):
        return int(value.scaleb(-int(value.as_tuple().exponent)))
    return int(value)


def scale_of(type: DataType) -> int:
    """Return how many of the integers that `scaled` gives make one."""
    return int(1 / SCALES[type.kind]) if type.kind in SCALES else 1 if type == INTEGER else MILLIONTHS


def _part_of_one(node: Aggregate) -> None:
    share = option_value(node.option("share"))
    if type(share) not in (int, float) or not 0 <= float(str(share)) <= 1:
        raise DefinitionError("a quantile's share is a number from 0 to 1", hint=".quantile(0.9)")


def _rate(value: DataType | None, **_: Any) -> DataType | None:
    return RATE if value is not None and value.is_number else None


def _countable(value: DataType | None) -> DataType | None:
    return None if value is None or value.kind in {"boolean", "list"} else INTEGER


def _quantile(node: Aggregate, rows: list[Any]) -> object:
    values = sorted(float(value) for _, value in rows if value is not None)
    if not values:
        return None
    place = (len(values) - 1) * float(str(node.option("share")))
    low, high = values[math.floor(place)], values[math.ceil(place)]
    # Engines interpolate a last bit apart; without the first rounding a half millionth would go either way.
    return round6(rounded(low + (high - low) * (place - math.floor(place)), BILLIONTHS))


def _units(q: Any, value: Any, condition: Any) -> Any:
    return q.units(q.only(condition, value), scale_of(value.type))


UNITS = Part("units", "sum", _units, known=KNOWN)
SQUARES = Part("squares", "sum", lambda q, value, condition: q.squared(_units(q, value, condition)), known=KNOWN)


def _spread(q: Any, node: Any, known: Any, total: Any, squares: Any) -> Any:
    return q.stddev(known, total, squares, scale_of(node.value.type))


def _stddev(node: Aggregate, rows: list[Any]) -> object:
    assert node.value is not None
    values = [scaled(value) for _, value in rows if value is not None]
    n = len(values)
    if n < 2:
        return None
    squares = n * sum(v * v for v in values) - sum(values) ** 2
    return round6(math.sqrt(float(squares) / float(n * (n - 1))) / float(scale_of(node.value.type)))


def _slope(node: Aggregate, rows: list[Any]) -> object:
    assert node.value is not None
    points = [(month, scaled(value)) for _, value, month in rows if value is not None and month is not None]
    months = {month for month, _ in points}
    n, total, squares = len(months), sum(months), sum(m * m for m in months)
    below = n * squares - total * total
    if below == 0:
        return None
    above = n * sum(m * v for m, v in points) - total * sum(v for _, v in points)
    return round6(float(above) / float(below) / float(scale_of(node.value.type)))


register(
    AggregateOperator(
        "distinct", "any value but yes/no", _countable, lambda q, n, value, condition: q.count_distinct(q.only(condition, value)),
        lambda n, rows: len({value for _, value in rows if value is not None}),
        "number of different values of {value} among {rows}", "{rows}中不同{value}的数量", apart=True, empty=0,
        nulls="0 over no rows; null is no value",
    ),
    AggregateOperator(
        "quantile", "a number", _rate,
        lambda q, n, value, condition: q.quantile(q.only(condition, value), n.option("share"), BILLIONTHS),
        _quantile, "{share} quantile of {value} over {rows}", "{rows}的{value}的{share}分位数", apart=True,
        meaning="between two values in proportion; share 0.5 is the median",
        sample_options=({"share": 0.5}, {"share": 0.9}), check=_part_of_one,
    ),
    AggregateOperator(
        "stddev", "a number", _rate, Composed((KNOWN, UNITS, SQUARES), _spread), _stddev,
        "standard deviation of {value} over {rows}", "{rows}的{value}标准差",
        nulls="null over fewer than 2 values", meaning="of a sample: the sum of squared distances by n - 1",
    ),
    AggregateOperator(
        "slope", "a number", _rate,
        lambda q, n, value, condition, by: q.slope(value, by, condition, scale_of(n.value.type)), _slope,
        "monthly slope of {value} over {rows}", "{rows}的{value}月斜率", apart=True,
        nulls="null over fewer than 2 months; rows without a date and months without a value are left out",
        meaning="least squares over monthly totals, per month",
        sample_options=({"by": "month_index"},),
    ),
)  # fmt: skip


class DistributionMethods(AuthorMethods):
    """Ways up that say how values spread and move."""

    __slots__ = ()

    def distinct(self) -> Any:
        """Count the different known values."""
        return self._aggregate("distinct")

    def median(self) -> Any:
        """Take the value in the middle."""
        return self.quantile(0.5)

    def quantile(self, share: float) -> Any:
        """Take the value that *share* (0 to 1) of the rows do not exceed, between two values in proportion."""
        return self._aggregate("quantile", share=float(share) if type(share) is int else option_of(share))

    def stddev(self) -> Any:
        """Take the sample standard deviation; null over fewer than 2 values."""
        return self._aggregate("stddev")

    def slope(self, missing: str = "skip") -> Any:
        """Take the least-squares slope of monthly totals, per month.

        Months without a value are left out; ``missing="zero"`` counts each month of the window as 0 instead.
        """
        if missing not in ("skip", "zero"):
            raise DefinitionError(f"missing is 'skip' or 'zero', found '{missing}'")
        if missing == "zero":
            return _slope_of_all_months(self)
        return self._aggregate("slope", by="month_index")


def _slope_of_all_months(value: Any) -> Any:
    """Compose the slope over every month of the window, an absent one as 0, from one exact sum a month."""
    window = value.grain.window
    if window is None or window.unit != "months" or not isinstance(window.count, Literal) or int(str(window.count.value)) < 2:
        raise GrainError(
            'slope(missing="zero") needs a window of two or more whole months', hint="Bill.last(months(6)).total.slope(…)"
        )
    count = int(str(window.count.value))
    above: Any = None
    for back in range(count):
        before = Window("months", build.literal(back), window.before) if back else window.before
        month = value.in_window(Window("months", build.literal(1), before))
        weighted = month.sum().or_zero() * (count - 1 - 2 * back)
        above = weighted if above is None else above + weighted
    return above / (count * (count * count - 1) // 6)
