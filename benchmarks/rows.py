"""Groups of measurements: a place to work in, figures by name out; which goal a figure answers is said in goals.py."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from benchmarks import running
from benchmarks.data import AS_OF, BEFORE, NEXT_DAY, link
from benchmarks.equality import digests
from benchmarks.running import Command, Costs, answer, c360, fresh, in_turn, python, ratios, run, task, way

LIST_ROWS = 100_000


@dataclass(frozen=True)
class Figure:
    """One number, with the least and greatest of its pairs."""

    value: float
    least: float
    greatest: float


@dataclass
class Place:
    """Where a size is measured: its data, a scratch folder, how often, and who hears of it."""

    folder: Path
    scratch: Path
    customers: int
    times: int
    told: Callable[[str], None]
    without: tuple[str, ...] = ()
    figures: dict[str, Figure] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """The data as it is on AS_OF."""
        return self.folder / "data"

    @cached_property
    def tags(self) -> str:
        """The names of the tags the data has the sources of, with commas; a build without names would store the segments too."""
        return answer("tags", running.WORKSPACE, self.data)

    @property
    def ways(self) -> list[str]:
        """The ways that are there to compare with, but for those left out."""
        return [name for name in answer("present").split() if name not in self.without]

    def turn(self, commands: dict[str, Command], times: int | None = None) -> dict[str, Costs]:
        """Run commands in turn."""
        return in_turn(commands, times or self.times, self.told)

    def ratio(self, name: str, above: Costs, below: Costs) -> None:
        """Note a ratio of CPU."""
        self.note(name, *ratios(above, below))

    def note(self, name: str, value: float, least: float | None = None, greatest: float | None = None) -> None:
        """Note a figure."""
        self.figures[name] = Figure(value, value if least is None else least, value if greatest is None else greatest)
        self.told(f"{name}: {value:.4g}")

    def work(self, name: str) -> Path:
        """Return a folder for a workspace."""
        return self.scratch / name

    def build(self, work: Path, *arguments: str, data: Path | None = None, start: Path | None = None, day: str = "") -> Command:
        """Return the build of the tags in *work*, which is made anew before, or again what it was in *start*."""
        given = ("build", "--as-of", day or AS_OF.isoformat(), "--tags", self.tags, *arguments)
        return c360(work, data or self.data, *given, before=lambda: fresh(work) if start is None else _again(start, work))


def equal(place: Place) -> None:
    """Hold all ways to one content, before anything is timed."""
    place.told("all ways, compared:")
    digests(place.data, place.scratch, place.tags, place.told, place.ways)


def builds(place: Place) -> None:
    """Compare a full build with each other way."""
    commands = {"c360": place.build(place.work("full"))}
    commands |= {name: way(name, place.data, place.scratch / f"{name}.parquet") for name in place.ways}
    costs = place.turn(commands)
    ours = costs.pop("c360")
    for name, others in costs.items():
        place.ratio(f"build/{name}", ours, others)
        place.note(f"cpu/{name}", others.cpu)
        place.note(f"memory/{name}", others.memory / 1e9)
    place.note("cpu/c360", ours.cpu)
    place.note("memory/c360", ours.memory / 1e9)
    if "polars" in costs:
        place.note("build/polars memory", ours.memory / costs["polars"].memory)
    place.note("bytes a customer", ours.memory / place.customers)


def increments(place: Place) -> None:
    """Compare a month's close, a next day and a build of nothing new with full builds of the same day."""
    lake = _Lake(place)
    before, closed, after, now = (place.work(name) for name in ("before", "closed", "after", "now"))
    run(lake.build(before, BEFORE))
    run(lake.build(closed, AS_OF, before))
    run(lake.build(after, NEXT_DAY, closed))
    costs = place.turn(
        {
            "full": lake.build(now, AS_OF),
            "month close": lake.build(now, AS_OF, before),
            "full next day": lake.build(now, NEXT_DAY),
            "next day": lake.build(now, NEXT_DAY, closed),
            "nothing": lake.build(now, NEXT_DAY, after),
        }
    )
    place.ratio("full/next day", costs["full next day"], costs["next day"])
    place.ratio("full/month close", costs["full"], costs["month close"])
    place.ratio("full/nothing", costs["full next day"], costs["nothing"])


