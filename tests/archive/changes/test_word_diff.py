"""Word diffs are exact, and say what became of each paragraph."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.changes import word_diff as word_diff_module
from archive.changes.word_diff import MOST_PAIRS, paragraph_diff, tokens, word_diff

WORDS = st.lists(
    st.sampled_from(["xã", "48,6", "tỷ", "đồng", ",", " ", "\n", "Hòa", "20/11/2026", ".", "x"]), max_size=30
)
PARAGRAPHS = st.lists(
    st.sampled_from([f"đoạn {n} nói về việc {n * 7}" for n in range(6)]) | st.text(max_size=20), max_size=7
)


@given(WORDS.map("".join) | st.text(max_size=60), WORDS.map("".join) | st.text(max_size=60))
def test_kept_and_removed_words_are_the_older_text_kept_and_added_ones_the_newer(before: str, after: str) -> None:
    runs = word_diff(before, after)

    assert "".join(run.text for run in runs if run.op != "added") == before
    assert "".join(run.text for run in runs if run.op != "removed") == after


@given(st.text(max_size=60))
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param("Đã chi trả. Còn 23 hộ chờ. Hết.", "Đã chi trả. Hết.", ("removed", " Còn 23 hộ chờ."), id="cut"),
        pytest.param("Đã chi trả.", "Đã chi trả. Còn 23 hộ chờ.", ("added", " Còn 23 hộ chờ."), id="put in at the end"),
        pytest.param("Có ngô, có khoai, có sắn.", "Có ngô, có sắn.", ("removed", " có khoai,"), id="part of a sentence"),
        pytest.param("rất rất xa", "rất xa", ("removed", "rất "), id="no mark anywhere"),
    ],
)  # fmt: skip
def test_a_cut_or_put_in_sentence_is_told_with_its_own_full_stop(
    before: str, after: str, told: tuple[str, str]
) -> None:
    assert [(run.op, run.text) for run in word_diff(before, after) if run.op != "kept"] == [told]


def test_a_number_is_one_word_with_its_marks() -> None:
    runs = word_diff("chi 48,6 tỷ", "chi 52,1 tỷ")

    assert [(run.op, run.text) for run in runs] == [
        ("kept", "chi "),
        ("removed", "48,6"),
        ("added", "52,1"),
        ("kept", " tỷ"),
    ]


@given(PARAGRAPHS, PARAGRAPHS)
def test_every_paragraph_of_both_versions_is_told_once(before: list[str], after: list[str]) -> None:
    told = paragraph_diff(before, after)

    assert [one.after for one in told if one.after is not None] == list(range(len(after)))
    assert sorted(one.before for one in told if one.before is not None) == list(range(len(before)))
    for one in told:
        old = "".join(run.text for run in one.runs if run.op != "added")
        new = "".join(run.text for run in one.runs if run.op != "removed")
        assert old == (before[one.before] if one.before is not None else "")
        assert new == (after[one.after] if one.after is not None else "")


LONG = [
    f"Đoạn thứ {n} kể chuyện {word} của bà con trong xã suốt cả mùa."
    for n, word in enumerate(["lúa", "ngô", "khoai", "sắn", "đậu"])
]


@pytest.mark.parametrize(
    ("after", "fates"),
    [
        (LONG, ["kept"] * 5),
        ([LONG[4], *LONG[:4]], ["moved", "kept", "kept", "kept", "kept"]),
        ([*LONG[:2], LONG[2].replace("khoai", "lạc"), *LONG[3:]], ["kept", "kept", "changed", "kept", "kept"]),
        ([*LONG[:2], *LONG[3:]], ["kept", "kept", "removed", "kept", "kept"]),
        ([*LONG, "Một đoạn mới hẳn về thời tiết."], ["kept"] * 5 + ["added"]),
        ([LONG[4].replace("đậu", "vừng"), *LONG[:4]], ["moved", "kept", "kept", "kept", "kept"]),
    ],
    ids=["the same", "moved", "a word", "cut out", "put in", "moved and changed"],
)
def test_what_became_of_paragraphs(after: list[str], fates: list[str]) -> None:
    assert [one.fate for one in paragraph_diff(LONG, after)] == fates


def test_very_many_paragraphs_are_compared_with_their_neighbours_alone() -> None:
    before = [f"dòng {n} của bảng giá đất năm cũ" for n in range(MOST_PAIRS // 10)]
    after = [text.replace("cũ", "mới") for text in before]

    assert {one.fate for one in paragraph_diff(before, after)} == {"changed"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("đầu " + "a " * 1_900 + "cuối", "đầu " + "a b " * 950 + "cuối", id="one word thousands of times"),
        pytest.param(
            " ".join(f"w{n % 9}" for n in range(1_500)), " ".join(f"w{n % 7}" for n in range(1_500)), id="nine words"
        ),
        pytest.param(
            " ".join(f"w{n}" for n in range(900)), " ".join(f"w{n}" for n in range(900) if n % 50), id="plain"
        ),
    ],
)
def test_texts_of_few_words_are_told_apart_exactly_and_without_their_square(before, after, monkeypatch):
    looked_at = []

    class Counting(word_diff_module.SequenceMatcher):
        def __init__(self, isjunk, a, b, autojunk=True):
            super().__init__(isjunk, a, b, autojunk)
            looked_at.append(sum(len(self.b2j.get(token, ())) for token in a))

    monkeypatch.setattr(word_diff_module, "SequenceMatcher", Counting)
    runs = word_diff(before, after)
    assert "".join(run.text for run in runs if run.op != "added") == before
    assert "".join(run.text for run in runs if run.op != "removed") == after
    assert all(pairs <= word_diff_module.HOPELESS for pairs in looked_at)
    assert any(run.op == "kept" for run in runs)


def test_paragraphs_beyond_what_is_compared_in_order_are_still_matched_by_their_words(monkeypatch):
    monkeypatch.setattr(word_diff_module, "MOST_WORK", 0)
    before = ["Huyện chi 48,6 tỷ đồng làm đường.", "Bà con phấn khởi đón tết."]
    after = [text.replace("48,6", "52,1").replace("đón", "mừng") for text in before]
    assert [one.fate for one in paragraph_diff(before, after)] == ["changed", "changed"]
