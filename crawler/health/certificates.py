"""TLS certificates near their end: what nobody renews, nobody may look after.

Told from 14 days before the end on. Certificates that renew themselves do so 30 days before (Let's Encrypt's advice for
those of 90 days, and certbot's default), so that at 30 every healthy portal would be told of, and at 14 a renewal has
failed for two weeks. One that ended longer ago than 30 days is how the portal is: many live on with one for years.
"""

from __future__ import annotations

import sqlite3
from urllib.parse import urlsplit

from archive.rows.portal_health import CERTIFICATE_LATELY, CERTIFICATE_NEAR
from archive.text.vietnam_time import local_day
from crawler.addresses.urls import origin
from crawler.fetch.tls import RUNGS

NEAR, LATELY = CERTIFICATE_NEAR.total_seconds(), CERTIFICATE_LATELY.total_seconds()


def ends_of(conn: sqlite3.Connection, url: str) -> float | None:
    """When the certificate of a portal's host ends (Unix seconds), by its own address or the https one it leads to."""
    secure = f"https://{urlsplit(url).hostname}"
    row = conn.execute(
        "SELECT min(certificate_ends) FROM host WHERE origin IN (?, ?)", (origin(url), secure)
    ).fetchone()
    return row[0]


def is_near(ends: float | None, now: float) -> bool:
    """Whether a certificate is about to end or ended lately."""
    return ends is not None and -LATELY < ends - now < NEAR


def sentence(ends: float, now: float) -> str:
    """The evidence in a sentence, true on any later day."""
    day = local_day(ends)
    return f"its TLS certificate {'ends' if ends > now else 'ended'} on {day} and was not renewed"


def turned_bad(conn: sqlite3.Connection, url: str) -> str | None:
    """What is said of a portal whose certificate was valid once and is not any more; ``None`` for any other.

    It may have run out, or somebody else may answer in the portal's place: what came since is labelled.
    """
    row = conn.execute(
        "SELECT tls, tls_why, verified_at FROM host WHERE origin IN (?, ?) AND tls != ? AND verified_at IS NOT NULL"
        " ORDER BY verified_at DESC LIMIT 1",
        (origin(url), f"https://{urlsplit(url).hostname}", RUNGS[0]),
    ).fetchone()
    if row is None:
        return None
    day = local_day(row[2])
    return (
        f"its TLS certificate was valid on {day} and is not trusted any more ({row[1] or 'no reason given'}): "
        f"what came since is labelled {row[0]}"
    )
