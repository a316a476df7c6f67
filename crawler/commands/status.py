"""``tinhuyen status``: what the archive holds, how its portals are, what waits."""

from __future__ import annotations

import json
import sqlite3
import sys
import textwrap
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import click

from archive.queries.standing_corrections import corrections
from archive.rows.portal_health import ThemeCheck, theme_checks
from archive.store import Store
from archive.text.plurals import counted
from archive.text.vietnam_time import MINUTE, local_time
from crawler.cms.recognise import family_named
from crawler.commands.options import archive_option
from crawler.errors import FAILURES
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health import certificates
from crawler.health.not_found import NotFound, not_found
from crawler.health.sunset import closing
from crawler.health.verdict import WELL
from crawler.ledger.controls import Control, controls
from crawler.ledger.processes import alive_workers
from crawler.ledger.queries.read_only import open_read_only

NOBODY_LOOKS = 30 * MINUTE
"""Seconds after which a crawl that was due says that no timer runs: those look every five minutes, the daemon oftener."""

ONE_SCREEN = 20
"""Portals shown one by one; of more, those that need attention are."""


WIDTH, NAME_WIDTH = 80, 17
"""Columns of a terminal as it opens; and of a portal's name, beside which its numbers, verdict and next crawl have room.
A longer name stands on a line of its own."""


