"""Files an article offers: links to documents in its text and in the blocks beside it, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborNode

from archive.model import Attachment
from archive.text.normalise import line
from crawler.addresses.urls import absolute
from crawler.extract.clean.blocks import Block, Link
from crawler.page.outside import lies_outside
from crawler.page.page import Page
from crawler.words.tables import WithWords

_DOCUMENT = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|zip|rar|7z|csv|dwg|kmz|kml|mp3|epub|txt)(?:$|[?#/])", re.I
)
_DOWNLOAD = re.compile(
    r"/item/download/|/download/|@@download|/at_download/|[?&](?:download|attachment|attach_?id|file_?id|file_?name)=[^&]|/LinkClick\.aspx|"
    r"/documents/\d+/\d+/|/(?:file|tai-ve|taive)/\d+|/(?:get|download|open|view|down)_?-?(?:file|attach(?:ment)?|doc(?:ument)?|van-?ban)[\w-]*(?:\.(?:aspx?|ashx|php|jsp|do)|\?|/\d)",
    re.I,
)
_ANSWERS_WITH_A_PAGE = re.compile(r"\.html?$|/$", re.I)
LONGEST_NAME = 400
"""Characters of a file's name or of the words of its link that are looked at."""

_DOWNLOAD_WORDS = WithWords(r"[\s\[(»•-]*{download_words}[\s\])»:.!-]*", "line")
"""Words of a link that leads to a file and to nothing else, whatever its address looks like."""
_SIZE = re.compile(
    r"(?:(?<!\s)\s++)?[(\[]\s*+(?:\d[\d.,]*+\s*+(?:bytes?|kb|mb|gb|b|kib|mib)|tải về|download|\d+\s*+(?:downloads?|lượt tải|lần tải))[^)\]]{0,200}[)\]]",
    re.I,
)
_TITLED = WithWords(r"{document_kinds}\b.{0,40}?(?:số\s*)?\d", "opening")
_LABEL = WithWords("{file_words}", "text")
_VERB = WithWords(r"{file_verbs}\s*[.:]?", "line")


