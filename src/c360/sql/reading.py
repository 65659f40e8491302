"""A rule as text in, its phrases out, or an error with a caret: the one place where a user's text meets a parser; knows no name.

What is let through is listed: tokens and their order, kinds of nodes with the arguments each may have. Functions are calls of
any name here; who reads the phrases knows which there are.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlglot import exp, tokens
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.parsers.duckdb import DuckDBParser
from sqlglot.tokenizer_core import Token, TokenType

from c360.errors import DefinitionError, TooDeep
from c360.language.phrases import Phrase, fault
from c360.sql.render import deep_recursion
from c360.sql.rule_nodes import NodeReader
from c360.sql.rule_tokens import KEYWORDS, NAME_IT, SYMBOLS, check_tokens, misplaced

LONGEST = 10_000_000


class _RuleParser(DuckDBParser):
    """DuckDB's grammar without its functions: every call is one of a name, and constants know their place."""

    FUNCTIONS: ClassVar[Any] = {}
    FUNCTION_PARSERS: ClassVar[Any] = {"CAST": DuckDBParser.FUNCTION_PARSERS["CAST"]}
    NO_PAREN_FUNCTIONS: ClassVar[Any] = {}
    NO_PAREN_FUNCTION_PARSERS: ClassVar[Any] = {"CASE": DuckDBParser.NO_PAREN_FUNCTION_PARSERS["CASE"]}
    PRIMARY_PARSERS: ClassVar[Any] = {
        **DuckDBParser.PRIMARY_PARSERS,
        TokenType.NULL: lambda self, token: self.expression(exp.Null(), token),
        TokenType.TRUE: lambda self, token: self.expression(exp.Boolean(this=True), token),
        TokenType.FALSE: lambda self, token: self.expression(exp.Boolean(this=False), token),
    }


class RuleText(DuckDB):
    """DuckDB's SQL cut down to what a rule may say: other words are names."""

    SUPPORTS_USER_DEFINED_TYPES = False
    UNESCAPED_SEQUENCES: dict[str, str] = {}
    Parser = _RuleParser

    class Tokenizer(tokens.Tokenizer):
        """Knows the words of rules only, and plain texts in single quotes."""

        KEYWORDS: ClassVar[Any] = {word: kind for word, kind in (SYMBOLS | KEYWORDS).items() if len(word) > 1}
        COMMANDS: ClassVar[Any] = set()


def read_phrase(text: str) -> Phrase:
    """Return the phrases of *text*; raises DefinitionError that shows the place."""
    if len(text) > LONGEST:
        raise DefinitionError(f"expected a text of at most {LONGEST:,} characters, found {len(text):,}", where="the text")
    if not text.strip():
        raise fault(DefinitionError, "expected a rule, found an empty text", text, (0, 1), "write one like value_tier >= 'mid'")
    odd = next((i for i, char in enumerate(text) if char == "\0" or "\ud800" <= char <= "\udfff"), None)
    if odd is not None:
        raise fault(DefinitionError, "this is no character", text, (odd, odd + 1), "write the text in UTF-8")
    with deep_recursion():
        try:
            found = RuleText().tokenize(text)
        except SqlglotError:
            at = _open_quote(text)
            raise fault(DefinitionError, f"the quote {text[at]} is not closed", text, (at, at + 1)) from None
        if not found:
            raise fault(DefinitionError, "a rule holds no comments", text, (0, len(text)))
        closings = check_tokens(found, text)
        return NodeReader(text, closings).phrase(_parsed(found, text), 1)


def _open_quote(text: str) -> int:
    """Return where the quote opens that nothing closes."""
    opened, quote = 0, ""
    for i, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            opened, quote = i, char
    return opened


def _parsed(found: list[Token], text: str) -> Any:
    try:
        return RuleText().parser().parse_into(exp.Condition, found, text)[0]
    except ParseError as error:
        first: dict[str, Any] = error.errors[0] if error.errors else {}
        at = (first.get("line"), first.get("col"))
        raise misplaced(next((t for t in found if (t.line, t.col) == at), found[-1]), found, text) from None
    except RecursionError:
        raise fault(TooDeep, "this rule nests too deep", text, (0, len(text)), NAME_IT) from None
    except Exception:
        # A parser of whole SQL may trip over what is none; to the author it is one fault.
        raise fault(DefinitionError, "this cannot be read as a rule", text, (0, len(text))) from None
