"""The schedules' clock in the foreground: looks every few seconds whether something is due, and has a child crawl it.

The daemon itself crawls nothing and claims nothing, so it may be killed at any moment: the child goes on, and whoever
comes next finds the rest due. A child that dies, a locked or full database, a clock that jumps: each is a line, and the
next look. Waiting goes by the monotonic clock.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, TextIO

from archive.database.sqlite_file import connect
from archive.text.vietnam_time import VIETNAM
from crawler.errors import DAMAGED, DISK_FULL, FAILURES, INTERRUPTED, OK
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger
from crawler.ledger.processes import alive_workers
from crawler.schedule.due import is_anything_due
from crawler.schedule.run_due import MOST_CRAWLS

EVERY = 10.0
FIRST_REST, LONGEST_REST = 30.0, 900.0
"""Seconds nothing is started after a child that could not begin (a locked archive, a broken tinhuyen.toml), doubled."""

BEGINS = 240.0
"""Seconds a child has to claim what is due, before another is started for it; it may wait so long for a locked database."""

WHY = {DAMAGED: "the archive is locked or damaged", DISK_FULL: "the disk or the quota is full"}
"""What a child's exit code says."""

PATIENT = 2.0  # seconds a look waits for a locked database; the next look comes soon anyway


class Daemon:
    """Call :meth:`run`. ``spawn`` starts a child that runs what is due."""

    def __init__(
        self,
        folder: ArchiveFolder,
        *,
        every: float = EVERY,
        most: int = MOST_CRAWLS,
        as_json: bool = False,
        out: TextIO | None = None,
        clock: Callable[[], float] = time.time,
        spawn: Callable[[], subprocess.Popen] | None = None,
    ) -> None:
        self.folder = folder
        self.every = every
        self.most = most
        self.as_json = as_json
        self.out = out or sys.stdout
        self.clock = clock
        self.spawn = spawn or self._run_due
        self.children: list[subprocess.Popen] = []
        self.stopping = False
        self._conn: sqlite3.Connection | None = None
        self._not_before = 0.0  # monotonic
        self._rest = FIRST_REST
        self._told: str | None = None
        self._beginning: subprocess.Popen | None = None
        """A child that was started for what is due and has not claimed it yet."""
        self._begins_until = 0.0

    def run(self) -> int:
        """Look until a signal says to end; then ask the children to end and wait for them. Returns the exit code."""
        with _woken() as wake:
            self.say("the schedule is watched", every=self.every)
            while not (self.stopping or self._asked_to_end(wake, 0.0)):
                self.reap()
                self.look()
                self.stopping = self._asked_to_end(wake, self.every)
            self._end()
        return OK

    def look(self) -> None:
        """One look: start a child when something is due, there is room for one and the last one could begin."""
        if len(self.children) >= self.most or time.monotonic() < self._not_before:
            return
        try:
            due = is_anything_due(self._database(), self.clock(), lambda: set(alive_workers(self.folder.tickers)))
        except (sqlite3.Error, OSError) as error:
            self._close()
            self.say(f"the schedules cannot be read: {error}; trying again", once=True)
            return
        self._told = None
        if not due:
            self._beginning = None  # what was due is claimed
        elif self._beginning not in self.children or time.monotonic() > self._begins_until:
            try:
                child = self.spawn()
            except OSError as error:
                self._rest_after(f"no crawl can be started: {error}")
                return
            self.children.append(child)
            self._beginning, self._begins_until = child, time.monotonic() + BEGINS
            self.say("something is due: a crawl was started", pid=child.pid)

    def reap(self) -> None:
        """Take leave of children that ended."""
        for child in list(self.children):
            code = child.poll()
            if code is None:
                continue
            self.children.remove(child)
            if code in (OK, FAILURES, INTERRUPTED):
                self._rest, self._not_before = FIRST_REST, 0.0
                self.say("a crawl ended" if code == OK else "a crawl ended with failures", pid=child.pid, code=code)
            elif code < 0:
                self.say(f"a crawl was killed by signal {-code}: it is started again", pid=child.pid)
            else:
                why = f": {WHY[code]}" if code in WHY else ""
                self._rest_after(f"a crawl could not do its work{why}", pid=child.pid, code=code)

    def say(self, text: str, *, once: bool = False, **more: Any) -> None:
        """Log a line, in Vietnam's time; with ``once`` not again while nothing else is logged."""
        if once and self._told == text:
            return
        self._told = text if once else self._told
        if self.as_json:
            line = json.dumps({"time": datetime.now(VIETNAM).isoformat(timespec="seconds"), "event": text, **more})
        else:
            extra = "".join(f" {name}={value}" for name, value in more.items())
            line = f"{datetime.now(VIETNAM):%Y-%m-%d %H:%M:%S} +07:00 {text}{extra}"
        with suppress(OSError, ValueError):  # a full disk, or nobody listens any more: the work goes on
            print(line, file=self.out, flush=True)

    def _rest_after(self, text: str, **more: Any) -> None:
        self._not_before = time.monotonic() + self._rest
        self.say(f"{text}; trying again in {self._rest:.0f} s", **more)
        self._rest = min(self._rest * 2, LONGEST_REST)

    def _end(self) -> None:
        for child in self.children:
            with suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)  # once: it ends its requests, writes, and what is left is due again
        for child in self.children:
            child.wait()
        self._close()
        self.say("the schedule is not watched any more")

    def _asked_to_end(self, wake: int, seconds: float) -> bool:
        """Wait for a signal; whether one said to end. A child's end only ends the waiting."""
        ready, _, _ = select.select([wake], [], [], seconds)
        if not ready:
            return False
        got = os.read(wake, 256)
        return any(number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP) for number in got)

    def _run_due(self) -> subprocess.Popen:
        command = [
            sys.executable,
            "-m",
            "crawler",
            "--archive",
            str(self.folder.path),
            "schedule",
            "run-due",
            "--quiet",
        ]
        command += ["--most", str(self.most), *(["--json"] if self.as_json else [])]
        # a session of its own: Ctrl-C in the terminal reaches it once, through us
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)

    def _database(self) -> sqlite3.Connection:
        if self._conn is None:
            if not self.folder.ledger.exists():
                Ledger(self.folder.ledger).close()
            self._conn = connect(self.folder.ledger, timeout=PATIENT)
        return self._conn

    def _close(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None


@contextmanager
def _woken() -> Iterator[int]:
    """A descriptor that can be read as soon as a signal came; the handlers of before are put back at the end."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    before = signal.set_wakeup_fd(writer)
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
    handlers = {number: signal.signal(number, lambda *_: None) for number in numbers}
    try:
        yield reader
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before)
        os.close(reader)
        os.close(writer)
