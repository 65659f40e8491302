"""Tutorial, how-to and explanation pages: each is followed as a reader would, and must print what it says.

A ```python or ```toml block that begins with `# file: NAME` is written there, one with `# add to: NAME` is appended; a
```console block is typed. Lines without `$ ` are what must be seen, in that order, spaces aside; `…` stands for anything.
"""

from __future__ import annotations

import contextlib
import io
import re
import runpy
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from c360.cli.faults import STOPS, run
from project import ROOT

DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BOLD = re.compile(r"\x1b\[[\d;]*m")
NAMED = re.compile(r"# (file|add to): (\S+)\n+")
# Page → what its reader has before: nothing, the shop of the tutorial, the demo, or the public samples' files.
# They run the whole catalogue again and again.
LONG = ("how-to/pull-a-list.md", "how-to/run-monthly.md", "how-to/campaigns.md", "how-to/reference-on-your-files.md")
PAGES = {
    "tutorial/first-list.md": "",
    "tutorial/a-list-you-may-use.md": "shop",
    "how-to/bind-a-file.md": "shop",
    "how-to/add-a-tag.md": "shop",
    "how-to/add-a-segment.md": "shop",
    "how-to/pull-a-list.md": "demo",
    "how-to/offers.md": "demo",
    "how-to/contact-policy.md": "demo",
    "how-to/campaigns.md": "demo",
    "how-to/evaluate.md": "shop",
    "how-to/privacy.md": "shop",
    "how-to/approvals.md": "shop",
    "how-to/verify-a-list.md": "shop",
    "how-to/rehearse-a-list.md": "demo",
    "how-to/sql-in-bi.md": "shop",
    "how-to/run-monthly.md": "demo",
    "how-to/snapshots.md": "shop",
    "how-to/overlaps.md": "shop",
    "how-to/use-as-a-library.md": "shop",
    "how-to/reference-on-your-files.md": "samples",
    "explanation/as-of.md": "shop",
    "explanation/grain.md": "demo",
    "explanation/unknown-and-universe.md": "shop",
    "explanation/numbers.md": "shop",
}


class Screen(io.StringIO):
    """What a terminal shows."""

    def isatty(self) -> bool:
        return True


@dataclass
class Reader:
    """Somebody who follows a page from a folder on; *code* is the exit code of the last command."""

    folder: Path
    code: int = 0
    typed: int = field(default=0)

    def follow(self, page: Path) -> None:
        """Do what every block of *page* says."""
        for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")):
            named = NAMED.match(text)
            if kind == "console":
                self.type(text)
            elif named:
                self.write(named[2], text[named.end() :], append=named[1] == "add to")
            else:
                assert kind == "text", f"{page.name}: a {kind} block that names no file is never tried: {text}"
        assert self.code == 0, f"{page.name} ends in exit code {self.code}"

    def write(self, name: str, text: str, *, append: bool = False) -> None:
        """Write a file of the page, or add to it."""
        place = self.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        before = place.read_text(encoding="utf-8") + "\n" if append else ""
        place.write_text(before + text, encoding="utf-8")

    def type(self, block: str) -> None:
        """Type the commands of a block and look for what is said to follow each."""
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, rest = part.partition("\n")
            if heredoc := re.fullmatch(r"cat > (\S+) <<END", command):
                content, _, rest = rest.partition("END\n")
                self.write(heredoc[1], content)
                assert not rest.strip()
                continue
            assert self.code == 0 or command == "echo $?", f"before `$ {command}` came exit code {self.code}, unmentioned"
            seen = self.do(command)
            self.typed += 1
            _must_show(command, seen, rest)

    def do(self, command: str) -> str:
        """Run one command and return what it prints, on stdout and stderr."""
        words = shlex.split(command)
        screen = Screen()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
            match words:
                case ["cd", name]:
                    self.folder = (self.folder / name).resolve(strict=True)
                case ["cat", name]:
                    print(Path(name).read_text(encoding="utf-8-sig"))
                case ["echo", "$?"]:
                    print(self.code)
                    self.code = 0
                case ["python", name]:
                    runpy.run_path(name, run_name="__main__")
                case ["c360", *arguments, ">", name]:
                    with open(name, "w", encoding="utf-8") as file, contextlib.redirect_stdout(file):
                        self.code = run(arguments)
                case ["c360", *arguments]:
                    self.code = run(arguments)
                case _:
                    raise AssertionError(f"a page may not type `$ {command}`")
        return BOLD.sub("", screen.getvalue())


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fix the width of the terminal; leave no signal handler and no module of a page behind."""
    monkeypatch.setenv("COLUMNS", "120")
    before = set(sys.modules)
    handlers = {number: signal.getsignal(number) for number in STOPS}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in ("tags", "segments"):
            del sys.modules[name]


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace that the tutorial ends with."""
    reader = Reader(tmp_path_factory.mktemp("tutorial"))
    reader.follow(DOCS / "tutorial" / "first-list.md")
    return reader.folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the reference catalogue and a demo of 500 customers."""
    reader = Reader(tmp_path_factory.mktemp("demo"))
    reader.type("$ c360 init operator\n$ cd operator\n$ c360 demo --customers 500\n")
    assert reader.code == 0
    return reader.folder


@pytest.fixture
def samples(shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and C360_DATA set to where the samples lie."""
    monkeypatch.setenv("C360_DATA", str(shared_data))
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("page", [pytest.param(p, marks=pytest.mark.thorough) if p in LONG else p for p in PAGES])
def test_a_page_can_be_followed(page: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    folder = tmp_path / "start"
    if start := PAGES[page]:
        shutil.copytree(request.getfixturevalue(start), folder)
    else:
        folder.mkdir()
    reader = Reader(folder)
    reader.follow(DOCS / page)
    assert reader.typed, f"{page} has nothing to try"


@pytest.mark.parametrize("page", [*PAGES, "README.md"])
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    place = DOCS / page
    for target in re.findall(r"\]\(([^)#\s]+)", place.read_text(encoding="utf-8")):
        assert "://" in target or (place.parent / target).exists(), f"{page} links to {target}"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_in_the_index(page: str) -> None:
    assert f"]({page})" in (DOCS / "README.md").read_text(encoding="utf-8")


def _must_show(command: str, seen: str, page: str) -> None:
    """Assert that the lines of *page* are seen in their order; other lines may stand between them."""
    lines = (" ".join(line.split()) for line in seen.splitlines())
    for wanted in (" ".join(line.split()) for line in page.splitlines()):
        pattern = ".*".join(re.escape(part) for part in wanted.split("…"))
        assert any(re.fullmatch(pattern, line) for line in lines), f"$ {command}\n{seen}\nlacks or misplaces: {wanted}"
