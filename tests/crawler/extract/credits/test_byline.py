"""Signatures: which lines can be one, who is in it, and which of an article's last lines it is."""

from __future__ import annotations

import pytest

from crawler.extract.clean.blocks import Block
from crawler.extract.credits.byline import find_signature, person_of, read_signature, without_label

PROSE = "Ủy ban nhân dân xã họp bàn việc sửa đường, các thôn cùng góp ngày công và vật liệu."


@pytest.mark.parametrize(
    ("line", "author", "source"),
    [
        ("Thu Uyên", "Thu Uyên", None),
        ("Thu Uyên - Minh Hương", "Thu Uyên - Minh Hương", None),
        ("Thu Uyên (Đài TT-TH Hưng Hà)", "Thu Uyên", "Đài TT-TH Hưng Hà"),
        ("Thu Uyên - Đài TT-TH Hưng Hà", "Thu Uyên", "Đài TT-TH Hưng Hà"),
        ("Lan Anh - Hội Nông dân xã", "Lan Anh", "Hội Nông dân xã"),
        ("Minh Hương - Trường Giang", "Minh Hương - Trường Giang", None),
        ("Minh Hương - Đoàn Văn Hậu", "Minh Hương - Đoàn Văn Hậu", None),
        ("Tin: Thu Uyên - Đài TT-TH Hưng Hà", "Thu Uyên", "Đài TT-TH Hưng Hà"),
        ("Tin, ảnh: Minh Hương", "Minh Hương", None),
        ("Tin, bài: Minh Hương – Phòng Văn hóa", "Minh Hương", "Phòng Văn hóa"),
        ("Theo Đài TT-TH Tiên Hòa", None, "Đài TT-TH Tiên Hòa"),
        ("Nguồn: Báo Thái Bình", None, "Báo Thái Bình"),
        ("(Nguồn: thaibinh.gov.vn)", None, "thaibinh.gov.vn"),
        ("PV", None, None),
        ("BBT", None, None),
        ("Đài Truyền thanh xã Hòa An", None, "Đài Truyền thanh xã Hòa An"),
        ("Tác giả: Lê Thu", "Lê Thu", None),
    ],
)
def test_a_signature_names_its_persons_and_its_organisation(line, author, source):
    signature = read_signature(line)
    assert signature is not None
    assert (signature.author, signature.source) == (author, source)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "X",
        "Kính mời bà con đến dự!",
        "Các nội dung sau:",
        "Theo đó, mỗi hộ góp một ngày công",
        "nhân dân các thôn cùng góp ngày công",
        PROSE + " " + PROSE,
        "Thu Uyên " * 60,
        "Hỏi: ai là người đăng ký?",
    ],
)
def test_a_line_of_the_text_is_no_signature(line):
    assert read_signature(line) is None


@pytest.mark.parametrize("name", ["admin", "Quản trị viên", "Super User", "BBT"])
def test_software_names_nobody(name):
    signature = read_signature(f"Tin: {name} (Đài TT-TH Hưng Hà)")
    assert signature is None or signature.author is None


def test_spaces_are_mended_and_the_softwares_label_is_not_printed():
    assert read_signature("Tác giả:   Lê  Thu").printed == "Lê Thu"
    assert read_signature("Tin , ảnh :Minh Hương").printed.startswith("Tin, ảnh")


@pytest.mark.parametrize(
    ("line", "bare"),
    [("Tác giả: Gia Hân", "Gia Hân"), ("Người đăng : Gia Hân", "Gia Hân"), ("Tin, ảnh: Gia Hân", "Tin, ảnh: Gia Hân"), ("By: Gia Hân", "Gia Hân")],
)  # fmt: skip
def test_a_label_of_the_software_goes_and_one_of_the_signature_stays(line, bare):
    assert without_label(line) == bare


def article(*lines: Block | str) -> list[Block]:
    """An article of two paragraphs, with these lines under them."""
    under = [line if isinstance(line, Block) else Block("text", line) for line in lines]
    return [Block("text", PROSE), Block("text", PROSE), *under]


@pytest.mark.parametrize(
    ("lines", "author", "source", "taken"),
    [
        (["Tin, ảnh: Minh Hương"], "Minh Hương", None, 1),
        ([Block("text", "Minh Hương", align="right")], "Minh Hương", None, 1),
        ([Block("text", "Minh Hương", bold=1.0)], "Minh Hương", None, 1),
        (["Minh Hương"], "Minh Hương", None, 1),
        (["Minh Hương", "Nguồn: Báo Thái Bình"], "Minh Hương", None, 2),
        ([Block("text", "Thu Uyên", align="right"), Block("text", "Đài TT-TH Hưng Hà", align="right")], "Thu Uyên", "Đài TT-TH Hưng Hà", 2),
        ([PROSE], None, None, 0),
        ([Block("item", "Minh Hương")], None, None, 0),
        ([Block("text", "Minh Hương", align="center")], None, None, 0),
        (["Hòa An"], "Hòa An", None, 1),
    ],
    ids=["roles", "right", "bold", "bare", "over-source", "two-lines", "prose", "item", "centred", "two-words"],
)  # fmt: skip
def test_the_last_lines_are_the_signature_where_words_and_place_agree(lines, author, source, taken):
    signature, indices, _ = find_signature(article(*lines))
    assert len(indices) == taken
    assert (signature.author if signature else None, signature.source if signature and source else None) == (
        author,
        source,
    )


def test_a_source_line_under_the_name_is_the_source():
    signature, _, source = find_signature(article("Minh Hương", "Nguồn: Báo Thái Bình"))
    assert (signature.author, source) == ("Minh Hương", "Báo Thái Bình")


@pytest.mark.parametrize("office", ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "(Đã ký)", "KT. CHỦ TỊCH"])
def test_who_signs_a_notice_is_no_author(office):
    blocks = article(Block("text", office, align="right"), Block("text", "Nguyễn Văn An", align="right", bold=1.0))
    assert find_signature(blocks)[0] is None


def test_the_only_paragraph_is_not_taken_for_a_signature():
    assert find_signature([Block("text", "Tin, ảnh: Minh Hương")])[1] == []


def test_a_caption_of_the_photographer_is_no_byline():
    blocks = article(Block("image", url="http://xahoa.gov.vn/a.jpg"), Block("text", "Ảnh: Minh Hương", align="center"))
    assert find_signature(blocks)[0] is None


@pytest.mark.parametrize(("account", "person"), [("  Lê   Thu ", "Lê Thu"), ("", None), (None, None)])
def test_an_account_is_a_tidy_name(account, person):
    assert person_of(account) == person
