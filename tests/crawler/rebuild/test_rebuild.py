"""``archive.db`` made anew from the WARC files is the one that was there: after kills, learning, takedowns and replaced files."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys

import pytest

from crawler.ledger.processes import Worker
from tests.conftest import answer
from tests.crawler.conftest import PATHS
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.test_faults import article, links
from tests.crawler.learn import invented
from tests.crawler.learn.invented import Portal, pieces, plain

pytestmark = pytest.mark.slow


def state(tinhuyen):
    """All that leaves the archive as JSON lines."""
    return tinhuyen("export").stdout, tinhuyen("export", "--changes").stdout


def rebuilt_alike(tinhuyen, kho):
    """Rebuild beside the file that is there, and without it."""
    before = state(tinhuyen)
    assert tinhuyen("verify").returncode == 0
    checked = tinhuyen("rebuild", "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "identical to archive.db" in checked.stdout
    for path in kho.glob("archive.db*"):
        path.unlink()
    built = tinhuyen("rebuild", "-j", "1")
    assert built.returncode == 0 and "it was built" in built.stdout, built.stdout + built.stderr
    assert state(tinhuyen) == before
    verified = tinhuyen("verify")
    assert verified.returncode == 0, verified.stdout
    assert not [path.name for path in kho.iterdir() if "rebuil" in path.name or "records" in path.name]


def test_an_archive_whose_crawl_was_killed_five_times(tinhuyen, tmp_path, kho):
    points = random.Random(5)
    with farm(2) as hosts:
        tinhuyen("init")
        for host in hosts:
            host.routes = {"/": answer(links(*PATHS))}
            host.routes |= {path: answer(article(f"Bài {host.address} {path}")) for path in PATHS}
            assert tinhuyen("add", host.base, "--allow-private").returncode == 0
        for _ in range(5):
            kill_crawl(hosts, points.randrange(3, 14), tmp_path)
        for host in hosts:
            host.before = None
        assert tinhuyen("crawl", "--delay", "0").returncode == 0
        for host in hosts:
            host.routes |= {path: answer(article(f"Bài mới {path}")) for path in PATHS[:5]}
        kill_crawl(hosts, 9, tmp_path, "--full")
        assert len(tinhuyen("export").stdout.splitlines()) == 80
    rebuilt_alike(tinhuyen, kho)


def kill_crawl(hosts, request, tmp_path, *more):
    command = [sys.executable, "-m", "crawler", "--archive", str(tmp_path / "kho"), "crawl", "--delay", "0", *more]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path)
    goal = sum(len(host.log) for host in hosts) + request

    def before(path):
        if sum(len(host.log) for host in hosts) >= goal and child.poll() is None:
            os.kill(child.pid, signal.SIGKILL)

    for host in hosts:
        host.before = before
    assert child.wait(60) == -signal.SIGKILL


def test_versions_looks_and_replaced_files(watched, tinhuyen, kho):
    conn = sqlite3.connect(kho / "archive.db")
    counts = [conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("revision", "observation", "file_revision")]  # fmt: skip
    assert min(counts) >= 1, counts
    conn.close()
    rebuilt_alike(tinhuyen, kho)


def test_takedowns_and_what_crawls_brought_meanwhile(watched, tinhuyen, kho):
    conn = sqlite3.connect(kho / "archive.db")
    first, second = [str(row[0]) for row in conn.execute("SELECT id FROM article ORDER BY id LIMIT 2")]
    conn.close()
    for identifier in (first, second):
        assert tinhuyen("takedown", identifier, "--reason", "Theo lệnh").returncode == 0
    tinhuyen("crawl", "--full", "--delay", "0")
    assert tinhuyen("takedown", second, "--undo").returncode == 0
    rebuilt_alike(tinhuyen, kho)
    assert tinhuyen("takedown", first, "--undo").returncode == 0
    assert first in tinhuyen("export").stdout


def test_what_was_learnt_is_read_by_the_themes_of_its_time(loopback, tinhuyen, kho, monkeypatch):
    monkeypatch.setattr(invented, "HOST", loopback.base)
    portal = Portal(pieces(14), plain, address=lambda piece: f"{loopback.base}/tin/{piece.slug}-{piece.number}.html")
    loopback.routes = {page.url.removeprefix(loopback.base): answer(page.body) for page in portal.pages()}
    assert tinhuyen("init").returncode == 0
    settings = kho / "tinhuyen.toml"
    settings.write_text(settings.read_text("utf-8").removeprefix("learn = false\n"), "utf-8")
    assert tinhuyen("add", loopback.base, "--allow-private").returncode == 0
    tinhuyen("crawl", "--delay", "0")
    [path] = (kho / "themes").glob("*.toml")
    path.write_text(
        path.read_text("utf-8").replace('body = ["', 'drop = [["p:first-child", "other"]]\nbody = ["'), "utf-8"
    )
    assert tinhuyen("reread", path.stem).returncode == 0
    path.unlink()  # what was learnt since, or forgotten, changes nothing of what was read then
    rebuilt_alike(tinhuyen, kho)


def test_what_differs_is_told_and_the_old_file_stays_until_it_is_to_be_replaced(watched, tinhuyen, kho):
    before = state(tinhuyen)
    with sqlite3.connect(kho / "archive.db") as conn:
        conn.execute("UPDATE article SET author = 'Ai đó' WHERE id = (SELECT min(id) FROM article)")
    conn.close()
    told = tinhuyen("rebuild")
    assert told.returncode == 5 and "article: author differs in 1" in told.stdout and "stays as it is" in told.stdout
    assert "was Ai đó" in told.stdout
    assert state(tinhuyen) != before
    assert tinhuyen("rebuild", "--replace").returncode == 5
    assert state(tinhuyen) == before
    assert tinhuyen("rebuild").returncode == 0


def test_captures_of_a_lost_file_are_named(watched, tinhuyen, kho):
    redo = "SELECT file FROM capture WHERE kind = 'file' LIMIT 1"
    conn = sqlite3.connect(kho / "archive.db")
    [name] = conn.execute(redo).fetchone()
    whole = (kho / "warc" / name).read_bytes()
    at = conn.execute("SELECT offset, length FROM capture WHERE kind = 'file' AND file = ?", (name,)).fetchone()
    conn.close()
    (kho / "warc" / name).write_bytes(whole[: at[0]] + whole[at[0] + at[1] :])
    told = tinhuyen("rebuild", "--check")
    assert told.returncode == 5 and "lost      1 capture" in told.stdout, told.stdout


KILLED_AT = """
import os, signal, sys
from crawler.rebuild import rebuilding
from crawler.__main__ import main
def killed(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
{patch}
sys.argv = ["tinhuyen", "--archive", {kho!r}, "rebuild", "--replace"]
main()
"""


THOROUGH = {"marks": pytest.mark.thorough}


@pytest.mark.parametrize(
    "patch",
    [
        pytest.param("rebuilding._scan = killed", id="index", **THOROUGH),
        pytest.param(
            "rebuilding.Replay._suspend = rebuilding.Replay._again = rebuilding.Replay._article = killed", id="replay"
        ),
        pytest.param("rebuilding._unaccounted = killed", id="count", **THOROUGH),
        pytest.param("rebuilding.compare = killed", id="comparison", **THOROUGH),
        pytest.param("rebuilding._place = killed", id="place", **THOROUGH),
        pytest.param("import pathlib; pathlib.Path.replace = killed", id="before the rename", **THOROUGH),
        pytest.param(
            "old = rebuilding.Path.replace\ndef after(*a):\n    old(*a); killed()\nimport pathlib; pathlib.Path.replace = after",
            id="after the rename",
        ),
    ],
)
def test_killed_at_any_point_the_old_file_is_whole_and_the_same_command_goes_on(watched, tinhuyen, kho, patch):
    before = state(tinhuyen)
    done = subprocess.run([sys.executable, "-c", KILLED_AT.format(patch=patch, kho=str(kho))], check=False)
    assert done.returncode == -signal.SIGKILL
    assert state(tinhuyen) == before
    again = tinhuyen("rebuild")
    assert again.returncode == 0 and "identical" in again.stdout, again.stdout + again.stderr
    assert state(tinhuyen) == before
    assert not list(kho.glob("archive.db.re*")) and not (kho / ".rebuilding").exists()


def test_while_a_crawl_runs_nothing_is_rebuilt(tinhuyen, kho):
    tinhuyen("init")
    with Worker(kho / ".workers"):
        told = tinhuyen("rebuild")
    assert told.returncode == 2 and "is running" in told.stderr


def test_without_a_warc_file_there_is_nothing_to_rebuild_from(tinhuyen):
    tinhuyen("init")
    told = tinhuyen("rebuild")
    assert told.returncode == 2 and "holds no WARC file" in told.stderr and "Traceback" not in told.stderr
