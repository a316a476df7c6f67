"""A pack is made of what others captured, too, and says whose it is; no forgery of that passes."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile

import brotli
import pytest

from archive.proof import check_pack
from archive.proof.log import Log
from archive.proof.origins import import_notes
from archive.proof.signing import load_key
from archive.store import Store
from crawler.commands import import_
from tests.crawler.importing.foreign_files import HOST, article, http, page, record, wacz, warc_gz
from tests.crawler.importing.test_import import WHO, keep_own

URL = f"{HOST}/tin/bai-1.html"
LINE = {
    "url": URL,
    "title": "Xã Đông Giang họp",
    "text": "Sáng nay xã họp bàn việc đắp đê.\n\n" * 3,
    "time": "2019-05-06",
}


def _chunked(body):
    pieces = [body[at : at + 500] for at in range(0, len(body), 500)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _response(body, more):
    return record("response", URL, http(body, more=more))


def _revisit():
    digest = check_pack.digest_of(page(1))
    first = record("response", f"{HOST}/tin/bai-1.html?in=1", http(page(1)), WARC_Payload_Digest=digest)
    head = http(b"")
    return first + record(
        "revisit", URL, head, "2021-04-02",
        WARC_Payload_Digest=digest, WARC_Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    )  # fmt: skip


SOURCES = {
    "a WARC file": (lambda: warc_gz(article(1)), "page.html", page(1)),
    "a WACZ file": (lambda: wacz({"archive/a.warc.gz": warc_gz(article(1))}), "page.html", page(1)),
    "JSON lines": (lambda: json.dumps(LINE).encode() + b"\n", "page.txt", None),
    "a page without HTTP": (lambda: record("resource", URL, page(1)).replace(b"application/http; msgtype=resource", b"text/html"), "page.html", page(1)),
    "chunks as they came": (lambda: warc_gz(_response(_chunked(page(1)), "Transfer-Encoding: chunked\r\n")), "page.html", page(1)),
    "a coding that Python cannot undo": (lambda: warc_gz(_response(brotli.compress(page(1)), "Content-Encoding: br\r\n")), "page.bin", brotli.compress(page(1))),
    "a revisit": (_revisit, "page.html", page(1)),
}  # fmt: skip


def _pack(kho, tmp_path, *options):
    """The evidence of the one article, and the folder it was unpacked into."""
    identifier = min(kho.articles.values(), key=lambda one: one["canonical_url"])["id"]
    done = kho.run("evidence", identifier, "-o", tmp_path / "x.zip", *options)
    assert done.exit_code == 0, done.output
    folder = tmp_path / "bare"
    with zipfile.ZipFile(tmp_path / "x.zip") as packed:
        packed.extractall(folder)
    return folder, done.output


def _check(place, *arguments):
    command = [sys.executable, "-I", "-S", "check.py", *map(str, arguments)]
    return subprocess.run(
        command, cwd=place, capture_output=True, text=True, env={"PATH": "", "LANG": "C"}, check=False
    )


@pytest.mark.parametrize("name", SOURCES)
def test_what_others_captured_is_packed_and_said_to_be_theirs(kho, tmp_path, name):
    data, file, content = SOURCES[name]
    kho.take("cu.tep", data(), "--through", WHO)
    folder, said = _pack(kho, tmp_path)
    done = _check(folder)
    assert done.returncode == 0 and "ALL HOLDS" in done.stdout, done.stdout + done.stderr
    sha256 = hashlib.sha256((kho.scratch / "cu.tep").read_bytes()).hexdigest()
    assert f"made by {WHO}, in the file cu.tep (SHA-256 {sha256}), as the log notes" in done.stdout
    assert "recorded by others 20" in done.stdout and f"captured by {WHO}, not by this archive" in said
    assert (folder / file).read_bytes() == (content or (folder / file).read_bytes())
    assert "Đông Giang" in (folder / "text.txt").read_text("utf-8")


def test_a_version_seen_through_others_is_theirs_and_the_own_one_is_not(kho, tmp_path):
    keep_own(kho, 1, "2026-05-01", "Nay.")
    kho.take("cu.warc.gz", warc_gz(article(1, more="Xưa.")), "--through", WHO)
    folder, _ = _pack(kho, tmp_path, "--version", "1")
    assert "NOT ITS OWN" in _check(folder).stdout
    (tmp_path / "x.zip").unlink()
    own, said = _pack(kho, tmp_path, "--version", "2")
    done = _check(own, tmp_path / "x.zip")
    assert done.returncode == 0 and "NOT ITS OWN" not in done.stdout and "not by this archive" not in said


@pytest.mark.slow
def test_as_wacz_it_is_valid_and_says_the_same(kho, tmp_path):
    kho.take("cu.jsonl", json.dumps(LINE).encode() + b"\n", "--through", WHO)
    identifier = next(iter(kho.articles.values()))["id"]
    assert kho.run("evidence", identifier, "--wacz", "-o", tmp_path / "x.wacz").exit_code == 0
    command = [sys.executable, "-c", "import sys; from wacz.main import main; sys.exit(main())", "validate", "-f"]
    done = subprocess.run([*command, str(tmp_path / "x.wacz")], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "is valid" in done.stdout, done.stdout + done.stderr
    assert check_pack.main([str(tmp_path / "x.wacz")]) == 0


FORGERIES = {
    "through somebody else": lambda told: told.update(through="Sở Tư pháp"),
    "from another file": lambda told: told.update(sha256="0" * 64),
    "with another note": lambda told: told.update(entry=told["entry"].replace(json.dumps(WHO)[1:-1], "So Tu phap"), through="So Tu phap"),
    "of another place": lambda told: told.update(index=0),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_who_captured_it_cannot_be_changed_even_by_who_holds_the_key(kho, tmp_path, name):
    kho.take("cu.warc.gz", warc_gz(article(1)), "--through", WHO)
    folder, _ = _pack(kho, tmp_path)
    manifest = json.loads((folder / "evidence.json").read_bytes())
    FORGERIES[name](manifest["captures"][0]["imported"])
    data = json.dumps(manifest, ensure_ascii=False).encode()
    (folder / "evidence.json").write_bytes(data)
    key = load_key(kho.folder.path / "proof.key")
    (folder / "evidence.sig").write_bytes(key.sign(check_pack.PREFIX + data).hex().encode())
    done = _check(folder)
    assert done.returncode == 1 and done.stdout.startswith("CHANGED"), done.stdout + done.stderr


def test_what_is_not_held_is_a_line_and_no_damage(kho, tmp_path):
    kho.take("cu.warc.gz", warc_gz(article(1)))
    done = kho.run("evidence", URL, "--version", "7", "-o", tmp_path / "x.zip")
    assert done.exit_code == 2 and "there is no version 7" in done.output and not (tmp_path / "x.zip").exists()


def test_an_import_that_was_killed_before_its_note_has_it_from_the_next(kho, monkeypatch):
    data = warc_gz(article(1))
    with monkeypatch.context() as killed:
        killed.setattr(import_, "_seal", lambda *_: None)
        kho.take("cu.warc.gz", data, "--through", WHO)
    log = Log(kho.folder.path)
    assert not import_notes(log)
    kho.take("cu.warc.gz", data)
    (note,) = map(json.loads, import_notes(log).values())
    assert note["through"] == WHO and kho.is_well()


ROWS = (
    "DELETE FROM import_file",
    "UPDATE import_file SET through = 'x'",
    "UPDATE import_file SET sha256 = 'ab'",
    "UPDATE import_file SET source = 'x'",
)


@pytest.mark.parametrize("sql", ROWS)
def test_whose_captures_are_is_held_against_the_log(kho, sql):
    kho.take("cu.warc.gz", warc_gz(article(1)), "--through", WHO)
    assert kho.is_well()
    with Store.open(kho.folder.database) as store:
        store.conn.execute("PRAGMA foreign_keys = OFF")
        store.conn.execute(sql)
    done = kho.run("verify")
    assert (done.exit_code == 1 and "the row was changed" in done.output) or "was removed" in done.output
