"""Ordinary news whose title holds the words of error, search, static, question or photo pages: what the software marks and
dates, or prints a date, a title and paragraphs, is an article. And pages that are what such words say."""

from __future__ import annotations

import pytest

from crawler.extract import read
from crawler.page.page import Page

PARAGRAPHS = [
    "Sáng qua, Ủy ban nhân dân xã Đông Giang họp bàn việc sửa trạm bơm đầu kênh, có trưởng các thôn và cán bộ thủy nông tham dự.",
    "Trạm bơm xây từ nhiều năm trước, nay hai trong bốn máy phải chạy luân phiên, nước về cuối kênh chậm hơn nửa ngày.",
    "Cuộc họp thống nhất thay hai máy trong quý này bằng nguồn thu tại chỗ, các thôn cử người giám sát và ghi lại từng ngày.",
]
TITLES = [
    ("404 hộ nghèo được hỗ trợ xóa nhà tạm", "404-ho-ngheo-duoc-ho-tro"),
    ("403 cán bộ xã học lớp chuyển đổi số", "403-can-bo-xa-hoc-lop"),
    ("500 đoàn viên ra quân trồng cây đầu xuân", "500-doan-vien-ra-quan"),
    ("502 học sinh nhận học bổng", "502-hoc-sinh-nhan-hoc-bong"),
    ("503 liều vắc-xin về trạm y tế xã", "503-lieu-vac-xin"),
    ("500 triệu đồng sửa đường thôn Hạ", "500-trieu-dong-sua-duong"),
    ("404 năm ngày lập làng", "404-nam-ngay-lap-lang"),
    ("Hệ thống cấp nước thôn Trung tạm ngừng để súc rửa bể", "he-thong-cap-nuoc-tam-ngung"),
    ("Trang trại lợn xã Đông Giang tạm dừng tái đàn", "trang-trai-lon-tam-dung"),
    ("Cổng chào thôn Đoài tạm dừng thi công", "cong-chao-thon-doai"),
    ("Xã Đông Giang không tồn tại điểm nóng về ma túy", "xa-khong-ton-tai-diem-nong"),
    ("Không tìm thấy dữ liệu hộ khẩu, nhiều người phải làm lại giấy tờ", "khong-tim-thay-du-lieu"),
    ("Lỗi hẹn với con đường mười năm", "loi-hen-voi-con-duong"),
    ("Bảo trì lưới điện trước mùa nắng nóng", "bao-tri-luoi-dien"),
    ("Lãnh đạo huyện tặng quà người cao tuổi", "lanh-dao-huyen-tang-qua"),
    ("Lãnh đạo xã đối thoại với thanh niên", "lanh-dao-xa-doi-thoai"),
    ("Lãnh đạo UBND huyện kiểm tra đê", "lanh-dao-ubnd-huyen-kiem-tra-de"),
    ("Lãnh đạo phường dâng hương nghĩa trang liệt sĩ", "lanh-dao-phuong-dang-huong"),
    ("Giới thiệu huyện nhà với du khách", "gioi-thieu-huyen-nha"),
    ("Giới thiệu sở trường nghề dệt của làng Mẹo", "gioi-thieu-so-truong"),
    ("Giới thiệu đơn vị ứng cử Hội đồng nhân dân xã", "gioi-thieu-don-vi-ung-cu"),
    ("Giới thiệu trung tâm học tập cộng đồng kiểu mẫu", "gioi-thieu-trung-tam-hoc-tap"),
    ("Tổng quan về vụ mùa bội thu", "tong-quan-ve-vu-mua"),
    ("Đội ngũ lãnh đạo trẻ của hợp tác xã Tân Mỹ", "doi-ngu-lanh-dao-tre"),
    ("Chức năng nhiệm vụ mới của trưởng thôn", "chuc-nang-nhiem-vu-moi"),
    ("Bản đồ hành chính xã mới được treo ở nhà văn hóa", "ban-do-hanh-chinh-xa-moi"),
    ("Danh bạ số của thôn giúp dân gọi thợ nhanh hơn", "danh-ba-so-cua-thon"),
    ("Điều kiện tự nhiên ưu đãi, vải thiều được mùa", "dieu-kien-tu-nhien-uu-dai"),
    ("Tìm kiếm nạn nhân mất tích trên sông Lạch", "tim-kiem-nan-nhan"),
    ("Tìm kiếm việc làm cho lao động trẻ", "tim-kiem-viec-lam"),
    ("Tác giả “Làng tôi” về thăm trường cũ", "tac-gia-lang-toi"),
    ("Thẻ: bảo hiểm y tế đến tay hộ cận nghèo", "the-bao-hiem-y-te"),
    ("Công ty cấp nước đáp ứng nhu cầu mùa khô", "hoi-dap-ung-nhu-cau-mua-kho"),
    ("Xã hội đáp ứng lời kêu gọi hiến máu", "xa-hoi-dap-ung-loi-keu-goi"),
    ("Anh em nhà nông đoạt giải sáng tạo", "anh-em-nha-nong"),
    ("Ảnh hưởng của bão số 3 tới vụ đông", "anh-huong-cua-bao-so-3"),
    ("Hình ảnh làng quê đổi mới qua nét vẽ học trò", "hinh-anh-lang-que"),
    ("Video quay cảnh vớt rác được chia sẻ rộng", "video-quay-canh-vot-rac"),
    ("Phát thanh viên của thôn hai mươi năm giữ nghề", "phat-thanh-vien-cua-thon"),
    ("Văn bản chỉ đạo chống rét cho trâu bò đã về tới thôn", "van-ban-chi-dao-chong-ret"),
    ("Album cũ kể chuyện đê vỡ năm Thìn", "album-cu-ke-chuyen"),
    ("Truyền hình về làng quay phim tài liệu", "truyen-hinh-ve-lang"),
    ("Câu hỏi của cử tri thôn Đông được trả lời tại chỗ", "cau-hoi-cua-cu-tri"),
    ("Giải đáp ứng dụng số cho người cao tuổi", "giai-dap-ung-dung-so"),
    ("Đường dây nóng của thôn nhận ba tin báo trong đêm bão", "duong-day-nong-cua-thon"),
    ("Góp ý dự thảo hương ước: dân bàn, dân quyết", "gop-y-du-thao-huong-uoc"),
    ("Liên hệ vườn với chợ: cách làm của hợp tác xã", "lien-he-vuon-voi-cho"),
    ("Xổ số kiến thiết xây nhà tình nghĩa", "xo-so-kien-thiet-xay-nha"),
]


