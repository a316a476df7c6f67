"""Lines that print a date, and sentences that tell of one."""

from __future__ import annotations

import pytest

from archive.text.dates import parse_date
from crawler.extract import extract
from crawler.extract.dates.date_lines import stands_in_a_sentence

FESTIVAL = "Trong hai ngày, từ ngày 28/7/2022, tại nhà văn hóa xã Đồng Lạc đã diễn ra hội thi thổi cơm với sự tham gia của 12 đội."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FESTIVAL, True),
        (
            "“Ngày 3/2/2021, xã đón bằng công nhận đạt chuẩn nông thôn mới trước sự chứng kiến của đông đảo bà con.”",
            True,
        ),
        ("Đăng ngày 28/7/2022 bởi Ban biên tập Trang thông tin điện tử xã Đồng Lạc - lượt xem 1.205", False),
        ("Thứ năm, 28/07/2022 07:30", False),
        ("Cập nhật ngày 28/7/2022.", False),
    ],
)
def test_a_sentence_that_tells_of_a_day_prints_no_date_of_publication(text: str, told: bool) -> None:
    moment = parse_date(text)

    assert moment is not None
    assert stands_in_a_sentence(text, moment) is told


def test_a_page_that_prints_no_date_takes_none_from_its_first_sentence() -> None:
    rest = (
        "Chung cuộc, đội thôn Thượng thắng đội thôn Hạ, nhận cờ và giải thưởng. Ban tổ chức bố trí người phân luồng giao thông, "
        "bảo đảm an ninh trật tự. Sau nghi lễ dâng hương là màn trống hội của các nghệ nhân và nhiều trò chơi dân gian."
    )
    title = "Xã Đồng Lạc mở hội thi thổi cơm"
    markup = f'<html lang="vi"><title>{title}</title><body><div><div>{title}</div><div>{FESTIVAL}</div><div>{rest}</div></div></body></html>'

    article = extract(markup.encode(), "https://donglac.example.vn/hoi-thi")

    assert article.title == title
    assert article.published is None
