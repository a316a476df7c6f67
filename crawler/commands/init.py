"""``tinhuyen init``: a folder becomes an archive."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from archive.store import Store
from crawler.commands.options import DEFAULT_FOLDER, errors_as_one_line
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.nearby import archives_near


@click.command()
@click.argument("directory", required=False, metavar="[DIR]")
@click.option("--contact", default="", help="Mail address or page by which portals can reach you.")
@click.option("--name", help="The archive's name; default: the folder's.")
@click.option("--archive", "archive_after", metavar="DIR", help="The archive's folder, the same as DIR.")
@click.pass_context
@errors_as_one_line
def init(
    context: click.Context, directory: str | None, contact: str, name: str | None, archive_after: str | None
) -> None:
    """Make an archive: a folder with a tinhuyen.toml.

    An archive that exists stays as it is: exit code 0, but 2 when --contact or --name asks for something else than its
    tinhuyen.toml says.

    Example:  tinhuyen init thai-binh --contact luutru@example.org
    """
    before = context.find_root().params.get("archive")
    folder = ArchiveFolder(directory or archive_after or before or DEFAULT_FOLDER)
    if not folder.init(name=name, contact=contact):
        _exists(folder, contact, name)
        return
    Store.open(folder.database).close()
    place = shlex.quote(str(folder.path))
    click.echo(f"Made the archive {folder.path}. Next:\n  export TINHUYEN_ARCHIVE={place}\n  tinhuyen add URL")
    if not contact.strip():
        click.echo(f"Portals cannot reach you yet: set contact in {folder.config_path}", err=True)
    if near := [other for other in archives_near(folder.path) if _is_related(other, folder.path)]:
        click.echo(f"Another archive lies at {near[0]}; this one is apart from it.", err=True)


def _exists(folder: ArchiveFolder, contact: str, name: str | None) -> None:
    """Say that the archive was there before, and fail when it is not as was asked for."""
    config = folder.config()
    differs = [
        what
        for what, asked, is_ in (("contact", contact, config.contact), ("name", name or "", config.name))
        if asked and asked != is_
    ]
    if differs:
        raise UserError(
            f"{folder.path} is an archive already; set its {' and '.join(differs)} in {folder.config_path}."
        )
    missing = "" if config.contact else f"; set its contact in {folder.config_path}"
    click.echo(f"{folder.path} is an archive already{missing}.")


def _is_related(other: Path, path: Path) -> bool:
    """Whether a new archive was likely meant to be the other one: of the same name, or within it."""
    return other.name == path.name or other in path.parents
