"""A median half between two millionths came out one millionth lower on one engine: engines interpolate a last bit apart."""

from __future__ import annotations

from telecom import Agree, Usage

SPEEDS = """
    line | day        | speed
    L1   | 2026-10-01 | -1
    L1   | 2026-10-02 | 0.000001
    L2   | 2026-10-01 | -0.5
    L2   | 2026-10-02 | 0.333333
    L3   | 2026-10-01 | 0.000001
    L3   | 2026-10-02 | 26.716668
"""
HALF = 0.0000005


def test_a_half_millionth_is_rounded_up(agree: Agree) -> None:
    middles = {"A": (-1 + 0.000001) / 2, "B": (-0.5 + 0.333333) / 2, "C": (0.000001 + 26.716668) / 2}
    agree(
        Usage.speed.median(),
        {key: round(middle + HALF, 6) for key, middle in middles.items()},
        Customer="customer; A; B; C",
        Line="line | customer; L1 | A; L2 | B; L3 | C",
        Usage=SPEEDS,
    )
