"""One fetched page: its bytes decoded and parsed once for everyone who asks.

Parsing is bounded: at most :data:`MARKUP_LIMIT` bytes are decoded and handed to the parser, and nothing here recurses, so
that forty megabytes, ten thousand nested elements or a picture sent as HTML cost a little time and never an exception.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from archive.text.decode import decode
from crawler.addresses.urls import absolute, without_visit, without_visit_in_path
from crawler.page.dom import outermost
from crawler.page.markup_bounds import MOST_ATTRIBUTES, MOST_TAGS, first_tags, too_many_attributes, without_options
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

T = TypeVar("T")

MARKUP_LIMIT = 2_000_000
"""Bytes of markup that are parsed. The longest real portal page seen is under 1 MB; what is beyond is dropped and noted."""

LXML_LIMIT = 1_000_000
"""Characters above which a page is not parsed by lxml as well: what trafilatura would do with it takes many seconds."""

DEPTH_LIMIT = 2_000
"""Open elements at once above which a page is called broken. Word's worst nesting stays under 200."""

# First bytes of what is sent as text/html and is none: documents, archives, pictures, executables, media, gzip.
_BINARY_STARTS = (
    b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"Rar!", b"\x1f\x8b", b"MZ\x90",
    b"\x7fELF", b"BM\x36", b"ID3", b"OggS", b"7z\xbc\xaf", b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00\x20ftyp",
)  # fmt: skip
# Control characters no text holds; those left out are letters of VISCII or belong to text of another kind.
_CONTROLS = bytes(byte for byte in range(32) if byte not in (2, 5, 6, 9, 10, 12, 13, 20, 25, 27, 30))
_HTML_TAG = re.compile(
    r"<(?:!doctype|html|head|body|title|meta|div|p|br|table|span|a|h[1-6]|ul|ol|img|article|section|script|b|i|font|center)"
    r"\b[^<>]{0,2000}>",
    re.I,
)
_FEED = re.compile(
    r"^\s*+(?:<\?xml[^>]{0,200}>\s*+)?(?:(?><!--.{0,500}?-->)\s*+)*+<(rss|feed|rdf:RDF|urlset|sitemapindex|opml|OpenSearchDescription)\b",
    re.I | re.S,
)
_PASTED = re.compile(rb"(data:[\w/+.-]{3,80};base64,)[A-Za-z0-9+/=\s%]{500,}")
"""A picture pasted into the markup: megabytes before the text it illustrates. It stays in the capture."""
_XML_TYPES = ("application/xhtml+xml", "application/xml", "text/xml")
_SELF_CLOSED = re.compile(r"""<([A-Za-z][\w:-]*+)((?:[^<>"']|"[^"<]{0,2000}"|'[^'<]{0,2000}')*?)/>""")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "basefont",
        "frame",
        "keygen",
    ]
)
_DEEP = re.compile(
    r"<(/?)(div|span|table|tbody|tr|td|ul|ol|li|section|article|font|b|i|em|strong|blockquote|center|p|dl|dd)\b", re.I
)


