"""Portals whose every window bears the site's name: the title is the line set apart above the text."""

from __future__ import annotations

import pytest

from crawler.extract import extract

TITLE = "Họp bàn kế hoạch sản xuất vụ mùa năm 2015"
PARAGRAPHS = "".join(
    f"<p>Sáng ngày {day}/6, lãnh đạo xã Tiên Hòa cùng các trưởng thôn họp bàn việc gieo cấy, thủy lợi nội đồng và phòng "
    f"trừ sâu bệnh. Tổ thứ {day} nhận phần việc nạo vét kênh mương trước ngày mười lăm.</p>"
    for day in range(3, 8)
)
MENU = "".join(f'<tr><td><a href="/muc-{n}">Chuyên mục số {n}</a></td></tr>' for n in range(12))


def page(heading: str, window: str = "Cổng thông tin điện tử xã Tiên Hòa") -> str:
    return (
        f"<html><head><title>{window}</title></head><body><table><tr><td><b>Thông báo của Ủy ban nhân dân xã</b><table>{MENU}"
        f'</table></td><td>{heading}{PARAGRAPHS}</td><td><b>Liên kết với các trang của tỉnh</b><a href="/lk">Xem</a></td></tr>'
        "</table><div>Bản quyền thuộc về Ủy ban nhân dân xã</div></body></html>"
    )


def title_of(html: str) -> str | None:
    article = extract(html.encode(), "http://tienhoa.example.gov.vn/default.aspx?newsid=7", content_type="text/html")
    assert article.text.count("Sáng ngày") + (article.lead or "").count("Sáng ngày") == 5
    assert TITLE not in article.text
    return article.title


@pytest.mark.parametrize(
    "heading",
    [
        f'<font size="4" color="red"><b>{TITLE}</b></font><br><i>(Ngày đăng: 08/06/2015)</i><br>',
        f'<b><font size="4">{TITLE}</font></b><br>',
        f'<span style="font-size:18px; color:#900">{TITLE}</span><br>',
        f'<span class="tieude">{TITLE}</span><br>08/06/2015 09:15<br>',
        f"<p><strong>{TITLE}</strong></p>",
        f'<table><tr><td class="TitleNews">{TITLE}</td></tr><tr><td>08/06/2015</td></tr></table>',
        f"<b>TIN HOẠT ĐỘNG</b><br><b>{TITLE}</b><br>",
    ],
)
@pytest.mark.parametrize(
    "window", ["Cổng thông tin điện tử xã Tiên Hòa", "Xã Tiên Hòa - huyện Hưng Hà", "Untitled Page"]
)
def test_the_line_set_apart_above_the_text_is_the_title(heading, window):
    assert title_of(page(heading, window)) == TITLE


def test_a_window_that_names_a_section_of_the_menu_names_no_article():
    assert title_of(page(f"<b>{TITLE}</b><br>", "Chuyên mục số 4 - Cổng thông tin điện tử xã Tiên Hòa")) == TITLE


def test_bold_words_that_begin_a_paragraph_are_no_title():
    opening = (
        "<p><b>Thực hiện kế hoạch của Ủy ban nhân dân</b> huyện về sản xuất vụ mùa, xã đã giao việc cho từng thôn.</p>"
    )
    assert title_of(page(opening)) == "Cổng thông tin điện tử xã Tiên Hòa"


def test_a_window_that_names_the_article_is_believed():
    heading = "<b>Chuyên mục nông nghiệp và nông thôn</b><br>"
    assert title_of(page(heading, "Tiên Hòa vào vụ mùa")) == "Tiên Hòa vào vụ mùa"
