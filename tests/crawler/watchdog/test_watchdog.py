"""The watchdog: what it lets pass, what it kills, and that it knows what was being read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from crawler.errors import BadAddress
from crawler.watchdog import watchdog
from crawler.watchdog.watchdog import Broken, Done, TooMuchWork, bounded, watched


def test_the_value_of_work_that_ends_comes_back():
    assert watched(lambda: {"articles": 3}) == Done({"articles": 3})


def test_an_error_of_the_work_is_raised_here():
    def work():
        raise BadAddress("http://x is no address")

    with pytest.raises(BadAddress, match="no address"):
        watched(work)


def test_an_error_that_cannot_be_pickled_still_says_what_it_was():
    class Local(Exception):
        pass

    def work():
        raise Local("from within")

    with pytest.raises(RuntimeError, match="Local: from within"):
        watched(work)


def test_c_code_that_holds_the_interpreter_is_killed_and_what_was_read_is_known():
    def work():
        watchdog.current.begin(b"page 7")
        unicodedata.normalize("NFC", "a" + "\u0315" * 200_000 + "\u0300" * 200_000)

    assert watched(work, reading_seconds=0.3) == Broken("cpu", b"page 7")


def test_waiting_is_no_work_and_beats_begin_the_count_anew():
    def work():
        for number in range(4):
            watchdog.current.begin(b"page %d" % number)
            spent = time.process_time() + 0.2
            while time.process_time() < spent:
                pass
            watchdog.current.end()
        return "all"

    assert watched(work, reading_seconds=0.5) == Done("all")


def test_too_much_memory_ends_the_child():
    def work():
        watchdog.current.begin(b"page 1")
        held = []
        while True:
            held.append(b"x" * 10_000_000)

    assert watched(work, memory_bytes=watchdog.resident_bytes(os.getpid()) + 200_000_000) == Broken("memory", b"page 1")


def test_a_child_that_dies_by_itself_is_told_with_its_signal():
    assert watched(lambda: os.kill(os.getpid(), signal.SIGKILL)) == Broken("signal", b"", signal.SIGKILL)


STUCK = """
import os, signal, sys, time, unicodedata
from crawler.watchdog import watchdog
def work():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as good as stuck in C: it comes too early otherwise
    print(os.getpid(), flush=True)
    {body}
watchdog.LAST_SECONDS = 0.3
print(watchdog.watched(work, other_seconds=60))
"""


def started(body: str) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [sys.executable, "-c", STUCK.format(body=body)], stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL
    )
    return process, int(process.stdout.readline())


def test_ctrl_c_ends_a_child_that_cannot_hear_it():
    process, _ = started('unicodedata.normalize("NFC", "a" + "\\u0315" * 900_000 + "\\u0300" * 900_000)')
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert "Broken(reason='cpu'" in out


def test_the_child_dies_with_a_watchdog_that_is_killed():
    process, child = started("time.sleep(600)")
    process.kill()
    process.wait()
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            break
        if state == "Z":
            break
    else:
        pytest.fail("the child goes on")


def test_a_command_whose_page_never_ends_says_so_in_one_line():
    def spin():
        while True:
            pass

    with pytest.raises(TooMuchWork, match=r"^a\.html: reading it took more than 0\.3 s of computing"):
        bounded(spin, "a.html", 0.3)
    assert bounded(lambda: 7, "a.html") == 7
