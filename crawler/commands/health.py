"""Commands that tell how things are: ``status`` and ``coverage``."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from typing import Any

import click

from archive.store import Store
from crawler.commands.base import archive_option
from crawler.commands.ledger import ledger
from crawler.config import ArchiveFolder, choose
from crawler.errors import FAILURES
from crawler.frontier.control import Control, controls
from crawler.frontier.workers import alive_workers
from crawler.health import certificates
from crawler.health.coverage import coverage as coverage_of
from crawler.health.not_found import not_found
from crawler.health.sunset import closing
from crawler.health.verdict import WELL
from crawler.schedule.due import told

ONE_SCREEN = 20
"""Portals shown one by one; of more, those that need a look are."""


@click.command()
@click.argument("portal")
@click.option("--survey", is_flag=True, help="Read the portal's feeds, sitemap and lists first, and no article.")
@click.option("--delay", type=click.FloatRange(min=0, max=86400), help="Seconds between two requests of the survey.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@archive_option
def coverage(portal: str, survey: bool, delay: float | None, as_json: bool, folder: ArchiveFolder) -> None:
    """Compare what a portal lists with what is held of it: held, missing, failing, gone before us.

    Example:  tinhuyen coverage hungha.thaibinh --survey
    """
    choose(folder.config(), [portal])
    if survey:
        from crawler.run import crawl

        crawl(folder, [portal], delay=delay, survey=True, progress=None if sys.stderr.isatty() else False)
    with ledger(folder) as conn:
        found = coverage_of(conn, portal)
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False) if as_json else "\n".join(found.lines()))


@click.command()
@click.option("--failed", is_flag=True, help="List every page that failed, with its reason.")
@click.option("--all", "everything", is_flag=True, help="Every portal, however many there are.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@archive_option
def status(failed: bool, everything: bool, as_json: bool, folder: ArchiveFolder) -> None:
    """Show the archive on one screen: what is held and waits, how each portal was found last and is crawled next.

    Works while a crawl runs.
    """
    config = folder.config()
    with ledger(folder) as conn:
        if failed:
            rows = conn.execute("SELECT url, reason FROM page WHERE state = 'failed' ORDER BY portal, url").fetchall()
            for url, reason in rows:
                click.echo(f"{url}: {reason}")
            sys.exit(FAILURES if rows else 0)
        data = {name: dict(_states(conn, name)) for name in config.portals}
        signs, health, following = (
            closing(conn),
            _health(conn),
            dict(conn.execute("SELECT portal, next_at FROM schedule WHERE NOT deep").fetchall()),
        )
        deep = dict(conn.execute("SELECT portal, next_at FROM schedule WHERE deep").fetchall())
        missing = not_found(conn, config.portals)
        runs = [_run(dict(row)) for row in conn.execute("SELECT * FROM run ORDER BY id DESC LIMIT 20")]
        last, asked = runs[0] if runs else None, controls(conn, time.time())
        quiet = conn.execute(
            "SELECT origin, not_before, why FROM host WHERE not_before > ? AND why IS NOT NULL ORDER BY origin LIMIT 20",
            (time.time(),),
        ).fetchall()
        ends = {name: certificates.ends_of(conn, portal.url) for name, portal in config.portals.items()}
    alive = set(alive_workers(folder.workers))
    if as_json:
        shown = {
            "portals": data,
            "health": health,
            "closing": signs,
            "next": {name: told(at) for name, at in following.items()},
            "next_full": {name: told(at) for name, at in deep.items()},
            "not_found": {name: one.as_dict() for name, one in missing.items()},
            "last_run": last,
            "running": [run for run in runs if run["worker"] in alive and not run["finished_at"]],
            "paused": [name for name, control in asked.items() if control.state == "paused"],
            "left_alone": [dict(row) for row in quiet],
            "certificate_ends": {name: told(at) for name, at in ends.items() if at is not None},
        }
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    if not data:
        click.echo(_no_portal(folder))
        return
    for line in _table(data, health, following, everything):
        click.echo(line)
    fading = [f"closing:    {name}: {why}" for name, why in signs.items() if name in data]
    more = [f"closing:    and {len(fading) - 5:,} more"] if len(fading) > 5 and not everything else []
    fading = fading if everything else fading[:5] + more
    gaps = [f"not found:  {name}: {one}" for name, one in missing.items()]
    hidden = [f"not found:  and in {len(gaps) - 5:,} more portals (--all)"] if len(gaps) > 5 and not everything else []
    for line in (gaps if everything else gaps[:5]) + hidden:
        click.echo(line)
    for line in [*_running(runs, alive), *_standing(asked, quiet), *fading]:
        click.echo(line)
    if last is not None and last["worker"] not in alive:
        ended = f"{last['outcome']} at {told(last['finished_at'])}" if last["finished_at"] else "was killed"
        click.echo(f"last crawl: began {told(last['started_at'])}, {ended}")


def _no_portal(folder: ArchiveFolder) -> str:
    """What an archive without portals is told: that it is new, or that its portals were removed and what they left stays."""
    with Store.open_reading(folder.database) as store:
        articles = store.conn.execute("SELECT count(*) FROM article").fetchone()[0]
        portals = len(store.portals())
    if not portals:
        return "No portal yet: add one with  tinhuyen add URL"
    many = f"{portals:,} portal{'' if portals == 1 else 's'} that {'was' if portals == 1 else 'were'} removed"
    return f"No portal is crawled any more: {articles:,} articles of {many} are held. Add one with  tinhuyen add URL"


def _run(row: dict[str, Any]) -> dict[str, Any]:
    """A row of ``run`` with what it holds as JSON read."""
    read = {name: json.loads(row[name]) for name in ("portals", "settings", "counts") if row.get(name)}
    return {**row, **read}


def _table(
    data: dict[str, dict[str, int]], health: dict[str, dict[str, Any]], following: dict[str, float], everything: bool
) -> list[str]:
    """A line a portal; of many portals those that need a look, and the rest in one line."""
    trouble = {name for name in data if health.get(name, {}).get("verdict", "complete") not in WELL}
    one_by_one = everything or len(data) <= ONE_SCREEN
    names = list(data) if one_by_one else sorted(trouble)[: ONE_SCREEN - 2]
    width = max((len(name) for name in names), default=6)
    lines = []
    if names:
        lines.append(
            f"{'portal':{width}}  articles  lists  files  skipped  failed  waiting  {'verdict':17}  next crawl"
        )
    for name in names:
        verdict = health.get(name, {}).get("verdict", "-")
        at = told(following[name]) if name in following else "-"
        numbers = _numbers(data[name])
        lines.append(
            f"{name:{width}}  {numbers[0]:8,}  {numbers[1]:5,}  {numbers[2]:5,}  {numbers[3]:7,}"
            f"  {numbers[4]:6,}  {numbers[5]:7,}  {verdict:17}  {at}"
        )
    if not one_by_one:
        rest = [_numbers(data[name]) for name in data]
        total = [sum(column) for column in zip(*rest, strict=True)]
        lines.append(
            f"{len(data):,} portals: {total[0]:,} articles, {total[4]:,} pages failed, {total[5]:,} wait; "
            f"{len(trouble):,} portals need a look, {len(data) - len(health.keys() & data.keys()):,} were never crawled (--all)"
        )
        soon = [at for name, at in following.items() if name in data]
        if soon:
            lines.append(f"scheduled:  {len(soon):,} portals, the next at {told(min(soon))}")
    looks = [name for name in names if name in trouble][:5]
    return lines + [
        line
        for name in looks
        for line in (f"{health[name]['verdict']}: {name}: {health[name]['why'][:200]}", f"    {health[name]['advice']}")
    ]


def _numbers(states: dict[str, int]) -> tuple[int, ...]:
    articles = sum(states.get(s, 0) for s in ("stored", "unchanged", "suspect", "gone"))
    rest = (states.get(name, 0) for name in ("listed", "file", "skipped", "failed"))
    return (articles, *rest, states.get("new", 0) + states.get("leased", 0))


def _health(conn: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """The last verdict on each portal."""
    rows = conn.execute(
        "SELECT portal, verdict, why, advice, ended_at FROM portal_run JOIN (SELECT portal, max(run) AS run FROM"
        " portal_run GROUP BY portal) USING (portal, run)"
    )
    return {
        row["portal"]: {**{name: row[name] for name in ("verdict", "why", "advice")}, "at": told(row["ended_at"])}
        for row in rows
    }


def _running(runs: list[dict[str, Any]], alive: set[str]) -> list[str]:
    """What the crawls that run now have done so far."""
    lines = []
    for run in (run for run in runs if run["worker"] in alive and not run["finished_at"]):
        counts = run["counts"] or {}
        seconds = max((run["progress_at"] or run["started_at"]) - run["started_at"], 1.0)
        got, requests = counts.get("articles", {}), counts.get("requests", 0)
        lines.append(
            f"running:    since {told(run['started_at'])}, {requests:,} requests ({requests / seconds:.1f} a second), "
            f"{got.get('new', 0):,} articles new, {got.get('revised', 0):,} revised, {counts.get('failed', 0):,} failed"
        )
        lines += [f"            {name} waits: {why}" for name, why in counts.get("waiting", {}).items()]
    return lines


def _standing(asked: dict[str, Control], quiet: list[Any]) -> list[str]:
    """Portals that are paused, and hosts that are left alone for a while."""
    lines = []
    for name, control in asked.items():
        if control.state == "paused":
            until = f"until {told(control.until)}" if control.until else f"until  tinhuyen resume {name}"
            lines.append(f"paused:     {name}, {until}")
    lines += [f"left alone: {origin} until {told(until)}: {why}" for origin, until, why in quiet]
    return lines


def _states(conn: sqlite3.Connection, portal: str) -> list[Any]:
    return conn.execute("SELECT state, count(*) FROM page WHERE portal = ? GROUP BY state", (portal,)).fetchall()
