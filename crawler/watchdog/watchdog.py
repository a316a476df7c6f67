"""Watchdog: work done in a child process that is killed when one step of it takes too much CPU time or memory.

Pages are decoded, parsed and read by C code that holds the interpreter: no time limit within the process reaches it, nor
does Ctrl-C. A page made to be slow would stop every portal of a crawl. Here the process beside it counts: what was being
read when a limit was passed is known, and the caller leaves it out and goes on. As a kill at any moment loses nothing,
this costs nothing while all is well: a page moves two numbers in shared memory.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import pickle
import select
import signal
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Generic, TypeVar

from crawler.errors import FAILURES, UserError

READING_SECONDS = 4.0
"""CPU seconds for reading one page; the slowest real page seen takes 0.5."""
OTHER_SECONDS = 180.0
"""CPU seconds without a beat while no page is read: starting, or queries over a large ledger."""
COMMAND_SECONDS = 30.0
"""CPU seconds of a command that reads a page or a few."""
MEMORY_BYTES = 1_500_000_000
"""Resident memory of the child; a crawl takes 150 MB."""
LAST_SECONDS = 20.0
"""Seconds a child that was asked to end may take while it is stuck."""
LOOK_SECONDS = 0.2


class TooMuchWork(UserError):
    """Raised by `bounded` where reading what a command was given takes too long, or too much memory."""

    exit_code = FAILURES


_LAYOUT = struct.Struct("<QB64s")
_PR_SET_PDEATHSIG = 1
_DIED_WITH_IT = 3  # exit status of a child whose parent died before it could ask to be told

_ENDING = (signal.SIGINT, signal.SIGTERM)

T = TypeVar("T")


class Beat:
    """What the child tells the watchdog, in memory that both share: that it goes on, and what it reads just now."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, _LAYOUT.size)
        self._beats = 0
        self._key = b""

    def beat(self) -> None:
        """The child goes on."""
        self._beats += 1
        _LAYOUT.pack_into(self._shared, 0, self._beats, bool(self._key), self._key)

    def begin(self, key: bytes) -> None:
        """The child begins to read what has this key (64 bytes at most, no zero byte at its end)."""
        self._key = key
        self.beat()

    def end(self) -> None:
        """It has read it."""
        self._key = b""
        self.beat()

    def seen(self) -> tuple[int, bytes]:
        """For the watchdog: the number of beats, and the key of what is being read, empty for nothing."""
        beats, reading, key = _LAYOUT.unpack_from(self._shared, 0)
        return beats, key.rstrip(b"\0") if reading else b""


current: Beat | None = None
"""The beat of this process, where it is a watched child."""


@dataclass(slots=True)
class Done(Generic[T]):
    """The work ended by itself, with its value."""

    value: T


@dataclass(slots=True)
class Broken:
    """The child was killed: ``reason`` says why (``cpu``, ``memory``, ``signal``), ``key`` what it was reading, if anything."""

    reason: str
    key: bytes
    signal: int = signal.SIGKILL


