"""Rows of examples that differ by a number only: templates in, the text of a table out."""


def many(template: str, first: int, last: int) -> str:
    """Return *template* for every number from *first* to *last*: ``many("L{n}|W", 1, 2)`` is ``L1|W; L2|W``."""
    return "; ".join(template.format(n=number) for number in range(first, last + 1))


def rows(*parts: str) -> str:
    """Return one table: its head, then its rows."""
    return "; ".join(parts)
