"""Skip reasons and verdicts as readers see them, in both languages."""

from __future__ import annotations

import pytest

from archive.site.words.crawl_words import VERDICTS, group_of
from archive.site.words.speaker import Speaker


@pytest.mark.parametrize(
    ("code", "vi", "en"),
    [
        ("tag-list", "trang thẻ", "tag pages"),
        ("print-save-or-send", "bản in", "print views"),
        ("trap-calendar", "lịch vô tận", "endless calendars"),
        ("outside-host", "ngoài cổng", "outside the portal"),
        ("no-sitemap", "không có sơ đồ trang", "no sitemap"),
        ("dead-link", "liên kết hỏng", "dead links"),
        ("static-page", "trang giới thiệu, liên hệ", "static pages"),
        ("server-answers:415", "máy chủ trả mã 415", "the server answers 415"),
    ],
)
def test_a_code_belongs_to_a_group(code, vi, en):
    assert group_of(code) == (vi, en)


@pytest.mark.parametrize("text", ["tag list", "robots.txt forbids it", "a-code-of-later", ""])
def test_what_is_no_code_is_in_no_group(text):
    assert group_of(text) is None


def test_codes_of_one_group_are_counted_together_and_others_keep_their_words():
    reasons = {"tag-list": 2, "tag-or-author-list": 1, "something new": 4, "static-page": 1}
    assert Speaker("vi").skipped_why(reasons)[:2] == [("something new", 4), ("trang thẻ", 3)]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_each_verdict_is_said_in_both_languages(verdict):
    assert Speaker("vi").verdict(verdict) != Speaker("en").verdict(verdict)
