"""Ranks, orders and numbers by which the day of publication is told."""

from __future__ import annotations

import pytest

from crawler.learn.signs.ranks import concordance, numbers_of, spearman


@pytest.mark.parametrize(
    ("one", "other", "rank"),
    [
        ([1, 2, 3, 4], ["a", "b", "c", "d"], 1.0),
        ([1, 2, 3, 4], ["d", "c", "b", "a"], -1.0),
        ([1, 2, 3], ["a", "a", "a"], 0.0),
    ],
)
def test_spearman(one: list[float], other: list[str], rank: float) -> None:
    assert spearman(one, other) == pytest.approx(rank)


def test_a_list_goes_by_days_whichever_way_it_goes() -> None:
    days = {str(number): f"2024-01-{number:02}" for number in range(1, 9)}
    falling, rising = [str(n) for n in range(8, 0, -1)], [str(n) for n in range(1, 9)]

    assert concordance(days, [falling, rising]) == (1.0, 14)


def test_short_lists_tell_nothing() -> None:
    assert concordance({"a": "2024-01-01", "b": "2024-01-02"}, [["a", "b"], ["b", "a"]]) == (0.0, 0)


def test_the_number_of_an_article_is_the_one_that_differs() -> None:
    urls = [f"http://x.example/{2020 + n % 2}/c{n % 3}/bai-{100 + n}.html" for n in range(9)]

    assert numbers_of(urls) == [100 + n for n in range(9)]


NUMBERED = {
    "a-part-of-its-own": [f"http://x.example/bai-viet/{100 + n}/thang-{n * 7 % 11}-dat-{n * n}-ta.aspx" for n in range(9)],
    "a-field-of-the-query": [f"http://x.example/tin.aspx?id={100 + n}&ten=dat-{n * n}-ta-{n * 7}" for n in range(9)],
    "before-the-name": [f"http://x.example/tin/{100 + n}-gap-{n * 5}-lan-nam-{2000 + n * n}" for n in range(9)],
}  # fmt: skip


@pytest.mark.parametrize("urls", NUMBERED.values(), ids=NUMBERED)
def test_the_numbers_of_titles_do_not_count_articles(urls: list[str]) -> None:
    assert numbers_of(urls) == [100 + n for n in range(9)]
