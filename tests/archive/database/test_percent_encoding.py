"""Addresses in the form they are fetched: encoded where they must be, and no further."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.database.percent_encoding import encode_addresses, percent_encoded
from archive.model import Attachment

HOME = "http://xahoa.gov.vn"


@pytest.mark.parametrize(
    ("written", "fetched"),
    [
        ("/tin/bài 1.html", "/tin/b%C3%A0i%201.html"),
        ("/a%20b.pdf", "/a%20b.pdf"),
        ("/tin?id=1&muc[]=2|3", "/tin?id=1&muc[]=2|3"),
        ("/tin|x", "/tin%7Cx"),
        ("?q=họp", "/?q=h%E1%BB%8Dp"),
        ("", "/"),
        ("/#phan-2", "/"),
        ("/a^b`c{d}", "/a%5Eb%60c%7Bd%7D"),
    ],
)
def test_path_and_query_are_encoded_as_browsers_do(written, fetched):
    assert percent_encoded(HOME + written) == HOME + fetched


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_encoded_twice_is_encoded_once(text):
    once = percent_encoded(f"{HOME}/{text}")
    assert percent_encoded(once) == once


@pytest.mark.parametrize("url", ["http://[x/1", "http://[::1/tin"])
def test_what_is_no_address_stays_as_it_is(url):
    assert percent_encoded(url) == url


def test_an_attachment_written_with_a_blank_meets_its_file_and_the_version_stays_one(store, make_article, make_capture):
    article = make_article(attachments=[Attachment(f"{HOME}/kế hoạch.pdf", "Kế hoạch")])
    saved = store.save_article(article, make_capture(), "hungha.thaibinh")
    store.conn.execute("UPDATE attachment SET url = ?", (f"{HOME}/kế hoạch.pdf",))
    url = percent_encoded(f"{HOME}/kế hoạch.pdf")
    store.save_file(url, "hungha.thaibinh", make_capture(url=url, kind="file"), "ab" * 32, 12)
    encode_addresses(store.conn)
    kept = store.record(saved.id)
    assert [(file.url, file.sha256, file.bytes) for file in kept.article.attachments] == [(url, "ab" * 32, 12)]
    assert (
        store.save_article(
            make_article(attachments=[Attachment(url, "Kế hoạch")]), make_capture(), "hungha.thaibinh"
        ).outcome
        == "unchanged"
    )
