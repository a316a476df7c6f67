"""Cleaning: the markup of a located article to blocks in reading order.

BeautifulSoup reads the fragment (never the whole page) and an explicit stack walks it, so that nothing recurses. Editors
write paragraphs in many ways: ``p``, ``div``, line breaks, cells of layout tables, Word's nested spans; all end as blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from bs4.element import PreformattedString

from archive.text.normalise import line
from crawler.extract.clean import styles
from crawler.extract.clean.attachments import behind_viewer
from crawler.extract.clean.blocks import Align, Block, BlockKind, Link
from crawler.extract.clean.plain_paragraphs import Runs
from crawler.extract.clean.text_tables import is_data_table, rows_of
from crawler.extract.clean.wrapped import unwrapped
from crawler.page.outside import SKIPPED_TAGS
from crawler.page.pictures import addresses_of

_SKIPPED = SKIPPED_TAGS | {"applet", "datalist", "dialog", "map"}
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "address",
        "blockquote",
        "center",
        "pre",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "li",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "figure",
        "figcaption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "form",
        "fieldset",
        "details",
        "summary",
        "nav",
        "body",
        "html",
        "legend",
    ]
)
_WORDS_OWN = ("o:", "st1:", "w:")
"""Elements of Word's own, within lines: an ``o:p`` is no paragraph."""
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ICON = re.compile(
    r"/(?:clock|calendar|eye|views?|printer|share|facebook|zalo|twitter|user|author)[-_]?(?:icons?|\d+|black|gr[ae]y|white)?\.(?:png|gif|svg|webp|jpe?g)$|"
    r"emoticon|smiley|emoji|\bicon\b|spacer|pixel|blank\.(?:gif|png)|loading\.gif|/(?:icons?|emoji)/|fileicon",
    re.I,
)
_AVATAR = re.compile(r"(?<!\S)(?:avt|avatar\S*|author-?(?:avatar|img|image|photo)|user-?(?:avatar|photo))(?!\S)", re.I)
_AUTHOR_PAGE = re.compile(r"/(?:tac-gia|authors?|thanh-vien|user)/", re.I)
_SENTENCE_END = re.compile(r"[.:;!?…”\"’)\]]$|\./\.$")


class _Context(NamedTuple):
    kind: BlockKind = "text"
    align: Align = ""
    bold: bool = False
    italic: bool = False
    hidden: bool = False
    in_table: bool = False
    link: Link | None = None
    keeps_lines: bool = False
    """Whether line ends of the markup are shown as such: ``pre`` and ``white-space: pre-line``."""


@dataclass(slots=True)
class _Run:
    text: str
    context: _Context


_BREAK = "\n"
_LINE_ENDS = re.compile(r"[\r\n\t\f]+")

MARKUP_LIMIT = 2_000_000
"""Characters of one article's markup that are read; Word's longest reports stay under half of that."""


def clean(*fragments: str, resolve: Callable[[str | None], str | None]) -> list[list[Block]]:
    """Blocks of each fragment of HTML. ``resolve`` makes its links absolute and gives ``None`` for what is no web address.

    They are read as one soup: starting BeautifulSoup costs as much as twenty elements.
    """
    runs = Runs()
    parts = "".join(f"<section>{runs.taken_from(markup[:MARKUP_LIMIT])}</section>" for markup in fragments)
    soup = BeautifulSoup(parts, "lxml", multi_valued_attributes=None)
    blocks = (
        [_Walker(resolve, runs).walk(part) for part in soup.body.contents] if soup.body else [[] for _ in fragments]
    )
    soup.decompose()  # a ring of references, which would keep its texts until Python looks for such rings
    return blocks


