"""Recipes: common shapes of rules in, ordinary expressions out."""

from __future__ import annotations

from typing import Any

from c360.datatypes import DataType
from c360.errors import DefinitionError, TypeMismatch
from c360.expr import build
from c360.expr.nodes import Literal, Param
from c360.language.expression import Expression, apply, lift


def tiers(value: Any, *, otherwise: str, missing: str = "unknown", **cuts: Any) -> Expression:
    """Cut a number into named tiers, the highest first: a value at a cut belongs to the tier it opens.

    Values below the last cut are *otherwise*, null is *missing*. The result is an ordered category, low to high.

    >>> tiers(arpu_3m, high=150, mid=100, low=20, otherwise="minimal")  # doctest: +SKIP
    """
    if not cuts:
        raise DefinitionError("tiers needs at least one cut", hint="tiers(arpu_3m, high=150, mid=100, otherwise='low')")
    _check_levels(otherwise, missing)
    expression = lift(value)
    fitted = [Expression(build.coerce(lift(cut).node, expression.type), lift(cut).grain) for cut in cuts.values()]
    return apply("tiers", expression, *fitted, levels=tuple(cuts), otherwise=otherwise, missing=missing)


def first_match(*, otherwise: str, missing: str = "unknown", unknown: str = "end", **levels: Any) -> Expression:
    """Give the first level whose condition holds, *otherwise* where none does; the order written counts.

    An unknown condition ends the match with *missing*; ``unknown="skip"`` falls through to the next level.
    """
    if not levels:
        raise DefinitionError("first_match needs at least one level", hint="first_match(left=Line.deactivated_on.is_known(), …)")
    if unknown not in ("end", "skip"):
        raise DefinitionError(f"unknown is 'end' or 'skip', found '{unknown}'")
    _check_levels(otherwise, missing)
    for level, condition in levels.items():
        if lift(condition).type.kind != "boolean":
            raise TypeMismatch(f"the condition of level '{level}' is a yes/no expression; found {lift(condition).type}")
    return apply("first_match", *levels.values(), levels=tuple(levels), otherwise=otherwise, missing=missing, unknown=unknown)


def listed(**items: Any) -> Expression:
    """List the names whose condition holds, in the order written; an unknown condition does not hold.

    >>> listed(roaming=roaming_spend_3m > 10, night=night_share_3m > 0.3)  # doctest: +SKIP
    """
    if not items:
        raise DefinitionError("listed needs at least one item", hint="listed(roaming=roaming_spend_3m > 10)")
    for item, condition in items.items():
        if lift(condition).type.kind != "boolean":
            raise TypeMismatch(f"the condition of item '{item}' is a yes/no expression; found {lift(condition).type}")
    return apply("listed", *items.values(), items=tuple(items))


class Case:
    """A choice being written; `when` starts one."""

    def __init__(self, pairs: tuple[Any, ...], condition: Any = None) -> None:
        self._pairs, self._condition = pairs, condition

    def then(self, value: Any) -> Case:
        """Give the value for the condition just named."""
        if self._condition is None:
            raise DefinitionError("then(…) follows when(…)")
        return Case((*self._pairs, self._condition, value))

    def when(self, condition: Any) -> Case:
        """Name the next condition; it is asked where none before it held."""
        if self._condition is not None:
            raise DefinitionError("when(…) is followed by then(…)")
        return Case(self._pairs, condition)

    def otherwise(self, value: Any) -> Expression:
        """Give the value where no condition held."""
        return self._case(*self._pairs, value)

    def or_null(self) -> Expression:
        """Leave the value missing where no condition held."""
        return self._case(*self._pairs)

    def _case(self, *parts: Any) -> Expression:
        """Return the choice; written values take the type of the first value that is none."""
        lifted = [lift(part) for part in parts]
        if self._condition is not None:
            raise DefinitionError("when(…) is followed by then(…)")
        at = [i for i in range(len(lifted)) if i % 2 or i == len(lifted) - 1]
        model = next((lifted[i].type for i in at if not isinstance(lifted[i].node, (Literal, Param))), None)
        if model is not None:
            for i in at:
                lifted[i] = _fitted(lifted[i], model)
        return apply("case", *lifted)


def _fitted(value: Expression, model: DataType) -> Expression:
    """Return a written value in the type *model*; a text that is none of its levels stays a text."""
    node = value.node
    if not isinstance(node, (Literal, Param)):
        return value
    written = node.value if isinstance(node, Literal) else node.default
    if model.kind == "category" and written not in model.all_levels:
        return value
    return Expression(build.coerce(node, model), value.grain)


def when(condition: Any) -> Case:
    """Start a choice: ``when(a > 1).then("many").otherwise("few")``; an unknown condition is not met."""
    return Case((), condition)


def _check_levels(otherwise: object, missing: object) -> None:
    for told, level in (("otherwise", otherwise), ("missing", missing)):
        if not isinstance(level, str) or not level:
            raise DefinitionError(f"{told} is the name of a level, a text; found {type(level).__name__}", hint=f'{told}="low"')
