"""``tinhuyen schedule``: when portals are crawled, what ran and what did not."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import click

from archive.text.plurals import counted
from archive.text.vietnam_time import MINUTE, local_time
from crawler.commands.near_names import NearNames
from crawler.commands.options import archive_option
from crawler.errors import OK, NoSuchPortal, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose
from crawler.folder.hours import Hours
from crawler.ledger.controls import controls
from crawler.ledger.frontier import Ledger
from crawler.schedule.run_due import MOST_CRAWLS
from crawler.schedule.schedules import give_deep_looks, remove_schedules, schedules, set_schedules
from crawler.schedule.when import Rule


@click.group(cls=NearNames)
def schedule() -> None:
    """Schedule crawls, and see what ran.

    \b
    tinhuyen schedule set --all "every 6 hours"
    tinhuyen schedule set hungha.thaibinh "every day at 02:30" --hours 19:00-07:00
    tinhuyen schedule set hungha.thaibinh "0 2 * * 0"      cron; day 0 is Sunday
    tinhuyen schedule set hungha.thaibinh "every month on 1 at 04:00" --full
    tinhuyen schedule install                              a timer of the system, or cron
    tinhuyen schedule history

    All times are Vietnam's.
    """


@schedule.command("set")
@click.argument("what", nargs=-1, required=True, metavar="[PORTAL]... RULE")
@click.option(
    "--province", "provinces", multiple=True, metavar="NAME", help="Every portal of a province in the archive."
)
@click.option("--all", "everything", is_flag=True, help="Every portal of the archive.")
@click.option("--full", is_flag=True, help="Deep looks: every kept article and attachment is asked for again.")
@click.option("--hours", metavar="SPANS", help="Allowed hours, such as 19:00-07:00; beside those of tinhuyen.toml.")
@click.option(
    "--jitter",
    type=click.FloatRange(min=0),
    metavar="MINUTES",
    help="Spread the crawls over so many minutes; default: a tenth of the period, at most 30.",
)
@archive_option
def set_(
    what: tuple[str, ...],
    provinces: tuple[str, ...],
    everything: bool,
    full: bool,
    hours: str | None,
    jitter: float | None,
    folder: ArchiveFolder,
) -> None:
    """Crawl portals by a rule, in place of the one they have.

    Rules: "every 6 hours", "every day at 02:30", "every week on Sunday at 03:00", "every month on 1 at 04:00", or a cron
    expression such as "0 2 * * 0".

    With --full the rule is that of the deep looks, which have one beside the crawls: all that is kept is asked for again,
    conditionally, which finds edits and removals of old articles. A portal's first schedule brings deep looks once a month.

    Example:  tinhuyen schedule set --province "Thái Bình" "every day at 02:30"
    """
    *named, text = what
    names = _names(folder, named, provinces, everything)
    rule = Rule.parse(text)
    try:
        allowed = Hours.parse(hours) if hours else None
    except ValueError as error:
        raise UserError(f"--hours: {error}") from error
    with _opened(folder) as frontier:
        spread = None if jitter is None else jitter * MINUTE
        looks = [] if full else give_deep_looks(frontier, names, allowed)
        changed = set_schedules(frontier, names, rule, jitter=spread, hours=allowed, deep=full)
        mine = [one for one in schedules(frontier.conn) if one.portal in set(names) and one.deep is full]
    same = f", {len(names) - changed} as before" if changed < len(names) else ""
    how = "scheduled for deep looks" if full else "scheduled"
    click.echo(f"{changed} {how} {rule.text}{same}; the first at {local_time(mine[0].next_at)}.")
    if looks:
        when = looks[0].rule.text if len(looks) == 1 else "once a month, each on a day of its own"
        click.echo(
            f"Deep looks, all that is kept asked for again: {when}. Another rule, or none: schedule set|remove --full",
            err=True,
        )


@schedule.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print an array of JSON objects.")
@archive_option
def list_(as_json: bool, folder: ArchiveFolder) -> None:
    """List the schedules, the next one first."""
    folder.require()
    with _opened(folder) as frontier:
        found = schedules(frontier.conn)
        paused = {name for name, one in controls(frontier.conn, time.time()).items() if one.state == "paused"}
    if as_json:
        rows = [
            {
                "portal": one.portal,
                "rule": one.rule.text,
                "full": one.deep,
                "next_at": local_time(one.next_at),
                "jitter_minutes": round(one.jitter / MINUTE, 2),
                "hours": str(one.hours) if one.hours else None,
                "paused": one.portal in paused,
            }
            for one in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo('No portal is scheduled: tinhuyen schedule set --all "every 6 hours"')
        return
    width = max(len(one.portal) for one in found)
    wide = max(len(one.rule.text) for one in found)
    for one in found:
        more = "  full" if one.deep else ""
        more += (f"  within {one.hours}" if one.hours else "") + ("  paused" if one.portal in paused else "")
        click.echo(f"{one.portal:{width}}  {one.rule.text:{wide}}  next {local_time(one.next_at)}{more}")


@schedule.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...")
@click.option("--province", "provinces", multiple=True, metavar="NAME", help="Every portal of a province.")
@click.option("--all", "everything", is_flag=True, help="Every schedule.")
@click.option("--full", is_flag=True, help="Those of deep looks alone; without it both are taken away.")
@archive_option
def remove(
    portals: tuple[str, ...], provinces: tuple[str, ...], everything: bool, full: bool, folder: ArchiveFolder
) -> None:
    """Remove schedules; a running crawl continues, and the history stays."""
    folder.require()
    with _opened(folder) as frontier:
        known = list(dict.fromkeys(one.portal for one in schedules(frontier.conn)))
        if everything:
            names = known
        elif portals and all(name in known for name in portals) and not provinces:
            names = list(portals)  # a portal that is not in the archive any more may still have one
        else:
            names = _names(folder, list(portals), provinces, False)
        done = remove_schedules(frontier, names, deep_only=full)
    click.echo(f"{counted(done, 'schedule')} removed.")


@schedule.command("run-due")
@click.option(
    "--most", type=click.IntRange(min=1), default=MOST_CRAWLS, show_default=True, help="Crawls at the same time."
)
@click.option("--quiet", is_flag=True, help="No progress, and nothing at all when nothing is due.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as a line of JSON.")
@archive_option
def run_due(most: int, quiet: bool, as_json: bool, folder: ArchiveFolder) -> None:
    """Crawl every portal that is due now, together. Safe to start at any time and from several places at once.

    Example, in a crontab:  */5 * * * *  tinhuyen --archive /srv/thai-binh schedule run-due --quiet
    """
    from crawler.ledger.processes import alive_workers
    from crawler.schedule.due import is_anything_due

    folder.require()
    with _opened(folder) as frontier:  # most looks find nothing: they need no crawler
        if not is_anything_due(frontier.conn, time.time(), lambda: set(alive_workers(folder.tickers))):
            code = verify_if_due(folder, frontier.conn, quiet)
            if not quiet:
                click.echo(json.dumps({"due": 0}) if as_json else "Nothing is due.")
            sys.exit(code)
    code = _crawl_due(folder, most, quiet, as_json)
    from crawler.health.proving.witnesses import give_head_away

    for why in give_head_away(folder):
        click.echo(f"tinhuyen: {why}", err=True)
    with _opened(folder) as frontier:
        verified = verify_if_due(folder, frontier.conn, quiet)
    sys.exit(code or verified)


def verify_if_due(folder: ArchiveFolder, conn: sqlite3.Connection, quiet: bool) -> int:
    """Verify the archive where it was not for as long as the settings say, and tell of faults; answers an exit code."""
    from crawler.health.proving.verifying import exit_code, is_due, verify_archive

    wanted = folder.config().verify
    if not folder.database.exists() or not is_due(conn, wanted.every_days, time.time()):
        return OK
    done = verify_archive(folder, sample=int(wanted.sample) or None)
    if done.faults:
        from crawler.health.alerting.alert_messages import tell

        click.echo(f"tinhuyen: {counted(len(done.faults), 'fault')} in the archive: {done.faults[0].text}", err=True)
        tell(folder)
    elif not quiet:
        click.echo("The archive was verified: all is well.")
    return exit_code(done)


def _crawl_due(folder: ArchiveFolder, most: int, quiet: bool, as_json: bool) -> int:
    from crawler.crawl.crawl_report import summary
    from crawler.crawl.progress import log_line
    from crawler.crawl.run import crawl
    from crawler.health.alerting.alert_messages import tell
    from crawler.health.alerting.follows import tell_followers
    from crawler.schedule.run_due import run_due as run

    try:
        report = run(folder, lambda where, names: crawl(where, names, progress=False if quiet else None), most=most)
    finally:
        tell(folder)  # of what could not be crawled, too
        tell_followers(folder)
    if report.crawl is None:
        busy = f"{report.busy} crawls run already: what is due waits." if report.busy else "Nothing could be crawled."
        if not quiet or as_json:
            click.echo(json.dumps({"due": 0, "busy": report.busy}) if as_json else busy)
        return 0
    done = report.crawl
    if as_json:
        click.echo(log_line("crawled", due=len(report.claims), **done.as_dict()))
    else:
        for told_line in summary(done, folder):
            click.echo(told_line)
    return done.exit_code


@schedule.command()
@click.option(
    "--every", type=click.FloatRange(min=0.1, max=3600), default=10.0, show_default=True, help="Seconds between looks."
)
@click.option(
    "--most", type=click.IntRange(min=1), default=MOST_CRAWLS, show_default=True, help="Crawls at the same time."
)
@click.option("--json", "as_json", is_flag=True, help="Log as lines of JSON.")
@archive_option
def daemon(every: float, most: int, as_json: bool, folder: ArchiveFolder) -> None:
    """Run the scheduler in the foreground: crawl what is due, until Ctrl-C or SIGTERM.

    It may be killed at any moment: a crawl it started goes on, and what is due stays due.
    """
    from crawler.schedule.daemon import Daemon

    folder.config()
    sys.exit(Daemon(folder, every=every, most=most, as_json=as_json).run())


@schedule.command()
@click.option("--cron", is_flag=True, help="A crontab line instead of a systemd timer.")
@click.option("--system", is_flag=True, help="For the whole system instead of this user; needs root to write.")
@click.option("--user", "run_as", metavar="NAME", help="With --system: who runs it.")
@click.option("--write", is_flag=True, help="Write the files; without it they are only printed.")
@archive_option
def install(cron: bool, system: bool, run_as: str | None, write: bool, folder: ArchiveFolder) -> None:
    """Install a timer that runs what is due every five minutes: print what would be written, or write it.

    Example:  tinhuyen schedule install --write
    """
    from crawler.schedule.install import crontab_line, enabling, units

    folder.require()
    if cron:
        click.echo(crontab_line(folder.path))
        click.echo("Put this line into your crontab:  crontab -e", err=True)
        return
    files = units(folder.path, system=system, user=run_as)
    for unit in files:
        click.echo(f"# {unit.path}\n{unit.text}")
        if write:
            _write(unit.path, unit.text)
    click.echo("Written. Then:" if write else "Write them with --write. Then:", err=True)
    for command in enabling(folder.path, system=system):
        click.echo(f"  {command}", err=True)


@schedule.command()
@click.argument("portal", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Runs, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print an array of JSON objects.")
@archive_option
def history(portal: str | None, limit: int, as_json: bool, folder: ArchiveFolder) -> None:
    """Show what ran and what did not: every run with its portals and verdicts, every skipped occurrence with its reason.

    Example:  tinhuyen schedule history hungha.thaibinh
    """
    from crawler.schedule.past_runs import entries, lines

    folder.require()
    with _opened(folder) as frontier:
        found = entries(frontier.conn, portal, limit, folder)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("No crawl has run yet.")
    for line in lines(found, portal):
        click.echo(line)


def _names(folder: ArchiveFolder, named: list[str], provinces: tuple[str, ...], everything: bool) -> list[str]:
    """The archive's portals that are meant. Raises `NoSuchPortal` when there are none."""
    config = folder.config()
    if sum(map(bool, (named, provinces, everything))) != 1:
        raise UserError("name portals, or a --province, or --all")
    if everything:
        return [portal.name for portal in choose(config, [])]
    if named:
        return [portal.name for portal in choose(config, named)]
    from crawler.portals.registry import registry

    entries = [entry.name for province in provinces for entry in registry().of_province(province)]
    found = [name for name in dict.fromkeys(entries) if name in config.portals]
    if not found:
        raise NoSuchPortal(
            f'no portal of {" or ".join(provinces)} is in this archive: tinhuyen add --province "{provinces[0]}"'
        )
    return found


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}") from error


class _opened:
    """The ledger, opened for one command."""

    def __init__(self, folder: ArchiveFolder) -> None:
        folder.require()
        self.frontier = Ledger(folder.ledger)

    def __enter__(self) -> Ledger:
        return self.frontier

    def __exit__(self, *error: Any) -> None:
        self.frontier.conn.close()
