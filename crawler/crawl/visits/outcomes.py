"""What an answer makes of its row: one pure function for each kind of answer, from the look at a page to its outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from archive.model import Found as Instead
from archive.text.vietnam_time import DAY
from crawler.crawl.records.kept import Kept
from crawler.extract.kinds.no_page import challenge_in
from crawler.fetch.failures import FetchFailure
from crawler.ledger import revisits
from crawler.ledger.rows import NO_VALIDATORS, Outcome, Page, State, Validators
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_MISSING = {"sitemap": Code.NO_SITEMAP_THERE, "feed": Code.NO_FEED_THERE}


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a page: its row, when (Unix seconds), and what is known of the answer so far."""

    row: Page
    now: float
    status: int | None = None
    kind: str | None = None
    validators: Validators = NO_VALIDATORS

    @property
    def is_of_article(self) -> bool:
        """Whether an article is kept from there."""
        return self.row.article_id is not None


def ended(look: Look, state: State, reason: Reason, **more: Any) -> Outcome:
    """An outcome of which only the state and the reason are new, and ``more``; what was counted before goes on."""
    counts = {"suspect_since": look.row.suspect_since, "unseen_since": look.row.unseen_since}
    return Outcome(state, reason, **{"kind": look.kind, "validators": look.validators, **counts, **more})


def as_it_was(look: Look, reason: Reason, **more: Any) -> Outcome:
    """The row keeps its state."""
    return ended(look, look.row.was, reason, **more)


def no_answer(look: Look, failure: FetchFailure) -> Outcome:
    """No whole answer: tried again while that may help."""
    row, tries = look.row, look.row.tries + 1
    due = revisits.retry_due(tries, look.now) if failure.retry else None
    if due is None:
        return failed(look, failure.reason)
    reason, due = failure.reason.noting(Code.TRIED, tries=tries), max(due, look.now + failure.wait)
    return as_it_was(look, reason, due=due, tries=tries, validators=Validators(row.etag, row.last_modified))


def failed(look: Look, reason: Reason) -> Outcome:
    """A visit that failed for good, for this crawl; what is kept stays, and is asked for again."""
    row, tries = look.row, look.row.tries + 1
    if row.article_id is None and row.was != "file":
        return ended(look, "failed", reason, tries=tries, counted="failed")
    noted = reason.noting(Code.LAST_VISIT_FAILED)
    stays = as_it_was(look, noted, due=look.now + DAY, tries=tries, counted="failed")
    status = look.status or 0
    return (
        stays if status < 400 or status == 429 else _unseen(look, stays, "server error" if status >= 500 else "refused")
    )


def not_modified(look: Look, known: Kept | None) -> Outcome:
    """304: the article, list or file is as it was. ``known``: the article as the archive has it."""
    row = look.row
    if row.article_id is None and row.was not in ("listed", "file"):
        return no_answer(look, FetchFailure(Reason(Code.NOT_MODIFIED_NEVER_KEPT), True))
    if row.article_id is not None:
        state: State = "unchanged"
        due: float | None = revisits.article_due(known.since if known else look.now, look.now)
    else:
        state, due = row.was, revisits.listing_due(row.depth, row.key, look.now) if row.was == "listed" else None
    kept = Validators(row.etag, row.last_modified)
    return Outcome(state, Reason(Code.NOT_MODIFIED), due, kind=look.kind, validators=kept)


def missing(look: Look, status: int) -> Outcome:
    """404 or 410: a dead link, or one more of the checks after which an article is gone."""
    row = look.row
    if row.was == "file":
        return file_not_there(look, "missing", Reason(Code.FILE_MISSING, status=status))
    if row.role == "home":
        return failed(look, Reason(Code.HOME_MISSING, status=status))
    if row.article_id is None:
        return skipped(look, Reason(_MISSING.get(row.role, Code.DEAD_LINK), status=status))
    since = row.suspect_since or look.now
    due = None if row.was == "gone" else revisits.suspect_due(since, look.now)
    return ended(
        look,
        "suspect" if due is not None else "gone",
        Reason(Code.ARTICLE_MISSING if due is not None else Code.ARTICLE_GONE, status=status),
        due=due,
        suspect_since=since,
        unseen_since=row.unseen_since or look.now,
        instead="missing",
        gone=due is None and row.was != "gone",
    )


