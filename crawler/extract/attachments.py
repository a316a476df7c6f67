"""Files an article offers: links to documents in its text and in the blocks beside it, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from archive.model import Attachment
from crawler.extract.blocks import Block

_DOCUMENT = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|zip|rar|7z|csv|dwg|kmz|kml|mp3|epub|txt)(?:$|[?#/])", re.I
)
_DOWNLOAD = re.compile(
    r"/item/download/|/download/|@@download|/at_download/|[?&](?:download|attachment|attachid|fileid)=|/LinkClick\.aspx|/documents/\d+/\d+/|/(?:file|tai-ve|taive)/\d+",
    re.I,
)
_SIZE = re.compile(
    r"\s*[(\[]\s*(?:\d[\d.,]*\s*(?:bytes?|kb|mb|gb|b|kib|mib)|tải về|download|\d+\s*(?:downloads?|lượt tải|lần tải))[^)\]]*[)\]]",
    re.I,
)
_TITLED = re.compile(
    r"(?:quyết định|thông báo|kế hoạch|công văn|phụ lục|danh sách|báo cáo|tờ trình|nghị quyết|biểu mẫu|mẫu|văn bản|hướng dẫn|chỉ thị|giấy mời|biên bản|quy chế|quy định|dự thảo|qđ|tb|kh|cv|bc|nq)\b.{0,40}?(?:số\s*)?\d",
    re.I,
)
_LABEL = re.compile(
    r"(?:các )?(?:tệp|file|tập tin|tài liệu|văn bản|biểu mẫu) (?:tin )?(?:đính kèm|gửi kèm|kèm theo|tải về)|đính kèm|tải (?:về|xuống|file)(?: tại đây)?|download|tại đây|xem chi tiết|attachments?",
    re.I,
)
_VERB = re.compile(
    r"(?:tải (?:về|xuống|file)?(?: tại đây)?|tại đây|download|xem (?:file|tệp)?(?: tại đây)?|file|(?:xem )?chi tiết(?: tại đây)?|click|here|tệp đính kèm|file đính kèm|đính kèm|icon|preview|xem trước)\s*[.:]?",
    re.I,
)


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


def attachment(url: str, text: str) -> Attachment:
    """A file under the name printed for it; a mere "tải về" is no name, then the name in its address is taken."""
    name = _SIZE.sub("", text).strip(" .:-–•>»")
    if not name or _VERB.fullmatch(name):
        name = unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1]
    return Attachment(url, name or None)


def of_blocks(blocks: Iterable[Block]) -> list[Attachment]:
    """The files the blocks of an article link, in their order."""
    return [
        attachment(link.href, link.text)
        for block in blocks
        for link in block.links
        if not block.hidden and not link.hidden and is_document(link.href)
    ]


def is_file_line(block: Block) -> bool:
    """Whether a line consists of links to files, whatever they are called: what stands under "File đính kèm"."""
    return bool(block.links) and block.linked_share > 0.6 and all(is_document(link.href) for link in block.links)


def is_only_files(block: Block) -> bool:
    """Whether a block only names files it links: a document's kind and number, a file name, a mere "tải về".

    A line that says more ("Danh sách đầy đủ xem tại đây") is text, though all of it is a link.
    """
    if not block.links:
        return False
    files = [link for link in block.links if is_document(link.href)]
    if not files or block.kind not in ("text", "item", "heading"):
        return False
    rest = block.text
    for link in files:
        rest = rest.replace(link.text, " ", 1)
    if sum(char.isalnum() for char in _LABEL.sub(" ", _SIZE.sub(" ", rest))) > 12:
        return False
    one_file = len(files) > 1 and all(link.href == files[0].href for link in files)
    return all(_names_a_file(link.text, link.href) for link in files) or (
        one_file and any(_VERB.fullmatch(link.text.strip()) for link in files)
    )


def _names_a_file(text: str, url: str) -> bool:
    name = _SIZE.sub("", text).strip(" .:-–•>»")
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
        elif known.name and item.name and known.name == unquote(urlsplit(item.url).path).rsplit("/", 1)[-1]:
            known.name = item.name
    return list(by_url.values())


def holds_files(node: LexborNode) -> bool:
    """Whether an element links a file."""
    return any(is_document(link.attributes.get("href") or "") for link in node.css("a[href]")[:60])
