"""`evaluate` and `outcomes`: what came back on past lists and what it says; parse, ask the workspace, print."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from c360.cli import show
from c360.cli.options import AllowCurrent, AllowStale, Encoding, Json, common, day
from c360.errors import UsageError

if TYPE_CHECKING:
    from c360.cli.options import Common
    from c360.deliver.effects import Evaluation
    from c360.lists.adopting import Adopted
    from c360.lists.importing import Imported
    from c360.records.outcomes import ImportRecord

HEAD = ("import", "list", "file", "made_at", "rows", "persons", "outcomes", "left_out", "both_arms")
HEAD_ZH = ("部分", "级别", "触达", "留存", "触达组", "留存组", "净效果", "下限", "上限", "p", "相对提升", "说明")
FORMAT = 1
Named = Annotated[
    list[str] | None, typer.Option("--column", help="What the file calls a column: key=customer_no; may be repeated.")
]
Only = Annotated[
    list[str] | None, typer.Option("--only", help="Keep the rows in which a column of the file has a value: campaign=18.")
]
Strangers = Annotated[int, typer.Option("--max-strangers", min=0, help="How many rows may be left out that nobody knows.")]

outcomes = typer.Typer(
    help="What came back on past lists: import it, see it, take it back; adopt a list that c360 did not make.",
    invoke_without_command=True, rich_markup_mode=None,
)  # fmt: skip


@outcomes.callback()
def _listed(
    context: typer.Context,
    list_id: Annotated[str | None, typer.Option("--list", help="Only what was imported for this list.")] = None,
    json: Json = False,
) -> None:
    if context.invoked_subcommand is not None:
        if list_id is not None or json:
            raise UsageError(f"options of {context.invoked_subcommand} stand behind it", hint="c360 outcomes import FILE --list ID")
        return
    options = common(context)
    workspace = options.open()
    found, problems = workspace.imported_outcomes(list_id or ""), workspace.data_problems()
    if json:
        told = [{"source": source, "told": line} for source, line in problems]
        return show.data(show.dumps({"format": FORMAT, "imports": [one.as_json() for one in found], "problems": told}))
    show.table(HEAD, [_row(one) for one in found], numbers=HEAD[4:6])
    show.talk(options, *(line for _, line in problems))
    show.talk(options, f"imports: {len(found)}" if found else "nothing imported yet: c360 outcomes import FILE --list LIST_ID")
    return None


@outcomes.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV or Parquet: the list's key, and outcome, on, channel, revenue, cost, problem.")],
    list_id: Annotated[str, typer.Option("--list", help="The list that it tells of: its id, the beginning of it, or its name.")],
    columns: Named = None,
    recode: Annotated[list[str] | None, typer.Option("--recode", help="What a word of the file means: 已办理=accepted.")] = None,
    outcome: Annotated[str, typer.Option("--outcome", help="The outcome of every row, where no column tells it: accepted.")] = "",
    only: Only = None,
    problem: Annotated[
        list[str] | None, typer.Option("--problem", help="The column that a problem speaks of: number_dead=customer.phone.")
    ] = None,
    both_arms: Annotated[
        bool, typer.Option("--both-arms", help="The file tells of the held out too: who is not in it did not.")
    ] = False,
    max_strangers: Strangers = 0,
    encoding: Encoding = None,
    replace: Annotated[bool, typer.Option("--replace", help="Read the file anew, in place of an earlier import of it.")] = False,
    json: Json = False,
) -> None:
    """Import what came back on a list, by its key; the same file again changes nothing."""
    found = common(context).open().import_outcomes(
        file, list_id, columns=_pairs(columns, "--column"), recode=_pairs(recode, "--recode"), outcome=outcome,
        only=_pairs(only, "--only"), problems=_pairs(problem, "--problem"), both_arms=both_arms, max_strangers=max_strangers,
        encoding=encoding, replace=replace,
    )  # fmt: skip
    _imported(common(context), found, as_json=json)


@outcomes.command()
def adopt(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV or Parquet: the key of each row of a list that was contacted.")],
    name: Annotated[str, typer.Option("--name", help="What the list is called.")],
    on: Annotated[str, typer.Option("--on", help="The day of contact as YYYY-MM-DD.")],
    purpose: Annotated[str, typer.Option("--purpose", help="What it was for, as the contact policy calls it.")] = "",
    channel: Annotated[str, typer.Option("--channel", help="The channel, where no column tells it.")] = "",
    entity: Annotated[str, typer.Option("--entity", help="Whose keys these are; else those of the policy's entity.")] = "",
    columns: Named = None,
    only: Only = None,
    holdout: Annotated[float | None, typer.Option("--holdout", help="The share that was meant to be held out.")] = None,
    value: Annotated[float | None, typer.Option("--value", help="What one yes is worth.")] = None,
    cost: Annotated[float | None, typer.Option("--cost", min=0, help="What one contact on --channel costs.")] = None,
    max_strangers: Strangers = 0,
    encoding: Encoding = None,
    json: Json = False,
) -> None:
    """Take a past list that c360 did not make into the ledger: caps count it, and it can be evaluated."""
    found = common(context).open().adopt_list(
        file, name, _day(on), purpose=purpose, channel=channel, entity=entity, columns=_pairs(columns, "--column"),
        only=_pairs(only, "--only"), holdout=holdout, value=value, cost=cost, max_strangers=max_strangers, encoding=encoding,
    )  # fmt: skip
    _adopted(common(context), found, as_json=json)


@outcomes.command()
def forget(
    context: typer.Context,
    import_id: Annotated[str, typer.Argument(help="The import to take back; the beginning of its id will do.")],
    json: Json = False,
) -> None:
    """Take an import back, as if its file had never come; evaluations made with it stay as they are."""
    gone = common(context).open().forget_outcomes(import_id)
    if json:
        return show.data(show.dumps({"forgotten": gone.as_json()}))
    return show.talk(common(context), f"forgotten: {gone.import_id}, {gone.rows:,} rows of {gone.file}, list {gone.list_id}")


def evaluate(
    context: typer.Context,
    list_id: Annotated[str, typer.Argument(help="The past list: its id, the beginning of it, or its name.")],
    outcome: Annotated[
        str | None, typer.Option("--outcome", help="accepted, revenue … as imported; or a tag, a segment, or a rule as text.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Tags whose levels, as of the list's date, are told apart.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="The day the outcome is computed on; else the last covered.")] = None,
    entity: Annotated[str, typer.Option("--entity", help="Whose rows a rule as text is about; else the list's.")] = "",
    value: Annotated[
        float | None, typer.Option("--value", help="What one yes is worth; of accepted else as the list says.")
    ] = None,
    offer_cost: Annotated[
        float | None, typer.Option("--offer-cost", min=0, help="What the offer costs for each who says yes.")
    ] = None,
    avoid: Annotated[bool, typer.Option("--avoid", help="The outcome is to be avoided: fewer are better.")] = False,
    allow_current: AllowCurrent = False,
    allow_stale: AllowStale = False,
    json: Json = False,
) -> None:
    """Compare the treated of a past list with its holdout: effect, interval, cost and break-even."""
    found = common(context).open().evaluate(
        list_id, outcome=outcome, by=show.names(by) or (), until=day(until, "--until"), entity=entity, value=value,
        offer_cost=offer_cost, avoid=avoid, allow_current=allow_current, allow_stale=allow_stale,
    )  # fmt: skip
    _evaluated(common(context), found, as_json=json)


def _pairs(texts: list[str] | None, option: str) -> dict[str, str]:
    """Return what ``a=b`` options say."""
    found = {}
    for text in texts or ():
        name, sign, told = text.partition("=")
        if not sign or not name.strip() or not told.strip():
            raise UsageError(f"{option} takes a pair with =, found '{text}'", hint=f"write {option} key=customer_no")
        found[name.strip()] = told.strip()
    return found


def _day(text: str) -> date:
    found = day(text, "--on")
    assert found is not None
    return found


def _row(one: ImportRecord) -> tuple[object, ...]:
    counted = ", ".join(f"{name} {rows:,}" for name, rows in one.outcomes.items())
    left = ", ".join(f"{why} {rows:,}" for why, rows in one.left_out.items())
    return (one.import_id, one.list_id, one.file, one.made_at, one.rows, one.persons, counted, left, "yes" if one.both_arms else "")


def _imported(options: Common, found: Imported, *, as_json: bool) -> None:
    if as_json:
        return show.data(show.dumps(found.as_json()))
    record = found.record
    if found.is_unchanged:
        return show.talk(options, f"unchanged: {record.file} was imported at {record.made_at} as {record.import_id}")
    show.table(("outcome", "rows"), list(record.outcomes.items()), numbers=("rows",))
    show.talk(options, *found.notes)
    told = f"{record.rows:,} rows of {record.persons:,} persons kept for list {record.list_id} ({found.name})"
    return show.talk(options, f"{told}, import {record.import_id}", f"next: c360 evaluate {record.list_id}")


def _adopted(options: Common, found: Adopted, *, as_json: bool) -> None:
    if as_json:
        return show.data(show.dumps(found.as_json()))
    record = found.record
    state = "unchanged" if found.is_unchanged else "adopted"
    told = f"{state}: {record.name}, contacted on {record.on}, {record.rows:,} treated, {record.held_out:,} held out"
    show.talk(options, told)
    if found.repeated:
        show.talk(options, f"{found.repeated:,} rows are of keys that stand in the file before; each key counts once")
    if found.strangers:
        show.talk(options, f"{found.strangers:,} keys that the sources do not know are left out")
    return show.data(record.list_id)


def _evaluated(options: Common, found: Evaluation, *, as_json: bool) -> None:
    if as_json:
        return show.data(show.dumps(found.as_json()))
    from c360.deliver import effects

    head = (HEAD_ZH if options.lang == "zh" else effects.HEAD)[:-1]
    rows = [tuple(_rounded(cell) for cell in one.as_row()[:-1]) for one in found.comparisons]
    show.table(head, rows, numbers=head[2:])
    days = f"as of {found.as_of}, contacted on {found.on}" + (f", outcome up to {found.until}" if found.until else "")
    show.talk(options, f"{found.name}, list {found.list_id}: {found.words}; {days}")
    parts = [f"{one.part}: {one.told}" for one in found.comparisons[1:] if one.told]
    show.talk(options, _said(found), *dict.fromkeys(parts), *found.told)
    if found.money is not None:
        show.talk(options, _money(found))
    return None


def _said(found: Evaluation) -> str:
    """Say the main comparison in a sentence."""
    one, effect = found.main, found.main.effect
    if effect is None:
        return one.told
    if found.kind == "rate":
        numbers = f"{effect.value * 100:+.2f} points ({effect.low * 100:+.2f} to {effect.high * 100:+.2f})"
    else:
        numbers = f"{effect.value:+,.2f} a person ({effect.low:+,.2f} to {effect.high:+,.2f})"
    verdict = "" if effect.low > 0 or effect.high < 0 else "; the interval holds 0, so chance alone may be behind it"
    rough = f"; {one.told}" if one.told else ""
    return f"effect: {numbers}, 95 % interval, p = {effect.p:.3g}{verdict}{rough}"


def _money(found: Evaluation) -> str:
    money = found.money
    assert money is not None
    told = f"cost {money.cost:,.2f} (contacts {money.contacts:,.2f}, offers {money.offers:,.2f})"
    if money.gain is None:
        return told
    low, high = money.gain[1], money.gain[2]
    told += f"; gain {money.gain[0]:,.2f} ({low:,.2f} to {high:,.2f})"
    told += f", net {money.net:,.2f} ({low - money.cost:,.2f} to {high - money.cost:,.2f})"
    told += "" if money.roi is None or low <= 0 <= high else f", {money.roi:+.0%} on the cost"
    if money.break_even is None:
        return told
    even = f"{money.break_even * 100:+.2f} points" if found.kind == "rate" else f"{money.break_even:+,.2f} a person"
    return f"{told}; pays from {even} on"


def _rounded(cell: object) -> object:
    return round(cell, 4) if isinstance(cell, float) else cell