def refused(look: Look, status: int, body: bytes) -> Outcome:
    """Any other status but 200. A gate for people is named where 401 or 403 shows one."""
    if status not in (401, 403):
        return skipped(look, Reason(Code.SERVER_ANSWERS, status=status), "refused")
    gate = challenge_in(body)
    blocked = Reason(Code.BLOCKED_BY_STATUS, why=gate, status=status) if gate is not None else None
    return failed(look, blocked or Reason(Code.SERVER_REFUSES, status=status))


def skipped(look: Look, reason: Reason, instead: Instead = "other page") -> Outcome:
    """A page that is no article. Where an article or a file is kept, ``instead`` says what came in its place."""
    if look.is_of_article:
        return replace(not_gone(look, reason.noting(Code.NO_PROOF), instead), counted="skipped")
    if look.row.was == "file":
        return replace(file_not_there(look, instead, reason), counted="skipped")
    return ended(look, "skipped", reason, counted="skipped")


def not_gone(look: Look, reason: Reason, instead: Instead) -> Outcome:
    """An article's page that brought something else: it stays kept and is asked for again, and a count of 404s that had
    begun is over, since not every check gave one."""
    row = look.row
    state: State = "stored" if row.was in ("suspect", "listed") else row.was
    suspect_since = row.suspect_since if row.was == "gone" else None
    return _unseen(look, ended(look, state, reason, suspect_since=suspect_since), instead)


def file_not_there(look: Look, instead: Instead, reason: Reason) -> Outcome:
    """A kept file whose address brought something else: the copy stays, and is asked for again with its article."""
    return _unseen(look, ended(look, "file", reason.noting(Code.COPY_STAYS)), instead)


def article(look: Look, published: float | None) -> Outcome:
    """An article was read; ``published`` (Unix seconds) is what its age counts from, where that is known."""
    due = revisits.article_due(look.now if published is None else min(published, look.now), look.now)
    return ended(look, "stored", Reason(Code.ARTICLE), due=due, suspect_since=None, unseen_since=None)


def file(look: Look, type: str, size: int) -> Outcome:
    """A file came; it is asked for again with its article."""
    said = Reason(Code.FILE, type=type or "type not said", size=size)
    return ended(look, "file", said, kind="file", unseen_since=None)


def listed(look: Look, reason: Reason, kind: str | None = None) -> Outcome:
    """A list of the portal, read for its links; asked for again by its depth."""
    due = revisits.listing_due(look.row.depth, look.row.key, look.now)
    return ended(look, "listed", reason, kind=kind or look.kind, due=due)


def announced(look: Look, reason: Reason, kind: str) -> Outcome:
    """A feed, a sitemap or the answer to a form, read for its links; when it is asked for again is not its own to say."""
    return ended(look, "listed", reason, kind=kind)


def goes_elsewhere(look: Look, reason: Reason, url: str) -> Outcome:
    """The same page has another address, which is asked at once and from now on."""
    return as_it_was(look, reason, url=url, tries=look.row.tries + 1, due=look.now)


def never_asked(look: Look, why: Reason) -> Outcome:
    """The host cannot be asked at all. What is kept stays, with all that was known of it; only this visit failed."""
    if look.is_of_article:
        validators = Validators(look.row.etag, look.row.last_modified)
        return replace(failed(replace(look, status=None), why), validators=validators)
    return Outcome("failed", why, tries=look.row.tries + 1, counted="failed")


def forbidden(look: Look) -> Outcome:
    """robots.txt forbids the page, so it is not asked for. What is kept stays, and is asked for once that is allowed."""
    row, reason = look.row, Reason(Code.ROBOTS_FORBIDS)
    if not look.is_of_article and row.was != "file":
        return Outcome("skipped", reason, counted="skipped")
    due = look.now + revisits.DEEP_PAGE if look.is_of_article else None  # a file is asked for with its article
    stays, validators = reason.noting(Code.COPY_STAYS), Validators(row.etag, row.last_modified)
    return as_it_was(look, stays, due=due, validators=validators, counted="skipped")


def _unseen(look: Look, outcome: Outcome, instead: Instead) -> Outcome:
    """The outcome of a look that did not find what is kept: since when that is so, and when it is looked for again."""
    row = look.row
    since = row.unseen_since or look.now
    due = outcome.due if row.was in ("gone", "file") else revisits.unseen_due(since, look.now)
    return replace(outcome, unseen_since=since, due=due, instead=instead)
