"""The pages of document numbers: those cited most, and who cites one."""

from __future__ import annotations

import re
import sqlite3
from typing import Any
from urllib.parse import unquote

from datasette.utils.asgi import Response

from archive.queries import documents
from archive.site.safe_links import web_address
from archive.site.server.frame import Page

_YEAR = re.compile(r"(?:19|20)\d\d")


async def document_list(datasette: Any, request: Any) -> Response:
    """The numbers cited most, all or those of one issuer and year; one that is typed leads to its page."""
    page = Page(datasette, request)
    asked = documents.normal((request.args.get("q") or "")[:80])
    if asked and await page.read(lambda conn: documents.document(conn, asked)) is not None:
        return Response.redirect(page.link(page.document_path(asked)))
    issuer = (request.args.get("issuer") or "")[:30] or None
    year = int(request.args.get("year")) if _YEAR.fullmatch(request.args.get("year") or "") else None
    found = await page.read(lambda conn: documents.most_cited(conn, issuer=issuer, year=year))
    issuers = sorted({one.issuer for one in found} | ({issuer} if issuer else set()))
    years = sorted({one.year for one in found if one.year}, reverse=True)
    return await page.render(
        "documents.html", asked=asked, found=found, issuer=issuer, year=year, issuers=issuers, years=years
    )


async def document(datasette: Any, request: Any) -> Response:
    """Who cites a number, by the issuing place and year that are printed beside it."""
    page = Page(datasette, request)
    typed = unquote(request.url_vars["number"])[:80]
    number = documents.normal(typed)

    def read(conn: sqlite3.Connection) -> dict[str, Any] | None:
        found = documents.document(conn, number)
        if found is None:
            return None
        citing = documents.citing(conn, number)
        return {
            "document": found,
            "groups": documents.grouped(citing, national=found.is_national),
            "first": citing[0] if citing else None,
            "shown": len(citing),
            "files": documents.files(conn, number),
            "like": documents.like(conn, number),
        }

    gathered = await page.read(read)
    if gathered is None:
        return await page.render("document_unknown.html", status=404, number=number)
    if number != typed:
        return Response.redirect(page.link(page.document_path(number)))
    return await page.render("document.html", number=number, web_address=web_address, **gathered)
