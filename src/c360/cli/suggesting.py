"""What `sources --suggest` says: the drafts as TOML on stdout, all talk on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from c360.cli.show import data, dumps, talk

if TYPE_CHECKING:
    from c360.cli.options import Common
    from c360.suggesting import Suggestion, Suggestions

NAMES_TOLD = 12


def suggest(common: Common, files: list[Path], source: str | None, *, contract: bool, as_json: bool) -> None:
    """Draft bindings for *files* and print them; with *contract*, the classes of those that no contract fits."""
    from c360.suggesting import suggest as drafts_for

    found = drafts_for(common.open(), files, source)
    if as_json:
        return data(dumps(found.as_json()))
    new = [s for s in found.files if s.contract]
    if contract:
        data("\n\n".join(s.contract for s in new))
    else:
        data("\n".join(s.toml for s in found.files))
    for suggestion in found.files:
        _talk(common, suggestion)
    if new and not contract:
        talk(common, "", "contracts for the files that fit none, to be put into tags/sources.py:")
        talk(common, *(f"# {line}".rstrip() for s in new for line in s.contract.splitlines()))
    _lights(common, found)
    return None


def _lights(common: Common, found: Suggestions) -> None:
    names = ", ".join(found.lights_up[:NAMES_TOLD]) + (" …" if len(found.lights_up) > NAMES_TOLD else "")
    told = f"{len(found.lights_up)} tags and segments light up: {names}" if names else "no tag or segment lights up by this alone"
    talk(common, "", told, f"{found.still_missing} stay unavailable; c360 check says why")
    talk(common, "next: put the draft into c360.toml, then c360 check")


def _talk(common: Common, suggestion: Suggestion) -> None:
    draft = suggestion.draft
    written = draft.profile.written
    how = "" if written.kind == "parquet" else f", {written.encoding}, delimiter {written.delimiter!r}"
    fits = "fits no contract; one is drafted" if suggestion.contract else f"is {draft.source}"
    talk(common, f"{draft.profile.file.name}: {written.kind}{how}, {draft.profile.rows_told}; {fits}")
    if suggestion.nearest:
        talk(common, f"  {suggestion.nearest}; --as drafts for it all the same")
    for note in draft.notes:
        talk(common, f"  look at: {note}")
    if draft.missing and not suggestion.contract:
        talk(common, f"  missing of the contract: {', '.join(draft.missing)}")
    if suggestion.beside:
        talk(common, f"  {suggestion.beside} is drafted for {draft.source} too; bind one of them, or both by a pattern in path")
    for problem in suggestion.problems:
        talk(common, f"  the check will say: {problem}")
