"""The commands: each reads its options, calls one workspace method and hands the answer to `show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from c360.cli import show
from c360.cli.approving import approve, propose
from c360.cli.building import build
from c360.cli.campaigning import arbitrate, campaigns
from c360.cli.completion import definition_names, segment_names, tag_names
from c360.cli.doctoring import doctor
from c360.cli.evaluating import evaluate, outcomes
from c360.cli.exporting import export
from c360.cli.factoring import factors
from c360.cli.options import (
    About,
    AllowCurrent,
    AllowStale,
    AsOf,
    Common,
    Data,
    Form,
    Json,
    NoSnapshot,
    Quiet,
    Where,
    common,
    day,
    rule,
)  # fmt: skip
from c360.cli.overlapping import overlap
from c360.cli.recording import audit, erase
from c360.cli.snapshotting import snapshots
from c360.cli.verifying import verify
from c360.demo import AS_OF, NOISE
from c360.errors import UsageError

app = typer.Typer(
    help="Customer tags, segments and target lists from one set of definitions.",
    no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
)  # fmt: skip


@app.callback()
def _global(
    context: typer.Context,
    workspace: Annotated[Path, typer.Option("--workspace", "-w", help="Folder with c360.toml, or one below it.")] = Path("."),
    data: Data = None,
    lang: Annotated[str, typer.Option(envvar="C360_LANG", help="Language of titles and levels: en or zh.")] = "en",
    quiet: Quiet = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say why no snapshot answers; show a traceback for a bug.")] = False,
    threads: Annotated[int | None, typer.Option(envvar="C360_THREADS", min=1, help="Threads the engine may use.")] = None,
    memory: Annotated[str | None, typer.Option(envvar="C360_MEMORY", help="Memory the engine may use, such as 4GB.")] = None,
    timeout: Annotated[float | None, typer.Option(envvar="C360_TIMEOUT", min=0, help="Seconds the command may take.")] = None,
) -> None:
    context.obj = Common(workspace, data, lang, quiet, verbose, threads, memory, timeout)
    context.call_on_close(context.obj.close)


@app.command()
def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where the workspace is made.")],
    empty: Annotated[bool, typer.Option("--empty", help="Make a bare workspace, without the reference catalogue.")] = False,
    json: Json = False,
) -> None:
    """Make a workspace: a copy of the reference telecom catalogue, ready for the demo data."""
    from c360.starting import init as start

    made = start(folder, empty=empty)
    show.made(common(context), folder, made, next="c360 check" if empty else "c360 demo", as_json=json)


@app.command()
def demo(
    context: typer.Context,
    customers: Annotated[int, typer.Option(min=1, help="Customers to make.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same data.")] = 42,
    as_of: Annotated[
        str, typer.Option(help="The last day of its history, as YYYY-MM-DD; covers_to in c360.toml must say the same.")
    ] = AS_OF.isoformat(),
    noise: Annotated[float, typer.Option(min=0, max=0.5, help="The share of signs that go astray.")] = NOISE,
    json: Json = False,
) -> None:
    """Make a synthetic telecom operator and pull a first target list from it; needs no network."""
    from c360.cli.progress import making
    from c360.starting import demo as start

    workspace = common(context).open()
    with making("demo", quiet=common(context).quiet) as told:
        made = start(workspace, customers=customers, seed=seed, as_of=day(as_of) or AS_OF, noise=noise, told=told)
    show.demo(common(context), made, as_json=json)


app.command()(doctor)
app.command()(factors)
app.command()(build)
app.command()(snapshots)
app.command()(overlap)
app.command()(propose)
app.command()(approve)
app.command()(audit)
app.command()(erase)
app.command()(evaluate)
app.add_typer(outcomes, name="outcomes")
app.command()(campaigns)
app.command()(arbitrate)
app.command()(export)
app.command()(verify)


@app.command()
def check(
    context: typer.Context,
    data: Annotated[bool, typer.Option(help="Check the sources too.")] = True,
    json: Json = False,
) -> None:
    """Check definitions, run their examples, and hold the sources against their contracts."""
    report = common(context).open().check(data=data)
    show.check(common(context), report, as_json=json)
    if not report.ok:
        raise typer.Exit(4 if report.broken_sources and not report.failed_examples and not report.errors else 1)


@app.command()
def tags(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="One tag, in full.", autocompletion=tag_names)] = None,
    entity: Annotated[str | None, typer.Option(help="Only tags of this entity.")] = None,
    form: Form = None,
    json: Json = False,
) -> None:
    """List the tags, or show one: its words, type, parameters, who uses it."""
    _definitions(context, "tag", name, entity, form, json)


@app.command()
def segments(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="One segment, in full.", autocompletion=segment_names)] = None,
    entity: Annotated[str | None, typer.Option(help="Only segments of this entity.")] = None,
    form: Form = None,
    json: Json = False,
) -> None:
    """List the segments, or show one: its words, universe, who uses it."""
    _definitions(context, "segment", name, entity, form, json)


@app.command()
def sources(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(help="One source, in full; with --suggest the files to draft bindings for.")
    ] = None,
    suggest: Annotated[bool, typer.Option("--suggest", help="Draft a binding for each file; nothing is written.")] = False,
    source: Annotated[str | None, typer.Option("--as", help="With --suggest: the source that the file is.")] = None,
    contract: Annotated[bool, typer.Option("--contract", help="With --suggest: print classes for files that fit none.")] = False,
    json: Json = False,
) -> None:
    """Show every source: bound or not, its rows, dates and problems, what it feeds; or draft bindings for your own files."""
    if suggest:
        from c360.cli.suggesting import suggest as drafted

        return drafted(common(context), files or [], source, contract=contract, as_json=json)
    if source is not None or contract or len(files or ()) > 1:
        raise UsageError("files, --as and --contract go with --suggest", hint="c360 sources --suggest FILE…")
    workspace = common(context).open()
    if files:
        return show.source(common(context), workspace.source_row(str(files[0])), as_json=json)
    return show.sources(common(context), workspace.source_rows(), as_json=json)


@app.command()
def plan(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Tags or segments.", autocompletion=definition_names)] = None,
    where: Where = None,
    entity: About = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Show what a request reads and in which steps, each with its reason."""
    made = common(context).open().plan(*names or (), **rule(where, entity), as_of=day(as_of))
    show.plan(common(context), made, as_json=json)


