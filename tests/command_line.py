"""The command line as tests run it: each command in a process of its own, forked from one that has imported it already.

A start of Python with all that a crawl imports takes 0.9 s of computing and the suite has hundreds; a fork takes 0.03. What a
user starts is the same ``main``. Tests of the start itself (interrupts, shadowed packages, services) start Python anew.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["tests.imported"])


def run_command(
    *args: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run ``tinhuyen ARGS`` to its end; what it wrote is read as UTF-8. Raises ``subprocess.TimeoutExpired`` and kills it."""
    command = ["tinhuyen", *map(str, args)]
    with tempfile.TemporaryDirectory() as written:
        out, err = Path(written, "out"), Path(written, "err")
        told = (command, str(cwd or Path.cwd()), dict(os.environ if env is None else env), str(out), str(err))
        process = SERVER.Process(target=_become, args=told)
        process.start()
        process.join(timeout)
        if process.is_alive():
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(command, timeout, out.read_bytes(), err.read_bytes())
        code = process.exitcode
        process.close()
        assert code is not None, "it has ended"
        return subprocess.CompletedProcess(command, code, out.read_text("utf-8"), err.read_text("utf-8"))


def _become(command: list[str], cwd: str, env: dict[str, str], out: str, err: str) -> None:
    """Be the command in a process that was just forked."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    for path, number in ((os.devnull, 0), (out, 1), (err, 2)):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = command
    from crawler.__main__ import main

    try:
        main()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
