"""The main job, end to end: three portals served on loopback, crawled by the real command, compared with their truth,
browsed in a real browser."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import unicodedata
from pathlib import Path
from urllib.parse import unquote

import pytest

from crawler import demo
from tests.browser import opened

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

NAMES = [portal.name for portal in demo.portals()]

FLOORS = {
    "title": 0.99,
    "day": 0.99,
    "paragraph": 0.99,
    "captions": 0.95,
    "section": 0.95,
    "byline": 0.90,
    "attachments": 0.98,
}
"""What must be right of the demo's articles. They may rise, never fall."""


def three_free_ports() -> int:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for first in range(18931 + 1000 * worker, 28931, 7):
        with socket.socket() as a, socket.socket() as b, socket.socket() as c:
            try:
                for offset, sock in enumerate((a, b, c)):
                    sock.bind(("127.0.0.1", first + offset))
            except OSError:
                continue
            return first
    raise AssertionError("no three free ports in a row")


class Crawled:
    """One demo archive: the command's output, its export, and the addresses its portals were served at."""

    def __init__(self, folder: Path, first: int) -> None:
        self.folder, self.first = folder, first
        self.output = self.run().stdout
        self.rows = self.export()

    def run(self) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "crawler", "demo", "--no-serve", "--dir", str(self.folder)]
        command += ["--portals-port", str(self.first)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    def export(self) -> dict[str, dict]:
        command = [sys.executable, "-m", "crawler", "export", "--archive", str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return {unquote(row["url"]): row for row in map(json.loads, done.stdout.splitlines())}

    def base(self, name: str) -> str:
        return f"http://127.0.0.1:{self.first + NAMES.index(name)}"

    def pairs(self, name: str) -> list[tuple[dict, dict]]:
        """Truth and export, article by article; an article that was not found is paired with an empty one."""
        aliases = {unquote(k): unquote(v) for k, v in demo.duplicates(name, self.base(name)).items()}
        held = {aliases.get(url, url): row for url, row in self.rows.items()}
        return [(t, held.get(unquote(t["url"]), {})) for t in demo.truth(name, self.base(name))]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> Crawled:
    return Crawled(tmp_path_factory.mktemp("demo") / "archive", three_free_ports())


def plain(text: str | None) -> str:
    text = unicodedata.normalize("NFC", text or "")
    return " ".join(text.translate(str.maketrans("“”‘’–—\xa0", "\"\"''-- ")).split())


@pytest.mark.parametrize("name", NAMES)
def test_every_article_is_found_and_nothing_else(crawled, name):
    pairs = crawled.pairs(name)
    assert [t["url"] for t, row in pairs if not row] == []
    held = [row for row in crawled.rows.values() if row["url"].startswith(crawled.base(name))]
    extra = sorted({row["url"] for row in held} - {row["url"] for _, row in pairs if row})
    assert not extra
    assert len(held) == len(pairs) >= 30
    others = {unquote(url) for url in demo.not_articles(name, crawled.base(name))}
    assert others & set(crawled.rows) == set()


@pytest.mark.parametrize("name", NAMES)
def test_articles_are_read_as_they_were_written(crawled, name):
    right = {what: [0, 0] for what in FLOORS}
    wrong: list[tuple] = []

    def count(what: str, ok: bool, *shown: object) -> None:
        right[what][0] += ok
        right[what][1] += 1
        if not ok:
            wrong.append((what, *shown))

    for truth, row in crawled.pairs(name):
        count("title", plain(row["title"]) == plain(truth["title"]), row["title"])
        day, printed = (row["published"] or "")[:10], (truth["published"] or "")[:10]
        count("day", day == printed, day, printed, row["url"])
        kept = [plain(part) for part in [row["lead"], *row["text"].split("\n\n")]]
        # a line that only links a file is told as an attachment, or as removed
        told = {plain(file["name"]) for file in row["attachments"]} | {plain(piece["text"]) for piece in row["removed"]}
        for part in [truth["lead"], *truth["body_paragraphs"], *truth["bullets"]]:
            if part and plain(part) not in told:
                count("paragraph", plain(part) in kept, part[:80], row["url"])
        captions = [plain(caption) for caption in row["captions"]]
        for caption in truth["captions"]:
            count("captions", plain(caption) in captions and plain(caption) not in kept, caption, row["url"])
        count("section", plain(row["section"]) == plain(truth["section"]), row["section"], truth["section"])
        if truth["byline"]:
            count("byline", plain(row["byline"]) == plain(truth["byline"]), row["byline"], truth["byline"], row["url"])
        held = {unquote(file["url"]): file for file in row["attachments"]}
        for file in truth["attachments"]:
            found = held.get(unquote(file["url"]))
            count("attachments", found is not None and bool(found["sha256"]), file["url"], row["url"])
    below = {what: got for what, got in right.items() if got[1] and got[0] / got[1] < FLOORS[what]}
    assert not below, (below, wrong[:20])


def test_the_advert_is_in_no_text_but_told(crawled):
    (seed,) = [row for row in crawled.rows.values() if (row["title"] or "").startswith("Cụm thi đua các Huyện")]
    assert (seed["published"], seed["event_date"], seed["views"]) == (None, "2020-01-11", 265)
    assert (seed["byline"], seed["section"]) == ("Thu Uyên (Đài TT-TH Hưng Hà)", "Tin tổng hợp")
    assert len(seed["captions"]) == 3
    kinds = {piece["kind"] for piece in seed["removed"]}
    assert kinds >= {"counter", "rating", "section", "ad_label", "spam"}
    spam = [piece["text"] for piece in seed["removed"] if piece["kind"] == "spam"]
    assert "khoan cat be tong ha noi" in " ".join(spam)
    for row in crawled.rows.values():
        assert "khoan cat be tong" not in (row["lead"] or "") + row["text"]


def test_the_summary_tells_portals_articles_skips_seconds_and_the_place(crawled):
    lines = crawled.output
    assert "layout drift" not in lines  # what a crawl learns is no change of the portal's
    assert re.search(r"3 portals, [\d,]+ requests in \d+\.\d s", lines)
    assert f"{len(crawled.rows)} held" in lines and "skipped" in lines and str(crawled.folder) in lines
    assert "failed" not in lines and "problem" not in lines


def test_running_it_again_adds_nothing_twice(crawled):
    again = crawled.run().stdout
    assert "0 new, 0 revised" in again
    assert crawled.export().keys() == crawled.rows.keys()


def test_every_capture_stands_where_the_archive_says(crawled):
    from archive.warc.read import read_exchange

    for row in list(crawled.rows.values())[::10]:
        capture = row["capture"]
        stored = read_exchange(crawled.folder / "warc", capture["warc"], capture["offset"], capture["length"])
        assert stored.record_id == capture["record_id"].removeprefix("<").removesuffix(">")


@pytest.mark.browser
def test_a_reader_searches_without_accents_opens_the_article_and_sees_its_provenance(crawled):
    command = [sys.executable, "-m", "crawler", "serve", "--archive", str(crawled.folder), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    ) as server:
        try:
            with opened() as browser:
                _reads(browser, server)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)


def _reads(browser, server) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    assert server.stdout is not None
    address = re.search(r"http://\S+", server.stdout.readline()).group()  # type: ignore[union-attr]
    browser.get(address)
    field = browser.find_element(By.CSS_SELECTOR, "main input[type=search], input[name=q]")
    field.send_keys("cum thi dua cac huyen")
    field.submit()
    wait = WebDriverWait(browser, 60)  # neither a submit nor a click waits for the page it leads to
    wait.until(lambda shown: "q=" in shown.current_url and shown.find_elements(By.CSS_SELECTOR, "main mark"))
    marks = [mark.text for mark in browser.find_elements(By.CSS_SELECTOR, "main mark")]
    assert " ".join(marks).startswith("Cụm thi đua các Huyện"), marks
    browser.find_element(By.PARTIAL_LINK_TEXT, "Cụm thi đua các Huyện Thành phố").click()
    wait.until(lambda shown: "/bai/" in shown.current_url and shown.find_elements(By.TAG_NAME, "footer"))
    text = browser.find_element(By.TAG_NAME, "main").text
    assert "Thu Uyên (Đài TT-TH Hưng Hà)" in text
    assert "SHA-256" in text and ".warc.gz" in text
    assert re.search(r"\b[0-9a-f]{64}\b", text)
    assert not browser.find_elements(By.CSS_SELECTOR, 'a[href*="khoancatbetong"]')