@app.command()
def sql(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Tags, or one segment.", autocompletion=definition_names)] = None,
    where: Where = None,
    entity: About = None,
    as_of: AsOf = None,
    allow_current: AllowCurrent = False,
    allow_stale: AllowStale = False,
    json: Json = False,
) -> None:
    """Print the SQL of tags, of a segment's members, or of the rows a rule finds, ready to run or to paste into BI."""
    workspace, told = common(context).open(), rule(where, entity)
    text = workspace.sql(*names or (), **told, as_of=day(as_of), allow_current=allow_current, allow_stale=allow_stale)
    show.data(text if not json else show.dumps({"names": names or [], **told, "dialect": "duckdb", "sql": text}))


@app.command()
def size(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Segments.", autocompletion=segment_names)] = None,
    every: Annotated[bool, typer.Option("--all", help="Count every segment that can be counted here.")] = False,
    where: Where = None,
    entity: About = None,
    as_of: AsOf = None,
    allow_current: AllowCurrent = False,
    allow_stale: AllowStale = False,
    no_snapshot: NoSnapshot = False,
    json: Json = False,
) -> None:
    """Count the members of segments, or the rows a rule finds, and who of their universe is out or unknown."""
    told = rule(where, entity)
    if every and (told or names):
        raise UsageError("--all counts every segment; leave names and --where out", hint="c360 size --all")
    if not (every or told or names):
        raise UsageError("expected a segment's name or a rule as text, or --all", hint="c360 segments lists them")
    flags: dict[str, Any] = {"as_of": day(as_of), "allow_current": allow_current, "allow_stale": allow_stale}
    flags["snapshot"] = not no_snapshot
    quick = None
    if names and not (told or no_snapshot or allow_current or allow_stale):
        quick = common(context).stored_sizes(names, day(as_of))
    show.sizes(common(context), quick or common(context).open().sizes(*names or (), **told, **flags), as_json=json)


def _definitions(context: typer.Context, kind: str, name: str | None, entity: str | None, form: str | None, json: bool) -> None:
    workspace = common(context).open()
    if form is not None:
        if name is None or form not in {"text", "json"}:
            raise UsageError("--as is text or json, of one definition", hint=f"c360 {kind}s NAME --as text")
        written = workspace.as_text(name, kind) if form == "text" else workspace.as_tree(name, kind)
        universe = workspace.segments[name].universe if kind == "segment" else ""
        if form == "text" and universe:
            show.talk(common(context), f"{name} is drawn from {universe}; --where from all rows, so add: and {universe}")
        plain = written if isinstance(written, str) and not json else ""
        show.data(plain or show.dumps({"name": name, {"text": "text", "json": "tree"}[form]: written}))
    elif name is not None:
        show.card(common(context), workspace.card(name, kind), as_json=json)
    else:
        show.definitions(common(context), kind, workspace.catalogue_rows(kind, entity), as_json=json)