@click.command()
@click.option("--failed", is_flag=True, help="List every page that failed, with its reason.")
@click.option("--all", "everything", is_flag=True, help="Every portal, however many there are.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@archive_option
def status(failed: bool, everything: bool, as_json: bool, folder: ArchiveFolder) -> None:
    """Show the archive on one screen: articles and waiting pages, each portal's last verdict and next crawl.

    Works while a crawl runs. All times are Vietnam's.
    """
    with open_read_only(folder) as conn:
        if failed:
            sys.exit(_failed(conn))
        shown = _gather(conn, folder)
    if as_json:
        click.echo(json.dumps(shown.as_dict(), ensure_ascii=False))
        return
    if not shown.states:
        click.echo(_no_portal(folder))
        return
    for line in _table(shown.states, shown.health, shown.following, everything):
        click.echo(line)
    for line in shown.lines(None if everything else 5):
        click.echo(wrapped(line))


@dataclass(frozen=True)
class _Status:
    """What ledger and archive say of the portals at one moment, each map by the portal's name."""

    states: dict[str, dict[str, int]]
    """Rows of the frontier by state."""
    health: dict[str, dict[str, Any]]
    closing: dict[str, str]
    following: dict[str, float]
    """When the next crawl is due, and the next one of all pages: Unix seconds."""
    deep: dict[str, float]
    not_found: dict[str, NotFound]
    runs: list[dict[str, Any]]
    """The last runs, the newest first."""
    alive: set[str]
    asked: dict[str, Control]
    quiet: list[Any]
    certificate_ends: dict[str, float]
    not_verified: dict[str, str]
    checks: dict[str, ThemeCheck]
    corrections_ended: int
    overdue: list[str]
    """Portals whose next crawl is past, though no process works: nobody looks at the schedules."""

    def as_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return {
            "portals": self.states,
            "health": self.health,
            "closing": self.closing,
            "next": {name: local_time(at) for name, at in self.following.items()},
            "next_full": {name: local_time(at) for name, at in self.deep.items()},
            "not_found": {name: one.as_dict() for name, one in self.not_found.items()},
            "last_run": self.runs[0] if self.runs else None,
            "running": [run for run in self.runs if run["worker"] in self.alive and not run["finished_at"]],
            "paused": [name for name, control in self.asked.items() if control.state == "paused"],
            "left_alone": [dict(row) for row in self.quiet],
            "certificate_ends": {name: local_time(at) for name, at in self.certificate_ends.items()},
            "not_verified": self.not_verified,
            "corrections_ended": self.corrections_ended,
            "overdue": self.overdue,
            "read_otherwise": {name: one.differs for name, one in self.checks.items()},
        }

    def lines(self, most: int | None) -> list[str]:
        """What stands below the table of portals, at most ``most`` lines of a kind."""
        signs = [f"closing:    {name}: {why}" for name, why in self.closing.items() if name in self.states]
        gaps = [f"not found:  {name}: {one}" for name, one in self.not_found.items()]
        strangers = [f"TLS:        {name}: {why}" for name, why in self.not_verified.items()]
        otherwise = [f"reading:    {name}: {_otherwise(one)}" for name, one in self.checks.items()]
        lines = [
            *_first(gaps, most, "in {n} more portals (--all)"),
            *_first(strangers, most, "{n} more (--all)"),
            *_first(otherwise, most, "{n} more (--all)"),
        ]
        if over := self.corrections_ended:
            many = counted(over, "correction")
            lines.append(f"corrected:  {many} no longer applied, the pages changed: tinhuyen correct --list")
        lines += _running(self.runs, self.alive) + _standing(self.asked, self.quiet)
        lines += _first(signs, most, "{n} more")
        if late := self.overdue:
            since = local_time(min(self.following[name] for name in late))
            many = f"{late[0]} was" if len(late) == 1 else f"{counted(len(late), 'portal')} were"
            lines.append(
                f"overdue:    {many} due from {since} on, and nobody looks at the schedules:  tinhuyen schedule install"
            )
        if self.following and (left := [name for name in self.states if name not in self.following]):
            shown = ", ".join(left[:most]) + (f" and {len(left) - most:,} more" if most and left[most:] else "")
            lines.append(f'schedule:   none for {shown}:  tinhuyen schedule set {left[0]} "every 6 hours"')
        last = self.runs[0] if self.runs else None
        if last is not None and (
            lost := [name for name in (last["counts"] or {}).get("offline", ()) if name in self.states]
        ):
            lines.append(
                f"offline:    {', '.join(lost[:most])} not reached by the last crawl: this machine had no network"
            )
        if last is not None and last["worker"] not in self.alive:
            ended = f"{last['outcome']} at {local_time(last['finished_at'])}" if last["finished_at"] else "was killed"
            lines.append(f"last crawl: began {local_time(last['started_at'])}, {ended} (Vietnam time)")
        return lines


def _gather(conn: sqlite3.Connection, folder: ArchiveFolder) -> _Status:
    """The status of every portal of the configuration."""
    portals, now = folder.config().portals, time.time()
    ends = {name: certificates.ends_of(conn, portal.url) for name, portal in portals.items()}
    bad = {name: certificates.turned_bad(conn, portal.url) for name, portal in portals.items()}
    with Store.open_reading(folder.database) as store:
        checks = {name: one for name, one in theme_checks(store.conn).items() if name in portals}
        over = sum(one.ended is not None for one in corrections(store.conn))
    return _Status(
        states={name: dict(_states(conn, name)) for name in portals},
        health=_health(conn),
        closing=closing(conn),
        following=dict(conn.execute("SELECT portal, next_at FROM schedule WHERE NOT deep").fetchall()),
        deep=dict(conn.execute("SELECT portal, next_at FROM schedule WHERE deep").fetchall()),
        not_found=not_found(conn, portals),
        runs=[_run(dict(row)) for row in conn.execute("SELECT * FROM run ORDER BY id DESC LIMIT 20")],
        alive=set(alive_workers(folder.workers)),
        asked=controls(conn, now),
        quiet=conn.execute(
            "SELECT origin, not_before, why FROM host WHERE not_before > ? AND why IS NOT NULL ORDER BY origin LIMIT 20",
            (now,),
        ).fetchall(),
        certificate_ends={name: at for name, at in ends.items() if at is not None},
        not_verified={name: why for name, why in bad.items() if why is not None},
        checks=checks,
        corrections_ended=over,
        overdue=_overdue(conn, folder, portals, now),
    )


def _overdue(conn: sqlite3.Connection, folder: ArchiveFolder, portals: Collection[str], now: float) -> list[str]:
    """The portals that whoever looks at the schedules would have claimed long since; none while anybody works."""
    if alive_workers(folder.tickers) or alive_workers(folder.workers):
        return []
    due = conn.execute(
        "SELECT portal FROM schedule WHERE NOT deep AND next_at < ? ORDER BY next_at", (now - NOBODY_LOOKS,)
    )
    return [name for (name,) in due if name in portals]


def _otherwise(one: ThemeCheck) -> str:
    """In how many articles the usual way to read a portal's software gives something else than what was learnt of its pages."""
    fields = ", ".join(f"{name} {n}" for name, n in one.differs.items())
    software = family_named(one.family).title
    return (
        f"the way its own pages taught; compared on {counted(one.compared, 'article')}, the usual way to read {software} sites"
        f" would give another {fields}"
    )


def _first(lines: list[str], most: int | None, more: str) -> list[str]:
    """The first lines, and under their label how many more there are."""
    if most is None or len(lines) <= most:
        return lines
    return [*lines[:most], f"{lines[0][:12]}and {more.format(n=f'{len(lines) - most:,}')}"]


def _failed(conn: sqlite3.Connection) -> int:
    """List every page that failed, with its reason; the exit code."""
    rows = conn.execute("SELECT url, reason FROM page WHERE state = 'failed' ORDER BY portal, url").fetchall()
    for url, reason in rows:
        click.echo(f"{url}: {reason}")
    if not rows:
        click.echo("No page has failed.")
    return FAILURES if rows else 0


def wrapped(line: str, indent: int = 12) -> str:
    """A line broken at words to :data:`WIDTH` columns; what follows is indented. Addresses stay whole."""
    return textwrap.fill(line, WIDTH, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


def _no_portal(folder: ArchiveFolder) -> str:
    """For an archive without portals: that it is new, or that its portals were removed and their articles stay."""
    with Store.open_reading(folder.database) as store:
        articles = store.conn.execute("SELECT count(*) FROM article").fetchone()[0]
        portals = len(store.portals())
    if not portals:
        return "No portal yet: add one with  tinhuyen add URL"
    many = f"{counted(portals, 'portal')} that {'was' if portals == 1 else 'were'} removed"
    held = f"{counted(articles, 'article')} of {many} {'is' if articles == 1 else 'are'} held"
    return f"No portal is crawled any more: {held}. Add one with  tinhuyen add URL"


def _run(row: dict[str, Any]) -> dict[str, Any]:
    """A row of ``run`` with what it holds as JSON read."""
    read = {name: json.loads(row[name]) for name in ("portals", "settings", "counts") if row.get(name)}
    return {**row, **read}


def _table(
    data: dict[str, dict[str, int]], health: dict[str, dict[str, Any]], following: dict[str, float], everything: bool
) -> list[str]:
    """A line a portal, at most :data:`WIDTH` columns; of many portals those that need attention, the rest in one line."""
    trouble = {name for name in data if health.get(name, {}).get("verdict", "complete") not in WELL}
    one_by_one = everything or len(data) <= ONE_SCREEN
    names = list(data) if one_by_one else sorted(trouble)[: ONE_SCREEN - 2]
    width = min(max((len(name) for name in names), default=6), NAME_WIDTH)
    lines = [f"{'portal':{width}} articles  failed waiting  {'verdict':17}  next crawl"] if names else []
    for name in names:
        verdict = health.get(name, {}).get("verdict", "-")
        at = local_time(following[name]) if name in following else "-"
        articles, failed, waiting = _numbers(data[name])
        shown = name
        if len(name) > width:
            lines.append(name)
            shown = ""
        lines.append(f"{shown:{width}} {articles:8,} {failed:7,} {waiting:7,}  {verdict:17}  {at}")
    if not one_by_one:
        lines += _in_one_line(data, following, len(trouble), len(data) - len(health.keys() & data.keys()))
    looks = [name for name in names if name in trouble][:5]
    return lines + [
        line
        for name in looks
        for line in (
            wrapped(f"{health[name]['verdict']}: {name}: {health[name]['why'][:200]}", 4),
            wrapped(f"    {health[name]['advice']}", 4),
        )
    ]


def _in_one_line(data: dict[str, dict[str, int]], following: dict[str, float], trouble: int, never: int) -> list[str]:
    """The totals of many portals."""
    total = [sum(column) for column in zip(*(_numbers(states) for states in data.values()), strict=True)]
    totals = f"{counted(total[0], 'article')}, {counted(total[1], 'page')} failed, {total[2]:,} waiting"
    lines = [
        wrapped(
            f"{counted(len(data), 'portal')}: {totals}; {trouble:,} need attention, {never:,} never crawled (--all)", 4
        )
    ]
    soon = [at for name, at in following.items() if name in data]
    if soon:
        lines.append(f"scheduled:  {counted(len(soon), 'portal')}, the next at {local_time(min(soon))}")
    return lines


def _numbers(states: dict[str, int]) -> tuple[int, int, int]:
    """Articles, pages that failed, pages that wait."""
    articles = sum(states.get(s, 0) for s in ("stored", "unchanged", "suspect", "gone"))
    return articles, states.get("failed", 0), states.get("new", 0) + states.get("leased", 0)


def _health(conn: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """The last verdict on each portal."""
    rows = conn.execute(
        "SELECT portal, verdict, why, advice, ended_at FROM portal_run JOIN (SELECT portal, max(run) AS run FROM"
        " portal_run GROUP BY portal) USING (portal, run)"
    )
    return {
        row["portal"]: {**{name: row[name] for name in ("verdict", "why", "advice")}, "at": local_time(row["ended_at"])}
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
            f"running:    since {local_time(run['started_at'])}, {counted(requests, 'request')} "
            f"({requests / seconds:.1f} a second), {counted(got.get('new', 0), 'new article')}, "
            f"{got.get('revised', 0):,} revised, {counts.get('failed', 0):,} failed"
        )
        lines += [f"waiting:    {name}, {why}" for name, why in counts.get("waiting", {}).items()]
    return lines


def _standing(asked: dict[str, Control], quiet: list[Any]) -> list[str]:
    """Portals that are paused, and hosts under back-off."""
    lines = []
    for name, control in asked.items():
        if control.state == "paused":
            until = f"until {local_time(control.until)}" if control.until else f"until  tinhuyen resume {name}"
            lines.append(f"paused:     {name}, {until}")
    lines += [f"left alone: {origin} until {local_time(until)}: {why}" for origin, until, why in quiet]
    return lines


def _states(conn: sqlite3.Connection, portal: str) -> list[Any]:
    return conn.execute("SELECT state, count(*) FROM page WHERE portal = ? GROUP BY state", (portal,)).fetchall()
