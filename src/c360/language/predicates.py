"""Phrases of a rule and a table of names in, a checked `Expression` out; knows no parser, faults show their place in the text.

Every operator goes through `apply`, so that types and grain follow the same rules as in definition files. What SQL spells with
a sign or a word arrives as an operation; every other operator without options is a function of its own name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NoReturn, Protocol

from c360.datatypes import BOOLEAN, DATE, INTEGER, NUMBER, TEXT, DataType
from c360.errors import DefinitionError, TypeMismatch, UnknownName, did_you_mean
from c360.expr import build
from c360.expr.nodes import Literal, Param, SegmentRef
from c360.expr.operator import OPERATORS
from c360.language.expression import Expression, apply, as_of, lift
from c360.language.phrases import COMPARISONS, Cast, Function, Name, Operation, Phrase, Written, fault, write
from c360.language.recipes import Case

# Operators that a sign or word of SQL stands for; `like` and `between` are made of others.
SPELLED = {
    *COMPARISONS, "and", "or", "not", "add", "subtract", "multiply", "divide", "floor_divide", "modulo", "negate", "is_in",
    "is_null", "is_known", "or_else", "case",
}  # fmt: skip
OTHER_NAMES = {"abs": "absolute", "nullif": "null_if", "days_until": "days_between", "months_until": "months_between"}
MIRRORED = {"eq": "eq", "ne": "ne", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
DOING = {
    "add": "add {0} and {1}", "subtract": "subtract {1} from {0}", "multiply": "multiply {0} by {1}", "divide": "divide {0} by {1}",
    "floor_divide": "divide {0} by {1} to whole numbers", "modulo": "take the remainder of {0} by {1}",
}  # fmt: skip
KINDS = {
    "boolean": "yes/no", "integer": "a whole number", "number": "a number", "money": "money", "volume": "a volume",
    "rate": "a rate", "text": "text", "date": "a date", "month": "a month", "list": "a list",
}  # fmt: skip
CAST_TYPES: dict[str, DataType] = {"date": DATE, "bigint": INTEGER, "double": NUMBER}
AGGREGATES = frozenset({
    "sum", "count", "avg", "mean", "min", "max", "median", "any", "all", "none", "share", "stddev", "first", "last",
    "row_number", "rank", "ntile",
})  # fmt: skip
CLOCKS = frozenset({
    "now", "today", "current_date", "current_timestamp", "getdate", "curdate", "sysdate",
})  # fmt: skip
COMPARE = "compare it with something: x > 100, x = 'a'"
Caster = Callable[[Expression, DataType], Expression]


class Names(Protocol):
    """What the names of a rule stand for."""

    def find(self, parts: tuple[str, ...]) -> Expression:
        """Return the value that a name stands for; raises UnknownName."""
        ...


class FixedNames:
    """Names that are a plain table."""

    def __init__(self, table: Mapping[str, Expression], kind: str = "name") -> None:
        self._table, self._kind = table, kind

    def find(self, parts: tuple[str, ...]) -> Expression:
        """Return the value that a name stands for; raises UnknownName."""
        try:
            return self._table[".".join(parts)]
        except KeyError:
            raise unknown(self._kind, ".".join(parts), self._table) from None


def unknown(kind: str, name: str, known: Iterable[str]) -> UnknownName:
    """Return the error for *name*, with the nearest of *known*, capitals apart."""
    choices = list(known)
    by_lower = {choice.lower(): choice for choice in choices}
    same = by_lower.get(name.lower())
    return UnknownName(f"unknown {kind} '{name}'", hint=f"did you mean '{same}'?" if same else did_you_mean(name, choices))


def predicate(phrase: Phrase, names: Names, text: str) -> Expression:
    """Return the rule that *phrase* says: yes/no for every row."""
    found = expression(phrase, names, text)
    if found.type != BOOLEAN:
        hint = "texts stand in single quotes, names without" if found.type == TEXT else COMPARE
        raise fault(TypeMismatch, f"a rule is a yes/no expression; this is {kind_words(found.type)}", text, phrase, hint)
    return found


def expression(phrase: Phrase, names: Names, text: str, cast: Caster | None = None) -> Expression:
    """Return the value that *phrase* says, of any type; *cast* turns a value into another type where casts are allowed."""
    return _Reading(names, text, cast).value(phrase)


def functions() -> dict[str, str]:
    """Return the functions that a rule may use, each with the operator it stands for."""
    own = {op: op for op, record in OPERATORS.items() if op not in SPELLED and record.sample_options == ({},)}
    return own | {name: op for name, op in OTHER_NAMES.items() if op in OPERATORS}


def kind_words(type: DataType) -> str:
    """Say what kind of value *type* is."""
    if type.kind == "category":
        return f"one of {', '.join(type.all_levels)}"
    return KINDS.get(type.kind, str(type))


class _Reading:
    """Reads the phrases of one text."""

    def __init__(self, names: Names, text: str, cast: Caster | None) -> None:
        self._names, self._text, self._cast = names, text, cast
        self._functions = functions()

    def value(self, phrase: Phrase) -> Expression:
        """Return what *phrase* stands for."""
        try:
            match phrase:
                case Written():
                    return self._written(phrase)
                case Name():
                    return self._name(phrase)
                case Function():
                    return self._function(phrase)
                case Cast():
                    return self._casted(phrase)
                case Operation():
                    return self._operation(phrase)
        except DefinitionError as error:
            if error.where is None or not error.where.startswith("the text"):
                raise fault(type(error), error.message, self._text, phrase, error.hint) from None
            raise
        raise AssertionError(type(phrase))

    def _written(self, phrase: Written) -> Expression:
        if phrase.value is None:
            hint = "ask with is null or is not null; coalesce(x, 0) gives a default"
            raise fault(DefinitionError, "null is no value to compare or compute with", self._text, phrase, hint)
        return lift(phrase.value)

    def _name(self, phrase: Name) -> Expression:
        try:
            return self._names.find(phrase.parts)
        except UnknownName as error:
            if phrase.parts[-1].lower() in CLOCKS:
                error.hint = "the date of the run is as_of()"
            elif self._text[phrase.start : phrase.start + 1] == '"':
                error.hint = error.hint or f"texts stand in single quotes: '{phrase.parts[-1]}'"
            raise

    def _casted(self, phrase: Cast) -> Expression:
        if self._cast is None:
            raise fault(DefinitionError, "a rule casts nothing; names have types", self._text, phrase, "leave cast(… as …) out")
        return self._cast(self.value(phrase.arg), CAST_TYPES[phrase.to])

    def _function(self, phrase: Function) -> Expression:
        if phrase.name == "coalesce" and len(phrase.args) > 1:
            found = self.value(phrase.args[0])
            for arg in phrase.args[1:]:
                found = self._apply("or_else", phrase, [found, self.value(arg)])
            return found
        if phrase.name == "as_of" and not phrase.args:
            return as_of()
        if phrase.name not in self._functions:
            self._no_function(phrase)
        return self._apply(self._functions[phrase.name], phrase, [self.value(arg) for arg in phrase.args])

    def _no_function(self, phrase: Function) -> NoReturn:
        name = phrase.name
        hint = did_you_mean(name, [*self._functions, "coalesce", "as_of"])
        if name.lower() in AGGREGATES:
            hint = "summing up rows belongs in a tag of a definition file: tag(Bill.total.sum())"
        elif name.lower() in CLOCKS:
            hint = "the date of the run is as_of()"
        elif name in OPERATORS:
            hint = "it has options: use it in a definition file, and its tag here"
        raise fault(UnknownName, f"unknown function '{name}'", self._text, (phrase.start, phrase.start + len(name)), hint)

    def _operation(self, phrase: Operation) -> Expression:
        if phrase.op == "case":
            return self._case(phrase)
        args = [self.value(arg) for arg in phrase.args]
        match phrase.op:
            case "between":
                lower = self._apply("ge", phrase, args[:2], phrase.args[:2])
                upper = self._apply("le", phrase, [args[0], args[2]], (phrase.args[0], phrase.args[2]))
                return self._apply("and", phrase, [lower, upper])
            case "like":
                return self._like(phrase, args[0])
            case op if op in MIRRORED and isinstance(args[0].node, Literal) and not isinstance(args[1].node, Literal):
                # As Python does with `100 < arpu`, so that one rule has one tree.
                return self._apply(MIRRORED[op], phrase, args[::-1], phrase.args[::-1])
            case "not" if isinstance(args[0].node, SegmentRef) and not args[0].node.outside:
                return Expression(replace(args[0].node, outside=True), args[0].grain)
        return self._apply(phrase.op, phrase, args)

    def _case(self, phrase: Operation) -> Expression:
        parts = phrase.args
        pairs = [self.value(part) for part in parts[: len(parts) // 2 * 2]]
        for part, condition in zip(parts[::2], pairs[::2], strict=False):
            if condition.type != BOOLEAN:
                self._no_condition("when", part, condition)
        choice = Case(tuple(pairs))
        rest = parts[-1] if len(parts) % 2 else Written(None)
        return choice.or_null() if rest == Written(None) else choice.otherwise(self.value(rest))

    def _like(self, phrase: Operation, value: Expression) -> Expression:
        """Return a pattern as the test it stands for: a text at the start, at the end, or anywhere."""
        written = phrase.args[1]
        assert isinstance(written, Written)
        pattern = str(written.value)
        inner = pattern.strip("%")
        ends = (pattern.startswith("%"), pattern.endswith("%"))
        op = {(False, True): "starts_with", (True, False): "ends_with", (True, True): "contains"}.get(ends)
        if op is None or not inner or "%" in inner or "_" in inner:
            hint = "write x = 'a' for the whole text, contains(x, '50%') for a text that holds % or _"
            raise fault(DefinitionError, "a pattern is 'a%', '%a' or '%a%'", self._text, written, hint)
        return self._apply(op, phrase, [value, lift(inner)])

    def _apply(
        self, op: str, phrase: Operation | Function, args: list[Expression], parts: tuple[Phrase, ...] | None = None
    ) -> Expression:
        """Apply *op*; a fault names the arguments as they stand in the text and shows the one at fault."""
        parts = parts or phrase.args
        low, high = OPERATORS[op].arity
        if not low <= len(args) <= high:
            message = f"'{_called(op, phrase)}' takes {OPERATORS[op].takes}; found {len(args)} values"
            raise fault(TypeMismatch, message, self._text, phrase)
        self._check_levels(op, args, parts)
        try:
            return apply(op, *args)
        except TypeMismatch as error:
            if OPERATORS[op].typing(*_fitted(op, args)) is not None:
                raise
            self._mismatch(op, phrase, args, parts, error)

    def _check_levels(self, op: str, args: list[Expression], parts: tuple[Phrase, ...]) -> None:
        """Refuse at its own place a written value that its neighbour's type cannot take."""
        if not OPERATORS[op].coerces or len(args) != len(parts):
            return
        model = _model(args)
        for arg, part in zip(args, parts, strict=True):
            if isinstance(arg.node, Literal) and isinstance(part, Written):
                try:
                    build.coerce(arg.node, model)
                except DefinitionError as error:
                    raise fault(type(error), error.message, self._text, part, error.hint) from None

    def _mismatch(
        self, op: str, phrase: Operation | Function, args: list[Expression], parts: tuple[Phrase, ...], error: TypeMismatch
    ) -> NoReturn:
        """Say which kinds of values do not go together."""
        if op in {"and", "or", "not"}:
            for arg, part in zip(args, parts, strict=True):
                if arg.type != BOOLEAN:
                    self._no_condition(op, part, arg)
        told = [f"{self._shown(part)} ({kind_words(arg.type)})" for arg, part in zip(args, parts, strict=False)]
        if op in COMPARISONS:
            message, hint = f"cannot compare {told[0]} with {told[1]}", _order_hint(op, args)
        elif op == "is_in":
            other = next(i for i, arg in enumerate(args[1:], 1) if OPERATORS["eq"].typing(args[0].type, arg.type) is None)
            raise fault(TypeMismatch, f"cannot compare {told[0]} with {told[other]}", self._text, parts[other])
        elif op in DOING:
            message, hint = f"cannot {DOING[op].format(*told)}", None
            if any(arg.type.kind in {"date", "month"} for arg in args):
                hint = "days_until(start, end) counts the days from one date to another"
        else:
            message, hint = f"'{_called(op, phrase)}' takes {OPERATORS[op].takes}; found {' and '.join(told)}", None
        raise fault(TypeMismatch, message, self._text, phrase, hint)

    def _no_condition(self, op: str, part: Phrase, found: Expression) -> NoReturn:
        message = f"'{op}' takes yes/no expressions; {self._shown(part)} is {kind_words(found.type)}"
        raise fault(TypeMismatch, message, self._text, part, COMPARE)

    def _shown(self, part: Phrase) -> str:
        text = self._text[part.start : part.end] if part.start >= 0 else write(part)
        return text if len(text) <= 40 else f"{text[:39]}…"


def _called(op: str, phrase: Operation | Function) -> str:
    return phrase.name if isinstance(phrase, Function) else "-" if op == "negate" else phrase.op


def _model(args: list[Expression]) -> DataType:
    """Return the type that written values take: that of the first argument that is none."""
    return next((arg.type for arg in args if not isinstance(arg.node, (Literal, Param))), args[0].type)


def _fitted(op: str, args: list[Expression]) -> list[DataType]:
    """Return the types that *op* was given once written values had taken those of their neighbours."""
    if not OPERATORS[op].coerces:
        return [arg.type for arg in args]
    model = _model(args)
    return [build.coerce(arg.node, model).type for arg in args]


def _order_hint(op: str, args: list[Expression]) -> str | None:
    if op in {"eq", "ne"} or not any(arg.type.kind == "category" and not arg.type.ordered for arg in args):
        return None
    return "these levels have no order; compare with = or in (…)"
