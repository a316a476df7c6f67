"""What a visit brought goes into ``archive.db``: articles, files, and looks that did not find what is kept."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model import Saved
from archive.queries.suspensions import suspended_at
from archive.store import Store
from archive.warc.write import utc_now, warc_date
from crawler.crawl.records.kept import kept
from crawler.crawl.records.visit import Tally, Visit


@dataclass(frozen=True, slots=True)
class Stored:
    """What the archive made of a visit: outcomes of the articles it tells of, and the article read, if one was."""

    outcomes: list[str]
    article: Saved | None = None
    withheld: int | None = None
    """The suspended article to which it belongs: its capture is kept aside, and nothing of it in the archive."""


def store_visit(store: Store, tally: Tally, visit: Visit) -> Stored:
    """Keep what a visit brought, within the caller's batch."""
    outcomes: list[str] = []
    page, capture, saved = visit.page, visit.capture, None
    if (suspended := suspended_at(store.conn, _addresses(visit), page.article_id)) is not None:
        return Stored([], withheld=suspended)
    if capture is not None and visit.how == "lifted":
        store.note("lifted", capture.record_id)
    if capture is not None and visit.how == "unread":
        store.note("unread", capture.record_id)
    if capture is not None and visit.article is None:
        store.save_capture(capture)
    if visit.article is not None and capture is not None:  # its capture is saved with it
        saved = store.save_article(visit.article, capture, page.portal)
        outcomes.append(saved.outcome)
    if visit.seen_again and capture is not None:
        store.touch(visit.seen_again, capture)
        outcomes.append("unchanged")
    _observe(store, visit)
    if visit.outcome.gone and page.article_id and (known := kept(store.conn, page.article_id)) is not None:
        store.mark_gone(known.canonical_url, warc_date(utc_now()))
        outcomes.append("gone")
    outcomes += ["revised"] * len(_store_file(store, tally, visit))
    return Stored(outcomes, saved)


def _addresses(visit: Visit) -> list[str]:
    """Every address that a visit tells something of."""
    found = [visit.page.url, *(url for alias in visit.file_aliases for url in alias)]
    if visit.capture is not None:
        found.append(visit.capture.url)
    if visit.article is not None:
        found.append(visit.article.canonical_url)
    return found


def _observe(store: Store, visit: Visit) -> None:
    """Keep a look that did not find the article or the file. An archive put back from a copy may not have the article."""
    page, capture = visit.page, visit.capture
    if visit.outcome.instead is None or capture is None:
        return
    if page.article_id is None or kept(store.conn, page.article_id) is not None:
        store.observe(page.url, capture, visit.outcome.instead, page.article_id)


def _store_file(store: Store, tally: Tally, visit: Visit) -> list[int]:
    """Keep what a visit to a file brought; answers the articles that are revised by it."""
    page, capture = visit.page, visit.capture
    revised: list[int] = []
    if capture is not None and capture.status == 304 and page.was == "file":
        revised = store.touch_file(page.url, capture)
    if capture is not None and (file := visit.file) is not None:
        revised = store.save_file(page.url, page.portal, capture, file.sha256, file.bytes, file.name)
    for url, target in visit.file_aliases:
        revised = revised + store.alias_file(url, target)
    tally.replaced += len(revised)
    return revised
