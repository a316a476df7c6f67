"""``tinhuyen export``: the articles of an archive as a file, and its records for other tools."""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

import click

from archive.export import export_changes, export_jsonl
from archive.export.whole_file import whole_file
from archive.queries.records import Record
from archive.store import Store
from archive.text.plain_output import drawing
from archive.text.plurals import counted
from crawler.commands.options import archive_option
from crawler.commands.verify import progress_bar
from crawler.errors import FAILURES, UserError
from crawler.folder import masking
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose
from crawler.learn.theme_file import path_of, without_samples

FORMATS = ("jsonl", "csv", "xlsx", "parquet", "wacz", "bagit", "cdxj")
TEXTS = ("jsonl", "csv", "cdxj")
"""Formats that go to standard output, too."""
Progress = Callable[[int], None]


class NotAll(UserError):
    """Raised when an export was written and something that should be in it is not."""

    exit_code = FAILURES


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...")
@click.option(
    "--portal", "more", multiple=True, metavar="PORTAL", help="The same as PORTAL; may be given several times."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="jsonl", show_default=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A file, for bagit a folder; default: standard output for jsonl, csv and cdxj.",
)
@click.option("--changes", is_flag=True, help="What became of articles, one a line in order, each with its cursor.")
@click.option("--after", type=int, metavar="CURSOR", help="With --changes: only what came behind this cursor.")
@archive_option
def export(
    portals: tuple[str, ...],
    more: tuple[str, ...],
    form: str,
    output: Path | None,
    changes: bool,
    after: int | None,
    folder: ArchiveFolder,
) -> None:
    """Export articles, one a line or row, in order of their ids: all, or those of some portals, removed ones too.

    jsonl, csv, xlsx and parquet hold articles; wacz all records of one portal, for replay tools; cdxj an index over the WARC
    files; bagit the whole archive for keeping. What is suspended is in none of them.

    With --changes another database can follow: it keeps the cursor of the last line it took, and asks --after it.

    Example:  tinhuyen export --format wacz --portal hungha.thaibinh -o hungha.wacz
    """
    if after is not None and not changes:
        raise click.UsageError("--after goes with --changes")
    if changes and form != "jsonl":
        raise click.UsageError("--changes goes with --format jsonl")
    if output is None and form not in TEXTS:
        raise click.UsageError(f"--format {form} needs -o {'FOLDER' if form == 'bagit' else 'FILE'}")
    if output is not None and form != "bagit" and output.is_dir():
        raise click.UsageError(f"{output} is a folder: name a file")
    config = folder.config()
    if (note := masking.told(folder)) is not None:
        click.echo(f"tinhuyen: {note}", err=True)
    with Store.open_reading(folder.database) as store:
        held = {portal.name for portal in store.portals()}
        names = [name if name in held else choose(config, [name])[0].name for name in (*portals, *more)] or None
        job = Job(store, folder, names, output)
        with _errors_told(output):
            if changes:
                count = job.text(partial(export_changes, after=after or 0), names)
                said = counted(count, "change")
            else:
                said = _WAYS[form](job)
        if output is not None:
            click.echo(f"{said} written to {output}", err=True)


