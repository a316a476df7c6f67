"""The entry point of ``tinhuyen``: Ctrl-C ends it with one line and exit code 130 from here on, also while it still loads.

It imports nothing but what Python has loaded anyway, so that the moment without this promise is as short as can be.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

INTERRUPTED = 130


def main() -> None:
    """Run the command line."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # a job in the background of a script ignores it
        signal.signal(signal.SIGINT, end_at_once)
    if _serves():
        signal.signal(signal.SIGTERM, end_at_once)
    from archive.text.plain_output import guard_output
    from crawler.cli import main as command

    guard_output()
    command(prog_name="tinhuyen")


def end_at_once(signum: int, frame: FrameType | None) -> None:
    """End while modules are loading: there is nothing to lose, and an exception could be swallowed by any of them."""
    if _serves():  # it is stopped that way, whenever
        os.write(1, b"Stopped.\n")
        os._exit(0)
    os.write(2, b"tinhuyen: interrupted\n")
    os._exit(INTERRUPTED)


def _serves() -> bool:
    return "serve" in sys.argv[1:]


def work_begins() -> None:
    """From here on Ctrl-C raises `KeyboardInterrupt` as ever, so that work in hand is ended in order."""
    if signal.getsignal(signal.SIGINT) is end_at_once and not _serves():
        signal.signal(signal.SIGINT, signal.default_int_handler)