class _Walker:
    def __init__(self, resolve: Callable[[str | None], str | None], held: Runs) -> None:
        self.resolve = resolve
        self.held = held
        self.blocks: list[Block] = []
        self.runs: list[_Run] = []
        self.image_before = False
        self.picture: list[str] = []
        """What the sources of a ``picture`` name, for an ``img`` in it that names nothing itself."""

    def walk(self, root: PageElement) -> list[Block]:
        stack: list[tuple[PageElement | None, _Context]] = [(root, _Context())]
        while stack:
            element, context = stack.pop()
            if element is None:
                self._flush()
            elif isinstance(element, Tag):
                inner, is_block = self._enter(element, context)
                if inner is None:
                    continue
                if is_block:
                    stack.append((None, context))
                stack.extend((child, inner) for child in reversed(element.contents))
            elif isinstance(element, NavigableString) and not isinstance(element, PreformattedString):
                self._text(element, context)
        self._flush()
        return self.blocks

    def _text(self, text: str, context: _Context) -> None:
        if context.keeps_lines:
            self._lined_text(text, context)
            return
        first, *whole = self.held.paragraphs(text)
        self.runs.append(_Run(_LINE_ENDS.sub(" ", first) if "\n" in first else first, context))
        for part in whole[:-1]:
            self._flush()
            self._paragraph(part, context)
        for part in whole[-1:]:
            self._flush()
            self.runs.append(_Run(_LINE_ENDS.sub(" ", part) if "\n" in part else part, context))

    def _lined_text(self, text: str, context: _Context) -> None:
        """Text whose line ends are shown: each begins a new line, paragraphs wrapped by hand are joined again."""
        for number, part in enumerate(self.held.paragraphs(text)):
            if number:
                self._flush()
            for at, shown in enumerate(unwrapped(re.split(r"\r\n?|\n", part))):
                if at:
                    self.runs.append(_Run(_BREAK, context))
                self.runs.append(_Run(shown, context))

    def _paragraph(self, text: str, context: _Context) -> None:
        """A paragraph of a run: nothing stands in it but this text."""
        if context.hidden or context.link:
            self.runs.append(_Run(text, context))
        elif tidy := line(text):
            self.blocks.append(_plain_block(context, tidy))

    def _enter(self, tag: Tag, context: _Context) -> tuple[_Context | None, bool]:
        """The context of a tag's children (``None``: do not go in), and whether the tag makes a block of its own."""
        name = tag.name if tag.name.startswith(_WORDS_OWN) else tag.name.rsplit(":", 1)[-1]
        if name == "noscript":
            for image in tag.find_all("img"):  # what scripts would load late
                self._image(cast("dict[str, str]", image.attrs), context)
            return None, False
        if name in _SKIPPED:
            return None, False
        if name == "br":
            self.runs.append(_Run(_BREAK, context))
            return None, False
        attributes = cast("dict[str, str]", tag.attrs)  # all of them strings: no attribute is asked for as a list
        if name == "img":
            self._image(attributes, context, self.picture)
            self.picture = []
            return None, False
        if name in ("picture", "source"):
            self.picture = addresses_of(attributes) or self.picture if name == "source" else []
        if name == "table":
            self._flush()
            self.held.put_back(tag)
            if is_data_table(tag):
                self.blocks.extend(rows_of(tag))
                return None, False
            context = context._replace(in_table=True)
        own = styles.shown(name, attributes) if attributes or name in styles.STYLING else styles.PLAIN
        hidden = context.hidden or own.hidden
        is_block = name in _BLOCKS
        if is_block:
            self._flush()
        if hidden != context.hidden and not is_block:
            context = context._replace(hidden=hidden)
        if name == "a":
            context = context._replace(link=self._link(attributes, hidden))
            if not tag.contents and context.link:
                self.runs.append(_Run("", context))
        bold, italic = context.bold or own.bold, context.italic or own.italic
        if name in _HEADINGS or name in ("th", "dt"):
            bold = context.bold
        align = context.align
        if is_block:
            align = own.align or ("center" if name == "center" else align)
        kind = _kind(name, context.kind)
        if own.lines is not None and own.lines != context.keeps_lines:
            context = context._replace(keeps_lines=own.lines)
        inner = (kind, align, bold, italic, hidden)
        if inner == (context.kind, context.align, context.bold, context.italic, context.hidden):
            return context, is_block
        return context._replace(kind=kind, align=align, bold=bold, italic=italic, hidden=hidden), is_block

    def _link(self, attributes: dict[str, str], hidden: bool) -> Link | None:
        address = behind_viewer(self.resolve(attributes.get("href")))
        return Link(address, "", hidden, "download" in attributes) if address else None

    def _image(self, attributes: dict[str, str], context: _Context, set_by_picture: Sequence[str] = ()) -> None:
        sources = [*addresses_of(attributes), *set_by_picture]
        address = next((url for source in sources if (url := self.resolve(source))), None)
        names = attributes.get("class", "")
        if address is None or _ICON.search(address) or _ICON.search(names) or _AVATAR.search(names):
            return
        if context.link is not None and _AUTHOR_PAGE.search(context.link.href):
            return  # the picture of who wrote it
        if any(
            re.fullmatch(r"\s*(?:[0-9]|[12][0-9])(?:px)?\s*", attributes.get(side, "")) for side in ("width", "height")
        ):
            return
        self._flush()
        self.blocks.append(Block("image", url=address, in_table=context.in_table, hidden=context.hidden))
        self.image_before = True

    def _flush(self) -> None:
        """End the paragraph under way: its lines become blocks, what is hidden in it blocks of its own."""
        runs, self.runs = self.runs, []
        with_image, self.image_before = self.image_before, False
        if not runs:
            return
        hidden = [run for run in runs if run.context.hidden]
        if hidden:
            block = _block(hidden, line("".join(run.text for run in hidden)))
            block.hidden = True
            if block.text or block.links:
                self.blocks.append(block)
            runs = [run for run in runs if not run.context.hidden]
        first = True
        for text, part in _lines(runs):
            block = _block(part, text)
            if not block.text and not block.links:
                first = first and not any(run.text == _BREAK for run in part)
                continue
            block.with_image, block.after_break = with_image and first, not first
            self.blocks.append(block)
            first = False


