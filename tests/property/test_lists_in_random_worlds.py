"""Lists of random worlds, one after the other, against the same stages in plain Python; and that none holds whom it must not."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from pipeline import IN, Answer, Cap, Contact, Past, Person, Row, Rules, Wanted, World, arbitrated, days_of, is_over, made

from c360.language.campaigns import Apart
from c360.workspace import Workspace
from contacting import Contacting

D = date(2026, 10, 31)
LISTS = 4
TAGS = '''"""What the policy asks besides."""

from c360 import days, listed, segment, tag
from tags.sources import CallBack, Customer, Line

can_call = tag(Customer.age > 30, title="Can be called")
likes = tag(listed(call=Customer.age > 40), title="Likes best", zh="偏好渠道")
lines = segment(CallBack.last(days(30)).count() == 0, entity=Line, title="Lines")
'''


def drawn(seed: int) -> World:
    """Draw a small world, in which people meet their limits."""
    rng = random.Random(seed)
    keys = [f"K{number:02}" for number in range(rng.randint(4, 14))]
    ages = [None, 17, *[25, 35, 35, 45, 45, 45] * 2]
    persons = {key: Person(key, rng.choice(ages), rng.choice([None, "north", "south", "east", "west"])) for key in keys}
    lines = {f"L{number:02}": rng.choice([None, *keys, *keys]) for number in range(rng.randint(1, 12))}

    def near(before: int = 40, after: int = 20) -> date:
        return D + timedelta(days=rng.randint(-before, after))

    answers = [Answer(key, date(2026, 1, 1), channel, True) for key in keys for channel in ("sms", "call") if rng.random() < 0.8]
    answers += [
        Answer(rng.choice(keys), near(5, 12), rng.choice(["sms", "call"]), rng.random() < 0.5) for _ in range(rng.randint(0, 9))
    ]
    answers += [Answer(rng.choice(keys), near(), alone=True) for _ in range(rng.randint(0, 2))]
    ways, purposes = ["sms", "call", ""], ["offer", "care", ""]
    contacts = tuple(
        Contact(rng.choice(keys), near(), rng.choice(ways), rng.choice(purposes), rng.choice(["", "everybody"]))
        for _ in range(rng.randint(0, 12))
    )
    caps = tuple(
        Cap(rng.choice([0, 1, 1, 1, 2, 2, 3]), rng.choice([1, 3, 7, 30]), rng.choice(["", *ways]), rng.choice(["", "", "offer"]))
        for _ in range(rng.randint(0, 3))
    )  # fmt: skip
    rules = Rules(
        caps, rng.random() < 0.7, rng.random() < 0.3, {c: rng.randint(1, 3) for c in ("sms", "call") if rng.random() < 0.4},
        rng.random() < 0.3, rng.random() < 0.4, rng.choice([0.0, 0.0, 0.3]),
    )  # fmt: skip
    barred, erased = (frozenset(key for key in keys if rng.random() < share) for share in (0.1, 0.1))
    return World(D, persons, lines, tuple(answers), contacts, barred, erased, rules)


def asked(rng: random.Random, world: World) -> Wanted:
    """Draw a list to ask for."""
    segment = rng.choice(["everybody", "everybody", "northern", "lines", "lines"])
    keys = list(world.lines if segment == "lines" else world.persons)
    orders = [(), (), ("age",), ("-age",)] if segment != "lines" else [()]
    return Wanted(
        segment, rng.choice(["offer", "care"]), rng.choice([("sms", "call"), ("call", "sms"), ("sms",), ("call",)]),
        D + timedelta(days=rng.choice([0, 1, 1, 1, 2, 5, 9])), rng.choice(orders), rng.choice([None, None, 1, 3]),
        rng.choice(["", "", "customer" if segment == "lines" else "city"]), rng.choice([0.0, 0.0, 0.4]),
        rng.choice([(), (), (("everybody", 4),)]), tuple(rng.sample(keys, len(keys) // 2 + 1)) if rng.random() < 0.2 else None,
    )  # fmt: skip


def policy(rules: Rules) -> str:
    """Return the policy as c360.toml has it."""
    caps = ", ".join(
        f'{{ most = {c.most}, days = {c.days}, channel = "{c.channel}", purpose = "{c.purpose}" }}' for c in rules.caps
    )
    lines = ["[policy]", 'never = ["left_alone", "minors"]', 'never_lists = ["barred.csv"]', f"caps = [{caps}]"]
    lines += ['preference = "likes"'] if rules.preference else []
    lines += ["[policy.purposes.offer]", *(['consent = "offer_channels"'] if rules.consent else [])]
    lines += ['suppress = ["northern"]'] if rules.suppress else []
    lines += ["[policy.purposes.care]"]
    for channel in ("sms", "call"):
        lines += [f"[policy.channels.{channel}]"]
        lines += [f"capacity = {rules.capacity[channel]}"] if channel in rules.capacity else []
        lines += ['reach = "can_call"'] if rules.reach and channel == "call" else []
    lines += ["[policy.holdout]", f"share = {rules.holdout}"] if rules.holdout else []
    lines += ["[policy.contacts]", 'channel = "way"', 'campaign = "campaign"', "where = \"direction = 'out'\""]
    return "\n" + "\n".join(lines) + "\n"


def laid_out(world: World, folder: Path, campaigns: str = "") -> Workspace:
    """Write a world's tables and policy into *folder* and open it."""

    def text(head: str, rows: Iterator[tuple[object, ...]]) -> str:
        return "\n".join([head, *(" ".join(cell(value) for value in row) for row in rows)])

    def cell(value: object) -> str:
        return "-" if value in (None, "") else {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)

    work = Contacting(folder, policy=policy(world.rules))
    work.tables = {
        "customer": text("customer_id joined_on age city", ((p.key, "2020-01-01", p.age, p.city) for p in world.persons.values())),
        "line": text("line_id customer_id", iter(world.lines.items())),
        "consent": text(
            "customer_id since_on channel agrees leave_alone",
            ((a.person, a.on, a.channel, a.agrees, a.alone) for a in world.answers),
        ),
        "contact": text(
            "customer_id on way direction purpose campaign",
            ((c.person, c.on, c.channel, "out", c.purpose, c.name) for c in world.contacts),
        ),
        "call_back": "line_id on",
    }
    work.folder.mkdir(parents=True)
    work.make()
    work.file("barred.csv", "\n".join(["customer_id", *sorted(world.barred)]) + "\n")
    (work.folder / "tags" / "more.py").write_text(TAGS, encoding="utf-8")
    if campaigns:
        (work.folder / "segments" / "campaigns.py").write_text(campaigns, encoding="utf-8")
    opened = work.opened()
    if world.erased:
        opened.erase(sorted(world.erased))
    return opened


