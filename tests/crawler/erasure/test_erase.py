"""``erase``: nothing of the text is left in the folder, the proofs of all else hold, and a kill leaves no half of it."""

from __future__ import annotations

import gzip
import json
import signal
import sqlite3
import subprocess
import sys

import pytest

from archive.proof.log import Log
from tests.conftest import answer
from tests.crawler.crawl.test_faults import article, links

pytestmark = pytest.mark.slow

WORD = "Nguyễn Thị Xoan khai rằng bà đã ký giấy nhận nợ"
BAD = "/tin/bai-can-xoa.html"


@pytest.fixture
def archive(loopback, tinhuyen, kho):
    """A portal with one article to be erased: with a version of its own, an attachment, and a teaser in the list."""
    page = article("Vụ án ở xã").replace(
        b"<div class='body'>", f"<div class='body'><p>{WORD}, theo hồ sơ số 15 của xã.</p>".encode()
    )
    attached = page.replace(
        b"</article>", b'<p><a href="/files/ho-so.pdf">T\xe1\xba\xa3i v\xe1\xbb\x81</a></p></article>'
    )
    listed = links(BAD, "/tin/khac-1.html", "/tin/khac-2.html").replace(
        "</ul>", f"</ul><p>{WORD}, theo hồ sơ số 15 …</p>"
    )
    loopback.routes = {"/": answer(listed), BAD: answer(attached), "/tin/khac-1.html": answer(article("Bài khác"))}
    loopback.routes |= {"/tin/khac-2.html": answer(article("Bài khác nữa"))}
    loopback.routes["/files/ho-so.pdf"] = answer(b"%PDF-1.4 " + WORD.encode() + b"x" * 300, kind="application/pdf")
    assert tinhuyen("init").returncode == 0
    assert tinhuyen("add", loopback.base, "--allow-private").returncode == 0
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    loopback.routes[BAD] = answer(attached.replace("hồ sơ số 15".encode(), "hồ sơ số 16".encode()))
    assert tinhuyen("crawl", "--full", "--delay", "0").returncode == 0
    rows = [json.loads(line) for line in tinhuyen("export").stdout.splitlines()]
    return str(next(row["id"] for row in rows if row["url"].endswith(BAD)))


