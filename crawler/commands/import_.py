"""``tinhuyen import``: captures that others made, and texts that survive elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.proof.log import Log
from archive.proof.origins import missing_notes
from archive.proof.trouble import LogBroken
from archive.redo.recorded_store import RecordedStore
from archive.store import Store
from archive.warc.repair import repair_all
from crawler.commands.options import archive_option
from crawler.errors import FAILURES, USAGE
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose
from crawler.importing.account import Account
from crawler.importing.source import NotImportable, Source
from crawler.watchdog.watchdog import Broken, watched

MOST_BROKEN = 10
"""Pages of one file whose reading may end a process; behind them the rest of it is left."""


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--portal", metavar="NAME", help="Whose the addresses are that belong to no portal of this archive.")
@click.option("--through", metavar="WHO", help="Who captured them, as readers are told; default: the file's name.")
@click.option("--dry-run", is_flag=True, help="Read and account for everything, and write nothing.")
@archive_option
def import_command(
    files: tuple[Path, ...], portal: str | None, through: str | None, dry_run: bool, folder: ArchiveFolder
) -> None:
    """Import articles that others captured: WARC, ARC and WACZ files, compressed or not, and JSON lines (url, text, time,
    title).

    They are read as a crawl reads, are marked "seen through WHO", and add versions to what is held; the archive's own looks
    stay as they are. Nothing is imported twice. What is no article, or damaged, is accounted for.

    Exit codes: 0 all was taken or held already, 1 something was damaged, 2 nothing of a file can be imported.

    Example:  tinhuyen import old-site.wacz --through "National Library of Vietnam"
    """
    config = folder.config()
    named = choose(config, [portal])[0].name if portal is not None else None
    who = " ".join(through.split())[:200] if through else None
    worst = 0
    for path in files:
        try:
            source = Source.open(path)
        except NotImportable as error:
            click.echo(f"tinhuyen: {error}", err=True)
            worst = USAGE
            continue
        account = _import(folder, source, named, who, dry_run)
        for line in account.lines():
            click.echo(line)
        if account.faults:
            worst = max(worst, FAILURES if account.records else USAGE)
    sys.exit(worst)


def _import(folder: ArchiveFolder, source: Source, portal: str | None, through: str | None, dry: bool) -> Account:
    """Import one file in a child process, and again in the next where a page's reading had it killed."""
    fatal: set[str] = set()
    while True:
        ended = watched(lambda: _work(folder, source, portal, through, dry, frozenset(fatal)))
        if not isinstance(ended, Broken):
            return ended.value
        key = ended.key.decode("ascii", "replace")
        if not key or key in fatal or len(fatal) >= MOST_BROKEN:
            account = Account(source.path.name)
            account.fault("reading it ended the process again and again: what was committed is kept; import it again")
            return account
        fatal.add(key)


def _work(
    folder: ArchiveFolder, source: Source, portal: str | None, through: str | None, dry: bool, fatal: frozenset[str]
) -> Account:
    from crawler.crawl.records.learning import Themes
    from crawler.importing.import_learning import learn_imported
    from crawler.importing.importer import Importer, Terms

    if not dry:
        repair_all(folder.warc)
    terms = Terms(through, portal, dry, fatal)
    opened = RecordedStore.open_reading if dry and folder.database.exists() else RecordedStore.open
    with opened(folder.database) as store:
        themes = Themes(folder.path, store.note)
        importer = Importer(folder, store, source, terms, themes)
        try:
            if not dry:
                store.record_into(importer.writer)
                _note_portals(folder, store)
            with _shown(source) as progress:
                importer.progress = progress
                account = importer.run()
            if not dry:
                learn_imported(folder, store, themes, account)
        finally:
            importer.close()
        if not dry:
            _seal(folder, store, importer)
    return account


def _note_portals(folder: ArchiveFolder, store: RecordedStore) -> None:
    config = folder.config()
    with store.batch():
        for one in config.portals.values():
            store.add_portal(one)
            if (own := config.of(one.name).selectors) is not None:
                store.note("selectors", one.name, asdict(own))


def _seal(folder: ArchiveFolder, store: Store, importer: Any) -> None:
    """Note in the log which files were imported, those of an import that was killed too, and sign."""
    from crawler.health.proving.verifying import bring_log_up_to_date

    log = Log(folder.path)
    try:
        if importer.finished:
            log.note_files(importer.finished)
        if notes := missing_notes(log, store.conn):
            log.note(*notes)
        elif not importer.finished:
            return
        bring_log_up_to_date(folder, store)
    except (LogBroken, OSError) as error:
        click.echo(f"tinhuyen: the log of captures was not continued: {error}", err=True)


@contextmanager
def _shown(source: Source) -> Any:
    """A bar of the records on a terminal."""
    from crawler.commands.verify import progress_bar

    with progress_bar(source.path.name[:40], None) as progress:
        yield progress
