"""What others captured comes in as theirs: versions merged, own looks left alone, nothing twice, everything accounted for."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import signal

import brotli
import pytest
from fastwarc.stream_io import ZstdWriter

from archive.model import Capture
from archive.site import datasette_for
from archive.store import Store
from archive.warc.write import Exchange, WarcWriter
from crawler.commands import import_
from crawler.extract import extract
from crawler.importing import importer
from crawler.importing.source import Source
from tests.crawler.importing.foreign_files import HOST, article, http, page, record, wacz, warc_gz

WHO = "Thư viện Đông Giang"


def keep_own(kho, number, day, more=""):
    """The archive captures an article itself."""
    url, body = f"{HOST}/tin/bai-{number}.html", page(number, more)
    writer = WarcWriter(kho.folder.warc, [("software", "a test")], instance=f"own{day[-2:]}")
    at = f"{day}T08:00:00.000000Z"
    placed = writer.write(Exchange(url, at, b"GET / HTTP/1.1\r\n\r\n", http(b""), body, None))
    writer.close()
    capture = Capture(
        placed.record_id, placed.file, placed.offset, placed.length, url, at, 200, placed.digest, "donggiang",
        content_type="text/html; charset=utf-8", payload_bytes=len(body), secure="none",
    )  # fmt: skip
    with Store.open(kho.folder.database) as store:
        store.add_portal(kho.folder.config().portals["donggiang"])
        store.save_article(extract(body, url, content_type="text/html; charset=utf-8"), capture, "donggiang")


def test_articles_are_read_and_marked_as_seen_through_others(kho):
    said = kho.take("cu.warc.gz", warc_gz(article(1), article(2)), "--through", WHO)
    assert "articles taken: 2 new" in said
    one = kho.articles["bai-1.html"]
    assert one["title"] == "Xã Đông Giang bàn việc số 1 trước mùa mưa" and one["published"] == "2020-01-13T08:30+07:00"
    assert one["through"] == one["capture"]["through"] == one["versions"][0]["through"] == WHO
    assert one["first_seen"] == one["last_seen"] == "2021-03-02T08:00:00Z"
    assert kho.is_well()


def test_without_a_name_the_file_is_who_they_were_seen_through(kho):
    kho.take("cu.warc.gz", warc_gz(article(1)))
    assert kho.articles["bai-1.html"]["through"] == "cu.warc.gz"


def test_the_same_again_takes_nothing(kho):
    data = warc_gz(article(1), article(2, more="Hai."))
    kho.take("cu.warc.gz", data)
    before = kho.articles, kho.captures()
    assert "articles taken: none; 0 files; 2 held already" in kho.take("ban-sao.warc", gzip.decompress(data))
    assert (kho.articles, kho.captures()) == before


def test_an_older_capture_of_others_is_an_older_version_and_moves_no_time_of_ours(kho):
    keep_own(kho, 1, "2026-05-01", "Nay.")
    before = kho.articles["bai-1.html"]
    said = kho.take("cu.warc.gz", warc_gz(article(1, more="Xưa.")), "--through", WHO)
    after = kho.articles["bai-1.html"]
    assert "1 older or other versions" in said
    assert [(one["first_seen"][:10], one.get("through")) for one in after["versions"]] == [
        ("2021-03-02", WHO),
        ("2026-05-01", None),
    ]
    for key in ("id", "text", "first_seen", "last_seen", "last_checked", "missing_since", "gone_at"):
        assert after[key] == before[key]
    assert after["through"] is None and after["capture"]["record_id"] == before["capture"]["record_id"]
    assert kho.is_well()


def test_the_same_text_is_no_version(kho):
    keep_own(kho, 1, "2026-05-01")
    said = kho.take("cu.warc.gz", warc_gz(article(1), article(1, "2020-02-02")), "--through", WHO)
    assert "2 with a text that is held" in said
    one = kho.articles["bai-1.html"]
    assert len(one["versions"]) == 1 and one["first_seen"].startswith("2026-05-01") and "through" not in one
    assert kho.is_well()


def test_a_later_capture_of_others_shows_what_they_saw_and_not_that_we_did(kho):
    keep_own(kho, 1, "2020-05-01", "Nay.")
    kho.take("sau.warc.gz", warc_gz(article(1, more="Sau.")), "--through", WHO)
    one = kho.articles["bai-1.html"]
    assert one["capture"]["through"] == WHO and one["last_seen"].startswith("2020-05-01") and one["through"] is None
    assert kho.is_well()


def test_our_first_own_look_at_what_others_saw_makes_the_times_ours(kho):
    kho.take("cu.warc.gz", warc_gz(article(1)), "--through", WHO)
    keep_own(kho, 1, "2026-05-01", "Nay.")
    one = kho.articles["bai-1.html"]
    assert one["first_seen"] == one["last_seen"] == one["last_checked"] == "2026-05-01T08:00:00.000000Z"
    assert [version.get("through") for version in one["versions"]] == [WHO, None] and one["through"] is None
    assert kho.is_well()


def test_a_change_between_their_capture_and_ours_is_told_with_whose_it_is(kho):
    kho.take("cu.warc.gz", warc_gz(article(1)), "--through", WHO)
    keep_own(kho, 1, "2026-05-01", "Một câu thêm vào sau.")
    assert f"seen through {WHO}" in kho.run("changes").output
    assert json.loads(kho.run("changes", "--json").stdout)["through"] == [WHO]


async def test_readers_are_told_who_captured_what(kho):
    kho.take("cu.warc.gz", warc_gz(article(1)), "--through", WHO)
    keep_own(kho, 2, "2026-05-01", "Nay.")
    kho.take("xua.warc.gz", warc_gz(article(2, more="Xưa.")), "--through", WHO)
    held = kho.articles
    site = datasette_for(kho.folder.path)
    await site.invoke_startup()
    theirs = (await site.client.get(f"/en/bai/{held['bai-1.html']['id']}")).text
    ours = (await site.client.get(f"/en/bai/{held['bai-2.html']['id']}")).text
    older = (await site.client.get(f"/en/bai/{held['bai-2.html']['id']}?v=1")).text
    said = f"Captured by {WHO}, not by this archive"
    assert said in theirs and f"through {WHO}" in theirs and "not known: the record was imported" in theirs
    assert said not in ours and f"through {WHO}" in ours
    assert said in older and "The times below are those" not in older


def test_a_month_says_who_saw_its_articles(kho):
    kho.take("cu.warc.gz", warc_gz(article(1)), "--through", WHO)
    assert f"2020-01-13, seen through {WHO}  Xã Đông Giang" in kho.run("month", "donggiang", "2020-01").output


def test_what_is_no_article_is_counted_by_kind(kho):
    records = [
        article(1), record("response", f"{HOST}/", http(page(9))), record("response", f"{HOST}/x", http(b"", status="404 No")),
        record("response", f"{HOST}/a.pdf", http(b"%PDF-1.4 x", "application/pdf")), record("warcinfo", "", b"software: x"),
        record("response", "http://khac.example/", http(page(3))), record("response", "dns:donggiang.example", b"x"),
        record("response", f"{HOST}/sau", http(page(4)), "2999-01-01"),
    ]  # fmt: skip
    said = kho.take("cu.warc.gz", warc_gz(*records))
    for told in (
        "8 records; articles taken: 1 new; 1 file", "pages that are no article: listing", "answers with status 404",
        "records that show no page (warcinfo)", "answers of no page of the web", "answers without a time that can be",
        "of hosts that are no portal here, not taken: khac.example (1)",
    ):  # fmt: skip
        assert told in said
    assert kho.is_well()


def test_addresses_of_no_portal_are_taken_where_it_is_said_whose_they_are(kho):
    data = warc_gz(article(1, host="http://ten-cu.example"))
    assert "articles taken: none" in kho.take("cu.warc.gz", data)
    assert "articles taken: 1 new" in kho.take("cu.warc.gz", data, "--portal", "donggiang")
    assert kho.articles["bai-1.html"]["portal"] == "donggiang"


def test_attachments_of_others_bear_their_digest(kho):
    body = page(1).replace(b"</div></div>", f'<p><a href="{HOST}/a.pdf">Tải về</a></p></div></div>'.encode())
    pdf = b"%PDF-1.4 van ban"
    records = [
        record("response", f"{HOST}/a.pdf", http(pdf, "application/pdf")),
        record("response", f"{HOST}/tin/bai-1.html", http(body)),
    ]
    kho.take("cu.warc.gz", warc_gz(*records))
    assert kho.articles["bai-1.html"]["attachments"][0]["sha256"] == hashlib.sha256(pdf).hexdigest()
    assert kho.is_well()


@pytest.mark.parametrize("named", ["WARC_Refers_To", "by address and date", "by digest"])
def test_a_revisit_shows_what_its_original_did(kho, named):
    first = article(1, identifier="a1", WARC_Payload_Digest="md5:" + hashlib.md5(page(1)).hexdigest())
    refers = {
        "WARC_Refers_To": {"WARC_Refers_To": "<urn:uuid:a1>"},
        "by address and date": {
            "WARC_Refers_To_Target_URI": f"{HOST}/tin/bai-1.html", "WARC_Refers_To_Date": "2021-03-02T08:00:00Z"},
        "by digest": {"WARC_Payload_Digest": "md5:" + hashlib.md5(page(1)).hexdigest()},
    }[named]  # fmt: skip
    profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    again = record("revisit", f"{HOST}/tin/bai-1.html", http(b""), "2022-01-01", WARC_Profile=profile, **refers)
    assert "1 new, 1 with a text that is held" in kho.take("cu.warc.gz", warc_gz(first, again))
    assert kho.articles["bai-1.html"]["last_seen"] == "2022-01-01T08:00:00Z"
    assert kho.is_well()


def test_a_revisit_of_what_nobody_has_is_accounted_for(kho):
    again = record("revisit", f"{HOST}/tin/bai-1.html", http(b""), WARC_Refers_To="<urn:uuid:none>")
    assert "revisits of what is in none of the files" in kho.take("cu.warc.gz", warc_gz(again))
    assert kho.captures() == 0


def test_chunked_bodies_are_read_and_verify_all_the_same(kho):
    body = page(1)
    chunked = b"".join(
        b"%x\r\n%s\r\n" % (len(body[at : at + 400]), body[at : at + 400]) for at in range(0, len(body), 400)
    )
    data = record(
        "response", f"{HOST}/tin/bai-1.html", http(chunked + b"0\r\n\r\n", more="Transfer-Encoding: chunked\r\n")
    )
    assert "1 new" in kho.take("cu.warc.gz", warc_gz(data))
    assert "0\r\n" not in kho.articles["bai-1.html"]["text"] and kho.is_well()


def zstd(data):
    out = io.BytesIO()
    packing = ZstdWriter(out)
    packing.write(data)
    packing.finish()
    packing.flush()
    return out.getvalue()


@pytest.mark.parametrize(("coding", "pack"), [("br", brotli.compress), ("zstd", zstd)])
def test_bodies_in_codings_that_only_browsers_ask_for_are_read(kho, coding, pack):
    body = http(pack(page(1)), more=f"Content-Encoding: {coding}\r\n")
    assert "1 new" in kho.take("cu.warc.gz", warc_gz(record("response", f"{HOST}/tin/bai-1.html", body)))
    assert "số 1" in kho.articles["bai-1.html"]["title"] and kho.is_well()


def test_an_article_that_is_suspended_stays_so(kho):
    kho.take("cu.warc.gz", warc_gz(article(1)))
    assert kho.run("takedown", kho.articles["bai-1.html"]["id"], "--reason", "Thử").exit_code == 0
    assert "articles taken: none" in kho.take("khac.warc.gz", warc_gz(article(1, "2022-02-02", "Khác.")))
    assert kho.articles == {} and kho.captures() == 0


def test_texts_come_in_as_lines_of_json(kho):
    text = "\n\n".join(f"Đoạn {number} của bài báo cũ về việc sửa trạm bơm đầu kênh của xã." for number in range(4))
    lines = [
        {"url": f"{HOST}/cu/1", "text": text, "time": "2015-04-05T06:07:08+07:00", "title": "Sửa trạm bơm đầu kênh"},
        {"url": f"{HOST}/cu/2", "text": text}, {"url": f"{HOST}/cu/3"}, ["x"],
    ]  # fmt: skip
    data = "\n".join(map(json.dumps, lines)).encode() + b"\n{torn\n"
    said = kho.take("tin.jsonl", data, "--through", WHO, code=1)
    assert (
        "articles taken: 1 new" in said
        and "line 2: the line does not say when" in said
        and "line 5: the line is no JSON" in said
    )
    one = kho.articles["1"]
    assert one["title"] == "Sửa trạm bơm đầu kênh" and "Đoạn 3" in one["text"] and one["through"] == WHO
    assert one["first_seen"] == "2015-04-04T23:07:08Z" and kho.is_well()
    assert "1 held already" in kho.take("tin.jsonl.gz", gzip.compress(data), code=1)


def test_nothing_is_written_by_a_trial(kho):
    kho.take("cu.warc.gz", warc_gz(article(1)))
    before = sorted(path.name for path in kho.folder.warc.iterdir()), kho.captures()
    said = kho.take("khac.warc.gz", warc_gz(article(1, "2022-02-02"), article(2)), "--dry-run")
    assert "articles would be taken: 1 of addresses known here, 1 new" in said
    assert (sorted(path.name for path in kho.folder.warc.iterdir()), kho.captures()) == before


def test_the_files_of_an_import_say_first_whose_records_they_hold(kho):
    path = kho.file("cu.warc.gz", warc_gz(article(1)))
    kho.take("cu.warc.gz", path.read_bytes(), "--through", WHO)
    (made,) = kho.folder.warc.iterdir()
    assert made.name.startswith("import-")
    head = gzip.decompress(made.read_bytes()).partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")[0].decode()
    for told in (
        "imported-from: cu.warc.gz",
        f"imported-sha256: {Source.open(path).sha256}",
        f"imported-through: {WHO}",
    ):
        assert told in head


THOROUGH = (pytest.mark.slow, pytest.mark.thorough)
HOSTILE = {
    "empty": (b"", 2, "is empty"),
    "something else": (b"\x89PNG\r\n\x1a\n" + bytes(99), 2, "is no WARC, ARC or WACZ file"),
    "no zip": (b"PK\x03\x04" + bytes(99), 2, "it is no whole zip file"),
    "a zip without records": (wacz({"a.txt": b"x"}), 2, "without WARC files"),
    "a wrong digest": (wacz({"archive/a.warc.gz": warc_gz(article(1))}, {"archive/a.warc.gz": "sha256:" + "0" * 64}), 2, "does not have the sha256"),
    "a way out": (wacz({"archive/../../a.warc.gz": warc_gz(article(1))}), 2, "leads out of the package"),
    "an absolute way": (wacz({"/etc/a.warc.gz": warc_gz(article(1))}), 2, "leads out of the package"),
    "torn": (warc_gz(article(1), article(2))[:-30], 1, "does not unpack (the file ends within it)"),
    "a head like a record's": (b"WARC/1.0\r\n\r\n", 2, "the record has no length"),
    "json of no sense": (b"{" * 50_000, 2, "the line is no JSON"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code", "told"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_hostile_is_refused_in_a_line_with_its_place(kho, data, code, told):
    assert told in kho.take("x", data, code=code)
    assert sorted(kho.articles) == (["bai-1.html"] if code == 1 else []) and kho.is_well()


def test_a_wacz_of_another_tool_is_read(kho):
    said = kho.take(
        "x.wacz", wacz({"archive/a.warc.gz": warc_gz(article(1)), "archive/b.warc": article(2), "pages/p.jsonl": b""})
    )
    assert "articles taken: 2 new" in said and kho.is_well()


def test_a_page_that_ends_its_reader_is_left_and_all_others_are_taken(kho, monkeypatch):
    real = importer.read

    def deadly(page, *more):
        if "bai-2" in page.url:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(page, *more)

    monkeypatch.setattr(importer, "read", deadly)
    said = kho.take("cu.warc.gz", warc_gz(*(article(number) for number in range(1, 5))))
    assert "pages whose reading takes too much" in said
    assert sorted(kho.articles) == ["bai-1.html", "bai-3.html", "bai-4.html"] and kho.is_well()


@pytest.mark.slow
@pytest.mark.parametrize(
    "nth", [pytest.param(1, marks=THOROUGH), 2, pytest.param(3, marks=THOROUGH), pytest.param(5, marks=THOROUGH)]
)
@pytest.mark.parametrize("where", ["before the records are safe", "before the commit", "behind the commit"])
def test_a_kill_loses_nothing_and_the_same_command_goes_on(kho, monkeypatch, nth, where):
    monkeypatch.setattr(importer, "BATCH_RECORDS", 2)
    records = [article(number, identifier=f"{number:08d}") for number in range(1, 10)]
    path = kho.file("cu.warc.gz", warc_gz(*records))
    calls = {"n": 0}
    real_sync, real_add = WarcWriter.sync, importer.add_import

    def die():
        calls["n"] += 1
        if calls["n"] == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def sync(self):
        if where == "before the records are safe":
            die()
        real_sync(self)

    def add(*args):
        if where == "before the commit":
            die()
        real_add(*args)

    child = os.fork()
    if child == 0:
        monkeypatch.setattr(WarcWriter, "sync", sync)
        monkeypatch.setattr(importer, "add_import", add)
        if where == "behind the commit":
            real_flush = importer.Importer._flush

            def flush(self):
                real_flush(self)
                die()

            monkeypatch.setattr(importer.Importer, "_flush", flush)
        import_._work(kho.folder, Source.open(path), None, WHO, False, frozenset())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    kho.take("cu.warc.gz", path.read_bytes(), "--through", WHO)
    assert len(kho.articles) == 9 and kho.captures() == 9
    assert not list(kho.folder.warc.glob("*.open")) and kho.is_well()
