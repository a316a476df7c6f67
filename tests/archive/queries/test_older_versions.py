"""Older versions packed beside their newer neighbour: read back whole, or not at all."""

from __future__ import annotations

import json
import zlib
from base64 import b85encode
from dataclasses import asdict, replace
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Article, Attachment, Image, PrintedDate, Removed
from archive.queries.older_versions import FULL_EVERY, content_hash, is_full, pack, unpack, words_of

URL = "http://xahoa.gov.vn/tin/1"
TEXT = "Ủy ban nhân dân xã họp bàn việc sửa trạm bơm.\n\n" * 20
ARTICLE = Article(
    URL, URL, "Xã họp", "Sáng nay.", TEXT, ["Ảnh: Minh Đức"], published=PrintedDate("2026-03-02", "day", "visible", "02/03/2026"),
    images=[Image(URL + "/a.jpg")], attachments=[Attachment(URL + "/a.pdf", "Kế hoạch")], removed=[Removed("share", "Chia sẻ")],
)  # fmt: skip
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(words, words, st.integers(1, 60))
def test_a_version_comes_back_as_it_was_packed(older, newer, number):
    old, new = replace(ARTICLE, text=older), replace(ARTICLE, text=newer)
    assert unpack(pack(old, number, new), new) == old


@pytest.mark.parametrize(
    ("number", "full"), [(1, False), (FULL_EVERY - 1, False), (FULL_EVERY, True), (FULL_EVERY * 3, True)]
)
def test_every_twentieth_stands_alone(number, full):
    packed = pack(ARTICLE, number, replace(ARTICLE, title="Xã họp lần hai"))
    assert is_full(packed) is full
    if full:
        assert unpack(packed, None) == ARTICLE


def test_a_version_packed_by_an_earlier_release_is_read():
    newer = replace(ARTICLE, text="Nay họp.")
    packer = zlib.compressobj(9, zdict=words_of(newer))
    packed = packer.compress(json.dumps(asdict(ARTICLE)).encode()) + packer.flush()
    assert unpack(b85encode(packed).decode(), newer) == ARTICLE


STAYS = [
    {"views": 9}, {"modified": PrintedDate("2026-03-03", "day", "meta", "x")},
    {"attachments": [Attachment(URL + "/a.pdf", "Tên khác", "ab" * 32, 7)]},
]  # fmt: skip


@pytest.mark.parametrize("later", STAYS, ids=lambda later: next(iter(later)))
def test_what_moves_behind_a_version_leaves_its_neighbour_readable(later):
    assert unpack(pack(ARTICLE, 1, ARTICLE), replace(ARTICLE, **later)) == ARTICLE


def test_an_edit_of_two_sentences_takes_little_whatever_the_article_holds():
    text = "\n\n".join(f"Thôn {n} góp {n * n} công đắp đê, {blake2b(bytes([n])).hexdigest()}." for n in range(20))
    newer = replace(ARTICLE, text=text, images=[Image(f"{URL}/{n}.jpg", "Ảnh") for n in range(9)], views=812, removed=[Removed("share", "Chia sẻ")] * 5)  # fmt: skip
    older = replace(newer, text=text.replace("Thôn 3 góp", "Bà con thôn 3 đã góp").replace("Thôn 9", "Ấp 9"), views=640)
    assert len(pack(older, 1, newer)) <= 150


def test_beside_its_neighbour_a_version_takes_a_fraction_of_the_room():
    text = "\n\n".join(f"Thôn {n} góp {n * n} công, {blake2b(bytes([n])).hexdigest()}" for n in range(40))
    older, newer = replace(ARTICLE, text=text), replace(ARTICLE, text=text.replace("công", "ngày công", 1))
    assert len(pack(older, 1, newer)) < len(pack(older, FULL_EVERY, newer)) / 4


@pytest.mark.parametrize("damage", [lambda text: text[:-8], lambda text: text[:12] + "00000" + text[17:]])
def test_a_damaged_version_is_an_error_and_no_other_text(damage):
    with pytest.raises((zlib.error, ValueError)):
        unpack(damage(pack(ARTICLE, 1, ARTICLE)), ARTICLE)


def test_a_version_beside_another_neighbour_is_an_error_and_no_other_text():
    with pytest.raises(zlib.error):
        unpack(pack(ARTICLE, 1, ARTICLE), replace(ARTICLE, text="khác"))


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Xã họp lần hai"}, {"lead": None}, {"text": TEXT + "x"}, {"captions": []}, {"section": "Tin"},
        {"byline": "Minh Đức"}, {"tags": ["họp"]}, {"event_date": "2026-03-02"}, {"attachments": []},
        {"published": PrintedDate("2026-03-03", "day", "visible", "x")},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_what_a_reader_would_see_changed_is_another_version(change):
    assert content_hash(replace(ARTICLE, **change)) != content_hash(ARTICLE)


@pytest.mark.parametrize(
    "change",
    [
        {"views": 7}, {"modified": PrintedDate("2026-03-03", "day", "visible", "x")}, {"images": []}, {"removed": []},
        {"extractor": "other/1"}, {"published": PrintedDate("2026-03-02", "day", "meta", "2026-03-02")},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_views_and_how_it_was_read_make_no_version(change):
    assert content_hash(replace(ARTICLE, **change)) == content_hash(ARTICLE)
