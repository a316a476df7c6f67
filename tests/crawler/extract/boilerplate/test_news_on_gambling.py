"""What speaks of gambling, loans and telephones is text where it is news or an office's; what sells them is an advert."""

from __future__ import annotations

import pytest

from crawler.extract.boilerplate.spam import has_jargon, is_advert_text
from tests.crawler.extract.pages.plain import PARAGRAPHS, paragraphs_of, plain, read_page

FIRST = PARAGRAPHS[0]
NEWS = [
    ("Công an xã triệt phá nhóm cá độ", "Nhóm này dùng tài khoản nhà cái để nhận cược lô đề và cá cược thể thao trong ba tháng."),
    ("Khởi tố nhóm tổ chức tài xỉu", "Các con bạc chơi tài xỉu, bắn cá, nổ hũ trên ứng dụng Sunwin, Go88; nạp tiền qua ví."),
    ("Thông báo ngăn chặn trang kubet77.vip", "Sở yêu cầu nhà mạng chặn trang kubet77.vip, w88 và 188bet."),
    ("Thông báo ngăn chặn trang kubet77.vip", "Danh sách: kubet77.vip, fb88, w88"),
    ("Cấm quảng cáo nhà cái trên cột điện", "Trang này quảng cáo nhà cái uy tín, khuyến mãi 100% để dụ người chơi."),
    ("Đoàn xã phát động đổi rác lấy quà", "Mang vỏ chai, pin cũ đến nhà văn hóa để đổi thưởng, mỗi 5 kg được một cây xanh."),
    ("Đoàn xã phát động đổi rác lấy quà", "Đổi thưởng ngay tại chỗ, quà hấp dẫn"),
    ("Ngân hàng Chính sách xã hội giải ngân", "Hộ vay tín chấp qua Hội Phụ nữ, không thế chấp, liên hệ tổ trưởng số 0912345678."),
    ("Ngân hàng Chính sách xã hội giải ngân", "Vay tín chấp tối đa 50 triệu đồng"),
    ("Khai hội đền làng", "Phần hội có đấu vật, đá gà truyền thống, kéo co và thả diều."),
    ("Dự án casino cho người Việt được gia hạn", "Casino này đón khách từ năm 2019, doanh thu casino năm qua tăng."),
    ("Bàn việc sửa trạm bơm", "Mọi thông tin liên hệ: 0227 386 1234, hotline 1900 3228"),
    ("Bàn việc sửa trạm bơm", "Dịch vụ công trực tuyến, hotline 1022"),
    ("Bàn việc sửa trạm bơm", "Tuyển dụng viên chức, liên hệ: 0227 3861 234"),
    ("Bàn việc sửa trạm bơm", "Hotline Sở Y tế: 0227.3831.456"),
    ("Bàn việc sửa trạm bơm", "Trung tâm Y tế huyện khám miễn phí, hotline 0227.3831.456"),
    ("Bàn việc sửa trạm bơm", "Mọi chi tiết liên hệ: 0912.345.678 (anh Bình)"),
    ("Bàn việc sửa trạm bơm", "Đặt hàng nông sản OCOP qua hợp tác xã, liên hệ: 0912 345 678"),
    ("A visit to the commune", "The Socialist Republic of Viet Nam sent a specialist of irrigation to the commune."),
    ("A visit to the commune", "Ho Chi Minh City, March 5"),
    ("A visit to the commune", "Camera and laptop were left in the car near Da Nang"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "told"), NEWS, ids=[told[:40] for _, told in NEWS])
def test_what_is_told_stays(title, told):
    html = plain(f"<p>{FIRST}</p><p>{told}</p><p>{PARAGRAPHS[1]}</p>", title=title)
    assert paragraphs_of(html) == [FIRST, told, PARAGRAPHS[1]]
    article = read_page(html).article
    assert article is not None
    assert [piece.text for piece in article.removed if piece.kind == "spam"] == []


def test_the_link_of_a_ban_notice_stays_and_a_hidden_one_goes():
    link = '<a href="https://kubet77.vip/">kubet77.vip</a>'
    told = f"<p>{FIRST}</p><p>Không truy cập {link} dưới mọi hình thức.</p>"
    html = plain(
        f'{told}<div style="display:none"><a href="https://w88.club/">w88</a></div>', title="Cảnh báo trang cá cược"
    )
    assert paragraphs_of(html)[1] == "Không truy cập kubet77.vip dưới mọi hình thức."
    article = read_page(html).article
    assert article is not None
    assert [piece.href for piece in article.removed if piece.kind == "spam"] == ["https://w88.club/"]


ADVERTS = [
    "Kubet88 nhà cái uy tín số 1, nạp rút 24/7", "Soi kèo bóng đá hôm nay, tỷ lệ kèo", "Game bài đổi thưởng nhận ngay 50k",
    "Link vào w88, fb88 mới nhất không bị chặn", "Đánh bạc online, đổi thưởng nhanh, tặng code tân thủ",
]  # fmt: skip


@pytest.mark.parametrize("advert", ADVERTS)
def test_what_sells_is_an_advert_in_news_of_anything_else(advert):
    html = plain("".join(f"<p>{text}</p>" for text in [FIRST, advert, PARAGRAPHS[1]]))
    assert paragraphs_of(html) == [FIRST, PARAGRAPHS[1]]


@pytest.mark.parametrize(
    "text", ["The socialist republic", "a specialist", "bài viết của Java", "xã hội", "hạt giống w8899x"]
)
def test_no_word_of_a_list_is_found_within_another(text):
    assert not has_jargon(text)
    assert not is_advert_text(text)


@pytest.mark.parametrize(
    "words", ["nhà cái, kubet, soi kèo, tỷ lệ kèo", ", ".join(f"nhà cái {n} uy tín" for n in range(90))]
)
def test_gambling_in_the_keywords_is_told_and_leaves_the_article(words):
    html = plain(head=f'<meta name="keywords" content="{words}">')
    assert paragraphs_of(html) == PARAGRAPHS
    article = read_page(html).article
    assert article is not None
    assert [piece.text for piece in article.removed if piece.kind == "spam"] == [words]


def test_keywords_of_news_on_gambling_are_no_spam():
    told = "Công an huyện bắt nhóm cá độ bóng đá, thu giữ hai trăm triệu đồng và mười điện thoại."
    html = plain(
        f"<p>{told}</p><p>{FIRST}</p>",
        title="Bắt nhóm cá độ",
        head='<meta name="keywords" content="cá độ, nhà cái, uy tín">',
    )
    article = read_page(html).article
    assert article is not None
    assert [piece for piece in article.removed if piece.kind == "spam"] == []


def test_a_page_that_is_an_advert_as_a_whole_is_no_article():
    text = "<p>Kubet là nhà cái uy tín hàng đầu châu Á, nạp rút nhanh, tặng code.</p>" * 5
    assert read_page(plain(text, title="Nhà cái uy tín nhất Kubet")).kind == "spam"
