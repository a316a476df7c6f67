"""What is due now, and who crawls it: one short transaction decides, so that it may be asked from many places at once.

Every decision is a row of ``run_due``: an occurrence was ``claimed`` (later ``done``, ``interrupted`` or ``lost``),
``skipped`` or ``deferred`` with a reason, or ``missed`` because nobody was there to look. However many were missed, one
run catches them up.
"""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from archive.text.plurals import counted
from archive.text.vietnam_time import DAY, HOUR, MINUTE, local_time
from crawler.folder.hours import Hours
from crawler.ledger.frontier import Ledger
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason, columns_of
from crawler.schedule.schedules import Schedule, save
from crawler.schedule.when import MOST_COUNTED

TAKEN_UP_AGAIN = 3
"""Times in a row that a lost run is taken up again at once; after that its next occurrence is waited for."""

CLOCK_SLACK = MINUTE
"""Seconds the clock may go back without anything being reckoned anew: what time servers do now and then."""

WAIT_FOR_CRAWL = 10 * MINUTE
"""Seconds until a deep look whose portal is being crawled is looked at again."""

FOREIGN_SILENCE = HOUR
"""Seconds after which a claim of another machine, whose processes cannot be looked at, counts as lost."""


@dataclass(slots=True)
class Claim:
    """An occurrence this process has taken: it crawls the portal, then says how that ended."""

    id: int
    portal: str
    occurrence: float
    missed: int = 0
    again: bool = False
    """Whether it takes up a run that was lost."""
    deep: bool = False
    """Whether all that is kept of the portal is asked for again."""


@dataclass(slots=True)
class Standing:
    """What stands between a portal and its crawl, as it is known when something is due."""

    portals: Collection[str]
    """Those of ``tinhuyen.toml``."""
    alive: Collection[str] = ()
    """Processes of this machine that hold claims or crawl."""
    paused: Collection[str] = ()
    no_room: str | None = None
    """Why nothing may be written, for all portals."""
    hours: Mapping[str, Hours] = field(default_factory=dict)
    host: str = field(default_factory=socket.gethostname)

    def lives(self, worker: str, since: float, now: float) -> bool:
        """Whether a process works still; ``since`` is when it was last heard of."""
        if worker.startswith(f"{self.host}-"):
            return worker in self.alive
        return now - since < FOREIGN_SILENCE


def is_anything_due(conn: sqlite3.Connection, now: float, alive: Callable[[], Collection[str]]) -> bool:
    """The cheap look of every tick: whether :func:`claim` would find something to do. Writes nothing.

    ``alive`` is asked only when something is claimed.
    """
    due = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM schedule WHERE next_at <= ?)"
        " OR EXISTS (SELECT 1 FROM schedule WHERE decided_at > ?)",
        (now, now + CLOCK_SLACK),
    ).fetchone()[0]
    if due:
        return True
    claimed = conn.execute("SELECT DISTINCT worker FROM run_due WHERE state = 'claimed'").fetchall()
    if not claimed:
        return False
    mine, living = f"{socket.gethostname()}-", alive()
    return any(row[0].startswith(mine) and row[0] not in living for row in claimed)


def claim(frontier: Ledger, worker: str, look: Callable[[], Standing]) -> list[Claim]:
    """Take everything that is due for ``worker``, closing portals first, and write down why the rest is not. Once for each occurrence, however
    many ask at the same time. ``look`` is called within the transaction: what it says is true when it counts."""
    now = frontier.clock()
    with frontier.write() as conn:
        standing = look()
        decider = _Decider(conn, now, worker, standing)
        decider.take_up_lost()
        rows = conn.execute(
            "SELECT * FROM schedule WHERE next_at <= ? OR decided_at > ?"
            # of one portal the deep look first: it asks for what the crawl would ask for, too
            " ORDER BY portal IN (SELECT portal FROM sunset) DESC, deep DESC, next_at, portal",
            (now, now + CLOCK_SLACK),
        ).fetchall()
        for row in rows:
            decider.decide(Schedule.of_row(row))
        return decider.claims


def finish(frontier: Ledger, claims: Collection[Claim], run: int | None, outcome: str) -> None:
    """Say how claims ended: by the ``outcome`` of their crawl. An interrupted one is due again, for whoever comes next."""
    now = frontier.clock()
    state = "interrupted" if outcome == "interrupted" else "done"
    ended = None if outcome == "finished" else Reason(Code.CRAWL_ENDED, outcome=outcome)
    with frontier.write() as conn:
        for one in claims:
            conn.execute(
                "UPDATE run_due SET state = ?, reason = coalesce(reason, ?), reason_code = coalesce(reason_code, ?),"
                " reason_facts = coalesce(reason_facts, ?), run = ?, ended_at = ? WHERE id = ? AND state = 'claimed'",
                (state, *columns_of(ended), run, now, one.id),
            )
            if state == "interrupted":
                conn.execute(
                    "UPDATE schedule SET occurrence = ?, next_at = ?, decided_at = ? WHERE portal = ? AND deep = ?",
                    (one.occurrence, now, now, one.portal, one.deep),
                )