def check(seed: int, folder: Path) -> None:
    """Make some lists of a world one after the other, each as the plain stages have it, and hold what must hold of all."""
    world, past, rng = drawn(seed), Past(), random.Random(seed)
    opened = laid_out(world, folder / "ours")
    told: list[Wanted] = []
    for number in range(LISTS):
        wanted = rng.choice(told) if told and rng.random() < 0.2 else asked(rng, world)
        told.append(wanted)
        rows = made(world, wanted, past)
        listed(opened, world, wanted, rows, folder / f"{seed}-{number}.csv")
        for row in rows:
            if row.stage == IN:
                contact = Contact(str(row.person), wanted.on, str(row.channel), wanted.purpose, wanted.segment)
                past.contacts[wanted, row.key] = contact
    no_cap_is_passed(world, past)
    opened.close()


def listed(opened: Workspace, world: World, wanted: Wanted, rows: list[Row], path: Path) -> None:
    """Make a list, and hold its file, its arms, those left out, its counts and the ledger against *rows*."""
    beside = path.with_suffix(".out.parquet")
    result = opened.export(
        wanted.segment, path, columns=(), purpose=wanted.purpose, channels=wanted.channels, on=wanted.on, order=wanted.order,
        limit=wanted.limit, one_per=wanted.one_per, holdout=wanted.holdout, apart=tuple(Apart(*one) for one in wanted.apart),
        keys=wanted.keys, excluded=beside, allow_empty=True,
    )  # fmt: skip
    key = result.frame.columns[0]
    expected = [(row.key, row.channel) for row in rows if row.stage == IN]
    assert list(pl.read_csv(path, infer_schema=False).select(key, "channel").iter_rows()) == expected
    out = dict(pl.read_parquet(beside).select(key, "stage").iter_rows())
    named = {row.key: opened.records.secret.hash(row.key) if row.person in world.erased else row.key for row in rows}
    assert out == {named[row.key]: row.stage for row in rows if row.stage != IN}
    members = opened.records.ledger.rows(result.run_id)
    arms = {row.key: (row.person, "treated", row.channel) for row in rows if row.stage == IN}
    arms |= {row.key: (row.person, "holdout", None) for row in rows if row.stage == "holdout"}
    assert {k: rest for k, *rest in members.select("key", "person", "arm", "channel").iter_rows()} == {
        k: list(v) for k, v in arms.items()
    }
    results = json.loads(path.with_name(f"{path.name}.manifest.json").read_text(encoding="utf-8"))["results"]
    assert (results["rows"], results["treated"], results["excluded"]["rows"]) == (len(expected), len(expected), len(out))
    assert results["held_out"] == sum(row.stage == "holdout" for row in rows)
    stages = results["waterfall"]
    assert [one["entered"] - one["removed"] for one in stages] == [one["left"] for one in stages]
    assert [one["left"] for one in stages[:-1]] == [one["entered"] for one in stages[1:]]
    assert (stages[0]["entered"], stages[-1]["left"]) == (len(rows), len(expected))


