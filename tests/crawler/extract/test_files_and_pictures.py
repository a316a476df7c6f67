"""Attachments and pictures of an article: wherever the page offers them, under the address they are fetched by."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.extract.canonical import names_the_same
from crawler.page.pictures import largest

URL = "https://vandinh.example.gov.vn/tin/tram-bom.html"
BASE = "https://vandinh.example.gov.vn"
PROSE = (
    "<p>Sáng qua, Ủy ban nhân dân xã họp bàn việc sửa trạm bơm Đông Lạc trước mùa mưa, kinh phí lấy từ nguồn thu tại chỗ.</p>"
    "<p>Các thôn cử người cùng giám sát, ghi lại số liệu từng ngày và niêm yết công khai ở trụ sở trong suốt thời gian thi công.</p>"
    "<p>Đợt đầu bắt đầu vào tuần tới, kéo dài khoảng một tháng; nơi nào chậm phải nêu rõ lý do trước hội nghị của xã.</p>"
)


def read(body: str, head: str = "", kind: str = "text/html; charset=utf-8"):
    page = f"""<!doctype html><html lang="vi"><head><title>Xã sửa trạm bơm Đông Lạc</title>{head}</head><body>
    <div class="menu"><a href="/">Trang chủ</a></div><div class="bai"><h1>Xã sửa trạm bơm Đông Lạc</h1>
    <div class="ngay">Ngày đăng: 13/01/2020</div><div class="noi-dung">{PROSE}{body}</div></div></body></html>"""
    return extract(page.encode(), URL, content_type=kind)


@pytest.mark.parametrize(
    ("markup", "files"),
    [
        ('<p><a href="/GetFile.aspx?fid=8">Phụ lục 8.docx</a></p>', [("/GetFile.aspx?fid=8", "Phụ lục 8.docx")]),
        ('<p><a href="/vb/77" download="qd.pdf">Quyết định số 77</a></p>', [("/vb/77", "Quyết định số 77")]),
        ('<div class="tep-dinh-kem"><a href="/dl/12">Tải xuống</a></div>', [("/dl/12", None)]),
        ('<p><a href="/xu-ly.aspx?m=9">Tải về</a></p>', [("/xu-ly.aspx?m=9", None)]),
        ('<p><a href="/f/QD so 12.pdf">Quyết định 12</a></p>', [("/f/QD%20so%2012.pdf", "Quyết định 12")]),
        ('<p><a href="\\f\\Kế hoạch.doc">Tải về</a></p>', [("/f/K%E1%BA%BF%20ho%E1%BA%A1ch.doc", "Kế hoạch.doc")]),
        ('<p><a href="/a/vb.pdf">Bản 1</a> <a href="/b/vb.pdf">Bản 2</a></p>', [("/a/vb.pdf", "Bản 1"), ("/b/vb.pdf", "Bản 2")]),
        ('<embed src="/f/1.pdf"><object data="/f/2.pdf"></object><iframe src="/f/3.pdf"></iframe>',
         [("/f/1.pdf", "1.pdf"), ("/f/2.pdf", "2.pdf"), ("/f/3.pdf", "3.pdf")]),
        ('<object type="application/pdf" data="/xem?so=5"><a href="/xem?so=5">Tải về</a></object>', [("/xem?so=5", None)]),
        ('<object><param name="src" value="/f/4.pdf"></object>', [("/f/4.pdf", "4.pdf")]),
        ('<iframe src="https://docs.google.com/viewer?url=https%3A%2F%2Fvandinh.example.gov.vn%2Ff%2F5.pdf&embedded=true"></iframe>', [("/f/5.pdf", "5.pdf")]),
        ('<iframe src="/pdfjs/web/viewer.html?file=/f/6.pdf"></iframe>', [("/f/6.pdf", "6.pdf")]),
        ('<iframe src="/ViewerJS/#../f/7.pdf"></iframe>', [("/f/7.pdf", "7.pdf")]),
        ('<p><a href="https://view.officeapps.live.com/op/view.aspx?src=https%3A%2F%2Fvandinh.example.gov.vn%2Ff%2F8.docx">Kế hoạch 8</a></p>', [("/f/8.docx", "Kế hoạch 8")]),
        ('<p><a href="/tai-lieu/">Tải về</a></p><iframe src="https://www.youtube.com/embed/x"></iframe>', []),
    ],
)  # fmt: skip
def test_files_wherever_a_page_offers_them(markup, files):
    found = [(file.url.removeprefix(BASE), file.name) for file in read(markup).attachments]
    assert found == files


@pytest.mark.parametrize(
    ("markup", "pictures"),
    [
        ('<p><img src="/img/blank.gif" data-src="/anh/1.jpg"></p>', ["/anh/1.jpg"]),
        ('<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-lazy-src="/anh/2.jpg"></p>', ["/anh/2.jpg"]),
        ('<p><img class="lazy" src="/img/loading.svg" data-original="/anh/3.jpg"></p>', ["/anh/3.jpg"]),
        ('<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><noscript><img src="/anh/4.jpg"></noscript></p>', ["/anh/4.jpg"]),
        ('<p><img src="/anh/5-300.jpg" srcset="/anh/5-300.jpg 300w, /anh/5-1200.jpg 1200w"></p>', ["/anh/5-1200.jpg"]),
        ('<picture><source srcset="/anh/6.webp 1x, /anh/6@2x.webp 2x"><img></picture>', ["/anh/6@2x.webp"]),
        ('<p><img src="/anh/hoi nghi xã.jpg"></p>', ["/anh/hoi%20nghi%20x%C3%A3.jpg"]),
        ('<p><img src="/anh/loading-hang-o-cang.jpg"></p>', ["/anh/loading-hang-o-cang.jpg"]),
        ('<p><img src="/img/placeholder.png"></p>', []),
    ],
)  # fmt: skip
def test_the_real_picture_behind_a_lazy_one(markup, pictures):
    assert [image.url.removeprefix(BASE) for image in read(markup).images] == pictures


def test_of_a_srcset_the_largest():
    assert largest("a.jpg 300w, b.jpg 1024w,c.jpg 700w") == "b.jpg"
    assert largest("/a,b.jpg 1x, /c.jpg 2x") == "/c.jpg"
    assert largest("x.jpg") == "x.jpg"
    assert largest("") is None


def test_elements_closed_in_themselves_are_whole_where_the_page_is_xml():
    head = '<script type="text/javascript" src="/a.js"/>'
    assert "trạm bơm Đông Lạc" in read("", head, "application/xhtml+xml; charset=utf-8").lead


def test_a_pasted_picture_of_megabytes_hides_no_text():
    article = read(
        f'<p><img src="data:image/png;base64,{"iVBORw0KGgo" * 600_000}"></p><p>Đoạn cuối nói về việc nghiệm thu.</p>'
    )
    assert article.text.endswith("Đoạn cuối nói về việc nghiệm thu.")
    assert not any("bytes were read" in note for note in article.notes)


@pytest.mark.parametrize(
    ("here", "said", "believed"),
    [
        ("/?p=12", "/2020/05/xa-sua-tram-bom/", True),
        ("/index.php?option=com_content&id=12:tram-bom", "/tin/12-tram-bom.html", True),
        ("/tin/xa-sua-tram-bom-12.html?ref=home", "/tin/xa-sua-tram-bom-12.html", True),
        ("/node/12", "/xa-sua-tram-bom", True),
        ("/tin/bai-1.html", "/", False),
        ("/tin/bai-1.html", "/tin-tuc-su-kien/", False),
        ("/tin/bai-2.html", "/tin/bai-1.html", False),
        ("/tin/2020/bai-5.html", "/tin/2020/bai-1.html", False),
        ("/chitiet.aspx?id=5", "/chitiet.aspx", False),
        ("/chitiet.aspx?id=5", "/chitiet.aspx?id=4", False),
        ("/tin/tram-bom.html", "/default.aspx", False),
    ],
)
def test_when_rel_canonical_is_believed(here, said, believed):
    assert names_the_same(BASE + here, BASE + said, ["Xã sửa trạm bơm Đông Lạc"]) is believed