def give_back(frontier: Ledger, claims: Collection[Claim], reason: str) -> None:
    """Say that claims could not be crawled at all, and why."""
    with frontier.write() as conn:
        conn.executemany(
            f"UPDATE run_due SET state = 'skipped', {_REASON}, ended_at = ? WHERE id = ? AND state = 'claimed'",
            [(*Reason(Code.COULD_NOT_CRAWL, said=reason).columns, frontier.clock(), one.id) for one in claims],
        )


_REASON = "reason = ?, reason_code = ?, reason_facts = ?"


class _Decider:
    """Decides inside one transaction."""

    def __init__(self, conn: sqlite3.Connection, now: float, worker: str, standing: Standing) -> None:
        self.conn = conn
        self.now = now
        self.worker = worker
        self.standing = standing
        self.claims: list[Claim] = []
        self._busy: dict[str, Reason] | None = None

    def take_up_lost(self) -> None:
        """Mark claims of dead processes as lost and take them up again, a few times."""
        rows = self.conn.execute("SELECT * FROM run_due WHERE state = 'claimed'").fetchall()
        lost = [row for row in rows if not self.standing.lives(row["worker"], row["at"], self.now)]
        for row in lost:  # all of them first: none may look as if it were under way
            self.conn.execute(
                f"UPDATE run_due SET state = 'lost', {_REASON}, ended_at = ?, run = ? WHERE id = ?",
                (*Reason(Code.PROCESS_DIED).columns, self.now, self._run_of(row["portal"], row["at"]), row["id"]),
            )
        for row in lost:
            self._take_up(row)

    def _take_up(self, lost: sqlite3.Row) -> None:
        before = self._lost_in_a_row(lost)
        if before >= TAKEN_UP_AGAIN:
            reason = Reason(Code.DIED_IN_A_ROW, times=before + 1)
            self.conn.execute(f"UPDATE run_due SET {_REASON} WHERE id = ?", (*reason.columns, lost["id"]))
        elif (why := self._stands_against(lost["portal"])) is not None:
            self._row(lost["portal"], lost["occurrence"], "skipped", why, again_of=lost["id"], deep=bool(lost["deep"]))
        else:
            self._claim(lost["portal"], lost["occurrence"], again_of=lost["id"], deep=bool(lost["deep"]))

    def decide(self, schedule: Schedule) -> None:
        """Deal with a schedule that is due, or reckoned by a clock that has gone back since."""
        if schedule.decided_at > self.now + CLOCK_SLACK:
            back = schedule.decided_at - self.now
            self._row_of(schedule, schedule.occurrence, "skipped", Reason(Code.CLOCK_WENT_BACK, span=span(back)))
            schedule.wait_for(schedule.rule.next(self.now), self.now)
            save(self.conn, schedule)
            return
        past = schedule.past(self.now, MOST_COUNTED)
        if not past:  # a moment of the schedule was moved on without its occurrence
            past = [schedule.occurrence]
        last, missed = past[-1], past[:-1]
        if missed and not self._was_deferred(schedule):
            counted_all = len(past) < MOST_COUNTED
            code, known = (Code.MISSED, len(missed)) if counted_all else (Code.MANY_MISSED, MOST_COUNTED)
            reason = Reason(code, occurrences=known)
            self._row_of(schedule, missed[0], "missed", reason, missed=len(missed))
        if (why := self._closed(schedule)) is not None:
            self._put_off(schedule, last, Reason(Code.OUTSIDE_HOURS, hours=str(why)), why.next_opening(self.now))
        elif schedule.deep and schedule.portal in self.busy:  # a month until the next one is too long
            reason = self.busy[schedule.portal].noting(Code.UNTIL_THAT_ENDED)
            self._put_off(schedule, last, reason, self.now + WAIT_FOR_CRAWL)
        else:
            if (against := self._stands_against(schedule.portal)) is not None:
                self._row_of(schedule, last, "skipped", against)
            else:
                self._claim(schedule.portal, last, missed=len(missed), deep=schedule.deep)
            schedule.wait_for(schedule.rule.next(last if len(past) < MOST_COUNTED else self.now), self.now)
            save(self.conn, schedule)

    def _put_off(self, schedule: Schedule, occurrence: float, reason: Reason, until: float) -> None:
        if not self._was_deferred(schedule):
            self._row_of(schedule, occurrence, "deferred", reason)
        schedule.wait_for(occurrence, self.now, until=until)
        save(self.conn, schedule)

    def _row_of(self, schedule: Schedule, occurrence: float, state: str, reason: Reason, *, missed: int = 0) -> int:
        return self._row(schedule.portal, occurrence, state, reason, missed=missed, deep=schedule.deep)

    def _stands_against(self, portal: str) -> Reason | None:
        """Why a portal is not crawled though it is due; ``None`` when it is."""
        if portal not in self.standing.portals:
            return Reason(Code.NOT_IN_ARCHIVE, portal=portal)
        if portal in self.standing.paused:
            return Reason(Code.PAUSED, portal=portal)
        if self.standing.no_room is not None:
            return Reason(Code.NO_ROOM, said=self.standing.no_room)
        return self.busy.get(portal)

    @property
    def busy(self) -> dict[str, Reason]:
        """Portals that a living process crawls just now, and the reason that makes."""
        if self._busy is None:
            self._busy = {}
            for row in self.conn.execute("SELECT * FROM run_due WHERE state = 'claimed'").fetchall():
                self._busy[row["portal"]] = Reason(Code.RUN_STILL_CRAWLS, since=local_time(row["at"]))
            runs = self.conn.execute(
                "SELECT value AS portal, started_at, worker, coalesce(progress_at, started_at) AS seen FROM run,"
                " json_each(run.portals) WHERE finished_at IS NULL AND worker IS NOT NULL"
            ).fetchall()
            for row in runs:
                if self.standing.lives(row["worker"], row["seen"], self.now):
                    self._busy.setdefault(
                        row["portal"], Reason(Code.CRAWL_STILL_WORKS, since=local_time(row["started_at"]))
                    )
        return self._busy

    def _claim(
        self, portal: str, occurrence: float, *, missed: int = 0, again_of: int | None = None, deep: bool = False
    ) -> None:
        row = self._row(portal, occurrence, "claimed", None, missed=missed, again_of=again_of, deep=deep)
        self.claims.append(Claim(row, portal, occurrence, missed, again_of is not None, deep))
        self.busy[portal] = Reason(Code.RUN_STILL_CRAWLS, since=local_time(self.now))

    def _row(
        self,
        portal: str,
        occurrence: float,
        state: str,
        reason: Reason | None,
        *,
        missed: int = 0,
        again_of: int | None = None,
        deep: bool = False,
    ) -> int:
        done = self.conn.execute(
            "INSERT INTO run_due (portal, occurrence, at, state, reason, reason_code, reason_facts, worker, missed,"
            " again_of, ended_at, deep) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(
                    portal,
                    occurrence,
                    self.now,
                    state,
                    *columns_of(reason),
                    self.worker if state == "claimed" else None,
                ),
                *(missed, again_of, None if state == "claimed" else self.now, deep),
            ),
        )
        return done.lastrowid or 0

    def _closed(self, schedule: Schedule) -> Hours | None:
        """The hours that do not allow the portal to be asked now, if any."""
        for hours in (schedule.hours, self.standing.hours.get(schedule.portal)):
            if hours is not None and not hours.allow(self.now):
                return hours
        return None

    def _was_deferred(self, schedule: Schedule) -> bool:
        """Whether the occurrence that is waited for was put off until hours open."""
        row = self.conn.execute(
            "SELECT state FROM run_due WHERE portal = ? AND deep = ? ORDER BY id DESC LIMIT 1",
            (schedule.portal, schedule.deep),
        ).fetchone()
        return row is not None and row[0] == "deferred"

    def _lost_in_a_row(self, row: sqlite3.Row) -> int:
        """How many runs of the same occurrence were lost before this one."""
        lost, again_of = 0, row["again_of"]
        while again_of is not None:
            lost += 1
            again_of = self.conn.execute("SELECT again_of FROM run_due WHERE id = ?", (again_of,)).fetchone()[0]
        return lost

    def _run_of(self, portal: str, since: float) -> int | None:
        """The crawl that took a claim of ``since`` up, if it came so far."""
        row = self.conn.execute(
            "SELECT id FROM run WHERE started_at >= ? AND EXISTS (SELECT 1 FROM json_each(run.portals) WHERE value = ?)"
            " ORDER BY id LIMIT 1",
            (since, portal),
        ).fetchone()
        return row[0] if row else None


def span(seconds: float) -> str:
    """A length of time in words: ``3.0 days``, ``5 minutes``."""
    for unit, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if seconds >= 1.5 * unit:
            amount = f"{seconds / unit:.1f}".removesuffix(".0")
            return f"{amount} {name.removesuffix('s') if amount == '1' else name}"
    return counted(round(seconds), "second")
