"""An evidence pack is checked by a stranger with Python alone, and no forgery passes."""

from __future__ import annotations

import ast
import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Article, Attachment
from archive.proof import check_pack
from archive.proof.pack import NoEvidence, gather, write_zip
from archive.proof.signing import load_key, make_key
from archive.warc import record as rec
from archive.warc.codings import codings_of
from archive.warc.read import decode_content, read_exchange
from archive.warc.scan import scan_record
from archive.warc.write import Original

URL = "http://dongbac.example/tin/văn bản 9.html"
PDF = b"%PDF-1.4 " + bytes(range(256)) * 4


@pytest.fixture
def held(filled):
    """The archive with an article that has an attachment, was seen again by a revisit, and is missing since."""
    file_url = "http://dongbac.example/tep/bieu mau.pdf"
    filled.store.save_file(file_url, "dongbac", filled.capture(file_url, PDF, kind="file"), hashlib.sha256(PDF).hexdigest(), len(PDF))  # fmt: skip
    page = "<html><h1>Văn bản</h1><p>Điều 1. Hiệu lực từ ngày ký.</p></html>".encode()
    article = Article(
        URL, URL, title="Văn bản", text="Điều 1. Hiệu lực từ ngày ký.", attachments=[Attachment(file_url)]
    )
    identifier = filled.store.save_article(article, filled.capture(URL, page), "dongbac").id
    filled.look(9, identifier)
    filled.seal()
    filled.identifier = identifier
    return filled


@pytest.fixture
def unpacked(held, tmp_path):
    """The pack as a folder somewhere else."""
    pack = gather(held.store, held.path, held.identifier, None)
    write_zip(pack, tmp_path / "x.zip")
    folder = tmp_path / "bare"
    with zipfile.ZipFile(tmp_path / "x.zip") as packed:
        packed.extractall(folder)
    return folder


def _check(folder: Path, *arguments: str):
    """Run the pack's own check.py as a stranger would, with nothing of ours in reach."""
    command = [sys.executable, "-I", "-S", "check.py", *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={"PATH": "", "LANG": "C"}, check=False
    )


def test_a_pack_holds_what_it_says_and_checks_itself(unpacked):
    done = _check(unpacked)
    assert done.returncode == 0 and "ALL HOLDS" in done.stdout, done.stdout + done.stderr
    assert (unpacked / "attachment-01.pdf").read_bytes() == PDF
    assert "Hiệu lực từ ngày ký" in (unpacked / "text.txt").read_text("utf-8")
    assert "Hiệu lực từ ngày ký" in (unpacked / "page.html").read_text("utf-8")
    roles = [capture["role"] for capture in json.loads((unpacked / "evidence.json").read_bytes())["captures"]]
    assert roles == ["page", "attachment", "look that did not find it"]


def test_a_pack_is_checked_as_it_came_too(unpacked, tmp_path):
    assert _check(unpacked, str(tmp_path / "x.zip")).returncode == 0


def test_the_records_are_those_of_the_archive_byte_for_byte(held, unpacked):
    data = (unpacked / "records.warc.gz").read_bytes()
    for capture in json.loads((unpacked / "evidence.json").read_bytes())["captures"]:
        place = capture["warc"]
        whole = (held.warc / place["in_archive"]).read_bytes()
        cut = data[place["offset"] : place["offset"] + place["length"]]
        assert whole[place["at_byte"] :].startswith(cut)
    with (unpacked / "records.warc.gz").open("rb") as file:
        kinds, at = [], 0
        while at < len(data):
            record = scan_record(file, at)
            kinds.append(record.record_type)
            at = record.end
    assert kinds == ["warcinfo"] + ["request", "response", "metadata"] * 3


def _edit(name, old, new):
    def forge(folder):
        path = folder / name
        data = path.read_bytes()
        assert old.encode() in data
        path.write_bytes(data.replace(old.encode(), new.encode()))

    return forge


