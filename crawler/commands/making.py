"""Commands that make an archive and what is in it: ``init``, ``add``, ``repair``."""

from __future__ import annotations

from pathlib import Path

import click

from archive.store import Store
from archive.warc import repair as warc_repair
from crawler.adding import add_portals, glance_at, is_registered_name, portal_asked_for, registered, went_on
from crawler.commands.base import DEFAULT_FOLDER, archive_option, told
from crawler.config import ArchiveFolder
from crawler.errors import BadAddress
from crawler.portals.registry import registry
from crawler.probe_toml import entry_of


@click.command()
@click.argument("directory", required=False, metavar="[DIR]")
@click.option("--contact", default="", help="Mail address or page by which portals can reach you.")
@click.option("--name", help="The archive's name; default: the folder's.")
@click.option("--archive", "archive_after", metavar="DIR", help="The archive's folder, the same as DIR.")
@click.pass_context
@told
def init(
    context: click.Context, directory: str | None, contact: str, name: str | None, archive_after: str | None
) -> None:
    """Make an archive: a folder with a tinhuyen.toml.

    Example:  tinhuyen init thai-binh --contact luutru@example.org
    """
    before = context.find_root().params.get("archive")
    folder = ArchiveFolder(directory or archive_after or before or DEFAULT_FOLDER)
    if not folder.init(name=name, contact=contact):
        click.echo(f"{folder.path} is an archive already; nothing was changed.")
        return
    Store.open(folder.database).close()
    click.echo(f"Made the archive {folder.path}. Next:  tinhuyen --archive {folder.path} add URL")


@click.command()
@click.argument("what", required=False, metavar="[URL|NAME]")
@click.option(
    "--province", "provinces", multiple=True, metavar="NAME", help="Every registered portal of a province; repeatable."
)
@click.option("--allow-private", is_flag=True, help="Permit a loopback or private address for this portal.")
@click.option("--no-probe", is_flag=True, help="Write the address down without looking at the portal.")
@archive_option
def add(
    what: str | None, provinces: tuple[str, ...], allow_private: bool, no_probe: bool, folder: ArchiveFolder
) -> None:
    """Add the portal at URL, or a registered one by NAME, to the archive and print its name.

    What robots.txt and the home page tell is written into tinhuyen.toml; a portal that cannot be reached is added all
    the same, but a host name that nobody knows only with --no-probe. `tinhuyen probe URL` takes a longer look.

    A portal of the registry (tinhuyen portals) brings its title, its authority and what came before and after it.

    Examples:

    \b
      tinhuyen add https://hungha.thaibinh.gov.vn/
      tinhuyen add hungha.thaibinh
      tinhuyen add --province "Thái Bình"
    """
    config = folder.config()
    if (what is None) == (not provinces):
        raise BadAddress("give an address, the name of a registered portal, or --province NAME")
    if what is None:
        _add_provinces(folder, provinces)
        return
    portal = portal_asked_for(what, allow_private=allow_private, unseen=no_probe)
    seen = None
    if not (no_probe or is_registered_name(what) or portal.name in config.portals):
        seen = glance_at(portal, config)
    facts = {portal.name: entry_of(seen)} if seen is not None and seen.reached else None
    new = add_portals(folder, [portal], facts)
    click.echo(portal.name)
    if seen is not None and seen.leads_on is not None:
        click.echo(f"Its home page only leads on to {seen.leads_on}, which a crawl follows.", err=True)
    for note in seen.notes if seen is not None else []:
        click.echo(f"{note}. It is added all the same; look again with  tinhuyen probe {portal.url}", err=True)
    for line in [*([] if new else ["It is in the archive already; nothing was changed."]), *went_on(portal.name)]:
        click.echo(line, err=True)


def _add_provinces(folder: ArchiveFolder, provinces: tuple[str, ...]) -> None:
    asked = list(dict.fromkeys(entry for name in provinces for entry in registry().of_province(name)))
    new = add_portals(folder, [registered(entry) for entry in asked])
    for name in new:
        click.echo(name)
    known = len(asked) - len(new)
    click.echo(
        f"{len(new)} {'portal' if len(new) == 1 else 'portals'} added{f', {known} in the archive already' if known else ''}.",
        err=True,
    )
    for name in provinces:
        for part in registry().merged_into(name):
            if part.name not in {entry.province for entry in asked if entry.level == "province"}:
                click.echo(f'{name} holds {part.name} too now:  tinhuyen add --province "{part.name}"', err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@told
def repair(file: Path) -> None:
    """Make a WARC file whole again after a crash: keep every whole record, cut the torn tail.

    A crawl does this by itself when it starts. A file that is damaged in the middle is told and left as it is.
    """
    if not file.is_file():
        raise BadAddress(f"{file} is not a file")
    done = warc_repair.repair(file)
    if done.path is None:
        click.echo(f"{file}: nothing had been written into it yet; removed.")
    elif done.bytes_cut:
        click.echo(f"{done.path}: {done.records} records kept, {done.bytes_cut} bytes of a torn record cut off.")
    else:
        click.echo(f"{done.path}: {done.records} records, all whole.")
