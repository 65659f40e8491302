"""A source of many files in, blocks of files that are checked together out; remembers what was found in each by its files.

A day that brings a file makes c360 read that file, not all that were there before. Only facts are cut so: whether a key stands
twice takes all files of an entity at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from c360.bindings.resolve import BoundSource
from c360.engines.private import write_private

FORMAT = 1
FILES = 16  # in a block: each costs a query, and one changed file makes all of its block be read
DAYS = ("first_day", "last_day")

Record = dict[str, Any]


def is_cut(source: BoundSource) -> bool:
    """Whether a source is checked in blocks: facts in several files."""
    return not source.spec.key and len(source.files) > 1 and len(source.files) == len(source.states)


def checked_in_blocks(
    source: BoundSource, question: Callable[[BoundSource], str], ask: Callable[[BoundSource], Record], memory: Path
) -> Record:
    """Return what is found in all files of *source*; blocks that were asked the same *question* before are not asked again."""
    known = _remembered(memory)
    found: dict[str, Record] = {}
    left = dict.fromkeys(source.files)
    for told in known.values():
        block = [file for file in source.files if str(file) in told["files"] and file in left]
        if len(block) != len(told["files"]):
            continue
        part = _part(source, block)
        asked = question(part)
        if asked in known:
            found[asked] = known[asked]
            for file in block:
                left.pop(file)
    for block in _blocks(list(left)):
        part = _part(source, block)
        found[question(part)] = {"files": [str(file) for file in block], "record": ask(part)}
    if found != known:
        text = json.dumps({"format": FORMAT, "blocks": found}, default=lambda day: day.isoformat())
        write_private(memory, lambda file: file.write(text))
    return _together([told["record"] for told in found.values()])


def _part(source: BoundSource, block: Sequence[Path]) -> BoundSource:
    places = {file: place for place, file in enumerate(source.files)}
    chosen = [places[file] for file in block]
    return replace(
        source,
        files=tuple(source.files[n] for n in chosen),
        headers=tuple(source.headers[n] for n in chosen),
        states=tuple(source.states[n] for n in chosen),
    )


def _blocks(files: Sequence[Path]) -> Iterator[list[Path]]:
    for start in range(0, len(files), FILES):
        yield list(files[start : start + FILES])


def _together(records: Sequence[Record]) -> Record:
    """Return the counts of all blocks together, and the first and last day of any."""
    whole: Record = {}
    for record in records:
        for name, value in record.items():
            if name not in DAYS:
                whole[name] = whole.get(name, 0) + value
            elif value is not None:
                choose = min if name == "first_day" else max
                whole[name] = value if whole.get(name) is None else choose(whole[name], value)
            else:
                whole.setdefault(name, None)
    return whole


def _remembered(memory: Path) -> Mapping[str, Record]:
    """Return the blocks that were written down; none where nothing was, or it is cut off."""
    try:
        data = json.loads(memory.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            return {}
        for told in data["blocks"].values():
            record = told["record"]
            record |= {name: date.fromisoformat(record[name]) for name in DAYS if record.get(name) is not None}
        return dict(data["blocks"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
