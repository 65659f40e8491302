"""Campaigns: whom to contact for what, on which channels and in which order, as authors write them; knows no list and no data."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from c360.errors import DefinitionError, DuplicateName, UsageError, author_line
from c360.expr.dates import as_day
from c360.language.definitions import Segment, Tag, check_name

PRIORITY = 100  # of a campaign that says none: behind those that do


@dataclass(frozen=True)
class Offer:
    """What a campaign offers, as the fit rules read it; the customer never sees this text.

    *monthly_fee* is what the customer will pay a month afterwards, in the currency of the bills; None: the offer does not
    change the bill. *cost* is ours, once a yes. *needs_network* is the lowest level of the policy's network tag that the
    customer's device must have. Without *allowed_in_contract* nobody inside a contract gets it; one that is *dear* is kept
    from those whom the policy spares dear offers. Raises DefinitionError with the file and line.
    """

    name: str
    title: str = ""
    monthly_fee: float | None = None
    cost: float = 0.0
    needs_network: str = ""
    allowed_in_contract: bool = True
    dear: bool = False
    zh: str = ""

    def __post_init__(self) -> None:
        texts: tuple[tuple[str, object], ...] = (("name", self.name), ("needs_network", self.needs_network))
        for told, value in texts:
            if not isinstance(value, str) or (told == "name" and not value):
                raise DefinitionError(f"the {told} of an offer is text, found {value!r}", hint='Offer(name="upgrade_5g")')
        for told in ("allowed_in_contract", "dear"):
            if not isinstance(getattr(self, told), bool):
                raise DefinitionError(f"{told} of an offer is True or False, found {getattr(self, told)!r}")
        if self.monthly_fee is not None:
            object.__setattr__(self, "monthly_fee", _amount("the monthly fee of an offer", self.monthly_fee, least=0))
        object.__setattr__(self, "cost", _amount("the cost of an offer", self.cost, least=0))


@dataclass(frozen=True)
class Apart:
    """Nobody whom the campaign *name* contacted is contacted again within *days* days; the campaign itself may be meant."""

    name: str
    days: int


@dataclass(frozen=True)
class Campaign:
    """One campaign as plain data; `c360.campaign` says what each part means. *entity* is that of its segment."""

    name: str
    segment: str
    entity: str
    purpose: str
    channels: tuple[str, ...]
    title: str = ""
    zh: str = ""
    owner: str = ""
    description: str = ""
    priority: int = PRIORITY
    score: str = ""
    value: str | float | None = None
    offer: Offer | None = None
    starts: date | None = None
    ends: date | None = None
    apart: tuple[Apart, ...] = ()
    holdout: float = 0.0
    salt: str = ""
    strata: str = ""
    columns: tuple[str, ...] | None = None
    order: tuple[str, ...] = ()
    limit: int | None = None
    one_per: str = ""
    where: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The tags, segments and contract columns it speaks of, each once, the segment first."""
        value = [self.value] if isinstance(self.value, str) else []
        rest = [self.score, *value, self.strata, *(self.columns or ()), *(text.lstrip("-+") for text in self.order), self.one_per]
        return tuple(dict.fromkeys(name for name in (self.segment, *rest) if name))

    def named(self, name: str) -> Campaign:
        """Return the campaign under the name of its variable, its salt that name unless it has one.

        Raises DefinitionError for a name that cannot be one.
        """
        check_name(name, "campaign", self.where)
        return replace(self, name=name, salt=self.salt or name)

    def valid_between(self, first: date, last: date) -> bool:
        """Return whether it runs on some day from *first* to *last*."""
        return (self.starts is None or self.starts <= last) and (self.ends is None or self.ends >= first)


def apart(other: str | Campaign, *, days: int) -> Apart:
    """Keep a campaign *days* days away from the campaign *other*: whoever that contacted is not contacted within them.

    *other* is a campaign or its name, so that two may keep apart from each other, and one from its own last round.
    """
    return Apart(_other(other), _days_apart(days))


def campaign(
    *,
    segment: Segment | str,
    purpose: str,
    channels: Iterable[str],
    title: str = "",
    zh: str = "",
    owner: str = "",
    description: str = "",
    priority: int = PRIORITY,
    score: Tag | str = "",
    value: Tag | str | float | None = None,
    offer: Offer | None = None,
    starts: date | str | None = None,
    ends: date | str | None = None,
    apart: Iterable[Apart] = (),
    holdout: float = 0.0,
    salt: str = "",
    strata: Tag | str = "",
    columns: Iterable[Tag | Segment | str] | None = None,
    order: Iterable[Tag | str] = (),
    limit: int | None = None,
    one_per: Tag | str = "",
) -> Campaign:
    """Define a campaign: members of *segment*, contacted for *purpose* on the first of *channels* that is open to each.

    The variable it is assigned to is its name. Purposes and channels are those of the policy in ``c360.toml``; they are
    held against it when a list is made. Tags, columns and the segment may be given by name.

    Where a customer fits several, the campaign of the lowest *priority* gets them, 1 before 2; of equal ones that with the
    highest *score* × *value*. *score* is a numeric tag, 1 where none is given: best the chance of a yes. *value* is what a
    yes is worth: a tag of money or a number, or one amount for all. *order* and *limit* are those of a list; without
    *order* it is *score*, falling. *one_per* is a column or tag, such as an account, of which one row is taken.

    It runs from *starts* to *ends*, both included. *holdout* is the share of people who are left out on purpose, by buckets
    of *salt* (else the campaign's name), reported by the levels of *strata*. *columns* are those of its list; None shows
    what its rule refers to. Raises DefinitionError with the file and line.
    """
    where = author_line() or ""
    found = tuple(_names("columns", columns, Tag, Segment)) if columns is not None else None
    ordered = tuple(_names("order", order, Tag))
    scored = _name("score", score, Tag)
    made = Campaign(
        "", _name("segment", segment, Segment), segment.draft.entity if isinstance(segment, Segment) else "",
        _text("purpose", purpose), _channels(channels), _text("title", title), _text("zh", zh), _text("owner", owner),
        _text("description", description), _whole("priority", priority), scored, _value(value), _offer(offer),
        _day("starts", starts), _day("ends", ends), _aparts(apart), _share(holdout), _text("salt", salt),
        _name("strata", strata, Tag), found, ordered or ((f"-{scored}",) if scored else ()),
        None if limit is None else _whole("limit", limit), _name("one_per", one_per, Tag), where,
    )  # fmt: skip
    _whole_campaign(made)
    return made


