"""A workspace of six customers in a folder of its own, and the command line over it; one customer is the canary."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from c360.cli.faults import run

TIME_LIMIT = 60
MAIN = "from c360.cli import main; main()"
# One process loads everything and splits for each case, so that a case costs what it does and not what loading costs.
FORKING = """
import atexit, json, os, sys
import duckdb, polars, rich.console, rich.table, sqlglot.dialects.duckdb
import c360.cli.show, c360.engines.sources, c360.lists.listing, c360.workspace
from c360.cli.faults import _command, run

_command()

setting, cases = json.load(sys.stdin)
exec(setting)
answers = []
for case in cases:
    pipes = [os.pipe(), os.pipe()]  # not files, which could not grow where a case forbids it
    child = os.fork()
    if child == 0:
        for number, (_, end) in enumerate(pipes, 1):
            os.dup2(end, number)
        code = prepared(*case)
        atexit._run_exitfuncs()
        sys.stderr.flush()
        os._exit(code)
    for _, end in pipes:
        os.close(end)
    said = [open(end, encoding="utf-8", errors="replace").read() for end, _ in pipes]
    answers.append((os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), *said))
json.dump(answers, sys.stdout)
"""

# What no message, no error object and no file of the private folder may ever hold.
CANARIES = ("张金丝雀", "13900001111", "CANARY-KEY", "330106199001011234")

SETTINGS = """time_zone = "Asia/Shanghai"
data_folder = "data"

[sources.customer]
path = "customer.csv"

[sources.line]
path = "line.csv"

[sources.bill]
path = "bill.parquet"

[sources.ticket]
path = "ticket.csv"

[sources.score]
path = "score.parquet"
"""

SOURCES = '''"""What each table means."""

from c360 import Attributes, Boolean, Category, Date, Entity, Facts, Integer, Key, Money, Month, Number, Ordered, Text
from c360 import current, event, fixed, later, since


class Customer(Entity):
    """One row a customer."""

    default = True
    joined_on: Date = since()
    kind: Category["person", "family", "organisation"] = fixed()
    name: Text = fixed(sensitivity="personal")
    phone: Text = fixed(sensitivity="personal")
    id_number: Text = fixed(sensitivity="sensitive")
    birth_on: Date = fixed(sensitivity="personal")
    note: Text = fixed(sensitivity="internal")
    visits: Integer = fixed(min=0)
    is_member: Boolean = fixed()


class Line(Entity):
    """One row a line."""

    customer: Key[Customer] = fixed()
    activated_on: Date = since()
    deactivated_on: Date = later(by="deactivated_on")


class Bill(Facts):
    """One line's bill for one month."""

    line: Key[Line]
    month: Month
    total: Money


class Ticket(Facts):
    """One complaint."""

    customer: Key[Customer]
    opened_on: Date = event()
    topic: Category["network", "bill"]


class Score(Attributes[Customer]):
    """How likely a customer is to leave, from another system."""

    risk: Number = fixed(min=0, max=1)
    grade: Ordered["low", "mid", "high"] = current()
'''

TAGS = '''"""Value and trouble of a customer."""

from c360 import days, months, param, tag, tiers
from tags.sources import Bill, Customer, Line, Score, Ticket

lines_active = tag(
    Line.where(Line.deactivated_on.is_null()).count(), title="Active lines", zh="在用号码数", unit="line", owner="market",
)
arpu_3m = tag(Bill.last(months(3)).total.sum().or_zero() / 3, title="ARPU", zh="近三月ARPU", unit="yuan/month", owner="market")
value_tier = tag(
    tiers(arpu_3m, high=param("value.high", 100), low=param("value.low", 20), otherwise="minimal"),
    title="Value tier", zh="价值层级", owner="market",
)
tickets_90d = tag(Ticket.last(days(90)).count(), title="Tickets", zh="近90天工单", unit="ticket", owner="service")
risk = tag(Score.risk, title="Risk", zh="离网风险", unit="probability", owner="retention")
grade = tag(Score.grade, title="Grade", zh="等级", owner="retention")
visits = tag(Customer.visits, title="Visits", zh="到店次数", unit="visit", owner="service")
called = tag(Customer.name, title="Name", zh="姓名", owner="market")
line_bill = tag(
    Bill.last(months(1)).total.sum(), entity=Line, title="Line bill", zh="号码账单", unit="yuan", owner="market",
)
'''

SEGMENTS = '''"""Who is asked to stay."""

