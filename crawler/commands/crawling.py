"""Commands about crawls: ``crawl``, ``status``, ``why``."""

from __future__ import annotations

import json
import math
import sqlite3
import sys
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import click

from crawler.commands.base import archive_option
from crawler.config import ArchiveFolder, choose
from crawler.errors import FAILURES, UserError
from crawler.frontier.control import Control, controls
from crawler.frontier.story import stories_of
from crawler.frontier.workers import alive_workers
from crawler.plan import SAMPLE, estimate, forget, sample_folder
from crawler.run import crawl as run_crawl
from crawler.run import summary

VIETNAM = timezone(timedelta(hours=7))


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...")
@click.option("--full", is_flag=True, help="Ask again for every article known, whatever its age.")
@click.option(
    "--delay", type=click.FloatRange(min=0, max=86400), help="Seconds between two requests, instead of tinhuyen.toml's."
)
@click.option("--limit", type=click.IntRange(min=1), help="Stop after this many new articles.")
@archive_option
def crawl(portals: tuple[str, ...], full: bool, delay: float | None, limit: int | None, folder: ArchiveFolder) -> None:
    """Crawl the archive's portals, or those named.

    A new portal is crawled to its end; afterwards what is due. Interrupted or killed, the same command goes on.

    Example:  tinhuyen crawl hungha.thaibinh --limit 50
    """
    if delay is not None and math.isnan(delay):
        raise UserError("--delay must be a number of seconds")
    report = run_crawl(folder, list(portals), full=full, delay=delay, limit=limit)
    for line in summary(report, folder):
        click.echo(line)
    sys.exit(report.exit_code)


@click.command()
@click.argument("portal")
@click.option(
    "--sample", type=click.IntRange(min=10, max=1000), default=SAMPLE, show_default=True, help="Requests it may take."
)
@click.option("--delay", type=click.FloatRange(min=0, max=86400), help="Seconds between two requests, as for crawl.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@archive_option
def plan(portal: str, sample: int, delay: float | None, as_json: bool, folder: ArchiveFolder) -> None:
    """Estimate a portal's first crawl: pages, hours at the polite rate, megabytes. Nothing is kept.

    Example:  tinhuyen plan hungha.thaibinh
    """
    config = folder.config()
    (chosen,) = choose(config, [portal])
    own = config.of(portal).delay
    polite = delay if delay is not None else own if own is not None else config.politeness.delay
    sampled = sample_folder(folder, chosen)
    try:
        run_crawl(sampled, [portal], delay=delay, sample=sample, progress=None if sys.stderr.isatty() else False)
        found = estimate(sampled, chosen, polite)
    finally:
        forget(sampled)
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False) if as_json else "\n".join(found.lines()))
    sys.exit(0 if found.reached else FAILURES)


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@archive_option
def why(url: str, as_json: bool, folder: ArchiveFolder) -> None:
    """Tell the whole story of one URL: how it was found, what became of it and why.

    Example:  tinhuyen why https://hungha.thaibinh.gov.vn/lien-he
    """
    folder.require()
    with _ledger(folder) as conn:
        stories = stories_of(conn, url if "://" in url else f"http://{url}")
    if not stories:
        raise UserError(f"{url} was never discovered in this archive: no page, feed or sitemap read so far names it")
    if as_json:
        click.echo(json.dumps([story.as_dict() for story in stories], ensure_ascii=False, indent=2))
        return
    for story in stories:
        click.echo("\n".join(story.lines()))