def is_document(url: str) -> bool:
    """Whether an address is that of a file to download, by its ending or by how software serves files."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket out of place in the host, as editors paste it
        return False
    path = unquote(parts.path)
    return (
        _DOCUMENT.search(path) is not None
        or _DOWNLOAD.search(url) is not None
        or _DOCUMENT.search(unquote(parts.query)) is not None
    )


def is_file_link(link: Link) -> bool:
    """Whether a link offers a file: by its address, by its own mark (``download``), by a file's name or a plain
    "tải về" for words. Scripts such as ``GetFile.aspx?fid=8`` tell nothing by their ending."""
    if is_document(link.href) or link.download:
        return True
    text = _SIZE.sub("", link.text[:LONGEST_NAME]).strip()
    if _DOCUMENT.search(text) is not None and len(text) < 200:
        return not text.startswith(("http:", "https:", "www."))
    return _DOWNLOAD_WORDS.fullmatch(text) is not None and _is_script(link.href)


def _is_script(url: str) -> bool:
    """Whether an address may answer with a file: no page by its ending, and no mere folder."""
    parts = urlsplit(url)
    return bool(parts.query) or (parts.path.strip("/") != "" and _ANSWERS_WITH_A_PAGE.search(parts.path) is None)


def attachment(url: str, text: str) -> Attachment:
    """A file under the name printed for it; a mere "tải về" is no name, then the file's in its address is taken.

    The name of a script (``tai-ve.aspx``) is none of the file: that stays without, until the server names it.
    """
    name = _SIZE.sub("", text[:LONGEST_NAME]).strip(" .:-–•>»")
    if not name or _VERB.fullmatch(name) or _DOWNLOAD_WORDS.fullmatch(name):
        name = _name_in(url)
    return Attachment(url, name or None)


def _name_in(url: str) -> str:
    """The name of a file in its address: the last segment, or a value of the query, that ends as files do."""
    parts = urlsplit(url)
    last = unquote(parts.path).rstrip("/").rsplit("/", 1)[-1]
    if _DOCUMENT.search(last):
        return last
    values = (value for _, value in parse_qsl(parts.query))
    named = next((value for value in values if _DOCUMENT.search(value)), "")
    if named:
        return re.split(r"[/\\]", named)[-1]
    is_none = re.search(r"\.(?:aspx?|ashx|php|jsp|do|cgi)$|^[0-9a-f_-]+$", last, re.I) or parts.query
    return "" if is_none else last


def behind_viewer(url: str | None) -> str | None:
    """The file that a viewer shows: ``…/viewer.html?file=/a.pdf``, Google's and Microsoft's; any other address as it is."""
    if url is None or "=" not in url or not _VIEWER.search(url):
        return url
    for key, value in parse_qsl(urlsplit(url).query):
        if key.lower() in _VIEWED and _DOCUMENT.search(value):
            return absolute(url, value) or url
    return url


_VIEWER = re.compile(r"viewer|gview|/op/(?:view|embed)\.aspx|pdf-?js|flip-?book|embed", re.I)
_VIEWED = ("url", "src", "file", "pdf", "doc", "link", "document")


_SHOWN = ("<embed", "<object", "<iframe", "<EMBED", "<OBJECT", "<IFRAME")


def shown_in(page: Page) -> list[Attachment]:
    """The documents a page shows in itself, by ``embed``, ``object`` or ``iframe``, outside of its menus."""
    if not any(mark in page.text for mark in _SHOWN):
        return []
    nodes = [node for node in page.tree.css("embed, object, iframe") if not lies_outside(node)]
    urls = ((_document_of(page, node), line(node.attributes.get("title") or "")) for node in nodes)
    return each_once(attachment(url, title) for url, title in urls if url is not None)


def shows_document(page: Page, node: LexborNode) -> bool:
    """Whether an ``embed``, ``object`` or ``iframe`` shows a document, and is no player of a film."""
    return _document_of(page, node) is not None


def _document_of(page: Page, node: LexborNode) -> str | None:
    attributes = node.attributes
    said = attributes.get("src") or attributes.get("data") or attributes.get("data-src") or _param(node)
    if not said:
        return None
    viewer, mark, shown = said.partition("#")
    if mark and _DOCUMENT.search(shown) and "=" not in shown:  # ViewerJS names the file behind a number sign
        return absolute(page.resolve(viewer) or page.url, shown)
    url = behind_viewer(page.resolve(said))
    if url is None:
        return None
    kind = (attributes.get("type") or "").lower()
    typed = kind.startswith(("application/pdf", "application/ms", "application/vnd."))
    named = _DOCUMENT.search(unquote(urlsplit(url).path)) is not None or is_document(url)
    return url if typed or named else None


def _param(node: LexborNode) -> str | None:
    """The file of an ``object`` that names it in a ``param``."""
    for param in node.css('param[name="src" i], param[name="filename" i], param[name="movie" i]'):
        value = param.attributes.get("value") or ""
        if _DOCUMENT.search(value):
            return value
    return None


def of_blocks(blocks: Iterable[Block]) -> list[Attachment]:
    """The files the blocks of an article link, in their order."""
    return [
        attachment(link.href, link.text)
        for block in blocks
        for link in block.links
        if not block.hidden and not link.hidden and is_file_link(link)
    ]


def is_file_line(block: Block) -> bool:
    """Whether a line consists of links to files, whatever they are called: what stands under "File đính kèm"."""
    return bool(block.links) and block.linked_share > 0.6 and all(is_file_link(link) for link in block.links)


def without_file_lines(blocks: list[Block]) -> tuple[list[Block], list[str]]:
    """The blocks that say more than which files they link, and the texts of those that do not."""
    kept: list[Block] = []
    named: list[str] = []
    for block in blocks:
        if is_only_files(block):
            named.append(block.text)
        else:
            kept.append(block)
    return kept, named


def is_only_files(block: Block) -> bool:
    """Whether a block only names files it links: a document's kind and number, a file name, a mere "tải về".

    A line that says more ("Danh sách đầy đủ xem tại đây") is text, though all of it is a link.
    """
    if not block.links:
        return False
    files = [link for link in block.links if is_file_link(link)]
    if not files or block.kind not in ("text", "item", "heading"):
        return False
    rest = block.text
    for link in files:
        rest = rest.replace(link.text, " ", 1)
    if sum(char.isalnum() for char in _LABEL.made.sub(" ", _SIZE.sub(" ", rest[:LONGEST_NAME]))) > 12:
        return False
    one_file = len(files) > 1 and all(link.href == files[0].href for link in files)
    return all(_names_a_file(link.text, link.href) for link in files) or (
        one_file and any(_VERB.fullmatch(link.text.strip()) for link in files)
    )


def _names_a_file(text: str, url: str) -> bool:
    name = _SIZE.sub("", text[:LONGEST_NAME]).strip(" .:-–•>»")
    if not name or _VERB.fullmatch(name) or _TITLED.match(name) or _DOCUMENT.search(name):
        return True
    return name.lower().replace(" ", "") in unquote(url).lower()


def each_once(attachments: Iterable[Attachment]) -> list[Attachment]:
    """One attachment an address; the first name that is more than the file's own wins."""
    by_url: dict[str, Attachment] = {}
    for item in attachments:
        known = by_url.get(item.url)
        if known is None:
            by_url[item.url] = item
        elif item.name and known.name in (None, unquote(urlsplit(item.url).path).rsplit("/", 1)[-1]):
            known.name = item.name
    return list(by_url.values())


def holds_files(node: LexborNode) -> bool:
    """Whether an element links a file."""
    return any(is_document(link.attributes.get("href") or "") for link in node.css("a[href]")[:60])
