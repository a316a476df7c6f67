"""The address a saved page says it was fetched from: what its links and pictures are resolved against."""

from __future__ import annotations

from urllib.parse import quote, urljoin, urlsplit

from crawler.page.page import Page

UNKNOWN = "http://page.invalid/"
"""Stands where a page names no address: a host that cannot be (RFC 6761), so that links and pictures stay apart from real ones."""

_SAID = (
    ('link[rel="canonical" i][href]', "href"),
    ('meta[property="og:url" i][content], meta[name="og:url" i][content]', "content"),
    ("base[href]", "href"),
)


def own_address(page: Page, name: str) -> str:
    """``rel=canonical``, ``og:url`` or ``<base href>`` of a page saved as the file ``name``, else one under :data:`UNKNOWN`.

    Only whole addresses count. One that names a site or a folder alone is that of the links; the file's name is put to it.
    """
    for selector, attribute in _SAID:
        node = page.tree.css_first(selector)
        said = (node.attributes.get(attribute) or "").strip() if node is not None else ""
        try:
            parts = urlsplit(said)
            if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
                continue
        except ValueError:
            continue
        return (
            urljoin(said, quote(name))
            if (attribute == "href" and "base" in selector) or parts.path in ("", "/")
            else said
        )
    return UNKNOWN + quote(name)