def left(kho, words=("Xoan khai", "giấy nhận nợ", "oan_khai")):
    """Files of the folder in which the words stand, compressed or not."""
    found = []
    for path in sorted(kho.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            data += gzip.decompress(data) if ".warc.gz" in path.name else b""
            found += [path.name for word in words if word.encode() in data]
    return found


def others(tinhuyen):
    rows = map(json.loads, tinhuyen("export").stdout.splitlines())
    drop = ("capture",)  # positions follow the file
    return [
        {name: value for name, value in row.items() if name not in drop} for row in rows if not row["url"].endswith(BAD)
    ]


def erased(tinhuyen, kho, identifier, before):
    assert left(kho) == []
    assert others(tinhuyen) == before
    for how in ([], ["--log"]):
        verified = tinhuyen("verify", *how)
        assert verified.returncode == 0, verified.stdout
    told = tinhuyen("evidence", identifier, "-o", str(kho.parent / "x.zip"))
    assert told.returncode == 2 and "was erased on" in told.stderr
    assert not list(kho.glob("**/*.erasing")) and not (kho / ".erasing").exists()


def test_nothing_of_the_text_is_left_and_all_else_holds(archive, tinhuyen, kho, loopback):
    before, leaves = others(tinhuyen), list(Log(kho).leaves())
    assert left(kho)
    assert left(kho, ["oan_khai"]) == ["archive.db"]  # the pairs of syllables that searches look into
    done = tinhuyen("erase", archive, "--reason", "Theo bản án", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    erased(tinhuyen, kho, archive, before)
    assert list(Log(kho).leaves())[: len(leaves)] == leaves
    [note] = [json.loads(line) for _, line in Log(kho).notes() if b'"erased"' in line]
    assert len(note["erased"]) >= 4 and note["reason"] == "Theo bản án" and note["digests"]
    rows = [json.loads(line) for line in tinhuyen("export").stdout.splitlines()]
    for row in rows:  # positions are those of the file written anew
        pack = tinhuyen("evidence", str(row["id"]), "-o", str(kho.parent / f"{row['id']}.zip"))
        assert pack.returncode == 0, pack.stderr
    again = tinhuyen("erase", archive, "--reason", "x", "--yes")
    assert again.returncode == 2 and "was erased before" in again.stderr
    undone = tinhuyen("takedown", archive, "--undo")
    assert undone.returncode == 2 and "was erased on" in undone.stderr


def test_a_crawl_does_not_ask_for_it_again(archive, tinhuyen, loopback):
    assert tinhuyen("erase", archive, "--reason", "Theo bản án", "--yes").returncode == 0
    asked = sum(one.path == BAD for one in loopback.seen)
    tinhuyen("crawl", "--full", "--delay", "0")
    assert sum(one.path == BAD for one in loopback.seen) == asked
    assert "was erased from this archive" in tinhuyen("why", f"{loopback.base}{BAD}").stdout


def test_a_rebuild_knows_of_the_erasure(archive, tinhuyen, kho):
    assert tinhuyen("erase", archive, "--reason", "Theo bản án", "--yes").returncode == 0
    before = tinhuyen("export").stdout, tinhuyen("export", "--changes").stdout
    checked = tinhuyen("rebuild", "--check")
    assert checked.returncode == 0, checked.stdout
    for path in kho.glob("archive.db*"):
        path.unlink()
    assert tinhuyen("rebuild").returncode == 0
    assert (tinhuyen("export").stdout, tinhuyen("export", "--changes").stdout) == before


@pytest.mark.thorough
def test_one_that_was_taken_down_before_is_erased_as_well(archive, tinhuyen, kho):
    before = others(tinhuyen)
    assert tinhuyen("takedown", archive, "--reason", "Theo lệnh").returncode == 0
    assert tinhuyen("erase", archive, "--reason", "Theo bản án", "--yes").returncode == 0
    erased(tinhuyen, kho, archive, before)


@pytest.mark.thorough
def test_its_files_and_the_lists_that_tell_of_it_are_kept_where_that_is_asked(archive, tinhuyen, kho):
    done = tinhuyen("erase", archive, "--reason", "Theo bản án", "--yes", "--keep-files", "--keep-lists")
    assert done.returncode == 1 and "other capture" in done.stdout
    assert set(left(kho)) and all(".warc.gz" in name for name in left(kho))


def test_without_somebody_to_ask_it_wants_to_be_told_so(archive, tinhuyen):
    told = tinhuyen("erase", archive, "--reason", "Theo bản án")
    assert told.returncode == 2 and "--yes" in told.stderr


KILLED_AT = """
import os, signal, sys
from crawler.erasure import erasing
from crawler.commands import erase
def killed(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
def after(function):
    def call(*args, **kwargs):
        function(*args, **kwargs); killed()
    return call
{patch}
sys.argv = ["tinhuyen", "--archive", {kho!r}, "erase", {article!r}, "--reason", "Theo bản án", "--yes"]
from crawler.__main__ import main
main()
"""


THOROUGH = {"marks": pytest.mark.thorough}


@pytest.mark.parametrize(
    "patch",
    [
        pytest.param("erasing._find = killed", id="planning", **THOROUGH),
        pytest.param("erase.carry_out = killed", id="planned", **THOROUGH),
        pytest.param("erasing._rewrite = killed", id="noted"),
        pytest.param("erasing.rewrite.without = after(erasing.rewrite.without)", id="renamed", **THOROUGH),
        pytest.param("erasing._follow = after(erasing._follow)", id="positions", **THOROUGH),
        pytest.param("erasing.erasure.erase = killed", id="written anew", **THOROUGH),
        pytest.param("erasing.erasure.erase = after(erasing.erasure.erase)", id="tombstone"),
        pytest.param("erasing._forget = after(erasing._forget)", id="ledger", **THOROUGH),
        pytest.param("erasing.erasure.scrub = after(erasing.erasure.scrub)", id="one vacuumed", **THOROUGH),
    ],
)
def test_killed_at_any_point_the_same_command_goes_on(archive, tinhuyen, kho, patch):
    before = others(tinhuyen)
    code = KILLED_AT.format(patch=patch, kho=str(kho), article=archive)
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    assert others(tinhuyen) is not None
    again = tinhuyen("erase", archive, "--reason", "Theo bản án", "--yes")
    assert again.returncode == 0, again.stdout + again.stderr
    erased(tinhuyen, kho, archive, before)


def test_the_site_and_the_public_file_say_that_it_was_erased(archive, tinhuyen, kho):
    assert tinhuyen("erase", archive, "--reason", "Theo bản án", "--yes").returncode == 0
    conn = sqlite3.connect(kho / "archive.db")
    assert conn.execute("SELECT reason, erased IS NOT NULL FROM suspended").fetchall() == [("Theo bản án", 1)]
    assert conn.execute("SELECT DISTINCT url FROM journal WHERE article = ?", (int(archive),)).fetchall() == [("",)]
