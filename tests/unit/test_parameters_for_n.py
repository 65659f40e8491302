"""Parameters stand where a literal n may: places of a list, parts, shares; what cannot be is refused."""

from __future__ import annotations

import pytest

from c360 import param, tag
from c360.catalog import assemble
from c360.errors import C360Error
from c360.expr.schema import Schema
from c360.language.definitions import Named
from telecom import Bill, Ticket

N = {
    "favourites": lambda: Ticket.kind.top(param("lists.places", 3)),
    "tenth": lambda: Bill.total.sum().ntile(param("lists.parts", 10)),
    "before": lambda: Bill.total.sum().ago(months=param("lists.back", 1)),
    "typical": lambda: Bill.total.quantile(param("lists.share", 0.5)),
}


def resolved(name: str, **settings: object) -> str:
    """Return the words of a definition once its parameters are resolved."""
    from c360.expr.describe import describe

    made: Named = tag(N[name](), name=name, entity=None)
    catalog = assemble(
        Schema({**Ticket.specs(), **Bill.specs()}), [made.draft.finished()], {f"lists.{k}": v for k, v in settings.items()}
    )
    return describe(catalog.definitions[name].node)


def test_the_default_counts_until_a_setting_says_another() -> None:
    assert "3 most frequent" in resolved("favourites")
    assert "5 most frequent" in resolved("favourites", places=5)
    assert "10 equal parts" in resolved("tenth")
    assert "4 equal parts" in resolved("tenth", parts=4)
    assert resolved("before").endswith("1 month ago")
    assert resolved("before", back=12).endswith("12 months ago")
    assert resolved("typical", share=0.9).startswith("0.9 quantile")


@pytest.mark.parametrize(
    ("name", "setting"),
    [("favourites", {"places": 0}), ("tenth", {"parts": 1}), ("typical", {"share": 1.5}), ("before", {"back": 0})],
)
def test_a_setting_that_cannot_be_is_refused(name: str, setting: dict[str, object]) -> None:
    with pytest.raises(C360Error):
        resolved(name, **setting)


def test_a_default_that_cannot_be_is_refused_where_it_is_written() -> None:
    with pytest.raises(C360Error, match="1 to 50 places"):
        Ticket.kind.top(param("lists.places", 51))
