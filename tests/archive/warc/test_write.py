"""What the WARC writer puts on disk, byte by byte and as other readers see it."""

import errno
import gzip
import io
import os
import zlib
from datetime import UTC, datetime

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.warc.read import CaptureUnreadable, read_exchange
from archive.warc.repair import DamagedInside, NotAWarc, WarcInUse, repair, repair_all
from archive.warc.write import DiskFull, Exchange, Original, WarcWriter

MOMENT = datetime(2026, 11, 23, 9, 0, 0, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n"


def exchange(url="http://example.vn/a", body=b"hello", head=HEAD, **more):
    request = b"GET /a HTTP/1.1\r\nHost: example.vn\r\n\r\n"
    return Exchange(url, "2026-11-23T09:00:00.000000Z", request, head, body, "203.0.113.5", **more)


@pytest.fixture
def writer(tmp_path):
    numbers = iter(range(1, 1000))
    return WarcWriter(
        tmp_path,
        [("software", "tinhuyen/test"), ("robots", "obey")],
        instance="host",
        clock=lambda: MOMENT,
        new_id=lambda: f"urn:uuid:00000000-0000-0000-0000-{next(numbers):012d}",
    )


def test_a_file_without_room_for_its_first_record_is_not_left_behind(tmp_path, monkeypatch):
    writer = WarcWriter(tmp_path, [("software", "x")])
    write = os.write

    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("archive.warc.write.os.write", full)
    with pytest.raises(DiskFull):
        writer.write_resource("urn:x", "text/plain", b"x")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr("archive.warc.write.os.write", write)
    writer.write_resource("urn:x", "text/plain", b"x")
    writer.close()
    (path,) = tmp_path.iterdir()
    assert gzip.decompress(path.read_bytes()).startswith(b"WARC/1.1\r\nWARC-Type: warcinfo")


def test_a_response_record_stands_byte_for_byte(writer, tmp_path):
    placed = writer.write(exchange())
    writer.close()
    data = (tmp_path / placed.file).read_bytes()[placed.offset : placed.offset + placed.length]
    assert gzip.decompress(data) == (
        b"WARC/1.1\r\n"
        b"WARC-Type: response\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000002>\r\n"
        b"WARC-Date: 2026-11-23T09:00:00.000000Z\r\n"
        b"WARC-Target-URI: http://example.vn/a\r\n"
        b"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        b"WARC-IP-Address: 203.0.113.5\r\n"
        b"WARC-Payload-Digest: sha256:FTZE3OS7WCRQ4JXIHMVMLOPCTYNRMHS4D6TUEXTTAQZWFE4LTASA====\r\n"
        b"WARC-Block-Digest: sha256:7RK3DCSDUMX4YEUES7SDNMP72WB25FD6TGJTN5X3AG4W7263PJVQ====\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        b"Content-Length: 68\r\n\r\n" + HEAD + b"hello\r\n\r\n"
    )


def test_warcio_finds_every_digest_right(writer, tmp_path, capsys):
    first = writer.write(exchange())
    writer.write(exchange(), Original(first.record_id, "http://example.vn/a", "2026-11-23T09:00:00.000000Z"))
    writer.write(exchange(url="http://example.vn/có dấu?q=một#x", notes=[("portal", "hưng hà")]))
    writer.write_resource("tinhuyen:settings", "application/json", b"{}")
    writer.close()

    class Args:
        inputs = (str(tmp_path / first.file),)
        verbose = False

    checker = Checker(Args())
    checker.process_all()
    assert checker.exit_value == 0, capsys.readouterr().out
    with (tmp_path / first.file).open("rb") as stream:
        records = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(stream)]
    assert [kind for kind, _ in records] == [
        "warcinfo", "request", "response", "request", "revisit", "request", "response", "metadata", "resource",
    ]  # fmt: skip
    assert records[6][1] == "http://example.vn/c%C3%B3%20d%E1%BA%A5u?q=m%E1%BB%99t"


def test_a_revisit_names_its_original_and_holds_no_payload(writer, tmp_path):
    first = writer.write(exchange())
    again = writer.write(exchange(), Original(first.record_id, "http://example.vn/a", "2026-11-23T09:00:00.000000Z"))
    writer.close()
    stored = read_exchange(tmp_path, again.file, again.offset, again.length)
    assert (stored.record_type, stored.refers_to, stored.payload) == ("revisit", first.record_id, b"")
    assert stored.record_headers["WARC-Truncated"] == "length"


def test_a_304_is_a_revisit_without_a_block_so_that_replay_shows_the_page_and_its_head_is_kept_beside_it(
    writer, tmp_path
):
    first = writer.write(exchange())
    head = b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'
    original = Original(first.record_id, "http://example.vn/a", "2026-11-23T09:00:00.000000Z", not_modified=True)
    again = writer.write(exchange(body=b"", head=head), original)
    writer.close()
    stored = read_exchange(tmp_path, again.file, again.offset, again.length)
    assert (stored.record_type, stored.status, stored.payload) == ("revisit", 304, b"")
    assert stored.record_headers["Content-Length"] == "0" and "WARC-Truncated" not in stored.record_headers
    with (tmp_path / again.file).open("rb") as stream:
        notes = [r.content_stream().read() for r in ArchiveIterator(stream) if r.rec_type == "metadata"]
    assert notes == [b'http-response-head: HTTP/1.1 304 Not Modified\r\nhttp-response-head: ETag: "v1"\r\n']


