"""A theme that rests on positions alone: lists of the same frame bear it, too, and are no articles."""

from __future__ import annotations

from crawler.cms.family import Selectors
from crawler.cms.learnt import LearntTheme
from crawler.extract.by_theme import theme_for
from crawler.page.page import Page

PROSE = "Sáng nay, đoàn công tác của xã kiểm tra tuyến kênh mương nội đồng, nhắc các thôn khơi thông dòng chảy trước mùa mưa. "
ENTRIES = "".join(
    f'<div><div><a href="/bai-{number}">Xã kiểm tra tuyến kênh mương thôn số {number}</a></div><span>{PROSE}</span></div>'
    for number in range(5)
)


def theme(title: str, body: str) -> LearntTheme:
    return LearntTheme("learnt-1", Selectors(title=(title,), body=(body,)), listed=True)


def page(text: str) -> Page:
    markup = f"<html><body><div><div>Kênh mương</div></div><div>{text}</div></body></html>"
    return Page.parse(markup.encode(), "https://xa.example.vn/kenh", content_type="text/html; charset=utf-8")


def test_a_list_in_the_frame_of_the_articles_bears_no_theme_of_positions() -> None:
    by_position = theme("body > div:nth-of-type(1) > div", "body > div:nth-of-type(2)")

    assert theme_for(page(ENTRIES), [by_position]) is None
    assert theme_for(page(f"<div>{PROSE * 4}</div>"), [by_position]) is by_position
