"""Yes/no columns in, queries that count them all in one scan out: sums of CASE, masks of 63 bits a word; knows no segment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from c360.sql.files import stored_files
from c360.sql.queries import ASKED
from c360.sql.render import to_text

# Of a signed word of 64 bits, the widest whole number that every engine has.
BITS = 63


def place_of(number: int) -> tuple[int, int]:
    """Return the word, and the bit in it, of the yes/no value *number*."""
    return divmod(number, BITS)


def words_for(count: int) -> list[str]:
    """Return the names of the words that hold *count* yes/no values."""
    return [f"mask_{word}" for word in range(-(-count // BITS))]


def counts_of(rows: exp.Subquery, questions: Sequence[tuple[str, str]]) -> exp.Select:
    """Return the query of ``all_rows`` and, for the question in place i, ``u{i}``, ``m{i}`` and ``n{i}``.

    A question is a universe's and a rule's column in *rows* (an empty universe: all rows). Its counts are the rows of the universe,
    those for which the rule is true, and those for which it is unknown.
    """
    columns: list[exp.Expr] = [exp.alias_(exp.Count(this=exp.Star()), "all_rows")]
    for number, (universe, rule) in enumerate(questions):
        if universe:
            columns.append(exp.alias_(_sum(_column(universe)), f"u{number}"))
        unknown = exp.Is(this=_column(rule), expression=exp.Null())
        for name, met in (("m", _column(rule)), ("n", unknown)):
            inside = exp.And(this=_column(universe), expression=met) if universe else met
            columns.append(exp.alias_(_sum(inside), f"{name}{number}"))
    return exp.select(*columns, copy=False).from_(rows, copy=False)


def mask_columns(members: Sequence[exp.Expr]) -> list[exp.Expr]:
    """Return the words that hold the yes/no expressions *members*, one bit each, the first the lowest of the first word."""
    made = []
    for word in range(-(-len(members) // BITS)):
        made.append(exp.alias_(_word(members[word * BITS : (word + 1) * BITS]), f"mask_{word}"))
    return made


def patterns_of(rows: exp.Subquery, members: Sequence[str]) -> exp.Select:
    """Return the query of the different masks of the columns *members* in *rows*, each with its number of rows, ``n``."""
    masks = mask_columns([_column(name) for name in members])
    return grouped(exp.select(*masks, copy=False).from_(rows, copy=False).subquery("masks"), words_for(len(members)))


def grouped(masks: exp.Subquery, words: Sequence[str]) -> exp.Select:
    """Return the query of the different values of *words* together, each with its number of rows, ``n``."""
    names = [exp.column(word) for word in words]
    query = exp.select(*names, exp.alias_(exp.Count(this=exp.Star()), "n"), copy=False).from_(masks, copy=False)
    return query.group_by(*(name.copy() for name in names), copy=False)


def stored_pairs(paths: Sequence[str], places: Sequence[int], base: int | None) -> str:
    """Return the query of `pairs_of` for the bits in *places* of stored words ``mask_0`` …, and behind them the bit *base*.

    Without *base* it is true of every row. Rows are grouped by what the words hold of these bits first: there are far fewer
    patterns than rows.
    """
    wanted: dict[int, int] = {}
    for place in (*places, *([] if base is None else [base])):
        word, bit = place_of(place)
        wanted[word] = wanted.get(word, 0) | 1 << bit
    kept = [exp.alias_(_and(exp.column(f"mask_{word}"), mask), f"mask_{word}") for word, mask in sorted(wanted.items())]
    narrow = exp.select(*kept, copy=False).from_(stored_files(paths), copy=False).subquery("narrow")
    few = grouped(narrow, [f"mask_{word}" for word in sorted(wanted)]).subquery("few")
    met = [*(has_bit(place) for place in places), exp.true() if base is None else has_bit(base)]
    patterns = exp.select(*mask_columns(met), exp.column("n"), copy=False).from_(few, copy=False)
    return to_text(pairs_of(patterns, len(met)))


def has_bit(place: int, table: str | None = None) -> exp.Expr:
    """Return the condition that the yes/no value in *place* of stored words is true."""
    word, bit = place_of(place)
    held = exp.Paren(this=_and(exp.column(f"mask_{word}", table=table), 1 << bit))
    return exp.NEQ(this=held, expression=exp.Literal.number(0))


def pairs_of(patterns: exp.Select, count: int) -> exp.Select:
    """Return the query of how many rows each pair of *count* yes/no values share: ``a``, ``b`` and ``n``, a with itself too.

    The places of a mask's bits are listed once a pattern and paired with themselves; counting every pair of columns by itself takes
    thirty times as long. Pairs that share no row are left out.
    """
    listed = exp.select(exp.alias_(_places(count), "places"), exp.column("n"), copy=False)
    listed = listed.from_(patterns.subquery("patterns"), copy=False)
    spread = exp.select(exp.alias_(_unnest("places"), "a"), exp.column("places"), exp.column("n"), copy=False)
    spread = spread.from_(listed.subquery("listed"), copy=False)
    paired = exp.select(exp.column("a"), exp.alias_(_unnest("places"), "b"), exp.column("n"), copy=False)
    paired = paired.from_(spread.subquery("spread"), copy=False)
    query = exp.select(exp.column("a"), exp.column("b"), exp.alias_(exp.Sum(this=exp.column("n")), "n"), copy=False)
    return query.from_(paired.subquery("paired"), copy=False).group_by(exp.column("a"), exp.column("b"), copy=False)


def _places(count: int) -> exp.Expr:
    """Return the list of the places whose bits are set, over all words."""
    lists = []
    for number, word in enumerate(words_for(count)):
        here = min(BITS, count - number * BITS)
        moved = exp.Paren(this=exp.BitwiseRightShift(this=exp.column(word), expression=exp.column("x")))
        is_set = exp.EQ(this=exp.Paren(this=_and(moved, 1)), expression=exp.Literal.number(1))
        shown: exp.Expr = exp.column("x")
        if number:
            shown = exp.Add(this=shown, expression=exp.Literal.number(number * BITS))
        places = exp.Anonymous(this="RANGE", expressions=[exp.Literal.number(here)])
        each = exp.Comprehension(this=shown, expression=exp.to_identifier("x"), iterator=places, condition=is_set)
        lists.append(exp.Array(expressions=[each]))
    return lists[0] if len(lists) == 1 else exp.Anonymous(this="LIST_CONCAT", expressions=lists)


def _word(members: Sequence[exp.Expr]) -> exp.Expr:
    """Return the sum of the bits of *members*; a yes/no that is unknown has none."""
    bits = [exp.Case(ifs=[exp.If(this=met, true=_number(1 << bit))], default=_number(0)) for bit, met in enumerate(members)]
    total: exp.Expr = bits[0]
    for bit in bits[1:]:
        total = exp.Add(this=total, expression=bit)
    return total


def _sum(met: exp.Expr) -> exp.Expr:
    one, none = exp.Literal.number(1), exp.Literal.number(0)
    return exp.Sum(this=exp.Case(ifs=[exp.If(this=met, true=one)], default=none))


def _number(value: int) -> exp.Expr:
    return exp.Cast(this=exp.Literal.number(value), to=exp.DataType.build("BIGINT"))


def _and(value: exp.Expr, mask: int) -> exp.Expr:
    return exp.BitwiseAnd(this=value, expression=exp.Literal.number(mask))


def _unnest(name: str) -> exp.Expr:
    return exp.Explode(this=exp.column(name))


def _column(name: str) -> exp.Expr:
    return exp.column(name, table=ASKED)
