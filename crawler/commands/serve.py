"""``tinhuyen serve``: the readers' site of an archive."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

import click

from archive.site.server.serving import serve as serve_site
from archive.store import Store
from crawler.commands.options import archive_option
from crawler.errors import UserError
from crawler.folder import masking
from crawler.folder.archive_folder import ArchiveFolder


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535))
@click.option("--url", "address", metavar="URL", help="Where readers find the site; permalinks are made of it.")
@click.option("--public", is_flag=True, help="For strangers: as on any address but loopback, --sql is refused.")
@click.option("--sql", is_flag=True, help="For yourself alone: arbitrary SQL and all of Datasette's own pages.")
@click.option(
    "--snapshot",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Serve this copy made by `tinhuyen snapshot` instead of the archive.",
)
@archive_option
def serve(
    host: str, port: int, address: str | None, public: bool, sql: bool, snapshot: Path | None, folder: ArchiveFolder
) -> None:
    """Browse the archive: search, articles, captures, tables. Stop with Ctrl-C.

    Example, behind a proxy:  tinhuyen serve --public --url https://kho.example.org/
    """
    if sql and (public or not _is_loopback(host)):
        raise UserError("--sql is for yourself alone: one query can keep a machine busy for hours; leave it out")
    if address is not None and not _is_site_address(address):
        raise UserError(f"--url {address!r} is no address of a site; give one such as https://kho.example.org/")
    if snapshot is not None:
        serve_site(snapshot.absolute(), host, port, sql=sql, address=address)
        return
    folder.require()
    Store.open_reading(folder.database).close()
    if (note := masking.told(folder)) is not None:
        click.echo(f"tinhuyen: {note}", err=True)
    serve_site(folder.path, host, port, sql=sql, address=address)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_site_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
    except ValueError:
        return False
