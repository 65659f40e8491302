"""Beside a mobile line, one of an unknown service was taken for one at home: a structural bond, and stickiness, from nothing."""

from __future__ import annotations

from collections.abc import Callable

from c360 import given
from c360.language.example import Example

TagGives = Callable[[str, Example], None]
LINES = "line|customer|service_type; L1|C1|mobile; L2|C1|; L3|C2|; L4|C3|mobile; L5|C3|iptv; L6|C3|; L7|C4|broadband; L8|C4|"


def test_a_line_of_an_unknown_service_is_not_one_at_home(tag_gives: TagGives) -> None:
    expected = {"C1": "unknown", "C2": "unknown", "C3": "mobile_home", "C4": "unknown"}
    tag_gives("convergence", given("2026-10-31", Line=LINES).gives(**expected))


def test_it_is_no_structural_bond(tag_gives: TagGives) -> None:
    several_lines, converged = 10, 30
    expected = {"C1": several_lines, "C2": 0, "C3": several_lines + converged, "C4": several_lines}
    tag_gives("bond_structural", given("2026-10-31", Line=LINES).gives(**expected))
