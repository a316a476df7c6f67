"""A saved page made inert: nothing in it opens a connection when it is drawn.

The security policy of the answer stops what a page loads, but not what it announces: ``<link rel="preconnect">``,
``dns-prefetch`` or ``prefetch`` tell the portal who reads. Elements that can do so lose their names; the text and what
is drawn stay. By renaming, never by leaving out: two harmless pieces must not join to a harmful one.
"""

from __future__ import annotations

import re

MAX_DRAWN = 8_000_000
"""Bytes of a saved page, unpacked, that are drawn; a larger one can be downloaded."""

# Chromium connects for a frame before it asks the policy, and what stands in `srcdoc` is a page of its own. `<wbr>` is
# void, and knows none of their attributes.
_ANNOUNCING = re.compile(
    r"<(?:link|meta|base|iframe|frame|fencedframe|portal|object|embed)(?=[\s/>]|\Z)", re.IGNORECASE
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*+=\s*+[\"']?\s*+([A-Za-z0-9._-]{1,40})", re.IGNORECASE)


def inert(body: bytes, charset: str | None) -> bytes:
    """The page in UTF-8 without anything that announces a connection; ``charset`` is what its server declared."""
    return _ANNOUNCING.sub("<wbr", _decoded(body, charset)).encode("utf-8", "replace")


def inert_text(html: str) -> str:
    """The same for a page that is text already."""
    return _ANNOUNCING.sub("<wbr", html)


def page_text(body: bytes, charset: str | None) -> str:
    """A page's bytes as text; ``charset`` is what its server declared."""
    return _decoded(body, charset)


def _decoded(body: bytes, charset: str | None) -> str:
    """As a browser would: a byte-order mark, else the server's word, else the page's, else UTF-8."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    said = _META_CHARSET.search(body[:4096])
    for name in (charset, said[1].decode("ascii") if said else None):
        try:
            # a page that says UTF-16 in ASCII is none; "idna" and the like are no charsets
            if name and not name.lower().startswith(("utf-16", "utf-32", "utf16", "utf32")):
                return body.decode(name, "replace")
        except (LookupError, UnicodeError):
            continue
    return body.decode("utf-8", "replace")
