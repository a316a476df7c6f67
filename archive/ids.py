"""Names that last: the key of a URL and the id of an article.

An id is a date-coded integer, ``yyyymmdd * 10^8 + hash``: newest-first is ``ORDER BY id DESC``, a range of days is a
range of ids, and the largest (year 9007) still fits the 2^53 of a JavaScript number.
"""

from __future__ import annotations

from datetime import date, datetime
from hashlib import blake2b

from archive.model import Article, Capture
from archive.text.vietnam_time import VIETNAM

CANONICALISER_VERSION = 1
"""Version of the rules that made the canonical URLs behind the keys; stored beside each key."""

IDS_A_DAY = 10**8
EARLIEST_YEAR = 1990
"""No portal is older; an earlier publication date is a mistake of the page and must not shape an id."""


def url_key(canonical_url: str) -> bytes:
    """16 bytes (BLAKE2b) that stand for a canonical URL in every table and every archive."""
    return blake2b(canonical_url.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def article_id(day: date, key: bytes) -> int:
    """The id an article of that day and key asks for; the store probes upward from it when it is taken."""
    return id_floor(day) + int.from_bytes(key, "big") % IDS_A_DAY


def id_floor(day: date) -> int:
    """The smallest id of a day: ``id_floor(a) <= id < id_floor(b + 1 day)`` selects the days a to b."""
    return (day.year * 10_000 + day.month * 100 + day.day) * IDS_A_DAY


def day_of_id(identifier: int) -> str:
    """The day coded in an id as ``YYYY-MM-DD``: that of publication as first known, else of first sight."""
    coded = f"{identifier // IDS_A_DAY:08d}"
    return f"{coded[:4]}-{coded[4:6]}-{coded[6:]}"


def day_for_id(article: Article, capture: Capture) -> date:
    """The day of publication, else that of first sight in Vietnam; never the event's."""
    seen = datetime.fromisoformat(capture.fetched_at).astimezone(VIETNAM).date()
    if article.published is None:
        return seen
    try:
        day = date.fromisoformat(f"{article.published.value}-01"[:10])
    except ValueError:
        return seen
    return day if EARLIEST_YEAR <= day.year <= seen.year + 1 else seen
