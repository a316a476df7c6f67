"""Dates as Vietnamese portals print them. The cases are those of the field guide's development set of printed dates."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.dates import parse_date

NOW = datetime.fromisoformat("2026-11-22T10:00+07:00")

CASES = [
    ("Thứ hai - 13/01/2020 08:30", "2020-01-13T08:30"),
    ("13/01/2020 8:30:00 SA", "2020-01-13T08:30"),
    ("13/01/2020 8:30:00 CH", "2020-01-13T20:30"),
    ("Cập nhật lúc: 08:30:15 13/01/2020", "2020-01-13T08:30"),
    ("08:30 | 13/01/2020", "2020-01-13T08:30"),
    ("Chiều ngày 11/01/2020", "2020-01-11"),
    ("Ngày 11 tháng 01 năm 2020", "2020-01-11"),
    ("Hưng Hà, ngày 11 tháng 01 năm 2020", "2020-01-11"),
    ("2 giờ trước", "2026-11-22T08:00"),
    ("Hôm qua", "2026-11-21"),
    ("Hôm qua, 14:20", "2026-11-21T14:20"),
    ("15 phút trước", "2026-11-22T09:45"),
    ("2 tháng trước", "2026-09-22"),
    ("2020-01-13", "2020-01-13"),
    ("13 Th1, 2020", "2020-01-13"),
    ("03 tháng tư 2021", "2021-04-03"),
    ("T4, 22/07/2020", "2020-07-22"),
    ("CN, 05/07/2020", "2020-07-05"),
    ("Thứ Sáu, Tháng 7 3, 2020", "2020-07-03"),
    ("04/05/20", "2020-05-04"),
    ("5/12/2019 14:07", "2019-12-05T14:07"),
    ("Thứ ba, 24 Tháng 11 2020 00:00", "2020-11-24T00:00"),
    ("Viết bởi Admin Thứ ba, 24/11/2020 10:16", "2020-11-24T10:16"),
    ("Th11 24, 2020", "2020-11-24"),
    ("24 Thg 11, 2020", "2020-11-24"),
    ("24 tháng 11, 2020 3:16 chiều", "2020-11-24T15:16"),
    ("Đọc 265 lượt", None),
    ("Đánh giá mục này (0 bỏ phiếu)", None),
    ("Số: 06/NQ-HĐND", None),
    ("nhiệm kỳ 2021-2026", None),
    ("31/02/2020", None),
    ("0227.3861.234", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_a_printed_date_is_read_or_refused_never_guessed(text, expected):
    moment = parse_date(text, now=NOW)
    # the day a relative month was counted to is in ``when``; its value ends at the month
    assert (moment and moment.when.isoformat()[: len(expected or "")]) == expected


@given(st.text(max_size=80))
def test_any_text_gives_a_date_or_nothing(text):
    moment = parse_date(text, now=NOW)
    assert moment is None or moment.value[:4].isdigit()
