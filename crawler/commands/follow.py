"""``tinhuyen follow``: what is new of a search or a portal, by mail or webhook."""

from __future__ import annotations

import re
import sys

import click

from archive.text.plurals import counted
from crawler.commands.options import archive_option
from crawler.errors import FAILURES, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import Alerts
from crawler.folder.setting_values import read_address
from crawler.health.alerting import follows

_MAIL = re.compile(r"[^\s@]+@[^\s@]+")


@click.command()
@click.argument("address", required=False)
@click.option("--mail", metavar="ADDRESS", help="Tell this mail address; the mail server is that of [alerts].")
@click.option("--webhook", metavar="URL", help="Post JSON to this address.")
@click.option("--every", type=click.Choice(["once", "day", "week"]), default="day", show_default=True, help="How often: once is after each crawl.")  # fmt: skip
@click.option("--remove", type=int, metavar="N", help="End the follow of that number.")
@click.option("--run", "run_now", is_flag=True, help="Tell now what is new, due or not.")
@archive_option
def follow(
    address: str | None, mail: str | None, webhook: str | None, every: str, remove: int | None, run_now: bool,
    folder: ArchiveFolder,
) -> None:  # fmt: skip
    """Follow a search or a portal: new articles, changes, removals. Without an address, list what is followed.

    ADDRESS is that of a page of the site, copied from the browser, or words to search for. Whoever runs the schedules
    (`tinhuyen schedule run-due` or the daemon) sends what is due after its crawls. Exit code 1 when something could not be sent.

    Example:  tinhuyen follow "https://kho.example.org/tim?q=thu+hồi+đất" --mail ban@example.org --every week
    """
    folder.require()
    if remove is not None:
        if not follows.remove(folder, remove):
            raise UserError(f"there is no follow {remove}: list them with  tinhuyen follow")
        click.echo(f"{remove} is not followed any more.")
    elif run_now:
        _run(folder)
    elif address is not None:
        _add(folder, address, mail, webhook, every)
    else:
        _list(folder)


def _add(folder: ArchiveFolder, address: str, mail: str | None, webhook: str | None, every: str) -> None:
    if (mail is None) == (webhook is None):
        raise UserError("say who is told: give --mail ADDRESS or --webhook URL")
    if mail is not None and not _MAIL.fullmatch(mail):
        raise UserError(f"--mail {mail!r} is no mail address")
    if webhook is not None:
        read_address(webhook, "--webhook", ("http", "https"))
    channel, target = ("mail", mail) if mail is not None else ("webhook", webhook)
    config = folder.config()
    one, before = follows.add(folder, address, channel, target or "", every)  # type: ignore[arg-type]
    seen = f"{before}" if before < follows.MOST_EVENTS else f"more than {before}"
    click.echo(
        f"Follow {one.id}: {address} is told to {one.shown}, {_HOW_OFTEN[every]}; {seen} earlier events are not told."
    )
    if mail is not None and config.alerts.smtp == Alerts().smtp:
        click.echo(
            f"No smtp is set under [alerts] in {folder.config_path}: mail is given to this machine's own server.",
            err=True,
        )
    click.echo("It is sent by whoever runs the schedules, after a crawl; now, with  tinhuyen follow --run")


def _run(folder: ArchiveFolder) -> None:
    outcome = follows.tell_followers(folder, due_or_not=True)
    if not outcome:
        click.echo("Nothing is followed.")
    for one, sent, error in outcome:
        said = counted(sent, "event") + " told" if sent else "nothing new"
        click.echo(f"{one.id}  {one.address}  {one.shown}: {said if error is None else f'could not be sent: {error}'}")
    sys.exit(FAILURES if any(error for _, _, error in outcome) else 0)


def _list(folder: ArchiveFolder) -> None:
    kept = follows.follows(folder)
    if not kept:
        click.echo('Nothing is followed. Follow a search with  tinhuyen follow "/tim?q=…" --mail ADDRESS')
    for one in kept:
        click.echo(f"{one.id}  {one.address}  {one.shown}, {_HOW_OFTEN[one.every]}")


_HOW_OFTEN = {"once": "after each crawl", "day": "once a day", "week": "once a week"}
