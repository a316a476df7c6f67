"""Skip reasons and verdicts as readers see them, in both languages."""

from __future__ import annotations

import pytest

from archive.site.words.crawl_words import VERDICTS, group_of
from archive.site.words.speaker import Speaker


@pytest.mark.parametrize(
    ("reason", "vi", "en"),
    [
        ("tag list", "trang thẻ", "tag pages"),
        ("print view", "bản in", "print views"),
        ("print, save or send view", "bản in", "print views"),
        ("trap: a calendar", "lịch vô tận", "endless calendars"),
        ("author list", "trang tác giả", "author pages"),
        ("lies on a host outside the portal", "ngoài cổng", "outside the portal"),
        ("no sitemap there", "không có sơ đồ trang", "no sitemap"),
        ("no sitemap: nothing in it names a page", "không có sơ đồ trang", "no sitemap"),
        ("dead link (404)", "liên kết hỏng", "dead links"),
        ("robots.txt forbids it", "robots.txt không cho thu thập", "disallowed by robots.txt"),
        ("static page: its title is “Tag list”", "trang giới thiệu, liên hệ", "static pages"),
        ("the server answers 415", "máy chủ trả mã 415", "the server answers 415"),
        ("redirects to http://x.example/tag list", "chuyển hướng", "redirects"),
    ],
)
def test_a_reason_belongs_to_a_group_by_how_it_begins(reason, vi, en):
    assert group_of(reason) == (vi, en)


def test_reasons_of_one_group_are_counted_together_and_others_keep_their_words():
    reasons = {"tag list": 2, "list under a tag": 1, "something new": 4, "static page: its title is “A”": 1}
    assert Speaker("vi").skipped_why(reasons)[:2] == [("something new", 4), ("trang thẻ", 3)]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_each_verdict_is_said_in_both_languages(verdict):
    assert Speaker("vi").verdict(verdict) != Speaker("en").verdict(verdict)
