"""The rows of the ledger that pass through a crawl: found addresses, leased pages, hosts, acknowledgements.

A host is leased, not a page: whoever holds the lease (fenced by its ``epoch``) is the only one to send to that host.
Delivery is at least once: a lease that runs out gives its pages to the next worker, and storing twice changes nothing.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Literal, Self

from archive.model import Found as Instead
from crawler.addresses.roles import Role
from crawler.reasons.reason import Reason, reason_of

State = Literal["new", "leased", "stored", "unchanged", "listed", "file", "failed", "skipped", "suspect", "gone"]


@dataclass(slots=True)
class Found:
    """A URL as discovered: by which method (``seed``, ``feed``, ``sitemap``, ``listing``, ``link``, ``redirect``,
    ``attachment``, ``requisite``), on which page, and what it is expected to be. ``skip`` says why it will not be
    fetched; it is a row all the same."""

    url: str
    key: bytes
    portal: str
    role: Role
    method: str
    found_on: str | None = None
    skip: Reason | None = None
    depth: int = 0


@dataclass(slots=True)
class Page:
    """A row of the ledger on its way out: what to fetch and what is known of it. ``tries`` counts the earlier ones."""

    key: bytes
    url: str
    portal: str
    role: Role
    depth: int
    tries: int
    was: State
    etag: str | None = None
    last_modified: str | None = None
    record_id: str | None = None
    article_id: int | None = None
    suspect_since: float | None = None
    found_on: str | None = None
    form: str | None = None
    """Which page of the list ``found_on`` this is, where a form has to be posted to come there; ``None``: it is just asked for."""
    unseen_since: float | None = None
    """Since when no look has found the kept article, whatever came instead; ``None``: the last one did."""


HOST_COLUMNS = (
    *("origin", "robots", "robots_at", "crawl_delay", "tls", "failures", "certificate_ends"),
    *("tls_at", "tls_held", "tls_why", "verified_at"),
)
"""The columns of ``host`` that are fields of :class:`HostState` as they stand; its ``why`` is made of three."""


@dataclass(slots=True)
class HostState:
    """What is known of a host (an origin: scheme, name and port), kept across runs. Times are Unix seconds."""

    origin: str
    robots: str | None = None
    robots_at: float | None = None
    crawl_delay: float | None = None
    tls: str = "verified"
    failures: int = 0
    why: Reason | None = None
    """Why the host is left alone just now (Retry-After, failures in a row); ``None`` when it is asked as usual."""
    certificate_ends: float | None = None
    """When its TLS certificate ends, as the last connection showed it."""
    tls_at: float | None = None
    """When it was last tried from the top of the TLS ladder."""
    tls_held: str | None = None
    """The rung by which it was reached since then."""
    tls_why: str | None = None
    """Why it stands below the top, in words."""
    verified_at: float | None = None
    """When its certificate was last found valid, to the day."""
    tls_breaks: int = 0
    """Handshakes in a row that broke off. Not kept."""

    @classmethod
    def of_row(cls, row: sqlite3.Row) -> Self:
        """A host as the ledger keeps it."""
        why = reason_of(row["why_code"], row["why_facts"], row["why"])
        return cls(**{name: row[name] for name in HOST_COLUMNS}, why=why)


@dataclass(slots=True)
class Lease:
    """The right to fetch ``pages`` from one host until ``until`` (Unix seconds); ``epoch`` fences it."""

    host: HostState
    epoch: int
    until: float
    pages: list[Page] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to be asked by whether a page has changed (RFC 9110, 8.8): ``ETag`` and ``Last-Modified``."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a visit makes of its row. ``due`` is the next visit in Unix seconds, ``None`` for never again."""

    state: State
    reason: Reason
    due: float | None = None
    tries: int = 0
    kind: str | None = None
    validators: Validators = NO_VALIDATORS
    suspect_since: float | None = None
    unseen_since: float | None = None
    url: str | None = None
    """Another address of the same page, to be asked from now on (a redirect that changes nothing canonical)."""
    instead: Instead | None = None
    """What came in the place of a kept article or file."""
    gone: bool = False
    """Whether the article counts as gone from now on."""
    counted: Literal["failed", "skipped"] | None = None
    """Among which pages the summary of the crawl counts it."""


@dataclass(frozen=True, slots=True)
class Ack:
    """A leased page with its outcome, under the epoch of its lease; with where the answer is kept, if one came."""

    key: bytes
    epoch: int
    outcome: Outcome
    status: int | None = None
    record_id: str | None = None
    warc: str | None = None
    article_id: int | None = None


def rank(priority: int, found_at: float) -> float:
    """The ``due`` of a page that waits for its first visit: always past, by priority, then in the order of discovery.

    One column orders all that waits, so one index gives the next pages of a host however many there are.
    """
    return -priority * 1e7 + found_at / 1e3
