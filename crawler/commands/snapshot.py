"""``tinhuyen snapshot``: the public database as one file to publish."""

from __future__ import annotations

from pathlib import Path

import click

from archive.snapshot import snapshot as take_snapshot
from archive.store import Store
from crawler.commands.options import archive_option
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.db")
@click.option("--replace", is_flag=True, help="Put it in the place of an older one.")
@archive_option
def snapshot(file: Path, replace: bool, folder: ArchiveFolder) -> None:
    """Write a read-only copy of the public database, to publish or to work with; crawls may go on.

    It holds what the site shows, and neither the ledger nor suspended articles nor raw captures.

    Example:  tinhuyen snapshot kho-2026-10.db && tinhuyen serve --snapshot kho-2026-10.db
    """
    folder.require()
    if file.resolve() in (folder.database.resolve(), folder.ledger.resolve()):
        raise UserError(f"{file} is the archive's own database: choose another name")
    if file.exists() and not replace:
        raise UserError(f"{file} is there already: choose another name, or replace it with --replace")
    Store.open_reading(folder.database).close()  # one of an earlier version is migrated first
    size = take_snapshot(folder.database, file)
    click.echo(f"{file}: {size / 1e6:,.1f} MB; browse it with  tinhuyen serve --snapshot {file}")
