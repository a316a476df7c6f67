"""PDF of one of our own pages that are made to print: no request is sent, whatever the page names."""

from __future__ import annotations

from archive.errors import ExtraMissing


def pdf_of(html: str) -> bytes:
    """The page as a PDF file. Raises `ExtraMissing` where WeasyPrint, or the Pango library that it sets type with, is missing."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except ImportError as error:
        raise ExtraMissing("WeasyPrint", "pdf") from error
    except OSError as error:  # it is there, and the system's Pango is not
        raise ExtraMissing("the system's Pango library (Debian: libpango-1.0-0 libpangoft2-1.0-0)", "pdf") from error
    nothing = URLFetcher(allowed_protocols=(), allow_redirects=False)  # neither an address nor a file
    made: bytes = HTML(string=html, url_fetcher=nothing).write_pdf()
    return made
