"""Plays: what to do for which customers, in words, with the levels of the tags they answer; knows no list and no data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from c360.datatypes import BOOLEAN
from c360.errors import DefinitionError, DuplicateName, TypeMismatch, UnknownName, author_line
from c360.expr.grain import bind_entity, combine, owner_of
from c360.expr.nodes import Node
from c360.expr.outcomes import Level, asked_of, name_of, outcome_for, values_of
from c360.language.definitions import Named, check_name
from c360.language.expression import lift

LAWS = {"cost": "成本法则", "product": "产品法则", "relationship": "关系法则", "value": "价值法则"}
STRATEGIES = {
    "raise_sunk_cost": "提高沉没成本",
    "endow_value": "赋予价值",
    "social_value": "社会价值",
    "partner_resources": "整合合作资源",
}
MOMENTS = {
    "visit": "走访",
    "arrears_stop": "欠费停机",
    "special_day": "特殊日子",
    "trouble": "遇到困难",
    "lost_phone": "手机丢失",
    "new_product": "新品推出",
    "service_handled": "业务办理",
    "after_use": "使用之后",
    "leaving": "离网",
    "opening": "单位开业",
    "solution_request": "方案需求",
    "competitor_attack": "竞争对手攻击",
    "competing_expiry": "竞争合约到期",
    "abnormal_batch": "批量异动",
}


@dataclass(frozen=True)
class Answer:
    """The levels of one tag that a play answers; of a segment, True for its members. *kind* is ``tag`` or ``segment``."""

    kind: str
    name: str
    levels: tuple[Level, ...]
    node: Node


@dataclass(frozen=True)
class Play:
    """One retention play: a law and a strategy, what to do in words, and whom it answers, as plain data."""

    name: str
    title: str
    zh: str
    law: str
    strategy: str
    moment: str
    text: str
    text_zh: str
    entity: str
    answers: tuple[Answer, ...]
    trigger: str = ""
    where: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The tags and segments it speaks of."""
        return (*(answer.name for answer in self.answers), *([self.trigger] if self.trigger else []))

    def named(self, name: str) -> Play:
        """Return the play under the name of its variable; raises DefinitionError for a name that cannot be one."""
        check_name(name, "play", self.where)
        return replace(self, name=name)


def play(
    *,
    title: str,
    law: str,
    text: str,
    answers: Iterable[Any],
    zh: str = "",
    text_zh: str = "",
    strategy: str = "",
    moment: str = "",
    trigger: Any = None,
) -> Play:
    """Define a play: what to do, for whom, by which law of retention; the variable it is assigned to is its name.

    *answers* lists conditions, each on one category or yes/no tag, or a segment: ``lifecycle_stage.is_in("decline",
    "warning")``, ``customer_grid == "bleeding"``, ``renewal_due``. *trigger* is the yes/no tag or segment that tells when
    its key *moment* has come, where data tells it. Raises DefinitionError with the file and line.

    A play fits a segment when the two share at least one tag and disagree in none. They share a tag when the play answers
    some of its levels and the segment's rule, with its universe and the segments it is built from, leaves members only
    some of them; they disagree in it when no level is in both. What the rule says of other tags does not count.
    """
    where = author_line() or ""
    _one_of("law", law, LAWS)
    _one_of("strategy", strategy, STRATEGIES, optional=True)
    _one_of("moment", moment, MOMENTS, optional=True)
    for told, said in (("title", title), ("text", text)):
        if not said:
            raise DefinitionError(f"a play has a {told}", hint=f'{told}="…"')
    found, entity = _answers(list(answers))
    return Play("", title, zh, law, strategy, moment, text, text_zh, entity, found, _trigger(trigger), where)


def _one_of(told: str, name: str, known: Mapping[str, str], *, optional: bool = False) -> None:
    if not (optional and name == "") and name not in known:
        raise UnknownName.among(told, name, known)


def _answers(conditions: list[Any]) -> tuple[tuple[Answer, ...], str]:
    """Return the answers, and the entity that all of them are about."""
    if not conditions:
        raise DefinitionError("a play answers something", hint='answers=[lifecycle_stage == "decline"]')
    lifted = [lift(condition) for condition in conditions]
    grain = lifted[0].grain
    for other in lifted[1:]:
        grain = combine(grain, other.grain, "the answers of a play")
    entity = owner_of(grain, "the answers of a play")
    found = tuple(_answer(bind_entity(one.node, entity)) for one in lifted)
    twice = {answer.name for answer in found if [other.name for other in found].count(answer.name) > 1}
    if twice:
        raise DuplicateName(f"a play answers '{min(twice)}' twice", hint='say it once: tag.is_in("one", "other")')
    return found, entity


def _answer(node: Node) -> Answer:
    asked = asked_of(node)
    if node.type != BOOLEAN or asked is None:
        raise TypeMismatch(
            "an answer of a play is a condition on one tag or segment", hint='lifecycle_stage.is_in("decline", "warning")'
        )
    values = values_of(asked)
    if not values:
        raise TypeMismatch(
            f"a play answers levels; '{asked.name}' is {asked.type}", hint="cut it with tiers(…), or answer a yes/no tag"
        )
    levels = tuple(value for value in values if outcome_for(node, value) is True)
    if not levels or len(levels) == len(values):
        told = "no level" if not levels else "every level"
        raise DefinitionError(f"a play that answers {told} of '{asked.name}' says nothing", hint="name some of its levels")
    return Answer(*name_of(asked), levels, node)


def _trigger(trigger: Any) -> str:
    if trigger is None:
        return ""
    if not isinstance(trigger, Named) or trigger.type != BOOLEAN:
        raise TypeMismatch("the trigger of a play is a yes/no tag or a segment", hint="define it with tag(…) or segment(…) first")
    return trigger.name
