"""What is asked of a list and what came of it, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.deliver.account import Form, ListAccount
from c360.deliver.aim import Aim
from c360.deliver.rehearsal import Rehearsal
from c360.deliver.waterfall import Waterfall
from c360.deliver.writers import WRITERS, encoding_of, format_of
from c360.errors import Refused, UsageError
from c360.expr.dates import as_day

if TYPE_CHECKING:
    import polars

    from c360.language.campaigns import Apart, Offer
    from c360.snapshots.origin import Origin

NAMES, TITLES = "names", "titles"


def refuse_one_text(name: str, texts: object) -> None:
    """Refuse one text where several are asked for: each of its letters would be taken for one; raises UsageError."""
    if isinstance(texts, str):
        raise UsageError(f"{name} takes several texts, found one alone", hint=f'write {name}=["…"]')


@dataclass(frozen=True)
class ListRequest:
    """A target list to make.

    *columns* are tags, segments or contract columns of the entity; None shows what the rule refers to. *order* names
    columns, falling with a leading ``-``; the key ends every order. *limit* keeps the first rows in that order. *keys* keeps
    the rows with these keys. A list of nobody is not written unless *allow_empty*. *headers* are the columns' ``names`` or
    their ``titles`` in *lang*; workbooks have titles, other files names unless asked. *encoding* is that of a CSV file.
    With *snapshot* a built snapshot of the day answers where it can, else the sources do.

    Under a contact policy every list that leaves has a *purpose*, and *channels* to choose from, in order (none: all that the
    policy names). *on* is the day of contact. *holdout* is the share left out by chance to compare with (0: nobody, whatever the
    campaign says), told by *strata*; *salt* draws other ones. *one_per* names a column of which each value is kept once.
    *accept_size* is the number of rows that a guard may let pass. *unmask* names personal columns that leave as they are, for the
    *reason* given. *recipient* is who gets the list. *excluded* is a file for everybody left out, each with the first reason.
    *split_by* makes one file a value of a column, *split* one a sheet that is full. A *campaign* brings segment, purpose,
    channels and the rest; what is given besides goes before; *month* asks for what was arbitrated for that month.
    """

    segment: str
    path: Path | None = None
    columns: tuple[str, ...] | None = None
    order: tuple[str, ...] = ()
    limit: int | None = None
    as_of: date | str | None = None
    format: str | None = None
    force: bool = False
    dry_run: bool = False
    allow_current: bool = False
    allow_stale: bool = False
    allow_empty: bool = False
    keys: tuple[str, ...] | None = field(default=None, repr=False)
    lang: str = "en"
    headers: str | None = None
    encoding: str | None = None
    snapshot: bool = True
    purpose: str = ""
    channels: tuple[str, ...] = ()
    on: date | None = None
    holdout: float | None = None
    salt: str = ""
    strata: str = ""
    one_per: str = ""
    score: str = ""
    value: str | float | None = None
    offer: Offer | None = None
    apart: tuple[Apart, ...] = ()
    accept_size: int | None = None
    unmask: tuple[str, ...] = ()
    reason: str = ""
    recipient: str = ""
    excluded: Path | None = None
    split_by: str = ""
    split: bool = False
    campaign: str = ""
    month: str = ""

    def __post_init__(self) -> None:
        """Refuse one text in place of several, whose letters would be names; take a day as text too."""
        for name in ("columns", "order", "keys", "channels", "unmask"):
            refuse_one_text(name, getattr(self, name))
        if self.on is not None:
            object.__setattr__(self, "on", as_day(self.on, "on"))

    @property
    def name(self) -> str:
        """What the list is called: its campaign, else its segment."""
        return self.campaign or self.segment

    @property
    def kind(self) -> str:
        """The format: as asked, else by the file's ending, else CSV."""
        return format_of(self.path or Path("list.csv"), self.format)

    @property
    def has_titles(self) -> bool:
        """Whether titles head the columns."""
        return self.headers == TITLES or (self.headers is None and self.kind == "xlsx")

    def refuse_form(self) -> None:
        """Refuse a format, header, encoding or limit that cannot be."""
        kind = self.kind
        if self.headers not in (None, NAMES, TITLES):
            raise UsageError(f"headers are {NAMES} or {TITLES}, found '{self.headers}'", hint="write --headers titles")
        if self.headers == TITLES and kind not in {"csv", "xlsx"}:
            raise UsageError(
                f"{kind} is for machines and keeps the columns' names", hint="leave --headers out, or write .csv or .xlsx"
            )
        if self.encoding is not None and kind != "csv":
            raise UsageError(f"{kind} has no encoding to choose; only csv has", hint="leave --encoding out")
        encoding_of(self.encoding)
        self._refuse_excluded()
        self._refuse_contradictions()
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"a limit is 1 or more, found {self.limit}")
        if not 0 <= (self.holdout or 0) < 1:
            raise UsageError(f"a holdout is a share from 0 to below 1, found {self.holdout:g}", hint="write --holdout 0.1")

    def _refuse_contradictions(self) -> None:
        """Refuse options of which one would have to be overlooked."""
        if self.month and not self.campaign:
            raise UsageError("a month is that of a campaign, and none is named", hint="write --campaign too, or leave --month out")
        if self.path is None and not self.dry_run and (self.split_by or self.split):
            raise UsageError("only files can be split", hint="name a file with -o")
        ending = "" if self.path is None else self.path.suffix.lower().lstrip(".")
        if self.format is not None and ending in WRITERS and ending != self.format:
            raise UsageError(f"the ending .{ending} says one format, --format {self.format} another", hint="leave --format out")
        twice = sorted({name for name in self.channels if self.channels.count(name) > 1})
        if twice:
            raise UsageError(f"channel named twice: {', '.join(twice)}", hint="name each channel once")

    def _refuse_excluded(self) -> None:
        """Refuse a file of those left out that would not be written as asked."""
        if self.excluded is None:
            return
        if self.path is None and not self.dry_run:
            raise UsageError("--excluded is a second file beside the list's own", hint="write the list to a file with -o")
        if format_of(self.excluded, None) == "xlsx":
            raise UsageError(
                f"{self.excluded.name}: those left out go into no workbook", hint="name a .csv, .parquet or .jsonl file"
            )
        if self.path is not None and self.excluded.resolve() == self.path.resolve():
            raise UsageError(f"{self.excluded} is the list itself", hint="name another file for those left out")