def watched(
    work: Callable[[], T],
    *,
    reading_seconds: float = READING_SECONDS,
    other_seconds: float = OTHER_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> Done[T] | Broken:
    """Do the work in a child and answer what became of it; what it raises is raised here.

    SIGINT and SIGTERM go on to the child, which ends as it sees fit; one that is stuck is killed `LAST_SECONDS` later.
    The value and the exceptions must be picklable. Nothing of what the work changes in memory is seen here.
    """
    beat = Beat()
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    out, into = os.pipe()
    # until both know what to do with them: a Ctrl-C between the fork and its handler would leave the child alone
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    child = os.fork()
    if child == 0:
        os.close(out)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        _be_the_child(work, beat, into, parent)
    os.close(into)
    limits = (reading_seconds, other_seconds, memory_bytes)
    with _Forwarding(child) as forwarding:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        watch = _Watch(child, out, beat, limits, forwarding)
        try:
            return _outcome(*watch.until_it_ends(), beat)
        except BaseException:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            raise
        finally:
            os.close(out)


def bounded(work: Callable[[], T], what: str, seconds: float = COMMAND_SECONDS) -> T:
    """Do the work of a command that reads pages; raises `TooMuchWork`, which names ``what``, when it takes too much."""
    ended = watched(work, reading_seconds=seconds, other_seconds=seconds)
    if isinstance(ended, Broken):
        why = {"cpu": f"took more than {seconds:g} s of computing", "memory": "took too much memory"}
        raise TooMuchWork(f"{what}: reading it {why.get(ended.reason, 'ended the process')}; it is left unread")
    return ended.value


def _be_the_child(work: Callable[[], Any], beat: Beat, into: int, parent: int) -> None:
    global current
    status = 0
    try:
        os.setpgid(0, 0)  # a terminal's Ctrl-C comes once, by way of the watchdog
        _die_with_parent(parent)
        current = beat
        told: tuple[str, Any]
        try:
            told = ("value", work())
        except BaseException as error:
            told = ("error", error)
        sys.stdout.flush()
        sys.stderr.flush()
        with open(into, "wb") as pipe:
            pipe.write(_pickled(told))
    except BaseException:
        status = 1
    finally:
        os._exit(status)


def _die_with_parent(parent: int) -> None:
    """On Linux: who kills the watchdog with -9 ends the child too. Elsewhere it would go on to its end."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(_DIED_WITH_IT)


def _pickled(told: tuple[str, Any]) -> bytes:
    try:
        data = pickle.dumps(told)
        pickle.loads(data)
    except Exception:
        return pickle.dumps(("error", RuntimeError(f"{type(told[1]).__name__}: {told[1]}")))
    return data


def _outcome(data: bytes, status: int, killed: Broken | None, beat: Beat) -> Any:
    if killed is not None:
        return killed
    if os.WIFSIGNALED(status):
        return Broken("signal", beat.seen()[1], os.WTERMSIG(status))
    kind, value = pickle.loads(data) if data else ("error", RuntimeError("the child ended without a word"))
    if kind == "error":
        raise value
    return Done(value)


class _Forwarding:
    """SIGINT, SIGTERM and a terminal's Ctrl-Z on their way to the child, for as long as it is watched."""

    def __init__(self, child: int) -> None:
        self.child = child
        self.asked_at: float | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> _Forwarding:
        with suppress(ValueError):  # not in the main thread: whoever waits there handles signals
            for number in _ENDING:
                self._before[number] = signal.signal(number, self._forward)
            self._before[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, self._pause)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _forward(self, number: int, _: FrameType | None) -> None:
        self.asked_at = self.asked_at or time.monotonic()
        with suppress(ProcessLookupError):
            os.kill(self.child, number)

    def _pause(self, number: int, _: FrameType | None) -> None:
        """Stop with the child, and go on with it."""
        with suppress(ProcessLookupError):
            os.kill(self.child, signal.SIGSTOP)
            os.kill(os.getpid(), signal.SIGSTOP)
            os.kill(self.child, signal.SIGCONT)


class _Watch:
    """Looks at the child a few times a second until it has ended."""

    def __init__(
        self, child: int, out: int, beat: Beat, limits: tuple[float, float, int], forwarding: _Forwarding
    ) -> None:
        self.child, self.out, self.beat, self.forwarding = child, out, beat, forwarding
        self.reading_seconds, self.other_seconds, self.memory_bytes = limits
        self.beats = -1
        self.cpu_at_beat = 0.0
        self.beat_at = time.monotonic()
        self.killed: Broken | None = None

    def until_it_ends(self) -> tuple[bytes, int, Broken | None]:
        """What the child wrote, its status as of `os.waitpid`, and why it was killed, if it was."""
        pieces: list[bytes] = []
        is_open = True
        while True:
            ready, _, _ = select.select([self.out] if is_open else [], [], [], LOOK_SECONDS)
            if ready:
                piece = os.read(self.out, 1 << 16)
                pieces.append(piece)
                is_open = bool(piece)
            ended, status = os.waitpid(self.child, os.WNOHANG)
            if ended:
                while is_open and (piece := os.read(self.out, 1 << 16)):
                    pieces.append(piece)
                return b"".join(pieces), status, self.killed
            self._look()

    def _look(self) -> None:
        beats, key = self.beat.seen()
        now, cpu = time.monotonic(), cpu_seconds(self.child)
        if beats != self.beats:
            self.beats, self.cpu_at_beat, self.beat_at = beats, cpu, now
            if resident_bytes(self.child) > self.memory_bytes:
                self._kill(Broken("memory", key))
            return
        asked = self.forwarding.asked_at
        if (asked is not None and now - max(asked, self.beat_at) > LAST_SECONDS) or cpu - self.cpu_at_beat > (
            self.reading_seconds if key else self.other_seconds
        ):
            self._kill(Broken("cpu", key))
        elif resident_bytes(self.child) > self.memory_bytes:
            self._kill(Broken("memory", key))

    def _kill(self, why: Broken) -> None:
        self.killed = self.killed or why
        with suppress(ProcessLookupError):
            os.kill(self.child, signal.SIGKILL)


def cpu_seconds(process: int) -> float:
    """User and system time of a running process; where there is no ``/proc``, the time of day, which is stricter."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return time.monotonic()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(process: int) -> int:
    """Resident memory of a running process; 0 where there is no ``/proc``."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
