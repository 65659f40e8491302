"""The `[policy]` table of c360.toml as checked data: who may be contacted for what, how often, and who must agree; knows no row."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ANALYSIS = "analysis"  # the one purpose every policy knows: nobody is contacted, keys are hashed, no personal column leaves

Share = Annotated[float, Field(gt=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class PurposePolicy(_Strict):
    """What lists of one purpose must leave out, and what they may hold."""

    consent: Annotated[str, Field(description="the tag that lists the channels a customer has agreed to; read anew")] = ""
    suppress: Annotated[list[str], Field(description="segments left out, of the as-of date; unknown is left out too")] = []
    personal: Annotated[list[str], Field(description="personal columns that such a list may hold")] = []
    keep_days: Annotated[int | None, Field(ge=1, description="how long such a list may be kept")] = None


class ChannelPolicy(_Strict):
    """What one channel needs, how much it can do and what it costs."""

    reach: Annotated[str, Field(description="the yes/no tag of who can be reached on it")] = ""
    capacity: Annotated[int | None, Field(ge=1, description="contacts in one list, and in one month of campaigns")] = None
    cost: Annotated[float, Field(ge=0, description="of one contact")] = 0.0
    personal: Annotated[list[str] | None, Field(description="personal columns that it needs; else what the purpose may")] = None


class Cap(_Strict):
    """At most so many contacts of one customer in any so many days; on one channel or for one purpose where it says so."""

    most: Annotated[int, Field(ge=0)]
    days: Annotated[int, Field(ge=1, le=366)]
    channel: str = ""
    purpose: str = ""


class ContactHistory(_Strict):
    """Which source tells of past contacts, and in which of its columns."""

    source: str = "contact"
    on: str = "on"
    channel: str = "channel"
    purpose: str = "purpose"
    campaign: str = ""
    where: Annotated[str, Field(description="which of its rows are contacts of ours, as a rule over its columns")] = ""
    match_days: Annotated[int, Field(ge=0, description="a row so many days after a list's day is that list's contact")] = 14


class HoldoutPolicy(_Strict):
    """Customers whom no campaign ever contacts, to see what all campaigns together do."""

    share: Annotated[float, Field(ge=0, lt=1)] = 0.0
    salt: str = "global"
    purposes: Annotated[list[str], Field(description="whose lists leave them out; none: all but care")] = []


class ApprovalPolicy(_Strict):
    """From when on a list needs a second person's yes: so many rows, or personal columns."""

    rows: Annotated[int | None, Field(ge=1)] = None
    personal: bool = False
    two_from: Annotated[int | None, Field(ge=1, description="two persons' from so many rows on")] = None
    expires_days: Annotated[int, Field(ge=1)] = 14


class OfferPolicy(_Strict):
    """Which tags and segments tell whether an offer fits a customer."""

    network: Annotated[str, Field(description="the ordered tag of what the customer's device can")] = ""
    in_contract: Annotated[str, Field(description="the yes/no tag of who is inside a contract")] = ""
    bill: Annotated[str, Field(description="the money tag of what the customer pays a month")] = ""
    no_dear: Annotated[str, Field(description="the segment to whom nothing dear is offered")] = ""
    asked: Annotated[str, Field(description="the yes/no tag or segment of who asked for an offer; stage rules spare them")] = ""
    stage_rules: Annotated[list[str], Field(description="of a purpose's suppress, those that asking lifts")] = []
    dilution: Annotated[Literal["exclude", "flag"], Field(description="what becomes of whom the offer would lower the bill of")] = (
        "exclude"
    )


class Policy(_Strict):
    """The whole contact policy. A list of people to contact leaves only under it."""

    entity: Annotated[str, Field(description="whose consent and contacts these are")] = "customer"
    purposes: dict[str, PurposePolicy] = {}
    channels: dict[str, ChannelPolicy] = {}
    caps: list[Cap] = []
    contacts: ContactHistory | None = None
    never: Annotated[list[str], Field(description="segments that no list to contact may hold; read anew")] = []
    never_lists: Annotated[list[str], Field(description="files of keys that no list to contact may hold; read anew")] = []
    max_age_days: Annotated[int | None, Field(ge=0, description="how old consent and lists may be on the day of contact")] = None
    preference: Annotated[str, Field(description="the tag that ranks a customer's channels")] = ""
    quiet_weekdays: list[str] = []
    quiet_days: list[date] = []
    min_rows: Annotated[int | None, Field(ge=1, description="a shorter list is refused")] = None
    max_rows: Annotated[int | None, Field(ge=1, description="a longer list is refused")] = None
    max_share: Annotated[Share | None, Field(description="of the base; a larger list is refused")] = None
    max_change: Annotated[float | None, Field(gt=0, description="against the last list of the name; more is refused")] = None
    keep_days: Annotated[int, Field(ge=1, description="how long a list may be kept")] = 90
    canaries: Annotated[str, Field(description="a CSV file of the company's own customers, one a recipient")] = ""
    holdout: HoldoutPolicy = HoldoutPolicy()
    approval: ApprovalPolicy | None = None
    offers: OfferPolicy = OfferPolicy()

    @field_validator("quiet_weekdays")
    @classmethod
    def _known_weekdays(cls, days: list[str]) -> list[str]:
        for day in days:
            if day not in WEEKDAYS:
                raise ValueError(f"'{day}' is no weekday, write one of {', '.join(WEEKDAYS)}")
        return days

    @model_validator(mode="after")
    def _told_once(self) -> Policy:
        if ANALYSIS in self.purposes:
            raise ValueError(f"'{ANALYSIS}' is what c360 calls lists that contact nobody; call your purpose otherwise")
        for cap in self.caps:
            if cap.channel and cap.channel not in self.channels:
                raise ValueError(f"a cap names the channel '{cap.channel}', which [policy.channels] does not")
            if cap.purpose and cap.purpose not in self.purposes:
                raise ValueError(f"a cap names the purpose '{cap.purpose}', which [policy.purposes] does not")
        return self


def policy_model(keys: list[str]) -> type[BaseModel]:
    """Return the model of the table at *keys* below ``[policy]``."""
    inner: dict[str, type[BaseModel]] = {
        "purposes": PurposePolicy, "channels": ChannelPolicy, "caps": Cap, "contacts": ContactHistory, "holdout": HoldoutPolicy,
        "approval": ApprovalPolicy, "offers": OfferPolicy,
    }  # fmt: skip
    return inner.get(keys[0], Policy) if keys else Policy
