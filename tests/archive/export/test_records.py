"""What leaves the archive for replay tools and for a library's stacks: whole, valid, and nothing that is suspended."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zipfile

import bagit
import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from archive.export.bag import BagExists, export_bag
from archive.export.cdxj_index import SortedLines, export_cdxj
from archive.export.wacz import export_wacz
from archive.model import Portal
from archive.suspension import suspend
from archive.warc.write import Exchange, Original, warc_date
from tests.archive.proof.conftest import PORTAL, Small


def index_of(archive: Small, portals=None) -> list[str]:
    out = io.StringIO()
    assert export_cdxj(archive.store.conn, out, portals) == len(out.getvalue().splitlines())
    return out.getvalue().splitlines()


def record_at(data: bytes, line: str):
    values = json.loads(line.split(" ", 2)[2])
    start = int(values["offset"])
    (record,) = ArchiveIterator(io.BytesIO(data[start : start + int(values["length"])]))
    return values, record


def wacz_of(archive: Small, path) -> zipfile.ZipFile:
    export_wacz(archive.store.conn, archive.warc, archive.store.portal(PORTAL.name), path)
    return zipfile.ZipFile(path)


def suspend_one(archive: Small) -> str:
    identifier, url = archive.store.conn.execute("SELECT id, url FROM article WHERE url LIKE '%/3.html'").fetchone()
    assert suspend(archive.store, identifier, "test", warc_date(archive.now), lambda rows: None)
    return str(url)


def repeat(archive: Small, portal: Portal) -> None:
    """The payload of the first article comes again, at an address of another portal: a revisit."""
    archive.store.add_portal(portal)
    first = archive.store.capture(archive.store.conn.execute("SELECT record_id FROM capture ORDER BY 1").fetchone()[0])
    held = archive.capture(f"{portal.url}tin/x.html")
    original = Original(first.record_id, first.url, first.fetched_at)
    exchange = Exchange(held.url, held.fetched_at, b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"", None)
    placed = archive.writer.write(exchange, original)
    held.record_id, held.offset, held.length = placed.record_id, placed.offset, placed.length
    held.record_type, held.digest, held.portal = "revisit", first.digest, portal.name
    archive.store.save_capture(held)
    archive.writer.close()
    return first


def test_every_line_of_the_index_leads_to_its_record_in_order(sealed):
    lines = index_of(sealed)
    assert lines == sorted(lines) and len(lines) == 7
    for line in lines:
        file = json.loads(line.split(" ", 2)[2])["filename"]
        values, record = record_at((sealed.warc / file).read_bytes(), line)
        assert record.headers["WARC-Target-URI"] == values["url"]


def test_the_index_is_of_the_portals_named(sealed):
    assert index_of(sealed, [PORTAL.name]) == index_of(sealed) and index_of(sealed, ["nobody"]) == []


def test_lines_come_out_sorted_by_their_bytes_and_once():
    with SortedLines() as lines:
        for line in ("b 1", "a,b)/ 2", "a)/ 1", "b 1", "A)/ 9"):
            lines.add(line)
        assert list(lines) == ["A)/ 9", "a)/ 1", "a,b)/ 2", "b 1"]


def test_a_wacz_holds_the_records_byte_for_byte_with_index_and_pages(sealed, tmp_path):
    with wacz_of(sealed, tmp_path / "x.wacz") as wacz:
        data = wacz.read("archive/data-00001.warc.gz")
        assert wacz.getinfo("archive/data-00001.warc.gz").compress_type == zipfile.ZIP_STORED
        lines = wacz.read("indexes/index.cdx").decode().splitlines()
        head, *pages = map(json.loads, wacz.read("pages/pages.jsonl").decode().splitlines())
    assert lines == sorted(lines) and len(lines) == 7
    for line in lines:
        values, record = record_at(data, line)
        assert record.headers["WARC-Target-URI"] == values["url"]
    assert data.replace(b"", b"") == b"".join(
        (sealed.warc / path.name).read_bytes() for path in sorted(sealed.warc.iterdir())
    )
    assert head["format"] == "json-pages-1.0" and len(pages) == 6
    assert {page["title"] for page in pages} == {f"Tin {number}" for number in range(5)}
    assert all("Nước đã rút" in page["text"] for page in pages)


def test_the_digests_of_a_wacz_are_those_of_its_files(sealed, tmp_path):
    import hashlib

    with wacz_of(sealed, tmp_path / "x.wacz") as wacz:
        package = wacz.read("datapackage.json")
        for resource in json.loads(package)["resources"]:
            data = wacz.read(resource["path"])
            assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}" and resource["bytes"] == len(data)
        digest = json.loads(wacz.read("datapackage-digest.json"))
    assert digest["hash"] == f"sha256:{hashlib.sha256(package).hexdigest()}"


def test_the_local_headers_of_a_wacz_are_as_long_as_its_directory_says(sealed, tmp_path):
    """replayweb.page reckons where a file begins from the directory at the end: room left for large sizes misleads it."""
    package = wacz_of(sealed, tmp_path / "x.wacz")
    data = (tmp_path / "x.wacz").read_bytes()
    for held in package.infolist():
        name, extra = (
            int.from_bytes(data[held.header_offset + at : held.header_offset + at + 2], "little") for at in (26, 28)
        )
        assert (name, extra) == (len(held.filename), len(held.extra)) == (len(held.filename), 0)


def test_a_wacz_brings_the_original_of_a_revisit_that_another_portal_brought(sealed, tmp_path):
    other = Portal("taybac", "http://taybac.example/")
    first = repeat(sealed, other)
    done = export_wacz(sealed.store.conn, sealed.warc, other, tmp_path / "x.wacz")
    assert done.captures == 2 and not done.left_out
    with zipfile.ZipFile(tmp_path / "x.wacz") as wacz:
        data = wacz.read("archive/data-00001.warc.gz")
    kinds = WarcRecordType.response | WarcRecordType.revisit
    ids = [str(record.record_id).strip("<>") for record in ArchiveIterator(io.BytesIO(data), record_types=kinds)]
    assert first.record_id in ids and len(ids) == 2


@pytest.mark.slow
def test_the_validator_finds_a_wacz_valid(sealed, tmp_path):
    wacz_of(sealed, tmp_path / "x.wacz").close()
    command = [sys.executable, "-c", "import sys; from wacz.main import main; sys.exit(main())", "validate", "-f"]
    done = subprocess.run([*command, str(tmp_path / "x.wacz")], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "is valid" in done.stdout, done.stdout + done.stderr


def test_what_is_suspended_is_in_no_index_wacz_or_bag(sealed, tmp_path):
    url = suspend_one(sealed).encode()
    assert not any(url.decode() in line for line in index_of(sealed))
    with wacz_of(sealed, tmp_path / "x.wacz") as wacz:
        for name in wacz.namelist():
            data = wacz.read(name)
            assert url not in (gzip.decompress(data) if name.endswith(".gz") else data)
    done = export_bag(sealed.store, sealed.path, tmp_path / "bag", {})
    assert len(done.written_anew) == 1 and bagit.Bag(str(tmp_path / "bag")).validate()
    for path in (tmp_path / "bag").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert url not in (gzip.decompress(data) if path.name.endswith(".gz") else data)


def test_a_bag_is_valid_and_holds_nothing_private(sealed, tmp_path):
    (sealed.path / "crawl.db").write_bytes(b"private")
    (sealed.path / "tinhuyen.toml").write_text("contact = 'me'")
    done = export_bag(sealed.store, sealed.path, tmp_path / "bag", {})
    assert bagit.Bag(str(tmp_path / "bag")).validate()
    assert (done.articles, done.files, done.open_files) == (5, 2, [])
    names = {path.name for path in (tmp_path / "bag" / "data").rglob("*") if path.is_file()}
    assert names == {"articles.jsonl", "leaves", "heads.jsonl", "notes.jsonl", "key.pub"} - {"notes.jsonl"} | {
        path.name for path in sealed.warc.iterdir()
    }


def test_a_bag_leaves_alone_what_lies_there_and_begins_anew_what_broke_off(sealed, tmp_path):
    (tmp_path / "bag.unfinished").mkdir()
    (tmp_path / "bag.unfinished" / "half").touch()
    export_bag(sealed.store, sealed.path, tmp_path / "bag", {})
    assert not (tmp_path / "bag.unfinished").exists() and not (tmp_path / "bag" / "half").exists()
    with pytest.raises(BagExists, match="nothing is overwritten"):
        export_bag(sealed.store, sealed.path, tmp_path / "bag", {})