class _Lake:
    """One folder of data that becomes that of another day as files are added; its path stays, as an operator's does."""

    def __init__(self, place: Place) -> None:
        self._place, self.path = place, place.scratch / "lake"
        for day in (BEFORE, AS_OF, NEXT_DAY):
            link(place.folder, self._of(day), day)

    def build(self, work: Path, day: date, start: Path | None = None, *arguments: str) -> Command:
        """Return the build of *day* in *work*, made anew or what it was in *start*, over the data of that day."""
        command = self._place.build(work, *arguments, data=self.path, start=start, day=day.isoformat())

        def before() -> None:
            command.before()
            self.path.unlink(missing_ok=True)
            self.path.symlink_to(self._of(day))

        return Command(command.arguments, before)

    def _of(self, day: date) -> Path:
        return self._place.scratch / f"lake-{day}"


def same(place: Place) -> None:
    """Count the builds whose content differs: one thread, parts, and increments beside a full build."""
    lake, before, work = _Lake(place), place.work("before"), place.work("same")
    run(lake.build(before, BEFORE))
    full = lake.build(work, AS_OF)
    ways = {
        "full, 2 threads": full,
        "full, 1 thread": Command(tuple("1" if given == "2" else given for given in full.arguments), full.before),
        "in 3 parts": lake.build(work, AS_OF, None, "--partitions", "3"),
        "from the day before": lake.build(work, AS_OF, before),
    }
    found = {}
    for name, command in ways.items():
        run(command)
        found[name] = answer("digest_of_snapshot", work)
        place.told(f"  {name}: {found[name]}")
    place.note("contents that differ", sum(text != found["full, 2 threads"] for text in found.values()))


def parts(place: Place) -> None:
    """Find in how many parts a build keeps to 0.43 of the memory, and what that costs."""
    whole = place.build(place.work("whole"))
    all_memory = run(whole).memory
    tried: dict[int, float] = {}
    for count in (2, 3, 4, 6, 8, 12, 16):
        tried[count] = run(place.build(place.work("cut"), "--partitions", str(count))).memory / all_memory
        place.told(f"  {count} parts: {tried[count]:.2f} of the memory")
        if tried[count] <= 0.43 or tried[count] > 1.05 * min(tried.values()):  # more parts hold no less
            break
    count = min(tried, key=lambda c: (tried[c] > 0.43, c if tried[c] <= 0.43 else tried[c]))
    cut = place.build(place.work("cut"), "--partitions", str(count))
    costs = place.turn({"cut": cut, "whole": whole}, min(place.times, 3))
    # At a small size the interpreter and its libraries are most of the memory, and no number of parts gets there.
    place.ratio("parts/whole" if tried[count] <= 0.43 else "least parts/whole", costs["cut"], costs["whole"])
    place.note("parts", count)
    place.note("parts/whole memory", costs["cut"].memory / costs["whole"].memory)


def segments(place: Place) -> None:
    """Compare fifty counts at once with fifty queries, and overlaps with those counts."""
    plain, masked = place.work("plain"), place.work("masked")
    run(place.build(plain))
    fresh(masked)
    run(c360(masked, place.data, "build", "--as-of", AS_OF.isoformat()))
    tasks = {name: task(name, plain, place.data) for name in ("sizes", "single_queries", "overlap")}
    costs = place.turn({**tasks, "overlap of masks": task("overlap", masked, place.data)})
    place.ratio("50 counts/50 queries", costs["sizes"], costs["single_queries"])
    place.ratio("overlap/50 counts", costs["overlap"], costs["sizes"])
    place.ratio("overlap of masks/50 counts", costs["overlap of masks"], costs["sizes"])


