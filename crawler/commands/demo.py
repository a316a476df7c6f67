"""``tinhuyen demo``: three small portals on loopback, crawled for real, then browsed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.model import Portal
from archive.site.serve import serve as serve_site
from crawler import demo as demo_portals
from crawler.commands.base import told
from crawler.config import ArchiveFolder
from crawler.errors import UserError
from crawler.frontier.urls import portal_name
from crawler.run import crawl, summary


@click.command()
@click.option("--dir", "directory", default="tinhuyen-demo", show_default=True, metavar="DIR", help="Where to keep it.")
@click.option("--no-serve", is_flag=True, help="End after the summary.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Where to browse it.")
@click.option(
    "--portals-port", default=demo_portals.FIRST_PORT, show_default=True, type=click.IntRange(1024, 65000),
    help="The first of the three ports the portals are served on.",
)  # fmt: skip
@told
def demo(directory: str, no_serve: bool, port: int, portals_port: int) -> None:
    """Crawl three small portals written for this project and browse what was kept.

    They are served on this machine alone. Running it again adds nothing twice.
    """
    folder = ArchiveFolder(Path(directory))
    folder.init(name="Tin Huyện demo")
    try:
        with demo_portals.serve(portals_port) as bases:
            titles = {portal.name: portal.title for portal in demo_portals.portals()}
            click.echo(f"Serving {len(bases)} small portals on this machine and crawling them into {folder.path} …")
            for name, base in bases.items():
                address = base.rstrip("/") + "/"
                folder.add_portal(Portal(portal_name(address), address, title=titles[name], allow_private=True))
            report = crawl(folder, [portal_name(base) for base in bases.values()], delay=0)
    except demo_portals.PortBusy as error:
        raise UserError(f"{error.strerror or error}; here that is  --portals-port") from error
    for line in summary(report, folder):
        click.echo(line)
    if no_serve or report.exit_code not in (0, 1):
        sys.exit(report.exit_code)
    serve_site(folder.path, "127.0.0.1", port)
