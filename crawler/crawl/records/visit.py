"""What a crawl did: one visit to a page, and the count of them all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from archive.model import Article, Capture
from archive.model import Found as Instead
from crawler.fetch.offline import Reach
from crawler.health.fill import Fill
from crawler.ledger.forms import Offer
from crawler.ledger.rows import Ack, Found, Page
from crawler.reasons.reason import Reason


@dataclass(slots=True)
class Visit:
    """What one visit to a page brought: how the row is acknowledged and what is to be stored with it."""

    page: Page
    ack: Ack
    capture: Capture | None = None
    article: Article | None = None
    file_sha256: str | None = None
    file_bytes: int | None = None
    file_name: str | None = None
    """What the server calls the file (Content-Disposition)."""
    file_aliases: list[tuple[str, str]] = field(default_factory=list)
    """Addresses that redirect to that of a file, each with it."""
    seen_again: str | None = None
    """The canonical URL of an article that was asked for and had not changed."""
    file_again: bool = False
    """A file was asked for and had not changed."""
    instead: Instead | None = None
    """What came in the place of a kept article or file."""
    files: list[bytes] = field(default_factory=list)
    """Keys of the attachments of an article that is looked at again: they are asked for with it."""
    gone: bool = False
    found: list[Found] = field(default_factory=list)
    offers: list[Offer] | None = None
    """Pages of a list that are reached by posting a form found on this one."""
    again: float | None = None
    """When a posted page may be posted again (Unix seconds); ``None``: as :meth:`crawler.ledger.forms.Forms.settle` says."""


@dataclass(slots=True)
class Tally:
    """What a run did, for its summary: counts by outcome, reasons with an example each, failures line by line."""

    requests: int = 0
    articles: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    files: int = 0
    replaced: int = 0
    """Articles of which an attachment was replaced."""
    failed: dict[str, str] = field(default_factory=dict)
    hosts_failed: dict[str, Reason] = field(default_factory=dict)
    by_portal: dict[str, Counter[str]] = field(default_factory=dict)
    """Outcomes of each portal's visits: article outcomes, ``requests``, ``files``, ``skipped``, ``failed``."""
    fills: dict[str, Fill] = field(default_factory=dict)
    """How full the articles of each portal were."""
    unread: dict[str, int] = field(default_factory=dict)
    """Portals of which a new theme was learnt, each with how many articles were not yet read again by it."""
    recovered: int = 0
    """Pages a killed crawl had fetched, taken up from its WARC files."""
    limits: dict[str, str] = field(default_factory=dict)
    """Portals of which this run took as much as it may, each with the limit."""
    reach: Reach = field(default_factory=Reach)
    """Which hosts could be reached."""
