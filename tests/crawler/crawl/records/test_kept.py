"""What the archive knows of an article that is asked for again: since when its age counts."""

from __future__ import annotations

from datetime import datetime

import pytest

from archive.model import Article, Attachment, Capture, PrintedDate
from crawler.crawl.records.kept import attachments, kept, published_at
from tests.crawler.crawl.opened import HOME

URL = HOME + "tin/1"
SEEN = "2026-03-02T00:00:00Z"


def unix(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.fixture
def stored(opened):
    crawl = opened()

    def store(published: PrintedDate | None, files=()) -> tuple:
        capture = Capture("urn:uuid:1", "a", 0, 1, URL, SEEN, 200, "sha256:x", "xahoa")
        article = Article(
            URL, URL, "Tin", text="Xã họp.", published=published, attachments=[Attachment(f) for f in files]
        )
        return crawl.store.conn, crawl.store.save_article(article, capture, "xahoa").id

    return store


@pytest.mark.parametrize(
    ("value", "precision", "since"),
    [
        ("2020-01-13T08:30+07:00", "minute", "2020-01-13T08:30+07:00"),
        ("2020-01-13", "day", "2020-01-13T00:00+07:00"),
        ("2020-01", "month", SEEN),
        ("2031-01-01", "day", SEEN),  # a day that has not come: it is as old as when it was seen
        (None, None, SEEN),
    ],
)
def test_an_article_is_as_old_as_its_publication_where_that_is_known_to_the_day(stored, value, precision, since):
    conn, article = stored(PrintedDate(value, precision, "visible", "x") if value else None)
    assert kept(conn, article).since == unix(since)
    assert kept(conn, article).canonical_url == URL


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        (None, None),
        (PrintedDate("2020-01", "month", "visible", "x"), None),
        (PrintedDate("2020-01-13", "day", "visible", "x"), "2020-01-13T00:00+07:00"),
        (PrintedDate("2020-01-13T08:30:15+07:00", "minute", "visible", "x"), "2020-01-13T08:30:15+07:00"),
        (PrintedDate("not a day", "day", "visible", "x"), None),
    ],
)
def test_a_printed_date_is_a_moment_from_the_day_on(printed, at):
    assert published_at(printed) == (None if at is None else unix(at))


def test_an_article_that_is_not_kept_is_none(stored):
    conn, article = stored(None)
    assert kept(conn, article + 1) is None
    assert attachments(conn, article + 1) == []


def test_files_are_told_in_their_order(stored):
    files = [HOME + "b.pdf", HOME + "a.pdf"]
    conn, article = stored(None, files)
    assert attachments(conn, article) == files
