"""Captions: which lines belong to a picture and not to the text.

``figcaption`` says so itself. Elsewhere a caption is a short line beside a picture: in the same paragraph, right after it,
in a layout table with it; centred or in italics mostly, and without a full stop, which is what tells it from a sentence.
"""

from __future__ import annotations

import re

from archive.model import Image
from crawler.extract.clean.blocks import Block, same_text
from crawler.words.tables import WithWords

LENGTH_LIMIT = 300
"""Characters; the longest caption of the sets is 190."""

_SENTENCE = re.compile(r"[.!?:;…]\s*[\"”’)]*$|\./\.$")
LONGEST = 260
"""Characters of a caption; what is longer is a sentence of the text."""
_CREDIT = WithWords(
    r"(?:{picture_credits}\s*+[:.]?\s*+[^.]{2,60}\)?\s*\.?|ảnh (?:{picture_sources}|[^.]{2,40})\)?\.?)$",
    ("opening", "line"),
)
_NUMBERED = re.compile(r"(?:[IVX]{1,4}|\d{1,2}(?:\.\d{1,2})*)\s*[.)/-]\s|[-+*•–]\s")
_OPENING = WithWords(r"^(?:\(?\s*)?{caption_openings}\b", "opening")


def mark_captions(blocks: list[Block], title: str | None = None) -> None:
    """Turn the blocks that are captions into blocks of that kind, in place."""
    for index, block in enumerate(blocks):
        if block.kind == "caption":
            if block.is_prose or not block.text:
                continue
        elif (
            block.kind == "text"
            and not block.hidden
            and _is_caption(blocks, index)
            and not same_text(block.text, title)
        ):
            block.kind = "caption"


def images_of(blocks: list[Block]) -> list[Image]:
    """The pictures with the caption that follows each (of several in a row, the last takes it)."""
    images: list[Image] = []
    open_image: Image | None = None
    for block in blocks:
        if block.kind == "image":
            open_image = Image(block.url)
            images.append(open_image)
        elif block.kind == "caption" and open_image is not None:
            open_image.caption = block.text if open_image.caption is None else f"{open_image.caption} {block.text}"
        elif block.is_prose:
            open_image = None
    return images


def _is_caption(blocks: list[Block], index: int) -> bool:
    block = blocks[index]
    if not block.text or len(block.text) > LENGTH_LIMIT or block.align == "right":
        return False
    before = _previous(blocks, index)
    beside = before is not None and before.kind == "image"
    if beside and block.with_image:
        # In one paragraph with the picture: a whole sentence there is text that runs on, unless it is set apart.
        return not _runs_on(block) or (block.italic > 0.8 and block.align in ("center", ""))
    if beside and block.in_table and before is not None and before.in_table:
        return not _runs_on(block) or len(block.text) < 160
    if beside:
        return _reads_as_caption(block)
    if before is not None and before.kind == "caption" and block.italic > 0.8:
        # A second line under the same picture.
        return block.after_break and not _runs_on(block) and len(block.text) < 160
    if block.in_table and index + 1 < len(blocks) and blocks[index + 1].kind == "image" and blocks[index + 1].in_table:
        return not _runs_on(block)
    return False


def _reads_as_caption(block: Block) -> bool:
    """A line right after a picture, in a paragraph of its own."""
    if len(block.text) < 220 and _CREDIT.search(block.text):
        return True
    if _runs_on(block):
        return block.italic > 0.8 and block.align == "center"
    if block.linked_share > 0.8 or _NUMBERED.match(block.text):
        return False
    if block.italic > 0.8 or block.align == "center":
        return True
    return block.text[:1].isupper() or block.text[:1] in '("“' or bool(_OPENING.match(block.text))


def _runs_on(block: Block) -> bool:
    """Whether a line is a sentence, by its end or its length."""
    return len(block.text) > LONGEST or (
        _SENTENCE.search(block.text) is not None and _CREDIT.search(block.text) is None
    )


def _previous(blocks: list[Block], index: int) -> Block | None:
    return blocks[index - 1] if index else None
