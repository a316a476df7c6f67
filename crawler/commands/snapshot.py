"""``tinhuyen snapshot``: the public database as one file to publish."""

from __future__ import annotations

from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.snapshot import snapshot as take_snapshot
from archive.store import Store
from archive.text.plurals import counted
from crawler.commands.options import archive_option
from crawler.errors import FloorNotReached, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health.portal_floors import BelowFloor, below_floors


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.db")
@click.option("--replace", is_flag=True, help="Put it in the place of an older one.")
@click.option(
    "--below-floors", "reason", metavar="REASON",
    help="Publish although a portal is below its floors; the reason is public and stands in the copy.",
)  # fmt: skip
@archive_option
def snapshot(file: Path, replace: bool, reason: str | None, folder: ArchiveFolder) -> None:
    """Write a read-only copy of the public database, to publish or to work with; crawls may go on.

    It holds what the site shows, and neither the ledger nor suspended articles nor raw captures. Where a portal has fewer
    articles, or emptier ones, than [portals.NAME.floors] asks for, nothing is written and an older copy stays (exit code 6).

    Example:  tinhuyen snapshot kho-2026-10.db && tinhuyen serve --snapshot kho-2026-10.db
    """
    folder.require()
    if file.resolve() in (folder.database.resolve(), folder.ledger.resolve()):
        raise UserError(f"{file} is the archive's own database: choose another name")
    if not file.absolute().parent.is_dir():
        raise UserError(f"there is no folder {file.absolute().parent} to write {file.name} into")
    if file.exists() and not replace:
        raise UserError(f"{file} is there already: choose another name, or replace it with --replace")
    if reason is not None and not reason.strip():
        raise UserError("--below-floors needs a reason: it stands in the copy")
    now = datetime.now(UTC)
    with Store.open_reading(folder.database) as store:  # one of an earlier version is migrated first
        below = below_floors(store.conn, folder.config(), now)
    if below and reason is None:
        raise FloorNotReached(_refusal(below))
    at = now.isoformat(timespec="seconds")
    size = take_snapshot(folder.database, file, [(*astuple(one), reason, at) for one in below])
    for one in below:
        click.echo(f"published below its floor: {one}", err=True)
    click.echo(f"{file}: {size / 1e6:,.1f} MB; browse it with  tinhuyen serve --snapshot {file}")


def _refusal(below: list[BelowFloor]) -> str:
    first, more = below[0], len(below) - 1
    others = (
        f", and {counted(more, 'more floor')}: {', '.join(f'{one.portal} {one.floor}' for one in below[1:])}"
        if more
        else ""
    )
    return (
        f"nothing is published: {first}{others}; see  tinhuyen status  and  tinhuyen review {first.portal}, "
        "mend the portal or its floors in tinhuyen.toml, or publish with  --below-floors REASON"
    )
