"""A plain article of a page of unknown make, to be changed in one place at a time."""

from __future__ import annotations

from crawler.extract import read
from crawler.extract.reading import Reading
from crawler.page.page import Page

TITLE = "Xã Đông Giang bàn việc sửa trạm bơm trước mùa mưa"
PARAGRAPHS = [
    "Sáng qua, Ủy ban nhân dân xã Đông Giang họp bàn việc sửa trạm bơm đầu kênh, có trưởng các thôn và cán bộ thủy nông tham dự.",
    "Trạm bơm xây từ nhiều năm trước, nay hai trong bốn máy phải chạy luân phiên, nước về cuối kênh chậm hơn nửa ngày.",
    "Cuộc họp thống nhất thay hai máy trong quý này bằng nguồn thu tại chỗ, các thôn cử người giám sát và ghi lại từng ngày.",
]
DATE = '<div class="ngay-dang">Ngày đăng: 13/01/2020 08:30</div>'
ADDRESS = "http://donggiang.example.gov.vn/tin/ban-viec-sua-tram-bom.html"


def plain(
    body: str = "", *, title: str = TITLE, date: str = DATE, head: str = "", before: str = "", after: str = ""
) -> str:
    body = body or "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>
<div class="menu"><ul><li><a href="/">Trang chủ</a></li><li><a href="/tin-tuc/">Tin tức</a></li></ul></div>{before}
<div class="bai-viet"><h1>{title}</h1>{date}<div class="noi-dung">{body}</div></div>{after}</body></html>"""


def read_page(html: str, url: str = ADDRESS, fetched_at: str | None = None) -> Reading:
    return read(Page.parse(html.encode(), url, content_type="text/html; charset=utf-8", fetched_at=fetched_at))


def paragraphs_of(html: str, **how: str) -> list[str]:
    """Lead and paragraphs of a page that must be an article."""
    reading = read_page(html, **how)
    assert reading.article is not None, reading.reason
    return [text for text in (reading.article.lead, *reading.article.paragraphs) if text]
