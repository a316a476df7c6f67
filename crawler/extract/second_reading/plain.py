"""Texts that need no second reading: sentences throughout, hardly a link, hardly a line that looks like something else.

Asking another extractor costs as much as all the rest of a page. On the public sets such pages, nearly half of all, are
read as well without (F1 within .001 of the two readings put together, .004 on the set of segments).
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.clean.blocks import Block
from crawler.extract.second_reading.phrases import BYLINE, CREDIT, PROMOTION, ends_sentence

LEAST = 800
"""Characters of a text that is sure of itself."""
SENTENCES, MOST_LINKED, DOUBTFUL = 0.85, 0.15, 2
"""Share of its letters in sentences, share in links, and lines that may be something else."""
_SENTENCE = 60


def is_plain(blocks: Sequence[Block]) -> bool:
    """Whether a text is so much of one piece that another reading would hardly change it."""
    prose = [block for block in blocks if block.is_prose and block.text]
    whole = sum(len(block.text) for block in prose)
    if whole < LEAST:
        return False
    sentences = sum(len(block.text) for block in prose if _is_sentence(block))
    linked = sum(len(link.text) for block in prose for link in block.links)
    if sentences < SENTENCES * whole or linked > MOST_LINKED * whole:
        return False
    doubtful = 0
    for block in prose:
        doubtful += _is_doubtful(block)
        if doubtful > DOUBTFUL:
            return False
    return True


def without_doubtful(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks of a plain text without its few lines that are links, invitations, credits or bylines, and without what
    stands before its first and after its last sentence; and those."""
    kept: list[Block] = []
    dropped: list[Block] = []
    places = [at for at, block in enumerate(blocks) if block.is_prose and _is_sentence(block)]
    first, last = (places[0], places[-1]) if places else (0, len(blocks))
    for at, block in enumerate(blocks):
        is_link = block.linked_share > 0.8 and block.kind != "item" and len(block.text) > 20
        is_line = len(block.text) < 160 and _is_doubtful(block) and not ends_sentence(block.text)
        is_edge = not first <= at <= last
        (dropped if block.is_prose and block.text and (is_link or is_line or is_edge) else kept).append(block)
    return kept, dropped


def _is_sentence(block: Block) -> bool:
    return len(block.text) >= _SENTENCE and block.linked_share < 0.3 and ends_sentence(block.text)


def _is_doubtful(block: Block) -> bool:
    text = block.text
    if len(text) >= 300:
        return False
    return PROMOTION.are_in(text) or (len(text) < 160 and (CREDIT.are_in(text) or BYLINE.match(text) is not None))
