"""The schedules of an archive as rows of ``crawl.db``: set, list, remove. Times are Unix seconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.folder.hours import Hours
from crawler.ledger.frontier import Ledger
from crawler.schedule.when import Rule, spread, usual_deep_rule, usual_jitter


@dataclass(slots=True)
class Schedule:
    """One portal's schedule, of its crawls or of its deep looks. ``occurrence`` is the one waited for; it is looked at
    ``next_at``, ``jitter`` included."""

    portal: str
    rule: Rule
    jitter: float
    hours: Hours | None
    set_at: float
    occurrence: float
    next_at: float
    decided_at: float
    deep: bool = False
    """Whether all that is kept is asked for again."""

    @classmethod
    def of_row(cls, row: sqlite3.Row) -> Schedule:
        return cls(
            row["portal"],
            Rule.parse(row["rule"], shortest=0.0),
            row["jitter"],
            Hours.parse(row["hours"]) if row["hours"] else None,
            row["set_at"],
            row["occurrence"],
            row["next_at"],
            row["decided_at"],
            bool(row["deep"]),
        )

    def moment(self, occurrence: float) -> float:
        """When an occurrence comes about for this portal."""
        return occurrence + spread(self.portal, occurrence, self.jitter)

    def wait_for(self, occurrence: float, now: float, *, until: float | None = None) -> None:
        """Wait for another occurrence, or for the same one ``until`` a later moment."""
        self.occurrence, self.decided_at = occurrence, now
        self.next_at = self.moment(occurrence) if until is None else until

    def past(self, now: float, most: int) -> list[float]:
        """The occurrences that have come about and are not dealt with, oldest first, at most the last ``most``."""
        found = [self.occurrence] if self.moment(self.occurrence) <= now else []
        if self.rule.every is not None and now - self.occurrence > most * self.rule.every:
            found, start = [], now - most * self.rule.every  # a clock that jumped by years: the last ones tell enough
        else:
            start = self.occurrence
        for occurrence in self.rule.after(start):
            if self.moment(occurrence) > now or len(found) >= most:
                break
            found.append(occurrence)
        return found


def set_schedules(
    frontier: Ledger,
    portals: Iterable[str],
    rule: Rule,
    *,
    jitter: float | None = None,
    hours: Hours | None = None,
    deep: bool = False,
) -> int:
    """Give portals a schedule, in place of the one they have; answers of how many it is new or another.

    A schedule that says the same as before stays untouched: setting it again, from a script, moves nothing.
    """
    now = frontier.clock()
    jitter = min(usual_jitter(rule) if jitter is None else jitter, 0.9 * rule.period)
    changed = 0
    with frontier.write() as conn:
        for portal in portals:
            row = conn.execute(
                "SELECT rule, jitter, hours FROM schedule WHERE portal = ? AND deep = ?", (portal, deep)
            ).fetchone()
            if row is not None and tuple(row) == (rule.text, jitter, str(hours) if hours else None):
                continue
            changed += 1
            occurrence = rule.next(now)
            schedule = Schedule(portal, rule, jitter, hours, now, occurrence, 0.0, now, deep)
            schedule.wait_for(occurrence, now)
            save(conn, schedule)
    return changed


def save(conn: sqlite3.Connection, schedule: Schedule) -> None:
    """Write a schedule's row, inside the caller's transaction."""
    conn.execute(
        "INSERT OR REPLACE INTO schedule (portal, deep, rule, jitter, hours, set_at, occurrence, next_at,"
        " decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(schedule.portal, schedule.deep, schedule.rule.text, schedule.jitter),
            str(schedule.hours) if schedule.hours else None,
            *(schedule.set_at, schedule.occurrence, schedule.next_at, schedule.decided_at),
        ),
    )


def schedules(conn: sqlite3.Connection) -> list[Schedule]:
    """Every schedule, the next one first."""
    return [Schedule.of_row(row) for row in conn.execute("SELECT * FROM schedule ORDER BY next_at, portal, deep")]


def give_deep_looks(frontier: Ledger, portals: Iterable[str], hours: Hours | None = None) -> list[Schedule]:
    """Give deep looks by :func:`usual_deep_rule` to those portals that have no schedule of any kind; answers these.

    Called before they get their first schedule: whoever took the deep looks of a portal away does not get them back.
    """
    new = [
        portal
        for portal in portals
        if frontier.conn.execute("SELECT 1 FROM schedule WHERE portal = ?", (portal,)).fetchone() is None
    ]
    with frontier.write():
        for portal in new:
            set_schedules(frontier, [portal], usual_deep_rule(portal), hours=hours, deep=True)
    return [one for one in schedules(frontier.conn) if one.deep and one.portal in set(new)]


def remove_schedules(frontier: Ledger, portals: Iterable[str], *, deep_only: bool = False) -> int:
    """Take schedules away; answers how many there were. What was run by them stays in the history."""
    kinds = "portal = ? AND deep" if deep_only else "portal = ?"
    with frontier.write() as conn:
        return sum(conn.execute(f"DELETE FROM schedule WHERE {kinds}", (name,)).rowcount for name in portals)
