"""What the pages about sources, windows, keys, segments, recipes and time hold besides what docstrings and specs say."""

from __future__ import annotations

import c360
from c360.datatypes import common_type
from c360.expr.nodes import Aggregate, Followed, Shifted
from c360.expr.schema import ROLES
from c360.language.expression import Expression
from c360.language.sources import KeyExpression, Rows
from c360.language.windows import Span
from reference.tables import markdown_table
from reference.topics import Entry, Topic, docstring, topic_page
from reference.words import KINDS, NUMBERS, name_of

TYPES = {
    "Boolean": "yes or no; in a table of an example `T` and `F`",
    "Integer": "a whole number of 64 bits",
    "Number": "a floating-point number; sums of it are added in millionths, so no order of rows changes them",
    "Money": "an amount with 2 decimals, exact; its sums stay exact",
    "Volume": "an amount with 3 decimals, exact: megabytes, minutes, litres",
    "Text": "any text, compared by code point; counts as personal unless its column says otherwise",
    "Date": "a day",
    "Month": "a calendar month; as a date its last day",
    'Category["a", "b"]': "one of some texts; a misspelt level is an error at the author's line",
    'Ordered["low", "high"]': "levels from low to high, which compare; written texts are looked up among them",
    "Key[Line]": "names one row of an entity; its columns are followed with a dot",
}
MADE_TYPES = {
    "rate": "what divisions of exact amounts give: a number rounded to 6 decimals before anything else is done with it",
    "list": "texts in an order, from `.top(…)`",
}
ROLE_NAMES = ("column", "event", "since", "fixed", "current", "planned", "later")
CONTRACT = '''class Bill(Facts):
    """One line's bill for a month."""

    line: Key[Line]
    month: Month
    total: Money'''


def topic_pages() -> dict[str, str]:
    """Return the pages by file name."""
    return {topic.file: topic_page(topic) for topic in TOPICS}


def topic_lines() -> list[tuple[str, str, str]]:
    """Return file, title and contents of every topic, for the index."""
    return [(t.file, t.title, ", ".join(f"`{e.text}`" for e in t.entries)) for t in TOPICS]


def _sources() -> str:
    methods = {
        ".where(condition)": Rows.where, ".last(window)": Rows.last, ".count()": Rows.count,
        ".days_since_last(within=None)": Rows.days_since_last, ".longest_run()": Rows.longest_run, "rows[value]": Rows.__getitem__,
    }  # fmt: skip
    told = "\n".join(f"- `{text}`: {docstring(method)}" for text, method in methods.items())
    said = "A source, or a selection of its rows, has these; they may follow each other."
    return "\n\n".join([f"```python\n{CONTRACT}\n```", _types(), _roles(), "## Rows", said, told])


def _types() -> str:
    rows = [[f"`{name}`", told] for name, told in TYPES.items()] + [[f"*{name}*", told] for name, told in MADE_TYPES.items()]
    matrix = []
    for left in NUMBERS:
        common = [common_type(KINDS[left], KINDS[right]) for right in NUMBERS]
        matrix.append([left, *("—" if made is None else name_of(made) for made in common)])
    parts = [
        "## Types of values",
        "A column's annotation; the last two are made by expressions only.",
        markdown_table(("type", "values"), rows),
        "Two numbers side by side (`+`, `-`, `least`, `.or_else`, `when(…)`) take their common type; — is refused:",
        markdown_table(("", *NUMBERS), matrix),
    ]
    return "\n\n".join(parts)


def _roles() -> str:
    written = {role: f"`{role}()`" for role in ROLES}
    written |= {"value": "`column()`, and facts' columns without a role", "later": '`later(by="closed_on")`'}
    rows = [[f"*{role}*", written[role], told] for role, told in ROLES.items()]
    said = "\n".join(f"- `{name}(…)`: {docstring(getattr(c360, name))}" for name in ROLE_NAMES)
    table = markdown_table(("role", "written", "meaning"), rows)
    return "\n\n".join(["## Roles of columns", "What a column says of a past day.", table, said])


def _choices() -> str:
    return "The choice of one value among several by conditions stands in [choices](choice.md), with the SQL of each."


def _sets() -> str:
    rows = [
        ["`a & b`, `a | b`", "members of both, of either"],
        ["`~segment`", "its universe minus it"],
        ["`a - b`", docstring(c360.Segment.__sub__)],
        ["`key[segment]`", "whether the row that the key names is a member; null where there is no such row"],
        ["`segment.any()`, `.all()`, `.none()`, `.share()`", "of rows below: lines that are members"],
    ]
    return "## Sets\n\n" + markdown_table(("written", "meaning"), rows)


