"""Parameters: definitions and the settings of `[params]` in, definitions with literals out; reads no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from c360.datatypes import DataType
from c360.errors import C360Error, DefinitionError, DuplicateName, UnknownName
from c360.expr import build
from c360.expr.nodes import Aggregate, Call, Literal, Node, Param, Rank, Shifted, Window, rebuild, walk
from c360.expr.operator import AGGREGATES, OPERATORS, RANKS
from c360.language.definitions import Definition
from c360.language.expression import check_shift

SETTINGS = "c360.toml [params]"
KINDS = {
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "rate": "a number",
    "money": "an amount with at most 2 decimals",
    "volume": "an amount with at most 3 decimals",
    "text": "a text",
    "key": "a text",
    "date": "a date as YYYY-MM-DD",
    "month": "a date as YYYY-MM-DD",
}


@dataclass(frozen=True)
class Parameter:
    """One parameter of the catalogue: its default, the value that counts, where the default comes from, who uses it."""

    name: str
    default: object
    value: object
    source: str
    used_by: tuple[str, ...]

    @property
    def is_overridden(self) -> bool:
        """Whether the settings say another value than the definition."""
        return _same(self.default) != _same(self.value)


def resolve(definitions: Iterable[Definition], settings: Mapping[str, object]) -> tuple[list[Definition], dict[str, Parameter]]:
    """Return the definitions with every parameter's literal in its place, and the parameters by name.

    Operators look again at what the values make of their arguments: cuts must still fall, windows still hold a day.
    Raises DefinitionError for a value of another type, UnknownName for a setting that no definition asks for, and
    DuplicateName where one name has two defaults.
    """
    given = list(definitions)
    uses = _uses(given)
    for name in settings:
        if name not in uses:
            raise UnknownName.among("parameter", name, uses, where=SETTINGS)
    values = {
        (name, param.type): _value(param, settings[name]) if name in settings else Literal(param.type, param.default)
        for name, use in uses.items()
        for param in use.params
    }
    parameters = {name: _parameter(use, values) for name, use in sorted(uses.items())}
    return [_resolved(definition, values) for definition in given], parameters


@dataclass
class _Use:
    """Where one parameter stands, in the types its neighbours gave it."""

    params: list[Param] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)


_Values = Mapping[tuple[str, DataType], Literal]


def _uses(definitions: list[Definition]) -> dict[str, _Use]:
    uses: dict[str, _Use] = {}
    for definition in definitions:
        for param in _params(definition.node):
            use = uses.setdefault(param.name, _Use())
            if use.params and _same(use.params[0].default) != _same(param.default):
                raise DuplicateName(
                    f"parameter '{param.name}' has the default {_told(param.default)} here"
                    f" and {_told(use.params[0].default)} at {use.definitions[0].where}",
                    hint="write param(…) once, and import it where it is used",
                    where=definition.where or definition.name,
                )
            use.params.append(param)
            if not use.definitions or use.definitions[-1] is not definition:
                use.definitions.append(definition)
    return uses


def _parameter(use: _Use, values: _Values) -> Parameter:
    first = use.params[0]
    source = "S" if any(param.source == "S" for param in use.params) else first.source
    used_by = tuple(definition.name for definition in use.definitions)
    return Parameter(first.name, first.default, values[first.name, first.type].value, source, used_by)


def _value(param: Param, value: object) -> Literal:
    """Return the setting *value* as a literal of the parameter's own type."""
    fitted: Node | None = None
    # A TOML date with a time is a date to Python; its time would be lost.
    if not isinstance(value, datetime):
        with suppress(C360Error):
            fitted = build.coerce(build.literal(value), param.type)
    if not isinstance(fitted, Literal) or fitted.type != param.type:
        raise DefinitionError(
            f"parameter '{param.name}' expects {_expected(param.type)}; found {_told(value)}",
            hint=f"the definition's default is {_told(param.default)}",
            where=SETTINGS,
        )
    return fitted


def _resolved(definition: Definition, values: _Values) -> Definition:
    if next(_params(definition.node), None) is None:
        return definition
    try:
        return replace(definition, node=_with_values(definition.node, values))
    except DefinitionError as error:
        if error.where != SETTINGS:
            error.where = definition.where or definition.name
        raise


def _with_values(node: Node, values: _Values) -> Node:
    if isinstance(node, Param):
        return values[node.name, node.type]
    if isinstance(node, Aggregate):
        _check_windows(node.window, values)
    changed = rebuild(node, lambda child: _with_values(child, values))
    if changed != node:
        _check_again(changed)
    return changed


def _check_again(node: Node) -> None:
    """Let the operator look at its node once more, now that values stand where parameters stood."""
    check = None
    match node:
        case Call():
            check = OPERATORS[node.op].check
        case Aggregate():
            check = AGGREGATES[node.op].check
        case Rank():
            check = RANKS[node.op].check
        case Shifted() if not node.is_outcome:
            check_shift(*node.counts)
    if check is not None:
        check(node)


def _check_windows(window: Window | None, values: _Values) -> None:
    while window is not None:
        if isinstance(window.count, Param):
            count = values[window.count.name, window.count.type].value
            if not isinstance(count, int) or count < 1:
                raise DefinitionError(
                    f"parameter '{window.count.name}' is the length of a window, which expects a whole number of"
                    f" 1 or more; found {_told(count)}",
                    where=SETTINGS,
                )
        window = window.before


def _params(node: Node) -> Iterator[Param]:
    return (part for part in walk(node) if isinstance(part, Param))


def _same(value: object) -> tuple[str, object]:
    """Return what makes values the same, whatever types their neighbours gave them: 150, 150.0 and 150.00."""
    match value:
        case bool():
            return "boolean", value
        case int() | float() | Decimal():
            return "number", Decimal(str(value))
        case date():
            return "text", value.isoformat()
    return "text", str(value)


def _expected(type: DataType) -> str:
    return f"one of {', '.join(type.all_levels)}" if type.kind == "category" else KINDS[type.kind]


def _told(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float() | Decimal():
            return f"{value}"
        case date():
            return value.isoformat()
        case str():
            return f"'{value}'"
    return type(value).__name__