def _whole_campaign(made: Campaign) -> None:
    """Refuse what is missing, and what does not go together."""
    for told, value, example in (("segment", made.segment, "segment=renewal_due"), ("purpose", made.purpose, 'purpose="offer"')):
        if not value:
            raise DefinitionError(f"a campaign has a {told}", hint=example)
    if made.starts is not None and made.ends is not None and made.ends < made.starts:
        raise DefinitionError(f"a campaign ends when it has started; found {made.starts} to {made.ends}", hint="swap the two")


def _other(other: object) -> str:
    name = other.name if isinstance(other, Campaign) else other
    if not isinstance(name, str) or not name:
        raise DefinitionError("apart(…) names a campaign", hint='apart("spring_upsell", days=30)')
    return name


def _days_apart(days: object) -> int:
    if not isinstance(days, int) or isinstance(days, bool) or days < 1:
        raise DefinitionError(f"campaigns are whole days apart, 1 or more, found {days!r}", hint='apart("spring_upsell", days=30)')
    return days


def _offer(offer: object) -> Offer | None:
    if offer is not None and not isinstance(offer, Offer):
        raise DefinitionError("the offer of a campaign is an Offer(…)", hint='offer=Offer(name="upgrade_5g", monthly_fee=99)')
    return offer


def _channels(channels: Iterable[Any]) -> tuple[str, ...]:
    if isinstance(channels, str):
        raise DefinitionError("channels are listed in order", hint=f'channels=("{channels}",)')
    found = tuple(channels)
    if not found or not all(isinstance(one, str) and one for one in found):
        raise DefinitionError("a campaign names one channel or more", hint='channels=("call", "sms")')
    return _once("channels", found)


def _names(told: str, values: Iterable[Any], *kinds: type[Tag] | type[Segment]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise DefinitionError(f"{told} are several names", hint=f'{told}=("{values}",)')
    return _once(told, tuple(_name(told, value, *kinds, is_needed=True) for value in values))


def _once(told: str, names: tuple[str, ...]) -> tuple[str, ...]:
    plain = [name.lstrip("-+") for name in names]
    twice = [name for name in plain if plain.count(name) > 1]
    if twice:
        raise DuplicateName(f"{told} of a campaign name '{twice[0]}' twice", hint="name it once")
    return names


def _name(told: str, value: Any, *kinds: type[Tag] | type[Segment], is_needed: bool = False) -> str:
    """Return the name that stands for *value*, a definition of one of *kinds* or a name already."""
    if isinstance(value, kinds):
        return value.name
    if isinstance(value, str) and (value or not is_needed):
        return value
    expected = " or ".join(kind.__name__.lower() for kind in kinds)
    raise DefinitionError(f"{told} of a campaign is a {expected} or its name", hint=f"define the {expected} first, then name it")


def _value(value: Any) -> str | float | None:
    if value is None:
        return None
    if isinstance(value, (str, Tag)):
        return _name("value", value, Tag, is_needed=True)
    return _amount("the value of a yes", value)


def _amount(told: str, value: Any, *, least: float | None = None) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or not math.isfinite(value):
        raise DefinitionError(f"{told} is a number, found {value!r}")
    if least is not None and value < least:
        raise DefinitionError(f"{told} is {least:g} or more, found {value}")
    return float(value)


def _whole(told: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise DefinitionError(f"the {told} of a campaign is a whole number, 1 or more, found {value!r}", hint=f"{told}=1")
    return value


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or not 0 <= value < 1:
        raise DefinitionError(
            f"the holdout is a share, 0 or more and below 1, found {value!r}", hint="holdout=0.1 holds out a tenth"
        )
    return float(value)


def _text(told: str, value: Any) -> str:
    if not isinstance(value, str):
        raise DefinitionError(f"the {told} of a campaign is text, found {type(value).__name__}", hint=f'{told}="…"')
    return value


def _day(told: str, value: Any) -> date | None:
    if value is None:
        return None
    try:
        return as_day(value)
    except UsageError:
        raise DefinitionError(f"{told} of a campaign is a day, found {value!r}", hint=f'{told}="2026-11-01"') from None


def _aparts(found: Iterable[Apart]) -> tuple[Apart, ...]:
    given = (found,) if isinstance(found, Apart) else tuple(found)
    for one in given:
        if not isinstance(one, Apart):
            raise DefinitionError("apart lists apart(…)", hint='apart=(apart("spring_upsell", days=30),)')
    _once("apart", tuple(one.name for one in given))
    return given