def _kind(name: str, outer: BlockKind) -> BlockKind:
    if name in _HEADINGS:
        return "heading"
    if name == "figcaption":
        return "caption"
    if name == "li":
        return "item"
    if name in ("ul", "ol", "table", "figure") and outer != "caption":
        return "text"
    return outer


def _lines(runs: list[_Run]) -> list[tuple[str, list[_Run]]]:
    """Split at line breaks; a line that plainly goes on in the next (no end mark, then a small letter) is joined."""
    if len(runs) == 1 and runs[0].text != _BREAK:
        text = line(runs[0].text)
        return [(text, runs)] if text or runs[0].context.link else []
    parts: list[list[_Run]] = [[]]
    for run in runs:
        if run.text == _BREAK:
            parts.append([])
        else:
            parts[-1].append(run)
    joined: list[tuple[str, list[_Run]]] = []
    blank = False
    for part in parts:
        text = line("".join(run.text for run in part))
        if not text and not any(run.context.link for run in part):
            blank = True
            continue
        before, earlier = joined[-1] if joined else ("", [])
        if before and not blank and text[:1].islower() and not _SENTENCE_END.search(before):
            earlier += [_Run(" ", _Context()), *part]
            joined[-1] = (line("".join(run.text for run in earlier)), earlier)
        else:
            joined.append((text, part))
        blank = False
    return joined


def _block(runs: list[_Run], text: str) -> Block:
    if len(runs) == 1 and runs[0].context.link is None:
        return _plain_block(runs[0].context, text)
    lengths = [len(run.text.strip()) for run in runs]
    context = next((run.context for run, length in zip(runs, lengths, strict=True) if length), runs[0].context)
    letters = sum(lengths) or 1
    block = Block(context.kind, text, align=context.align, in_table=context.in_table)
    block.bold = sum(length for run, length in zip(runs, lengths, strict=True) if run.context.bold) / letters
    block.italic = sum(length for run, length in zip(runs, lengths, strict=True) if run.context.italic) / letters
    seen: set[int] = set()
    for run in runs:
        link = run.context.link
        if link is None:
            continue
        if id(link) not in seen:
            seen.add(id(link))
            link.text = ""
            block.links.append(link)
        link.text += run.text
    for link in block.links:
        link.text = line(link.text)
    return block


def _plain_block(context: _Context, text: str) -> Block:
    """The block of one run without a link, as most paragraphs are."""
    share = 1.0 if text else 0.0
    return Block(
        context.kind, text, context.align, share * context.bold, share * context.italic, in_table=context.in_table
    )
