"""``tinhuyen export``: the articles of an archive as a file."""

from __future__ import annotations

import errno
import io
import sys
from functools import partial
from pathlib import Path

import click

from archive.export import export_changes, export_jsonl
from archive.store import Store
from archive.text.plurals import counted
from crawler.commands.options import archive_option
from crawler.errors import UserError
from crawler.folder import masking
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...")
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; default: standard output."
)
@click.option("--changes", is_flag=True, help="What became of articles, one a line in order, each with its cursor.")
@click.option("--after", type=int, metavar="CURSOR", help="With --changes: only what came behind this cursor.")
@archive_option
def export(
    portals: tuple[str, ...],
    form: str,
    output: Path | None,
    changes: bool,
    after: int | None,
    folder: ArchiveFolder,
) -> None:
    """Export articles, one a line, in order of their ids: all, or those of some portals, removed ones too.

    With --changes another database can follow: it keeps the cursor of the last line it took, and asks --after it.

    Example:  tinhuyen export --format jsonl -o articles.jsonl
    """
    if after is not None and not changes:
        raise click.UsageError("--after goes with --changes")
    config = folder.config()
    if (note := masking.told(folder)) is not None:
        click.echo(f"tinhuyen: {note}", err=True)
    with Store.open_reading(folder.database) as store:
        held = {portal.name for portal in store.portals()}
        names = [name if name in held else choose(config, [name])[0].name for name in portals] or None
        write = partial(export_changes, after=after or 0) if changes else export_jsonl
        if output is None:
            if isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8")  # whatever the terminal's locale: the format is UTF-8
            write(store, sys.stdout, names)
            return
        try:
            with output.open("w", encoding="utf-8") as out:
                count = write(store, out, names)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            raise UserError(f"cannot write {output}: {error.strerror}") from error
    click.echo(f"{counted(count, 'change' if changes else 'article')} written to {output}", err=True)
