"""A list asked for and its rows in; the rows as they may be seen, and the list's account of itself, out; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from c360.bindings.policy import ANALYSIS
from c360.datatypes import BOOLEAN, TEXT
from c360.deliver import stages
from c360.deliver.account import ColumnAccount, ListAccount, columns_of, subject_of
from c360.deliver.columns import only_where_needed, with_hashed_keys
from c360.deliver.masking import masked
from c360.deliver.wording import say

if TYPE_CHECKING:
    import polars

    from c360.lists.staging import Staged
    from c360.lists.targeting import Asked
    from c360.running import Run


def shown_rows(asked: Asked, rows: polars.DataFrame) -> polars.DataFrame:
    """Return the rows as they leave: the recipient's canary among them, personal values masked or left out, keys hashed.

    Personal values stand only where the row's own channel needs them. For analysis keys are hashed.
    """
    request, policy = asked.request, asked.workspace.settings.policy
    frame = _with_canary(asked, rows)
    if policy is not None and asked.policy is not None:
        frame = only_where_needed(frame, asked.classes, policy, request.purpose)
    frame = masked(frame, asked.classes, frozenset(request.unmask))
    if request.purpose == ANALYSIS:
        keys = [asked.key_name, *(name for name, (node, _) in asked.shown.items() if node.type.kind == "key")]
        frame = with_hashed_keys(frame, keys, asked.workspace.records.secret.hashes)
    return frame


def _with_canary(asked: Asked, rows: polars.DataFrame) -> polars.DataFrame:
    """Return the rows with a customer of the company's own among them, where the policy names some and the list leaves."""
    if asked.policy is None or not asked.policy.canaries or asked.request.dry_run or asked.entity != asked.policy.entity:
        return rows
    from c360.deliver.canaries import read_canaries, with_canary

    workspace = asked.workspace
    canaries = read_canaries(workspace.data_folder / asked.policy.canaries, asked.key_name)
    personal = {name for name, sensitivity in asked.classes.items() if sensitivity == "personal"}
    return with_canary(rows, canaries, asked.request.recipient, workspace.records.secret, personal)


def notes_on(asked: Asked) -> tuple[str, ...]:
    """Return what must be said of a list that no contact policy looked at."""
    policy, purpose = asked.workspace.settings.policy, asked.request.purpose
    if policy is None:
        return ()
    months = [] if asked.request.month or not asked.request.campaign else asked.workspace.records.decisions.months()
    if months:
        return (f"c360 arbitrate decided on {', '.join(months)}; without --month the list does not hold to it",)
    if not purpose:
        return ("without a purpose nobody was left out for consent, contacts or suppression",)
    if asked.policy is None and purpose != ANALYSIS:
        return (f"the contact policy is about rows of {policy.entity}; it left nobody out of these rows of {asked.entity}",)
    return ()


def account_of(asked: Asked, run: Run, run_id: str, found: Staged) -> ListAccount:
    """Return a list's account of itself: its subject, its columns in the order of its rows, its stages."""
    catalog, lang, entity = asked.workspace.catalog, asked.request.lang, asked.entity
    known = {n: told for n, told in asked.columns.items() if n not in (asked.key_name, entity) and not asked.is_made(n)}
    types, classes = {n: node.type for n, (node, _) in known.items()}, {n: c for n, (_, c) in known.items()}
    columns = columns_of(catalog, entity, types, classes, lang, frozenset(asked.request.unmask))
    titles = {column.name: column.title for column in columns} | {entity: columns[0].title}
    shown = tuple(c for c in columns if c.name in (asked.key_name, *asked.shown))
    flag = asked.flag
    if flag is not None:
        shown += (ColumnAccount(flag.name, flag.zh if lang == "zh" else flag.title, BOOLEAN, say("flag means", lang)),)
    if stages.CHANNEL in found.frame.columns and stages.CHANNEL not in asked.shown:
        levels = catalog.definition(asked.purpose.consent).levels_zh if lang == "zh" and asked.purpose.consent else ()
        shown += (ColumnAccount(stages.CHANNEL, say("channel", lang), TEXT, say("channel means", lang), levels=tuple(levels)),)
    return ListAccount(
        lang, subject_of(catalog, asked.segment.name, list(asked.shown), lang), run.plan.day, run_id, found.frame.height,
        found.waterfall, shown, tuple((titles[o.name], o.falling) for o in asked.sorting), tuple(dict.fromkeys(run.notes)),
        None if asked.keys is None else len(asked.keys), found.strangers,
    )  # fmt: skip
