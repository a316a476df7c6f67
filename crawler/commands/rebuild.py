"""``tinhuyen rebuild``: ``archive.db`` made anew from the WARC files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import click

from archive.text.plain_output import printable
from archive.text.plurals import counted
from crawler.commands.options import archive_option
from crawler.errors import DIFFERS, FAILURES
from crawler.folder.archive_folder import ArchiveFolder
from crawler.rebuild.rebuilding import Rebuilt
from crawler.rebuild.rebuilding import rebuild as make_anew


@click.command()
@click.option("--check", "--dry-run", "check", is_flag=True, help="Only compare: the old file stays in any case.")
@click.option("--replace", is_flag=True, help="Put the new file in the old one's place even where they differ.")
@click.option("-j", "--jobs", type=click.IntRange(1, 256), help="Processes that read pages; default: the cores.")
@archive_option
def rebuild(check: bool, replace: bool, jobs: int | None, folder: ArchiveFolder) -> None:
    """Rebuild archive.db from the WARC files: every page is read again, with the ids, versions and times it had.

    The new file takes the old one's place where they are identical, or there is none. Else what differs is told, table by
    table, and the old one stays unless --replace is given. So --check also tells what a newer version reads otherwise.

    Exit codes: 0 identical, or nothing to compare with; 5 they differ; 1 some captures could not be found or read.

    Example:  tinhuyen rebuild --check
    """
    from crawler.commands.verify import progress_bar

    if check and replace:
        raise click.UsageError("--check replaces nothing: give one of --check and --replace")
    done = make_anew(folder, processes=jobs or _cores(), check=check, replace=replace, bar=progress_bar)
    for line in _told(done):
        click.echo(printable(line))
    sys.exit(_exit_code(done))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _exit_code(done: Rebuilt) -> int:
    if done.differs or done.old == "unreadable":
        return DIFFERS
    return FAILURES if done.damaged or done.replayed.lost_count or done.untold else 0


def _told(done: Rebuilt) -> Iterator[str]:
    replayed = done.replayed
    yield (
        f"{counted(done.records, 'record')} read, {counted(replayed.operations, 'operation')} replayed:"
        f" {counted(done.articles, 'article')}, {counted(replayed.pages, 'page')} read again in {done.seconds:.1f} s"
    )
    for name, byte in done.damaged:
        yield f"damaged   {name} cannot be read from byte {byte:,} on: restore it from a backup"
    if replayed.lost_count:
        yield f"lost      {counted(replayed.lost_count, 'capture')} in no WARC file any more, and left out:"
        yield from (f"              {record_id} ({what})" for record_id, what in replayed.lost)
    if done.untold:
        yield f"inferred  {counted(done.untold, 'capture')} of WARC files without redo records, made by an earlier version: read by today's themes;"
        yield "              runs and verdicts, removals that were counted, withdrawals and takedowns of that time are not rebuilt"
    for label, found in (
        ("no article any more", [f"{url} ({why})" for url, why in replayed.no_longer]),
        ("an article now", replayed.newly),
    ):
        if found:
            yield f"read as {label}: {counted(len(found), 'page')}"
            yield from (f"    {one}" for one in found[:5])
    if done.old == "compared" and not done.differs:
        yield "identical to archive.db, table by table" + ("; it was replaced" if done.placed else "")
    elif done.old == "unreadable":
        yield f"archive.db cannot be read, so nothing can be compared with it: {done.why}"
    for table in done.differs:
        yield from table.lines()
    if done.differs or done.old == "unreadable":
        yield (
            "archive.db was replaced"
            if done.placed
            else "archive.db stays as it is; replace it with  tinhuyen rebuild --replace"
        )
    elif done.old == "none":
        yield "there was no archive.db" + (": it was built" if done.placed else ", and none was made")
