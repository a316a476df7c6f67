"""How the people behind a portal's editor typed: the same blocks as HTML of nine different habits.

Each habit is an ``Editor``; ``render`` turns an article's blocks into the body's HTML. The variety is that of real
portals: Word's spans, whole texts in one ``<div>`` with ``<br>``, layout tables around pictures, indents made
of non-breaking spaces, captions that are a plain paragraph.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from html import escape
from typing import ClassVar

from markupsafe import Markup

from crawler.demo.body import Block


class Editor:
    """Paragraphs in ``<p>``, captions as a centred italic paragraph after the picture. The others vary this one."""

    joint: ClassVar[str] = "\n"

    def wrap(self, body: str) -> str:
        return body

    def paragraph(self, html: str) -> str:
        return f'<p style="text-align: justify;">{html}</p>'

    def heading(self, html: str) -> str:
        return f"<h3>{html}</h3>"

    def bullets(self, items: list[str]) -> str:
        return "<ul>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>"

    def table(self, rows: list[list[str]]) -> str:
        lines = [
            "<tr>" + "".join(self.cell(cell, number == 0) for cell in row) + "</tr>" for number, row in enumerate(rows)
        ]
        return (
            '<table border="1" cellspacing="0" cellpadding="4">\n<tbody>\n' + "\n".join(lines) + "\n</tbody>\n</table>"
        )

    def cell(self, html: str, head: bool) -> str:
        return f"<th>{html}</th>" if head else f"<td>{html}</td>"

    def image(self, src: str, caption: str) -> str:
        picture = f'<p style="text-align: center;"><img src="{src}" alt="" width="480" height="300" /></p>'
        return picture + (f'\n<p style="text-align: center;"><em>{caption}</em></p>' if caption else "")

    def byline(self, html: str) -> str:
        return f'<p style="text-align: right;"><strong>{html}</strong></p>'

    def advert(self, words: str, href: str) -> str:
        return f'<div class="adsbox"><span>QUẢNG CÁO</span> <a href="{href}" rel="sponsored">{words}</a></div>'

    def file(self, words: str, href: str) -> str:
        return self.paragraph(f'<a href="{href}">{words}</a>')


class Figure(Editor):
    """HTML5 figures, as a recent editor writes them."""

    def paragraph(self, html: str) -> str:
        return f"<p>{html}</p>"

    def image(self, src: str, caption: str) -> str:
        below = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f'<figure class="image"><img src="{src}" alt="" />{below}</figure>'

    def byline(self, html: str) -> str:
        return f'<p align="right"><em>{html}</em></p>'


class Word(Editor):
    """Pasted from Word: classes, fonts and empty ``o:p`` elements; captions as one more centred paragraph."""

    font: ClassVar[str] = "font-family: 'Times New Roman',serif; font-size: 14.0pt;"

    def paragraph(self, html: str) -> str:
        half = html.find(" ", len(html) // 2)
        first, second = (html, "") if half < 0 or "<" in html else (html[:half], html[half:])
        tail = f'<span lang="VI" style="{self.font}">{second}</span>' if second else ""
        return (
            '<p class="MsoNormal" style="text-align: justify; text-indent: 36.0pt; line-height: 150%;">'
            f'<span style="{self.font}">{first}</span>{tail}<o:p></o:p></p>'
        )

    def heading(self, html: str) -> str:
        return f'<p class="MsoNormal"><b><span style="{self.font}">{html}</span></b><o:p></o:p></p>'

    def bullets(self, items: list[str]) -> str:
        return "\n".join(
            f'<p class="MsoListParagraph" style="margin-left: 36.0pt;"><!--[if !supportLists]--><span>-&nbsp; </span><!--[endif]-->'
            f'<span style="{self.font}">{item}</span><o:p></o:p></p>'
            for item in items
        )

    def cell(self, html: str, head: bool) -> str:
        inner = f"<b>{html}</b>" if head else html
        return f'<td valign="top" style="border: solid windowtext 1.0pt;"><p class="MsoNormal"><span style="{self.font}">{inner}</span></p></td>'

    def image(self, src: str, caption: str) -> str:
        picture = f'<p class="MsoNormal" align="center"><img src="{src}" border="0" alt="" /><o:p></o:p></p>'
        if not caption:
            return picture
        return (
            f'{picture}\n<p class="MsoNormal" align="center" style="text-align: center;"><i><span style="{self.font}">'
            f"{caption}</span></i><o:p></o:p></p>"
        )

    def byline(self, html: str) -> str:
        return f'<p class="MsoNormal" align="right"><b><i><span style="{self.font}">{html}</span></i></b></p>'


class LineBreaks(Editor):
    """One ``<div>``; paragraphs end in two line breaks, captions stand in ``<em>`` under the picture."""

    joint = "<br />\n<br />\n"

    def wrap(self, body: str) -> str:
        return f"<div>{body}</div>"

    def paragraph(self, html: str) -> str:
        return html

    def heading(self, html: str) -> str:
        return f"<b>{html}</b>"

    def bullets(self, items: list[str]) -> str:
        return "<br />\n".join(f"- {item}" for item in items)

    def image(self, src: str, caption: str) -> str:
        return f'<center><img src="{src}" /></center>' + (f"<center><em>{caption}</em></center>" if caption else "")

    def byline(self, html: str) -> str:
        return f'<div align="right"><b>{html}</b></div>'


class Divs(Editor):
    """Every paragraph a ``<div>``, the caption a plain centred one."""

    def paragraph(self, html: str) -> str:
        return f"<div>{html}</div>"

    def heading(self, html: str) -> str:
        return f"<div><strong>{html}</strong></div>"

    def image(self, src: str, caption: str) -> str:
        picture = f'<div style="text-align:center"><img alt="" src="{src}" style="width: 480px;" /></div>'
        return picture + (f'\n<div style="text-align:center">{caption}</div>' if caption else "")

    def byline(self, html: str) -> str:
        return f'<div style="text-align:right"><strong><em>{html}</em></strong></div>'


class ImageTable(Editor):
    """Pictures in a layout table of two rows, the caption in the lower one."""

    def image(self, src: str, caption: str) -> str:
        return (
            '<table class="image" align="center" border="0" cellpadding="1" width="480"><tbody>'
            f'<tr><td align="center"><img src="{src}" width="480" alt="" /></td></tr>'
            f'<tr><td align="center" class="Image">{caption or "&nbsp;"}</td></tr></tbody></table>'
        )


class Spaces(Editor):
    """Indents and signatures pushed to their place with non-breaking spaces, captions as plain paragraphs."""

    def paragraph(self, html: str) -> str:
        indent = "&nbsp;" * 9 + " " if len(html) > 150 else ""  # few indent a short one
        return f"<p>{indent}{html}</p>"

    def image(self, src: str, caption: str) -> str:
        return f'<p>&nbsp;<img src="{src}" alt="" /></p>' + (f"\n<p>{caption}</p>" if caption else "")

    def byline(self, html: str) -> str:
        return f"<p>&nbsp;</p>\n<p>{'&nbsp;' * 42} {html}</p>"


class Gutenberg(Editor):
    """WordPress blocks."""

    def paragraph(self, html: str) -> str:
        return f"<p>{html}</p>"

    def heading(self, html: str) -> str:
        return f'<h2 class="wp-block-heading">{html}</h2>'

    def bullets(self, items: list[str]) -> str:
        return '<ul class="wp-block-list">\n' + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>"

    def table(self, rows: list[list[str]]) -> str:
        return f'<figure class="wp-block-table">{super().table(rows)}</figure>'

    def image(self, src: str, caption: str) -> str:
        below = f'<figcaption class="wp-element-caption">{caption}</figcaption>' if caption else ""
        return f'<figure class="wp-block-image size-large"><img decoding="async" src="{src}" alt="" />{below}</figure>'

    def byline(self, html: str) -> str:
        return f'<p class="has-text-align-right"><strong>{html}</strong></p>'

    def file(self, words: str, href: str) -> str:
        return f'<div class="wp-block-file"><a href="{href}">{words}</a></div>'


class ClassicCaption(Gutenberg):
    """The caption shortcode of the classic WordPress editor."""

    def image(self, src: str, caption: str) -> str:
        picture = f'<img loading="lazy" class="size-full" src="{src}" alt="" width="480" height="300" />'
        if not caption:
            return f"<p>{picture}</p>"
        return f'<div class="wp-caption aligncenter" style="width: 490px">{picture}<p class="wp-caption-text">{caption}</p></div>'


EDITORS: dict[str, Editor] = {
    "clean": Editor(),
    "figure": Figure(),
    "word": Word(),
    "br": LineBreaks(),
    "div": Divs(),
    "table": ImageTable(),
    "nbsp": Spaces(),
    "gutenberg": Gutenberg(),
    "wpcaption": ClassicCaption(),
}


def render(
    style: str,
    blocks: Iterable[Block],
    image_url: Callable[[int], str],
    file_url: Callable[[int], str],
    byline: str = "",
    encoding: str = "",
) -> Markup:
    """The HTML of blocks and signature. Pictures and files are numbered from 1 in the order they stand."""
    editor = EDITORS[style]
    parts, pictures = [], 0
    for block in blocks:
        pictures += block.kind == "image"
        parts.append(render_block(editor, block, image_url(pictures), file_url))
    if byline:
        parts.append(editor.byline(escape(byline, quote=False)))
    return Markup(written_as(editor.wrap(editor.joint.join(parts)), encoding))


def render_block(editor: Editor, block: Block, image_src: str, file_url: Callable[[int], str]) -> str:
    text = escape(block.text, quote=False)
    rows = [[escape(cell, quote=False) for cell in row] for row in block.rows]
    match block.kind:
        case "heading":
            return editor.heading(text)
        case "bullets":
            return editor.bullets([row[0] for row in rows])
        case "table":
            return editor.table(rows)
        case "image":
            return editor.image(image_src, text)
        case "advert":
            return editor.advert(text, escape(block.target))
        case "file":
            return editor.file(text, file_url(int(block.target)))
        case _:
            return editor.paragraph(text)


def written_as(html: str, encoding: str) -> str:
    """The same text in decomposed letters (``nfd``) or in numeric character references (``ncr``)."""
    if encoding == "nfd":
        return unicodedata.normalize("NFD", html)
    if encoding == "ncr":
        return "".join(char if ord(char) < 128 else f"&#{ord(char)};" for char in html)
    return html
