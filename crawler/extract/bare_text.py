"""Articles that survive as text alone: corpora of vanished portals, saved pages without markup.

Empty lines, indentation and line ends are all that is left of the layout. The blocks made here go through the same rules
as those of a page.
"""

from __future__ import annotations

import re

from archive.model import Article, PrintedDate
from archive.text.dates import parse_date
from archive.text.normalise import line
from archive.text.numbers.document_numbers import documents_in
from crawler.extract.assemble import sign, sort_out, split_lead
from crawler.extract.boilerplate import lines as boilerplate
from crawler.extract.clean.blocks import Block
from crawler.extract.clean.wrapped import ITEM, unwrapped
from crawler.extract.credits.byline import read_signature
from crawler.extract.dates.date_lines import is_date_line
from crawler.extract.dates.event_date import event_date
from crawler.page.page import Page

_END = re.compile(r"[.!?:;…][\"”’)]*$|\./\.$")
_SECTION_LIKE = re.compile(r"(?:phần|chương|mục|điều)\s+(?:[IVX\d]+)", re.I)
CAPTION_LIMIT = 200
TEXT_LIMIT, LINE_LIMIT = 2_000_000, 100_000
"""Characters of a bare text, and of one line of it, that are read."""


def read_text(page: Page) -> Article:
    """The article of a bare text: its first line is the title, a short line without end mark between paragraphs a caption."""
    raw = [text[:LINE_LIMIT] for text in re.split(r"\r\n?|\n|\u2028|\u2029|\x0b|\x0c", page.text[:TEXT_LIMIT])]
    blocks = _blocks(unwrapped(raw))
    article = Article(
        url=page.url, canonical_url=page.url, family="text", extractor="text/lines/1", notes=list(page.notes)
    )
    if not blocks:
        return article
    published = None
    if is_date_line(blocks[0].text) and len(blocks) > 1:
        published = blocks.pop(0).text
    title = blocks.pop(0)
    article.title = title.text
    if blocks and is_date_line(blocks[0].text):
        published = blocks.pop(0).text
    _mark_captions(blocks)
    body = sort_out(blocks, page.url, article.title)
    article.lead, paragraphs = split_lead(body.blocks, set())
    article.text = "\n\n".join(paragraphs)
    article.captions = [block.text for block in body.blocks if block.kind == "caption"]
    article.removed, article.section, article.views = body.removed, body.section, body.views
    article.event_date = event_date(article.lead)
    article.documents = documents_in(f"{article.title}\n{article.lead or ''}\n{article.text}")
    article.language = "vi"
    sign(article, body, [], None)
    moment = parse_date(published) if published else None
    if moment is not None and published:
        article.published = PrintedDate(moment.value, moment.precision, "visible", published)
    return article


def _blocks(raw: list[str]) -> list[Block]:
    blocks: list[Block] = []
    blank_before = True
    for position, text in enumerate(raw):
        tidy = line(text)
        if not tidy:
            blank_before = True
            continue
        blank_after = position + 1 >= len(raw) or not raw[position + 1].strip()
        kind = "item" if ITEM.match(tidy) and re.match(r"[-+*•–]", tidy) else "text"
        spaces = len(text) - len(text.lstrip(" \t\u00a0\u3000"))
        tabs = text[:spaces].count("\t")
        blocks.append(Block(kind, tidy, standing_alone=blank_before and blank_after, raw_spaces=spaces + 7 * tabs))  # type: ignore[arg-type]
        blank_before = False
    return blocks


def _mark_captions(blocks: list[Block]) -> None:
    """Short lines without an end mark that stand alone among paragraphs, signature and small print left aside."""
    prose = [index for index, block in enumerate(blocks) if _END.search(block.text) or len(block.text) > CAPTION_LIMIT]
    if not prose:
        return
    for index in range(prose[0] + 1, len(blocks)):
        block = blocks[index]
        if (
            block.kind != "text"
            or not block.standing_alone
            or len(block.text) > CAPTION_LIMIT
            or _END.search(block.text)
        ):
            continue
        if index > prose[-1] and not _followed_by_signature(blocks, index):
            continue
        words = block.text.split()
        if (
            len(words) < 3
            or not block.text[0].isupper()
            or block.text.isupper()
            or ITEM.match(block.text)
            or _SECTION_LIKE.match(block.text)
        ):
            continue
        if (
            boilerplate.kind_of(block.text) is not None
            or _is_signature(block, blocks, index)
            or _after_label(blocks, index)
        ):
            continue
        block.kind = "caption"


def _is_signature(block: Block, blocks: list[Block], index: int) -> bool:
    if read_signature(block.text) is None:
        return False
    return block.raw_spaces >= 12 or all(
        boilerplate.kind_of(later.text) is not None or _after_label(blocks, place)
        for place, later in enumerate(blocks[index + 1 :], index + 1)
    )


def _after_label(blocks: list[Block], index: int) -> bool:
    return any(boilerplate.kind_of(before.text) == "ad_label" for before in blocks[max(0, index - 2) : index])


def _followed_by_signature(blocks: list[Block], index: int) -> bool:
    return any(read_signature(later.text) is not None for later in blocks[index + 1 : index + 3])
