"""robots.txt: what an answer means."""

import pytest

from crawler.fetch.robots import Robots, moved_to, rules_of


@pytest.mark.parametrize(
    ("status", "body", "text"),
    [
        (200, b"User-agent: *\nDisallow: /admin", "User-agent: *\nDisallow: /admin"),
        (200, b"<!DOCTYPE html><html><body>Trang ch\xe1\xbb\xa7", ""),
        (200, b"\n  <html>", ""),
        (404, b"User-agent: *\nDisallow: /", ""),
        (400, b"", ""),
        (403, b"", ""),
        (500, b"", None),
        (503, b"User-agent: *", None),
        (429, b"", None),
        (302, b"", ""),
    ],
    ids=["rules", "html", "html-late", "404", "400", "403", "500", "503", "429", "redirect"],
)
def test_each_answer_has_its_policy(status, body, text):
    assert rules_of(status, body, None)[0] == text


def test_rules_delay_and_sitemaps_are_read():
    robots = Robots("User-agent: *\nCrawl-delay: 5\nDisallow: /tim-kiem\nSitemap: https://x.vn/s.xml\n", "TinHuyen")
    assert robots.allows("https://x.vn/tin") and not robots.allows("https://x.vn/tim-kiem?q=a")
    assert robots.crawl_delay == 5
    assert robots.sitemaps == ["https://x.vn/s.xml"]


def test_a_delay_of_a_day_is_capped():
    assert Robots("User-agent: *\nCrawl-delay: 86400", "TinHuyen").crawl_delay == 60


def test_no_rules_allow_everything():
    assert Robots("", "TinHuyen").allows("https://x.vn/") and Robots("", "TinHuyen").crawl_delay is None


@pytest.mark.parametrize(
    ("location", "hops", "target"),
    [
        ("https://x.vn/robots.txt", 0, "https://x.vn/robots.txt"),
        ("/vi/robots.txt", 4, "http://x.vn/vi/robots.txt"),
        ("/robots.txt", 0, None),
        ("http://y.vn/robots.txt", 0, None),
        ("ftp://x.vn/robots.txt", 0, None),
        (None, 0, None),
        ("/vi/robots.txt", 5, None),
    ],
    ids=["https", "path", "itself", "other-host", "other-scheme", "nowhere", "too-often"],
)
def test_a_moved_robots_txt_is_followed_within_its_host(location, hops, target):
    assert moved_to("http://x.vn/robots.txt", location, hops) == target
