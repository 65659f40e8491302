"""A rule as text in, its phrases out, or an error with a caret: the one place where a user's text meets a parser; knows no name.

What is let through is listed: kinds of tokens, words, kinds of nodes with the arguments each may have. Functions are calls of
any name here; who reads the phrases knows which there are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from sqlglot import exp, tokens
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.parsers.duckdb import DuckDBParser
from sqlglot.tokens import Token, TokenType

from c360.errors import DefinitionError, TooDeep
from c360.language.phrases import Phrase, fault
from c360.sql.render import deep_recursion
from c360.sql.rule_nodes import DEEPEST, NodeReader

LONGEST = 10_000_000
MOST_PARTS = 20_000
SYMBOLS = {
    "(": TokenType.L_PAREN, ")": TokenType.R_PAREN, ",": TokenType.COMMA, ".": TokenType.DOT, "+": TokenType.PLUS,
    "-": TokenType.DASH, "*": TokenType.STAR, "/": TokenType.SLASH, "//": TokenType.DIV, "%": TokenType.MOD,
    "=": TokenType.EQ, "==": TokenType.EQ, "<>": TokenType.NEQ, "!=": TokenType.NEQ, "<": TokenType.LT, "<=": TokenType.LTE,
    ">": TokenType.GT, ">=": TokenType.GTE,
}  # fmt: skip
KEYWORDS = {
    "AND": TokenType.AND, "OR": TokenType.OR, "NOT": TokenType.NOT, "IN": TokenType.IN, "BETWEEN": TokenType.BETWEEN,
    "IS": TokenType.IS, "NULL": TokenType.NULL, "LIKE": TokenType.LIKE, "CASE": TokenType.CASE, "WHEN": TokenType.WHEN,
    "THEN": TokenType.THEN, "ELSE": TokenType.ELSE, "END": TokenType.END, "TRUE": TokenType.TRUE, "FALSE": TokenType.FALSE,
    "DATE": TokenType.DATE, "CAST": TokenType.VAR, "AS": TokenType.ALIAS, "BIGINT": TokenType.BIGINT, "DOUBLE": TokenType.DOUBLE,
}  # fmt: skip
VALUES = frozenset({TokenType.VAR, TokenType.IDENTIFIER, TokenType.STRING, TokenType.NUMBER})
KNOWN_TOKENS = VALUES | frozenset(SYMBOLS.values()) | frozenset(KEYWORDS.values())
SEPARATORS = frozenset({TokenType.AND, TokenType.OR, TokenType.COMMA, TokenType.WHEN, TokenType.THEN, TokenType.ELSE})
SIGNS = frozenset({TokenType.DASH, TokenType.PLUS})
STARTS = (VALUES | {TokenType.R_PAREN, TokenType.END, TokenType.TRUE, TokenType.FALSE, TokenType.NULL}) - SIGNS
BETWEEN_VALUES = frozenset(
    {*SYMBOLS.values(), TokenType.AND, TokenType.OR, TokenType.IN, TokenType.LIKE, TokenType.BETWEEN, TokenType.IS}
) - {TokenType.L_PAREN, TokenType.R_PAREN, TokenType.COMMA, TokenType.DOT}
TYPE_WORDS = frozenset({TokenType.DATE, TokenType.BIGINT, TokenType.DOUBLE})
ENDS = frozenset({None, TokenType.R_PAREN, TokenType.COMMA, TokenType.WHEN, TokenType.THEN, TokenType.ELSE, TokenType.END})

# Words of whole queries: their presence explains why a text cannot be read.
QUERY_WORDS = frozenset(
    "select from where join union intersect except with having group order limit offset qualify window over partition distinct "
    "exists values insert update delete drop create alter attach copy pragma set table filter lambda collate interval".split()
)
HINTS = {
    "||": "join texts with concat(a, b)", "ilike": "upper and lower case count: write like, or contains(x, 'a')",
    "similar": "write like, starts_with(x, 'a'), ends_with(x, 'a') or contains(x, 'a')", "escape": "write contains(x, '50%')",
    "current_date": "the date of the run is as_of()", "?": "write the value itself", "$": "write the value itself",
    ";": "one rule is one expression", ":": "write cast(x as date)", "::": "write cast(x as date)", "[": "write lists in parentheses",
    "&": "write and", "|": "write or; join texts with concat(a, b)", "!": "write not", "~": "write not", "`": 'write "name"',
    "now": "the date of the run is as_of()", "today": "the date of the run is as_of()",
}  # fmt: skip


STRANGERS = QUERY_WORDS | HINTS.keys()


class _RuleParser(DuckDBParser):
    """DuckDB's grammar without its functions: every call is one of a name, and constants know their place."""

    FUNCTIONS: Any = {}
    FUNCTION_PARSERS: Any = {"CAST": DuckDBParser.FUNCTION_PARSERS["CAST"]}
    NO_PAREN_FUNCTIONS: Any = {}
    NO_PAREN_FUNCTION_PARSERS: Any = {"CASE": DuckDBParser.NO_PAREN_FUNCTION_PARSERS["CASE"]}
    PRIMARY_PARSERS: Any = {
        **DuckDBParser.PRIMARY_PARSERS,
        TokenType.NULL: lambda self, token: self.expression(exp.Null(), token),
        TokenType.TRUE: lambda self, token: self.expression(exp.Boolean(this=True), token),
        TokenType.FALSE: lambda self, token: self.expression(exp.Boolean(this=False), token),
    }