def test_what_was_written_is_read_back_with_its_content_decoded(writer, tmp_path):
    body = gzip.compress("Đảng bộ huyện".encode())
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    placed = writer.write(exchange(body=body, head=head))
    stored = read_exchange(tmp_path, placed.file, placed.offset, placed.length)  # while still open
    assert stored.payload == body
    assert stored.body.decode() == "Đảng bộ huyện"
    assert (stored.status, stored.reason) == (200, "OK")


def test_a_place_that_holds_nothing_says_so(writer, tmp_path):
    placed = writer.write(exchange())
    writer.close()
    with pytest.raises(CaptureUnreadable, match="ends before"):
        read_exchange(tmp_path, placed.file, placed.offset + 10_000, 10)
    with pytest.raises(CaptureUnreadable, match="is not in"):
        read_exchange(tmp_path, "../../etc/passwd", 0, 10)


def test_files_roll_over_at_their_size_and_lose_their_suffix(tmp_path):
    writer = WarcWriter(tmp_path, [], max_bytes=600)
    files = {writer.write(exchange(url=f"http://example.vn/{n}")).file for n in range(6)}
    assert len(list(tmp_path.glob("*.open"))) == 1
    writer.close()
    assert {path.name for path in tmp_path.iterdir()} == files
    assert len(files) > 1


def test_a_full_disk_leaves_the_file_as_it_was(writer, tmp_path, monkeypatch):
    placed = writer.write(exchange())
    size = (tmp_path / (placed.file + ".open")).stat().st_size
    import archive.warc.write as module

    real = module.os.write

    def half_then_full(fd, data):
        real(fd, bytes(data)[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "write", half_then_full)
    with pytest.raises(DiskFull, match="the disk is full"):
        writer.write(exchange())
    monkeypatch.undo()
    assert (tmp_path / (placed.file + ".open")).stat().st_size == size


@pytest.mark.parametrize("cut", [1, 40, 333], ids=lambda n: f"{n}-bytes-off")
def test_repair_keeps_every_whole_exchange_and_drops_the_torn_tail(tmp_path, cut):
    writer = WarcWriter(tmp_path, [("software", "x")])
    places = [writer.write(exchange(url=f"http://example.vn/{n}", body=b"%d" % n * 200)) for n in range(5)]
    writer.close()
    path = tmp_path / places[0].file
    torn = path.with_name(path.name + ".open")
    torn.write_bytes(path.read_bytes()[:-cut])
    path.unlink()
    done = repair(torn)
    assert done.path == path
    members = 0
    rest = path.read_bytes()
    while rest:
        inflate = zlib.decompressobj(31)
        inflate.decompress(rest)
        assert inflate.eof
        rest, members = inflate.unused_data, members + 1
    assert members == done.records == 9  # warcinfo and four exchanges: the fifth's request went with its response


def test_a_file_in_use_is_left_alone(tmp_path):
    writer = WarcWriter(tmp_path, [])
    placed = writer.write(exchange())
    with pytest.raises(WarcInUse):
        repair(tmp_path / (placed.file + ".open"))
    assert repair_all(tmp_path) == []


@pytest.mark.parametrize(
    "content",
    [b"PK not a warc", b"", gzip.compress(b"notes of mine"), gzip.compress(b"WARC/1.1\r\nWARC-Type: x")[:-9]],
    ids=["zip", "empty", "gzip", "torn-first-record"],
)
def test_what_is_no_warc_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(NotAWarc):
        repair(path)
    assert path.read_bytes() == content


def test_a_file_damaged_in_the_middle_is_told_and_not_cut(tmp_path):
    writer = WarcWriter(tmp_path, [("software", "x")])
    places = [writer.write(exchange(url=f"http://example.vn/{n}")) for n in range(5)]
    writer.close()
    path = tmp_path / places[0].file
    data = bytearray(path.read_bytes())
    data[places[1].offset + 30 : places[1].offset + 40] = b"\0" * 10
    path.write_bytes(data)
    with pytest.raises(DamagedInside, match="left as it is"):
        repair(path)
    assert path.read_bytes() == data


def test_repairing_a_whole_file_changes_nothing(tmp_path):
    writer = WarcWriter(tmp_path, [])
    placed = writer.write(exchange())
    writer.close()
    before = (tmp_path / placed.file).read_bytes()
    assert repair(tmp_path / placed.file).bytes_cut == 0
    assert (tmp_path / placed.file).read_bytes() == before
    assert len(list(ArchiveIterator(io.BytesIO(before)))) == 3
