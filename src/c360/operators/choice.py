"""Choices: case, first match, tiers; a known condition decides, an unknown one ends a match with the declared level."""

from __future__ import annotations

from typing import Any

from c360.datatypes import BOOLEAN, DataType, category, common_type
from c360.errors import TypeMismatch
from c360.expr.nodes import Call, Literal, Param
from c360.expr.operator import Operator, register
from c360.operators.arithmetic import as_type


def _texts(node: Call, name: str) -> tuple[str, ...]:
    """Return an option that is a tuple of texts."""
    found = node.option(name)
    assert isinstance(found, tuple)
    return found


def _case_type(*types: DataType) -> DataType | None:
    conditions, values = types[: len(types) // 2 * 2 : 2], [*types[1::2]]
    if len(types) % 2:
        values.append(types[-1])
    result: DataType | None = values[0]
    for value in values[1:]:
        result = None if result is None else common_type(result, value)
    return result if all(c == BOOLEAN for c in conditions) else None


def _case(node: Call, *values: Any) -> object:
    pairs = len(values) // 2
    chosen = values[-1] if len(values) % 2 else None
    for i in range(pairs):
        if values[2 * i] is True:
            chosen = values[2 * i + 1]
            break
    return as_type(chosen, node.type) if chosen is not None and node.type.is_number else chosen


def _case_sql(q: Any, node: Call, *terms: Any) -> Any:
    pairs = [(terms[i], q.convert(terms[i + 1], node.type)) for i in range(0, len(terms) // 2 * 2, 2)]
    made = q.case(pairs, q.convert(terms[-1], node.type) if len(terms) % 2 else None)
    return q.settled(made, [*terms[1::2], *(terms[-1:] if len(terms) % 2 else ())], node.type)


def _case_words(node: Call, *parts: str) -> str:
    said = [f"{parts[i + 1]} if {parts[i]}" for i in range(0, len(parts) // 2 * 2, 2)]
    return ", ".join(said) + (f", else {parts[-1]}" if len(parts) % 2 else "")


def _case_words_zh(node: Call, *parts: str) -> str:
    said = [f"若{parts[i]}则{parts[i + 1]}" for i in range(0, len(parts) // 2 * 2, 2)]
    return "，".join(said) + (f"，否则{parts[-1]}" if len(parts) % 2 else "")


def _levels(levels: tuple[str, ...], otherwise: str, missing: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(level for level in (*levels, otherwise) if level != missing))


def _match_type(*types: DataType, levels: Any, otherwise: Any, missing: Any, unknown: Any) -> DataType | None:
    if not all(t == BOOLEAN for t in types) or len(levels) != len(types):
        return None
    return category(*_levels(levels, otherwise, missing), outside=(missing,))


def _match(node: Call, *values: Any) -> object:
    for value, level in zip(values, _texts(node, "levels"), strict=True):
        if value is True:
            return level
        if value is None and node.option("unknown") == "end":
            return node.option("missing")
    return node.option("otherwise")


def _match_sql(q: Any, node: Call, *terms: Any) -> Any:
    pairs = []
    for arg, term, level in zip(node.args, terms, _texts(node, "levels"), strict=True):
        pairs.append((term, q.text(level)))
        if node.option("unknown") == "end" and not q.never_null(arg):
            pairs.append((q.is_null(term), q.text(node.option("missing"))))
    return q.case(pairs, q.text(node.option("otherwise")))


def _match_words(node: Call, *parts: str) -> str:
    said = [f"'{level}' if {part}" for level, part in zip(_texts(node, "levels"), parts, strict=True)]
    return f"the first of: {'; '.join(said)}; otherwise '{node.option('otherwise')}'"


def _match_words_zh(node: Call, *parts: str) -> str:
    said = [f"{part}为'{level}'" for level, part in zip(_texts(node, "levels"), parts, strict=True)]
    return f"依次判断：{'；'.join(said)}；其余为'{node.option('otherwise')}'"


def _tiers_type(*types: DataType, levels: Any, otherwise: Any, missing: Any) -> DataType | None:
    if not all(t.is_number for t in types) or len(levels) != len(types) - 1:
        return None
    if any(common_type(types[0], cut) is None for cut in types[1:]):
        return None
    return category(*reversed(_levels(levels, otherwise, missing)), ordered=True, outside=(missing,))


def _tiers(node: Call, value: Any, *cuts: Any) -> object:
    if value is None:
        return node.option("missing")
    for cut, level in zip(cuts, _texts(node, "levels"), strict=True):
        mixed = isinstance(value, float) or isinstance(cut, float)
        if (float(value) >= float(cut)) if mixed else (value >= cut):
            return level
    return node.option("otherwise")


def _tiers_sql(q: Any, node: Call, value: Any, *cuts: Any) -> Any:
    pairs = [] if q.never_null(node.args[0]) else [(q.is_null(value), q.text(node.option("missing")))]
    for cut, level in zip(cuts, _texts(node, "levels"), strict=True):
        pairs.append((q.op(">=", *q.alike(value, cut)), q.text(level)))
    return q.case(pairs, q.text(node.option("otherwise")))


def _falling_cuts(node: Call) -> None:
    cuts = [(arg.value if isinstance(arg, Literal) else arg.default) for arg in node.args[1:] if isinstance(arg, (Literal, Param))]
    if len(cuts) != len(node.args) - 1:
        raise TypeMismatch("the cuts of tiers are constants or parameters")
    values = [float(str(cut)) for cut in cuts]
    for high, low in zip(values, values[1:], strict=False):
        if not high > low:
            raise TypeMismatch(
                f"the cuts of tiers fall from the highest level to the lowest; found {high:g} before {low:g}",
                hint="write the highest tier first, and check the parameters in c360.toml",
            )


def _tier_words(node: Call, value: str, *cuts: str) -> str:
    said = [f"'{level}' from {cut}" for level, cut in zip(_texts(node, "levels"), cuts, strict=True)]
    return f"tier of {value}: {', '.join(said)}, else '{node.option('otherwise')}'"


def _tier_words_zh(node: Call, value: str, *cuts: str) -> str:
    said = [f"不低于{cut}为'{level}'" for level, cut in zip(_texts(node, "levels"), cuts, strict=True)]
    return f"{value}分层：{'，'.join(said)}，其余为'{node.option('otherwise')}'"


register(
    Operator(
        "case", "conditions each followed by its value, maybe a last value for the rest", _case_type, _case_sql, _case,
        _case_words, _case_words_zh, arity=(2, 2001), strict=False, coerces=False,
        nulls="an unknown condition is not met; null when none is met and there is no last value",
    ),
    Operator(
        "first_match", "one yes/no expression a level", _match_type, _match_sql, _match, _match_words, _match_words_zh,
        arity=(1, 1000), strict=False, coerces=False, nulls="an unknown condition ends the match with the missing level",
        sample_options=(
            {"levels": ("a",), "otherwise": "b", "missing": "unknown", "unknown": "end"},
            {"levels": ("a", "b"), "otherwise": "c", "missing": "unknown", "unknown": "skip"},
        ),
    ),
    Operator(
        "tiers", "a number and falling cuts", _tiers_type, _tiers_sql, _tiers, _tier_words, _tier_words_zh,
        arity=(2, 1000), strict=False, nulls="the missing level when the value is null", check=_falling_cuts,
        sample_options=(
            {"levels": ("high",), "otherwise": "low", "missing": "unknown"},
            {"levels": ("high", "mid"), "otherwise": "low", "missing": "unknown"},
        ),
    ),
)  # fmt: skip
