"""Text: tests and parts, by code point; no case folding, which differs between engines and belongs to loading."""

from __future__ import annotations

from typing import Any

from c360.datatypes import BOOLEAN, INTEGER, TEXT, DataType
from c360.errors import TypeMismatch
from c360.expr.nodes import Call, Literal, Param
from c360.expr.operator import AuthorMethods, Operator, register


def _test(a: DataType, b: DataType) -> DataType | None:
    return BOOLEAN if a.is_textual and b.is_textual else None


def _constant_pattern(node: Call) -> None:
    pattern = constant(node)
    if not isinstance(pattern, str) or not pattern:
        raise TypeMismatch(f"'{node.op}' looks for a constant text that is not empty")
    if "\\" in pattern:
        raise TypeMismatch(f"'{node.op}' takes no backslash: engines read it differently in patterns")


def constant(node: Call) -> object:
    """Return the value of the second argument, the default of a parameter; None where it is no constant."""
    given = node.args[1]
    return given.value if isinstance(given, Literal) else given.default if isinstance(given, Param) else None


def _like(before: str, after: str) -> Any:
    def sql(q: Any, node: Call, a: Any, b: Any) -> Any:
        assert isinstance(node.args[1], Literal)
        return q.like(a, str(node.args[1].value), before, after)

    return sql


def _parts(*types: DataType) -> DataType | None:
    return TEXT if all(t.is_textual for t in types) else None


def _left(a: DataType, n: DataType) -> DataType | None:
    return TEXT if a.is_textual and n == INTEGER else None


def _positive_count(node: Call) -> None:
    count = constant(node)
    if not isinstance(count, int) or count < 1:
        raise TypeMismatch("'left' takes a constant number of characters, 1 or more")


register(
    Operator(
        "contains", "a text and a constant text", _test, _like("%", "%"), lambda n, a, b: b in a,
        "{0} contains {1}", "{0}包含{1}", check=_constant_pattern, coerces=False,
    ),
    Operator(
        "starts_with", "a text and a constant text", _test, _like("", "%"), lambda n, a, b: a.startswith(b),
        "{0} starts with {1}", "{0}以{1}开头", check=_constant_pattern, coerces=False,
    ),
    Operator(
        "ends_with", "a text and a constant text", _test, _like("%", ""), lambda n, a, b: a.endswith(b),
        "{0} ends with {1}", "{0}以{1}结尾", check=_constant_pattern, coerces=False,
    ),
    Operator(
        "length", "a text", lambda a: INTEGER if a.is_textual else None, lambda q, n, a: q.func("LENGTH", a),
        lambda n, a: len(a), "the length of {0}", "{0}的长度", arity=(1, 1),
    ),
    Operator(
        "left", "a text and a number of characters", _left, lambda q, n, a, b: q.func("SUBSTRING", a, q.one, b),
        lambda n, a, b: a[:b], "the first {1} characters of {0}", "{0}的前{1}个字符", check=_positive_count, coerces=False,
    ),
    Operator(
        "concat", "texts", _parts, lambda q, n, *terms: q.func("CONCAT", *(q.coalesce(t, q.text("")) for t in terms)),
        lambda n, *values: "".join(v or "" for v in values),
        lambda n, *parts: " followed by ".join(parts), lambda n, *parts: "接".join(parts), arity=(2, 50),
        strict=False, coerces=False, nulls="a null counts as empty text",
    ),
)  # fmt: skip


class TextMethods(AuthorMethods):
    """Tests and parts of texts."""

    __slots__ = ()

    def contains(self, text: str) -> Any:
        """Say whether the constant *text* occurs, case counting."""
        return self._call("contains", self, text)

    def starts_with(self, text: str) -> Any:
        """Say whether the value starts with the constant *text*."""
        return self._call("starts_with", self, text)

    def ends_with(self, text: str) -> Any:
        """Say whether the value ends with the constant *text*."""
        return self._call("ends_with", self, text)

    def length(self) -> Any:
        """Count the characters (code points)."""
        return self._call("length", self)

    def left(self, count: int) -> Any:
        """Take the first *count* characters."""
        return self._call("left", self, count)

    def concat(self, *others: object) -> Any:
        """Join texts; a missing one counts as empty."""
        return self._call("concat", self, *others)