@click.command()
@click.option("--failed", is_flag=True, help="List every page that failed, with its reason.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@archive_option
def status(failed: bool, as_json: bool, folder: ArchiveFolder) -> None:
    """Show the archive: its portals, what is held, what waits, how the last crawl ended. Works while a crawl runs."""
    config = folder.config()
    with _ledger(folder) as conn:
        if failed:
            rows = conn.execute("SELECT url, reason FROM page WHERE state = 'failed' ORDER BY portal, url").fetchall()
            for url, reason in rows:
                click.echo(f"{url}: {reason}")
            sys.exit(FAILURES if rows else 0)
        data = {name: dict(_states(conn, name)) for name in config.portals}
        runs = [dict(row) for row in conn.execute("SELECT * FROM run ORDER BY id DESC LIMIT 20")]
        last, asked = runs[0] if runs else None, controls(conn, time.time())
        quiet = conn.execute(
            "SELECT origin, not_before, why FROM host WHERE not_before > ? AND why IS NOT NULL ORDER BY origin LIMIT 20",
            (time.time(),),
        ).fetchall()
    alive = set(alive_workers(folder.workers))
    if as_json:
        told = {
            "portals": data,
            "last_run": last,
            "running": [run for run in runs if run["worker"] in alive and not run["finished_at"]],
            "paused": [name for name, control in asked.items() if control.state == "paused"],
            "left_alone": [dict(row) for row in quiet],
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if not data:
        click.echo("No portal yet: add one with  tinhuyen add URL")
        return
    width = max(len(name) for name in data)
    click.echo(f"{'portal':{width}}  articles  lists  files  skipped  failed  waiting")
    for name, states in data.items():
        articles = sum(states.get(s, 0) for s in ("stored", "unchanged", "suspect", "gone"))
        waiting = states.get("new", 0) + states.get("leased", 0)
        numbers = (articles, states.get("listed", 0), states.get("file", 0), states.get("skipped", 0))
        click.echo(
            f"{name:{width}}  {numbers[0]:8,}  {numbers[1]:5,}  {numbers[2]:5,}  {numbers[3]:7,}"
            f"  {states.get('failed', 0):6,}  {waiting:7,}"
        )
    for line in [*_running(runs, alive), *_standing(asked, quiet)]:
        click.echo(line)
    if last is not None and last["worker"] not in alive:
        ended = f"{last['outcome']} at {_local(last['finished_at'])}" if last["finished_at"] else "was killed"
        click.echo(f"last crawl: began {_local(last['started_at'])}, {ended}")


def _running(runs: list[dict[str, Any]], alive: set[str]) -> list[str]:
    """What the crawls that run now have done so far."""
    lines = []
    for run in (run for run in runs if run["worker"] in alive and not run["finished_at"]):
        counts = json.loads(run["counts"] or "{}")
        seconds = max((run["progress_at"] or run["started_at"]) - run["started_at"], 1.0)
        got, requests = counts.get("articles", {}), counts.get("requests", 0)
        lines.append(
            f"running:    since {_local(run['started_at'])}, {requests:,} requests ({requests / seconds:.1f} a second), "
            f"{got.get('new', 0):,} articles new, {got.get('revised', 0):,} revised, {counts.get('failed', 0):,} failed"
        )
        lines += [f"            {name} waits: {why}" for name, why in counts.get("waiting", {}).items()]
    return lines


def _standing(asked: dict[str, Control], quiet: list[Any]) -> list[str]:
    """Portals that are paused, and hosts that are left alone for a while."""
    lines = []
    for name, control in asked.items():
        if control.state == "paused":
            until = f"until {_local(control.until)}" if control.until else f"until  tinhuyen resume {name}"
            lines.append(f"paused:     {name}, {until}")
    lines += [f"left alone: {origin} until {_local(until)}: {why}" for origin, until, why in quiet]
    return lines


def _states(conn: sqlite3.Connection, portal: str) -> list[Any]:
    return conn.execute("SELECT state, count(*) FROM page WHERE portal = ? GROUP BY state", (portal,)).fetchall()


class _ledger:
    """The ledger, read only, so that a look never waits for a crawl; an archive never crawled has an empty one."""

    def __init__(self, folder: ArchiveFolder) -> None:
        from crawler.frontier.sqlite import SqliteFrontier

        if not folder.ledger.exists():
            SqliteFrontier(folder.ledger).close()
        self.conn = sqlite3.connect(f"{folder.ledger.resolve().as_uri()}?mode=ro", uri=True, timeout=10)
        self.conn.row_factory = sqlite3.Row

    def __enter__(self) -> sqlite3.Connection:
        return self.conn

    def __exit__(self, *error: object) -> None:
        self.conn.close()


def _local(unix: float) -> str:
    return datetime.fromtimestamp(unix, VIETNAM).strftime("%Y-%m-%d %H:%M")