@dataclass(frozen=True)
class ListResult:
    """A list made: its waterfall, its rows (masked), and where the file and its manifest are.

    *aim* says what it is for. *members* holds key, person, arm, stratum, channel, score and value of treated and held out.
    *promise* is what an approval binds: all that decides the list, its funnel and its size. *rehearsal* is what a list of a dry run
    would be if it left.
    """

    segment: str
    as_of: date
    waterfall: Waterfall
    frame: polars.DataFrame
    run_id: str
    masked: tuple[str, ...]
    marks: tuple[str, ...]
    account: ListAccount
    form: Form
    path: Path | None = None
    manifest: Path | None = None
    neutralised: int = 0
    origin: Origin | None = None
    aim: Aim = field(default_factory=Aim)
    members: polars.DataFrame | None = field(default=None, repr=False)
    files: tuple[Path, ...] = ()
    promise: dict[str, Any] = field(default_factory=dict, repr=False)
    approvals: tuple[str, ...] = ()
    rehearsal: Rehearsal | None = None

    def as_json(self) -> dict[str, object]:
        """Return the account of the list as plain data, without its rows."""
        return {
            "segment": self.segment, "as_of": self.as_of.isoformat(), "rows": self.frame.height, "run_id": self.run_id,
            "waterfall": self.waterfall.as_json(), "columns": self.frame.columns, "masked": list(self.masked),
            "marks": list(self.marks), "path": None if self.path is None else str(self.path),
            "manifest": None if self.manifest is None else str(self.manifest), "neutralised": self.neutralised,
            "snapshot": None if self.origin is None else self.origin.as_json(), **self.keys_as_json(), **self.aim.as_json(),
            **({} if self.rehearsal is None else {"rehearsal": self.rehearsal.as_json()}),
            **({"files": [str(file) for file in self.files]} if len(self.files) > 1 else {}),
        }  # fmt: skip

    def refuse_empty(self) -> None:
        """Refuse a list of nobody, and say which stage took the last rows; raises Refused."""
        if self.frame.height:
            return
        last = next((stage for stage in reversed(self.waterfall.stages) if stage.removed), None)
        cause = "" if last is None else f"'{last.words}' removed the last {last.removed:,}; "
        raise Refused(
            f"the list of {self.segment} has 0 rows; nothing was written",
            hint=f"{cause}if that is right, go on with --allow-empty",
        )

    @property
    def notes(self) -> list[str]:
        """What is to be said beside the list: where it comes from, and what was let pass."""
        return [*([] if self.origin is None else [str(self.origin)]), *self.marks]

    def _repr_html_(self) -> str:
        place = [f"written to {self.path.name}"] if self.path is not None else ["nothing written"]
        told = f"{self.segment}, as of {self.as_of}: {self.frame.height:,} rows, run {self.run_id}"
        return self.waterfall.as_html(told, [*place, *self.notes])

    def keys_as_json(self) -> dict[str, object]:
        """Return how many keys were given and how many of them nothing is known of; empty when none were."""
        given = self.account.keys_given
        return {} if given is None else {"keys": {"given": given, "unknown": self.account.keys_unknown}}
