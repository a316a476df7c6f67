"""Running the crawler and its server as child processes, and what that cost. Seconds are CPU seconds, sizes megabytes."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PORT = 8765


@dataclass
class Cost:
    """What a child cost: wall and CPU seconds, largest resident set in megabytes."""

    wall: float
    cpu: float
    rss: float


@contextlib.contextmanager
def site(*options: str) -> Iterator[None]:
    """The site's server while the block runs."""
    server = subprocess.Popen(
        [sys.executable, str(HERE / "portal_site.py"), "--port", str(PORT), *options], stdout=subprocess.PIPE
    )
    try:
        assert server.stdout is not None and server.stdout.readline()
        yield
    finally:
        server.kill()
        server.wait()


def timed(command: list[str], *, core: int | None = 0) -> Cost:
    """Run a command on one core and wait for it; its output goes nowhere, a failure is told."""
    began = time.monotonic()
    child = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=None if core is None else lambda: pin(core),
    )
    assert child.stderr is not None
    complaint = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed: {complaint.decode()[-500:]}")
    return Cost(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def pin(core: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def tinhuyen(folder: Path | str, *args: str) -> list[str]:
    return [sys.executable, "-m", "crawler", "--archive", str(folder), *args]


@contextlib.contextmanager
def archive(bases: list[str], delay: float | None = None) -> Iterator[Path]:
    """An archive with a portal for each base address; removed at the end."""
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path) / "kho"
        subprocess.run(tinhuyen(folder, "init"), check=True, stdout=subprocess.DEVNULL)
        text = (folder / "tinhuyen.toml").read_text(encoding="utf-8")
        if delay is not None:
            text = text.replace("delay = 1.0", f"delay = {delay}")
        for nth, base in enumerate(bases):
            text += f'\n[portals.p{nth}]\nurl = "{base}/"\nallow_private = true\n'
        (folder / "tinhuyen.toml").write_text(text, encoding="utf-8")
        yield folder


def verdict(name: str, value: float, bar: float, *, at_least: bool) -> bool:
    """Print one bar and whether it holds."""
    held = value >= bar if at_least else value <= bar
    print(f"{'ok    ' if held else 'MISSED'}  {name}: {value:.2f} ({'>=' if at_least else '<='} {bar:g})")
    return held
