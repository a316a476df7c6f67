"""Servers that misbehave as a whole: silent, slow, refusing, with a hostile robots.txt or redirects without end.

Each is a portal of its own; one crawl of all of them, side by side.
"""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from fastwarc.warc import ArchiveIterator

from tests.conftest import answer
from tests.crawler.crawl.hostile import (
    NOT_FOUND,
    Act,
    Crawled,
    dripping,
    endless,
    links,
    reset_after,
    serving,
    silent_after,
    wait_for_goodbye,
)
from tests.crawler.crawl.test_faults import article

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile-hosts")]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
TEXT = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
TIMEOUT = 2  # seconds, total


@dataclass(frozen=True)
class HostCase:
    """One hostile server: what it answers by path, and what becomes of ``page`` (the home page unless said)."""

    name: str
    acts: dict[str, Act]
    state: str
    says: str
    page: str = "/"
    before: Callable[[socket.socket], None] | None = None


def soon(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def home(title: str, *paths: str) -> bytes:
    return answer(links(*paths).replace("Xã Hòa An".encode(), title.encode()))


def robots(act: Act) -> dict[str, Act]:
    """A sound home page behind a ``robots.txt`` that is not."""
    return {"/robots.txt": act, "/": answer(links("/tin/bai-1.html")), "/tin/bai-1.html": answer(article("Sau robots"))}


def moved(to: str) -> bytes:
    return answer("", "302 Found", Location=to)


def forever(connection: socket.socket) -> None:
    """Redirect to an address never seen before."""
    moved_to = id(connection) ^ connection.getpeername()[1]
    connection.sendall(moved(f"/di/{moved_to}-{datetime.now(UTC).timestamp()}.html"))


SILENT, UNFINISHED = f"did not answer within {TIMEOUT} s", f"did not finish its answer within {TIMEOUT} s"

TIME = [
    HostCase("silent-after-accept", {}, "failed", SILENT, before=wait_for_goodbye),
    HostCase("silent-before-head", {"/": silent_after(b"")}, "failed", SILENT),
    HostCase("silent-in-head", {"/": silent_after(OK)}, "failed", UNFINISHED),
    HostCase("silent-in-body", {"/": silent_after(OK + b"Content-Length: 9000\r\n\r\n<p>")}, "failed", UNFINISHED),
    HostCase("drip-of-body", {"/": dripping(OK + b"Content-Length: 9000\r\n\r\n", 0.3)}, "failed", UNFINISHED),
    HostCase("drip-of-head", {"/": dripping(OK + b"X-Slow: ", 0.3)}, "failed", UNFINISHED),
    HostCase("reset-on-accept", {}, "failed", "connection", before=reset_after(b"")),
]

STATUS = [
    HostCase("always-500", {"/": answer("lỗi", "500 Internal Server Error")}, "failed", "answers 500"),
    HostCase("503-without-a-time", {"/": answer("bận", "503 Service Unavailable")}, "failed", "answers 503"),
    HostCase("429-until-later", {"/": answer("", "429 Too Many Requests", Retry_After=soon(3600))}, "new", "asking to wait"),
    HostCase("429-until-the-past", {"/": answer("", "429 Too Many Requests", Retry_After=soon(-99))}, "failed", "answers 429"),
    HostCase("429-with-nonsense", {"/": answer("", "429 Too Many Requests", Retry_After="mai")}, "failed", "answers 429"),
    HostCase("proxy-password", {"/": answer("", "407 Proxy Authentication Required")}, "failed", "password"),
]  # fmt: skip

ROBOTS = [
    HostCase("robots-redirects", robots(moved("/robots/")), "listed", ""),
    HostCase("robots-redirects-in-a-circle", robots(moved("/robots.txt")), "listed", ""),
    HostCase("robots-redirects-out", robots(moved("http://169.254.169.254/")), "listed", ""),
    HostCase("robots-of-html", robots(answer(links("/x"))), "listed", ""),
    HostCase("robots-of-binary", robots(answer(bytes(range(256)) * 400, kind="text/plain")), "listed", ""),
    HostCase("robots-of-900-kb", robots(answer("Disallow: /x\n" * 70_000, kind="text/plain")), "listed", ""),
    HostCase("robots-bomb", robots(answer(gzip.compress(b"\0" * 60_000_000), Content_Encoding="gzip")), "failed", "larger than the limit"),
    HostCase("robots-endless", robots(endless(TEXT + b"\r\n", b"Disallow: /x\n" * 9000)), "failed", "larger than the limit"),
    HostCase("robots-silent", robots(silent_after(b"")), "failed", SILENT),
    HostCase("robots-400", robots(answer("", "400 Bad Request")), "listed", ""),
    HostCase("robots-403", robots(answer("", "403 Forbidden")), "listed", ""),
    HostCase("robots-500", robots(answer("", "500 Internal Server Error")), "failed", "robots.txt answers 500"),
    HostCase("robots-forbids-all", robots(answer("User-agent: *\nDisallow: /", kind="text/plain")), "skipped", "robots.txt forbids it"),
    HostCase("robots-asks-for-a-day", robots(answer("User-agent: *\nCrawl-delay: 0.1\n" + "Crawl-delay: x\n" * 9, kind="text/plain")), "listed", ""),
]  # fmt: skip

CHAIN = {f"/di/{n}.html": moved(f"/di/{n + 1}.html") for n in range(30)}

REDIRECTS = [
    HostCase("chain-of-30", {"/": home("Chuỗi", "/di/0.html"), **CHAIN}, "failed", "more than 20 redirects", "/di/20.html"),
    HostCase("redirects-forever", {"/": home("Mãi", "/di/0.html"), "/robots.txt": NOT_FOUND, "/sitemap.xml": NOT_FOUND, "*": forever}, "skipped", "redirects to", "/di/0.html"),
    HostCase("home-leads-out", {"/": moved("http://169.254.169.254/latest/")}, "failed", "redirects to http://169.254.169.254"),
    HostCase("says-brotli", {"/": answer(b"\x0b\x02\x80brotli?\x03", Content_Encoding="br")}, "failed", "encoded as br"),
]  # fmt: skip

CASES = {case.name: case for case in [*TIME, *STATUS, *ROBOTS, *REDIRECTS]}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    with serving(len(CASES)) as servers:
        bases = {}
        for case, server in zip(CASES.values(), servers, strict=True):
            server.acts, server.before = case.acts, case.before
            server.fallback = case.acts.get("*", server.fallback)
            bases[case.name] = server.base
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            bases["refusing"] = f"http://127.0.0.1:{closed.getsockname()[1]}"
            bases["nameless"] = "http://khong-co.invalid"
            folder = tmp_path_factory.mktemp("hosts") / "kho"
            done = Crawled.of(folder, {name: f"{base}/" for name, base in bases.items()}, {"timeout": TIMEOUT})
        done.bases = bases
        done.longest = {case: server.longest for case, server in zip(CASES, servers, strict=True)}
        yield done


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_kind_ends_with_a_state_and_a_plain_reason(crawled, case):
    state, reason = crawled.row(crawled.bases[case.name] + case.page)
    assert state == case.state and case.says in reason


def test_each_server_is_one_line_with_a_reason_and_nothing_is_an_error_of_ours(crawled):
    assert crawled.code == 1
    assert "Traceback" not in crawled.said and "problem" not in crawled.said
    assert "refuses the connection" in crawled.row(crawled.bases["refusing"] + "/")[1]
    assert "does not resolve" in crawled.row(crawled.bases["nameless"] + "/")[1]
    assert "Sau robots" in crawled.titles()


@pytest.mark.parametrize("case", TIME[:-1], ids=lambda case: case.name)
def test_the_time_out_counts_from_the_first_byte_to_the_last_not_between_two(crawled, case):
    assert TIMEOUT - 0.5 < crawled.longest[case.name] < TIMEOUT + 2


def test_redirects_that_never_end_are_left(crawled):
    base = crawled.bases["redirects-forever"]
    assert len(crawled.pages(base)) < 25
    assert any("more than 20 redirects" in reason for _, _, reason in crawled.pages(base))


def test_only_the_server_that_asked_for_an_hour_is_left_waiting(crawled):
    waiting = {url for url, state, _ in crawled.pages("http") if state in ("new", "leased")}
    assert {url.rsplit("/", 1)[0] for url in waiting} == {crawled.bases["429-until-later"]}


def test_every_record_of_the_warc_file_can_be_read_back(crawled):
    """By fastwarc: warcio cannot even check a body that says it is brotli."""
    (path,) = (crawled.folder / "warc").glob("*.warc.gz")
    with path.open("rb") as stream:
        records = list(ArchiveIterator(stream, verify_digests=True))
    assert len(records) > 3 * len(CASES)


def test_memory_stays_bounded(crawled):
    assert crawled.megabytes < 300