def no_cap_is_passed(world: World, past: Past) -> None:
    """No window of a cap holds more contacts by lists than it allows."""
    for cap in world.rules.caps:
        for person in world.persons:
            assert not is_over(days_of(list(past.contacts.values()), cap, person), cap)


MONTH = "2026-11"


def running(rng: random.Random) -> list[Wanted]:
    """Draw campaigns that compete."""
    found = []
    for number in range(rng.randint(1, 4)):
        segment = rng.choice(["everybody", "everybody", "northern", "lines"])
        apart = rng.choice([(), (), (("everybody", 4),), (("c0", 30),)])
        found.append(
            Wanted(
                segment, rng.choice(["offer", "care"]), rng.choice([("sms", "call"), ("call", "sms"), ("sms",)]), date(2026, 11, 3),
                limit=rng.choice([None, None, 2, 4]), one_per=rng.choice(["", "", "customer" if segment == "lines" else "city"]),
                holdout=rng.choice([0.0, 0.4]), apart=apart, campaign=f"c{number}", priority=rng.choice([1, 1, 2]),
                is_scored=segment != "lines" and rng.random() < 0.5, order=(),
            )
        )  # fmt: skip
    return [replace(one, order=("-age",) if one.is_scored else ()) for one in found]


def written(campaigns: list[Wanted]) -> str:
    """Return campaigns as authors write them."""
    lines = ['"""Campaigns."""', "", "from c360 import apart, campaign"]
    for one in campaigns:
        apart = ", ".join(f'apart("{name}", days={days})' for name, days in one.apart if name.startswith("c"))
        told = {
            "segment": one.segment, "purpose": one.purpose, "channels": one.channels, "priority": one.priority, "limit": one.limit,
            "one_per": one.one_per, "holdout": one.holdout, "score": "age" if one.is_scored else "",
        }  # fmt: skip
        named = ", ".join(f"{name}={value!r}" for name, value in told.items())
        lines.append(f"{one.campaign} = campaign({named}, apart=[{apart}])")
    return "\n".join(lines) + "\n"


def check_month(seed: int, folder: Path) -> None:
    """Arbitrate random campaigns as the plain rules do, and hold the lists against the decision."""
    rng = random.Random(seed)
    world = drawn(seed)
    campaigns = [replace(one, apart=tuple(a for a in one.apart if a[0].startswith("c"))) for one in running(rng)]
    opened = laid_out(world, folder / "ours", written(campaigns))
    expected = arbitrated(world, campaigns, MONTH)
    told = opened.arbitrate(MONTH, on=campaigns[0].on, folder=folder / "lists")
    kept = opened.records.decisions.get(MONTH)
    assert kept is not None
    rows = kept.rows.select("campaign", "key", "outcome", pl.coalesce("channel", "winner"))
    assert {(one[0], one[1]): one[2:] for one in rows.iter_rows()} == expected
    assert not told.refused
    for campaign in campaigns:
        mine = {key: channel for (name, key), (became, channel) in expected.items() if (name, became) == (campaign.name, "won")}
        again = opened.export(campaign=campaign.name, month=MONTH, dry_run=True)
        assert again.members is not None
        assert dict(again.members.select("key", "channel").iter_rows()) == mine
        path = told.lists.get(campaign.name)
        assert (path is not None) == any(channel for channel in mine.values())
        if path is not None:
            assert dict(pl.read_csv(path, infer_schema=False).select(again.frame.columns[0], "channel").iter_rows()) == {
                key: channel for key, channel in mine.items() if channel
            }
    opened.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_month_of_campaigns_is_what_the_rules_say(seed: int, tmp_path: Path) -> None:
    check_month(seed, tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_months_of_campaigns_are_what_the_rules_say(seed: int, tmp_path: Path) -> None:
    check_month(seed, tmp_path)


@pytest.mark.parametrize("seed", range(6))
def test_lists_in_a_row_are_what_the_stages_say(seed: int, tmp_path: Path) -> None:
    check(seed, tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 160))
def test_many_lists_in_a_row_are_what_the_stages_say(seed: int, tmp_path: Path) -> None:
    check(seed, tmp_path)
