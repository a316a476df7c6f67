"""Child processes of a benchmark and what they cost, and the archives they crawl.

Nothing heavy is imported here: a child's largest resident set is never told below that of the process that started it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from server import pin

HERE = Path(__file__).parent


@dataclass
class Cost:
    """What a child cost: wall and CPU seconds from its start to its end, largest resident set in megabytes; its output."""

    wall: float
    cpu: float
    rss: float
    code: int
    output: str

    @property
    def last_line(self) -> str:
        return (self.output.strip().splitlines() or [""])[-1]


class Child:
    """A running child; what it prints goes to a file, so that it never waits for a reader."""

    def __init__(self, command: list[str], cores: set[int] | None = None) -> None:
        self.command = command
        self.began = time.monotonic()
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 (closed by wait)
        self.process = subprocess.Popen(command, stdout=self._output, stderr=subprocess.STDOUT)
        if cores is not None:
            pin(self.process.pid, cores)

    def wait(self) -> Cost:
        """Wait for the end, whatever it is."""
        _, status, used = os.wait4(self.process.pid, 0)
        wall = time.monotonic() - self.began
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self._output.seek(0)
        output = self._output.read().decode("utf-8", "replace")
        self._output.close()
        rss = used.ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1_000)
        return Cost(wall, used.ru_utime + used.ru_stime, rss, self.process.returncode, output)

    def finish(self) -> Cost:
        """Wait for the end; a child that failed ends the benchmark with what it said."""
        cost = self.wait()
        if cost.code not in (0, -signal.SIGINT, 130):
            raise SystemExit(f"{' '.join(self.command)}\nended with {cost.code}:\n{cost.output[-2000:]}")
        return cost

    @property
    def running(self) -> bool:
        """Whether it has not ended; leaves what it cost to :meth:`wait`."""
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def cpu(self) -> float:
        """CPU seconds used so far; 0 where the system does not tell (``/proc`` is Linux's)."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def send(self, number: int) -> None:
        os.kill(self.process.pid, number)


def crawl(folder: Path, *options: str, python: str = sys.executable) -> list[str]:
    """The command that crawls an archive without politeness."""
    return tinhuyen(folder, "crawl", "--delay", "0", *options, python=python)


def tinhuyen(folder: Path, *arguments: str, python: str = sys.executable) -> list[str]:
    """A command of the version that ``python`` has installed."""
    return [python, "-m", "crawler", "--archive", str(folder), *arguments]


@contextlib.contextmanager
def archive(bases: list[str], *, learn: bool = True, python: str = sys.executable) -> Iterator[Path]:
    """An archive with one portal for each base address; removed at the end. ``learn``: whether its crawls learn themes."""
    with tempfile.TemporaryDirectory(prefix="tinhuyen-benchmark-") as path:
        folder = Path(path) / "archive"
        subprocess.run(tinhuyen(folder, "init", python=python), check=True, stdout=subprocess.DEVNULL)
        if not learn:
            config = folder / "tinhuyen.toml"
            config.write_text("learn = false\n" + config.read_text("utf-8"), "utf-8")
        with (folder / "tinhuyen.toml").open("a", encoding="utf-8") as config:
            for nth, base in enumerate(bases):
                config.write(f'\n[portals.p{nth:03d}]\nurl = "{base}/"\nallow_private = true\n')
        yield folder


def stored(folder: Path) -> int:
    """How many articles an archive holds."""
    return query(folder / "archive.db", "SELECT count(*) FROM article")[0][0]


def query(database: Path, sql: str) -> list[tuple]:
    """The rows of a query that only reads."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()
