"""``tinhuyen backup`` and ``tinhuyen restore``: an archive as a copy elsewhere, and back."""

from __future__ import annotations

from pathlib import Path

import click

from archive.store import Store
from archive.text.plurals import counted
from crawler.commands.options import archive_option
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.backups import DIGESTS, back_up
from crawler.folder.restore import restore as restore_from


@click.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR_OR_FILE.tar")
@click.option("--copy", is_flag=True, help="Copy WARC files even where they could be linked.")
@click.option("--parents", is_flag=True, help="Make the folders that lead there, too, where they are missing.")
@archive_option
def backup(target: Path, copy: bool, parents: bool, folder: ArchiveFolder) -> None:
    """Back up the whole archive while crawls go on: databases, WARC files, settings, themes, logs.

    A folder, which is an archive by itself, or one tar file. On the same file system complete WARC files are linked, which
    takes no room and protects from deletion, not from a broken disk. What broke off goes on with the same command.

    Example:  tinhuyen backup /mnt/disk/kho-2026-10-14
    """
    folder.require()
    if not folder.database.exists():
        raise UserError(f"{folder.path} holds nothing to back up yet: no crawl was made")
    done = back_up(folder, target, link=not copy, parents=parents)
    linked = f", {done.linked:,} of them linked" if done.linked else ""
    click.echo(f"{counted(done.files, 'file')} ({done.bytes / 1e6:,.1f} MB){linked} in {target}, listed in {DIGESTS}")


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="BACKUP")
@archive_option
def restore(source: Path, folder: ArchiveFolder) -> None:
    """Restore a backup into the archive's folder, which must be new or empty: nothing is overwritten.

    Every file is held against the digest it was backed up with.

    Example:  tinhuyen --archive /srv/kho restore /mnt/disk/kho-2026-10-14
    """
    articles = 0

    def made(_target: Path) -> None:
        nonlocal articles
        with Store.open(folder.database) as store:  # which migrates one of an earlier version
            articles = store.conn.execute("SELECT count(*) FROM article").fetchone()[0]

    files = restore_from(source, folder.path, made)
    click.echo(f"{counted(files, 'file')} as they were backed up, {counted(articles, 'article')}, in {folder.path}")
