"""Ctrl-C from the first moment: it ends ``tinhuyen`` with one line and exit code 130, also while modules still load.

It imports nothing but what Python has loaded anyway, so that the moment without this promise is as short as can be.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

INTERRUPTED = 130


def watch_for_interrupts() -> None:
    """Have Ctrl-C end the command with one line while modules load."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # a job in the background of a script ignores it
        signal.signal(signal.SIGINT, end_at_once)
    if _serves():
        signal.signal(signal.SIGTERM, end_at_once)


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
