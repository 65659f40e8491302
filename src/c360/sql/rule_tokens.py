"""The tokens of a rule in; faults out for whatever is no part of one, nests too deep, or stands where it cannot.

A parser of SQL forgives much: it reads `case when a b end`, `x between 1 2` and `f(a,,b)`. A rule that reaches many people is
read strictly: values and operators take turns, and what opens is closed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from sqlglot.tokenizer_core import Token
from sqlglot.tokenizer_core import TokenType as T

from c360.errors import DefinitionError, TooDeep
from c360.language.phrases import fault

DEEPEST = 64
MOST_PARTS = 20_000
SYMBOLS = {
    "(": T.L_PAREN, ")": T.R_PAREN, ",": T.COMMA, ".": T.DOT, "+": T.PLUS, "-": T.DASH, "*": T.STAR, "/": T.SLASH, "//": T.DIV,
    "%": T.MOD, "=": T.EQ, "==": T.EQ, "<>": T.NEQ, "!=": T.NEQ, "<": T.LT, "<=": T.LTE, ">": T.GT, ">=": T.GTE,
}  # fmt: skip
KEYWORDS = {
    "AND": T.AND, "OR": T.OR, "NOT": T.NOT, "IN": T.IN, "BETWEEN": T.BETWEEN, "IS": T.IS, "NULL": T.NULL, "LIKE": T.LIKE,
    "CASE": T.CASE, "WHEN": T.WHEN, "THEN": T.THEN, "ELSE": T.ELSE, "END": T.END, "TRUE": T.TRUE, "FALSE": T.FALSE,
    "DATE": T.DATE, "AS": T.ALIAS, "BIGINT": T.BIGINT, "DOUBLE": T.DOUBLE,
}  # fmt: skip
NAMES = frozenset({T.VAR, T.IDENTIFIER})
TYPES = frozenset({T.DATE, T.BIGINT, T.DOUBLE})
VALUES = NAMES | {T.STRING, T.NUMBER, T.TRUE, T.FALSE, T.NULL}
JOINING = frozenset({*SYMBOLS.values(), T.AND, T.OR, T.IN, T.LIKE, T.BETWEEN, T.IS}) - {T.L_PAREN, T.R_PAREN, T.COMMA, T.DOT}
KNOWN = frozenset({*SYMBOLS.values(), *KEYWORDS.values()}) | VALUES
# What may stand before the words of a case: the word before it in the same case.
CASE_ORDER = {T.WHEN: (T.CASE, T.THEN), T.THEN: (T.WHEN,), T.ELSE: (T.THEN,), T.END: (T.THEN, T.ELSE)}

# Words of whole queries, and of SQL that a rule does not know: their presence explains why a text cannot be read.
QUERY_WORDS = frozenset({
    "select", "from", "where", "join", "union", "intersect", "except", "with", "having", "group", "order", "limit", "offset",
    "qualify", "window", "over", "partition", "distinct", "exists", "values", "insert", "update", "delete", "drop", "create",
    "alter", "attach", "copy", "pragma", "set", "table", "filter", "lambda", "collate", "interval",
})  # fmt: skip
HINTS = {
    "ilike": "upper and lower case count: write like, or contains(x, 'a')", "escape": "write contains(x, '50%')",
    "similar": "write like, starts_with(x, 'a'), ends_with(x, 'a') or contains(x, 'a')", "?": "write the value itself",
    "current_date": "the date of the run is as_of()", "now": "the date of the run is as_of()", "`": 'write "name"',
    "today": "the date of the run is as_of()", "$": "write the value itself", ";": "one rule is one expression",
    ":": "leave a cast with :: out", "[": "write lists in parentheses", "&": "write and", "!": "write not", "~": "write not",
    "|": "write or; join texts with concat(a, b)",
    **dict.fromkeys("‘’“”", "texts stand in single quotes: 'a'"),
}  # fmt: skip
STRANGERS = QUERY_WORDS | {word for word in HINTS if word.isalpha() or "_" in word}
NAME_IT = "give a part of it a name of its own with tag(…)"


def check_tokens(found: list[Token], text: str) -> dict[int, int]:
    """Refuse what cannot be a rule; return where each parenthesis, by the place it opens at, ends."""
    end = 0
    for token in found:
        _refuse_between(text, end, token.start)
        _check_kind(token, text)
        end = token.end + 1
    _refuse_between(text, end, len(text))
    _settle_types(found, text)
    order = _Order(text, found)
    for i, token in enumerate(found):
        order.take(token, found[i + 1] if i + 1 < len(found) else None)
    order.finish()
    return order.closings


def place(token: Token) -> tuple[int, int]:
    """Return where *token* stands."""
    return token.start, token.end + 1


def misplaced(token: Token, found: list[Token], text: str) -> DefinitionError:
    """Return the fault of a token that cannot stand where it does; a word of queries beside it explains more."""
    at = found.index(token)
    near = found[max(at - 2, 0) : at + 2]
    stranger = next((t for t in near if t.token_type is T.VAR and t.text.lower() in STRANGERS), None)
    if stranger is not None:
        hint = HINTS.get(stranger.text.lower(), "a rule is one yes/no expression over tags")
        return fault(DefinitionError, f"'{stranger.text}' is no part of a rule", text, place(stranger), hint)
    return fault(DefinitionError, f"'{token.text}' cannot stand here", text, place(token), "join conditions with and, or")


def _refuse_between(text: str, start: int, end: int) -> None:
    """Refuse what stands between two tokens unless it is blank: a comment."""
    between = text[start:end]
    if between and not between.isspace():
        at = start + len(between) - len(between.lstrip())
        hint = "write two minus signs apart: a - -1" if text.startswith("--", at) else None
        raise fault(DefinitionError, "a rule holds no comments", text, (at, at + 2), hint)


def _check_kind(token: Token, text: str) -> None:
    kind = token.token_type
    written = text[token.start : token.end + 1]
    plain = kind is not T.VAR or re.fullmatch(r"[^\W\d]\w*", written)
    if kind in KNOWN and plain and written != "!":
        return
    at = token.start
    if kind is T.VAR:
        at += next((i for i, char in enumerate(written) if not (char.isalnum() or char == "_")), 0)
    told = text[at] if kind is T.VAR else written[:20]
    ascii_form = unicodedata.normalize("NFKC", text[at])
    hint = f"write {ascii_form}" if ascii_form != text[at] and ascii_form.isascii() else HINTS.get(told[:1])
    raise fault(DefinitionError, f"'{told}' is no part of a rule", text, (at, at + len(told)), hint)


def _settle_types(found: list[Token], text: str) -> None:
    """Let `date`, `bigint`, `double` be types in a cast and before a written date only; elsewhere they are names.

    A parser that tries types everywhere takes time exponential in the nesting of `date(date(…`.
    """
    kinds = [None, *(token.token_type for token in found), None]
    for token, before, after in zip(found, kinds, kinds[2:], strict=False):
        if before is T.ALIAS and (after not in (T.R_PAREN, None) or token.token_type not in TYPES):
            raise fault(DefinitionError, "a cast is to date, bigint or double", text, place(token), "write cast(x as date)")
        if token.token_type in TYPES and before is not T.ALIAS:
            written = token.token_type is T.DATE and after is T.STRING
            token.token_type = T.DATE if written else T.VAR


@dataclass
class _Open:
    """A parenthesis or case that is open; *signs* counts the signs and nots before the value to come."""

    token: Token | None
    word: T | None
    signs: int = 0


@dataclass
class _Order:
    """Follows the tokens: is a value to come or an operator, and what is open."""

    text: str
    found: list[Token]
    closings: dict[int, int] = field(default_factory=dict)
    opened: list[_Open] = field(default_factory=lambda: [_Open(None, None)])
    value_next: bool = True
    parts: int = 0
    before: T | None = None

    def take(self, token: Token, after: Token | None) -> None:
        """Take the next token; *after* is the one behind it."""
        kind = token.token_type
        if kind in CASE_ORDER:
            self._case_word(token)
        elif kind is T.L_PAREN:
            self._open(token)
        elif kind is T.R_PAREN:
            self._close(token)
        elif self.value_next:
            self._value(token)
        elif kind is T.NOT:
            if after is None or after.token_type not in (T.IN, T.LIKE, T.BETWEEN):
                raise misplaced(token, self.found, self.text)
        elif kind in JOINING or kind in (T.COMMA, T.DOT, T.ALIAS):
            self._joining(token, after)
        else:
            raise misplaced(token, self.found, self.text)
        self._count(token)
        self.before = kind

    def finish(self) -> None:
        """Refuse an end where a value is to come, or something is open."""
        last = self.found[-1]
        if self.opened[-1].token is not None:
            opened = self.opened[-1].token
            closing = "')'" if opened.token_type is T.L_PAREN else "end"
            raise fault(DefinitionError, f"'{opened.text.lower()}' is not closed", self.text, place(opened), f"add {closing}")
        if self.value_next:
            raise self._missing("after", last)

    def _missing(self, side: str, token: Token) -> DefinitionError:
        return fault(DefinitionError, f"a value is missing {side} '{token.text.lower()}'", self.text, place(token))

    def _value(self, token: Token) -> None:
        kind = token.token_type
        if kind in VALUES or (kind in TYPES and self.before is T.ALIAS):
            self.value_next = False
        elif kind is T.CASE:
            self.opened.append(_Open(token, T.CASE))
        elif kind in (T.NOT, T.DASH):
            self.opened[-1].signs += 1
        elif kind is T.DOT:
            raise fault(DefinitionError, "a number starts with a digit", self.text, place(token), "write 0.5")
        elif kind is not T.DATE:
            raise self._missing("before", token)

    def _joining(self, token: Token, after: Token | None) -> None:
        kind = token.token_type
        names = self.before in NAMES and after is not None and after.token_type in NAMES
        if kind is T.DOT and not names:
            raise misplaced(token, self.found, self.text)
        if kind is T.IN and (after is None or after.token_type is not T.L_PAREN):
            raise fault(DefinitionError, "in takes a list of written values", self.text, place(token), "write x in ('a', 'b')")
        if kind in (T.AND, T.OR, T.COMMA):
            self.opened[-1].signs = 0
        self.value_next = True

    def _open(self, token: Token) -> None:
        if not self.value_next and self.before not in NAMES:
            raise misplaced(token, self.found, self.text)
        self.opened.append(_Open(token, None))
        self.value_next = True

    def _close(self, token: Token) -> None:
        opened = self.opened[-1].token
        if opened is None or opened.token_type is not T.L_PAREN:
            raise fault(DefinitionError, "nothing opens what ')' closes here", self.text, place(token))
        if self.value_next and self.before is not T.L_PAREN:
            raise self._missing("before", token)
        self.closings[opened.start] = token.end + 1
        self.opened.pop()
        self.value_next = False

    def _case_word(self, token: Token) -> None:
        kind, current = token.token_type, self.opened[-1]
        if current.word not in CASE_ORDER[kind]:
            raise misplaced(token, self.found, self.text)
        if self.value_next and self.before is not T.CASE:
            raise self._missing("before", token)
        current.word, current.signs = kind, 0
        self.value_next = kind is not T.END
        if kind is T.END:
            self.opened.pop()

    def _count(self, token: Token) -> None:
        if len(self.opened) - 1 + self.opened[-1].signs > DEEPEST:
            raise fault(TooDeep, f"a rule nests at most {DEEPEST} deep", self.text, place(token), NAME_IT)
        self.parts += token.token_type not in (T.STRING, T.NUMBER, T.COMMA)
        if self.parts > MOST_PARTS:
            told = f"a rule has at most {MOST_PARTS:,} parts besides written values"
            raise fault(TooDeep, told, self.text, place(token), "write x in (…) for many values")
