"""Commands that steer crawls, running or not: ``pause``, ``resume``, ``stop``, ``retry``, ``remove``."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import click

from crawler.commands.base import archive_option
from crawler.config import ArchiveFolder, choose
from crawler.errors import UserError
from crawler.frontier import control
from crawler.frontier.sqlite import SqliteFrontier
from crawler.frontier.story import stories_of
from crawler.frontier.workers import alive_workers
from crawler.rules import VIETNAM


@click.command()
@click.argument("portals", nargs=-1, required=True, metavar="PORTAL...")
@click.option(
    "--hours", type=click.FloatRange(0, 87_600, min_open=True), help="For so long; default: until it is resumed."
)
@archive_option
def pause(portals: tuple[str, ...], hours: float | None, folder: ArchiveFolder) -> None:
    """Leave portals alone. A running crawl asks them nothing more within a second and waits; later crawls skip them.

    Example:  tinhuyen pause hungha.thaibinh --hours 12
    """
    names = _names(folder, portals)
    until = None if hours is None else time.time() + hours * 3600
    with _frontier(folder) as frontier:
        control.pause(frontier, names, until)
    told = "until it is resumed" if until is None else f"until {_local(until)}"
    for name in names:
        click.echo(f"{name} is paused {told}.")


@click.command()
@click.argument("portals", nargs=-1, required=True, metavar="PORTAL...")
@archive_option
def resume(portals: tuple[str, ...], folder: ArchiveFolder) -> None:
    """Take a pause back: a crawl that runs goes on with the portal, later crawls crawl it."""
    names = _names(folder, portals)
    with _frontier(folder) as frontier:
        for name in names:
            done = control.resume(frontier, [name])
            click.echo(f"{name} is crawled again." if done else f"{name} was not paused.")


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...")
@archive_option
def stop(portals: tuple[str, ...], folder: ArchiveFolder) -> None:
    """End the crawls that run, or only their work on the portals named. Nothing is lost; the next crawl goes on."""
    names = _names(folder, portals) if portals else [control.ALL]
    running = alive_workers(folder.workers)
    with _frontier(folder) as frontier:
        control.stop(frontier, names)
    if not running:
        click.echo("No crawl of this archive runs on this machine.")
        return
    what = ", ".join(names) if portals else "everything"
    click.echo(f"Asked {len(running)} running crawl{'s' if len(running) > 1 else ''} to stop with {what}.")


@click.command()
@click.argument("what", metavar="PORTAL|URL")
@click.option("--skipped", is_flag=True, help="Look again at what was skipped after a look, too.")
@archive_option
def retry(what: str, skipped: bool, folder: ArchiveFolder) -> None:
    """Make what failed of a portal due again, or one URL whatever became of it. A running crawl takes it up.

    Example:  tinhuyen retry hungha.thaibinh
    """
    folder.require()
    with _frontier(folder) as frontier:
        if "://" in what:
            stories = stories_of(frontier.conn, what)
            if not stories:
                raise UserError(f"{what} was never discovered in this archive, so there is nothing to try again")
            done = sum(control.retry_url(frontier, story.row["key"]) for story in stories)
        else:
            (name,) = _names(folder, (what,))
            done = control.retry(frontier, name, skipped=skipped)
    click.echo(
        f"{done:,} page{'' if done == 1 else 's'} will be asked for again by the next crawl, or the one that runs."
    )


@click.command()
@click.argument("portal")
@click.option("--yes", is_flag=True, help="Do not ask.")
@archive_option
def remove(portal: str, yes: bool, folder: ArchiveFolder) -> None:
    """Take a portal out of the archive's work: it is not crawled any more. What was kept of it stays.

    A running crawl leaves it within a second. Add it again, and it is crawled from the beginning; nothing is stored twice.
    """
    (name,) = _names(folder, (portal,))
    if not yes:
        click.confirm(f"Stop crawling {name} and forget which of its addresses were seen?", abort=True)
    folder.remove_portal(name)
    with _frontier(folder) as frontier:
        rows = control.remove(frontier, name)
    click.echo(f"{name} is removed: {rows:,} addresses forgotten; its articles and captures stay.")


class _frontier:
    """The ledger, opened for one command."""

    def __init__(self, folder: ArchiveFolder) -> None:
        self.frontier = SqliteFrontier(folder.ledger)

    def __enter__(self) -> SqliteFrontier:
        return self.frontier

    def __exit__(self, *error: object) -> None:
        self.frontier.conn.close()  # without folding the journal in: a crawl may be using it


def _names(folder: ArchiveFolder, names: tuple[str, ...]) -> list[str]:
    return [portal.name for portal in choose(folder.config(), list(names))]


def _local(unix: float) -> str:
    return datetime.fromtimestamp(unix, UTC).astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")
