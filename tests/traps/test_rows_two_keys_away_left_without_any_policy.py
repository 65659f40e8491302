"""A list of what lines have (line's customer, two keys away) left without consent, suppression or caps, with a note."""

from __future__ import annotations

from pathlib import Path

from contacting import SETTINGS, Contacting

POLICY = """
[policy]
never = ["left_alone", "minors"]
caps = [{ most = 1, days = 7 }]
[policy.purposes.offer]
consent = "offer_channels"
suppress = ["northern"]
[policy.purposes.care]
[policy.channels.sms]
reach = "grown"
"""
SERVICES = '''

class Service(Entity):
    """One service of a line."""

    line: Key[Line] = fixed()
'''


def test_who_is_behind_a_row_is_asked_however_far(tmp_path: Path) -> None:
    made = Contacting(tmp_path / "ours", policy=POLICY)
    made.folder.mkdir()
    made.make()
    made.add("line", "L3 C3", "L4 C4", "L5 MINOR", "L6 -", "L7 C3")
    made.tables["service"] = "service_id line_id"
    made.add("service", *(f"S{number} L{number}" for number in range(1, 8)), "S8 -")
    sources = made.folder / "tags" / "sources.py"
    sources.write_text(sources.read_text(encoding="utf-8") + SERVICES, encoding="utf-8")
    settings = made.folder / "c360.toml"
    told = settings.read_text(encoding="utf-8").replace(SETTINGS, SETTINGS + '\n[sources.service]\npath = "service.csv"\n')
    settings.write_text(told, encoding="utf-8")
    opened = made.opened()
    asked = {"where": "service is not null", "entity": "service", "columns": ()}
    offers = opened.export(purpose="offer", dry_run=True, **asked)  # type: ignore[arg-type]
    assert offers.frame["service_id"].to_list() == ["S3"]  # those of the north go, and of C3 a second one
    assert opened.export(purpose="care", **asked).frame["service_id"].to_list() == ["S1", "S2", "S3"]  # type: ignore[arg-type]
    assert opened.export("everybody", purpose="care", dry_run=True).frame["customer_id"].to_list() == ["SILENT"]
    opened.erase(["C1"])
    analysis = opened.export(purpose="analysis", dry_run=True, **asked)  # type: ignore[arg-type]
    assert analysis.members is not None
    assert analysis.members["key"].to_list() == ["S2", "S3", "S4", "S5", "S6", "S7", "S8"]
    opened.close()
