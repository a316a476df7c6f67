"""Pages that say something themselves are told from pages that carry a form, a table of files, or teasers of others."""

from __future__ import annotations

import pytest

from crawler.extract import read
from crawler.page.page import Page

PARAGRAPHS = [
    "Sáng 12/3, hợp tác xã Tân Mỹ họp xã viên bàn việc đổi giống lúa, có cán bộ khuyến nông của huyện về dự và góp ý.",
    "Giống cũ gieo đã tám vụ, cây cao dễ đổ, mấy năm nay cứ gặp mưa cuối vụ là mất hai phần mười sản lượng của cả xã.",
    "Xã viên biểu quyết gieo thử ba mươi mẫu ở cánh đồng Cửa Đình, hợp tác xã ứng trước giống và thu lại sau khi gặt.",
]
PROSE = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
FONTS = "<table>" + "".join(f"<tr><td><font>{paragraph}</font></td></tr>" for paragraph in PARAGRAPHS) + "</table>"
POLL = (
    "<form action='/binh-chon'><p>Theo ông bà, cách làm việc của bộ phận tiếp nhận hồ sơ trong quý vừa qua ở mức độ nào dưới đây?</p>"
    + "".join(
        f"<label><input type=radio name=c value={n}>{text}</label><br>" for n, text in enumerate(["Tốt", "Khá", "Kém"])
    )
    + "<button>Gửi ý kiến</button></form>"
)
LETTER = (
    "<form action='/thu' method=post><p>Mời bà con điền đủ các mục dưới đây, văn phòng sẽ trả lời qua thư trong năm ngày làm việc.</p>"
    "<input name=ten><input name=dia_chi><textarea name=thu></textarea></form>"
)
FILES = "<table><tr><th>Tên</th><th>Tệp</th></tr>" + "".join(
    f"<tr><td>Mẫu số {n}: tờ khai của hộ gia đình xin cấp lại giấy tờ bị hỏng do ngập nước</td><td><a href='/tep/mau-{n}.docx'>Tải</a></td></tr>"
    for n in range(1, 7)
) + "</table>"  # fmt: skip


def teasers(number: int) -> str:
    return "".join(
        f"<div class=muc><h3><a href='/tin/chuyen-cua-lang-so-{n}-trong-vu-nay.html'>Chuyện của làng số {n} trong vụ này</a></h3><i>1{n}/01/2020</i>"
        f"<p>Người thôn {n} góp công đào mương, kéo điện ra đồng và chia nhau từng phiên gác máy bơm trong vụ này.</p></div>"
        for n in range(1, number + 1)
    )


def k2(title: str, text: str) -> tuple[str, str]:
    markup = f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title><link rel="stylesheet" href="/media/k2/k2.css">
<meta name="generator" content="Joomla! - Open Source Content Management"></head><body class="com_k2 view-item"><div id="k2Container" class="itemView">
<div class="itemHeader"><span class="itemDateCreated">Thứ hai, 13 Tháng 1 2020 08:30</span><h2 class="itemTitle">{title}</h2></div>
<div class="itemBody"><div class="itemFullText">{text}</div></div></div></body></html>"""
    return markup, "/index.php/tin/item/8-tin"


def unknown(
    title: str, text: str, day: str = "Ngày đăng: 13/01/2020", address: str = "/tin/doi-giong-lua.html"
) -> tuple[str, str]:
    markup = f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title></head><body><ul class="menu"><li><a href="/">Trang chủ</a></li></ul>
<div class="khung"><h1>{title}</h1><div class="ngay">{day}</div><div class="chu">{text}</div></div></body></html>"""
    return markup, address


def aspnet(title: str, text: str) -> tuple[str, str]:
    markup, address = unknown(title, text)
    inputs = '<input name="__VIEWSTATE" value="x"><input name=q><input name=ten><input type=password name=mk>'
    markup = markup.replace("<ul class", f"<form id=aspnetForm>{inputs}<ul class").replace("</body>", "</form></body>")
    return markup, address


NEWS = "Hợp tác xã Tân Mỹ đổi giống lúa"
CASES = {
    "poll": ("static", unknown("Ý kiến bà con", POLL)),
    "poll of a dated item": ("static", k2("Ý kiến bà con", POLL)),
    "letter": ("static", unknown("Thư gửi văn phòng", LETTER)),
    "letter of a dated item": ("static", k2("Thư gửi văn phòng", LETTER)),
    "files": ("law_list", unknown("Mẫu tờ khai", FILES)),
    "files of a dated item": ("law_list", k2("Mẫu tờ khai", FILES)),
    "news with a poll": ("article", unknown(NEWS, PROSE + POLL)),
    "news set in fonts, with a poll": ("article", unknown(NEWS, FONTS + POLL)),
    "news with a poll, marked": ("article", k2(NEWS, PROSE + POLL)),
    "news with files": ("article", unknown(NEWS, PROSE + FILES)),
    "a paragraph with files": ("article", unknown(NEWS, f"<p>{PARAGRAPHS[0]}</p>{FILES}")),
    "news in a form around the page": ("article", aspnet(NEWS, PROSE)),
    "news with teasers": ("article", unknown(NEWS, f"{PROSE}</div><div class=duoi>{teasers(6)}")),
    "a section with teasers": ("listing", unknown("Nhà nông", teasers(6), "", "/nha-nong/")),
    "a section's own prose beside its teasers": ("listing", unknown("Nhà nông", PROSE + teasers(6), "", "/nha-nong/")),
    "prose under three teasers": ("listing", unknown("Nhà nông", teasers(3) + PROSE, "", "/nha-nong/")),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "made"), CASES.values(), ids=CASES)
def test_what_a_page_says_itself_makes_it_an_article(kind, made):
    markup, address = made
    reading = read(Page.parse(markup.encode(), f"http://tanmy.example.gov.vn{address}"))
    assert reading.kind == kind, reading.reason


@pytest.mark.parametrize("said", ["10 years ago", "10 năm trước", "hôm qua", ""])
def test_a_day_for_software_counts_whatever_a_reader_is_told(said):
    markup, address = unknown(NEWS, PROSE, f'<time datetime="2015-03-02T08:00:00+07:00">{said}</time>')
    reading = read(Page.parse(markup.encode(), f"http://tanmy.example.gov.vn{address}"))
    assert (reading.kind, reading.article.published.value[:16]) == ("article", "2015-03-02T08:00")
