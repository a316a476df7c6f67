"""A disk that is truly full: a small file system of its own holds the archive, and SQLite and the WARC writer meet its end."""

from __future__ import annotations

import gzip
import json
import os
import random
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from tests.conftest import answer
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.test_faults import article, links

pytestmark = pytest.mark.slow

PATHS = [f"/tin/bai-viet-{n}.html" for n in range(60)]
FILE_BYTES = 200_000


class Disk:
    """A file system in memory, mounted where the archive lies."""

    def __init__(self, path: Path, megabytes: float) -> None:
        self.path = path
        path.mkdir()
        done = self._mount(f"size={megabytes * 1e6:.0f}")
        if done.returncode:
            pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")

    def resize(self, megabytes: float) -> None:
        assert self._mount(f"remount,size={megabytes * 1e6:.0f}").returncode == 0

    def fill(self, leave: int) -> Path:
        """Take up all but ``leave`` bytes, as another program would; answers the file that does."""
        filler = self.path / "cua-nguoi-khac"
        with filler.open("wb", buffering=0) as out:
            stat = os.statvfs(self.path)
            out.write(b"\0" * max(stat.f_bavail * stat.f_frsize - leave, 0))
        return filler

    def unmount(self) -> None:
        subprocess.run(["umount", str(self.path)], check=True)

    def _mount(self, options: str) -> subprocess.CompletedProcess[str]:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.path)]
        try:
            return subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            return subprocess.CompletedProcess(command, 1, "", "no mount command")


@pytest.fixture
def disk(tmp_path):
    disk = Disk(tmp_path / "kho", 200)
    yield disk
    disk.unmount()


@pytest.fixture
def host(disk, tinhuyen, tmp_path):
    """A portal whose articles have a file each, more than the disk takes."""
    noise = random.Random(1)
    with farm(1) as (host,):
        host.routes = {"/": answer(links(*PATHS)), "/robots.txt": answer("", kind="text/plain")}
        for n, path in enumerate(PATHS):
            body = article(f"Bài {path}").replace(b"</article>", f'<a href="/tep/{n}.pdf">Tệp</a></article>'.encode())
            host.routes |= {path: answer(body)}
            host.routes |= {f"/tep/{n}.pdf": answer(noise.randbytes(FILE_BYTES), kind="application/pdf")}
        tinhuyen("init")
        assert tinhuyen("add", host.base, "--allow-private").returncode == 0
        config = tmp_path / "kho" / "tinhuyen.toml"
        config.write_text(config.read_text().replace("min_free_mb = 200", "min_free_mb = 0"))
        yield host


def is_whole(folder: Path) -> None:
    """Nothing is broken: both databases pass SQLite's check, every closed WARC file is readable to its end."""
    for name in ("archive.db", "crawl.db"):
        with closing(sqlite3.connect(folder / name)) as conn:
            assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for path in (folder / "warc").glob("*.warc.gz"):
        with gzip.open(path) as stream:
            assert stream.read(10) == b"WARC/1.1\r\n"
            while stream.read(1 << 20):
                pass
        with path.open("rb") as stream:
            assert sum(1 for _ in ArchiveIterator(stream, parse_http=False)) > 0
    with closing(sqlite3.connect(folder / "archive.db")) as conn:
        ends = conn.execute("SELECT file, max(offset + length) FROM capture GROUP BY file").fetchall()
    for file, end in ends:
        path = next(path for path in (folder / "warc" / file, folder / "warc" / f"{file}.open") if path.exists())
        assert end <= path.stat().st_size


def verdicts(folder: Path) -> list[tuple]:
    with closing(sqlite3.connect(folder / "crawl.db")) as conn:
        return conn.execute("SELECT verdict, why FROM portal_run ORDER BY run").fetchall()


def got_everything(tinhuyen, host, folder: Path, twice: int) -> None:
    rows = [json.loads(line) for line in tinhuyen("export").stdout.splitlines()]
    assert len(rows) == len(PATHS) == sum(bool(row["attachments"][0]["sha256"]) for row in rows)
    with closing(sqlite3.connect(folder / "crawl.db")) as conn:
        left = conn.execute("SELECT count(*) FROM page WHERE state IN ('new', 'leased', 'failed')").fetchone()
    assert left == (0,)
    asked = [path for path, _, _ in host.log if path.startswith("/ti") or path.startswith("/tep")]
    assert len(asked) - len(set(asked)) <= twice


@pytest.mark.parametrize("megabytes", [4.2, 6, 9.5])
def test_a_disk_that_fills_in_mid_crawl_ends_it_with_one_line_and_the_same_command_goes_on(
    disk, host, tinhuyen, tmp_path, megabytes
):
    disk.resize(megabytes)
    done = tinhuyen("crawl", "--delay", "0")
    assert done.returncode == 4, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr and "problem" not in done.stdout
    assert next(line for line in done.stdout.splitlines() if line.startswith("stopped")).count("free some space") == 1
    is_whole(tmp_path / "kho")
    (name, why), *_ = verdicts(tmp_path / "kho")
    assert (name, "the disk is full" in why) == ("disk full", True)
    again = tinhuyen("crawl", "--delay", "0")  # still full
    assert again.returncode == 4 and len(again.stderr.strip().splitlines()) <= 1
    is_whole(tmp_path / "kho")
    disk.resize(200)
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    is_whole(tmp_path / "kho")
    got_everything(tinhuyen, host, tmp_path / "kho", twice=3)


@pytest.mark.parametrize("left", [0, 1_000_000, 2_100_000])
def test_a_disk_that_is_full_at_the_start_is_one_line(disk, host, tinhuyen, tmp_path, left):
    filler = disk.fill(left)
    done = tinhuyen("crawl", "--delay", "0")
    assert done.returncode == 4, done.stdout + done.stderr
    told = (done.stdout + done.stderr).splitlines()
    assert sum("disk is full" in line for line in told if not line.startswith(("verdict", "host"))) == 1, told
    assert "Traceback" not in done.stdout + done.stderr and "problem" not in done.stdout
    filler.unlink()
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    is_whole(tmp_path / "kho")
    got_everything(tinhuyen, host, tmp_path / "kho", twice=3)
