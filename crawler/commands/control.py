"""Commands that steer crawls, running or not: ``pause``, ``resume``, ``stop``, ``retry``, ``remove``."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

import click

from archive.text.plurals import counted
from archive.text.vietnam_time import VIETNAM
from crawler.commands.options import archive_option
from crawler.errors import FAILURES, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose
from crawler.ledger import controls as control
from crawler.ledger.frontier import Ledger
from crawler.ledger.processes import alive_workers
from crawler.ledger.queries.story import stories_of


@click.command()
@click.argument("portals", nargs=-1, required=True, metavar="PORTAL...")
@click.option(
    "--hours", type=click.FloatRange(0, 87_600, min_open=True), help="For so long; default: until it is resumed."
)
@archive_option
def pause(portals: tuple[str, ...], hours: float | None, folder: ArchiveFolder) -> None:
    """Pause portals. A running crawl stops asking them within a second and waits; later crawls skip them.

    Example:  tinhuyen pause hungha.thaibinh --hours 12
    """
    names = _names(folder, portals)
    until = None if hours is None else time.time() + hours * 3600
    with _frontier(folder) as frontier:
        control.pause(frontier, names, until)
    for name in names:
        end = f"until  tinhuyen resume {name}" if until is None else f"until {_local(until)} (Vietnam time)."
        click.echo(f"{name} is paused {end}")


@click.command()
@click.argument("portals", nargs=-1, required=True, metavar="PORTAL...")
@archive_option
def resume(portals: tuple[str, ...], folder: ArchiveFolder) -> None:
    """End a pause: a running crawl continues with the portal, later crawls crawl it."""
    names = _names(folder, portals)
    with _frontier(folder) as frontier:
        for name in names:
            done = control.resume(frontier, [name])
            click.echo(f"{name} is no longer paused." if done else f"{name} was not paused.")


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...")
@archive_option
def stop(portals: tuple[str, ...], folder: ArchiveFolder) -> None:
    """Stop running crawls, or only their work on the portals named. Nothing is lost; the next crawl continues."""
    names = _names(folder, portals) if portals else [control.ALL]
    running = alive_workers(folder.workers)
    with _frontier(folder) as frontier:
        control.stop(frontier, names)
    if not running:
        click.echo("No crawl of this archive is running on this machine.")
        return
    what = f" with {', '.join(names)}" if portals else ""
    click.echo(f"Asked {counted(len(running), 'running crawl')} to stop{what}.")


@click.command()
@click.argument("what", metavar="PORTAL|URL")
@click.option("--skipped", is_flag=True, help="Also what was fetched and then skipped.")
@archive_option
def retry(what: str, skipped: bool, folder: ArchiveFolder) -> None:
    """Make what failed of a portal due again, or one URL in any state, and its hosts asked at once.

    A running crawl does it, else the next one. A wait that a server asked for (Retry-After) is kept.

    Example:  tinhuyen retry hungha.thaibinh
    """
    folder.require()
    with _frontier(folder) as frontier:
        if "://" in what:
            stories = stories_of(frontier.conn, what)
            if not stories:
                raise UserError(f"{what} was never discovered in this archive, so there is nothing to try again")
            found = control.Retried()
            for story in stories:
                found += control.retry_url(frontier, story.row["key"])
        else:
            (name,) = _names(folder, (what,))
            found = control.retry(frontier, name, skipped=skipped)
    pages = f"{counted(found.pages, 'page')} will be asked for again by the next crawl, or the running one."
    click.echo(pages if found.pages else "Nothing had failed.")
    if found.hosts:
        click.echo(f"{counted(found.hosts, 'host')} {'is' if found.hosts == 1 else 'are'} asked again at once.")
    for origin, until in found.asked_to_wait.items():
        click.echo(f"{origin} asked to wait until {_local(until)} (Vietnam time); that is kept.")


@click.command()
@click.argument("portal")
@click.option("--yes", is_flag=True, help="Do not ask.")
@archive_option
def remove(portal: str, yes: bool, folder: ArchiveFolder) -> None:
    """Remove a portal from the archive: it is no longer crawled. Its articles and captures stay.

    A running crawl leaves it within a second. Added again, it is crawled from the beginning; nothing is stored twice.
    """
    (name,) = _names(folder, (portal,))
    if not yes:
        if not sys.stdin.isatty():
            raise UserError(f"remove asks before it forgets what was seen of {name}: confirm with  --yes")
        if not click.confirm(f"Stop crawling {name} and forget which of its addresses were seen?"):
            click.echo(f"{name} was not removed.")
            sys.exit(FAILURES)
    folder.remove_portal(name)
    with _frontier(folder) as frontier:
        rows = control.remove(frontier, name)
    click.echo(f"{name} is removed: {counted(rows, 'address', 'addresses')} forgotten; its articles and captures stay.")


class _frontier:
    """The ledger, opened for one command."""

    def __init__(self, folder: ArchiveFolder) -> None:
        self.frontier = Ledger(folder.ledger)

    def __enter__(self) -> Ledger:
        return self.frontier

    def __exit__(self, *error: object) -> None:
        self.frontier.conn.close()  # without folding the journal in: a crawl may be using it


def _names(folder: ArchiveFolder, names: tuple[str, ...]) -> list[str]:
    return [portal.name for portal in choose(folder.config(), list(names))]


def _local(unix: float) -> str:
    return datetime.fromtimestamp(unix, UTC).astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")