from c360 import segment
from tags.value import lines_active, risk, tickets_90d, value_tier

active = segment(lines_active > 0, title="Has a line", zh="在网客户", owner="market")
worth_keeping = segment(
    (value_tier >= "low") & (tickets_90d < 2) & (risk > 0.1),
    universe=active, title="Worth keeping", zh="值得挽留", owner="retention",
)
'''

CUSTOMERS = """customer_id,joined_on,kind,name,phone,id_number,birth_on,note,visits,is_member
00017,2019-01-05,person,张伟,13800138000,110101198001011111,1980-01-01,=1+1,3,yes
C2,2020-02-29,person,李娜,+8613912345678,110101198502022222,1985-02-02,-5,0,no
C3,2021-03-01,family,王芳,,110101199003033333,1990-03-03,+8613800138001,2,yes
C4,2022-04-01,person,陈静,02088886666,110101199504044444,1995-04-04,plain,,no
C5,2023-05-01,organisation,刘洋,13700137000,110101197005055555,1970-05-05,"two
lines",1,
CANARY-KEY,2019-06-01,person,张金丝雀,13900001111,330106199001011234,1990-01-01,"a, b",4,yes
"""

LINES = """line_id,customer_id,activated_on,deactivated_on
L1,00017,2019-01-05,
L2,00017,2020-01-01,2026-08-31
L3,C2,2020-02-29,
L4,C3,2021-03-01,
L5,C4,2022-04-01,2026-09-30
L6,CANARY-KEY,2019-06-01,
"""

TICKETS = """customer_id,opened_on,topic
00017,2026-10-01,network
C3,2026-09-30,bill
C3,2026-10-05,network
C4,2026-10-06,bill
C5,2025-01-01,bill
"""

# Three months to October 2026; a line not named has no bill. D is 2026-11-29, the day before November's bills are due.
BILLS = {"L1": "90.00", "L2": "30.00", "L3": "60.00", "L4": "300.00", "L6": "150.50"}
SCORES = {"00017": (0.4, "high"), "C2": (0.2, "low"), "C3": (0.9, "mid"), "C4": (0.5, None), "CANARY-KEY": (0.3, "mid")}


def make(folder: Path) -> Workspace:
    """Write the workspace into *folder*, which becomes it."""
    for name in ("tags", "segments", "data"):
        (folder / name).mkdir(parents=True)
    (folder / "c360.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "tags" / "sources.py").write_text(SOURCES, encoding="utf-8")
    (folder / "tags" / "value.py").write_text(TAGS, encoding="utf-8")
    (folder / "segments" / "keeping.py").write_text(SEGMENTS, encoding="utf-8")
    data = folder / "data"
    for name, text in (("customer", CUSTOMERS), ("line", LINES), ("ticket", TICKETS)):
        (data / f"{name}.csv").write_text(text, encoding="utf-8")
    bill_frame().write_parquet(data / "bill.parquet")
    score_frame().write_parquet(data / "score.parquet")
    return Workspace(folder)


def bill_frame() -> pl.DataFrame:
    """Return the bills: the same amount in each of three months."""
    rows = [(line, day, total) for line, total in BILLS.items() for day in (date(2026, m, 1) for m in (8, 9, 10))]
    frame = pl.DataFrame(rows, schema=["line_id", "month", "total"], orient="row")
    return frame.with_columns(pl.col("total").cast(pl.Decimal(18, 2)))


def score_frame() -> pl.DataFrame:
    """Return the scores."""
    rows = [(key, *values) for key, values in SCORES.items()]
    return pl.DataFrame(rows, schema={"customer_id": pl.String, "risk": pl.Float64, "grade": pl.String}, orient="row")


@dataclass
class Workspace:
    """A workspace on disk, with the few edits tests make."""

    folder: Path

    @property
    def data(self) -> Path:
        """Where its files lie."""
        return self.folder / "data"

    def settings(self, old: str, new: str) -> None:
        """Replace *old* in c360.toml."""
        self.replace("c360.toml", old, new)

    def add(self, file: str, text: str) -> None:
        """Add *text* at the end of *file*."""
        path = self.folder / file
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace *old*, which must be there, in *file*."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def private_files(self) -> Iterator[Path]:
        """Return every file of the private folder but the rows of snapshots, lists and outcomes, which hold keys by purpose."""
        files = (path for path in (self.folder / ".c360").rglob("*") if path.is_file())
        held = ({"generations"}, {"records", "lists"}, {"records", "outcomes"})
        return (p for p in files if not (p.suffix == ".parquet" and any(names <= set(p.parts) for names in held)))

    def names(self) -> set[str]:
        """Return the names of all files beside the private folder's and the sources, to see what was left."""
        own = {"c360.toml", "tags", "segments", "data", ".c360"}
        return {path.name for path in self.folder.iterdir()} - own


@dataclass
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str
    raw: bytes = b""

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, str]]:
        """The CSV on stdout."""
        return list(csv.DictReader(io.StringIO(self.out)))


@dataclass
class CommandLine:
    """Runs commands in this process, or in one of their own; everything said is kept for the canary's sake."""

    capture: pytest.CaptureFixture[str]
    workspace: Workspace | None = None
    said: list[str] = field(default_factory=list)

    def __call__(self, *arguments: str, bare: bool = False) -> Answer:
        """Run a command of the workspace in this process; *bare* leaves ``-w`` out."""
        place = [] if bare or self.workspace is None else ["-w", str(self.workspace.folder)]
        self.capture.readouterr()
        code = run([*place, *map(str, arguments)])
        said = self.capture.readouterr()
        return self._kept(Answer(code, said.out, said.err, said.out.encode()))

    def apart(self, *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Answer:
        """Run a command in a process of its own."""
        place = [] if self.workspace is None or cwd is not None else ["-w", str(self.workspace.folder)]
        command = [sys.executable, "-P", "-c", MAIN, *place, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT, cwd=cwd, env=environment(env), check=False)
        return self._kept(Answer(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(), done.stdout))

    def python(self, code: str, *arguments: str, env: Mapping[str, str] | None = None) -> Answer:
        """Run Python code in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, *map(str, arguments)],
            capture_output=True,
            timeout=TIME_LIMIT,
            env=environment(env),
            check=False,
        )
        return self._kept(Answer(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(), done.stdout))

    def forked(self, prepared: str, cases: Sequence[Sequence[str]]) -> list[Answer]:
        """Run each case in a process of its own: *prepared* is code that defines ``prepared(*case)``, an exit code."""
        done = subprocess.run(
            [sys.executable, "-P", "-c", FORKING], capture_output=True, timeout=TIME_LIMIT, env=environment(None),
            input=json.dumps([prepared, [list(case) for case in cases]]).encode(), check=True,
        )  # fmt: skip
        return [self._kept(Answer(*answer)) for answer in json.loads(done.stdout)]

    def _kept(self, answer: Answer) -> Answer:
        self.said.append(answer.err)
        if answer.code != 0 and answer.out.startswith("{"):
            self.said.append(answer.out)
        return answer


def environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    """Return the environment of a child: this one's without C360_ settings, then *extra*."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("C360_")}
    return {**kept, "NO_COLOR": "1", "PYTHONUTF8": "1", **(extra or {})}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Six customers."""
    monkeypatch.delenv("C360_DATA", raising=False)
    return make(tmp_path / "work")


@pytest.fixture
def c360(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Iterator[CommandLine]:
    """Run a command of the workspace: ``c360("size", "active")``."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield CommandLine(capsys, workspace)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def no_canary(c360: CommandLine, workspace: Workspace) -> Iterator[None]:
    """Whatever was said or left in the private folder, no customer's name, phone, key or id number is in it."""
    yield
    for text in c360.said:
        for canary in CANARIES:
            assert canary not in text, f"{canary} is in: {text}"
    for path in workspace.private_files():
        held = path.read_bytes()
        for canary in CANARIES:
            assert canary.encode() not in held and canary.encode("gb18030") not in held, f"{canary} is in {path}"
    for path in (workspace.folder / ".c360" / "records").rglob("*.parquet"):  # of the rows in records only the key is a customer's
        rows = str(pl.read_parquet(path).rows())
        assert not [canary for canary in CANARIES if canary in rows and canary != "CANARY-KEY"], path