@dataclass(slots=True)
class Job:
    """One export: of which portals (``None``: all), and where to (``None``: standard output)."""

    store: Store
    folder: ArchiveFolder
    names: list[str] | None
    output: Path | None

    def text(self, write: Callable[..., int], *arguments: object, exact: bool = False) -> int:
        """Write text by ``write(store, out, …)``; answers what it does.

        ``exact``: control characters are not written out, unless for a terminal: the format cannot tell them.
        """
        if self.output is None:
            out = drawing(sys.stdout) if exact and not sys.stdout.isatty() else sys.stdout
            if isinstance(out, io.TextIOWrapper):
                out.reconfigure(encoding="utf-8")  # whatever the terminal's locale: the format is UTF-8
            return write(self.store, out, *arguments)
        with whole_file(self.output) as path, path.open("w", encoding="utf-8") as out:
            return write(self.store, out, *arguments)

    @contextmanager
    def records(self) -> Iterator[Iterator[Record]]:
        """The articles, told on a bar as they go."""
        found = self.store.records(self.names)
        with self.bar("articles", self.count("article")) as progress:
            yield _ticking(found, progress)

    @contextmanager
    def bar(self, label: str, total: int) -> Iterator[Progress]:
        """A bar on a terminal, unless the export itself goes there."""
        if self.output is None and sys.stdout.isatty():
            yield lambda _step: None
            return
        with progress_bar(label, total) as progress:
            yield progress

    def count(self, table: str) -> int:
        """How many articles or captures the export is of."""
        if self.names is None:
            return int(self.store.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        of = "portal" if table == "capture" else "(SELECT name FROM portal WHERE id = article.portal)"
        marks = ",".join("?" * len(self.names))
        found = self.store.conn.execute(f"SELECT count(*) FROM {table} WHERE {of} IN ({marks})", self.names)
        return int(found.fetchone()[0])

    @property
    def file(self) -> Path:
        assert self.output is not None, "formats that are no text have a file"
        return self.output


def _ticking(records: Iterator[Record], progress: Progress) -> Iterator[Record]:
    for record in records:
        yield record
        progress(1)


def _jsonl(job: Job) -> str:
    return counted(job.text(export_jsonl, job.names), "article")


def _csv(job: Job) -> str:
    from archive.export.csv_file import export_csv

    def write(_: Store, out: TextIO) -> int:
        return export_csv(found, out)

    with job.records() as found:
        return counted(job.text(write, exact=True), "article")


def _xlsx(job: Job) -> str:
    from archive.export.xlsx_file import export_xlsx

    with job.records() as found, whole_file(job.file) as path:
        return counted(export_xlsx(found, path), "article")


def _parquet(job: Job) -> str:
    from archive.export.parquet_file import export_parquet

    with job.records() as found, whole_file(job.file) as path:
        return counted(export_parquet(found, path), "article")


def _cdxj(job: Job) -> str:
    from archive.export.cdxj_index import export_cdxj

    def write(store: Store, out: TextIO) -> int:
        return export_cdxj(store.conn, out, job.names, progress)

    with job.bar("captures", job.count("capture")) as progress:
        return counted(job.text(write), "capture")


def _wacz(job: Job) -> str:
    from archive.export.wacz import export_wacz

    held = job.store.portals()
    names = job.names or [portal.name for portal in held]
    if len(names) != 1:
        raise UserError(f"a WACZ is of one portal: name it, as in  --portal {names[0] if names else 'hungha.thaibinh'}")
    if not job.count("capture"):
        raise UserError(f"nothing is held of {names[0]} yet: no crawl was made")
    portal = job.store.portal(names[0])
    with job.bar("captures", job.count("capture")) as progress, whole_file(job.file) as path:
        theme = without_samples(path_of(job.folder.path, portal.name), portal.name)
        done = export_wacz(job.store.conn, job.folder.warc, portal, path, theme, progress)
    for line in done.left_out[:20]:
        click.echo(f"tinhuyen: left out: {line}", err=True)
    if done.left_out:
        raise NotAll(
            f"{counted(len(done.left_out), 'capture')} could not be read: not in {job.output}; see  tinhuyen verify"
        )
    return f"{counted(done.captures, 'capture')}, {counted(done.pages, 'page')}"


def _bagit(job: Job) -> str:
    from archive.export.bag import export_bag

    if job.names is not None:
        raise UserError("a bag holds the whole archive: leave the portals out, or take  --format wacz  for one of them")
    total = sum(path.stat().st_size for path in job.folder.warc.glob("*.warc*")) if job.folder.warc.is_dir() else 0
    with job.bar("WARC files", total) as progress:
        done = export_bag(job.store, job.folder.path, job.file, _themes(job), progress)
    for name in done.open_files:
        click.echo(f"tinhuyen: {name} is being written by a crawl, and is left to the next bag", err=True)
    for name in done.written_anew:
        click.echo(f"tinhuyen: {name} is in the bag without the records of suspended articles", err=True)
    return f"{counted(done.articles, 'article')}, {counted(done.files, 'WARC file')}"


def _themes(job: Job) -> dict[str, bytes]:
    """The learnt themes of all portals by the names of their files."""
    paths = {portal.name: path_of(job.folder.path, portal.name) for portal in job.store.portals()}
    found = {path.name: without_samples(path, name) for name, path in paths.items()}
    return {name: data for name, data in found.items() if data is not None}


_WAYS: dict[str, Callable[[Job], str]] = {
    "jsonl": _jsonl, "csv": _csv, "xlsx": _xlsx, "parquet": _parquet, "wacz": _wacz, "bagit": _bagit, "cdxj": _cdxj,
}  # fmt: skip


@contextmanager
def _errors_told(output: Path | None) -> Iterator[None]:
    """What the disk says of the output as one line; a full disk has an exit code of its own."""
    try:
        yield
    except OSError as error:
        if output is None or error.errno == errno.ENOSPC or isinstance(error, BrokenPipeError):
            raise
        raise UserError(f"cannot write {output}: {error.strerror}") from error