SOURCES = Topic(
    "sources.md",
    "Sources, columns and rows",
    """A source is a class in `tags/sources.py`: its annotations are the columns, its kind says whose rows they are.
    Where the data is, and how its columns, codes and units become these, is the binding's business (`c360.toml`).""",
    (
        Entry("class Customer(Entity)", c360.Entity),
        Entry("class Bill(Facts)", c360.Facts),
        Entry("class Services(Attributes[Customer])", c360.Attributes),
        Entry("Key[Line]", c360.Key),
        Entry('Category["a", "b"]', c360.Category),
        Entry('Ordered["low", "high"]', c360.Ordered),
    ),
    ("test_entities", "test_attributes"),
    _sources,
)
WINDOWS = Topic(
    "windows.md",
    "Windows",
    """A window says which rows count, by their date, relative to the as-of day D. `days(n)` ends with D; `months(n)`
    are the last complete months at D, so 31 October includes October and 15 November does not include November.""",
    (
        Entry("days(n)", c360.days),
        Entry("months(n)", c360.months),
        Entry("window.before(later)", Span.before),
        Entry("rows.last(window)", Rows.last),
    ),
    ("test_windows",),
)
KEYS = Topic(
    "following-keys.md",
    "Following keys",
    """A key names one row of an entity. With a dot one of its columns is taken (`Bill.line.plan.fee`), with brackets
    anything that is a value of that entity: a tag, an attribute, an aggregate over its rows. Where no such row is
    there, the value is null; `c360 check` counts such orphans.""",
    (Entry("key[value]", KeyExpression.__getitem__),),
    ("test_following_keys",),
    about=(Followed,),
)
BELOW = Topic(
    "rows-below.md",
    "Rows below, and the owner beside them",
    """A customer's lines are asked together (any, all, none, share, count, sum, max …), also over their tags; and
    each line may stand beside what its customer is. Up needs an [aggregate](aggregates.md), down a [key that is
    followed](following-keys.md); anything else is refused where it is written.""",
    (Entry("rows[value]", Rows.__getitem__),),
    ("test_quantifiers", "test_broadcast"),
    about=(Aggregate, Followed),
)
SEGMENTS = Topic(
    "segments.md",
    "Tags and segments",
    """A definition is an assignment in `tags/` or `segments/`; the variable is its name. A tag is a value of every
    row of an entity, a segment a set within a universe: in an expression never unknown.""",
    (
        Entry("tag(value, …)", c360.tag),
        Entry("segment(rule, …)", c360.segment),
        Entry("play(title=…, law=…, text=…, answers=[…])", c360.play),
        Entry("Play", c360.Play),
        Entry("campaign(segment=…, purpose=…, channels=(…), …)", c360.campaign),
        Entry("Campaign", c360.Campaign),
        Entry("Offer(name, …)", c360.Offer),
        Entry("apart(other, days=…)", c360.apart),
        Entry("given(…).gives(…)", c360.given),
        Entry("param(name, default)", c360.param),
        Entry("Tag", c360.Tag),
        Entry("Segment", c360.Segment),
    ),
    ("test_segments",),
    _sets,
)
RECIPES = Topic(
    "recipes.md",
    "Recipes",
    "Common shapes of rules; each returns an ordinary expression.",
    (
        Entry("tiers(value, high=150, …, otherwise=…)", c360.tiers),
        Entry("first_match(left=condition, …, otherwise=…)", c360.first_match),
        Entry("when(condition).then(value)…", c360.when),
        Entry("scorecard(signal=(condition, points), …)", c360.scorecard),
        Entry("dominant(price=score, …)", c360.dominant),
        Entry("ranking(voice=score, …)", c360.ranking),
        Entry("grid(rows, columns, cells)", c360.grid),
    ),
    ("test_choice", "test_scoring"),
    _choices,
)
TIME = Topic(
    "time.md",
    "Time shift and outcomes",
    """The language has no clock; every run has its day D. `.ago(…)` asks the same question of an earlier day,
    `outcome(…)` of a later one, which only evaluation may do.""",
    (
        Entry("value.ago(months=0, days=0)", Expression.ago),
        Entry("outcome(value, within=window)", c360.outcome),
        Entry("as_of()", c360.as_of),
        Entry("value.describe(lang)", Expression.describe),
    ),
    ("test_shifts", "test_outcomes"),
    about=(Shifted,),
)
TOPICS = (SOURCES, WINDOWS, KEYS, BELOW, SEGMENTS, RECIPES, TIME)
