"""Which names need quotes, for every engine at once."""

from __future__ import annotations

import re

from sqlglot import exp

RESERVED = frozenset(
    "all analyse analyze and any array as asc asymmetric at authorization between both by case cast check collate column "
    "constraint create cross current current_date current_time current_timestamp current_user date day default deferrable delete "
    "desc describe distinct do drop else end except exists false fetch filter first for foreign from full function glob grant "
    "group grouping having hour if ilike in index initially inner insert intersect interval into is isnull join key lambda last "
    "lateral leading left like limit local map minute month natural no not notnull null offset on only or order outer over "
    "overlaps partition pivot pivot_longer pivot_wider placing positional primary qualify range references returning right row "
    "rows second select semi session_user set show similar some struct summarize symmetric table tablesample then time timestamp "
    "to trailing true union unique unpivot update user using values variadic verbose view when where window with year".split()
)


def quote_names(tree: exp.Expr) -> exp.Expr:
    """Quote every identifier of *tree* that is reserved somewhere or not plain lower_snake_case; changes *tree*."""
    for identifier in tree.find_all(exp.Identifier):
        name = identifier.name
        if name.lower() in RESERVED or not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
            identifier.set("quoted", True)
    return tree
