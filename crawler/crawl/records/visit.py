"""What a crawl did: one visit to a page, and the count of them all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from archive.model import Article, Capture
from crawler.fetch.offline import Reach
from crawler.health.fill import Fill
from crawler.ledger.forms import Offer
from crawler.ledger.rows import Found, Outcome, Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file as it came: the digest and size of its bytes, and what the server calls it (Content-Disposition)."""

    sha256: str
    bytes: int
    name: str | None


@dataclass(slots=True)
class Posts:
    """What a visit says of forms: the pages of a list that one found here leads to, and when a posted page may be posted again."""

    offers: list[Offer] = field(default_factory=list)
    again: float | None = None
    """Unix seconds; ``None``: as :meth:`crawler.ledger.forms.Forms.settle` says."""


@dataclass(slots=True)
class Visit:
    """What one visit to a page brought: the outcome for its row, and what is to be stored with it."""

    page: Page
    epoch: int
    """Of the lease under which the page was asked for."""
    outcome: Outcome
    capture: Capture | None = None
    article: Article | None = None
    file: FileSeen | None = None
    file_aliases: list[tuple[str, str]] = field(default_factory=list)
    """Addresses that redirect to that of a file, each with it."""
    seen_again: str | None = None
    """The canonical URL of an article that was asked for and had not changed."""
    files: list[bytes] = field(default_factory=list)
    """Keys of the attachments of an article that is looked at again: they are asked for with it."""
    found: list[Found] = field(default_factory=list)
    posts: Posts = field(default_factory=Posts)
    how: Literal["", "lifted", "unread"] = ""
    """``lifted``: read whatever its address says (:attr:`crawler.page.page.Page.lifted`); ``unread``: not read as a page of its
    own, as the answer to a form, or a page that ends who reads it."""


@dataclass(slots=True)
class HostTally:
    """Hosts of a run: those left alone for what they answered, each with the reason, and which could be reached at all."""

    failed: dict[str, Reason] = field(default_factory=dict)
    reach: Reach = field(default_factory=Reach)


@dataclass(slots=True)
class Tally:
    """What a run did, for its summary: counts by outcome, reasons with an example each, failures line by line."""

    requests: int = 0
    articles: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    files: int = 0
    replaced: int = 0
    """Articles of which an attachment was replaced; they count as revised."""
    failed: dict[str, str] = field(default_factory=dict)
    hosts: HostTally = field(default_factory=HostTally)
    by_portal: dict[str, Counter[str]] = field(default_factory=dict)
    """Outcomes of each portal's visits: article outcomes, ``requests``, ``files``, ``skipped``, ``failed``."""
    fills: dict[str, Fill] = field(default_factory=dict)
    """How full the articles of each portal were."""
    unread: dict[str, int] = field(default_factory=dict)
    """Portals of which a new theme was learnt, each with how many articles were not yet read again by it."""
    limits: dict[str, str] = field(default_factory=dict)
    """Portals of which this run took as much as it may, each with the limit."""

    def count(self, page: Page, outcome: Outcome) -> None:
        """Count a visit as its outcome says. ``skipped`` is told by its reason without what is noted on it."""
        if outcome.counted == "failed":
            self.failed[page.url] = str(outcome.reason.without(Code.LAST_VISIT_FAILED))
        elif outcome.counted == "skipped":
            self.skipped[outcome.reason.group] += 1
        elif outcome.state == "suspect" and outcome.instead == "missing":
            self.articles["suspect"] += 1
