"""``tinhuyen verify``: every capture, row and head held against each other."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from archive.proof.log import Log
from archive.text.plain_output import drawing
from archive.text.plurals import counted
from crawler.commands.options import archive_option
from crawler.folder.archive_folder import ArchiveFolder

MOST_SHOWN = 1000
"""Faults that are printed one by one."""


@click.command()
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Only N captures and N articles, by chance.")
@click.option("--log", "log_alone", is_flag=True, help="Only the log of captures, brought up to date before.")
@click.option(
    "--head",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Also hold the log against the heads in this file: what a witness was mailed.",
)
@click.option("--quiet", is_flag=True, help="Print faults alone.")
@click.option("--json", "as_json", is_flag=True, help="Print what was checked and every fault as JSON.")
@archive_option
def verify(
    sample: int | None, log_alone: bool, kept: Path | None, quiet: bool, as_json: bool, folder: ArchiveFolder
) -> None:
    """Verify the archive: each record of the WARC files against its digests, each row against its capture, the signed log
    against both. Nothing is mended; that it was verified is kept in crawl.db.

    Exit codes: 0 all is well, 1 faults were found, 3 a database is damaged beyond reading.

    Example:  tinhuyen verify --sample 1000
    """
    from crawler.health.proving.verifying import exit_code, verify_archive
    from crawler.health.proving.witnesses import heads_in

    given = [(head.number, head.size, head.root) for head in heads_in(kept, Log(folder.path))] if kept else []
    done = verify_archive(
        folder, sample=sample, log_alone=log_alone, given=given, bar=None if quiet or as_json else progress_bar
    )
    faults = done.faults
    if as_json:
        click.echo(json.dumps(done.as_dict(), ensure_ascii=False))
        sys.exit(exit_code(done))
    if not quiet:
        for line in done.lines():
            click.echo(line)
    for fault in faults[:MOST_SHOWN]:
        click.echo(f"fault     {fault.text}")
    if len(faults) > MOST_SHOWN:
        click.echo(f"          and {len(faults) - MOST_SHOWN:,} more: tinhuyen verify --json")
    if not quiet or faults:
        click.echo(f"{counted(len(faults), 'fault')} found." if faults else "All is well.")
    sys.exit(exit_code(done))


@contextmanager
def progress_bar(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, without an end where the total is not known; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=30), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=drawing(sys.stderr)), transient=True) as shown:
        task = shown.add_task(label, total=total)
        yield lambda step: shown.advance(task, step)