class RuleText(DuckDB):
    """DuckDB's SQL cut down to what a rule may say: other words are names."""

    SUPPORTS_USER_DEFINED_TYPES = False
    UNESCAPED_SEQUENCES: Any = {}
    Parser = _RuleParser

    class Tokenizer(tokens.Tokenizer):
        """Knows the words of rules only, and plain texts in single quotes."""

        KEYWORDS: Any = {word: kind for word, kind in (SYMBOLS | KEYWORDS).items() if len(word) > 1}
        COMMANDS: Any = set()


def read_phrase(text: str) -> Phrase:
    """Return the phrases of *text*; raises DefinitionError that shows the place."""
    if len(text) > LONGEST:
        raise DefinitionError(f"expected a text of at most {LONGEST:,} characters, found {len(text):,}", where="the text")
    if not text.strip():
        raise fault(DefinitionError, "expected a rule, found an empty text", text, (0, 1), "write one like value_tier >= 'mid'")
    with deep_recursion():
        found = _tokens(text)
        closings = _check_nesting(found, text)
        return NodeReader(text, closings).phrase(_parsed(found, text), 1)


def _tokens(text: str) -> list[Token]:
    dialect = RuleText()
    try:
        found = dialect.tokenize(text)
    except SqlglotError:
        start = _open_quote(text)
        raise fault(DefinitionError, f"the quote {text[start]} is not closed", text, (start, start + 1)) from None
    end = 0
    for token in found:
        _refuse_between(text, end, token.start)
        _check_token(token, text)
        end = token.end + 1
    _refuse_between(text, end, len(text))
    _settle_types(found, text)
    return found


def _settle_types(found: list[Token], text: str) -> None:
    """Let `date`, `bigint`, `double` be types in a cast and before a written date only; elsewhere they are names.

    A parser that tries types everywhere takes time exponential in the nesting of `date(date(…`.
    """
    kinds = [None, *(token.token_type for token in found), None]
    for token, before, after in zip(found, kinds, kinds[2:], strict=False):
        if before is TokenType.ALIAS and after is not TokenType.R_PAREN:
            raise fault(DefinitionError, "a cast is to date, bigint or double", text, _place(token), "write cast(x as date)")
        if token.token_type in TYPE_WORDS and before is not TokenType.ALIAS:
            written = token.token_type is TokenType.DATE and after is TokenType.STRING
            token.token_type = TokenType.DATE if written else TokenType.VAR


def _open_quote(text: str) -> int:
    """Return where the quote opens that nothing closes."""
    opened, quote = 0, ""
    for i, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            opened, quote = i, char
    return opened


def _refuse_between(text: str, start: int, end: int) -> None:
    """Refuse what stands between two tokens unless it is blank: a comment."""
    between = text[start:end]
    if between and not between.isspace():
        at = start + len(between) - len(between.lstrip())
        hint = "write two minus signs apart: a - -1" if text.startswith("--", at) else None
        raise fault(DefinitionError, "a rule holds no comments", text, (at, at + 2), hint)


def _check_token(token: Token, text: str) -> None:
    kind = token.token_type
    written = text[token.start : token.end + 1]
    plain = kind is not TokenType.VAR or re.fullmatch(r"[^\W\d]\w*", written)
    if kind in KNOWN_TOKENS and plain and written != "!":
        return
    at = token.start
    if kind is TokenType.VAR:
        at += next((i for i, char in enumerate(written) if not (char.isalnum() or char == "_")), 0)
    told = text[at] if kind is TokenType.VAR else written if len(written) < 3 else written[:20]
    ascii_form = unicodedata.normalize("NFKC", text[at])
    hint = f"write {ascii_form}" if ascii_form != text[at] and ascii_form.isascii() else HINTS.get(told[:2]) or HINTS.get(told[:1])
    raise fault(DefinitionError, f"'{told}' is no part of a rule", text, (at, at + len(told)), hint)


