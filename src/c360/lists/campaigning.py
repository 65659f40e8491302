"""A workspace in; its campaigns as rows and cards, and past lists with what came of them, as plain data out; pulls no list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from c360.catalog.fitting import plays_for
from c360.errors import NothingMatched, did_you_mean
from c360.language.campaigns import Campaign

if TYPE_CHECKING:
    from c360.records.ledger import ListRecord
    from c360.workspace import Workspace


def rows(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the campaigns as plain data, the first to choose first; raises NothingMatched for none."""
    found = sorted(workspace.catalog.campaigns.values(), key=lambda one: (one.priority, one.name))
    if not found:
        raise NothingMatched(
            "no campaign is defined", hint="add one in segments/: a_name = campaign(segment=…, purpose=…, channels=…)"
        )
    return [_row(workspace, campaign) for campaign in found]


def card(workspace: Workspace, name: str) -> dict[str, Any]:
    """Return everything about one campaign as plain data, with the plays that fit its segment and its past lists."""
    known = workspace.catalog.campaigns
    if name not in known:
        raise NothingMatched(f"unknown campaign '{name}'", hint=did_you_mean(name, known) or "c360 campaigns lists them")
    campaign = known[name]
    segment = workspace.segment(campaign.segment)
    plays = [{"name": play.name, "title": play.title, "zh": play.zh} for play in plays_for(workspace.catalog, segment)]
    offer = (
        None if campaign.offer is None else {key: value for key, value in vars(campaign.offer).items() if value not in ("", None)}
    )
    return {
        **_row(workspace, campaign), "description": campaign.description, "score": campaign.score, "value": campaign.value,
        "offer": offer, "apart": {one.name: one.days for one in campaign.apart}, "salt": campaign.salt,
        "strata": campaign.strata, "columns": None if campaign.columns is None else list(campaign.columns),
        "order": list(campaign.order), "one_per": campaign.one_per, "hash": workspace.catalog.campaign_hash(name),
        "plays": plays, "lists": past(workspace, name),
    }  # fmt: skip


def past(workspace: Workspace, name: str = "") -> list[dict[str, Any]]:
    """Return the lists that left, of one campaign or of all, the last first, each with what was found to have come of it.

    ``results`` is null where nothing is known yet, else rates of yes among treated and held out and the uplift between them.
    """
    from c360.lists.evaluating import results_of

    found = [one for one in workspace.records.ledger.lists() if not name or (one.is_campaign and one.name == name)]
    return [{**_list(one), "results": results_of(workspace, one.list_id)} for one in reversed(found)]


def _row(workspace: Workspace, campaign: Campaign) -> dict[str, Any]:
    return {
        "name": campaign.name, "title": campaign.title, "zh": campaign.zh, "owner": campaign.owner,
        "priority": campaign.priority, "segment": campaign.segment, "entity": campaign.entity, "purpose": campaign.purpose,
        "channels": list(campaign.channels), "starts": None if campaign.starts is None else campaign.starts.isoformat(),
        "ends": None if campaign.ends is None else campaign.ends.isoformat(), "holdout": campaign.holdout,
        "limit": campaign.limit, "where": campaign.where,
        "unavailable": next(iter(workspace.unavailable(_definitions(workspace, campaign)).values()), ""),
    }  # fmt: skip


def _definitions(workspace: Workspace, campaign: Campaign) -> list[str]:
    return [name for name in campaign.names if name in workspace.catalog.definitions]


def _list(record: ListRecord) -> dict[str, Any]:
    return {
        "list_id": record.list_id, "name": record.name, "is_campaign": record.is_campaign, "purpose": record.purpose,
        "as_of": record.as_of.isoformat(), "on": record.on.isoformat(), "rows": record.rows, "held_out": record.held_out,
        "made_at": record.made_at, "by": record.by, "file": record.file,
        "delete_after": None if record.delete_after is None else record.delete_after.isoformat(),
    }  # fmt: skip
