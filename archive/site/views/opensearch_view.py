"""The OpenSearch description, by which a browser offers the archive in its address bar."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from datasette.utils.asgi import Response

from archive.site.server.frame import Page


async def description(datasette: Any, request: Any) -> Response:
    """OpenSearch 1.1; not found where the site does not know its own address, which must stand in it whole."""
    page = Page(datasette, request)
    if not page.knows_its_address():
        return await page.not_found()
    template = page.absolute(page.link("/tim")) + "?q={searchTerms}"
    feed = page.absolute(page.link("/tim.atom")) + "?q={searchTerms}"
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"  <ShortName>{escape(page.speak('name'))}</ShortName>\n"
        f"  <Description>{escape(page.speak('tagline'))}</Description>\n"
        f'  <Url type="text/html" method="get" template={quoteattr(template)}/>\n'
        f'  <Url type="application/atom+xml" template={quoteattr(feed)}/>\n'
        f"  <Language>{page.speak.language}</Language>\n"
        "  <InputEncoding>UTF-8</InputEncoding>\n"
        "</OpenSearchDescription>\n"
    )
    return Response(body, content_type="application/opensearchdescription+xml; charset=utf-8")