@dataclass(slots=False)
class Page:
    """A page as fetched. Make one with :meth:`parse`; ``tree`` and ``base_url`` are worked out when first asked.

    ``problem`` is ``None`` or says in one phrase why the page cannot be read as one: it is empty, binary, or nested
    beyond all reason. What of it was not parsed, for there is too much, ``notes`` say.
    """

    body: bytes
    url: str
    text: str
    encoding: str
    content_type: str | None = None
    fetched_at: str | None = None
    problem: Reason | None = None
    is_bare_text: bool = False
    notes: list[str] = field(default_factory=list)
    lifted: bool = False
    """Whether the portal's settings ask for this address whatever the rules say: then its address refuses it nothing."""
    answers: dict[object, object] = field(default_factory=dict, repr=False)
    """What was asked of the page by :meth:`once`, by who asked."""

    @classmethod
    def parse(
        cls,
        body: bytes,
        url: str,
        *,
        content_type: str | None = None,
        fetched_at: str | None = None,
    ) -> Page:
        """Decode a body as far as it makes sense to; never fails.

        ``fetched_at`` (ISO 8601, UTC) is what relative dates ("2 giờ trước") are counted from.
        """
        if b";base64," in body:
            body = _PASTED.sub(rb"\1", body)
        page = cls(
            body=body,
            url=url,
            text="",
            encoding="",
            content_type=content_type,
            fetched_at=fetched_at,
        )
        if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
            page.problem = Reason(Code.BODY_EMPTY)
            return page
        if _is_binary(body):
            page.problem = Reason(Code.BODY_BINARY)
            return page
        head = body[:MARKUP_LIMIT]
        decoded = decode(head, content_type)
        page.text, page.encoding = decoded.text.replace("\x00", ""), decoded.encoding
        page.notes = list(decoded.notes)
        if too_many_attributes(page.text):
            page.text, page.problem = "", Reason(Code.MANY_ATTRIBUTES, attributes=MOST_ATTRIBUTES)
            return page
        page.text = without_options(page.text)
        if (tags := page.text.count("<")) > MOST_TAGS:
            page.text = first_tags(page.text)
            page.notes.append(f"only the first {MOST_TAGS:,} of {tags:,} tags were read")
        if _is_xml(content_type, page.text):
            page.text = _SELF_CLOSED.sub(_opened_and_closed, page.text)
        if len(body) > MARKUP_LIMIT:
            page.text += "</body></html>"  # it is we who stop here
            page.notes.append(f"only the first {MARKUP_LIMIT} of {len(body)} bytes were read")
        page.is_bare_text = _is_bare_text(page.text, content_type)
        if not page.is_bare_text and _too_deep(page.text):
            page.problem = Reason(Code.DEEPLY_NESTED, elements=DEPTH_LIMIT)
        return page

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed page. Read only: whoever wants to cut things out works on a copy of a fragment."""
        return LexborHTMLParser(self.text if not self.problem else "")

    def without(self, selectors: Sequence[str]) -> Page:
        """The same page without the elements that selectors find; itself where they find none."""
        named = ", ".join(selectors)
        if not named or self.tree.css_first(named) is None:
            return self
        cut = replace(self, answers={})
        for node in outermost(cut.tree.css(named)):
            node.decompose()
        cut.text = cut.tree.html or ""
        return cut

    @cached_property
    def lxml_tree(self) -> Any:
        """The page as lxml parses it, for the extractor that reads nothing else; ``None`` where it cannot. Read only.

        Only pages of no known family need it, and it is parsed once however often they are asked.
        """
        from trafilatura.utils import load_html  # takes a twentieth of a second, which known families can do without

        if self.problem or len(self.text) > LXML_LIMIT:
            return None
        try:
            return load_html(self.text)
        except (ValueError, TypeError):  # a document of nothing but a declaration, a comment or broken characters
            return None

    @cached_property
    def lowered(self) -> str:
        """The markup in lower case, for looking words up; each letter stands where it stands in ``text``."""
        low = self.text.lower()
        return (
            low if len(low) == len(self.text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in self.text)
        )

    @property
    def utf8(self) -> bytes:
        """The markup in UTF-8, for looking words up: the body itself where it was read as such."""
        if self.encoding == "utf-8" and not self.notes:
            return self.body
        return self.text.encode("utf-8", "surrogatepass")

    def once(self, ask: Callable[[Page], T]) -> T:
        """What ``ask`` answers of this page, asked once however many want to know."""
        if ask not in self.answers:
            self.answers[ask] = ask(self)
        return cast(T, self.answers[ask])

    @cached_property
    def base_url(self) -> str:
        """What relative links are relative to: ``<base href>`` where it is a web address, else the page's own.

        Without a token of the visit (ASP.NET's cookieless session), which every link would inherit.
        """
        node = self.tree.css_first("base[href]")
        return without_visit_in_path(absolute(self.url, node.attributes.get("href") if node else None) or self.url)

    @property
    def is_feed(self) -> bool:
        """Whether the body is a feed, a sitemap or another XML list, whatever its content type says."""
        return _FEED.match(self.text[:3000]) is not None

    @property
    def is_cut_off(self) -> bool:
        """Whether the markup stops in the middle: no closing ``body`` or ``html``, and elements still open."""
        end = self.text[-4000:]
        if "</html" in end or "</body" in end:
            return False
        end = end.lower()
        if "<html" not in self.text[:4000].lower() or "</html" in end or "</body" in end:
            return False
        lower = self.lowered
        tail = lower[lower.rfind("<") :]
        return lower.count("<div") > lower.count("</div") or (">" not in tail)

    def resolve(self, href: str | None) -> str | None:
        """A link of this page as an absolute http(s) address without fragment, session id and campaign marks; ``None`` for any other.

        What leads to a place on the page itself is the page's own address.
        """
        if href is not None and href.strip()[:1] in ("", "#"):
            return self.base_url.partition("#")[0]
        if href is not None and _FROM_ROOT.match(href):
            return _from_root(self._root, href)
        url = absolute(self.base_url, href)
        return without_visit(url) if url is not None else None

    @cached_property
    def _root(self) -> str:
        """Scheme and host of the page's links: all that an address from the root depends on."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}/"


_FROM_ROOT = re.compile(r"/(?![/\\\s])|https?://\w")
"""How a link begins that is the same wherever its page lies."""


@lru_cache(maxsize=20_000)
def _from_root(root: str, href: str) -> str | None:
    """A link that does not depend on where its page lies: menus and lists repeat them on every page of a portal."""
    url = absolute(root, href)
    return without_visit(url) if url is not None else None


def _is_xml(content_type: str | None, text: str) -> bool:
    """Whether a browser would parse the page as XML, where ``<script src="…"/>`` is a whole element."""
    kind = (content_type or "").split(";")[0].strip().lower()
    return kind in _XML_TYPES and "/>" in text and "<html" in text[:3000]


def _opened_and_closed(found: re.Match[str]) -> str:
    name, rest = found[1], found[2]
    return found[0] if name.lower() in _VOID else f"<{name}{rest}></{name}>"


def _is_binary(body: bytes) -> bool:
    head = body[:4096]
    if head.startswith(_BINARY_STARTS):
        return True
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    if b"\x00" in head and head[1::2].count(0) < len(head) // 4 and head[::2].count(0) < len(head) // 4:
        return True
    return (len(head) - len(head.translate(None, _CONTROLS))) * 20 > len(head)


def _is_bare_text(text: str, content_type: str | None) -> bool:
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind == "text/plain":
        return len(_HTML_TAG.findall(text[:20_000])) < 5
    if kind in ("text/html", "application/xhtml+xml") and _HTML_TAG.search(text[:100_000]):
        return False
    return _HTML_TAG.search(text) is None and not _FEED.match(text[:3000])


def _too_deep(text: str) -> bool:
    tags = text.count("<")
    if tags < DEPTH_LIMIT or (tags < 2 * DEPTH_LIMIT and tags - 2 * text.count("</") < DEPTH_LIMIT):
        return False
    depth: dict[str, int] = {}
    total = 0
    for match in _DEEP.finditer(text):
        name = match.group(2).lower()
        if name == "p":  # paragraphs do not nest
            continue
        if match.group(1):
            if depth.get(name, 0):
                depth[name] -= 1
                total -= 1
        else:
            depth[name] = depth.get(name, 0) + 1
            total += 1
            if total > DEPTH_LIMIT:
                return True
    return False