def _check_nesting(found: list[Token], text: str) -> dict[int, int]:
    """Refuse what nests too deep before a parser meets it, brackets that do not match, and too many parts.

    Returns where each parenthesis, by the place it opens at, ends.
    """
    closings: dict[int, int] = {}
    opened: list[Token] = []
    signs = [0]
    before: TokenType | None = None
    parts = 0
    for token in found:
        kind = token.token_type
        if before in (TokenType.L_PAREN, TokenType.COMMA, None) and kind is TokenType.COMMA or before is TokenType.COMMA and kind is TokenType.R_PAREN:
            raise fault(DefinitionError, f"a value is missing before '{token.text}'", text, _place(token))
        parts += kind not in (TokenType.STRING, TokenType.NUMBER, TokenType.COMMA)
        if kind in (TokenType.L_PAREN, TokenType.CASE):
            opened.append(token)
            signs.append(0)
        elif kind in (TokenType.R_PAREN, TokenType.END):
            wanted = TokenType.L_PAREN if kind is TokenType.R_PAREN else TokenType.CASE
            if not opened or opened[-1].token_type is not wanted:
                raise fault(DefinitionError, f"nothing opens what '{token.text}' closes here", text, _place(token))
            closings[opened.pop().start] = token.end + 1
            signs.pop()
        elif kind in SEPARATORS:
            signs[-1] = 0
        elif kind is TokenType.NOT or (kind in SIGNS and before not in STARTS):
            signs[-1] += 1
        if len(opened) + signs[-1] > DEEPEST:
            raise fault(TooDeep, f"a rule nests at most {DEEPEST} deep", text, _place(token), "give a part of it a name of its own with tag(…)")
        if parts > MOST_PARTS:
            raise fault(TooDeep, f"a rule has at most {MOST_PARTS:,} parts besides written values", text, _place(token), "write x in (…) for many values")
        before = kind
    if opened:
        closing = "')'" if opened[-1].token_type is TokenType.L_PAREN else "end"
        raise fault(DefinitionError, f"'{opened[-1].text}' is not closed", text, _place(opened[-1]), f"add {closing}")
    return closings


def _place(token: Token) -> tuple[int, int]:
    return token.start, token.end + 1


def _parsed(found: list[Token], text: str) -> exp.Expr:
    try:
        return RuleText().parser().parse_into(exp.Condition, found, text)[0]  # type: ignore[return-value]
    except ParseError as error:
        raise _told(error, found, text) from None
    except RecursionError:
        raise fault(TooDeep, "this rule nests too deep", text, (0, len(text)), "give a part of it a name of its own with tag(…)") from None
    except Exception:
        # A parser of whole SQL may trip over what is none; to the author it is one fault.
        raise fault(DefinitionError, "this cannot be read as a rule", text, (0, len(text))) from None


def _told(error: ParseError, found: list[Token], text: str) -> DefinitionError:
    """Return the parser's complaint in plain words, at its token."""
    stranger = next((t for t in found if t.token_type is TokenType.VAR and t.text.lower() in STRANGERS), None)
    if stranger is not None:
        hint = HINTS.get(stranger.text.lower(), "a rule is one yes/no expression over tags")
        return fault(DefinitionError, f"'{stranger.text}' is no part of a rule", text, _place(stranger), hint)
    for side, token in _lonely(found):
        return fault(DefinitionError, f"a value is missing {side} '{token.text.lower()}'", text, _place(token))
    first: dict[str, Any] = error.errors[0] if error.errors else {}
    place = (first.get("line"), first.get("col"))
    token = next((t for t in found if (t.line, t.col) == place), found[-1])
    if str(first.get("description", "")).startswith("Required keyword"):
        return fault(DefinitionError, f"something is missing after '{token.text.lower()}'", text, _place(token))
    return fault(DefinitionError, f"'{token.text}' cannot stand here", text, _place(token), "join conditions with and, or")


def _lonely(found: list[Token]) -> Iterator[tuple[str, Token]]:
    """Yield the operators that have no value on one side."""
    kinds = [None, *(token.token_type for token in found), None]
    for token, before, after in zip(found, kinds, kinds[2:], strict=False):
        kind = token.token_type
        if kind in BETWEEN_VALUES and kind not in SIGNS and (before not in STARTS) and before is not TokenType.NOT:
            yield "before", token
        elif (kind in BETWEEN_VALUES or kind is TokenType.NOT) and after in ENDS:
            yield "after", token
