"""The words of the field as plain dataclasses: what a page said, where its bytes lie, whose portal it came from.

Times are ISO 8601 strings, so that what is in memory is what is stored and exported. Publication times are local
(+07:00, Vietnam keeps no daylight saving; a page that is not Vietnam's keeps its own offset); capture times are UTC and
end in ``Z``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Precision = Literal["minute", "day", "month"]

CaptureKind = Literal["page", "listing", "file", "requisite", "robots"]

RemovedKind = Literal[
    "counter", "rating", "section", "ad_label", "spam", "toolbar", "related", "share", "comments", "navigation", "other"
]


@dataclass(slots=True)
class Image:
    """A picture in an article. ``url`` is absolute; ``caption`` is the caption printed with it, if any."""

    url: str
    caption: str | None = None


@dataclass(slots=True)
class Attachment:
    """A file an article offers. ``sha256`` (hex) and ``bytes`` are known once the file itself was captured."""

    url: str
    name: str | None = None
    sha256: str | None = None
    bytes: int | None = None


@dataclass(slots=True)
class Removed:
    """A piece of boilerplate taken out of an article: its kind, its text as printed, its link if it was one."""

    kind: RemovedKind
    text: str
    href: str | None = None


@dataclass(slots=True)
class PrintedDate:
    """A point in time as a page printed it.

    ``value`` is ``YYYY-MM-DDTHH:MM[:SS]+07:00`` for precision ``minute``, ``YYYY-MM-DD`` for ``day`` and ``YYYY-MM``
    for ``month``. ``source`` says where it was read (``jsonld``, ``microdata``, ``meta``, ``visible``, ``feed`` …).
    """

    value: str
    precision: Precision
    source: str
    text: str


@dataclass(slots=True)
class Article:
    """One article as read from one page. What the page does not say is ``None`` or empty, never guessed.

    ``text`` joins the paragraphs by a blank line; a list item is a paragraph, a table row is its cells joined by
    `` | ``. It holds neither title, lead, captions nor byline. ``lead`` is what the page marks as such, else its first
    paragraph. ``byline`` is the signature as printed with its spaces mended; ``author`` the persons in it, else the
    account the page names; ``source`` the organisation it, or a "Nguồn" line, names.
    """

    url: str
    canonical_url: str
    title: str | None = None
    lead: str | None = None
    text: str = ""
    captions: list[str] = field(default_factory=list)
    section: str | None = None
    byline: str | None = None
    author: str | None = None
    source: str | None = None
    published: PrintedDate | None = None
    modified: PrintedDate | None = None
    event_date: str | None = None
    """The day the news is about, ``YYYY-MM-DD``, when the lead says it in full."""
    views: int | None = None
    tags: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    language: str | None = None
    family: str = "unknown"
    """The CMS family whose rules read the page, ``general`` for none, ``text`` for bare text."""
    extractor: str = ""
    """Family, way and version, for instance ``joomla_k2/selectors/1``."""
    notes: list[str] = field(default_factory=list)
    """What a reader of the data should know: dates that contradict each other, a charset that was mended …"""

    @property
    def paragraphs(self) -> list[str]:
        return self.text.split("\n\n") if self.text else []


@dataclass(slots=True)
class Capture:
    """One exchange kept in a WARC file: where its response (or revisit) record stands and what it is.

    ``offset`` and ``length`` are bytes of the gzip member in ``file`` (a name within the archive's ``warc/``).
    ``digest`` is the payload digest as the record has it, ``sha256:`` and base32.
    """

    record_id: str
    file: str
    offset: int
    length: int
    url: str
    fetched_at: str
    status: int
    digest: str
    portal: str
    content_type: str | None = None
    payload_bytes: int | None = None
    kind: CaptureKind = "page"
    record_type: Literal["response", "revisit", "resource"] = "response"
    """``resource``: what others kept without the HTTP head it came with; its status is 0."""
    truncated: str | None = None
    """Why the payload is not whole: ``length``, ``time`` or ``disconnect`` (the words of WARC-Truncated)."""
    secure: str = "verified"
    """How the connection was protected: ``verified``, ``unverified``, ``legacy`` or ``none`` (plain http)."""


Found = Literal["missing", "error page", "home page", "moved", "other page", "refused", "server error"]
"""What a look found that did not find the article, or file: 404 or 410; a page that says it is not there under another
status; a redirect to the home page; a redirect elsewhere; a page that is something else; 401, 403 and the like; 5xx."""


@dataclass(slots=True)
class Observation:
    """A look that did not find what is kept. It proves no removal: it says what was answered, and when.

    ``capture`` is the record id of the answer.
    """

    url: str
    at: str
    status: int
    found: Found
    capture: str


@dataclass(slots=True)
class Portal:
    """One site of one authority. ``name`` is its handle everywhere: the host without ``.gov.vn``, else host-port.

    ``unit`` is the authority's id in `archive.places`, where it is known.
    """

    name: str
    url: str
    title: str | None = None
    family: str | None = None
    unit: str | None = None
    allow_private: bool = False
    added_at: str | None = None


@dataclass(frozen=True, slots=True)
class PortalLink:
    """The news of the portal ``old`` went on at ``new``, both by name; either may be missing from the archive.

    ``since`` is the first day (``YYYY-MM-DD``), ``document`` the number of the resolution behind it, where known.
    """

    old: str
    new: str
    since: str | None = None
    document: str | None = None


@dataclass(slots=True)
class Saved:
    """What saving an article did: its id for good, and whether it was ``new``, ``unchanged`` or ``revised``."""

    id: int
    outcome: Literal["new", "unchanged", "revised"]