def k2(title: str, paragraphs=PARAGRAPHS, around: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<meta name="generator" content="Joomla! - Open Source Content Management"><link rel="stylesheet" href="/media/k2/k2.css"></head>
<body class="com_k2 view-item"><ul class="menu"><li><a href="/">Trang chủ</a></li></ul>{around}<div id="k2Container" class="itemView">
<div class="itemHeader"><span class="itemDateCreated">Thứ hai, 13 Tháng 1 2020 08:30</span><h2 class="itemTitle">{title}</h2></div>
<div class="itemBody"><div class="itemFullText">{text}</div></div></div></body></html>"""


def unknown(title: str, paragraphs=PARAGRAPHS, around: str = "", date: str = "Ngày đăng: 13/01/2020 08:30") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title></head><body>
<div class="menu"><ul><li><a href="/">Trang chủ</a></li><li><a href="/tin-tuc/">Tin tức</a></li></ul></div>{around}
<div class="bai-viet"><h1>{title}</h1><div class="ngay-dang">{date}</div><div class="noi-dung">{text}</div></div></body></html>"""


@pytest.mark.parametrize(("title", "slug"), TITLES, ids=[slug for _, slug in TITLES])
@pytest.mark.parametrize("made", [k2, unknown], ids=["k2", "unknown"])
def test_news_is_an_article_whatever_words_stand_in_its_title(made, title, slug):
    address = f"/index.php/tin/item/7-{slug}" if made is k2 else f"/tin/{slug}.html"
    reading = read(Page.parse(made(title).encode(), f"http://donggiang.example.gov.vn{address}"))
    assert (reading.kind, reading.article and reading.article.title) == ("article", title), reading.reason
    article = reading.article
    assert [article.lead, *article.paragraphs] == PARAGRAPHS


MENU = '<nav class="menu"><a href="{0}">{1}</a></nav>'
OTHERS = [
    ("error", "404", "/tin/mat.html", ["Trang bạn tìm không có."], ""),
    ("error", "404 - Không tìm thấy trang", "/tin/mat.html", ["Mời bạn về trang chủ."], ""),
    ("error", "Lỗi 404: Not Found", "/tin/mat.html", ["Mời bạn về trang chủ."], ""),
    ("error", "500 Internal Server Error", "/tin/mat.html", ["Mời bạn quay lại sau."], ""),
    ("error", "403 Forbidden", "/tin/mat.html", ["You don't have permission."], ""),
    ("error", "Trang web đang bảo trì", "/", ["Mời bạn quay lại sau."], ""),
    ("static", "Giới thiệu chung", "/gioi-thieu-chung.html", PARAGRAPHS, ""),
    ("static", "Liên hệ", "/lien-he.html", PARAGRAPHS, ""),
    ("static", "Cơ cấu tổ chức", "/co-cau-to-chuc", PARAGRAPHS, ""),
    ("static", "Giới thiệu huyện Đông Giang", "/gioi-thieu-huyen.html", PARAGRAPHS, MENU),
    ("static", "Lãnh đạo UBND huyện", "/lanh-dao.html", PARAGRAPHS, MENU),
    ("qa", "Thủ tục tách hộ", "/hoi-dap/thu-tuc-tach-ho-12.html", ["Hỏi: Tách hộ cần gì?", "Trả lời: Cần tờ khai."], ""),
    ("qa", "Thủ tục tách hộ", "/hoi-dap-phap-luat/12.html", ["Hỏi: Tách hộ cần gì?", "Trả lời: Cần tờ khai."], ""),
    ("media", "Lễ khai giảng", "/thu-vien-anh/le-khai-giang.html", ["Ảnh lễ khai giảng."], ""),
    ("media", "Lễ khai giảng", "/anh/12.html", ["Ảnh lễ khai giảng."], ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "title", "address", "paragraphs", "menu"), OTHERS)
def test_pages_that_are_what_such_words_say_stay_so(kind, title, address, paragraphs, menu):
    html = unknown(
        title, paragraphs, menu.format(address, title), date="Cập nhật: 13/01/2020" if kind == "static" else ""
    )
    reading = read(Page.parse(html.encode(), f"http://donggiang.example.gov.vn{address}"))
    assert (reading.kind if address != "/" else "error", reading.article) == (kind, None)
