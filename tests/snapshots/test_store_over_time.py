"""Any sequence of builds, killed ones too, rollbacks, prunings and readers: what is current is whole, and what a model says."""

from __future__ import annotations

import errno
import tempfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from c360.errors import ResourceError, UsageError
from c360.snapshots.fileops import FileOps
from c360.snapshots.reading import Snapshot
from stored import Counted, D, build, store_in

DAYS = st.sampled_from([D + timedelta(days=number) for number in range(2)])


class Quick(FileOps):
    """The same names and modes, without waiting for the disk."""

    def sync_file(self, path: Path) -> None:
        path.chmod(0o600)

    def sync_folder(self, path: Path) -> None:
        assert path.is_dir()


class Killed(BaseException):
    """Ends a build as a kill does, but for what the process itself would clean up."""


class StoreOverTime(RuleBasedStateMachine):
    """The model: of each day the values that were published and can be gone back to, the current one last."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = store_in(Path(self.folder.name), Quick())
        self.model: dict[date, list[str]] = {}
        self.readers: list[tuple[Snapshot, str]] = []
        self.number = 0

    def next_value(self) -> str:
        self.number += 1
        return f"value {self.number}"

    @rule(day=DAYS, reuse=st.booleans())
    def publish(self, day: date, reuse: bool) -> None:
        value = self.next_value()
        build(self.store, value, day, reuse_keys=reuse)
        self.model.setdefault(day, []).append(value)
        assert self.store.leftovers() == []

    @rule(day=DAYS, reuse=st.booleans(), step=st.integers(1, 14), kill=st.booleans())
    def publish_that_ends(self, day: date, reuse: bool, step: int, kill: bool) -> None:
        def end() -> None:
            raise Killed if kill else OSError(errno.EIO, "no")

        value, failing = self.next_value(), Counted(step, before=end)
        with suppress(Killed, ResourceError):
            build(store_in(Path(self.folder.name), failing), value, day, reuse_keys=reuse)
        if "replace" in failing.calls[: step - 1] or len(failing.calls) < step:
            self.model.setdefault(day, []).append(value)

    @rule(day=DAYS)
    def roll_back(self, day: date) -> None:
        values = self.model.get(day, [])
        try:
            self.store.rollback(day)
        except UsageError:
            assert len(values) < 2
        else:
            values.pop()

    @rule(keep=st.integers(1, 3))
    def prune(self, keep: int) -> None:
        done = self.store.prune(keep)
        for values in self.model.values():
            del values[:-keep]
        # What a reader holds stays on disk but cannot be gone back to, unless it was to be kept anyway.
        for day, values in self.model.items():
            kept = self.store.pointer().before.get(day, ())
            held = [name for name in kept if name in done.in_use]
            values[:0] = [self.value_of(name) for name in held]

    @rule(day=DAYS)
    def open_reader(self, day: date) -> None:
        snapshot = self.store.current(day)
        if snapshot is not None:
            self.readers.append((snapshot, self.model[day][-1]))

    @precondition(lambda self: self.readers)
    @rule()
    def close_reader(self) -> None:
        self.readers.pop(0)[0].close()

    @invariant()
    def every_day_is_what_was_published_last(self) -> None:
        for day, values in self.model.items():
            with self.store.current(day) as snapshot:
                assert shown(snapshot) == values[-1]

    @invariant()
    def what_can_be_gone_back_to_is_whole(self) -> None:
        for found in self.store.generations():
            assert found.state != "damaged", found.fault
            if found.state in {"current", "kept", "set aside", "orphan"}:
                self.store.verify(found.name)

    @invariant()
    def readers_read_on(self) -> None:
        for snapshot, value in self.readers:
            assert shown(snapshot) == value

    @invariant()
    def no_name_is_used_twice(self) -> None:
        names = [found.name for found in self.store.generations()]
        assert len({name.rpartition("-")[2] for name in names}) == len(names)

    def value_of(self, name: str) -> str:
        with self.store.open(name) as snapshot:
            return shown(snapshot)

    def teardown(self) -> None:
        for snapshot, _ in self.readers:
            snapshot.close()
        self.folder.cleanup()


def shown(snapshot: Snapshot) -> str:
    """Return the value that a snapshot holds, its keys read too."""
    (table,) = snapshot.manifest.entities
    snapshot.whole(table.files)
    return snapshot.path(table.families[0].files[0]).read_text(encoding="utf-8")


StoreOverTime.TestCase.settings = settings(max_examples=12, stateful_step_count=20, deadline=None, derandomize=True, database=None)
TestStoreOverTime = StoreOverTime.TestCase
