"""Broken pages and broken servers: each is one line of the summary and a reason in ``why``, and the crawl goes on."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.conftest import answer

pytestmark = pytest.mark.slow

PARAGRAPHS = "".join(
    f"<p>Ngày 12/3/2024, Ủy ban nhân dân xã Hòa An họp bàn việc thứ {n} về thu chi ngân sách, sửa đường thôn và "
    "chuẩn bị phòng chống bão lụt trong mùa mưa sắp tới của địa phương.</p>"
    for n in range(1, 6)
)


def article(title: str) -> bytes:
    head = f'<title>{title}</title><meta property="og:type" content="article">'
    body = f"<article><h1>{title}</h1><time datetime='2024-03-12'>12/03/2024</time><div class='body'>{PARAGRAPHS}</div></article>"
    return f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def links(*paths: str) -> str:
    items = "".join(f'<li><a href="{path}">Bài viết về công việc của xã {path}</a></li>' for path in paths)
    return f"<!doctype html><html><head><title>Xã Hòa An</title></head><body><ul>{items}</ul></body></html>"


FAULTS = {
    "/tin/cut-1.html": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\n\r\n" + article("Cắt")[:900],
    "/tin/empty-2.html": answer(b""),
    "/tin/big-3.html": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 40000000\r\n\r\n" + b"<p>x</p>" * 5_000_000,
    "/tin/nested-4.html": answer("<html><body>" + "<div>" * 10_000 + "sâu"),
    "/tin/binary-5.html": answer(bytes(range(256)) * 40),
    "/tin/error-6.html": answer("lỗi", "500 Internal Server Error"),
    "/tin/silent-7.html": b"",
    "/tin/bomb-8.html": answer(gzip.compress(b"\0" * 80_000_000), Content_Encoding="gzip"),
}  # fmt: skip


@pytest.fixture
def crawled(loopback, tinhuyen):
    good = [f"/tin/bai-{n}.html" for n in range(20, 24)]
    loopback.routes = {
        "/": answer(links(*FAULTS, *good, "/tin/charset-9.html")),
        "/tin/charset-9.html": answer(article("Hội nghị Đảng bộ").replace(b"<meta charset=utf-8>", b""), kind="text/html; charset=iso-8859-1"),
        **{path: answer(article(f"Bài số {path}")) for path in good},
        **FAULTS,
    }  # fmt: skip
    assert tinhuyen("init").returncode == 0
    assert tinhuyen("add", loopback.base, "--allow-private").returncode == 0
    return tinhuyen("crawl", "--delay", "0")


def test_each_fault_is_one_line_with_a_reason_and_the_rest_is_kept(crawled, loopback, tinhuyen):
    assert crawled.returncode == 1, crawled.stdout + crawled.stderr
    assert "Traceback" not in crawled.stdout + crawled.stderr
    for path in FAULTS:
        lines = [line for line in crawled.stdout.splitlines() if line.startswith(f"          {loopback.base}{path}: ")]
        assert len(lines) == 1, (path, crawled.stdout)
        told = tinhuyen("why", loopback.base + path)
        assert told.returncode == 0
        assert lines[0].split(": ", 1)[1] in told.stdout
    rows = [json.loads(line) for line in tinhuyen("export").stdout.splitlines()]
    assert len(rows) == 5
    assert "Hội nghị Đảng bộ" in {row["title"] for row in rows}


def test_a_portal_that_answers_500_and_one_that_does_not_resolve_are_one_line_each(
    loopback, tinhuyen, free_port, tmp_path
):
    loopback.routes = {path: answer("lỗi", "500 Internal Server Error") for path in ("/", "/robots.txt")}
    tinhuyen("init")
    tinhuyen("add", loopback.base, "--allow-private")
    tinhuyen("add", f"http://127.0.0.1:{free_port}/", "--allow-private")
    config = tmp_path / "kho" / "tinhuyen.toml"
    config.write_text(config.read_text() + '[portals.nowhere]\nurl = "http://khong-co.invalid/"\n')
    done = tinhuyen("crawl", "--delay", "0")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    for reason in ("robots.txt answers 500", "khong-co.invalid does not resolve", "refuses the connection"):
        assert sum(reason in line for line in done.stdout.splitlines() if line.startswith("host")) == 1, done.stdout
    assert "answers 500" in tinhuyen("why", loopback.base).stdout
    assert "does not resolve" in tinhuyen("why", "http://khong-co.invalid/").stdout


@pytest.mark.parametrize(
    ("args", "says", "code"),
    [
        (("crawl", "hungha"), "no portal 'hungha'", 2),
        (("crawl",), "no portal yet", 2),
        (("add", "http://[oops"), "is no address of a portal", 2),
        (("add", "http://khong-co.invalid/"), "does not resolve", 2),
        (("add", "http://127.0.0.1/"), "--allow-private", 2),
        (("why", "http://x.vn/"), "was never discovered", 2),
        (("why", "http://[::1/"), "was never discovered", 2),
        (("retry", "http://[::1/"), "was never discovered", 2),
        (("extract", "http://[::1/"), "is no address of a page", 2),
        (("extract", "khong-co.html"), "cannot read khong-co.html", 2),
        (("export", "hungha"), "no portal 'hungha'", 2),
        (("--archive", "elsewhere", "status"), "no archive at", 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_mistake_is_one_clear_line(tinhuyen, args, says, code):
    tinhuyen("init")
    done = tinhuyen(*args)
    assert done.returncode == code
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_damaged_archive_says_so(tinhuyen, tmp_path):
    tinhuyen("init")
    (tmp_path / "kho" / "archive.db").write_bytes(b"this is no database, whatever its name says" * 100)
    done = tinhuyen("status", "--archive", str(tmp_path / "kho"))
    done = tinhuyen("export")
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_redirect_to_a_private_address_is_refused(loopback, tinhuyen, free_port):
    loopback.routes = {
        "/": answer(links("/di")),
        "/di": answer("", "302 Found", Location=f"http://127.0.0.1:{free_port}/trong"),
    }
    tinhuyen("init")
    tinhuyen("add", loopback.base, "--allow-private")
    tinhuyen("crawl", "--delay", "0")
    assert "redirects out of the portal" in tinhuyen("why", loopback.base + "/di").stdout


def test_a_limit_stops_early_and_says_so(loopback, tinhuyen):
    paths = [f"/tin/bai-viet-{n}.html" for n in range(30)]
    loopback.routes = {"/": answer(links(*paths)), **{path: answer(article(f"Bài {path}")) for path in paths}}
    tinhuyen("init")
    tinhuyen("add", loopback.base, "--allow-private")
    done = tinhuyen("crawl", "--delay", "0", "--limit", "3")
    assert "Stopped early" in done.stdout
    assert len(tinhuyen("export").stdout.splitlines()) == 3
    tinhuyen("crawl", "--delay", "0")
    assert len(tinhuyen("export").stdout.splitlines()) == 30
    assert max(loopback.asked(path) for path in paths) == 1
