"""Another package named ``archive`` before ours is said at the start, in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from crawler.__main__ import shadowed

PROGRAM = "import sys, crawler.__main__ as start; sys.path.insert(0, sys.argv.pop(1)); start.main()"


def test_ours_is_found():
    assert shadowed() is None


def test_a_package_of_the_name_that_hides_ours_is_named(tmp_path):
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "__init__.py").write_text("")
    # a finder of an editable installation comes after sys.path, as site-packages do
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), "--version"]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONSAFEPATH": ""}
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert f"another package named archive hides ours: {tmp_path / 'archive'}" in done.stderr
