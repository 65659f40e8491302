"""Windows: the last days or complete months before D, and the like window before another."""

from __future__ import annotations

from dataclasses import dataclass

from c360.datatypes import INTEGER
from c360.errors import DefinitionError
from c360.expr.dates import LONGEST_DAYS, LONGEST_MONTHS
from c360.expr.describe import describe_window
from c360.expr.nodes import Literal, Node, Param, Window
from c360.language.expression import Expression, lift


@dataclass(frozen=True)
class Span:
    """A stretch of time relative to D; give it to ``.last(…)``."""

    window: Window

    def before(self, later: Span) -> Span:
        """Move the span so that it ends where *later* starts.

        >>> months(3).before(months(1)).describe()
        'in the 3 complete months before the last complete month'
        """
        if not isinstance(later, Span):
            raise DefinitionError("a span ends where another starts", hint="write months(3).before(months(1))")
        if self.window.before is not None:
            raise DefinitionError("this span was moved already", hint="write months(3).before(months(1)), one before(…) a span")
        return Span(Window(self.window.unit, self.window.count, later.window))

    def describe(self, lang: str = "en") -> str:
        """Say in words which days the span holds."""
        return describe_window(self.window, lang)


def days(count: int | Expression) -> Span:
    """Return the *count* days ending with D: [D - count + 1, D]."""
    return Span(Window("days", _count(count, LONGEST_DAYS), None))


def months(count: int | Expression) -> Span:
    """Return the *count* last complete months at D; 31 October includes October, 15 November does not include November."""
    return Span(Window("months", _count(count, LONGEST_MONTHS), None))


def _count(count: object, longest: int) -> Node:
    node = lift(count).node
    value = node.value if isinstance(node, Literal) else node.default if isinstance(node, Param) else None
    if node.type != INTEGER or not isinstance(value, int) or not 1 <= value <= longest:
        raise DefinitionError(f"a window takes a whole number from 1 to {longest}, or a parameter that is one")
    return node
