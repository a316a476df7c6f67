"""Ctrl-C: one line and 130 at any moment; of the site, "Stopped." and 0."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

LOADING = """
import os, signal, sys
from crawler.commands import interrupts
signal.signal(signal.SIGINT, interrupts.end_at_once)
os.kill(os.getpid(), signal.SIGINT)
"""
BEGINNING = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # where tests run in the background, it is ignored
from crawler.commands import interrupts
from crawler.crawl.one_crawl import Crawl
def interrupted(self):
    os.kill(os.getpid(), signal.SIGINT)
Crawl._begin = interrupted
from crawler.__main__ import main
main()
"""


def run(code, *args, cwd):
    command = [sys.executable, "-c", code, *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=cwd, check=False)


@pytest.mark.parametrize(
    ("args", "code", "out", "err"),
    [(["crawl"], 130, "", "tinhuyen: interrupted\n"), (["serve"], 0, "Stopped.\n", "")],
    ids=["crawl", "serve"],
)
def test_while_modules_load(tmp_path, args, code, out, err):
    done = run(LOADING, *args, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (code, out, err)


@pytest.mark.slow
def test_while_a_crawl_begins(tmp_path):
    run(
        "from crawler.__main__ import main; main()",
        "init",
        "kho",
        "--contact",
        "a@example.org",
        cwd=tmp_path,
    )
    with (tmp_path / "kho" / "tinhuyen.toml").open("a") as config:
        config.write('[portals.x]\nurl = "http://127.0.0.1:9/"\nallow_private = true\n')
    done = run(BEGINNING, "--archive", "kho", "crawl", cwd=tmp_path)
    assert done.returncode == 130 and done.stderr == "tinhuyen: interrupted\n"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_site_is_stopped_in_order(tmp_path, number):
    run("from crawler.__main__ import main; main()", "init", "kho", cwd=tmp_path)
    command = [sys.executable, "-m", "crawler", "--archive", "kho", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as site:  # fmt: skip
        assert site.stdout is not None and site.stdout.readline().startswith("http://127.0.0.1:")
        site.send_signal(number)
        out, err = site.communicate(timeout=60)
    assert (site.returncode, out, err) == (0, "Stopped.\n", "")
