"""What a portal's links may lead to: its host, or the site collection it is."""

from __future__ import annotations

import pytest

from crawler.addresses.scope import portal_scope

HOST, COLLECTION = "http://w3.lamdong.gov.vn/", "http://w3.lamdong.gov.vn/sites/dalat/"


@pytest.mark.parametrize(
    ("url", "of_host", "of_collection"),
    [
        ("https://w3.lamdong.gov.vn/sites/dalat/SitePages/Home.aspx", True, True),
        ("http://w3.lamdong.gov.vn/sites/dilinh/SitePages/Home.aspx", True, False),
        ("http://w3.lamdong.gov.vn/sites/dalat2/", True, False),
        ("http://w3.lamdong.gov.vn/", True, False),
        ("http://lamdong.gov.vn/sites/dalat/", False, False),
    ],
)
def test_a_site_collection_is_a_portal_of_its_own(url, of_host, of_collection):
    assert portal_scope(HOST)(url) is of_host
    assert portal_scope(COLLECTION)(url) is of_collection