def answers(place: Place) -> None:
    """Compare a count on a snapshot with the raw query: warm by the library, cold by the command; and the help's start."""
    work = place.work("answers")
    fresh(work)
    run(c360(work, place.data, "build", "--as-of", AS_OF.isoformat()))
    (work / "count.sql").write_text(answer("count_query", work), encoding="utf-8")
    warm = {"library": task("count_c360", work, place.data, "20"), "raw": task("count_raw", work, place.data, "20")}
    cold = {
        "size": c360(work, place.data, "size", "five_conditions"), "floor": task("cold_count", work, place.data),
        "help": Command(python("-m", "benchmarks.task", "c360", "--help")), "typer": Command(python("-c", "import typer")),
    }  # fmt: skip
    costs = place.turn({**warm, **cold})
    place.ratio("count/raw", costs["library"], costs["raw"])
    place.ratio("cold size/floor", costs["size"], costs["floor"])
    place.ratio("help/typer", costs["help"], costs["typer"])


def delivery(place: Place) -> None:
    """Compare the writers of lists with plain ones, for 100,000 rows and twelve columns."""
    if place.customers < LIST_ROWS:
        place.told("lists are written of 100,000 customers or more")
        return
    table, target = place.scratch / "list.parquet", place.scratch / "list.out"
    run(way("best", place.data, table))
    commands = {}
    for kind in ("xlsx", "csv", "parquet"):
        commands[kind] = task("deliver", kind, table, str(target))
        commands[f"plain {kind}"] = task("deliver_plain", kind, table, str(target))
    costs = place.turn(commands)
    for kind in ("xlsx", "csv", "parquet"):
        place.ratio(f"{kind}/plain", costs[kind], costs[f"plain {kind}"])


def growth(place: Place) -> None:
    """Measure how a build's cost grows with customers, with days of history, and with tags."""
    for customers in (25_000, 50_000, 100_000, 200_000, 400_000, 1_000_000):
        if customers <= place.customers:
            folder = place.folder if customers == place.customers else place.folder.parent / f"growth-{customers}"
            answer("write", folder, customers)
            _grown(place, f"customers {customers}", place.build(place.work("growth"), data=folder / "data"))
    small = min(place.customers, 100_000)
    for days in (90, 180, 360):
        folder = place.folder.parent / f"growth-{small}-{days}-days"
        answer("write", folder, small, days)
        _grown(place, f"days {days}", place.build(place.work("growth"), data=folder / "data"))
    names = place.tags.split(",")
    for count in (10, 30, 60, len(names)):
        chosen = ",".join(names[:: max(1, len(names) // count)][:count])
        work = place.work("growth")
        command = c360(
            work, place.data, "build", "--as-of", str(AS_OF), "--tags", chosen, before=lambda: fresh(place.work("growth"))
        )
        _grown(place, f"tags {len(chosen.split(','))}", command)


def ten_million(place: Place) -> None:
    """Build what bills alone give, within 16 GB."""
    work = place.work("bills")
    arguments = ("--memory", "16GB", "build", "--as-of", str(AS_OF), "--tags", place.tags)
    cost = run(c360(work, place.data, *arguments, before=lambda: fresh(work)))
    place.note("cpu/bills of 10 million", cost.cpu)
    place.note("memory/bills of 10 million", cost.memory / 1e9)
    place.note("10 million within the limit", float(cost.memory <= 16e9))


GROUPS: dict[str, Callable[[Place], None]] = {
    "equal": equal, "builds": builds, "increments": increments, "same": same, "parts": parts, "segments": segments,
    "answers": answers, "delivery": delivery, "growth": growth, "ten_million": ten_million,
}  # fmt: skip


def _grown(place: Place, name: str, command: Command) -> None:
    cost = place.turn({name: command}, min(place.times, 3))[name]
    place.note(f"growth/cpu/{name}", cost.cpu)
    place.note(f"growth/memory/{name}", cost.memory / 1e9)


def _again(start: Path, work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(start, work)
