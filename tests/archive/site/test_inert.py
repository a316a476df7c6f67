"""Saved pages that open no connection."""

from __future__ import annotations

import pytest

from archive.site.inert import inert

NAMES = ("link", "meta", "base", "iframe", "frame", "object", "embed", "portal")


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="preconnect" href="https://x.vn">',
        "<LINK REL=dns-prefetch HREF=//x.vn>",
        "<link/rel=prefetch/href=https://x.vn/a>",
        "<link\nrel=prerender href=https://x.vn/a>",
        '<meta http-equiv="refresh" content="0;url=https://x.vn">',
        "<meta http-equiv=x-dns-prefetch-control content=on>",
        '<base href="https://x.vn/">',
        '<link a=">" rel=preconnect href=https://x.vn>',
        "<lin<link k rel=preconnect>",
        "<link",
        '<iframe srcdoc="&lt;link rel=preconnect href=https://x.vn&gt;"></iframe>',
        "<FRAME SRC=https://x.vn>",
        "<embed src=https://x.vn><object data=https://x.vn></object><portal src=https://x.vn></portal>",
    ],
)
def test_what_announces_a_connection_loses_its_name(markup):
    shown = inert(f"<html><head>{markup}</head><body>Tin</body>".encode(), "utf-8").decode().lower()
    assert not any(f"<{name}{end}" in shown for name in NAMES for end in (" ", "/", "\n", ">"))
    assert "<body>tin</body>" in shown


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("Xã".encode("utf-16"), None),
        (b"\xef\xbb\xbf" + "Xã".encode(), "windows-1258"),
        ("Xã".encode(), None),
        ("Xã".encode(), "idna"),
        ("Xã".encode("cp1252"), "windows-1252"),
        (b'<meta charset="windows-1252">X\xe3', None),
        (b'<meta charset="utf-16">X\xc3\xa3', None),
    ],
)
def test_the_page_comes_in_utf8_whatever_it_was(body, charset):
    assert inert(body, charset).decode().endswith("Xã")


def test_an_element_that_only_begins_alike_stays():
    assert inert(b"<linkage><metadata><basefont>", "utf-8") == b"<linkage><metadata><basefont>"
