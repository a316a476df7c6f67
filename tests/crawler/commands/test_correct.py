"""``correct``: what a person says of an article is kept as data, shown with its reason, and survives a rebuild."""

from __future__ import annotations

import gzip
import json

import pytest

from archive.site import datasette_for
from tests.conftest import answer
from tests.crawler.commands.test_takedown import TITLE, archive  # noqa: F401
from tests.crawler.crawl.test_faults import article, links

PAGE = "/tin/bai-viet-1.html"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        pytest.param([], "give an ARTICLE with FIELD=VALUE", id="nothing"),
        pytest.param(["{id}", "title=x"], "give  --reason TEXT", id="no reason"),
        pytest.param(["{id}", "text=x", "--reason", "x"], "with one of title, lead, section", id="no field of ours"),
        pytest.param(["{id}", "published=30/02/2026", "--reason", "x"], "write it as 2026-10", id="a day there is not, day first"),
        pytest.param(["{id}", "published=10/14/2026", "--reason", "x"], "write it as 2026-10", id="month first"),
        pytest.param(["{id}", "published=14 October", "--reason", "x"], "write it as 2026-10", id="another way to write days"),
        pytest.param(["{id}", "published=2026-02-30", "--reason", "x"], "write it as 2026-10", id="a day there is not"),
        pytest.param(["{id}", f"title={TITLE}", "--reason", "x"], "title is read so already", id="what is read"),
        pytest.param(["{id}", "--undo", "text"], "--undo text: one of title", id="undo of what is no field"),
        pytest.param(["7", "title=x", "--reason", "x"], "no article 7 is kept here", id="unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told_in_one_line(archive, args, told):  # noqa: F811
    done = archive("correct", *(one.format(id=archive.id) for one in args))
    assert done.exit_code == 2
    assert told in done.output and done.output.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-10", "2026-10"),
        ("2026-10-14", "2026-10-14"),
        ("2026-10-14T08:30", "2026-10-14T08:30+07:00"),
        ("2026-10-14 08:30", "2026-10-14T08:30+07:00"),
        ("2026-10-14T08:30+00:00", "2026-10-14T08:30+00:00"),
        ("14/10/2026", "2026-10-14"),
        ("4-9-2026", "2026-09-04"),
        ("10/2026", "2026-10"),
        ("14/10/2026 8:30", "2026-10-14T08:30+07:00"),
        ("14.10.2026 08h30", "2026-10-14T08:30+07:00"),
        ("", None),
    ],
)
def test_days_are_kept_as_articles_hold_them(archive, given, kept):  # noqa: F811
    done = archive("correct", archive.id, f"published={given}", "title=Cầu treo", "--reason", "in sai")
    assert done.exit_code == 0 if kept else "read so already" in done.output
    assert json.loads(archive("export").stdout)["published"] == kept


async def test_a_reader_sees_the_word_its_day_and_reason_and_what_was_read(archive):  # noqa: F811
    done = archive("correct", archive.id, "title=Cầu <b>treo", "--reason", "Tiêu đề sai", "--by", "Bà Lan")
    assert done.exit_code == 0 and f"title: Cầu <b>treo  (read: {TITLE})" in done.stdout
    site = datasette_for(archive.folder.path)
    for language, mark in (("", "Đính chính bằng tay"), ("/en", "Corrected by hand on")):
        page = (await site.client.get(f"{language}/bai/{archive.id}")).text
        assert '<h1 lang="vi">Cầu &lt;b&gt;treo</h1>' in page
        assert mark in page and "Tiêu đề sai" in page and TITLE in page and "Bà Lan" in page
    assert "Bà Lan" in archive("correct", "--list").stdout
    assert archive("correct", archive.id, "--undo", "title").exit_code == 0
    assert "Đính chính" not in (await site.client.get(f"/bai/{archive.id}")).text
    assert archive("correct", "--list").stdout == "Nothing is corrected.\n"


@pytest.mark.slow
def test_it_outlives_crawls_and_a_rebuild_and_the_list_tells_what_a_page_changed_itself(loopback, tinhuyen, kho):
    loopback.routes = {"/": answer(links(PAGE)), PAGE: answer(article("Bài một"))}
    assert tinhuyen("init").returncode == 0
    assert tinhuyen("add", loopback.base, "--allow-private").returncode == 0
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    url = loopback.base.rstrip("/") + PAGE
    assert tinhuyen("correct", url, "title=Bài thứ nhất", "section=Tin huyện", "--reason", "in sai").returncode == 0
    assert tinhuyen("verify").returncode == 0
    assert tinhuyen("rebuild").returncode == 0  # and the database is the one that was there
    loopback.routes[PAGE] = answer(article("Bài đã sửa"))
    assert tinhuyen("crawl", "--full", "--delay", "0").returncode == 0
    now = json.loads(tinhuyen("export").stdout)
    assert (now["title"], now["section"], now["version"]) == ("Bài đã sửa", "Tin huyện", 2)
    listed = tinhuyen("correct", "--list").stdout
    assert "no longer applies: the page changed it itself" in listed and "it is read now: Bài đã sửa" in listed
    assert "1 correction no longer applied" in " ".join(tinhuyen("status").stdout.split())
    assert tinhuyen("verify").returncode == 0 and tinhuyen("rebuild").returncode == 0
    assert tinhuyen("correct", url, "--undo", "title").returncode == 0
    assert tinhuyen("rebuild").returncode == 0


@pytest.mark.slow
def test_of_an_erased_article_the_word_is_erased_too(loopback, tinhuyen, kho):
    loopback.routes = {"/": answer(links(PAGE)), PAGE: answer(article("Bài một"))}
    assert tinhuyen("init").returncode == 0
    assert tinhuyen("add", loopback.base, "--allow-private").returncode == 0
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    url = loopback.base.rstrip("/") + PAGE
    assert tinhuyen("correct", url, "title=Ông Nguyễn Văn Xoạn", "--reason", "in sai").returncode == 0
    assert tinhuyen("erase", url, "--reason", "bản án", "--yes").returncode == 0

    for path in kho.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert "Xoạn".encode() not in data + (gzip.decompress(data) if ".warc.gz" in path.name and data else b""), (
                path
            )
    assert tinhuyen("verify").returncode == 0 and tinhuyen("rebuild").returncode == 0
