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
from crawler.config import ArchiveFolder, Config
from crawler.errors import BadAddress
from crawler.fetch.addresses import PrivateAddress, UnknownHost, refuse_private, resolve
from crawler.fetch.once import Asker
from crawler.frontier.urls import absolute, host_port, portal_name
from crawler.probe import Probe, Prober
from crawler.probe_toml import entry_of

GLANCE_SECONDS = 8.0
"""How long `add` waits for an answer: a portal that takes longer is added by its address alone."""


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
@click.option("--no-probe", is_flag=True, help="Write the address down without looking at the portal.")
@archive_option
def add(url: str, allow_private: bool, no_probe: bool, folder: ArchiveFolder) -> None:
    """Look at the portal at URL (robots.txt and home page), write it into the archive and print its name.

    A portal that cannot be reached is added all the same. `tinhuyen probe URL` takes a longer look.

    Example:  tinhuyen add https://hungha.thaibinh.gov.vn/
    """
    config = folder.config()
    address = portal_address(url)
    host, port = host_port(address)
    try:
        for found in resolve(host, port):
            refuse_private(found, host=host, allowed=allow_private)
    except (UnknownHost, PrivateAddress) as error:
        raise BadAddress(f"{error}") from error
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    portal = Portal(portal_name(address), address, allow_private=allow_private, added_at=now)
    seen = None if no_probe or portal.name in config.portals else _glance(address, config, allow_private)
    if seen is not None and seen.reached:
        portal.title, portal.family, portal.unit = seen.title, seen.family, seen.unit
    new = folder.add_portal(portal, entry_of(seen) if seen is not None and seen.reached else None)
    with Store.open(folder.database) as store:
        store.add_portal(portal)
    click.echo(portal.name)
    for note in seen.notes if seen is not None else []:
        click.echo(f"{note}. It is added all the same; look again with  tinhuyen probe {address}", err=True)
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


def _glance(address: str, config: Config, allow_private: bool) -> Probe:
    """Two requests, so that adding a portal takes no longer than the politeness between them."""
    asker = Asker(
        delay=config.politeness.delay, timeout=GLANCE_SECONDS, contact=config.contact, allow_private=allow_private
    )
    return Prober(address, asker).glance()


def portal_address(url: str) -> str:
    """The address of a portal as it is kept, from what a person typed. Raises :class:`BadAddress`."""
    text = url.strip()
    if not re.match(r"^[a-z][a-z0-9+.-]*://", text, re.I):
        text = "http://" + text
    address = absolute(text, text)
    if address is None or not re.search(r"[a-z0-9\]]", urlsplit(address).hostname or ""):
        raise BadAddress(f"{url} is no address of a portal: give one like https://hungha.thaibinh.gov.vn/")
    return address
