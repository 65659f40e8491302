"""13/30 of a count stood above 13/30 of an amount, which is rounded to six decimals: equal preferences changed places."""

from __future__ import annotations

from collections.abc import Callable

from c360 import given, ranking
from c360.language.example import Example
from telecom import Agree, Customer


def test_equal_scores_of_an_amount_and_a_count_stay_in_the_order_written(agree: Agree) -> None:
    by_amount, by_count = Customer.credit / 30, Customer.points / 30
    table = "customer | credit | points; A | 13.00 | 13; B | 12.99 | 13; C | 13.01 | 13"
    expected = {"A": ("amount", "count"), "B": ("count", "amount"), "C": ("amount", "count")}
    agree(ranking(amount=by_amount, count=by_count), expected, Customer=table)
    expected = {"A": ("count", "amount"), "B": ("count", "amount"), "C": ("amount", "count")}
    agree(ranking(count=by_count, amount=by_amount), expected, Customer=table)


def test_as_many_messages_as_minutes_leave_voice_first(tag_gives: Callable[[str, Example], None]) -> None:
    minutes, messages = 3 * 200 * 13 // 30, 3 * 30 * 13 // 30
    example = given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2",
        Usage=f"""line|day|minutes_out|sms_out
            L1|2026-10-01|{minutes}|{messages}; L2|2026-10-01|{minutes}|{messages + 1}""",
    ).gives(C1=("voice", "sms"), C2=("sms", "voice"))
    tag_gives("service_preferences", example)