def _rewrite_manifest(change):
    def forge(folder):
        path = folder / "evidence.json"
        manifest = json.loads(path.read_bytes())
        change(manifest, folder)
        for name, entry in manifest["files"].items():
            data = (folder / name).read_bytes()
            entry.update(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
        path.write_bytes(json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n")

    return forge


def _records(folder, old, new):
    """Change the records, and their lengths and digests with them."""
    path = folder / "records.warc.gz"
    out, records = b"", check_pack.records_of(path.read_bytes())
    for record in records.values():
        headers = {name: value.replace(old, new) for name, value in record.headers.items()}
        block = record.block.replace(old.encode(), new.encode())
        headers["content-length"] = str(len(block))
        headers["warc-block-digest"] = check_pack.digest_of(block)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        out += gzip.compress(b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n")
    path.write_bytes(out)


def _payload(manifest, folder):
    _records(folder, "Hiệu lực từ ngày ký", "Hiệu lực từ hôm qua")
    _edit("page.html", "từ ngày ký", "từ hôm qua")(folder)


def _text(manifest, folder):
    _edit("text.txt", "từ ngày ký", "từ hôm qua")(folder)


def _time(manifest, folder):
    first = manifest["captures"][0]
    old, new = first["fetched_at"], "2020" + first["fetched_at"][4:]
    first["fetched_at"], first["entry"] = new, first["entry"].replace(old, new)
    _records(folder, old, new)


def _url(manifest, folder):
    first = manifest["captures"][0]
    first["url"] = "http://khac.example/"
    first["warc_url"] = "http://khac.example/"
    entry = json.loads(first["entry"])
    first["entry"] = check_pack.canonical({**entry, "url": "http://khac.example/"}).decode()
    _records(folder, "http://dongbac.example/tin/v%C4%83n%20b%E1%BA%A3n%209.html", "http://khac.example/")


def _proof(manifest, folder):
    manifest["captures"][0]["path"][0] = "00" * 32


def _head(manifest, folder):
    manifest["head"]["size"] += 1


FORGERIES = {"payload": _payload, "text": _text, "time": _time, "url": _url, "proof": _proof, "head": _head}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_found(unpacked, name):
    _rewrite_manifest(FORGERIES[name])(unpacked)
    done = _check(unpacked)
    assert done.returncode == 1 and done.stdout.startswith("CHANGED"), done.stdout + done.stderr


@pytest.mark.parametrize("name", [name for name in FORGERIES if name != "text"])
def test_the_log_finds_it_even_where_the_pack_is_signed_anew(held, unpacked, name):
    """With another signature over the manifest, put there by who holds the archive's key: the log still says otherwise."""
    _rewrite_manifest(FORGERIES[name])(unpacked)
    data = (unpacked / "evidence.json").read_bytes()
    (unpacked / "evidence.sig").write_bytes(load_key(held.log.key).sign(check_pack.PREFIX + data).hex().encode())
    assert _check(unpacked).returncode == 1


SMALL = {
    "a file of the pack alone": _edit("text.txt", "từ ngày ký", "từ hôm qua"),
    "the page alone": _edit("page.html", "từ ngày ký", "từ hôm qua"),
    "the time in the manifest alone": _edit("evidence.json", '"fetched_at": "2026', '"fetched_at": "2025'),
    "the signature of the head": _edit("evidence.json", '"signature": "', '"signature": "0'),
    "the signature of the pack": lambda folder: (folder / "evidence.sig").write_text("00" * 64),
    "a file that is gone": lambda folder: (folder / "attachment-01.pdf").unlink(),
    "a file that was added": lambda folder: (folder / "attachment-02.pdf").write_bytes(b"x"),
    "the README": _edit("README.txt", "KHÔNG chứng minh", "chứng minh"),
    "no manifest": lambda folder: (folder / "evidence.json").unlink(),
    "a manifest that is none": lambda folder: (folder / "evidence.json").write_text("[]"),
    "torn records": lambda folder: (folder / "records.warc.gz").write_bytes(
        (folder / "records.warc.gz").read_bytes()[:-9]
    ),
}


@pytest.mark.parametrize("name", SMALL)
def test_a_clumsy_change_is_found_too(unpacked, name):
    SMALL[name](unpacked)
    done = _check(unpacked)
    assert done.returncode == 1 and "CHANGED" in done.stdout and not done.stderr, done.stdout + done.stderr


def test_a_pack_of_another_key_is_told_from_it(held, unpacked):
    assert _check(unpacked, "--key", held.log.heads()[-1].key).returncode == 0
    assert _check(unpacked, "--key", "ab" * 32).returncode == 1


def test_check_is_a_file_for_python_3_8():
    ast.parse(Path(check_pack.__file__).read_text("utf-8"), feature_version=(3, 8))
    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(Path(check_pack.__file__).read_text("utf-8")))
        for alias in (node.names if isinstance(node, ast.Import) else [])
    }
    assert imported <= sys.stdlib_module_names


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=80), st.integers(0, 511))
def test_signatures_are_judged_as_the_library_judges_them(tmp_path_factory, message, bit):
    folder = tmp_path_factory.mktemp("key")
    key = make_key(folder / "key", folder / "pub")
    public, signature = key.public_key().public_bytes_raw(), bytearray(key.sign(message))
    assert check_pack.is_signed(public, bytes(signature), message)
    assert not check_pack.is_signed(public, bytes(signature), message + b"!")
    signature[bit // 8] ^= 1 << bit % 8
    assert not check_pack.is_signed(public, bytes(signature), message)


# RFC 8032, section 7.1, tests 1 to 3
VECTORS = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_signatures_of_the_rfc_are_good(key, message, signature):
    assert check_pack.is_signed(*(bytes.fromhex(text) for text in (key, signature, message)))


def test_a_page_that_came_as_a_revisit_brings_its_original(small, tmp_path):
    first = small.article(1)
    original = small.store.record(first).capture
    twin = "http://dongbac.example/tin/ban-sao.html"
    payload = read_exchange(small.warc, original.file, original.offset, original.length).payload
    write = small.writer.write
    small.writer.write = lambda exchange: write(
        exchange, Original(original.record_id, original.url, original.fetched_at)
    )
    capture = small.capture(twin, payload)
    small.writer.write = write
    capture.record_type = "revisit"
    again = small.store.save_article(Article(twin, twin, title="Bản sao", text="Nước đã rút."), capture, "dongbac").id
    small.seal()
    pack = gather(small.store, small.path, again, None)
    assert [part.role for part in pack.parts] == ["page", "original"]
    write_zip(pack, tmp_path / "x.zip")
    (tmp_path / "bare").mkdir()
    shutil.unpack_archive(tmp_path / "x.zip", tmp_path / "bare")
    assert _check(tmp_path / "bare").returncode == 0
    assert (tmp_path / "bare" / "page.html").read_bytes() == payload


def test_an_older_version_has_its_own_page_and_text(filled):
    identifier = filled.store.conn.execute("SELECT article FROM revision").fetchone()[0]
    first, second = (gather(filled.store, filled.path, identifier, number) for number in (1, 2))
    assert b"h\xe1\xba\xb3n" not in first.files["page.html"] and b"h\xe1\xba\xb3n" in second.files["page.html"]
    assert "rút hẳn" not in first.files["text.txt"].decode() and "rút hẳn" in second.files["text.txt"].decode()


def test_without_proof_there_is_no_pack(small):
    identifier = small.article(1)
    with pytest.raises(NoEvidence, match="no log yet"):
        gather(small.store, small.path, identifier, None)
    small.seal()
    late = small.article(2)
    with pytest.raises(NoEvidence, match="not in the log"):
        gather(small.store, small.path, late, None)
    with pytest.raises(NoEvidence, match="no version 7"):
        gather(small.store, small.path, identifier, 7)


def test_a_damaged_record_makes_no_pack(filled):
    identifier = filled.store.conn.execute("SELECT id FROM article LIMIT 1").fetchone()[0]
    for path in filled.warc.glob("*.gz"):
        path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(NoEvidence, match="tinhuyen verify"):
        gather(filled.store, filled.path, identifier, None)


PLAIN = b"<p>" + bytes(range(32, 127)) * 900
RAW = zlib.compressobj(wbits=-15)
CODED = {
    "plain": ("", PLAIN),
    "gzip": ("gzip", gzip.compress(PLAIN)),
    "two streams of gzip": ("gzip", gzip.compress(PLAIN[:500]) + gzip.compress(PLAIN[500:])),
    "deflate": ("deflate", zlib.compress(PLAIN)),
    "raw deflate": ("deflate", RAW.compress(PLAIN) + RAW.flush()),
    "twice": ("gzip, gzip", gzip.compress(gzip.compress(PLAIN))),
    "mislabelled": ("gzip", PLAIN),
    "torn": ("gzip", gzip.compress(PLAIN)[:-40]),
}


@pytest.mark.parametrize("name", CODED)
def test_content_is_undone_as_the_archive_undoes_it(name):
    coding, payload = CODED[name]
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode()
    (made,) = rec.serialise(
        [rec.Record("response", "urn:uuid:1", "2026-05-01T08:00:00Z", "application/http", head + payload)]
    )
    assert check_pack.Record(made).content() == decode_content(payload, codings_of([coding.encode()]))
    scanned = scan_record(io.BytesIO(made), 0, decoded=True)
    assert scanned.decoded_sha256 in (None, hashlib.sha256(PLAIN).hexdigest())
