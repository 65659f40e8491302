"""`doctor`: how a workspace is opened in, one line for each thing it needs out: well, doubtful or failing; mends nothing."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.catalog.findings import NOTE
from c360.errors import C360Error, UsageError

if TYPE_CHECKING:
    from c360.engines.sources import SourceStatus
    from c360.workspace import Workspace

OK, WARN, FAIL = "ok", "warn", "fail"
GB, MB = 1 << 30, 1 << 20
DISK_WARN, DISK_FAIL = 2 * GB, 200 * MB
MEMORY_WARN = 1 * GB
STALE_DAYS = 45
PRIVATE = ".c360"


@dataclass(frozen=True)
class Line:
    """One thing looked at: what was found, and what to do where it is not well."""

    area: str
    state: str
    found: str
    fix: str = ""


@dataclass(frozen=True)
class Setting:
    """One setting in force and where it came from: ``flag``, ``environment``, ``file`` or ``default``."""

    name: str
    value: str
    origin: str
    where: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """Everything that was looked at, and the settings in force; *ok* unless something fails."""

    lines: tuple[Line, ...]
    settings: tuple[Setting, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing fails."""
        return all(line.state != FAIL for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """Return the diagnosis as plain data."""
        return {"ok": self.ok, **asdict(self)}


def diagnose(
    opened: Callable[[], Workspace], given: Mapping[str, Setting], *, place: Path, data: bool = False, today: date | None = None
) -> Diagnosis:
    """Look at everything a workspace needs, going on where something fails; with *data*, hold sources against contracts.

    *opened* opens the workspace; *given* are the settings that flags and the environment gave; *place* is where the
    machine is looked at when there is no workspace.
    """
    lines = list(_versions())
    try:
        workspace = opened()
    except C360Error as error:
        area = "workspace" if isinstance(error, UsageError) else "settings"
        return Diagnosis((*lines, _failing(area, error), *_machine(place)), tuple(given.values()))
    lines.append(Line("workspace", OK, str(workspace.folder)))
    looks: tuple[tuple[str, Callable[[Workspace], Iterator[Line]]], ...] = (
        ("definitions", _definitions),
        ("examples", _examples),
        ("sources", lambda w: _sources(w, data, today or datetime.now(UTC).date())),
        ("private folder", _private_folder),
        ("snapshots", _snapshots),
        ("contacts", _contacts),
        ("engine", _engine),
    )
    for area, look in looks:
        try:
            lines += look(workspace)
        except C360Error as error:
            told = _failing(area, error)
            if told.found not in {line.found for line in lines}:  # definitions that fail fail everything built on them
                lines.append(told)
    return Diagnosis((*lines, *_machine(workspace.folder)), tuple(_settings(workspace, given)))


def _failing(area: str, error: C360Error) -> Line:
    return Line(area, FAIL, error.message + (f" in {error.where}" if error.where else ""), error.hint or "")


def _versions() -> Iterator[Line]:
    """Yield Python, c360, and the libraries that are not of a version c360 is made for."""
    python = ".".join(map(str, sys.version_info[:3]))
    yield Line("versions", OK, f"c360 {metadata.version('c360')}, Python {python}, duckdb {metadata.version('duckdb')}")
    for text in metadata.requires("c360") or ():
        requirement, _, marker = text.partition(";")
        if "extra" in marker:
            continue
        name = requirement.rstrip("<>=.,0123456789 ")
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Line("versions", FAIL, f"{name} is not installed", f"pip install '{requirement.strip()}'")
            continue
        if not _within(found, requirement[len(name) :]):
            told = f"{name} {found} is installed, c360 is made for {requirement[len(name) :].strip()}"
            yield Line("versions", WARN, told, f"pip install '{requirement.strip()}'")


def _within(version: str, bounds: str) -> bool:
    found = _numbers(version)
    for bound in filter(None, (part.strip() for part in bounds.split(","))):
        limit = _numbers(bound.lstrip("<>="))
        if (bound.startswith(">=") and found < limit) or (bound.startswith("<") and found[: len(limit)] >= limit):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _definitions(workspace: Workspace) -> Iterator[Line]:
    catalog = workspace.catalog
    told = f"{len(workspace.tags)} tags, {len(workspace.segments)} segments over {len(catalog.schema.sources)} sources compile"
    yield Line("definitions", OK, told)
    for notice in catalog.notices:
        yield Line("definitions", OK if notice.severity == NOTE else WARN, f"{notice.message} in {notice.where}", notice.hint)


def _examples(workspace: Workspace) -> Iterator[Line]:
    report = workspace.check(data=False)
    failed = report.failed_examples
    for finding in report.errors:
        yield Line("definitions", FAIL, f"{finding.message} in {finding.where}", finding.hint)
    if failed:
        told = f"{len(failed)} of {len(report.examples)} examples give something else: {', '.join(e.name for e in failed[:5])}"
        yield Line("examples", FAIL, told, "c360 check --no-data shows expected and found")
    else:
        yield Line("examples", OK, f"{len(report.examples)} examples pass")


def _sources(workspace: Workspace, data: bool, today: date) -> Iterator[Line]:
    """Yield the sources that are bound, each with its file, and those that are not."""
    bindings, names = workspace.bindings, workspace.catalog.schema.sources
    for name in sorted(bindings.bound):
        try:
            if data:
                yield _checked(workspace, bindings.status(name), today)
            else:
                yield _present(workspace, name, today)
        except C360Error as error:
            yield _failing(f"source {name}", error)
    unbound = sorted(set(names) - bindings.bound)
    if unbound:
        told = f"not bound: {', '.join(unbound)}; what needs them is unavailable"
        yield Line("sources", OK if bindings.bound else WARN, told, "" if bindings.bound else "c360 sources --suggest FILE…")


def _present(workspace: Workspace, name: str, today: date) -> Line:
    """Return whether a source's files are there with the columns it is bound to, and when the newest was written."""
    bound = workspace.bindings.get(name)
    lost = [text for column, text in bound.missing.items() if column in bound.binding.columns]
    if lost:
        return Line(f"source {name}", FAIL, "; ".join(lost), f"mend [sources.{name}.columns]")
    if not bound.states:
        return Line(f"source {name}", OK, f"{bound.place} answers")
    written = datetime.fromtimestamp(max(state.changed_ns for state in bound.states) / 1e9, UTC).date()
    files = f"{len(bound.states)} files of {bound.place}" if len(bound.states) > 1 else bound.states[0].path.name
    told = f"{files}, {sum(state.size for state in bound.states) / MB:,.1f} MB, written {written}"
    return _fresh(workspace, name, told, written, "was written", today)


def _checked(workspace: Workspace, status: SourceStatus, today: date) -> Line:
    """Return what the contract check says of a source, and whether it is up to date."""
    if status.state == "broken":
        return Line(
            f"source {status.name}", FAIL, "; ".join(status.problems), "mend the data, its binding or its contract; c360 check"
        )
    told = f"{status.place}, {status.rows:,} rows" + (f" from {status.first_day} to {status.last_day}" if status.last_day else "")
    return _fresh(workspace, status.name, told, workspace.bindings.covered_to(status.name), "covers days up to", today)


def _fresh(workspace: Workspace, name: str, told: str, day: date | None, verb: str, today: date) -> Line:
    """Return a warning where a dense source has nothing of late; a workspace with a fixed date never has."""
    is_dense = workspace.bindings.coverage(name) == "dense" and workspace.settings.as_of is None
    fixed = workspace.settings.sources[name].covers_to is not None
    if day is None or not is_dense or fixed or (today - day).days <= STALE_DAYS:
        return Line(f"source {name}", OK, told)
    late = f"{told}; {verb} {day}, {(today - day).days:,} days ago"
    return Line(f"source {name}", WARN, late, "load newer data, or fix the date: as_of or covers_to in c360.toml")


def _private_folder(workspace: Workspace) -> Iterator[Line]:
    """Yield whether the private folder can be written, and whether it is private."""
    folder = workspace.folder / PRIVATE
    trial = folder / f".write-test-{uuid.uuid4().hex}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        trial.write_bytes(b"c360")
        os.replace(trial, trial.with_suffix(".renamed"))
        trial.with_suffix(".renamed").unlink()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        yield Line("private folder", FAIL, f"{folder} cannot be written: {reason}", f"chmod u+rwx {folder}, or own it")
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077:
        yield Line("private folder", WARN, f"{folder} is open to others (mode {mode:o})", f"chmod 700 {folder}")
    else:
        yield Line("private folder", OK, f"{folder} can be written and is private")


def _snapshots(workspace: Workspace) -> Iterator[Line]:
    """Yield what was built, and what killed builds left: unseen generations and private folders."""
    store = workspace.snapshots
    found, writer = store.generations(), store.writer()
    days = len({generation.as_of for generation in found if generation.state == "current"})
    size = sum(generation.bytes for generation in found) / MB
    told = f"as-of dates: {days}, generations: {len(found)}, {size:,.1f} MB" if found else "none built yet"
    yield Line("snapshots", OK, told + (f"; {writer} is writing now" if writer else ""))
    for generation in found:
        if generation.state == "damaged":
            as_of = generation.as_of
            yield Line("snapshots", FAIL, f"{generation.name}: {generation.fault}", f"restore it, or c360 build --as-of {as_of}")
    orphans = [generation.name for generation in found if generation.state == "orphan"]
    if writer is None and (orphans or store.leftovers()):
        left = ", ".join([*orphans, *store.leftovers()])
        yield Line("snapshots", WARN, f"left by killed builds, and seen by nobody: {left}", "c360 build, or c360 snapshots --prune")


def _contacts(workspace: Workspace) -> Iterator[Line]:
    """Yield what those who contacted customers found wrong with the data."""
    for _, told in workspace.data_problems():
        yield Line("contacts", WARN, told, "mend it at its source; c360 outcomes lists what was imported")


def _engine(workspace: Workspace) -> Iterator[Line]:
    (threads, memory), *_ = workspace.engine.rows("SELECT current_setting('threads'), current_setting('memory_limit')")
    yield Line("engine", OK, f"DuckDB answers with {threads} threads and at most {memory} of memory")


def _machine(folder: Path) -> Iterator[Line]:
    """Yield what the machine has left: disk where the workspace lies, memory."""
    place = next((p for p in (folder.resolve(), *folder.resolve().parents) if p.exists()), Path("/"))
    free = shutil.disk_usage(place).free
    state = FAIL if free < DISK_FAIL else WARN if free < DISK_WARN else OK
    fix = "" if state == OK else "free some space; large requests spill to disk"
    yield Line("disk", state, f"{free / GB:,.1f} GB free", fix)
    available = _memory()
    if available is not None:
        is_low = available < MEMORY_WARN
        fix = "end other programs, or give --memory a limit, so that large requests spill" if is_low else ""
        yield Line("memory", WARN if is_low else OK, f"{available / GB:,.1f} GB available", fix)


def _memory() -> int | None:
    """Return the memory that programs can still have, in bytes; None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return None


def _settings(workspace: Workspace, given: Mapping[str, Setting]) -> Iterator[Setting]:
    """Yield every setting in force: a flag's goes before the environment's, that before the file's, then the default."""
    settings, file = workspace.settings, "c360.toml"
    written = settings.model_fields_set
    folder = given.get("data_folder")
    yield given.get("workspace") or Setting("workspace", str(workspace.folder), "default", "found here or above")
    origin = "file" if "data_folder" in written else "default"
    yield folder or Setting("data_folder", str(workspace.data_folder), origin, file if origin == "file" else "")
    for name in ("time_zone", "as_of", "extends"):
        value = getattr(settings, name, None)
        yield Setting(name, "" if value is None else str(value), *(("file", file) if name in written else ("default", "")))
    for name in ("threads", "memory"):
        value, is_written = getattr(settings.engine, name), name in settings.engine.model_fields_set
        own = Setting(name, "" if value is None else str(value), *(("file", f"{file} [engine]") if is_written else ("default", "")))
        yield given.get(name) or own
    yield given.get("lang") or Setting("lang", "en", "default")
    overridden = settings.flat_params()
    with suppress(C360Error):
        for name, parameter in sorted(workspace.catalog.parameters.items()):
            origin, where = ("file", f"{file} [params]") if name in overridden else ("default", "")
            yield Setting(f"params.{name}", _plain(parameter.value), origin, where)


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
