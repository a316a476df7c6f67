"""A gzipped sitemap is read up to a bound, and what stands before it is kept."""

from __future__ import annotations

import gzip

from crawler.discovery.sitemap import MAX_UNPACKED, _unpacked, parse_sitemap

ENTRY = b"<url><loc>http://xahoa.gov.vn/tin/1.html</loc></url>"


def test_a_bomb_gives_its_first_bytes_and_the_addresses_in_them():
    bomb = gzip.compress(b"<urlset>" + ENTRY + b" " * (2 * MAX_UNPACKED), 1)
    assert len(_unpacked(bomb)) == MAX_UNPACKED
    assert [page.url for page in parse_sitemap(bomb).pages] == ["http://xahoa.gov.vn/tin/1.html"]


def test_a_small_one_is_read_whole_and_one_torn_as_far_as_it_goes():
    packed = gzip.compress(b"<urlset>" + ENTRY * 50 + b"</urlset>")
    assert len(parse_sitemap(packed).pages) == 50
    assert len(_unpacked(packed[:-12])) > len(ENTRY)
