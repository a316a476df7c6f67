"""The demo's articles: enough of them, all different, written by the rules of the notation."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from crawler import demo
from crawler.demo.body import NotationError, mended, parse, slug
from crawler.demo.content import Article, ContentError, Section, load, read_article

NAMES = [portal.name for portal in demo.portals()]
SECTION = Section(1, "tin-tuc", "Tin tức")
ROW = {"id": 1, "title": "Một tin", "published": "2020-01-02T03:04:05", "lead": "Mở đầu.", "body": "Đoạn một."}


def sentences(article: Article) -> set[str]:
    """The sentences of an article, short ones ("Chi tiết kèm theo") left out."""
    lines = [article.title, article.lead]
    for block in article.body:
        lines += [block.text, *(cell for row in block.rows for cell in row)]
    parts = (part for line in lines for part in re.split(r"(?<=[.!?:;])\s+", mended(line)))
    return {part.lower().strip(" .") for part in parts if len(part) > 30 or part.count(" ") > 6}


@pytest.mark.parametrize("name", NAMES)
def test_portal_has_articles_and_sections_enough(name: str) -> None:
    portal = load(name)
    assert len(portal.articles) >= 30
    assert 4 <= len(portal.sections) <= 6
    assert all(any(a.section is section for a in portal.articles) for section in portal.sections)


def test_no_two_articles_share_a_sentence() -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    for name in NAMES:
        for article in load(name).articles:
            for sentence in sentences(article):
                owners[sentence].append(f"{name} {article.id}")
    assert len(owners) > 800
    # What every office writes above a file is no text of the article's own.
    del owners["chi tiết xem tại văn bản đính kèm"]
    assert {sentence: who for sentence, who in owners.items() if len(who) > 1} == {}


def test_every_habit_of_typing_occurs() -> None:
    articles = [article for name in NAMES for article in load(name).articles]
    styles = Counter(article.style for article in articles)
    assert set(styles) == {"clean", "figure", "word", "br", "div", "table", "nbsp", "gutenberg", "wpcaption"}
    assert {article.encoding for article in articles} == {"", "nfd", "ncr"}
    assert sum(bool(article.attachments) for article in articles) >= 10
    assert sum(bool(article.of_kind("table")) for article in articles) >= 8
    assert sum(bool(article.of_kind("bullets")) for article in articles) >= 4


def test_seed_is_told_as_printed() -> None:
    rows = {row["id"]: row for row in demo.truth("hungha", "http://127.0.0.1:1")}
    seed = rows[412]
    assert seed["published"] is None and seed["modified"] is None
    assert seed["section"] == "Tin tổng hợp" and seed["views"] == 265
    assert seed["byline"] == "Thu Uyên (Đài TT-TH Hưng Hà)"
    assert seed["lead"].startswith("Chiều ngày 11/01/2020, Cụm thi đua")
    assert len(seed["captions"]) == 3 and len(seed["body_paragraphs"]) == 4
    assert seed["body_paragraphs"][-1].endswith("những năm tiếp theo./.")


@pytest.mark.parametrize(
    ("chunk", "kind"),
    [
        pytest.param("Một đoạn.", "paragraph", id="paragraph"),
        pytest.param("# Đầu mục", "heading", id="heading"),
        pytest.param("- một\n- hai", "bullets", id="bullets"),
        pytest.param("| a | b |\n| c | d |", "table", id="table"),
        pytest.param("[ảnh] Toàn cảnh", "image", id="image"),
        pytest.param("[ảnh]", "image", id="image without caption"),
        pytest.param("[tệp 2] Tải về", "file", id="file"),
        pytest.param("[quảng cáo] mua | http://a.example/", "advert", id="advert"),
    ],
)
def test_block_is_known_by_its_first_characters(chunk: str, kind: str) -> None:
    (block,) = parse(f"\n{chunk}\n\n")
    assert block.kind == kind


@pytest.mark.parametrize("chunk", ["[anh] sai", "- một\nhai", "| a |\n| b | c |", "[tệp] thiếu số", "#sai"])
def test_block_written_wrongly_is_refused(chunk: str) -> None:
    with pytest.raises(NotationError):
        parse(chunk)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"style": "neat"}, id="unknown style"),
        pytest.param({"encoding": "latin-1"}, id="unknown encoding"),
        pytest.param({"published": None}, id="neither published nor order"),
        pytest.param({"order": "2020-01-01T00:00:00"}, id="both published and order"),
        pytest.param({"modified": "2019-12-31T00:00:00"}, id="modified before published"),
        pytest.param({"lead": ""}, id="no lead"),
        pytest.param({"body": "[tệp 1] Tải về"}, id="attachment that is not there"),
        pytest.param({"colour": "red"}, id="unknown key"),
        pytest.param({"byline": "A", "byline_printed": "A "}, id="printed byline without a slip"),
    ],
)
def test_article_that_breaks_a_rule_is_refused(change: dict[str, object]) -> None:
    assert read_article(ROW, SECTION, "x.toml").alias == "mot-tin"
    with pytest.raises(ContentError):
        read_article(ROW | change, SECTION, "x.toml")


def test_slug_keeps_whole_words_of_ascii() -> None:
    assert slug("Đồng chí Đặng Hữu Phước: 3 việc!") == "dong-chi-dang-huu-phuoc-3-viec"
    assert slug("một hai ba", 8) == "mot-hai"
