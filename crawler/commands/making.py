"""Commands that make an archive and what is in it: ``init``, ``add``, ``repair``."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from archive.model import Portal
from archive.store import Store
from archive.warc import repair as warc_repair
from crawler.commands.base import DEFAULT_FOLDER, archive_option, told
from crawler.config import ArchiveFolder
from crawler.errors import BadAddress
from crawler.fetch.addresses import PrivateAddress, UnknownHost, refuse_private, resolve
from crawler.frontier.urls import absolute, host_port, portal_name


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
@click.argument("url")
@click.option("--allow-private", is_flag=True, help="Permit a loopback or private address for this portal.")
@archive_option
def add(url: str, allow_private: bool, folder: ArchiveFolder) -> None:
    """Add the portal at URL to the archive and print its name.

    Example:  tinhuyen add https://hungha.thaibinh.gov.vn/
    """
    folder.require()
    address = portal_address(url)
    host, port = host_port(address)
    try:
        for found in resolve(host, port):
            refuse_private(found, host=host, allowed=allow_private)
    except (UnknownHost, PrivateAddress) as error:
        raise BadAddress(f"{error}") from error
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    portal = Portal(portal_name(address), address, allow_private=allow_private, added_at=now)
    new = folder.add_portal(portal)
    with Store.open(folder.database) as store:
        store.add_portal(portal)
    click.echo(portal.name)
    if not new:
        click.echo("It is in the archive already; nothing was changed.", err=True)


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


def portal_address(url: str) -> str:
    """The address of a portal as it is kept, from what a person typed. Raises :class:`BadAddress`."""
    text = url.strip()
    if not re.match(r"^[a-z][a-z0-9+.-]*://", text, re.I):
        text = "http://" + text
    address = absolute(text, text)
    if address is None or not re.search(r"[a-z0-9\]]", urlsplit(address).hostname or ""):
        raise BadAddress(f"{url} is no address of a portal: give one like https://hungha.thaibinh.gov.vn/")
    return address
