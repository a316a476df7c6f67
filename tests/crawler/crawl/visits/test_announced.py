"""Feeds and sitemaps as they are sent: what is too large or too dense to be parsed, and what is a page instead."""

from __future__ import annotations

import gzip

import pytest

from crawler.crawl.visits.announced import MAX_SITEMAP_BYTES, is_page, readable
from crawler.reasons.codes import Code


@pytest.mark.parametrize(("tags", "why"), [(3, None), (4, Code.TOO_DENSE)])
def test_a_list_is_too_dense_beyond_the_bound_and_not_at_it(tags, why):
    body, problem = readable(b"<u>" * tags, 3)
    assert (problem.code if problem else None) is why
    assert body == b"<u>" * tags


def test_a_sitemap_is_unzipped_whatever_its_label_and_refused_when_it_swells():
    assert readable(gzip.compress(b"<urlset/>")) == (b"<urlset/>", None)
    _, problem = readable(gzip.compress(bytes(MAX_SITEMAP_BYTES + 1)))
    assert problem is not None and problem.code is Code.TOO_LARGE_INFLATED


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (b"<!DOCTYPE html><title>x</title>", True),
        (b"\n<HTML lang=vi>", True),
        (b'<?xml version="1.0"?><rss><item/></rss>', False),
        (b"", False),
        (b" " * 3000 + b"<html>", False),
    ],
)
def test_a_page_is_told_from_a_list_by_its_head(body, page):
    assert is_page(body) is page
