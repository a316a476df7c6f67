"""Numbers of official documents in a text, and what only looks like one."""

from __future__ import annotations

import pytest

from archive.text.numbers.document_numbers import documents_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Nghị quyết số 06/NQ-HĐND ngày 12/7", ["06/NQ-HĐND"]),
        ("Luật số 202/2025/QH15.", ["202/2025/QH15"]),
        ("Nghị định 24/2016/NĐ-CP, Chỉ thị 05-CT/TW", ["24/2016/NĐ-CP", "05-CT/TW"]),
        ("Quyết định 1.234/QĐ-UBND", ["1.234/QĐ-UBND"]),
        ("Tờ trình 12/TTr-UBND; 12/TTr-UBND", ["12/TTr-UBND"]),
        ("Công văn 5/UBND–VP", ["5/UBND-VP"]),
        ("sáng 12/7, 3/4 số hộ, 24/7", []),
        ("đạt 5/BCH, xem http://xa.vn/12/QD-UBND/x", ["5/BCH"]),
        ("mã A12/QĐ-UBND", []),
        ("không có gì", []),
        ("", []),
    ],
)
def test_numbers_are_told_in_their_order_each_once(text, numbers):
    assert documents_in(text) == numbers
